//! When the documents don't answer: the evidence is too weak for the question.

use crate::evidence::Scored;

/// Answer from this [`strength`] on. Found by `examples/calibrate.rs`, whose head has the figures. Recalibrate for another
/// embedding model: its cosines live on another scale.
pub const LEAST_STRENGTH: f32 = 0.55;

/// Cosine, -1 to 1, of the question with the sentence nearest to it; 0 without a sentence.
pub fn strength(scored: &[Scored]) -> f32 {
    scored.iter().map(|s| s.similarity).reduce(f32::max).unwrap_or(0.0)
}
