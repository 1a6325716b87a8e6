//! A generated sentence is shown only when a quote carries it.
//!
//! In this order, the cheapest first: its form ([`form`]), the span that it rests on ([`support`]), and what
//! similarity can't see ([`hard`]): numbers ([`quantity`], [`bound`]), dates ([`moment`]), names, the force of each
//! clause ([`clause`]), opposites and dropped conditions.

mod bound;
mod clause;
mod condition;
mod contrast;
mod form;
mod hard;
mod moment;
mod names;
mod quantity;
mod support;
#[cfg(test)]
mod tests;

pub use form::Flaw;
pub use hard::Mismatch;
pub use support::{Exhibit, Span, SupportThresholds, cosine, spans};

use crate::words::{content_stems, looks_english, words};

/// What became of a generated sentence; kept in the record.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Quote `n` carries it.
    Supported {
        n: u32,
        coverage: f32,
        similarity: f32,
    },
    Flawed {
        flaw: Flaw,
    },
    /// No span is like it; the figures are those of the best.
    Unsupported {
        coverage: f32,
        similarity: f32,
    },
    /// A span is like it, and differs in something that matters.
    Refused {
        n: u32,
        mismatch: Mismatch,
    },
}

/// Everything that a sentence is judged by.
pub struct Case<'a> {
    pub sentence: &'a str,
    /// Of length 1; none where similarity is not to be looked at.
    pub sentence_vector: Option<&'a [f32]>,
    pub question: &'a str,
    pub question_vector: Option<&'a [f32]>,
    /// Footnote numbers that the model wrote into the sentence.
    pub hints: &'a [u32],
    /// Sentences shown already.
    pub earlier: &'a [String],
}

/// Least cosine of sentence and question where they share no content word.
const BESIDE_THE_QUESTION: f32 = 0.35;
/// Spans looked at closely: one more often has the same words than the same meaning.
const CLOSE_LOOKS: usize = 4;

/// Judges a sentence against the quotes.
pub fn verify(case: &Case, exhibits: &[Exhibit], least: &SupportThresholds) -> Verdict {
    if let Err(flaw) = form::check(case.sentence, case.question, case.earlier).and_then(|()| to_the_question(case)) {
        return Verdict::Flawed { flaw };
    }
    let claim = without_lead_in(case.sentence);
    let spans = spans(claim, case.sentence_vector, exhibits, case.hints);
    let exhibit = |n: u32| exhibits.iter().find(|e| e.n == n);
    let mut refused = None;
    for span in spans.iter().filter(|s| s.carries(least)).take(CLOSE_LOOKS) {
        let Some(exhibit) = exhibit(span.n) else { continue };
        let source = hard::Source { text: &exhibit.text[span.range.clone()], context: &exhibit.context };
        match same_language(claim, source.text).and_then(|()| hard::check(claim, &source, case.question)) {
            Ok(()) => return Verdict::Supported { n: span.n, coverage: span.coverage, similarity: span.similarity },
            Err(mismatch) => refused = refused.or(Some(Verdict::Refused { n: span.n, mismatch })),
        }
    }
    let best = spans.first();
    let unsupported =
        || Verdict::Unsupported { coverage: best.map_or(0.0, |s| s.coverage), similarity: best.map_or(0.0, |s| s.similarity) };
    refused.unwrap_or_else(unsupported)
}

fn to_the_question(case: &Case) -> Result<(), Flaw> {
    let sentence = words(case.sentence);
    let force = clause::clauses(case.sentence, &sentence);
    form::yes_or_no(case.sentence, force.iter().any(|c| c.force.is_negative()))?;
    let shared = content_stems(case.sentence).intersection(&content_stems(case.question)).count();
    let alike = match (case.sentence_vector, case.question_vector) {
        (Some(a), Some(b)) => cosine(a, b),
        _ => 1.0,
    };
    let least = if shared == 0 { BESIDE_THE_QUESTION } else { BESIDE_THE_QUESTION / 2.0 };
    if alike < least { Err(Flaw::BesideTheQuestion) } else { Ok(()) }
}

/// The checks of modality and negation know English only: elsewhere nothing but a verbatim sentence passes.
fn same_language(claim: &str, source: &str) -> Result<(), Mismatch> {
    if looks_english(claim) || hard::is_whole_sentence_of(&words(claim), source) {
        return Ok(());
    }
    Err(Mismatch::Modality("not English, and not a sentence of the source".to_owned()))
}

/// "Yes, …" and "According to the policy, …" are not the claim itself.
fn without_lead_in(sentence: &str) -> &str {
    for lead in ["Yes, ", "No, "] {
        if let Some(rest) = sentence.strip_prefix(lead) {
            return rest;
        }
    }
    sentence
}
