use catalog::ErrorKind;

/// Why a question could not be answered. A model that is busy or broken is not among them: then the quotes are the answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the question is empty: type what you want to know")]
    EmptyQuestion,
    #[error("the question has {characters} characters, and {limit} is the limit: ask for one thing at a time")]
    QuestionTooLong { characters: usize, limit: usize },
    #[error("the record of answer {id} can't be read ({reason}): it was written by another version of Footnote")]
    Record { id: catalog::AnswerId, reason: String },
    #[error("the exam could not be taken: {0}")]
    Exam(String),
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    #[error(transparent)]
    Search(#[from] search::Error),
    #[error(transparent)]
    Embedding(#[from] embedding::Error),
}

impl Error {
    /// What the portal and the command line make of it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::EmptyQuestion | Self::QuestionTooLong { .. } => ErrorKind::Invalid,
            Self::Catalog(error) => error.kind(),
            Self::Search(search::Error::Embedding(embedding::Error::Busy)) | Self::Embedding(embedding::Error::Busy) => ErrorKind::Busy,
            Self::Record { .. } | Self::Exam(_) | Self::Search(_) | Self::Embedding(_) => ErrorKind::Unavailable,
        }
    }
}
