use std::path::PathBuf;

/// Why the index could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the search index in {path} cannot be opened: {reason}; `footnote doctor` makes it anew from the catalog")]
    Open { path: PathBuf, reason: String },
    #[error(
        "the search index lacks {}, and half of it would give wrong answers: {}",
        if *.lacking == 1 { "a passage".to_owned() } else { format!("{} passages", .lacking) },
        if *.mending { "it is being made whole, so ask again in a few minutes" } else { "`footnote doctor` makes it whole" }
    )]
    Incomplete { lacking: usize, mending: bool },
    #[error(
        "the search index in {path} holds vectors of {found} dimensions, the embedding model gives {expected}; delete that folder, and the next `footnote ingest` builds it again"
    )]
    Dimensions { path: PathBuf, found: usize, expected: usize },
    #[error("writing to the search index failed: {0}; if the disk is not full, `footnote doctor` finds out whether the index is damaged")]
    Write(String),
    #[error("the search index could not answer: {0}")]
    Query(String),
    #[error(transparent)]
    Embedding(#[from] embedding::Error),
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Query(error.to_string())
    }
}
