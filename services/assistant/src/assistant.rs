use std::sync::Arc;

use catalog::Catalog;
use embedding::Embedder;
use generation::Generator;
use search::Retriever;

use crate::AssistantSettings;

/// What an assistant works with.
pub struct AssistantParts {
    pub catalog: Catalog,
    pub retriever: Retriever,
    pub embedder: Embedder,
    /// Without one the answers are quotes.
    pub generator: Option<Generator>,
    /// Whether answers are kept in the catalog. Those to an evaluation's questions were told to nobody.
    pub recorded: bool,
}

/// Answers questions from documents. Cheap to clone.
#[derive(Clone)]
pub struct Assistant {
    shared: Arc<Shared>,
}

struct Shared {
    parts: AssistantParts,
    settings: AssistantSettings,
}

impl Assistant {
    /// An assistant with the measured settings.
    #[must_use]
    pub fn new(parts: AssistantParts) -> Self {
        Self::with_settings(parts, AssistantSettings::default())
    }

    #[must_use]
    pub fn with_settings(parts: AssistantParts, settings: AssistantSettings) -> Self {
        Self { shared: Arc::new(Shared { parts, settings }) }
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.shared.parts.catalog
    }

    pub(crate) fn retriever(&self) -> &Retriever {
        &self.shared.parts.retriever
    }

    pub(crate) fn embedder(&self) -> &Embedder {
        &self.shared.parts.embedder
    }

    pub(crate) fn generator(&self) -> Option<&Generator> {
        self.shared.parts.generator.as_ref()
    }

    pub(crate) fn is_recorded(&self) -> bool {
        self.shared.parts.recorded
    }

    pub(crate) fn settings(&self) -> &AssistantSettings {
        &self.shared.settings
    }
}
