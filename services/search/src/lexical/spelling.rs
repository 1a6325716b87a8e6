//! Words of a question that no passage has, and what they are taken for: the nearest word that one has.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use serde::{Deserialize, Serialize};
use tantivy::{
    DocSet, Searcher, TERMINATED, TantivyError, Term,
    query::{BooleanQuery, EnableScoring, FuzzyTermQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use super::analysis::{self, Written};
use crate::Result;

/// Letters of a word that may be put right. Shorter ones are near to too many others.
const SHORTEST: usize = 5;
/// Words of one question that are put right.
const MOST: usize = 8;
/// Passages that are counted of a word, at most: which of two is the more frequent is clear by then.
const COUNTED: usize = 1000;

/// A word that was put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// As it stands in the question.
    pub written: String,
    /// What was looked for instead, in small letters.
    pub taken: String,
    /// Bytes of the question.
    #[serde(skip)]
    pub range: Range<usize>,
}

/// The words of a text that a question's words may be put right by, each once.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    analysis::written(text).filter(|word| word.letters >= SHORTEST - 1).map(|word| word.small).collect()
}

/// What is known of words in small letters.
pub(super) trait Known {
    /// Whether passages that may be read have it, in whatever form.
    fn is_found(&self, word: &str) -> Result<bool>;
    /// Whether it is a name of something, though maybe not in the documents.
    fn is_name(&self, word: &str) -> bool;
    /// Of a word of everyday language, how common it is: the lower, the more.
    fn rank(&self, word: &str) -> Option<u32>;
}

/// What of a question is to be put right: one slip in a word (a letter wrong, missing, too many, or two exchanged), and none in its first
/// letter. Two slips are rare (Damerau 1964), and what is two letters away is mostly another word. What is in quotes is meant as it is.
pub(super) fn corrections(readable: &Readable<'_>, words: Field, question: &str, known: &impl Known) -> Result<Vec<Correction>> {
    let written: Vec<Written> = analysis::written(question).collect();
    let mut is_known: HashMap<&str, bool> = HashMap::new();
    for Written { small, .. } in &written {
        if !is_known.contains_key(small.as_str()) {
            let known = known.rank(small).is_some() || known.is_name(small) || known.is_found(small)?;
            is_known.insert(small, known);
        }
    }
    let unknown: Vec<&Written> = written.iter().filter(|word| !is_known[word.small.as_str()]).collect();
    // A question in a language that no document is in has next to no known word; what is near to one is so by chance.
    if unknown.len() > 1 && unknown.len() * 2 > written.len() {
        return Ok(Vec::new());
    }
    let quoted = quoted(question);
    let is_slip = |word: &&Written| {
        let as_is = quoted.iter().any(|quote| quote.start < word.range.start && word.range.end <= quote.end);
        // Abbreviations are near to each other, and not by a slip.
        word.letters >= SHORTEST && !as_is && !is_abbreviation(&question[word.range.clone()])
    };
    let mut corrections = Vec::new();
    for word in unknown.into_iter().filter(is_slip).take(MOST) {
        if let Some(taken) = nearest(readable, words, word, known)? {
            corrections.push(Correction { written: question[word.range.clone()].to_owned(), taken, range: word.range.clone() });
        }
    }
    Ok(corrections)
}

/// What stands between quotation marks, with the first of them.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut quoted = Vec::new();
    let mut open: Option<(usize, &[char])> = None;
    for (at, sign) in text.char_indices() {
        match open {
            Some((from, closing)) if closing.contains(&sign) => {
                quoted.push(from..at);
                open = None;
            }
            Some(_) => {}
            None => {
                let closing: &[char] = match sign {
                    '"' => &['"'],
                    '\u{201c}' => &['\u{201d}', '"'],
                    '\u{201e}' => &['\u{201c}', '\u{201d}', '"'],
                    '\u{ab}' => &['\u{bb}'],
                    '\u{bb}' => &['\u{ab}'],
                    _ => continue,
                };
                open = Some((at, closing));
            }
        }
    }
    quoted
}

/// A text with its words put right.
pub(crate) fn corrected(text: &str, corrections: &[Correction]) -> String {
    let mut corrected = String::with_capacity(text.len());
    let mut from = 0;
    for correction in corrections {
        corrected.push_str(&text[from..correction.range.start]);
        corrected.push_str(&correction.taken);
        from = correction.range.end;
    }
    corrected.push_str(&text[from..]);
    corrected
}

fn is_abbreviation(word: &str) -> bool {
    word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase)
}

