//! Questions put to the assistant.

use std::pin::pin;

use assistant::{Answer, AnswerEvent, Asked, Assistant, Citation, Status};
use catalog::Reader;
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use crate::{Result, overlap, retrieval::is_named, soundness, suite::Question};

/// What became of a question. A measure is `None` where the suite doesn't say what would be right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub status: Status,
    pub text: String,
    /// Whether the answer has all that a right one must.
    pub contains: Option<bool>,
    /// F1 of its words with those of a right answer.
    pub f1: Option<f64>,
    /// How much of what a right answer must contain, or else of a right answer's words, its quotes have.
    pub carried: Option<f64>,
    /// Whether it cites one of the right pages, or else documents.
    pub cites_gold: Option<bool>,
    /// What is wrong with its footnotes, see [`crate::soundness`]; none in reports of before they were looked at.
    #[serde(default)]
    pub faults: Option<Vec<String>>,
    /// Until the first verified sentence was shown, in milliseconds.
    pub first_sentence_ms: Option<f64>,
    pub total_ms: f64,
}

impl Answered {
    /// Not abstained.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.status != Status::Abstained
    }

    /// Whether its footnotes hold; none where it has none or they were not looked at.
    #[must_use]
    pub fn is_sound(&self) -> Option<bool> {
        self.faults.as_ref().filter(|_| self.says_something()).map(Vec::is_empty)
    }
}

/// Lets the assistant answer a question.
///
/// # Errors
/// Search, embedding model or catalog failed.
pub async fn ask(assistant: &Assistant, reader: &Reader, question: &Question) -> Result<Option<Answered>> {
    let mut events = pin!(assistant.answer(reader.clone(), Asked { question: question.text.clone(), ..Asked::default() }));
    while let Some(event) = events.next().await {
        if let AnswerEvent::Done(answer) = event? {
            let faults = Some(soundness::faults(reader, &answer).await?);
            return Ok(Some(Answered { faults, ..judged(&answer, question) }));
        }
    }
    Ok(None)
}

fn judged(answer: &Answer, question: &Question) -> Answered {
    let says = answer.status != Status::Abstained;
    let quotes = answer.citations.iter().map(|citation| citation.quote.as_str()).collect::<Vec<_>>().join("\n");
    let text = if says { answer.answer.as_str() } else { "" };
    let Question { must_contain, answers, pages, documents, .. } = question;
    let carried = if must_contain.is_empty() {
        (!answers.is_empty()).then(|| overlap::recall(&quotes, answers))
    } else {
        Some(overlap::share_contained(&quotes, must_contain))
    };
    let is_gold = |citation: &Citation| {
        if pages.is_empty() {
            documents.iter().any(|document| is_named(&citation.path, document))
        } else {
            pages.iter().any(|(document, page)| citation.page_number == *page && is_named(&citation.path, document))
        }
    };
    Answered {
        status: answer.status,
        text: answer.answer.clone(),
        contains: (!must_contain.is_empty()).then(|| overlap::contains_all(text, must_contain)),
        f1: (!answers.is_empty()).then(|| overlap::f1(text, answers)),
        carried,
        cites_gold: (!documents.is_empty()).then(|| answer.citations.iter().any(is_gold)),
        faults: None,
        first_sentence_ms: answer.timings_ms.first_sentence,
        total_ms: answer.timings_ms.total,
    }
}
