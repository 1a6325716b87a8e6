/// Why a whole run could not go on. What is wrong with a single file is in its [`crate::Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Catalog(#[from] catalog::Error),
    #[error(transparent)]
    Search(#[from] search::Error),
    #[error(transparent)]
    Embedding(#[from] embedding::Error),
    #[error(
        "{documents} of the documents were embedded with another model ({model}), for example {example}: run `footnote ingest` on their folders again, delete what has no file any more with `footnote documents delete`, or set embedding.model_file back"
    )]
    OtherModel { documents: i64, model: String, example: String },
    #[error(
        "the index could not be made equal to the catalog: it holds {lexical} passages by words and {dense} by meaning, and {live} are live; delete the folder index in the data directory, and `footnote doctor` makes it anew"
    )]
    NotMended { live: i64, lexical: usize, dense: usize },
    #[error("the run stopped early: {0}; start it again, it goes on where it was")]
    Stopped(String),
}
