//! Conditions and exceptions within a rule: a sentence that drops them says more than its source.

use std::collections::BTreeSet;

use super::clause::BEING;
use crate::words::{
    Word, coverage,
    numbers::{small, tens},
};

const MARKERS: [&str; 28] = [
    "if",
    "when",
    "whenever",
    "where",
    "wherever",
    "once",
    "after",
    "before",
    "during",
    "while",
    "without",
    "in case",
    "in the event",
    "on condition",
    "provided the",
    "provided you",
    "provided they",
    "provided it",
    "unless",
    "except",
    "excluding",
    "only",
    "provided that",
    "subject to",
    "as long as",
    "until",
    "other than",
    "with the exception",
];

/// Words that say that a rule does not hold throughout.
const HEDGES: [&str; 45] = [
    "expected",
    "expects",
    "likely",
    "estimated",
    "assumed",
    "assume",
    "believed",
    "alleged",
    "allegedly",
    "potentially",
    "predominantly",
    "mainly",
    "mostly",
    "usually",
    "generally",
    "normally",
    "typically",
    "often",
    "sometimes",
    "partly",
    "partially",
    "almost",
    "approximately",
    "nearly",
    "roughly",
    "probably",
    "possibly",
    "largely",
    "primarily",
    "occasionally",
    "seem",
    "seems",
    "seemed",
    "seemingly",
    "apparently",
    "reportedly",
    "supposedly",
    "purportedly",
    "presumably",
    "arguably",
    "tentatively",
    "rarely",
    "seldom",
    "hardly",
    "scarcely",
];

/// Those before "to" alone: "appears to cover" and "appears in the table".
const APPEARING: [&str; 3] = ["appear", "appears", "appeared"];

/// Before "to": what is meant to be is not yet.
const INTENTIONS: [&str; 16] = [
    "plan", "plans", "planned", "planning", "intend", "intends", "intended", "propose", "proposes", "proposed", "aim", "aims", "hope",
    "hopes", "want", "wants",
];

/// The first hedge of `source` that a claim leaves out.
pub fn unhedged(source_words: &[Word], claim_words: &[Word]) -> Option<String> {
    let next = |words: &[Word], at: usize, is: fn(&str) -> bool| words.get(at + 1).is_some_and(|word| is(&word.lower));
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) || small(word).or_else(|| tens(word)).is_some();
    let is_hedge = |words: &[Word], at: usize| {
        let lower = words[at].lower.as_str();
        let as_a_rule = lower == "rule" && at > 1 && words[at - 1].lower == "a" && words[at - 2].lower == "as";
        HEDGES.contains(&lower)
            || as_a_rule
            || ((INTENTIONS.contains(&lower) || APPEARING.contains(&lower)) && next(words, at, |word| word == "to"))
            || (matches!(lower, "about" | "around") && next(words, at, is_number))
    };
    let hedges = |words: &[Word]| (0..words.len()).filter(|at| is_hedge(words, *at)).count();
    let kept = hedges(claim_words);
    (0..source_words.len()).filter(|at| is_hedge(source_words, *at)).nth(kept).map(|at| source_words[at].lower.clone())
}

/// How much of a condition must be said, in the sentence or already in the question.
const LEAST_SAID: f32 = 0.5;

/// The first condition of `source` that neither the claim nor the question speaks of. `headed` are the stems of title and headings:
/// what the whole text is about tells no case from another, unless the condition has no other words, or the claim has its marker too (of several words: is
/// taken to).
pub fn dropped(
    source: &str,
    source_words: &[Word],
    claim_words: &[Word],
    said: &BTreeSet<String>,
    headed: &BTreeSet<String>,
) -> Option<String> {
    let is_case = |word: &str| CASES.contains(&word);
    let repeats = |marker: &str| {
        let same = |word: &Word| word.lower == marker || (is_case(&word.lower) && is_case(marker));
        marker.contains(' ') || claim_words.iter().any(same)
    };
    for (at, word) in source_words.iter().enumerate() {
        let rest = &source_words[at..];
        let starts = |marker: &str| marker.split(' ').enumerate().all(|(i, part)| rest.get(i).is_some_and(|w| w.lower == part));
        let Some(marker) = MARKERS.iter().find(|m| starts(m)) else { continue };
        let skip = marker.split(' ').count();
        // "only" narrows the few words that follow it and must itself be repeated.
        let length = if *marker == "only" { 4 } else { 14 };
        let scope = clause_after(source, &rest[skip..], length);
        let all: Vec<&String> = scope.iter().filter(|w| w.content).map(|w| &w.stem).collect();
        let telling: Vec<&String> = all.iter().copied().filter(|stem| !headed.contains(*stem)).collect();
        let stems = if telling.is_empty() || repeats(marker) { all } else { telling };
        let only_lost = *marker == "only" && !said.contains(&word.stem) && !(at > 0 && source_words[at - 1].lower == "not");
        if only_lost || (!stems.is_empty() && coverage(stems, said) < LEAST_SAID) {
            let shown: Vec<&str> = scope.iter().take(6).map(|w| w.lower.as_str()).collect();
            return Some(format!("{marker} {}", shown.join(" ")));
        }
    }
    None
}

