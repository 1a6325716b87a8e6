//! What a source only reports, denies, supposes or takes a part of: "employees believe that travel time is working time" does not say that it is.

use std::{collections::BTreeSet, ops::Range};

use super::condition::CASES;
use crate::words::Word;

/// Stems of words before "that" which say the same as what follows alone.
const NEUTRAL: &str = " pleas state provid confirm mean understand know clear ";
/// Those that say it of anybody.
const POINTING: &str = " note rememb awar import remind mind ";
/// What may begin what somebody says.
const OPENING: [&str; 3] = ["that", "whether", "suppose"];
const DENYING: [&str; 7] = ["not", "no", "nothing", "never", "neither", "nor", "none"];
/// Parts of a thing.
const PARTS: [&str; 9] = ["half", "part", "third", "quarter", "thirds", "quarters", "portion", "fraction", "percent"];
/// With these begins what does not hold, whatever it has in common with what does.
const EXCEPTIONS: [&[&str]; 13] = [
    &["except"],
    &["save", "for"],
    &["apart", "from"],
    &["aside", "from"],
    &["other", "than"],
    &["with", "the", "exception"],
    &["not", "including"],
    &["excluding"],
    &["to", "the", "extent"],
    &["insofar"],
    &["in", "so", "far"],
    &["upon"],
    &["unless"],
];
/// Of a claim of all, what follows "but" is an exception too.
const ALL: [&str; 5] = ["all", "every", "any", "no", "each"];

/// What of a sentence, whose words a claim retells from the first to the last of `told`, frames these and is not told. `said` are the stems of claim,
/// question, title and headings.
pub fn untold(claim_words: &[Word], (source, words): (&str, &[Word]), told: &[usize], said: &BTreeSet<String>) -> Option<String> {
    let (first, last) = (*told.first()?, *told.last()?);
    let claims = |lower: &str| claim_words.iter().any(|word| word.lower == lower);
    let written = |range: Range<usize>| {
        let end = range.end.min(range.start + 8).min(words.len());
        source[words[range.start].range.start..words[end - 1].range.end].to_owned()
    };
    let is_unsaid = |word: &&Word| word.content && !said.contains(&word.stem);
    let gap = |at: usize| if at == 0 { "" } else { &source[words[at - 1].range.end..words[at].range.start] };
    // "Some believe that …"
    if let Some(that) = (0..first).rev().find(|at| OPENING.contains(&words[*at].lower.as_str())) {
        let frame = &words[..that];
        let is_neutral = |word: &Word| !word.content || NEUTRAL.contains(&format!(" {} ", word.stem)) || said.contains(&word.stem);
        let denies = frame.iter().any(|word| DENYING.contains(&word.lower.as_str()) || word.lower.ends_with("n't"));
        let points = frame.iter().any(|word| POINTING.contains(&format!(" {} ", word.stem)));
        if words[that].lower != "that" || denies || !(points || frame.iter().all(is_neutral)) {
            return Some(written(0..that + 1));
        }
    }
    // "If the company closed …, …" tells of neither.
    let opens_a_case = CASES.contains(&words[0].lower.as_str());
    let ends = (1..words.len()).find(|at| gap(*at).contains(',')).unwrap_or(words.len());
    if opens_a_case && last < ends && !claim_words.iter().any(|word| CASES.contains(&word.lower.as_str())) {
        return Some(written(0..ends));
    }
    // "The following employees: …"
    if words.iter().any(|word| word.lower == "following") && !claims("following") {
        let list = (1..words.len()).find(|at| gap(*at).contains(':'));
        if list.is_some_and(|list| last < list) {
            return Some(written(0..words.len()));
        }
    }
    // "Half of the costs"
    let part = (first + 1..last).find(|at| PARTS.contains(&words[*at].lower.as_str()) && !told.contains(at));
    if let Some(part) = part.filter(|at| !claims(&words[*at].lower)) {
        return Some(written(part..last));
    }
    let follows =
        |at: usize, phrase: &[&str]| phrase.iter().enumerate().all(|(i, lower)| words.get(at + i).is_some_and(|w| w.lower == *lower));
    let exception = (1..words.len()).find(|at| EXCEPTIONS.iter().any(|phrase| follows(*at, phrase) && !claims(phrase[0])))?;
    let end = (exception + 1..words.len()).find(|at| gap(*at).contains([',', ';', '.'])).unwrap_or(words.len());
    words[exception + 1..end].iter().any(|word| is_unsaid(&word) && word.lower != "exception").then(|| written(exception..end))
}

/// "All sites are closed, but the Leipzig plant stays open."
pub fn but(claim_words: &[Word], words: &[Word], told: &[usize]) -> Option<String> {
    let of_all = claim_words.iter().any(|word| ALL.contains(&word.lower.as_str()));
    let last = *told.last()?;
    let but = (last + 1..words.len()).find(|at| words[*at].lower == "but")?;
    (of_all && !claim_words.iter().any(|word| word.lower == "but"))
        .then(|| words[but..].iter().take(6).map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" "))
}
