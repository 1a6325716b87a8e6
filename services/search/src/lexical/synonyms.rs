//! Other names of what a question names: "PTO" is "paid time off". They are looked for besides the question's own words, and count less.

use std::collections::{BTreeSet, HashMap, HashSet};

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// General ones of personnel, law and compliance, in English and German, in the form of a user's own file.
const BUILT_IN: &str = include_str!("synonyms.txt");

/// Abbreviations that are also words are meant only where they are written in capitals.
const WORDS: &str = "a act add age aid aim air all am an and any are art as ask at bad bar be bid big bis but can cap car cut das day der die do \
    due eat end er es far few fit for fun gap get had has he her him his how i if im in ins is it its job key law let lot low man map may me \
    met mit my new no nor not now of off old on one or our out own pay pet pro put ran red rep run sat see set she sow so tag tax ten the \
    tip to too top tor try two um up us use war was way we who why win wir yes you zu";
const ABBREVIATION: usize = 3;

const MAX_GROUPS: usize = 10_000;
const MAX_NAMES: usize = 20;
const MAX_WORDS: usize = 8;

/// What is wrong with a list of synonyms, and how to mend it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SynonymError {
    #[error("it is larger than 1 MiB: leave out what the documents don't have")]
    TooLarge,
    #[error("line {line} is one group too many: {MAX_GROUPS} are read, leave out what the documents don't have")]
    TooMany { line: usize },
    #[error("line {line} has one name only: write those of the same thing in one line, with commas between (\"PTO, paid time off\")")]
    Alone { line: usize },
    #[error("line {line} has more than {MAX_NAMES} names: divide it")]
    Crowded { line: usize },
    #[error("line {line}: \"{name}\" has no letter or figure: leave it out, and one of the commas around it")]
    Empty { line: usize, name: String },
    #[error("line {line}: \"{name}\" has more than {MAX_WORDS} words: shorten it")]
    Long { line: usize, name: String },
}

/// Groups of names that mean the same.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    /// By a name's words in small letters, with spaces between: the names that are written so, as (group, name).
    names: HashMap<String, Vec<(usize, usize)>>,
    /// The words of all names.
    parts: HashSet<String>,
}

impl Synonyms {
    /// Longer lists are not read.
    pub const MAX_BYTES: usize = 1 << 20;

    /// The general ones that come along.
    ///
    /// # Errors
    /// None, as a test makes sure.
    pub fn built_in() -> Result<Self, SynonymError> {
        Self::default().and(BUILT_IN)
    }

    /// With those of a list: a group a line, commas between its names; what begins with # says nothing.
    ///
    /// # Errors
    /// Which line is wrong, and why.
    pub fn and(mut self, list: &str) -> Result<Self, SynonymError> {
        if list.len() > Self::MAX_BYTES {
            return Err(SynonymError::TooLarge);
        }
        let begin = self.groups.len();
        for (line, content) in (1..).zip(list.trim_start_matches('\u{feff}').lines()) {
            let content = content.split('#').next().unwrap_or_default().trim();
            if content.is_empty() {
                continue;
            }
            if self.groups.len() - begin >= MAX_GROUPS {
                return Err(SynonymError::TooMany { line });
            }
            self.add(line, content)?;
        }
        Ok(self)
    }

    fn add(&mut self, line: usize, content: &str) -> Result<(), SynonymError> {
        let group: Vec<String> = content.split(',').map(|name| name.trim().to_owned()).collect();
        match group.len() {
            0 | 1 => return Err(SynonymError::Alone { line }),
            2..=MAX_NAMES => {}
            _ => return Err(SynonymError::Crowded { line }),
        }
        for (at, name) in group.iter().enumerate() {
            let words = words(name);
            match words.len() {
                0 => return Err(SynonymError::Empty { line, name: name.clone() }),
                1..=MAX_WORDS => {
                    self.parts.extend(words.iter().map(|word| joined(&[word])));
                    self.names.entry(joined(&words)).or_default().push((self.groups.len(), at));
                }
                _ => return Err(SynonymError::Long { line, name: name.clone() }),
            }
        }
        self.groups.push(group);
        Ok(())
    }

    /// Whether a word in small letters is part of a name.
    #[must_use]
    pub fn have(&self, word: &str) -> bool {
        self.parts.contains(word)
    }

    /// The other names of what a question names.
    #[must_use]
    pub fn of(&self, question: &str) -> Vec<String> {
        let words = words(question);
        let mut named = BTreeSet::new();
        for from in 0..words.len() {
            for to in from + 1..=words.len().min(from + MAX_WORDS) {
                let known = self.names.get(&joined(&words[from..to]));
                named.extend(known.into_iter().flatten().filter(|&&(group, name)| is_meant(&self.groups[group][name], words[from])));
            }
        }
        let groups: BTreeSet<usize> = named.iter().map(|&(group, _)| group).collect();
        let names = groups.into_iter().flat_map(|group| (0..self.groups[group].len()).map(move |name| (group, name)));
        names.filter(|name| !named.contains(name)).map(|(group, name)| self.groups[group][name].clone()).collect()
    }
}

fn words(text: &str) -> Vec<&str> {
    text.unicode_words().collect()
}

fn joined(words: &[&str]) -> String {
    words.join(" ").nfkc().collect::<String>().to_lowercase()
}

/// "it" is not "IT".
fn is_meant(name: &str, written: &str) -> bool {
    let is_ambiguous = name.len() <= ABBREVIATION
        && name.chars().all(char::is_uppercase)
        && WORDS.split_whitespace().any(|word| word.eq_ignore_ascii_case(name));
    !is_ambiguous || written == name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(list: &str) -> Result<Synonyms, SynonymError> {
        Synonyms::default().and(list)
    }

    #[test]
    fn other_names_are_those_of_the_same_line() {
        let synonyms = list("# ours\nPTO, paid time off , annual leave # staff\n\nIT, information technology\nF&E, R&D\n").unwrap();
        assert_eq!(synonyms.of("How much pto do I get?"), ["paid time off", "annual leave"]);
        assert_eq!(synonyms.of("Is Paid Time  Off the same as PTO?"), ["annual leave"]);
        assert_eq!(synonyms.of("Who pays for time off? Is it paid?"), [""; 0]);
        assert_eq!(synonyms.of("Who heads IT?"), ["information technology"]);
        assert_eq!(synonyms.of("what is the R&D budget"), ["F&E"]);
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(list("a, b\nPTO\n").unwrap_err(), SynonymError::Alone { line: 2 });
        assert_eq!(list("a, , b").unwrap_err(), SynonymError::Empty { line: 1, name: String::new() });
        assert!(matches!(list("a, one two three four five six seven eight nine"), Err(SynonymError::Long { line: 1, .. })));
        assert_eq!(list(&"a,".repeat(30)).unwrap_err(), SynonymError::Crowded { line: 1 });
        assert_eq!(list(&"a, b\n".repeat(MAX_GROUPS + 1)).unwrap_err(), SynonymError::TooMany { line: MAX_GROUPS + 1 });
        assert_eq!(list(&" ".repeat(Synonyms::MAX_BYTES + 1)).unwrap_err(), SynonymError::TooLarge);
    }

    #[test]
    fn the_built_in_ones_can_be_read() {
        let synonyms = Synonyms::built_in().unwrap();
        assert_eq!(synonyms.of("a DSAR"), ["data subject access request", "subject access request"]);
        assert!(synonyms.of("Was sagt die DSGVO?").contains(&"GDPR".to_owned()));
    }
}