/// Words that make what follows a mere case.
pub(super) const CASES: [&str; 7] = ["if", "when", "whenever", "where", "wherever", "once", "unless"];

/// What a claim states that is only a case in `source`: "if it is the second plan" does not say that it is. `told` are the stems of title,
/// headings and question.
pub fn asserted(source: &str, source_words: &[Word], claim_words: &[Word], told: &BTreeSet<String>) -> Option<String> {
    let is_case = |word: &Word| CASES.contains(&word.lower.as_str());
    let is_being = |word: &Word| BEING.contains(&word.lower.as_str());
    (0..source_words.len()).filter(|at| is_case(&source_words[*at])).find_map(|at| {
        let scope = clause_after(source, &source_words[at + 1..], 14);
        let being = scope.iter().position(is_being)?;
        let mut predicate = scope[being + 1..].iter().filter(|word| word.content && !told.contains(&word.stem));
        let is_stated = |word: &Word| {
            (0..claim_words.len()).filter(|at| claim_words[*at].stem == word.stem).any(|at| {
                let verb = claim_words[..at].iter().rposition(|word| word.content || is_being(word));
                verb.is_some_and(|verb| is_being(&claim_words[verb])) && !claim_words[..at].iter().any(is_case)
            })
        };
        predicate.find(|word| is_stated(word)).map(|word| word.lower.clone())
    })
}

fn clause_after<'a>(source: &str, words: &'a [Word], most: usize) -> &'a [Word] {
    let border = |i: &usize| source[words[i - 1].range.end..words[*i].range.start].contains([',', ';', '.', ':', ')', '\n']);
    // "After a year you may": the pronoun begins what the condition is of. "When you travel" it is within the condition.
    let subject = |i: &usize| {
        matches!(words[*i].lower.as_str(), "you" | "we" | "they" | "he" | "she" | "it" | "i") && words[..*i].iter().any(|w| w.content)
    };
    let end = (1..words.len().min(most)).find(|i| border(i) || subject(i)).unwrap_or(words.len().min(most));
    &words[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{content_stems, words};

    fn lost(claim: &str, question: &str, source: &str) -> bool {
        let said = content_stems(&format!("{claim} {question}"));
        dropped(source, &words(source), &words(claim), &said, &BTreeSet::new()).is_some()
    }

    #[test]
    fn a_case_is_not_stated_as_a_fact() {
        let stated =
            |claim: &str, question: &str, source: &str| asserted(source, &words(source), &words(claim), &content_stems(question)).is_some();
        let plan = "If the plan is the secondary one, it pays after the other.";
        assert!(stated("The plan is a secondary plan that pays after the other.", "", plan));
        assert!(!stated("Where the plan is secondary, it pays after the other.", "", plan));
        assert!(!stated("The plan is secondary and pays after the other.", "What does my secondary plan pay?", plan));
        let receipts = "If an expense is above $25, receipts are needed.";
        assert!(!stated("Receipts are needed for expenses above $25.", "", receipts));
        assert!(!stated("Receipts are needed when an expense is above $25.", "", receipts));
    }

    #[test]
    fn what_the_text_is_about_is_no_condition_said() {
        let source = "If Northwind Plus is the secondary plan, it pays what is left.";
        let lost = |claim: &str, source: &str, headed: &str| {
            dropped(source, &words(source), &words(claim), &content_stems(claim), &content_stems(headed)).is_some()
        };
        assert!(lost("Northwind Plus pays what is left.", source, "Northwind Plus Plan"));
        assert!(!lost("Northwind Plus pays what is left where it is the secondary plan.", source, "Northwind Plus Plan"));
        let leave = "During the parental leave period, benefits continue.";
        assert!(!lost("Benefits continue during parental leave.", leave, "Parental Leave Policy"));
    }

    #[test]
    fn a_dropped_condition_is_seen() {
        let fit_note = "If you are sick for more than seven days, you must provide a fit note.";
        assert!(lost("You must provide a fit note.", "Do I need a fit note?", fit_note));
        assert!(!lost("You must provide a fit note.", "Do I need a fit note when I am sick for ten days?", fit_note));
        assert!(!lost("You must provide a fit note if you are sick for more than seven days.", "", fit_note));
        assert!(lost("You may accept gifts.", "May I accept gifts?", "You may accept gifts unless they come from a bidder."));
        assert!(lost("Managers may approve travel.", "", "Only senior managers may approve travel."));
        assert!(!lost("Only senior managers may approve travel.", "", "Only senior managers may approve travel."));
        assert!(lost("Receipts are needed.", "", "Receipts are needed when an expense is above $25."));
        assert!(lost("You may work abroad.", "", "After a year with the company you may work abroad."));
        assert!(lost("You may not travel.", "", "You may not travel without approval."));
        assert!(!lost("Lunch is free.", "", "Lunch is free and provided by the company."));
        assert!(!lost("Receipts are needed.", "", "Receipts are needed for travel."));
    }
}
