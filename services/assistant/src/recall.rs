//! A given answer, shown again: to whoever asked, or to whom they share it with. Each sees what they may read at that moment.

use std::collections::HashMap;

use catalog::{AnswerRecord, Reader, RevisionId};

use crate::{
    Error, Result,
    event::{Answer, Citation, Status},
    record::scope,
};

/// A given answer as somebody may see it.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// Without the sentences whose sources may not be read; with the numbers that it was given with.
    pub answer: Answer,
    /// How many sources were left out: they were deleted, or may not be read by this reader.
    pub withheld: usize,
}

/// The answer of a record as a reader may see it. None where it was never finished.
///
/// # Errors
/// The record can't be read, or the database failed.
pub async fn recall(reader: &Reader, known: &AnswerRecord) -> Result<Option<Recalled>> {
    if known.status == AnswerRecord::OPEN {
        return Ok(None);
    }
    let unreadable = |error: serde_json::Error| Error::Record { id: known.id, reason: error.to_string() };
    let mut answer: Answer = serde_json::from_value(known.record["answer"].clone()).map_err(unreadable)?;
    let mut readable: HashMap<RevisionId, bool> = HashMap::new();
    for citation in answer.citations.iter().chain(&answer.nearest) {
        if !readable.contains_key(&citation.revision) {
            let found = reader.revision_document(citation.revision).await?;
            readable.insert(citation.revision, found.is_some());
        }
    }
    let may_read = |citation: &Citation| readable.get(&citation.revision).copied().unwrap_or_default();
    let hidden: Vec<u32> = answer.citations.iter().filter(|citation| !may_read(citation)).map(|citation| citation.n).collect();
    let before = answer.citations.len() + answer.nearest.len();
    answer.citations.retain(may_read);
    answer.nearest.retain(may_read);
    let withheld = before - answer.citations.len() - answer.nearest.len();
    answer.sentences.retain(|sentence| !sentence.citations.iter().any(|n| hidden.contains(n)));
    answer.conflicts.retain(|conflict| !conflict.citations.iter().any(|n| hidden.contains(n)));
    // A word that was put right is one of the documents' words, perhaps of one that may not be read any more.
    if known.record["scope"] != scope(reader) {
        answer.corrected.clear();
    }
    if withheld > 0 {
        if answer.status != Status::Abstained {
            answer.answer = answer.sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ");
        }
    }
    Ok(Some(Recalled { answer, withheld }))
}
