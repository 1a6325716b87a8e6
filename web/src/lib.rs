//! The portal.
use assistant::Assistant;
use catalog::Catalog;
use search::Retriever;
use tokio::net::TcpListener;

pub struct AppState;

impl AppState {
    #[must_use]
    pub fn new(_catalog: Catalog, _assistant: Assistant, _retriever: Retriever) -> Self {
        Self
    }
}

/// # Errors
/// None yet.
pub async fn serve(_listener: TcpListener, _state: AppState, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
    shutdown.await;
    Ok(())
}
