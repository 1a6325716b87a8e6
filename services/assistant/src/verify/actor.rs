//! Of whom or what a clause holds: "Charities can register" is nothing that anybody may do, and "full-time staff have 30 days"
//! says nothing of the others.

use std::collections::BTreeSet;

use super::clause::Clause;
use crate::words::{Word, coverage};

/// Verbs before which a clause has its subject. Without one of them where the subject ends can't be told by words alone.
const VERBS: [&str; 26] = [
    "is", "are", "was", "were", "has", "have", "had", "can", "cannot", "may", "must", "shall", "should", "will", "would", "could", "might",
    "do", "does", "did", "don't", "doesn't", "didn't", "can't", "won't", "isn't",
];

/// Whoever is meant where a document speaks of its readers: a sentence may put "you" in their place.
pub(super) const ANYBODY: [&str; 10] =
    ["employe", "worker", "person", "peopl", "individu", "anyon", "everyon", "everybodi", "member", "user"];

/// Share of a subject's words, by weight, that must be said.
const LEAST_SAID: f32 = 0.7;

/// The subject of a source's clause that a claim speaks of without it. `said` are the stems of claim, question, title and headings.
pub fn left_out(claim: &[Clause], source: &[Clause], source_words: &[Word], said: &BTreeSet<String>) -> Option<String> {
    claim.iter().find_map(|clause| {
        let likest = source.iter().max_by(|a, b| clause.likeness(a).total_cmp(&clause.likeness(b)))?;
        let subject = subject(&source_words[likest.words.clone()]).filter(|_| clause.likeness(likest) > 0.0)?;
        let wanted: Vec<String> =
            subject.iter().filter(|word| word.content && !ANYBODY.contains(&word.stem.as_str())).map(|word| word.stem.clone()).collect();
        let written = || subject.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
        (coverage(&wanted, said) < LEAST_SAID).then(written)
    })
}

/// The words of a clause before its verb.
fn subject(words: &[Word]) -> Option<&[Word]> {
    let verb = words.iter().position(|word| VERBS.contains(&word.lower.as_str()))?;
    Some(&words[..verb]).filter(|subject| !subject.is_empty())
}
