//! Files become passages in the catalog and the index.
//!
//! A file goes through [`source`] (which files there are), `read` (its bytes), `extraction` (pages of text),
//! [`chunk`] (passages), `prepare` (all of these in one step) and [`pipeline`] (embedded, written, live);
//! [`mend`] puts right what an interrupted run or a damaged index left; [`worker`] does what the portal queues.

pub mod chunk;
mod dated;
mod error;
mod event;
mod layout;
mod mend;
mod pipeline;
mod prepare;
mod read;
mod source;
mod watch;
mod worker;

pub use error::Error;
pub use event::{Event, Outcome, Progress, Status, Summary};
pub use layout::page_layout;
pub use mend::Differences;
pub use pipeline::{Ingest, IngestParts, Settings, same_model};
pub use prepare::Text;
pub use watch::WatchedFolder;
pub use worker::Worker;

/// What is embedded for a passage: its context first, so that "it applies to part-time staff" has a subject.
#[must_use]
pub fn embedded_text(title: &str, headings: &[String], text: &str) -> String {
    format!("{}\n{text}", chunk::context_header(title, headings))
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Stopped(e.to_string()))
}
