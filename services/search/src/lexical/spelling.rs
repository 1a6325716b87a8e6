//! Words of a question that no passage has, and what they are taken for: the nearest word that one has.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use catalog::{CollectionId, Scope};
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
/// Words near to it that are looked at, until one is found that the reader may know of.
const TRIED: usize = 20;

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

/// What of a question is to be put right: one slip in a word (a letter wrong, missing, too many, or two exchanged), and none in its first
/// letter. Two slips are rare (Damerau 1964), and what is two letters away is mostly another word. `is_known` tells of a word whether it is found as it stands.
pub(super) fn corrections(
    readable: &Readable<'_>,
    words: Field,
    question: &str,
    mut is_known: impl FnMut(&str) -> Result<bool>,
) -> Result<Vec<Correction>> {
    let written: Vec<Written> = analysis::written(question).collect();
    let mut unknown = Vec::new();
    for word in &written {
        if !is_known(&word.small)? {
            unknown.push(word);
        }
    }
    // A question in a language that no document is in has next to no known word; what is near to one is so by chance.
    if unknown.len() > 1 && unknown.len() * 2 > written.len() {
        return Ok(Vec::new());
    }
    let mut corrections = Vec::new();
    // Abbreviations are near to each other, and not by a slip.
    let is_slip = |word: &&Written| word.letters >= SHORTEST && !is_abbreviation(&question[word.range.clone()]);
    for word in unknown.into_iter().filter(is_slip).take(MOST) {
        if let Some(taken) = nearest(readable, words, word)? {
            corrections.push(Correction { written: question[word.range.clone()].to_owned(), taken, range: word.range.clone() });
        }
    }
    Ok(corrections)
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

/// The nearest word that readable passages have; of equally near ones that which most passages have.
fn nearest(readable: &Readable<'_>, words: Field, word: &Written) -> Result<Option<String>> {
    let first = word.small.chars().next().map(String::from).unwrap_or_default();
    let query = FuzzyTermQuery::new(Term::from_field_text(words, &word.small), 1, true);
    let mut near: HashMap<String, u64> = HashMap::new();
    for reader in readable.searcher.segment_readers() {
        let dictionary = reader.inverted_index(words)?;
        let mut found = dictionary.terms().search(query.automaton()?).ge(&first).into_stream().map_err(TantivyError::from)?;
        while found.advance() {
            match std::str::from_utf8(found.key()) {
                Ok(term) if term.starts_with(&first) => *near.entry(term.to_owned()).or_default() += u64::from(found.value().doc_freq),
                // They come in order: no later one begins so.
                _ => break,
            }
        }
    }
    let mut near: Vec<(String, u64)> = near.into_iter().collect();
    near.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for (term, _) in near.into_iter().take(TRIED) {
        if readable.has(&Term::from_field_text(words, &term))? {
            return Ok(Some(term));
        }
    }
    Ok(None)
}

/// The passages that a reader may read.
pub(super) struct Readable<'s> {
    searcher: &'s Searcher,
    /// `None`: all of them.
    scope: Option<BooleanQuery>,
}

impl<'s> Readable<'s> {
    pub(super) fn new(searcher: &'s Searcher, collection: Field, scope: &Scope) -> Self {
        let one_of = |readable: &Vec<CollectionId>| {
            let terms = readable.iter().map(|id| Term::from_field_text(collection, &id.to_string()));
            BooleanQuery::new_multiterms_query(terms.collect())
        };
        let scope = match scope {
            Scope::Collections(readable) => Some(one_of(readable)),
            Scope::Everything => None,
        };
        Self { searcher, scope }
    }

    /// Whether one of them has a word.
    pub(super) fn has(&self, word: &Term) -> Result<bool> {
        for reader in self.searcher.segment_readers() {
            if reader.inverted_index(word.field())?.get_term_info(word).map_err(TantivyError::from)?.is_none() {
                continue;
            }
            if self.scope.is_none() && !reader.has_deletes() {
                return Ok(true);
            }
            let mut conditions: Vec<Box<dyn Query>> = vec![Box::new(TermQuery::new(word.clone(), IndexRecordOption::Basic))];
            conditions.extend(self.scope.iter().map(|scope| Box::new(scope.clone()) as Box<dyn Query>));
            let weight = BooleanQuery::intersection(conditions).weight(EnableScoring::disabled_from_searcher(self.searcher))?;
            let mut passages = weight.scorer(reader, 1.0)?;
            while passages.doc() != TERMINATED {
                if !reader.is_deleted(passages.doc()) {
                    return Ok(true);
                }
                passages.advance();
            }
        }
        Ok(false)
    }
}
