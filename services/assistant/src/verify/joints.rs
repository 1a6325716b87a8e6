//! What joins two words of a source joins them in a claim: "crowns and implants" is not "crowns, but not implants", and "above $500" not "below $500".

use std::collections::BTreeSet;

use super::actor::{VERBS, is_anybody};
use crate::words::Word;

/// Words that tie the same things otherwise.
const OPPOSITES: [[&str; 2]; 10] = [
    ["before", "after"],
    ["until", "after"],
    ["until", "from"],
    ["until", "since"],
    ["by", "after"],
    ["by", "from"],
    ["from", "to"],
    ["above", "below"],
    ["over", "under"],
    ["with", "without"],
];
/// What stands before a thing that is not meant.
const EXCLUDING: [&str; 13] =
    ["not", "except", "excluding", "without", "exception", "apart", "other", "than", "never", "neither", "nor", "save", "rather"];
/// Words of a claim before such a thing within which it says so itself.
const BEFORE: usize = 3;
/// What says no in a claim, in whatever words.
const DENYING: [&str; 12] =
    ["not", "no", "never", "nor", "neither", "without", "except", "excluding", "cannot", "exception", "apart", "save"];
/// What makes a contrast of two things.
const CONTRASTS: [&str; 4] = ["but", "however", "although", "while"];
/// Words that tell how many, and of whom nothing.
const COUNTING: [&str; 6] = ["several", "many", "various", "some", "also", "then"];
/// With these begins what has a subject of its own.
const BORDERS: [&str; 6] = ["and", "but", "while", "whereas", "or", "then"];
/// Words after an item of a list within which its "and" or "or" stands.
const LIST_WORDS: usize = 12;

/// A text with its words.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub text: &'a str,
    pub words: &'a [Word],
}

impl Text<'_> {
    /// What stands between two words.
    fn gap(&self, from: usize, to: usize) -> &str {
        &self.text[self.words[from].range.end..self.words[to].range.start]
    }

    fn has(&self, mut range: std::ops::Range<usize>, lower: &str) -> bool {
        range.any(|at| self.words[at].lower == lower)
    }

    fn ends_before(&self, at: usize) -> bool {
        self.gap(at - 1, at).contains(['.', '\n', ';'])
    }
}

/// What joins words of a claim otherwise than in its source. `pairs` are the places of the words that both have, in the claim and in the source; `said`
/// the stems of claim, question, title and headings.
pub fn changed(pairs: &[(usize, usize)], claim: Text, source: Text, said: &BTreeSet<String>) -> Option<String> {
    let denies = claim.words.iter().any(|word| DENYING.contains(&word.lower.as_str()) || word.lower.ends_with("n't"));
    if !denies && let Some(word) = pairs.iter().find_map(|(own, told)| excluded(claim, *own, source, *told)) {
        return Some(word);
    }
    let follow = |pair: &&[(usize, usize)]| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1;
    pairs.windows(2).filter(follow).find_map(|pair| {
        let (own, told) = ((pair[0].0, pair[1].0), (pair[0].1, pair[1].1));
        opposite(claim, own, source, told)
            .or_else(|| and_or(claim, own, source, told))
            .or_else(|| of_another(source, told, said))
            .or_else(|| contrast(claim, own, source, told).filter(|_| !denies))
    })
}

/// A thing that the source names to leave it out.
fn excluded(claim: Text, own: usize, source: Text, told: usize) -> Option<String> {
    let is_excluding = |word: &Word| EXCLUDING.contains(&word.lower.as_str());
    let start = source.words[..told].iter().rposition(|word| word.content && !is_excluding(word)).map_or(0, |at| at + 1);
    let first = (start..told).find(|at| is_excluding(&source.words[*at]))?;
    let in_sentence = (start + 1..=told).all(|at| !source.ends_before(at));
    // "More than" and "other benefits" leave nothing out.
    let (other, rather, than) = (source.has(start..told, "other"), source.has(start..told, "rather"), source.has(start..told, "than"));
    let is_meant = if than { !(other || rather) } else { source.words[first].lower == "other" };
    let is_said = claim.words[own.saturating_sub(BEFORE)..own].iter().any(is_excluding);
    (in_sentence && !is_meant && !is_said).then(|| source.words[first].lower.clone())
}

