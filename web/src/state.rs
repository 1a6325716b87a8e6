use std::sync::Arc;

use assistant::Assistant;
use catalog::{Catalog, Originals};
use extraction::isolation::Workers;
use tokio::sync::Semaphore;

/// Pages that are drawn at a time.
const DRAWING: usize = 2;

/// What every request works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) catalog: Catalog,
    pub(crate) assistant: Assistant,
    pub(crate) originals: Originals,
    /// The processes that draw pages.
    pub(crate) workers: Workers,
    /// Whose turn it is.
    pub(crate) drawing: Arc<Semaphore>,
}

impl AppState {
    #[must_use]
    pub fn new(catalog: Catalog, assistant: Assistant, originals: Originals, workers: Workers) -> Self {
        Self { catalog, assistant, originals, workers, drawing: Arc::new(Semaphore::new(DRAWING)) }
    }
}
