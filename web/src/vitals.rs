//! How the server is: what whoever runs it should know, told by the parts that know it.

use std::sync::Arc;

use futures::future::BoxFuture;

/// One thing that is well, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vital {
    /// What it is about.
    pub of: VitalKind,
    pub well: bool,
    /// A sentence; where it is not well, with what to do.
    pub said: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VitalKind {
    Version,
    Documents,
    Index,
    LanguageModel,
    EmbeddingModel,
    Disk,
}

impl VitalKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Documents => "documents",
            Self::Index => "index",
            Self::LanguageModel => "language-model",
            Self::EmbeddingModel => "embedding-model",
            Self::Disk => "disk",
        }
    }
}

/// Looks now.
pub type Vitals = Arc<dyn Fn() -> BoxFuture<'static, Vec<Vital>> + Send + Sync>;
