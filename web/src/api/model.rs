//! What programs get. Characters are Unicode scalar values, pages count from 1, times are UTC.

use assistant::{Answer, Citation, Recalled};
use catalog::{ConversationId, Document};
use chrono::{DateTime, NaiveDate, Utc};
use search::{Correction, Segment};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::passage_address;

/// What went wrong (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    pub(super) title: String,
    pub(super) status: u16,
    /// What happened, and what to do.
    pub(super) detail: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ApiDocument {
    id: String,
    collection: String,
    title: String,
    /// Name of the file.
    file: String,
    /// "PDF", "Word", …
    r#type: String,
    /// ISO 639-1; missing where it doesn't show.
    language: Option<String>,
    /// The day that it is of.
    dated: Option<NaiveDate>,
    revision: String,
    /// Missing where the format knows no pages.
    pages: Option<i32>,
    /// When this revision became live.
    since: DateTime<Utc>,
}

impl From<Document> for ApiDocument {
    fn from(document: Document) -> Self {
        Self {
            id: document.id.to_string(),
            file: file(&document.path),
            collection: document.collection,
            title: document.title,
            r#type: document.format.name().to_owned(),
            language: document.language,
            dated: document.dated,
            revision: document.revision_id.to_string(),
            pages: document.paged.then_some(document.page_count),
            since: document.live_at,
        }
    }
}

/// Where the server keeps a file is nobody's business.
fn file(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// A quote and its place: exactly the characters start..end of that page of that revision.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiCitation {
    /// Number of the footnote.
    pub(super) n: u32,
    document: String,
    pub(super) title: String,
    file: String,
    revision: String,
    /// Missing where the document has no pages.
    page: Option<i32>,
    /// "page 3", "slide 2"; missing where the document has no pages.
    pub(super) place: Option<String>,
    start: i32,
    end: i32,
    pub(super) quote: String,
    /// Introduces the list or table that the quote was cut from.
    lead: Option<String>,
    headings: Vec<String>,
    /// How sure text recognition is of it, in percent; missing for text that the file itself holds.
    confidence: Option<i32>,
    /// Where the portal shows it.
    pub(super) href: String,
}

impl ApiCitation {
    pub(super) fn of(citation: &Citation, portal: &str) -> Self {
        let Citation {
            n, document, title, path, revision, page, place, confidence, page_number, start, end, quote, lead, headings, ..
        } = citation.clone();
        Self {
            href: format!("{portal}{}", passage_address(document, revision, page_number, start..end)),
            n,
            document: document.to_string(),
            title,
            file: file(&path),
            revision: revision.to_string(),
            page,
            place,
            start,
            end,
            quote,
            lead,
            headings,
            confidence,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct ApiSentence {
    pub(super) text: String,
    /// Numbers of the footnotes that carry it.
    pub(super) citations: Vec<u32>,
}

/// Two sources that tell the same thing differently.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiConflict {
    #[schema(min_items = 2, max_items = 2)]
    citations: Vec<u32>,
    /// What each says in the other's place.
    #[schema(min_items = 2, max_items = 2)]
    says: Vec<String>,
}

/// A word that no document has, and what was looked for instead.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiCorrection {
    written: String,
    taken: String,
}

impl From<Correction> for ApiCorrection {
    fn from(correction: Correction) -> Self {
        Self { written: correction.written, taken: correction.taken }
    }
}

/// An editor's answer to all who ask the same.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiVerified {
    author: String,
    at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ApiAnswer {
    pub(super) id: String,
    /// Where it was asked, if in one.
    conversation: Option<String>,
    question: String,
    /// How the question was understood, where it leaned on the one before.
    understood: Option<String>,
    /// "answered": in words, each sentence verified; "quoted": by the documents themselves; "abstained": they don't say.
    pub(super) status: String,
    /// The sentences together, or that nothing was found.
    pub(super) answer: String,
    pub(super) sentences: Vec<ApiSentence>,
    pub(super) citations: Vec<ApiCitation>,
    /// Where nothing was found: what comes nearest.
    pub(super) nearest: Vec<ApiCitation>,
    conflicts: Vec<ApiConflict>,
    corrected: Vec<ApiCorrection>,
    verified: Option<ApiVerified>,
    /// Why no language model wrote, where that was not to be expected.
    notice: Option<String>,
    /// Something is left out: its source was deleted since, or may not be read any more.
    withheld: bool,
    total_ms: f64,
}

impl ApiAnswer {
    pub(super) fn of(Recalled { answer, withheld }: Recalled, conversation: Option<ConversationId>, portal: &str) -> Self {
        let Answer {
            id,
            question,
            understood,
            corrected,
            status,
            answer,
            sentences,
            citations,
            nearest,
            conflicts,
            verified,
            notice,
            timings_ms,
        } = answer;
        let cited = |citations: Vec<Citation>| citations.iter().map(|citation| ApiCitation::of(citation, portal)).collect();
        Self {
            id: id.to_string(),
            conversation: conversation.map(|id| id.to_string()),
            question,
            understood,
            status: status.as_str().to_owned(),
            answer,
            sentences: sentences.into_iter().map(|s| ApiSentence { text: s.text, citations: s.citations }).collect(),
            citations: cited(citations),
            nearest: cited(nearest),
            conflicts: conflicts.into_iter().map(|c| ApiConflict { citations: c.citations.into(), says: c.says.into() }).collect(),
            corrected: corrected.into_iter().map(ApiCorrection::from).collect(),
            verified: verified.map(|by| ApiVerified { author: by.author, at: by.at }),
            notice,
            withheld,
            total_ms: timings_ms.total,
        }
    }
}

/// A passage that was found; those that follow each other are one.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiHit {
    document: String,
    title: String,
    file: String,
    revision: String,
    page: Option<i32>,
    place: Option<String>,
    headings: Vec<String>,
    /// On the page where it begins.
    start: i32,
    text: String,
    /// Comparable within one search only.
    score: f32,
    href: String,
}

impl ApiHit {
    pub(super) fn of(segment: &Segment, portal: &str) -> Self {
        let first = segment.first();
        let spot = first.start..segment.first_page_end();
        Self {
            document: first.document_id.to_string(),
            title: first.title.clone(),
            file: file(&first.path),
            revision: first.revision_id.to_string(),
            page: first.paged.then_some(first.page),
            place: first.page_name(),
            headings: first.headings.clone(),
            start: first.start,
            text: segment.text(),
            score: segment.score,
            href: format!("{portal}{}", passage_address(first.document_id, first.revision_id, first.page, spot)),
        }
    }
}
