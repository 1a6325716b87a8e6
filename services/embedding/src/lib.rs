//! Text to vectors: a sentence-embedding ONNX model behind one thread that owns it. Where one is configured, a cross-encoder beside it.
//!
//! A text goes through [`config`] (which model, which pooling), [`tokens`] (text to model tokens), [`batch`]
//! (what is computed together), [`onnx`] (tokens through a model), [`session`] (to a vector), [`queue`] (what waits)
//! and [`service`] (the thread and its handle). [`reranker`] takes the same way with pairs of texts.

mod batch;
mod config;
mod detailed;
mod error;
mod onnx;
mod queue;
mod reranker;
mod service;
mod session;
mod tokens;

pub use config::{EmbedderConfig, ModelSettings, Pooling};
pub use detailed::Detailed;
pub use error::Error;
pub use reranker::{Reranker, RerankerConfig};
pub use service::Embedder;

pub type Result<T, E = Error> = std::result::Result<T, E>;
