//! Things of like names: asked about the Standard plan of Northwind, a sentence about Northwind Plus is of another.

use super::names::phrases;
use crate::words::words;

/// Whether a sentence is of a sibling of what the question names: it has a name that shares a word with that one, and lacks the rest
/// of it.
pub fn is_of_one(sentence: &str, question: &str) -> bool {
    let asked = words(question);
    // The first word of a question is no name.
    let wanted = phrases(question, asked.get(1..).unwrap_or_default());
    if wanted.is_empty() {
        return false;
    }
    let said = words(sentence);
    let is_said = |name: &String| said.iter().any(|word| word.lower == *name);
    let is_asked = |name: &String| asked.iter().any(|word| word.lower == *name);
    let has_a_wanted_name = |other: &Vec<String>| wanted.iter().any(|phrase| phrase.iter().all(|word| other.contains(word)));
    // A word that opens its sentence is capitalised anyway: only as part of the name that is asked for is it one.
    let opens = said.first().is_some_and(|first| !wanted.iter().any(|phrase| phrase.contains(&first.lower)));
    let named = phrases(sentence, if opens { &said[1..] } else { &said });
    wanted.iter().filter(|phrase| !phrase.iter().all(is_said)).any(|phrase| {
        named.iter().any(|other| {
            other.iter().any(|word| phrase.contains(word)) && other.iter().any(|word| !is_asked(word)) && !has_a_wanted_name(other)
        })
    })
}

/// Whether a text names something that the question names, with all words of the name.
pub fn is_named(text: &str, question: &str) -> bool {
    let asked = words(question);
    let lowers: Vec<String> = words(text).into_iter().map(|word| word.lower).collect();
    phrases(question, asked.get(1..).unwrap_or_default()).iter().any(|phrase| phrase.iter().all(|word| lowers.contains(word)))
}
