use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use catalog::{Originals, Uploads};
use ingest::Worker;
use tokio::{net::TcpListener, signal::unix, sync::Notify};
use web::{AppState, PortalParts};

use crate::{app::App, cli::ServeArgs, config::Config, output, reading};

pub async fn run(config: &Config, args: ServeArgs) -> Result<ExitCode> {
    let address = args.listen.unwrap_or(config.serve.listen);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on: choose another with --listen, or stop what uses it"))?;
    let app = App::open_to_serve(config, "serve").await?;
    let assistant = app.assistant(config).await;
    let originals = Originals::new(config.originals_dir());
    let listening = listener.local_addr()?;
    let settings = config.portal(listening);
    if !listening.ip().is_loopback() && !settings.secure {
        output::note(
            "footnote: passwords and answers go over the network unencrypted: put a proxy with TLS before the portal, and set serve.address to \
             its https address",
        );
    }
    if let Some(link) = app.catalog.accounts(settings.limits).start_link().await? {
        // On the console alone: whoever can read it runs the server.
        output::note(&format!("footnote: nobody administers this portal yet: open {}/start/{}", settings.address, link.token.reveal()));
    }
    let (uploads, wake) = (Uploads::new(config.uploads_dir()?), Arc::new(Notify::new()));
    let worker = Worker::new(app.catalog.clone(), app.ingest(config)?, uploads.clone(), Arc::clone(&wake));
    let state = AppState::new(PortalParts {
        catalog: app.catalog.clone(),
        assistant,
        retriever: app.retriever(),
        originals,
        uploads,
        workers: reading::workers(config)?,
        wake,
        settings,
    });
    output::note(&format!("Footnote is ready: http://{listening}"));
    let working = tokio::spawn(worker.run());
    web::serve(listener, state, stopped()).await?;
    // What is cut short is done again at the next start.
    working.abort();
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
