//! When the documents don't answer: the evidence is too weak for the question.

use serde::{Deserialize, Serialize};

use crate::evidence::Scored;

/// What is known of the evidence when it is decided whether to answer. Each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Strength {
    /// Cosine of the question with the sentence nearest to it.
    pub similarity: f32,
    /// Share of the question's content words, by weight, in the best sentence and its headings.
    pub coverage: f32,
}

/// Answer where `similarity + weight * coverage` reaches `least`. Found by `examples/calibrate.rs`, whose head has the
/// figures. Recalibrate for another embedding model: its cosines live on another scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    pub weight: f32,
    pub least: f32,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { weight: 0.4, least: 0.754 }
    }
}

impl Threshold {
    pub fn sum(&self, strength: &Strength) -> f32 {
        strength.similarity + self.weight * strength.coverage
    }

    pub fn is_met(&self, strength: &Strength) -> bool {
        self.sum(strength) >= self.least
    }
}

/// Measures scored sentences, best first.
pub fn strength(scored: &[Scored]) -> Strength {
    Strength {
        similarity: scored.iter().map(|s| s.similarity).fold(0.0, f32::max),
        coverage: scored.first().map_or(0.0, |best| best.coverage),
    }
}
