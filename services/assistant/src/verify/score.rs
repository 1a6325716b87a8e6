//! How likely a text supports a claim, as one number: the verifier's own measure, where the checks of [`super::hard`] are for
//! sentences that all but repeat their source.
//!
//! A logistic regression over five figures that any text has, fitted once on claims of AttributionBench and WiCE (each source
//! weighing the same) and rounded. `examples/verifier.rs` measures it; decision 0025 has the figures of others.

use std::collections::BTreeSet;

use super::cosine;
use crate::words::{Word, weight, words};

/// A text as claims are held against it.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    sentences: Vec<Sentence>,
}

#[derive(Clone, Debug)]
struct Sentence {
    stems: Vec<String>,
    content: BTreeSet<String>,
    lower: BTreeSet<String>,
    vector: Vec<f32>,
}

/// What a claim is measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// Cosine with the likest one, two or three sentences in a row.
    pub near: f32,
    /// Cosine with all of them together.
    pub whole: f32,
    /// Share of its content words, by weight, in the best three sentences in a row.
    pub covered: f32,
    /// Share of its rows of three words that the likest sentences have.
    pub verbatim: f32,
    /// Names and numbers that are nowhere in the text.
    pub missing: f32,
    /// It denies something that the likest sentences do not deny.
    pub denies: bool,
    /// It has a word whose opposite is in the likest sentences.
    pub opposite: bool,
}

const NEAR: f32 = 1.62;
const WHOLE: f32 = 1.12;
const COVERED: f32 = 1.33;
const VERBATIM: f32 = 0.97;
const MISSING: f32 = -0.116;
const INTERCEPT: f32 = -2.73;
/// From here on a text is taken to support a claim.
pub const LEAST_SCORE: f32 = 0.5;
/// Sentences that are looked at for rows of words.
const LIKEST: usize = 8;
/// Sentences that are looked at for denials and opposites.
const CLOSEST: usize = 3;
/// Longest sentence in words; of a longer one each such piece is a sentence, so that a list without full stops is not one.
pub const LONGEST_SENTENCE: usize = 60;

const NEGATORS: [&str; 20] = [
    "no", "not", "never", "none", "nor", "neither", "without", "cannot", "nothing", "nobody", "lack", "lacks", "fail", "fails", "failed",
    "unable", "deny", "denies", "denied", "refused",
];

impl Evidence {
    /// A text's sentences, each with its vector.
    #[must_use]
    pub fn new(sentences: Vec<(String, Vec<f32>)>) -> Self {
        let sentence = |(text, vector): (String, Vec<f32>)| {
            let words = words(&text);
            Sentence {
                content: words.iter().filter(|w| w.content).map(|w| w.stem.clone()).collect(),
                lower: words.iter().map(|w| w.lower.clone()).collect(),
                stems: words.into_iter().map(|w| w.stem).collect(),
                vector,
            }
        };
        Self { sentences: sentences.into_iter().map(sentence).collect() }
    }

    /// Cuts a text into the sentences that are to be embedded.
    #[must_use]
    pub fn sentences(text: &str) -> Vec<String> {
        let lines = text.lines().flat_map(|line| text::sentences(line).into_iter().map(move |range| line[range].trim()));
        let pieces = lines.flat_map(|sentence| {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            words.chunks(LONGEST_SENTENCE).map(|piece| piece.join(" ")).collect::<Vec<_>>()
        });
        pieces.filter(|sentence| !sentence.is_empty()).collect()
    }

    /// Measures a claim, given its vector. None where there is no text.
    #[must_use]
    pub fn measure(&self, claim: &str, vector: &[f32]) -> Option<Features> {
        if self.sentences.is_empty() {
            return None;
        }
        let claim_words = words(claim);
        let content: Vec<&Word> = claim_words.iter().filter(|w| w.content).collect();
        let likest = self.likest(&content, vector);
        let closest: Vec<&Sentence> = likest.iter().take(CLOSEST).copied().collect();
        let everywhere: BTreeSet<&String> = self.sentences.iter().flat_map(|s| &s.content).collect();
        let missing = content.iter().filter(|w| is_entity(claim, &claim_words, w) && !everywhere.contains(&w.stem)).count();
        let windows = (1..=3).flat_map(|width| self.sentences.windows(width));
        let triples = self.sentences.windows(3.min(self.sentences.len()));
        let denied = |lower: &BTreeSet<String>| lower.iter().any(|w| is_negator(w));
        let lower: BTreeSet<String> = claim_words.iter().map(|w| w.lower.clone()).collect();
        let there: BTreeSet<String> = closest.iter().flat_map(|s| s.lower.iter().cloned()).collect();
        Some(Features {
            near: windows.map(|window| cosine(vector, &together(window))).fold(-1.0, f32::max),
            whole: cosine(vector, &together(&self.sentences)),
            covered: triples.map(|window| covered(&content, window.iter())).fold(0.0, f32::max),
            verbatim: verbatim(&claim_words, &likest),
            missing: missing as f32,
            denies: denied(&lower) && !denied(&there),
            opposite: is_opposite(&lower, &there),
        })
    }

