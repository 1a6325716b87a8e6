//! What an asker gets to see: a stream of events, at its end the whole answer. Page, server-sent events, command line and
//! JSON are four renderings of it.

use catalog::{AnswerId, DocumentId, PassageId, RevisionId, VerifiedId};
use chrono::{DateTime, Utc};
use search::Correction;
use serde::{Deserialize, Serialize};

use crate::{Conflict, evidence, lists};

/// In the order Quotes, Waiting*, Sentence*, Done; or Abstained, Done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum AnswerEvent {
    /// The evidence, best first, numbered from 1: shown at once, while the model still reads.
    Quotes(Vec<Citation>),
    /// The model is at work for others; so many questions come before this one.
    Waiting { ahead: usize },
    /// A verified sentence. Its numbers are those of [`AnswerEvent::Quotes`]; the answer in Done numbers only what it cites.
    Sentence(Sentence),
    /// The documents that the asker may read do not answer this; the passages that come nearest.
    Abstained { nearest: Vec<Citation> },
    /// The whole answer, recorded. Always the last event.
    Done(Box<Answer>),
}

/// A quote and its place. `quote` is exactly the characters `start..end` of that page's text in that revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The footnote number, from 1.
    pub n: u32,
    pub document: DocumentId,
    pub title: String,
    pub path: String,
    pub revision: RevisionId,
    /// From 1; none where the document has no pages.
    pub page: Option<i32>,
    /// "page 3", "slide 2", "sheet Budget"; none where the document has no pages.
    pub place: Option<String>,
    /// How sure text recognition is of the passage, in percent; none for text that the file itself holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<i32>,
    /// The page to ask the catalog for: 1 where the document has no pages.
    #[serde(skip, default = "first_page")]
    pub page_number: i32,
    /// Whether it takes back some of what the citation before it says, or goes on with it: with its last sentence or its list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub completes_previous: bool,
    /// In Unicode scalar values, as `end`.
    pub start: i32,
    pub end: i32,
    pub quote: String,
    /// Where the quote is cut from the middle of a list or table: the line above that introduces it, which it must be read with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// From the outermost heading inwards.
    pub headings: Vec<String>,
    /// The passage that the quote was cut from.
    pub passage: PassageId,
}

impl Citation {
    /// What stands between this quote and the next where both are one text that the end of a page or passage parts: a sentence and its rest, or a
    /// list and its further items. None where each is a quote of its own.
    #[must_use]
    pub fn between(&self, next: &Self) -> Option<&'static str> {
        let is_near = next.revision == self.revision && (self.page_number..=self.page_number + 1).contains(&next.page_number);
        let last = text::sentences(&self.quote).pop().map_or("", |last| &self.quote[last]);
        if !next.completes_previous || !is_near {
            None
        } else if lists::is_item(&next.quote) {
            Some("\n")
        } else if evidence::goes_on(last, &next.quote) {
            Some(if last.ends_with('-') { "" } else { " " })
        } else {
            None
        }
    }

    /// A text that is in no catalog, as an exam sets it.
    pub(crate) fn of_text(n: u32, title: &str, quote: &str) -> Self {
        Self {
            n,
            document: DocumentId::new(),
            title: title.to_owned(),
            path: String::new(),
            revision: RevisionId::new(),
            page: None,
            place: None,
            confidence: None,
            page_number: first_page(),
            completes_previous: false,
            start: 0,
            end: i32::try_from(quote.chars().count()).unwrap_or(i32::MAX),
            quote: quote.to_owned(),
            lead: None,
            headings: Vec::new(),
            passage: PassageId::new(),
        }
    }
}

const fn first_page() -> i32 {
    1
}

/// A sentence of the answer with the numbers of the citations that carry it; never without one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub text: String,
    pub citations: Vec<u32>,
}

/// Who wrote the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The model, each sentence verified.
    Answered,
    /// The documents: no sentence of the model was fit to be shown.
    Quoted,
    /// Nobody: the documents don't say.
    Abstained,
}

impl Status {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Quoted => "quoted",
            Self::Abstained => "abstained",
        }
    }
}

/// A finished answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub id: AnswerId,
    pub question: String,
    /// How the question was understood, where it leaned on the one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<String>,
    /// Words of it that no document has, and what was looked for instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Correction>,
    pub status: Status,
    /// The sentences joined, or the sentence that says that nothing was found.
    pub answer: String,
    pub sentences: Vec<Sentence>,
    /// Exactly those that are cited, numbered from 1 in the order of first use.
    pub citations: Vec<Citation>,
    /// Where nothing was found: what comes nearest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<Citation>,
    /// Where quotes tell the same thing differently. Both are among the citations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// The editor who gave this answer, where it was not looked for in the documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<VerifiedBy>,
    /// Why no language model wrote, or wrote no more, where that was not to be expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    pub timings_ms: TimingsMs,
}

/// Who answered a question for all who ask it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedBy {
    pub id: VerifiedId,
    /// The editor's name.
    pub author: String,
    pub at: DateTime<Utc>,
}

/// Milliseconds since the question arrived; `retrieve` alone is a duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimingsMs {
    pub retrieve: f64,
    /// Until the first sentence of the answer stood: of the model's, verified; of quotes, when it was certain that they are the
    /// answer. None where nothing was found.
    pub first_sentence: Option<f64>,
    pub total: f64,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn citation(n: u32, title: &str, quote: &str) -> Citation {
        Citation::of_text(n, title, quote)
    }

    #[test]
    fn the_json_has_the_documented_fields() {
        let json = serde_json::to_value(citation(1, "A", "b")).unwrap();
        for field in ["n", "document", "title", "path", "revision", "page", "start", "end", "quote"] {
            assert!(json.get(field).is_some(), "{field}");
        }
        assert!(json.get("page_number").is_none());
        let done = AnswerEvent::Sentence(Sentence { text: "A.".into(), citations: vec![1] });
        let json = serde_json::to_value(&done).unwrap();
        assert_eq!(json["event"], "sentence");
        assert_eq!(serde_json::from_value::<AnswerEvent>(json).unwrap(), done);
    }
}
