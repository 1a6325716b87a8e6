use serde::{Deserialize, Serialize};

use crate::{abstain, verify::SupportThresholds};

/// How much is looked at and how strictly. The defaults are measured; see `abstain` and `verify::support`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AssistantSettings {
    /// Passages taken from the search.
    pub passages: usize,
    /// Sentences of theirs that are embedded.
    pub candidates: usize,
    /// Most quotes, besides those that contradict one of them.
    pub evidence: usize,
    /// Most quotes in an answer that consists of quotes.
    pub quoted: usize,
    /// Tokens of the prompt: what the model must read before its first word.
    pub prompt_tokens: usize,
    /// Most tokens that the model may write.
    pub answer_tokens: usize,
    /// Verified sentences after which the model is stopped.
    pub sentences: usize,
    /// Answer from this strength of the evidence on, see [`abstain::strength`].
    pub least_strength: f32,
    pub support: SupportThresholds,
}

impl Default for AssistantSettings {
    fn default() -> Self {
        Self {
            passages: 12,
            candidates: 32,
            evidence: 6,
            quoted: 3,
            prompt_tokens: 300,
            answer_tokens: 160,
            sentences: 4,
            least_strength: abstain::LEAST_STRENGTH,
            support: SupportThresholds::default(),
        }
    }
}

impl AssistantSettings {
    /// BLAKE3 of the settings, for the record.
    pub fn hash(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        blake3::hash(&json).to_hex()[..16].to_owned()
    }
}
