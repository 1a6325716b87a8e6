use std::path::PathBuf;

/// Why a text could not be embedded. Each message says what the operator can do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the embedding model file {path} is missing: run `make setup`, or set embedding.directory to a folder that holds it")]
    MissingFile { path: PathBuf },
    #[error("{path} cannot be read as {what}: {reason}; fetch it again with `make setup`")]
    BadFile { path: PathBuf, what: &'static str, reason: String },
    #[error("ONNX Runtime cannot be loaded from {path}: {reason}; run `make setup`, or set lib_dir to the folder that holds it")]
    Runtime { path: PathBuf, reason: String },
    #[error("the reranking model {path} cannot be used: {reason}; see reranking.directory and reranking.model_file")]
    Reranker { path: PathBuf, reason: String },
    #[error("the model failed on a batch: {0}")]
    Inference(String),
    #[error("the model has too much to do right now; try again in a moment")]
    Busy,
    #[error("the model's thread has stopped; restart footnote and look for its last message in the log")]
    Stopped,
}
