//! What a source tells of another is not told of this one: "contractors may use the canteen; employees may use the gym".

use std::collections::BTreeSet;

use super::{
    actor::{ARTICLES, VERBS, is_anybody},
    clause::{Clause, clauses},
    narrowing, reference,
};
use crate::{
    evidence::points_back,
    words::{Word, words},
};

/// Content words of a subject whose verb isn't known.
const FIRST: usize = 1;

/// The first word of a claim that stands only in sentences with a subject of their own, which the claim does not name. `headed` are the stems of title
/// and headings.
pub fn of_another_subject(
    (claim, claimed, claim_words): (&str, &[Clause], &[Word]),
    source: &str,
    headed: &BTreeSet<String>,
) -> Option<String> {
    let own: BTreeSet<&str> = claim_words.iter().filter(|word| word.content).map(|word| word.stem.as_str()).collect();
    let subject: Vec<String> = subject(claim, claim_words).into_iter().filter(|word| !is_anybody(word)).map(|word| word.stem).collect();
    let predicate = claimed.first().and_then(|clause| clause.predicate.as_ref());
    let of_another = |text: &str, words: &[Word], stems: &BTreeSet<String>| {
        let named = self::subject(text, words);
        let does_the_same = || clauses(text, words).iter().any(|clause| clause.predicate.as_ref() == predicate);
        !points_back(text)
                && !named.is_empty()
                && named.iter().all(|word| !own.contains(word.stem.as_str()))
                && !subject.iter().any(|stem| stems.contains(stem))
                // Of whom a document speaks is whom it addresses, as its heading may say; he may do what is told of anything.
                && (named.iter().any(|word| !is_anybody(word)) || (does_the_same() && !subject.iter().any(|stem| headed.contains(stem))))
    };
    let sentences = judged(source, of_another);
    let is_told = |stem: &String| sentences.iter().any(|(stems, _)| stems.contains(stem));
    // What happened, and to whom, is told over several sentences: "the attack" of the first is that of the next.
    if subject.is_empty() || !subject.iter().any(is_told) || narrowing::is_narrative(claim_words) {
        return None;
    }
    stands_only(claim_words, &sentences, |is_of_another, _| *is_of_another)
}

/// The sentences of a source: the stems of each, and how it was judged.
fn judged<T>(source: &str, judge: impl Fn(&str, &[Word], &BTreeSet<String>) -> T) -> Vec<(BTreeSet<String>, T)> {
    let of = |range: std::ops::Range<usize>| {
        let words = words(&source[range.clone()]);
        let stems: BTreeSet<String> = words.iter().map(|word| word.stem.clone()).collect();
        let judged = judge(&source[range], &words, &stems);
        (stems, judged)
    };
    text::sentences(source).into_iter().map(of).collect()
}

/// The first word of a claim that stands in sentences of others, and in no more.
fn stands_only<T>(claim_words: &[Word], sentences: &[(BTreeSet<String>, T)], is_of_others: impl Fn(&T, &Word) -> bool) -> Option<String> {
    let stands = |word: &&Word| {
        let mut having = sentences.iter().filter(|(stems, _)| stems.contains(&word.stem)).peekable();
        having.peek().is_some() && having.all(|(_, judged)| is_of_others(judged, word))
    };
    claim_words.iter().filter(|word| word.content).find(stands).map(|word| word.lower.clone())
}

/// The content words of a sentence's subject. Where its verb isn't known, the first behind an article.
fn subject(text: &str, own: &[Word]) -> Vec<Word> {
    let content = |words: Vec<Word>| words.into_iter().filter(|word| word.content);
    match reference::subject(text) {
        Some(subject) => content(words(&subject)).collect(),
        None if own.iter().any(|word| VERBS.contains(&word.lower.as_str())) => Vec::new(),
        None if ARTICLES.contains(&own.first().map_or("", |word| word.lower.as_str())) => content(own.to_vec()).take(FIRST).collect(),
        None => Vec::new(),
    }
}

/// The first word of a claim that stands only in sentences about others of a kind: "the Standard plan" where the claim tells of the Plus plan.
pub fn of_a_sibling(claim: &str, claim_words: &[Word], source: &str) -> Option<String> {
    let all: BTreeSet<String> = words(source).into_iter().map(|word| word.stem).collect();
    let kinds: Vec<[&str; 2]> = kinds(claim, claim_words).into_iter().filter(|[which, _]| all.contains(*which)).collect();
    let own: BTreeSet<&str> = claim_words.iter().map(|word| word.stem.as_str()).collect();
    let exchanged = |text: &str, words: &[Word], stems: &BTreeSet<String>| {
        let others = self::kinds(text, words);
        let is_exchanged =
            |[which, what]: &&[&str; 2]| !stems.contains(*which) && others.iter().any(|[other, same]| same == what && !own.contains(other));
        kinds.iter().filter(is_exchanged).collect::<Vec<_>>()
    };
    stands_only(claim_words, &judged(source, exchanged), |exchanged, word| exchanged.iter().any(|kind| !kind.contains(&word.stem.as_str())))
}

/// Stems of words side by side of which the first may tell which one the second is: those before the verb, or the first where that isn't known.
fn kinds<'w>(text: &str, words: &'w [Word]) -> Vec<[&'w str; 2]> {
    let is_number = |word: &Word| word.lower.starts_with(|c: char| c.is_ascii_digit());
    let is_pair = |pair: &&[Word]| {
        let between = &text[pair[0].range.end..pair[1].range.start];
        pair.iter().all(|word| word.content && !is_number(word)) && between.chars().all(|c| c == ' ' || c == '-')
    };
    let verb = words.iter().position(|word| VERBS.contains(&word.lower.as_str()));
    let most = if verb.is_some() { words.len() } else { 1 };
    words[..verb.unwrap_or(words.len())]
        .windows(2)
        .filter(is_pair)
        .map(|pair| [pair[0].stem.as_str(), pair[1].stem.as_str()])
        .take(most)
        .collect()
}
