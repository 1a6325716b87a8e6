//! When the documents don't answer: the evidence is too weak for the question.
//!
//! A source is near a question where one of its sentences means much the same, and where each telling word of the question has
//! something like it in one sentence or another. The second is told by the vectors of single tokens, so that "remuneration" is
//! like "pay", and "standing desk" is not like "help desk". How far the first passage is ahead of the fifth tells beside it
//! whether the question is of something that the documents single out.

use embedding::Detailed;

use crate::{
    evidence::Candidate,
    question::Question,
    verify::cosine,
    words::{weight, words},
};

/// Answer from this [`strength`] on. Found by `examples/calibrate.rs`, whose head has the figures. Recalibrate for another
/// embedding model: its cosines live on another scale.
pub const LEAST_STRENGTH: f32 = 1.43;
/// How much a lead of 1 counts, in nearness. A logistic regression over the sets that decision 0007 names.
const LEAD: f32 = 0.52;
/// The lead that is assumed where it is not known. With it the line is the one that was found for nearness alone.
const USUAL_LEAD: f32 = 0.52;
/// Passage that the first one's lead is measured from.
const FAR: usize = 4;

/// How well the sources answer: from about 0.7 to 2. `lead` is [`lead`], where the scores are those of the search's own sum.
#[must_use]
pub fn strength(nearness: f32, lead: Option<f32>) -> f32 {
    nearness + LEAD * lead.unwrap_or(USUAL_LEAD)
}

/// By how much the first of several scores exceeds the fifth; they come best first. Where there are fewer, whoever reads only a few
/// pages being no worse off, it is at least the usual one.
#[must_use]
pub fn lead(scores: &[f32]) -> f32 {
    let over = |far: Option<&f32>| scores.first().zip(far).map_or(0.0, |(first, far)| (first - far).max(0.0));
    scores.get(FAR).map_or_else(|| over(scores.last()).max(USUAL_LEAD), |fifth| over(Some(fifth)))
}

/// How near the nearest source is to a question: the cosine of its best sentence, plus the mean likeness of the question's content
/// words to the likest token of any of its sentences, by weight. 0 without a sentence.
#[must_use]
pub fn nearness(question: &Question, asked: &Detailed, candidates: &[Candidate], sentences: &[Detailed]) -> f32 {
    let wanted = wanted(question, asked);
    let sources: std::collections::BTreeSet<usize> = candidates.iter().map(|candidate| candidate.source).collect();
    let near = |source: usize| {
        let own: Vec<&Detailed> =
            candidates.iter().zip(sentences).filter(|(candidate, _)| candidate.source == source).map(|(_, sentence)| sentence).collect();
        let alike = own.iter().map(|sentence| cosine(&sentence.vector, &asked.vector)).fold(0.0, f32::max);
        alike + carried(&wanted, &own)
    };
    sources.into_iter().map(near).fold(0.0, f32::max)
}

/// The content words of a question, each once: weight and vector.
fn wanted(question: &Question, asked: &Detailed) -> Vec<(f32, Vec<f32>)> {
    let mut known = std::collections::BTreeSet::new();
    let content = words(&question.text).into_iter().filter(|word| word.content && known.insert(word.stem.clone()));
    content.filter_map(|word| Some((weight(&word.stem), asked.word(&word.range)?))).collect()
}

fn carried(wanted: &[(f32, Vec<f32>)], sentences: &[&Detailed]) -> f32 {
    let (mut total, mut met) = (0.0, 0.0);
    for (weight, word) in wanted {
        // Both are of length 1.
        let likeness = |token: &[f32]| token.iter().zip(word).map(|(a, b)| a * b).sum::<f32>();
        let best = sentences.iter().flat_map(|sentence| sentence.tokens()).map(likeness).fold(0.0, f32::max);
        total += weight;
        met += weight * best;
    }
    if total == 0.0 { 1.0 } else { met / total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_is_that_over_the_fifth() {
        assert!((lead(&[2.0, 1.9, 1.5, 1.2, 1.0, 0.2]) - 1.0).abs() < 1e-6);
        assert!(lead(&[2.0; 5]).abs() < 1e-6);
    }

    /// A single short document has no fifth passage, and answers all the same.
    #[test]
    fn among_few_passages_it_is_no_less_than_usual() {
        assert!((lead(&[2.0, 1.0]) - 1.0).abs() < 1e-6);
        for few in [&[2.0, 1.9][..], &[2.0], &[2.0; 4]] {
            assert!((lead(few) - USUAL_LEAD).abs() < 1e-6, "{few:?}");
        }
    }

    #[test]
    fn an_unknown_lead_counts_as_the_usual_one() {
        assert!((strength(1.0, None) - strength(1.0, Some(USUAL_LEAD))).abs() < 1e-6);
        assert!(strength(1.0, Some(1.0)) > strength(1.0, Some(0.1)));
    }
}
