use std::path::PathBuf;

/// What keeps an evaluation from being run or compared. Each is a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("{} cannot be read: {reason}", path.display())]
    Read { path: PathBuf, reason: String },
    #[error("the suite {}: {reason}", path.display())]
    Suite { path: PathBuf, reason: String },
    #[error("{} line {line}: {reason}", path.display())]
    Line { path: PathBuf, line: usize, reason: String },
    #[error("{} is not the result of an evaluation by this version: run the evaluation again and compare with that", path.display())]
    Result { path: PathBuf },
    #[error("the earlier run asked other questions ({earlier} of them, {both} in common): make a new baseline with the questions of today")]
    OtherQuestions { earlier: usize, both: usize },
    #[error(transparent)]
    Search(#[from] search::Error),
    #[error(transparent)]
    Assistant(#[from] assistant::Error),
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    #[error("the report cannot be written: {0}")]
    Page(#[from] askama::Error),
}
