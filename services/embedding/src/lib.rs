//! Text to vectors: a sentence-embedding ONNX model behind one thread that owns it.
//!
//! A text goes through [`config`] (which model, which pooling), [`tokens`] (text to model tokens), [`batch`]
//! (what is computed together), [`session`] (the model itself), [`queue`] (what waits)
//! and [`service`] (the thread and its handle).

mod batch;
mod config;
mod error;
mod queue;
mod service;
mod session;
mod tokens;

pub use config::{EmbedderConfig, ModelSettings, Pooling};
pub use error::Error;
pub use service::Embedder;

pub type Result<T, E = Error> = std::result::Result<T, E>;
