//! What can go wrong, each as one sentence that says what to do.

use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("There is no language model at {}: run `make setup`, or set the path of a GGUF file in the configuration.", path.display())]
    Missing { path: PathBuf },
    #[error("The language model {} can't be read ({reason}): check the file and its permissions.", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("{} is not a GGUF file: choose a language model in the GGUF format.", path.display())]
    NotGguf { path: PathBuf },
    #[error("{} is a GGUF file of version {version}, which can't be read here: convert the model again with a current llama.cpp.", path.display())]
    Version { path: PathBuf, version: u32 },
    #[error("The language model {} is incomplete ({found} of {expected} bytes): copy or download it again.", path.display())]
    Truncated { path: PathBuf, found: u64, expected: u64 },
    #[error("The language model {} is damaged ({reason}): copy or download it again.", path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("{} is one part of a model that was split over several files: join them with `llama-gguf-split --merge` and use the result.", path.display())]
    Split { path: PathBuf },
    #[error("The language model {} can't be used by this version of llama.cpp ({reason}): choose another model.", path.display())]
    Unsupported { path: PathBuf, reason: String },
    #[error("The adapter {} can't be used with this language model ({reason}): choose one that was trained for it, as a GGUF file.", path.display())]
    Adapter { path: PathBuf, reason: String },
    #[error("The language model {} needs about {} of memory and {} are free: choose a smaller model, or set a smaller context.", path.display(), gibibytes(*needed), gibibytes(*free))]
    TooLarge { path: PathBuf, needed: u64, free: u64 },
    #[error("The model's chat template can't be rendered ({reason}): choose another GGUF file of this model.")]
    Template { reason: String },
    #[error("There is not enough memory for a context of {tokens} tokens: set a smaller context or choose a smaller model.")]
    Memory { tokens: u32 },
    #[error("This processor has no AVX2, which the language model needs: switch generation off, search and quotes work without it.")]
    Processor,
    #[error("The language model is busy: try again in a moment.")]
    Busy,
    #[error("The prompt has {tokens} tokens and {limit} fit: use fewer or shorter passages, or set a larger context.")]
    PromptTooLong { tokens: usize, limit: usize },
    #[error("The language model has stopped: restart Footnote.")]
    Stopped,
    #[error("The language model failed ({0}): ask again, and restart Footnote if it happens again.")]
    Inference(String),
    #[error(
        "The address of the language model server, {url}, can't be used ({reason}): set generation.server.url to one like http://gpu-1:8000/v1."
    )]
    ServerAddress { url: String, reason: String },
    #[error("The certificate {} can't be used ({reason}): set generation.server.certificate to a PEM file.", path.display())]
    Certificate { path: PathBuf, reason: String },
    #[error("The language model server does not accept the key: check generation.server.api_key.")]
    ServerKey,
    #[error("The language model server at {url} can't be reached ({reason}): check that it runs.")]
    Unreachable { url: String, reason: String },
    #[error(
        "The language model server at {url} has not answered within {seconds} seconds: check what keeps it busy, or choose a smaller model."
    )]
    Slow { url: String, seconds: u64 },
    #[error("The language model server at {url} refuses the question ({reason}): check the model's name and the server's log.")]
    Refused { url: String, reason: String },
    #[error(
        "What the server at {url} sends is no answer of a language model ({beginning}): check that the address is that of an OpenAI-compatible server."
    )]
    Nonsense { url: String, beginning: String },
}

fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}
