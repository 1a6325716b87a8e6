use assistant::Assistant;
use catalog::{Catalog, Originals};
use extraction::isolation::Workers;

/// What every request works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub catalog: Catalog,
    pub assistant: Assistant,
    pub originals: Originals,
    /// The processes that draw pages.
    pub workers: Workers,
}
