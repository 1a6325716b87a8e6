use std::sync::Arc;

use catalog::Catalog;
use embedding::Embedder;
use generation::Generator;
use search::Retriever;

use crate::{AssistantSettings, pen::Pen};

/// What an assistant works with.
pub struct AssistantParts {
    pub catalog: Catalog,
    pub retriever: Retriever,
    pub embedder: Embedder,
    pub writer: Writer,
    /// Whether answers are kept in the catalog. Those to an evaluation's questions were told to nobody.
    pub recorded: bool,
}

/// Who writes answers in words of its own. Where nobody does, the answers are quotes.
#[derive(Clone)]
pub enum Writer {
    Model(Generator),
    /// With the sentence that says why; none where it was switched off.
    Nobody(Option<String>),
}

impl Writer {
    #[must_use]
    pub const fn model(&self) -> Option<&Generator> {
        match self {
            Self::Model(generator) => Some(generator),
            Self::Nobody(_) => None,
        }
    }
}

/// Answers questions from documents. Cheap to clone.
#[derive(Clone)]
pub struct Assistant {
    shared: Arc<Shared>,
}

struct Shared {
    catalog: Catalog,
    retriever: Retriever,
    pen: Pen,
    recorded: bool,
}

impl Assistant {
    /// An assistant with the measured settings.
    #[must_use]
    pub fn new(parts: AssistantParts) -> Self {
        Self::with_settings(parts, AssistantSettings::default())
    }

    #[must_use]
    pub fn with_settings(parts: AssistantParts, settings: AssistantSettings) -> Self {
        let AssistantParts { catalog, retriever, embedder, writer, recorded } = parts;
        Self { shared: Arc::new(Shared { catalog, retriever, pen: Pen { writer, embedder, settings }, recorded }) }
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.shared.catalog
    }

    pub(crate) fn retriever(&self) -> &Retriever {
        &self.shared.retriever
    }

    pub(crate) fn embedder(&self) -> &Embedder {
        &self.shared.pen.embedder
    }

    pub(crate) fn pen(&self) -> &Pen {
        &self.shared.pen
    }

    pub(crate) fn generator(&self) -> Option<&Generator> {
        self.pen().writer.model()
    }

    pub(crate) fn is_recorded(&self) -> bool {
        self.shared.recorded
    }

    pub(crate) fn settings(&self) -> &AssistantSettings {
        &self.shared.pen.settings
    }
}
