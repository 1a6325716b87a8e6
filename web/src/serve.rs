use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use axum::middleware;
use axum_server::{
    Address, Handle, Server,
    tls_rustls::{RustlsConfig, from_tcp_rustls},
};
use hyper_util::rt::TokioTimer;

use crate::{AppState, guard, router};

/// How long open answers may go on after the portal was told to stop.
const GRACE: Duration = Duration::from_secs(5);
/// Whoever needs longer to say what they want holds a connection for nothing.
const HEADERS: Duration = Duration::from_secs(10);
/// How often it is looked whether somebody is still there, by HTTP/2.
const ALIVE: Duration = Duration::from_secs(30);
/// How often it is looked whether the certificate was renewed.
const RENEWAL: Duration = Duration::from_secs(60);

/// What the portal shows to be the one that people mean: PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// With those between it and the authority.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Serves the portal until `shutdown`; then finishes what is under way, but not for long. A certificate that is renewed on the disk is taken
/// within a minute.
///
/// # Errors
/// The listener failed; the certificate or its key can't be read.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let names = state.clone();
    let mut router = router(state);
    if listener.local_addr()?.ip().is_loopback() {
        router = router.layer(middleware::from_fn_with_state(names, guard::local_names_only));
    }
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let stopping = handle.clone();
    let signal = tokio::spawn(async move {
        shutdown.await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    listener.set_nonblocking(true)?;
    let served = match tls {
        None => {
            let server = axum_server::from_tcp(listener)?.handle(handle);
            impatient(server).serve(service).await
        }
        Some(tls) => {
            let config = tls.load().await?;
            let renewal = tokio::spawn(renewed(tls, config.clone()));
            let server = from_tcp_rustls(listener, config)?.handle(handle);
            let served = impatient(server).serve(service).await;
            renewal.abort();
            served
        }
    };
    signal.abort();
    served
}

/// Waits for nobody for long: not for the first request, nor for the head of a later one, nor for whoever does not answer any more.
fn impatient<A: Address, Acc>(server: Server<A, Acc>) -> Server<A, Acc> {
    let mut server = server.first_request_timeout(HEADERS);
    let builder = server.http_builder();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ALIVE).keep_alive_timeout(HEADERS);
    server
}

impl Tls {
    async fn load(&self) -> io::Result<RustlsConfig> {
        // An error means that a part before has chosen one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let explained = |e: io::Error| {
            let Self { certificate, key } = self;
            io::Error::new(
                e.kind(),
                format!("the certificate {} with the key {} cannot be used: {e}", certificate.display(), key.display()),
            )
        };
        RustlsConfig::from_pem_file(&self.certificate, &self.key).await.map_err(explained)
    }

    fn changed(&self) -> [Option<SystemTime>; 2] {
        let of = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
        [of(&self.certificate), of(&self.key)]
    }
}

/// Takes what was renewed; what can't be read leaves what there was.
async fn renewed(tls: Tls, config: RustlsConfig) {
    let mut known = tls.changed();
    loop {
        tokio::time::sleep(RENEWAL).await;
        let changed = tls.changed();
        if changed == known {
            continue;
        }
        match config.reload_from_pem_file(&tls.certificate, &tls.key).await {
            Ok(()) => {
                known = changed;
                tracing::info!(certificate = %tls.certificate.display(), "certificate.renewed");
            }
            Err(error) => tracing::error!(%error, certificate = %tls.certificate.display(), "certificate.renewal"),
        }
    }
}
