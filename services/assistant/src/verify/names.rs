//! Names, codes, addresses: what stands in a sentence must stand in its source.

use std::collections::BTreeSet;

use crate::words::Word;

/// Mail and web addresses of a text, lower case, without the punctuation around them.
pub fn addresses(text: &str) -> Vec<String> {
    let looks_like = |t: &&str| t.contains('@') && t.contains('.') || t.contains("://") || t.starts_with("www.");
    text.split_whitespace()
        .map(|t| t.trim_matches(|c: char| !c.is_alphanumeric() && c != '/'))
        .filter(looks_like)
        .map(str::to_lowercase)
        .collect()
}

/// Words that name something: capitalised inside a sentence, all in capitals, or letters mixed with digits.
/// Each with its lower-case form as the key to compare.
pub fn names(text: &str, words: &[Word]) -> Vec<String> {
    (0..words.len()).filter(|at| is_name(text, words, *at)).map(|at| words[at].lower.clone()).collect()
}

/// Names of several words in a row: "Northwind Standard". The first may open its sentence.
pub fn phrases(text: &str, words: &[Word]) -> Vec<Vec<String>> {
    let capitalised = |at: usize| words[at].content && text[words[at].range.clone()].starts_with(char::is_uppercase);
    let follows = |at: usize| &text[words[at - 1].range.end..words[at].range.start] == " ";
    let mut phrases: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    for (at, word) in words.iter().enumerate().filter(|(at, _)| capitalised(*at)) {
        let lower = word.lower.clone();
        match phrases.last_mut() {
            Some(phrase) if last.is_some_and(|last| last + 1 == at) && follows(at) => phrase.push(lower),
            _ => phrases.push(vec![lower]),
        }
        last = Some(at);
    }
    phrases.retain(|phrase| phrase.len() > 1);
    phrases
}

fn is_name(text: &str, words: &[Word], at: usize) -> bool {
    let word = &words[at];
    let written = &text[word.range.clone()];
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = written.chars().filter(|c| c.is_uppercase()).count();
    let mixed = letters > 0 && written.chars().any(char::is_numeric) && !is_counted(&word.lower);
    let acronym = capitals >= 2;
    let capitalised = written.chars().next().is_some_and(char::is_uppercase) && !opens_sentence(text, words, at);
    (mixed || acronym || capitalised) && word.lower != "i" && word.content
}

/// "10th", "5k", "5pm": a quantity, checked as one.
fn is_counted(lower: &str) -> bool {
    let rest = lower.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    rest.len() < lower.len()
        && matches!(rest, "st" | "nd" | "rd" | "th" | "k" | "m" | "bn" | "am" | "pm" | "km" | "kg" | "gb" | "mb" | "min" | "h")
}

fn opens_sentence(text: &str, words: &[Word], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|i| &words[i]) else { return true };
    let gap = &text[before.range.end..words[at].range.start];
    gap.contains(['.', '!', '?', '\n', ':', '"', '\u{201c}', '\u{2022}'])
}

/// Whether the source has this name: the word itself, or the words that an acronym stands for ("HR": Human Resources).
pub fn has_name(name: &str, source: &BTreeSet<String>, initials: &str) -> bool {
    source.contains(name) || (name.len() >= 2 && name.len() <= 5 && initials.contains(name))
}

/// The first letters of capitalised words in a row, rows set apart by a space: "the Human Resources team" gives "hr".
pub fn initials(text: &str, words: &[Word]) -> String {
    words
        .iter()
        .map(|word| {
            let first = text[word.range.clone()].chars().next();
            first.filter(|c| c.is_uppercase()).map_or(' ', |c| c.to_lowercase().next().unwrap_or(c))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn found(text: &str) -> Vec<String> {
        names(text, &words(text))
    }

    #[test]
    fn names_codes_and_acronyms_are_found() {
        assert_eq!(found("Please ask Maria Silva in HR about form B12."), ["maria", "silva", "hr", "b12"]);
        assert_eq!(found("Employees submit receipts by the 10th. Managers approve them."), Vec::<String>::new());
    }

    #[test]
    fn addresses_are_found_without_their_punctuation() {
        assert_eq!(
            addresses("Write to hr@example.com, or see (https://example.com/leave)."),
            ["hr@example.com", "https://example.com/leave"]
        );
    }

    #[test]
    fn an_acronym_may_be_spelled_out() {
        let source = "Contact the Human Resources team.";
        let initials = initials(source, &words(source));
        let set = words(source).into_iter().map(|w| w.lower).collect();
        assert!(has_name("hr", &set, &initials));
        assert!(!has_name("it", &set, &initials));
    }
}