/// The nearest word that readable passages have; of equally near ones that which most of them have. None where it is rather a word of
/// everyday language that they don't have.
fn nearest(readable: &Readable<'_>, words: Field, word: &Written, known: &impl Known) -> Result<Option<String>> {
    let first = word.small.chars().next().map(String::from).unwrap_or_default();
    let query = FuzzyTermQuery::new(Term::from_field_text(words, &word.small), 1, true);
    let mut near: BTreeSet<String> = BTreeSet::new();
    for reader in readable.searcher.segment_readers() {
        let dictionary = reader.inverted_index(words)?;
        let mut found = dictionary.terms().search(query.automaton()?).ge(&first).into_stream().map_err(TantivyError::from)?;
        while found.advance() {
            match std::str::from_utf8(found.key()) {
                Ok(term) if term.starts_with(&first) => _ = near.insert(term.to_owned()),
                // They come in order: no later one begins so.
                _ => break,
            }
        }
    }
    // Counted by what the reader may read: which word is taken must not tell of other passages.
    let mut best: Option<(usize, String)> = None;
    for term in near {
        let count = readable.count(&Term::from_field_text(words, &term), COUNTED)?;
        if count > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((count, term));
        }
    }
    let Some((_, taken)) = best else { return Ok(None) };
    let rank = known.rank(&taken).unwrap_or(u32::MAX);
    let commoner = slips(&word.small).into_iter().filter_map(|word| Some((known.rank(&word)?, word))).filter(|(own, _)| *own < rank).min();
    match commoner {
        Some((_, meant)) if known.is_found(&meant)? => Ok(Some(meant)),
        Some(_) => Ok(None),
        None => Ok(Some(taken)),
    }
}

/// All that is one slip away from a word, its first letter as it is.
fn slips(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let alphabet: BTreeSet<char> = ('a'..='z').chain(letters.iter().copied()).collect();
    let mut slips = BTreeSet::new();
    for at in 1..=letters.len() {
        let (before, after) = letters.split_at(at);
        let mut add = |middle: &[char], after: &[char]| _ = slips.insert(before.iter().chain(middle).chain(after).collect::<String>());
        alphabet.iter().for_each(|letter| add(&[*letter], after));
        if let [first, rest @ ..] = after {
            add(&[], rest);
            alphabet.iter().for_each(|letter| add(&[*letter], rest));
            if let [second, rest @ ..] = rest {
                add(&[*second, *first], rest);
            }
        }
    }
    slips
}

/// The passages that a reader may read.
pub(super) struct Readable<'s> {
    searcher: &'s Searcher,
    /// `None`: all of them.
    scope: Option<BooleanQuery>,
}

impl<'s> Readable<'s> {
    pub(super) const fn new(searcher: &'s Searcher, scope: Option<BooleanQuery>) -> Self {
        Self { searcher, scope }
    }

    /// Whether one of them has a word.
    pub(super) fn has(&self, word: &Term) -> Result<bool> {
        Ok(self.count(word, 1)? > 0)
    }

    /// How many of them have a word, counted up to a number of them.
    fn count(&self, word: &Term, most: usize) -> Result<usize> {
        let mut count = 0;
        for reader in self.searcher.segment_readers() {
            let Some(info) = reader.inverted_index(word.field())?.get_term_info(word).map_err(TantivyError::from)? else { continue };
            if self.scope.is_none() && !reader.has_deletes() {
                count += info.doc_freq as usize;
            } else {
                let mut conditions: Vec<Box<dyn Query>> = vec![Box::new(TermQuery::new(word.clone(), IndexRecordOption::Basic))];
                conditions.extend(self.scope.iter().map(|scope| Box::new(scope.clone()) as Box<dyn Query>));
                let weight = BooleanQuery::intersection(conditions).weight(EnableScoring::disabled_from_searcher(self.searcher))?;
                let mut passages = weight.scorer(reader, 1.0)?;
                while passages.doc() != TERMINATED && count < most {
                    count += usize::from(!reader.is_deleted(passages.doc()));
                    passages.advance();
                }
            }
            if count >= most {
                break;
            }
        }
        Ok(count.min(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_a_letter_wrong_missing_too_many_or_two_exchanged() {
        let slips = slips("leav\u{e9}");
        for near in ["leav", "leaxv\u{e9}", "lev\u{e9}", "laev\u{e9}", "leave", "leav\u{e9}s", "leeav\u{e9}"] {
            assert!(slips.contains(near), "{near}");
        }
        assert!(!slips.contains("eav\u{e9}") && !slips.contains("lea") && slips.len() < 400, "{}", slips.len());
    }

    #[test]
    fn quotation_marks_of_several_languages_are_pairs() {
        let inside = |text: &str| quoted(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            inside("is \"nitrite\" or \u{201e}Nitrit\u{201c} or \u{ab}nitrite\u{bb} in it"),
            ["\"nitrite", "\u{201e}Nitrit", "\u{ab}nitrite"]
        );
        assert_eq!(inside("a 3\" pipe, the staff's"), [""; 0]);
    }
}
