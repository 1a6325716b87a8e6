use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
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
const FIRST: Duration = Duration::from_secs(10);
/// The same of those who have been answered: a connection is kept for the next request. Longer than proxies keep theirs, which would otherwise now
/// and then send a request into one that is just being closed.
const NEXT: Duration = Duration::from_secs(75);
/// What is spoken, by TLS too. A page is a handful of requests, and an answer that streams is soon over; what HTTP/2 would bring along is time-outs
/// of its own, in which a reader who pauses can't be told from one who is gone.
const PROTOCOL: &[u8] = b"http/1.1";
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

/// Waits for nobody for long: not for the first request, nor for the head of a later one.
fn impatient<A: Address, Acc>(server: Server<A, Acc>) -> Server<A, Acc> {
    let mut server = server.http1_only().first_request_timeout(FIRST);
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(NEXT);
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
        let read = RustlsConfig::from_pem_file(&self.certificate, &self.key).await.map_err(explained)?;
        let mut config = rustls::ServerConfig::clone(&read.get_inner());
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(RustlsConfig::from_config(Arc::new(config)))
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
        match tls.load().await {
            Ok(read) => {
                config.reload_from_config(read.get_inner());
                known = changed;
                tracing::info!(certificate = %tls.certificate.display(), "certificate.renewed");
            }
            Err(error) => tracing::error!(%error, "certificate.renewal"),
        }
    }
}
