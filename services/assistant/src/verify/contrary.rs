//! What a quote says elsewhere against a claim: "You do not need a licence if …" below "You must have a licence".

use std::{collections::BTreeSet, ops::Range};

use super::{
    Exhibit,
    actor::is_anybody,
    clause::{CUE_WORDS, Clause, clauses},
};
use crate::words::{Word, coverage, words};

/// How much two clauses must speak of the same, see [`Clause::likeness`].
const LEAST_ALIKE: f32 = 0.35;
/// Share of the other clause's words, by weight, that the claim must have: with more of its own it is of another case.
const LEAST_SHARED: f32 = 0.5;

/// A sentence of the quote, other than the one that the `span` begins with, that denies what a claim states, or states what it denies.
/// None where it states it as well.
pub fn denial(claim: &str, exhibit: &Exhibit, span: &Range<usize>) -> Option<String> {
    let claim_words = words(claim);
    let claimed = clauses(claim, &claim_words);
    let said: BTreeSet<String> = claim_words.into_iter().map(|word| word.stem).collect();
    let beside = (0..exhibit.sentences.len()).filter(|at| *at != span.start);
    beside.map(|at| exhibit.governed(&(at..at + 1))).find(|sentence| {
        let own = words(sentence);
        let tells = |word: &Word| {
            let lower = word.lower.as_str();
            word.content && !is_anybody(word) && !CUE_WORDS.contains(&lower) && !lower.ends_with("ly")
        };
        // "Part-time employees are not eligible" says nothing of full-time ones: the first word tells of whom it is.
        let is_of_another =
            |clause: &Clause| own[clause.words.clone()].iter().find(|word| tells(word)).is_some_and(|word| !said.contains(&word.stem));
        let denies = |clause: &Clause| {
            let opposed =
                |stated: &Clause| stated.force.is_negative() != clause.force.is_negative() && stated.likeness(clause) >= LEAST_ALIKE;
            coverage(&clause.stems, &said) >= LEAST_SHARED && !is_of_another(clause) && claimed.iter().any(opposed)
        };
        let stated_there = |stated: &Clause| {
            clauses(sentence, &own).iter().any(|clause| clause.force == stated.force && clause.likeness(stated) >= LEAST_ALIKE)
        };
        clauses(sentence, &own).iter().any(denies) && !claimed.iter().all(stated_there)
    })
}
