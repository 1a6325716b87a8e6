/// Why the catalog did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the catalog cannot be opened: {0}")]
    Open(String),
    #[error("the catalog was made by a newer footnote: install that version, or restore a backup ({0})")]
    Newer(String),
    #[error("there is no collection named \"{name}\"; known are: {}", known.join(", "))]
    NoSuchCollection { name: String, known: Vec<String> },
    #[error("{0} is no database address: use sqlite:///absolute/path or postgres://user@host/database")]
    Address(String),
    #[error("a text with a NUL character cannot be stored: {0}")]
    Nul(String),
    #[error("a stored page layout cannot be read or written ({0}): ingest the document again")]
    Layout(String),
    #[error("the originals cannot be kept in {path}: {reason}")]
    Originals { path: std::path::PathBuf, reason: String },
    #[error("the catalog is busy; try again in a moment")]
    Busy,
    #[error("the catalog failed: {0}")]
    Database(sqlx::Error),
}

/// What kind of failure it is: decides what a person is told and whether trying again helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    NotFound,
    Forbidden,
    Invalid,
    Busy,
    Unavailable,
    Internal,
}

impl Error {
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NoSuchCollection { .. } => ErrorKind::NotFound,
            Self::Address(_) | Self::Nul(_) => ErrorKind::Invalid,
            Self::Busy => ErrorKind::Busy,
            Self::Open(_) | Self::Newer(_) => ErrorKind::Unavailable,
            Self::Database(_) | Self::Layout(_) | Self::Originals { .. } => ErrorKind::Internal,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            // SQLITE_BUSY and its extended codes.
            sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("5" | "261" | "517")) => Self::Busy,
            _ => Self::Database(error),
        }
    }
}
