//! The domain types that every crate speaks. Offsets count Unicode scalar values; pages count from 1.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    Format,
    ids::{CollectionId, DocumentId, PassageId, PersonId, RevisionId},
    layout::PageLayout,
};

/// A named set of documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Collection {
    pub id: CollectionId,
    pub name: String,
    pub created_at: DateTime<Utc>,
}

/// A document with what is live of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Document {
    pub id: DocumentId,
    pub collection_id: CollectionId,
    /// Name of the collection.
    pub collection: String,
    /// Where it was read from: an absolute path.
    pub path: String,
    pub title: String,
    pub format: Format,
    /// False where the format knows no pages: the whole text is then stored as page 1, and no page number is shown.
    pub paged: bool,
    /// ISO 639-1 code; `None` where it doesn't show.
    pub language: Option<String>,
    /// The day that the document is of (UTC): as it says itself, else the last change of its file.
    pub dated: Option<NaiveDate>,
    pub revision_id: RevisionId,
    /// BLAKE3 of the original bytes, as hex.
    pub content_hash: String,
    pub byte_count: i64,
    pub page_count: i32,
    pub passage_count: i32,
    /// When the live revision became live.
    pub live_at: DateTime<Utc>,
}

/// One page of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Page {
    pub number: i32,
    /// The page's printed name ("iv", "A-3") where the file gives one.
    pub label: Option<String>,
    pub text: String,
}

/// A passage of a live revision, with what is needed to show and cite it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    pub id: PassageId,
    pub collection_id: CollectionId,
    pub document_id: DocumentId,
    pub revision_id: RevisionId,
    pub title: String,
    pub path: String,
    pub format: Format,
    pub paged: bool,
    /// ISO 639-1 code; `None` where it doesn't show.
    pub language: Option<String>,
    /// The day that the document is of (UTC): as it says itself, else the last change of its file.
    pub dated: Option<NaiveDate>,
    /// Position within the revision, from 0.
    pub ordinal: i32,
    pub page: i32,
    /// The page's printed name, or a sheet's, where the file gives one.
    pub page_label: Option<String>,
    /// `text` is exactly the characters `start..end` of the page's text.
    pub start: i32,
    pub end: i32,
    /// From the outermost heading inwards.
    pub headings: Vec<String>,
    pub text: String,
    /// How sure text recognition is of it, in percent; `None` for text that the file itself holds.
    pub confidence: Option<i32>,
}

impl Passage {
    /// What a citation calls its page: "page 3", "page 3 (iii)", "slide 2", "sheet Budget"; `None` where it has none.
    #[must_use]
    pub fn page_name(&self) -> Option<String> {
        self.format.page_name().filter(|_| self.paged).map(|name| match &self.page_label {
            Some(label) if name == "sheet" => format!("{name} {label}"),
            Some(label) => format!("{name} {} ({label})", self.page),
            None => format!("{name} {}", self.page),
        })
    }
}

/// A passage on its way into the catalog. `text` is exactly characters `start..end` of page `page`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPassage {
    pub page: i32,
    pub start: i32,
    pub end: i32,
    pub headings: Vec<String>,
    pub text: String,
    /// How sure text recognition is of it, in percent; `None` for text that the file itself holds.
    pub confidence: Option<i32>,
}

/// A whole revision on its way into the catalog.
#[derive(Clone, Debug)]
pub struct NewRevision {
    pub collection_id: CollectionId,
    pub path: String,
    pub title: String,
    pub format: Format,
    pub paged: bool,
    /// ISO 639-1 code; `None` where it doesn't show.
    pub language: Option<String>,
    /// The day that the document is of (UTC): as it says itself, else the last change of its file.
    pub dated: Option<NaiveDate>,
    pub content_hash: String,
    /// Names the extraction, chunking and embedding that made it: a file is indexed again when this changes.
    pub pipeline: String,
    pub byte_count: i64,
    pub pages: Vec<Page>,
    /// Of the pages, in their order.
    pub layouts: Vec<PageLayout>,
    pub passages: Vec<NewPassage>,
}

/// What [`crate::System::stage`] wrote: present in the catalog, not yet visible to any reader.
#[derive(Clone, Debug)]
pub struct StagedRevision {
    pub document_id: DocumentId,
    pub revision_id: RevisionId,
    /// In the order of [`NewRevision::passages`].
    pub passage_ids: Vec<PassageId>,
}

/// What the catalog knows of a path: enough to tell whether its file must be read again.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownSource {
    pub document_id: DocumentId,
    pub revision_id: RevisionId,
    pub path: String,
    pub content_hash: String,
    pub pipeline: String,
    pub page_count: i32,
    pub passage_count: i32,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Whoever may run commands on the data directory. Reads everything.
    LocalOperator,
    /// Somebody with an account: reads what their groups may read, an administrator everything.
    Person(PersonId),
}
