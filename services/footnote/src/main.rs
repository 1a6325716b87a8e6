//! The footnote binary: command line, configuration, wiring. What it can do lives in the other crates.

mod app;
mod cli;
mod commands;
mod config;
mod grades;
mod lock;
mod output;
mod reading;
mod vitals;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    no_telemetry();
    let cli = cli::Cli::parse();
    // Before there is a second thread: what they give up, they give up for the whole process.
    match &cli.command {
        cli::Command::ReadFiles(args) => return reading::read_files(args),
        cli::Command::RunTool(args) => return reading::run_tool(args),
        _ => {}
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return output::failed(&anyhow::anyhow!("the run time could not be started: {e}")),
    };
    let code = match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => output::failed(&error),
    };
    // A blocking thread that still reads a file must not keep a stopped command alive.
    runtime.shutdown_background();
    code
}

/// The pinned ONNX Runtime has no telemetry, but builds from 1.29 on report to their maker as soon as they are loaded, unless
/// this variable is set, and an administrator may install one of those.
#[expect(unsafe_code, reason = "the environment can be changed in no other way")]
fn no_telemetry() {
    // SAFETY: called first in main, while there is no other thread that could read the environment.
    unsafe { std::env::set_var("ORT_DISABLE_TELEMETRY", "1") };
}
