//! Of whom or what a clause holds: "Charities can register" is nothing that anybody may do, and "full-time staff have 30 days"
//! says nothing of the others.

use std::collections::BTreeSet;

use super::{clause::Clause, hard::Source};
use crate::words::{Word, coverage, words};

/// Verbs before which a clause has its subject. Without one of them where the subject ends can't be told by words alone.
const VERBS: [&str; 44] = [
    "is", "are", "was", "were", "has", "have", "had", "can", "cannot", "may", "must", "shall", "should", "will", "would", "could", "might",
    "do", "does", "did", "don't", "doesn't", "didn't", "can't", "won't", "isn't", "receive", "receives", "get", "gets", "earn", "earns",
    "needs", "become", "becomes", "includes", "covers", "provide", "provides", "offers", "requires", "applies", "submit", "remain",
];

/// Whoever is meant where a document speaks of its readers, or of the company that it is of: a sentence may put "you" in their place, or
/// be turned round. Words for all of them are no part of whom it is about.
pub(super) const ANYBODY: [&str; 16] = [
    "employe",
    "worker",
    "person",
    "peopl",
    "individu",
    "anyon",
    "everyon",
    "everybodi",
    "all",
    "everi",
    "each",
    "ani",
    "both",
    "follow",
    "compani",
    "organ",
];

/// Share of a subject's words, by weight, that must be said.
const LEAST_SAID: f32 = 0.7;
/// Of its first words each must be: they tell "full-time employees" from others.
const FIRST: usize = 2;

/// Words that go on about a subject before its verb comes.
const RELATIVE: [&str; 4] = ["that", "who", "which", "whose"];

/// Subjects that stand for the one before.
const PRONOUNS: [&str; 4] = ["it", "they", "he", "she"];

/// The subject of a source's clause that a claim speaks of without it. `said` are the stems of claim, question, title and headings.
pub fn left_out(claim: &[Clause], stated: &[Clause], source: &Source, source_words: &[Word], said: &BTreeSet<String>) -> Option<String> {
    claim.iter().find_map(|clause| {
        let likest = (0..stated.len()).max_by(|a, b| clause.likeness(&stated[*a]).total_cmp(&clause.likeness(&stated[*b])))?;
        let own = subject(likest, stated, source_words).filter(|_| clause.likeness(&stated[likest]) > 0.0)?;
        let subject = if own.iter().all(|word| PRONOUNS.contains(&word.lower.as_str())) {
            antecedent(source, &source_words[stated[likest].words.clone()])?
        } else {
            own.to_vec()
        };
        let wanted: Vec<String> =
            subject.iter().filter(|word| word.content && !ANYBODY.contains(&word.stem.as_str())).map(|word| word.stem.clone()).collect();
        let is_said = wanted.iter().take(FIRST).all(|stem| said.contains(stem)) && coverage(&wanted, said) >= LEAST_SAID;
        let written = || subject.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
        (!is_said).then(written)
    })
}

/// Whom a clause with a pronoun is about: the subject of the nearest sentence before it that has another.
fn antecedent(source: &Source, clause: &[Word]) -> Option<Vec<Word>> {
    // "It is usual to …" is about nobody.
    if clause[0].lower == "it" && clause.iter().any(|word| matches!(word.lower.as_str(), "to" | "that")) {
        return None;
    }
    let sentences = text::sentences(source.text).into_iter().filter(|range| range.end <= clause[0].range.start);
    let before = std::iter::once(source.before).chain(sentences.map(|range| &source.text[range])).collect::<Vec<_>>();
    let opening = |sentence: &&str| {
        let words = words(sentence);
        let verb = words.iter().position(|word| VERBS.contains(&word.lower.as_str()));
        // Where no verb is known its first words are what it has of a subject.
        let few = words.iter().enumerate().filter(|(_, word)| word.content).nth(FIRST).map_or(words.len(), |(at, _)| at);
        words.into_iter().take(verb.unwrap_or(few)).collect::<Vec<_>>()
    };
    before.iter().rev().map(opening).find(|words| words.iter().any(|word| word.content))
}

/// The words of a clause before its verb; all of it where a relative clause comes between.
fn subject<'w>(at: usize, clauses: &[Clause], words: &'w [Word]) -> Option<&'w [Word]> {
    let own = &words[clauses[at].words.clone()];
    let goes_on = || clauses.get(at + 1).is_some_and(|next| RELATIVE.contains(&words[next.words.start].lower.as_str()));
    let verb = own.iter().position(|word| VERBS.contains(&word.lower.as_str())).or_else(|| goes_on().then_some(own.len()))?;
    Some(&own[..verb]).filter(|subject| !subject.is_empty())
}