    /// Those that are likest in words and meaning, first.
    fn likest(&self, content: &[&Word], vector: &[f32]) -> Vec<&Sentence> {
        let mut ranked: Vec<(f32, &Sentence)> =
            self.sentences.iter().map(|s| (cosine(vector, &s.vector) + covered(content, std::iter::once(s)), s)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.into_iter().take(LIKEST).map(|(_, sentence)| sentence).collect()
    }
}

impl Features {
    /// From 0 to 1: how likely the text supports the claim.
    #[must_use]
    pub fn score(&self) -> f32 {
        let Self { near, whole, covered, verbatim, missing, .. } = *self;
        let sum = NEAR * near + WHOLE * whole + COVERED * covered + VERBATIM * verbatim + MISSING * missing + INTERCEPT;
        1.0 / (1.0 + (-sum).exp())
    }

    /// Whether the claim denies what the text says, or says the opposite of it.
    #[must_use]
    pub fn contradicts(&self) -> bool {
        self.denies || self.opposite
    }
}

fn together(sentences: &[Sentence]) -> Vec<f32> {
    let length = sentences.first().map_or(0, |s| s.vector.len());
    (0..length).map(|at| sentences.iter().filter_map(|s| s.vector.get(at)).sum()).collect()
}

/// As `words::coverage`, but each word counts as often as it comes.
fn covered<'s>(content: &[&Word], sentences: impl Iterator<Item = &'s Sentence>) -> f32 {
    let there: Vec<&BTreeSet<String>> = sentences.map(|s| &s.content).collect();
    let (mut total, mut met) = (0.0, 0.0);
    for word in content {
        let weight = weight(&word.stem);
        total += weight;
        if there.iter().any(|s| s.contains(&word.stem)) {
            met += weight;
        }
    }
    if total == 0.0 { 1.0 } else { met / total }
}

fn verbatim(claim: &[Word], likest: &[&Sentence]) -> f32 {
    let rows =
        |stems: &[&String]| stems.windows(3).map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>()).collect::<BTreeSet<_>>();
    let own = rows(&claim.iter().map(|w| &w.stem).collect::<Vec<_>>());
    if own.is_empty() {
        return covered(&claim.iter().filter(|w| w.content).collect::<Vec<_>>(), likest.iter().copied());
    }
    let there: BTreeSet<Vec<String>> = likest.iter().flat_map(|s| rows(&s.stems.iter().collect::<Vec<_>>())).collect();
    own.intersection(&there).count() as f32 / own.len() as f32
}

/// A word with a digit, or one that is capitalised and does not open the claim.
fn is_entity(claim: &str, claim_words: &[Word], word: &Word) -> bool {
    let written = &claim[word.range.clone()];
    let opens = claim_words.first().is_some_and(|first| first.range == word.range);
    written.chars().any(char::is_numeric) || (written.starts_with(char::is_uppercase) && !opens)
}

fn is_negator(lower: &str) -> bool {
    NEGATORS.contains(&lower) || lower.ends_with("n't")
}

/// Prefixes that turn a word round.
const PREFIXES: [&str; 8] = ["un", "in", "im", "ir", "il", "dis", "non", "mis"];

fn is_opposite(claim: &BTreeSet<String>, text: &BTreeSet<String>) -> bool {
    let turned = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        a.iter().any(|word| {
            let rest = PREFIXES.iter().filter_map(|prefix| word.strip_prefix(prefix)).find(|rest| rest.len() >= 4);
            !b.contains(word) && rest.is_some_and(|rest| b.contains(rest) && !a.contains(rest))
        })
    };
    super::contrast::contradicted(claim, text).is_some() || turned(claim, text) || turned(text, claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(claim: &str, text: &str) -> Features {
        // Without a model: all sentences are alike.
        let sentences = Evidence::sentences(text).into_iter().map(|sentence| (sentence, vec![1.0, 0.0])).collect();
        Evidence::new(sentences).measure(claim, &[1.0, 0.0]).unwrap()
    }

    #[test]
    fn what_the_text_says_scores_higher_than_what_it_does_not() {
        let text = "Employees have 25 days of leave a year.\nOffices close at noon on Fridays. Visitors wear a badge.";
        let said = measure("Employees have 25 days of leave.", text);
        let other = measure("Contractors have 40 days of leave in Spain.", text);
        assert!(said.score() > LEAST_SCORE && said.score() > other.score() + 0.2, "{said:?} {other:?}");
        assert_eq!((said.missing, other.missing), (0.0, 2.0));
        assert!(Evidence::new(vec![]).measure("Anything.", &[1.0]).is_none());
    }

    #[test]
    fn denials_and_opposites_are_seen() {
        let text = "Paid leave is approved before the trip.";
        assert!(measure("Leave is not approved.", text).denies);
        assert!(measure("Unpaid leave is approved before the trip.", text).opposite);
        assert!(measure("Paid leave is approved after the trip.", text).opposite);
        assert!(!measure("Paid leave is approved before the trip.", text).contradicts());
        assert!(!measure("Leave is never paid.", "Leave is not paid.").contradicts());
    }

    #[test]
    fn long_lines_are_cut() {
        let line = "word ".repeat(LONGEST_SENTENCE * 2 + 5);
        assert_eq!(Evidence::sentences(&line).len(), 3);
        assert_eq!(Evidence::sentences("One. Two.\n\nThree"), ["One.", "Two.", "Three"]);
    }
}
