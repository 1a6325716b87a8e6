use std::process::ExitCode;

use anyhow::{Context, Result};
use catalog::Originals;
use tokio::{net::TcpListener, signal::unix};
use web::AppState;

use crate::{app::App, cli::ServeArgs, config::Config, output, reading};

pub async fn run(config: &Config, args: ServeArgs) -> Result<ExitCode> {
    let address = args.listen.unwrap_or(config.serve.listen);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on: choose another with --listen, or stop what uses it"))?;
    let app = App::open_to_serve(config, "serve").await?;
    let assistant = app.assistant(config).await;
    let originals = Originals::new(config.originals_dir());
    let state = AppState::new(app.catalog.clone(), assistant, originals, reading::workers(config)?);
    output::note(&format!("Footnote is ready: http://{}", listener.local_addr()?));
    web::serve(listener, state, stopped()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C at a terminal, SIGTERM from a service manager.
async fn stopped() {
    let mut terminate = unix::signal(unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(signal) => _ = signal.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
