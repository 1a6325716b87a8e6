use std::{io, time::Duration};

use axum::middleware;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{AppState, guard, router};

/// How long open answers may go on after the portal was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Serves the portal until `shutdown`; then finishes what is under way, but not for long.
///
/// # Errors
/// The listener failed.
pub async fn serve(listener: TcpListener, state: AppState, shutdown: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let names = state.clone();
    let mut router = router(state);
    if listener.local_addr()?.ip().is_loopback() {
        router = router.layer(middleware::from_fn_with_state(names, guard::local_names_only));
    }
    let (stopping, stopped) = oneshot::channel();
    let signal = async move {
        shutdown.await;
        // The receiver waits as long as the server runs.
        let _ = stopping.send(());
    };
    let hard_stop = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(signal) => served,
        () = hard_stop => Ok(()),
    }
}
