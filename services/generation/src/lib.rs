//! Small language models: chat messages in, a stream of text out. In this process (llama.cpp on GGUF files, [`local`]) or on
//! a server of the same network ([`remote`]).
//!
//! In this process a model file is read by [`gguf`] (its [`header`]), judged by [`memory`] and given a [`layout`] for its prompts;
//! [`check`] reports all that. A request goes through [`template`] and [`prompt`] (messages to tokens), [`queue`] (what waits),
//! [`worker`] (the thread that owns the context and answers several at once), [`slots`] (which sequence it gets, and what of its
//! prompt is known), [`engine`] (evaluation), [`text`] and [`repetition`] (what is let out, and when it ends) and arrives as a
//! [`stream`].

mod check;
mod config;
mod engine;
mod error;
mod free_memory;
mod generator;
mod gguf;
mod header;
mod layout;
mod local;
mod logs;
mod lookup;
mod memory;
mod prompt;
mod queue;
mod remote;
mod repetition;
mod request;
mod slots;
mod stops;
mod stream;
mod template;
mod text;
mod turns;
mod worker;

pub use check::{Report, Speed, Step, check};
pub use config::GeneratorConfig;
pub use error::Error;
pub use generator::{Generator, ModelIdentity};
pub use kernels::Kernels;
pub use layout::Origin;
pub use memory::Memory;
pub use remote::{Health, RemoteConfig};
pub use request::{Message, Request, Role};
pub use stream::{Finish, Finished, Generation, Piece};

pub type Result<T, E = Error> = std::result::Result<T, E>;
