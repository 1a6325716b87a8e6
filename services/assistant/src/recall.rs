//! A given answer, shown again: to whoever asked, or to whom they share it with. Each sees what they may read at that moment.

use std::collections::{HashMap, hash_map::Entry};

use catalog::{AnswerRecord, Reader, RevisionId};

use crate::{
    Error, Result,
    event::{Answer, Citation, Status},
    record::Kept,
};

/// A given answer as somebody may see it.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// Without the sentences whose sources may not be read; footnotes count from 1 again, so that no gap tells how many are left out.
    pub answer: Answer,
    /// Whether something was left out: a source was deleted, or may not be read by this reader.
    pub withheld: bool,
}

/// The answer of a record as it was told. None where it was never finished. For auditors: whoever else sees it again gets what [`recall`] leaves.
///
/// # Errors
/// The record can't be read.
pub fn told_answer(known: &AnswerRecord) -> Result<Option<Answer>> {
    if known.status == AnswerRecord::OPEN {
        return Ok(None);
    }
    let unreadable = |error: serde_json::Error| Error::Record { id: known.id, reason: error.to_string() };
    let mut answer: Answer = serde_json::from_value(known.record["answer"].clone()).map_err(unreadable)?;
    for citation in answer.citations.iter_mut().chain(&mut answer.nearest) {
        // Formats without pages are stored as page 1.
        citation.page_number = citation.page.unwrap_or(1);
    }
    Ok(Some(answer))
}

/// The quotes that a record says were shown, before the answer was: also where it was never finished. What can't be read of it is left out. For
/// auditors, as [`told_answer`].
#[must_use]
pub fn shown_quotes(known: &AnswerRecord) -> Vec<Citation> {
    let pieces = known.record["evidence"].as_array().into_iter().flatten();
    let kept = pieces.filter_map(|piece| serde_json::from_value::<Kept>(piece.clone()).ok());
    kept.map(|kept| Citation { page_number: kept.page_number, ..kept.citation }).collect()
}

/// The answer of a record as a reader may see it. None where it was never finished.
///
/// # Errors
/// The record can't be read, or the database failed.
pub async fn recall(reader: &Reader, known: &AnswerRecord) -> Result<Option<Recalled>> {
    let Some(mut answer) = told_answer(known)? else { return Ok(None) };
    let mut readable: HashMap<RevisionId, bool> = HashMap::new();
    for citation in answer.citations.iter().chain(&answer.nearest) {
        if let Entry::Vacant(place) = readable.entry(citation.revision) {
            place.insert(reader.revision_document(citation.revision).await?.is_some());
        }
    }
    let before = answer.citations.len() + answer.nearest.len();
    let may_read = |citation: &Citation| readable.get(&citation.revision).copied().unwrap_or_default();
    answer.citations.retain(may_read);
    answer.nearest.retain(may_read);
    let withheld = answer.citations.len() + answer.nearest.len() < before;
    // A word that was put right is one of the documents' words, perhaps of one that may not be read any more.
    answer.corrected.clear();
    if withheld {
        let left: HashMap<u32, u32> = answer.citations.iter().map(|citation| citation.n).zip(1..).collect();
        answer.sentences.retain(|sentence| sentence.citations.iter().all(|n| left.contains_key(n)));
        answer.conflicts.retain(|conflict| conflict.citations.iter().all(|n| left.contains_key(n)));
        let again = |n: &mut u32| *n = left.get(n).copied().unwrap_or(*n);
        answer.citations.iter_mut().for_each(|citation| again(&mut citation.n));
        answer.sentences.iter_mut().flat_map(|sentence| &mut sentence.citations).for_each(again);
        answer.conflicts.iter_mut().flat_map(|conflict| &mut conflict.citations).for_each(again);
        answer.nearest.iter_mut().zip(1..).for_each(|(citation, n)| citation.n = n);
        if answer.status != Status::Abstained {
            answer.answer = answer.sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ");
        }
    }
    Ok(Some(Recalled { answer, withheld }))
}
