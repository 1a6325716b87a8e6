use std::{net::IpAddr, sync::Arc};

use assistant::Assistant;
use catalog::{Accounts, Catalog, Originals, SessionLimits, Uploads};
use extraction::isolation::Workers;
use search::Retriever;
use tokio::sync::{Notify, Semaphore};

use crate::{Vital, Vitals, limits::Limits};

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
    /// Larger files are not taken.
    pub max_file_bytes: u64,
    /// Of one person; 0: as many as they like.
    pub questions_per_minute: u32,
    /// Those that are believed when they say whom a request comes from.
    pub proxies: Vec<IpAddr>,
}

/// What the portal works with.
pub struct PortalParts {
    pub catalog: Catalog,
    pub assistant: Assistant,
    pub retriever: Retriever,
    pub originals: Originals,
    pub uploads: Uploads,
    /// The processes that draw pages.
    pub workers: Workers,
    /// Told when there is a job.
    pub wake: Arc<Notify>,
    /// How the server is.
    pub vitals: Vitals,
    pub settings: PortalSettings,
}

/// What every request works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) catalog: Catalog,
    pub(crate) assistant: Assistant,
    pub(crate) retriever: Retriever,
    pub(crate) originals: Originals,
    pub(crate) uploads: Uploads,
    /// The processes that draw pages.
    pub(crate) workers: Workers,
    /// Whose turn it is.
    pub(crate) drawing: Arc<Semaphore>,
    wake: Arc<Notify>,
    vitals: Vitals,
    limits: Arc<Limits>,
    settings: Arc<PortalSettings>,
}

impl AppState {
    #[must_use]
    pub fn new(parts: PortalParts) -> Self {
        let PortalParts { catalog, assistant, retriever, originals, uploads, workers, wake, vitals, settings } = parts;
        let drawing = Arc::new(Semaphore::new(DRAWING));
        let limits = Arc::new(Limits::new(settings.questions_per_minute));
        Self { catalog, assistant, retriever, originals, uploads, workers, drawing, wake, vitals, limits, settings: Arc::new(settings) }
    }

    pub(crate) async fn vitals(&self) -> Vec<Vital> {
        (self.vitals)().await
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn wake_worker(&self) {
        self.wake.notify_one();
    }

    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.settings.max_file_bytes
    }

    pub(crate) fn accounts(&self) -> Accounts {
        self.catalog.accounts(self.settings.limits)
    }

    /// Name of the session's cookie. The prefix makes a browser refuse it from any other host, or by http.
    pub(crate) fn cookie(&self) -> &'static str {
        if self.settings.secure { "__Host-footnote" } else { "footnote" }
    }

    pub(crate) fn proxies(&self) -> &[IpAddr] {
        &self.settings.proxies
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.settings.secure
    }

    pub(crate) fn address(&self) -> &str {
        &self.settings.address
    }
}
