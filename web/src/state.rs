use std::sync::Arc;

use assistant::Assistant;
use catalog::{Accounts, Catalog, Originals, SessionLimits};
use extraction::isolation::Workers;
use tokio::sync::Semaphore;

/// Pages that are drawn at a time.
const DRAWING: usize = 2;

/// How the portal is reached.
#[derive(Clone, Debug, Default)]
pub struct PortalSettings {
    pub limits: SessionLimits,
    /// Whether it is reached by https: cookies then never go by http.
    pub secure: bool,
    /// What its address begins with, as people open it: "https://footnote.example.com". Links to hand over begin so.
    pub address: String,
}

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
    settings: Arc<PortalSettings>,
}

impl AppState {
    #[must_use]
    pub fn new(catalog: Catalog, assistant: Assistant, originals: Originals, workers: Workers, settings: PortalSettings) -> Self {
        Self { catalog, assistant, originals, workers, drawing: Arc::new(Semaphore::new(DRAWING)), settings: Arc::new(settings) }
    }

    pub(crate) fn accounts(&self) -> Accounts {
        self.catalog.accounts(self.settings.limits)
    }

    /// Name of the session's cookie. The prefix makes a browser refuse it from any other host, or by http.
    pub(crate) fn cookie(&self) -> &'static str {
        if self.settings.secure { "__Host-footnote" } else { "footnote" }
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.settings.secure
    }

    pub(crate) fn address(&self) -> &str {
        &self.settings.address
    }
}
