//! One file a command.

mod answers;
mod ask;
mod audit;
mod bench;
mod collections;
mod config;
mod doctor;
mod documents;
mod eval;
mod exam;
mod extract;
mod ingest;
mod models;
mod search;
mod serve;
mod users;

use std::{io::IsTerminal, process::ExitCode};

use anyhow::{Result, bail};
use catalog::Catalog;

use crate::{
    cli::{Cli, Command},
    config::Config,
};

/// Runs a command; a command that did its work but met failures returns exit status 1 itself.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    let (config, sources) = Config::load(cli.config.as_deref(), cli.data_dir.as_deref())?;
    logging(matches!(cli.command, Command::Serve(_)));
    match cli.command {
        Command::Ingest(args) => ingest::run(&config, args).await,
        Command::Extract(args) => extract::run(&config, args).await,
        Command::Search(args) => search::run(&config, args).await,
        Command::Ask(args) => ask::run(&config, args).await,
        Command::Answers(command) => answers::run(&config, command).await,
        Command::Documents(command) => documents::run(&config, command).await,
        Command::Users(command) => users::run(&config, command).await,
        Command::Collections(command) => collections::run(&config, command).await,
        Command::Audit(command) => audit::run(&config, command).await,
        Command::Models(command) => models::run(&config, command).await,
        Command::Doctor(args) => doctor::run(&config, &args).await,
        Command::Config(_) => config::show(&config, &sources),
        Command::Serve(args) => serve::run(&config, args).await,
        Command::Eval(args) if args.suite.as_os_str() == "exam" => exam::run(&config, args.json).await,
        Command::Eval(args) => eval::run(&config, args).await,
        Command::Bench(args) => bench::run(&config, args).await,
        Command::ReadFiles(_) | Command::RunTool(_) => bail!("this is a part of other commands and does nothing by itself"),
    }
}

/// The catalog alone: what needs neither models nor index disturbs nobody who uses them.
async fn catalog(config: &Config) -> Result<Catalog> {
    std::fs::create_dir_all(&config.data_dir)?;
    Ok(Catalog::open(&config.catalog_url()?).await?)
}

/// To standard error. RUST_LOG chooses; by default a server tells what it does, a command only what went wrong.
/// lopdf reports every object of a damaged PDF that it repairs or passes over; whether the file could be read is our line.
fn logging(server: bool) {
    let default = if server { "info,tantivy=warn,qdrant_edge=error,llama-cpp-2=warn,lopdf=off" } else { "error,lopdf=off" };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| default.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(server)
        .init();
}
