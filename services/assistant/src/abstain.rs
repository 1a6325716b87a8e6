//! When the documents don't answer: the evidence is too weak for the question.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Scored, Source},
    words::{content_stems, coverage},
};

/// What is known of the evidence when it is decided whether to answer. Each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Strength {
    /// Cosine of the question with the sentence nearest to it.
    pub similarity: f32,
    /// Share of the question's content words, by weight, in the best sentence and its headings.
    pub sentence_coverage: f32,
    /// The same share in the three best sentences together with their passages.
    pub coverage: f32,
    /// How far the nearest sentence stands out from the sentences around the tenth: something to the point lies above
    /// the many that only share its subject.
    pub lead: f32,
}

/// A line through those measurements, found by `examples/calibrate.rs` (its head says on what and with which figures).
/// Recalibrate for another embedding model: its cosines live on another scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    pub similarity: f32,
    pub sentence_coverage: f32,
    pub coverage: f32,
    /// Answer where the weighted sum reaches this.
    pub least: f32,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { similarity: 1.0, sentence_coverage: 0.3, coverage: 0.5, least: 0.85 }
    }
}

impl Threshold {
    pub fn sum(&self, strength: &Strength) -> f32 {
        self.similarity * strength.similarity + self.sentence_coverage * strength.sentence_coverage + self.coverage * strength.coverage
    }

    pub fn is_met(&self, strength: &Strength) -> bool {
        self.sum(strength) >= self.least
    }
}

/// The sentence, by similarity and from 0, that the nearest is compared with.
const RANK_COMPARED: usize = 10;

/// Measures scored sentences, best first.
pub fn strength(sources: &[Source], scored: &[Scored], question: &BTreeSet<String>) -> Strength {
    let Some(best) = scored.first() else { return Strength::default() };
    let mut found = BTreeSet::new();
    for scored in scored.iter().take(3) {
        let source = &sources[scored.candidate.source];
        found.extend(content_stems(&source.text));
        found.extend(content_stems(&source.context()));
    }
    let mut similarities: Vec<f32> = scored.iter().map(|s| s.similarity).collect();
    similarities.sort_by(|a, b| b.total_cmp(a));
    let nearest = similarities.first().copied().unwrap_or(0.0);
    let around_tenth = similarities.get(RANK_COMPARED.min(similarities.len() - 1)).copied().unwrap_or(0.0);
    Strength { similarity: nearest, lead: nearest - around_tenth, sentence_coverage: best.coverage, coverage: coverage(question, &found) }
}
