//! Tests across crates, in one binary that links once: the real command line, the real models, a real browser.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and drives other programs"
)]

mod answers;
mod architecture;
mod bad_input;
mod browser;
mod crash;
mod doctor;
mod evaluation;
mod filter;
mod formats;
mod incremental;
mod isolation;
mod offline;
mod old_office;
mod portal;
mod programs;
mod publish;
mod questions;
mod rights;
mod scan;
mod search;
mod secure;
mod setup;
mod trust;
mod walk;