fn opposite(claim: Text, own: (usize, usize), source: Text, told: (usize, usize)) -> Option<String> {
    let has = |lower: &str| claim.has(own.0 + 1..own.1, lower);
    let had = |lower: &str| source.has(told.0 + 1..told.1, lower);
    let differs = |one: &str, other: &str| has(one) && !has(other) && had(other) && !had(one);
    OPPOSITES.iter().find_map(|[one, other]| {
        if differs(one, other) { Some(one) } else { differs(other, one).then_some(other) }.map(|word| (*word).to_owned())
    })
}

fn and_or(claim: Text, own: (usize, usize), source: Text, told: (usize, usize)) -> Option<String> {
    let has = |lower: &str| claim.has(own.0 + 1..own.1, lower);
    let had = |lower: &str| source.has(told.0 + 1..told.1, lower);
    let gap = source.gap(told.0, told.1);
    // Of a list the word before its last item joins all.
    let is_listed = gap.contains(',') && !had("and") && !had("or");
    let joining = || source.words[told.1..].iter().take(LIST_WORDS).find(|word| word.lower == "and" || word.lower == "or");
    let joins = |lower: &str| had(lower) || (is_listed && joining().is_some_and(|word| word.lower == lower));
    let is_changed = |one: &str, other: &str| has(one) && !has(other) && !joins(one) && joins(other) && !gap.contains('\n');
    [("and", "or"), ("or", "and")].into_iter().find(|(one, other)| is_changed(one, other)).map(|(one, _)| one.to_owned())
}

/// What another does stands behind a border, with who does it: "the lessor maintains and the lessee insures the car".
fn of_another(source: Text, told: (usize, usize), said: &BTreeSet<String>) -> Option<String> {
    let starts_anew = |at: &usize| {
        let is_border = BORDERS.contains(&source.words[*at].lower.as_str());
        source.ends_before(*at) || (is_border && !source.gap(at - 1, *at).contains(','))
    };
    let border = (told.0 + 1..told.1).rfind(starts_anew)?;
    let goes_on = source.words[told.0 + 1..border].iter().any(|word| word.content);
    let tells = |word: &&Word| word.content && !is_anybody(word) && !COUNTING.contains(&word.lower.as_str()) && !said.contains(&word.stem);
    let other = subject(&source.words[border..told.1]).iter().find(tells)?;
    (goes_on || source.ends_before(border)).then(|| other.lower.clone())
}

fn contrast(claim: Text, own: (usize, usize), source: Text, told: (usize, usize)) -> Option<String> {
    let is_kept = CONTRASTS.iter().any(|word| claim.has(own.0 + 1..own.1, word)) || claim.gap(own.0, own.1).contains([',', ';']);
    (source.has(told.0 + 1..told.1, "but") && !is_kept).then(|| "but".to_owned())
}

/// Of words, those before the verb; where that isn't known, up to the first that tells something.
fn subject(words: &[Word]) -> &[Word] {
    let verb = words.iter().position(|word| VERBS.contains(&word.lower.as_str()));
    let end = verb.or_else(|| words.iter().position(|word| word.content).map(|at| at + 1));
    &words[..end.unwrap_or(words.len())]
}

/// "No employees" for "not all employees".
pub fn none_for_not_all(claim_words: &[Word], source_words: &[Word]) -> bool {
    let is_not_all = |pair: &[Word]| pair[0].lower == "not" && matches!(pair[1].lower.as_str(), "all" | "every" | "each");
    claim_words.first().is_some_and(|word| word.lower == "no") && source_words.windows(2).any(is_not_all)
}
