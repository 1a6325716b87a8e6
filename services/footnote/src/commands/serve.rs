use std::{net::TcpListener, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use catalog::{Originals, Uploads};
use ingest::{WatchedFolder, Worker};
use tokio::{signal::unix, sync::Notify};
use web::{AppState, PortalParts};

use crate::{app::App, cli::ServeArgs, config::Config, output, reading, vitals::vitals};

pub async fn run(config: &Config, args: ServeArgs) -> Result<ExitCode> {
    let address = args.listen.unwrap_or(config.serve.listen);
    let listener = TcpListener::bind(address)
        .with_context(|| format!("{address} cannot be listened on: choose another with --listen, or stop what uses it"))?;
    let app = App::open_to_serve(config, "serve").await?;
    let writer = App::writer(config).await;
    let vitals = vitals(&app, config, &writer);
    let assistant = app.assistant_with(writer, true);
    let originals = Originals::new(config.originals_dir());
    let listening = listener.local_addr()?;
    let settings = config.portal(listening);
    let tls = config.tls()?;
    if !listening.ip().is_loopback() && !settings.secure {
        output::note(
            "footnote: passwords and answers go over the network unencrypted: set serve.certificate and serve.key, or put a proxy with TLS before \
             the portal and set serve.address to its https address",
        );
    }
    if let Some(link) = app.catalog.accounts(settings.limits).start_link().await? {
        // On the console alone: whoever can read it runs the server.
        output::note(&format!("footnote: nobody administers this portal yet: open {}/start/{}", settings.address, link.token.reveal()));
    }
    let (uploads, wake) = (Uploads::new(config.uploads_dir()?), Arc::new(Notify::new()));
    let folders = config.ingest.folders.iter().map(|f| WatchedFolder { path: f.path.clone(), collection: f.collection.clone() }).collect();
    let worker = Worker::new(app.catalog.clone(), app.ingest(config)?, uploads.clone(), Arc::clone(&wake))
        .watching(folders, Duration::from_secs(60 * u64::from(config.ingest.look_minutes)));
    let state = AppState::new(PortalParts {
        catalog: app.catalog.clone(),
        assistant,
        retriever: app.retriever(),
        originals,
        uploads,
        workers: reading::workers(config)?,
        wake,
        vitals,
        settings,
    });
    let scheme = if tls.is_some() { "https" } else { "http" };
    output::note(&format!("Footnote is ready: {scheme}://{listening}"));
    let working = tokio::spawn(worker.run());
    web::serve(listener, state, tls, stopped()).await?;
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
