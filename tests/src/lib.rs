//! Drives the real binary with the real models: what the tests across crates share.

#![expect(clippy::expect_used, clippy::panic, clippy::disallowed_methods, reason = "a test fails by panicking, and drives other programs")]

mod browser;
mod cross_encoder;
mod demo;
mod files;
mod footnote;
mod office;
mod portal;
mod scan;

pub use browser::Browser;
pub use cross_encoder::cross_encoder;
pub use demo::{demo_documents, demo_questions, with_demo};
pub use files::{LONG_SHEET_QUESTION, archive, cut_in_two, long_sheet, packed, pdf, write};
pub use footnote::{Footnote, Run};
pub use office::saved_as;
pub use portal::{ADMINISTRATOR, PASSWORD, Portal, cookie, escaped};
pub use scan::{Picture, scanned_pdf};

use std::{env, path::PathBuf};

/// The root of the repository: asked at run time, because a build folder may be shared by checkouts.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo")).join("..")
}
