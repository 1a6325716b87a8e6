//! What an ingest run tells while it runs.

use catalog::{DocumentId, RevisionId, Setback};
use extraction::ExtractError;
use serde::Serialize;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// New or changed: read, embedded, live.
    Indexed,
    /// The same bytes and the same models as last time.
    Unchanged,
    /// Not read; what was known of it before stays.
    Failed,
    /// Gone from its folder, and so from the catalog.
    Deleted,
}

/// One line of `footnote ingest --json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub path: String,
    pub status: Status,
    pub document: Option<DocumentId>,
    pub revision: Option<RevisionId>,
    /// Stored pages; a document without pages is stored as one.
    pub pages: Option<i32>,
    pub passages: Option<i32>,
    pub error: Option<String>,
    /// What `error` says, where it is the file's fault; so that it can be told in other languages.
    #[serde(skip)]
    pub cause: Option<ExtractError>,
    /// Whether an earlier version of a file that failed stays.
    #[serde(skip)]
    pub kept: bool,
}

impl Outcome {
    pub(crate) const fn new(path: String, status: Status) -> Self {
        Self { path, status, document: None, revision: None, pages: None, passages: None, error: None, cause: None, kept: false }
    }

    /// What is to be kept of a failure beside the sentence.
    #[must_use]
    pub fn setback(&self) -> Option<Setback> {
        let cause = serde_json::to_value(self.cause.as_ref()?).ok()?;
        Some(Setback::Unread { cause, kept: self.kept })
    }

    pub(crate) fn failed(path: String, error: String) -> Self {
        Self { error: Some(error), ..Self::new(path, Status::Failed) }
    }
}

/// How far a file is that takes over a second. With the status "reading" it is a line of `footnote ingest --json` as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub path: String,
    /// From 1.
    pub page: u32,
    pub pages: u32,
}

#[derive(Clone, Debug)]
pub enum Event {
    /// What is out of the ordinary: a damaged index is being mended, documents wait for another run, a page could not be read.
    Notice(String),
    /// The folders have been looked through: so many files will be read.
    Discovered {
        files: usize,
        skipped: usize,
    },
    Reading(Progress),
    /// Passages embedded so far in this run.
    Embedded {
        passages: usize,
    },
    Document(Outcome),
}

/// What a run did, for its last line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub indexed: usize,
    pub unchanged: usize,
    pub failed: usize,
    pub deleted: usize,
    /// Files of kinds that hold no text to read.
    pub skipped: usize,
    pub passages: usize,
}

impl Summary {
    pub(crate) fn count(&mut self, outcome: &Outcome) {
        match outcome.status {
            Status::Indexed => {
                self.indexed += 1;
                self.passages += usize::try_from(outcome.passages.unwrap_or(0)).unwrap_or(0);
            }
            Status::Unchanged => self.unchanged += 1,
            Status::Failed => self.failed += 1,
            Status::Deleted => self.deleted += 1,
        }
    }
}
