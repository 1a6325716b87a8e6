use assistant::Assistant;
use catalog::Catalog;

/// What every request works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) catalog: Catalog,
    pub(crate) assistant: Assistant,
}

impl AppState {
    #[must_use]
    pub const fn new(catalog: Catalog, assistant: Assistant) -> Self {
        Self { catalog, assistant }
    }
}
