//! Drives the real binary with the real models: what the tests across crates share.

mod demo;
mod files;
mod footnote;
mod portal;

pub use demo::{demo_documents, demo_questions, with_demo};
pub use files::{pdf, write};
pub use footnote::{Footnote, Run};
pub use portal::Portal;

use std::path::PathBuf;

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
