//! The line that introduces a list governs its items: what it denies, and for whom or when it holds, must be said with them.

use std::collections::BTreeSet;

use super::{clause::clauses, condition, hard::Mismatch};
use crate::words::{Word, coverage, words};

/// Beginnings of words that turn round what follows them, beside the negations that a clause knows.
const EXCLUDING: [&str; 14] = [
    "exclud",
    "exclus",
    "except",
    "exempt",
    "prohibit",
    "forbid",
    "disallow",
    "refus",
    "avoid",
    "without",
    "unacceptable",
    "ineligible",
    "inadmissible",
    "unauthori",
];

/// A line that opens with one of these says for whom, where or when its items hold.
const SCOPES: [&str; 9] = ["for", "in", "at", "on", "under", "with", "within", "upon", "from"];

/// How much of such a scope must be said, in the sentence or already in the question.
const LEAST_SAID: f32 = 0.5;

/// Whether an item may mean something else without this line.
pub fn governs(lead: &str) -> bool {
    let lead_words = words(lead);
    denies(lead, &lead_words) || is_scope(&lead_words) || condition::dropped(lead, &lead_words, &BTreeSet::new()).is_some()
}

/// Compares a claim about an item with the line that introduces the item. `said` are the stems of claim and question.
///
/// # Errors
/// What the claim leaves out.
pub fn check(lead: &str, claim: &str, claim_words: &[Word], said: &BTreeSet<String>) -> Result<(), Mismatch> {
    let lead_words = words(lead);
    if denies(lead, &lead_words) && !denies(claim, claim_words) {
        return Err(Mismatch::Modality(format!("nothing of \u{201c}{lead}\u{201d}")));
    }
    let stems: Vec<String> = lead_words.iter().filter(|w| w.content).map(|w| w.stem.clone()).collect();
    if is_scope(&lead_words) && coverage(&stems, said) < LEAST_SAID {
        return Err(Mismatch::Condition(lead.to_owned()));
    }
    condition::dropped(lead, &lead_words, said).map_or(Ok(()), |lost| Err(Mismatch::Condition(lost)))
}

fn denies(text: &str, text_words: &[Word]) -> bool {
    clauses(text, text_words).iter().any(|c| c.force.is_negative())
        || text_words.iter().any(|w| EXCLUDING.iter().any(|start| w.lower.starts_with(start)))
}

fn is_scope(lead: &[Word]) -> bool {
    lead.first().is_some_and(|w| SCOPES.contains(&w.lower.as_str()))
}
