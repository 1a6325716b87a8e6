//! The line that introduces a list governs its items: what it denies, and for whom or when it holds, must be said with them.

use std::collections::BTreeSet;

use super::{clause::force, condition, hard::Mismatch};
use crate::words::{Word, coverage, words};

/// Beginnings of words that turn round what follows them, beside the negations that a clause knows.
const DENYING: [&str; 32] = [
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
    "illegal",
    "unlawful",
    "wrong",
    "myth",
    "misconduct",
    "dismiss",
    "terminat",
    "violat",
    "breach",
    "penalt",
    "invalid",
    "void",
    "obsolete",
    "outdated",
    "former",
    "previous",
    "old",
    "abolish",
];

/// A line that opens with one of these says for whom, where or when its items hold.
const SCOPES: [&str; 9] = ["for", "in", "at", "on", "under", "with", "within", "upon", "from"];

/// Lines that open like a scope and are none.
const NO_SCOPES: [&str; 10] = [
    "in general",
    "in short",
    "in summary",
    "in addition",
    "in particular",
    "in this",
    "for example",
    "for instance",
    "at a glance",
    "with this",
];

/// Words of a statement. A line without one is a label ("Part-time employees:"), which says for whom or what its items hold.
const VERBS: [&str; 62] = [
    "is",
    "are",
    "be",
    "was",
    "were",
    "has",
    "have",
    "had",
    "do",
    "does",
    "must",
    "shall",
    "should",
    "may",
    "can",
    "will",
    "would",
    "might",
    "follow",
    "follows",
    "following",
    "include",
    "includes",
    "including",
    "apply",
    "applies",
    "cover",
    "covers",
    "offer",
    "offers",
    "provide",
    "provides",
    "pay",
    "pays",
    "reimburse",
    "reimburses",
    "receive",
    "receives",
    "get",
    "gets",
    "need",
    "needs",
    "require",
    "requires",
    "contain",
    "contains",
    "mean",
    "means",
    "please",
    "you",
    "we",
    "they",
    "these",
    "those",
    "this",
    "it",
    "remember",
    "note",
    "example",
    "examples",
    "rules",
    "steps",
];

/// How much of a scope must be said, in the sentence or already in the question.
const LEAST_SAID: f32 = 0.5;

/// Whether an item may mean something else without this line.
pub fn governs(lead: &str) -> bool {
    let lead_words = words(lead);
    denies(lead) || is_scope(lead, &lead_words) || condition::dropped(lead, &lead_words, &[], &BTreeSet::new(), &BTreeSet::new()).is_some()
}

/// Compares a claim about an item with the line that introduces the item. `said` are the stems of claim and question.
///
/// # Errors
/// What the claim leaves out.
pub fn check(lead: &str, claim: &str, said: &BTreeSet<String>) -> Result<(), Mismatch> {
    let lead_words = words(lead);
    if denies(lead) && !denies(claim) {
        return Err(Mismatch::Modality(format!("nothing of \u{201c}{lead}\u{201d}")));
    }
    let stems: Vec<String> = lead_words.iter().filter(|w| w.content).map(|w| w.stem.clone()).collect();
    if is_scope(lead, &lead_words) && coverage(&stems, said) < LEAST_SAID {
        return Err(Mismatch::Condition(lead.to_owned()));
    }
    condition::dropped(lead, &lead_words, &words(claim), said, &BTreeSet::new()).map_or(Ok(()), |lost| Err(Mismatch::Condition(lost)))
}

/// Whether a text has a word that denies or revokes.
pub fn denies(text: &str) -> bool {
    let sentence = |range: std::ops::Range<usize>| {
        let sentence_words = words(&text[range]);
        force(&sentence_words).is_some_and(|(force, _)| force.is_negative())
            || sentence_words.iter().any(|w| DENYING.iter().any(|start| w.lower.starts_with(start)))
            || sentence_words.windows(2).any(|pair| pair[0].lower == "out" && pair[1].lower == "of")
    };
    text::sentences(text).into_iter().any(sentence)
}

fn is_scope(lead: &str, lead_words: &[Word]) -> bool {
    let lower = lead.trim().to_lowercase();
    if NO_SCOPES.iter().any(|opening| lower.starts_with(opening)) {
        return false;
    }
    let opens = lead_words.first().is_some_and(|w| SCOPES.contains(&w.lower.as_str()));
    opens || is_label(lead_words)
}

/// Whether words make no statement of their own.
pub fn is_label(label: &[Word]) -> bool {
    !label.iter().any(|w| VERBS.contains(&w.lower.as_str()))
}
