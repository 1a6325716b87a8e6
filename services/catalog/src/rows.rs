//! Rows that need a step between the database and the domain type.

use chrono::NaiveDate;
use sqlx::types::Json;

use crate::{CollectionId, DocumentId, Format, Passage, PassageId, RevisionId};

#[derive(sqlx::FromRow)]
pub(crate) struct PassageRow {
    id: PassageId,
    collection_id: CollectionId,
    document_id: DocumentId,
    revision_id: RevisionId,
    title: String,
    path: String,
    format: Format,
    paged: bool,
    language: Option<String>,
    dated: Option<NaiveDate>,
    ordinal: i32,
    page: i32,
    page_label: Option<String>,
    start_char: i32,
    end_char: i32,
    headings: Json<Vec<String>>,
    text: String,
    confidence: Option<i32>,
}

impl From<PassageRow> for Passage {
    fn from(row: PassageRow) -> Self {
        Self {
            id: row.id,
            collection_id: row.collection_id,
            document_id: row.document_id,
            revision_id: row.revision_id,
            title: row.title,
            path: row.path,
            format: row.format,
            paged: row.paged,
            language: row.language,
            dated: row.dated,
            ordinal: row.ordinal,
            page: row.page,
            page_label: row.page_label,
            start: row.start_char,
            end: row.end_char,
            headings: row.headings.0,
            text: row.text,
            confidence: row.confidence,
        }
    }
}

/// Passages of live revisions with their documents: what every query for passages begins with.
pub(crate) const LIVE_PASSAGES: &str = "SELECT p.id, d.collection_id, d.id AS document_id, p.revision_id, r.title, d.path, r.format, r.paged, \
     r.language, r.dated, p.ordinal, p.page, g.label AS page_label, p.start_char, p.end_char, p.headings, p.text, p.confidence \
     FROM passages p JOIN revisions r ON r.id = p.revision_id AND r.state = 'live' JOIN documents d ON d.id = r.document_id \
     LEFT JOIN pages g ON g.revision_id = p.revision_id AND g.number = p.page WHERE ";

/// Documents with a live revision: what every query for documents begins with.
pub(crate) const LIVE_DOCUMENTS: &str = "SELECT d.id, d.collection_id, c.name AS collection, d.path, r.title, r.format, r.paged, \
     r.language, r.dated, r.id AS revision_id, r.content_hash, r.byte_count, r.page_count, r.passage_count, r.live_at \
     FROM documents d JOIN revisions r ON r.document_id = d.id AND r.state = 'live' JOIN collections c ON c.id = d.collection_id WHERE ";

/// A literal within a LIKE pattern with `ESCAPE '\'`.
pub(crate) fn like_literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
