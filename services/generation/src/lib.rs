//! Small language models in this process: chat messages in, a stream of text out (llama.cpp on GGUF files).
//!
//! A request goes through [`template`] and [`prompt`] (messages to tokens), [`queue`] (what waits), [`worker`] (the
//! thread that owns the context), [`engine`] (evaluation, with the known head of a prompt kept), [`text`] and
//! [`repetition`] (what is let out, and when it ends) and arrives as a [`stream`].

mod config;
mod engine;
mod error;
mod generator;
mod gguf;
mod logs;
mod prompt;
mod queue;
mod repetition;
mod request;
mod stream;
mod template;
mod text;
mod worker;

pub use config::GeneratorConfig;
pub use error::Error;
pub use generator::{Generator, ModelIdentity};
pub use request::{Message, Request, Role};
pub use stream::{Finish, Finished, Generation};

pub type Result<T, E = Error> = std::result::Result<T, E>;
