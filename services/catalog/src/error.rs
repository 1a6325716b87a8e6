use crate::accounts::Weakness;

/// Why the catalog did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the catalog cannot be opened: {0}")]
    Open(String),
    #[error("the catalog was made by a newer footnote: install that version, or restore a backup ({0})")]
    Newer(String),
    #[error("there is no collection named \"{name}\"; known are: {}", known.join(", "))]
    NoSuchCollection { name: String, known: Vec<String> },
    #[error("{0:?} is no e-mail address: write it as name@company.example")]
    Email(String),
    #[error("there is somebody with the address {0} already")]
    EmailTaken(String),
    #[error("a file can't be published under the name \"{0}\": rename it")]
    FileName(String),
    #[error("a name has 1 to {most} characters, all of them visible")]
    Name { most: usize },
    #[error("the name \"{0}\" is taken: choose another")]
    NameTaken(String),
    #[error("this password {reason}")]
    WeakPassword { reason: Weakness },
    #[error("address or password is wrong")]
    Credentials,
    #[error("too many attempts: try again in {minutes} min")]
    Locked { minutes: i64 },
    #[error("this link was used already, or is too old: ask an administrator for a new one")]
    Link,
    #[error("this is not for you to do: ask an administrator")]
    Forbidden,
    #[error("that is not there any more")]
    Missing,
    #[error("there are {most} tokens already: revoke one that nothing uses")]
    TooManyTokens { most: i64 },
    #[error("a pseudonym is opened by two administrators: somebody else must agree")]
    SecondAdministrator,
    #[error("an answer has 1 to {most} characters")]
    AnswerLength { most: usize },
    #[error("this passage is no source any more: choose another")]
    NoSource,
    #[error("this is the last administrator: make somebody else one before")]
    LastAdministrator,
    #[error("the system gives no random numbers: {0}")]
    Random(String),
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
            Self::NoSuchCollection { .. } | Self::Link | Self::Missing => ErrorKind::NotFound,
            Self::Forbidden => ErrorKind::Forbidden,
            Self::Address(_)
            | Self::Nul(_)
            | Self::Email(_)
            | Self::EmailTaken(_)
            | Self::Name { .. }
            | Self::FileName(_)
            | Self::NameTaken(_)
            | Self::WeakPassword { .. }
            | Self::Credentials
            | Self::Locked { .. }
            | Self::TooManyTokens { .. }
            | Self::AnswerLength { .. }
            | Self::NoSource
            | Self::SecondAdministrator
            | Self::LastAdministrator => ErrorKind::Invalid,
            Self::Busy => ErrorKind::Busy,
            Self::Open(_) | Self::Newer(_) => ErrorKind::Unavailable,
            Self::Database(_) | Self::Random(_) | Self::Layout(_) | Self::Originals { .. } => ErrorKind::Internal,
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
