//! Clauses with what they say about their content: it must be, may be, must not be, is, is not.

use std::{collections::BTreeSet, ops::Range};

use crate::words::{Word, weight};

/// What a clause says about its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// A plain statement.
    Is,
    IsNot,
    Must,
    MustNot,
    /// Not an obligation: "need not", "is not required", "optional".
    NeedNot,
    Should,
    ShouldNot,
    May,
    /// "is entitled to", "is eligible for".
    Entitled,
    /// "could", "might".
    Might,
}

impl Force {
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::IsNot | Self::MustNot | Self::NeedNot | Self::ShouldNot)
    }

    /// Whether a claim of this force may rest on a source of that one.
    pub fn agrees_with(self, source: Self) -> bool {
        match (self, source) {
            (Self::IsNot, Self::MustNot) | (Self::MustNot, Self::IsNot) => true,
            // "Employees submit receipts" for "must submit": weaker, and still carried.
            (Self::Is, Self::Must | Self::Entitled) | (Self::Entitled, Self::Is | Self::May) => true,
            (Self::May, Self::Entitled) | (Self::Might, Self::May) => true,
            (a, b) => a == b,
        }
    }
}

/// Forms of "to be".
pub(super) const BEING: [&str; 7] = ["is", "are", "was", "were", "be", "been", "being"];

/// A stretch of a sentence with a verb of its own, roughly.
#[derive(Clone, Debug)]
pub struct Clause {
    pub force: Force,
    pub stems: BTreeSet<String>,
    /// The first content word after the modal verb.
    pub predicate: Option<String>,
    /// The first word where the clause opens its sentence: an imperative has its verb there.
    pub opening: Option<String>,
    pub words: Range<usize>,
}

impl Clause {
    /// How much two clauses speak of the same, from 0 to 1: shared weight against both weights.
    pub fn likeness(&self, other: &Self) -> f32 {
        let sum = |stems: &BTreeSet<String>| stems.iter().map(|s| weight(s)).sum::<f32>();
        let shared: f32 = self.stems.intersection(&other.stems).map(|s| weight(s)).sum();
        let both = sum(&self.stems) * sum(&other.stems);
        if both == 0.0 { 0.0 } else { shared * shared / both }
    }
}

/// Cuts a text into clauses. Clauses without any content word are left out.
pub fn clauses(text: &str, words: &[Word]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut start = 0;
    let mut opens_sentence = true;
    for at in 1..=words.len() {
        let sentence_ends = at == words.len() || gap(text, words, at).contains(['.', '!', '?', '\n']);
        if sentence_ends || opens_clause(text, words, start, at) {
            clauses.extend(clause(words, start..at, opens_sentence));
            start = at;
            opens_sentence = sentence_ends;
        }
    }
    clauses
}

fn gap<'a>(text: &'a str, words: &[Word], at: usize) -> &'a str {
    text.get(words[at - 1].range.end..words[at].range.start).unwrap_or("")
}

/// A comma between two bare nouns is a list, not the border of a clause, so a clause must already have its modal or four words.
fn opens_clause(text: &str, words: &[Word], start: usize, at: usize) -> bool {
    let gap = gap(text, words, at);
    let lower = words[at].lower.as_str();
    let strong = gap.contains([';', ':', '(', ')', '\u{2014}'])
        || matches!(
            lower,
            "but" | "however" | "unless" | "if" | "except" | "who" | "which" | "that" | "because" | "when" | "where" | "although" | "while"
        );
    let comma = gap.contains(',') && (force(&words[start..at]).is_some() || at - start >= 4);
    let and_modal =
        matches!(lower, "and" | "or") && force(&words[start..at]).is_some() && words[at..].iter().take(4).any(|w| is_modal(&w.lower));
    strong || comma || and_modal
}

fn is_modal(lower: &str) -> bool {
    matches!(lower, "must" | "shall" | "should" | "may" | "can" | "cannot" | "will" | "might" | "could" | "not" | "never" | "is" | "are")
        || lower.ends_with("n't")
}

fn clause(words: &[Word], range: Range<usize>, opens_sentence: bool) -> Option<Clause> {
    let members = &words[range.clone()];
    let stems: BTreeSet<String> =
        members.iter().filter(|w| w.content && !CUE_WORDS.contains(&w.lower.as_str())).map(|w| w.stem.clone()).collect();
    if stems.is_empty() {
        return None;
    }
    let found = force(members);
    let after = found.map_or(0, |(_, end)| end);
    let predicate = members[after..].iter().find(|w| w.content).map(|w| w.stem.clone());
    let opening = members.first().filter(|w| opens_sentence && w.content).map(|w| w.stem.clone());
    Some(Clause { force: found.map_or(Force::Is, |(force, _)| force), stems, predicate, opening, words: range })
}

/// Said by the force already.
pub(super) const CUE_WORDS: [&str; 22] = [
    "required",
    "require",
    "requires",
    "mandatory",
    "obliged",
    "obligated",
    "compulsory",
    "recommended",
    "encouraged",
    "advised",
    "allowed",
    "permitted",
    "prohibited",
    "forbidden",
    "banned",
    "entitled",
    "eligible",
    "optional",
    "necessary",
    "never",
    "able",
    "free",
];

/// Phrases and their force, each before those that it contains; "not" may also be "n't".
const PHRASES: [(&str, Force); 70] = [
    ("may need", Force::Might),
    ("may have to", Force::Might),
    ("may be required", Force::Might),
    ("might need", Force::Might),
    ("might have to", Force::Might),
    ("might be required", Force::Might),
    ("could need", Force::Might),
    ("could have to", Force::Might),
    ("could be required", Force::Might),
    ("do not have to", Force::NeedNot),
    ("does not have to", Force::NeedNot),
    ("not have to", Force::NeedNot),
    ("do not need", Force::NeedNot),
    ("does not need", Force::NeedNot),
    ("not need", Force::NeedNot),
    ("need not", Force::NeedNot),
    ("no need", Force::NeedNot),
    ("not required", Force::NeedNot),
    ("not be required", Force::NeedNot),
    ("not require", Force::NeedNot),
    ("not mandatory", Force::NeedNot),
    ("not necessary", Force::NeedNot),
    ("not obliged", Force::NeedNot),
    ("not obligated", Force::NeedNot),
    ("optional", Force::NeedNot),
    ("must not", Force::MustNot),
    ("must never", Force::MustNot),
    ("shall not", Force::MustNot),
    ("may not", Force::MustNot),
    ("may never", Force::MustNot),
    ("can not", Force::MustNot),
    ("can never", Force::MustNot),
    ("cannot", Force::MustNot),
    ("not allowed", Force::MustNot),
    ("not be allowed", Force::MustNot),
    ("not permitted", Force::MustNot),
    ("not be permitted", Force::MustNot),
    ("prohibited", Force::MustNot),
    ("forbidden", Force::MustNot),
    ("banned", Force::MustNot),
    ("not entitled", Force::IsNot),
    ("not eligible", Force::IsNot),
    ("not able", Force::MustNot),
    ("should not", Force::ShouldNot),
    ("should never", Force::ShouldNot),
    ("not recommended", Force::ShouldNot),
    ("must", Force::Must),
    ("shall", Force::Must),
    ("have to", Force::Must),
    ("has to", Force::Must),
    ("need", Force::Must),
    ("needs", Force::Must),
    ("required", Force::Must),
    ("requires", Force::Must),
    ("mandatory", Force::Must),
    ("compulsory", Force::Must),
    ("obliged", Force::Must),
    ("obligated", Force::Must),
    ("should", Force::Should),
    ("ought", Force::Should),
    ("recommended", Force::Should),
    ("encouraged", Force::Should),
    ("advised", Force::Should),
    ("might", Force::Might),
    ("could", Force::Might),
    ("may", Force::May),
    ("can", Force::May),
    ("allowed", Force::May),
    ("permitted", Force::May),
    ("free to", Force::May),
];

/// The negation is said already.
const DOUBLE_NEGATIONS: [(&str, Force); 5] = [
    ("not optional", Force::Must),
    ("not prohibited", Force::May),
    ("not forbidden", Force::May),
    ("not banned", Force::May),
    ("not unusual", Force::Is),
];

const ENTITLED: [&str; 3] = ["entitled", "eligible", "able to"];
const PLAIN_NEGATIONS: [&str; 7] = ["not", "never", "neither", "nor", "none", "nobody", "nothing"];

/// The force of a stretch of words and where its cue ends; none where nothing is said beyond the plain statement.
pub(super) fn force(words: &[Word]) -> Option<(Force, usize)> {
    let mut text = String::from(" ");
    let mut ends = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let lower = |at: usize| words.get(at).map_or("", |w| w.lower.as_str());
        for part in expanded(&word.lower, lower(i + 1), lower(i + 2)).split(' ').filter(|p| !p.is_empty()) {
            text.push_str(part);
            text.push(' ');
            ends.push((text.len(), i + 1));
        }
    }
    let end_of =
        |phrase: &str, at: usize| ends.iter().find(|(end, _)| *end >= at + phrase.len() + 2).map_or(words.len(), |(_, word)| *word);
    let find = |phrase: &str| text.find(&format!(" {phrase} ")).map(|at| end_of(phrase, at));
    let double = DOUBLE_NEGATIONS.iter().find_map(|(phrase, force)| find(phrase).map(|end| (*force, end)));
    let is_double = double.is_some();
    let phrase = double.or_else(|| PHRASES.iter().find_map(|(phrase, force)| find(phrase).map(|end| (*force, end))));
    // Plain negation elsewhere in the clause turns an obligation or permission round, or makes it unclear: both count as a negative.
    let negation = PLAIN_NEGATIONS.iter().chain(&["no"]).find_map(|word| find(word));
    match (phrase, negation) {
        (Some((Force::Must | Force::May | Force::Might, end)), Some(_)) if !is_double => Some((Force::MustNot, end)),
        (Some((Force::Should, end)), Some(_)) => Some((Force::ShouldNot, end)),
        (Some(found), _) => Some(found),
        (None, Some(end)) => Some((Force::IsNot, end)),
        (None, None) => ENTITLED.iter().find_map(|phrase| find(phrase)).map(|end| (Force::Entitled, end)),
    }
}

/// "don't" becomes "do not"; a negation that only belongs to a number ("no more than", "not to exceed") or to "not only" goes away.
fn expanded(lower: &str, next: &str, second: &str) -> String {
    let compares = matches!(next, "more" | "later" | "less" | "fewer" | "greater" | "longer") && second == "than";
    let limits = matches!(next, "only" | "exceed" | "exceeding") || (next == "to" && second == "exceed");
    if matches!(lower, "no" | "not") && (compares || limits) {
        return String::new();
    }
    match lower {
        "can't" => "cannot".to_owned(),
        "won't" => "will not".to_owned(),
        _ => lower.strip_suffix("n't").map_or_else(|| lower.to_owned(), |verb| format!("{verb} not")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn forces(text: &str) -> Vec<Force> {
        clauses(text, &words(text)).into_iter().map(|c| c.force).collect()
    }

    #[test]
    fn what_a_clause_says() {
        for (text, force) in [
            ("Employees must submit receipts.", Force::Must),
            ("Employees are required to submit receipts.", Force::Must),
            ("You have to submit receipts.", Force::Must),
            ("You don't have to submit receipts.", Force::NeedNot),
            ("Receipts are not required.", Force::NeedNot),
            ("You may not accept cash.", Force::MustNot),
            ("You can't accept cash.", Force::MustNot),
            ("Accepting cash is strictly prohibited.", Force::MustNot),
            ("You are not allowed to accept cash.", Force::MustNot),
            ("No employee may accept cash.", Force::MustNot),
            ("Never share your password.", Force::IsNot),
            ("Alcohol is not reimbursed.", Force::IsNot),
            ("You should lock your screen.", Force::Should),
            ("You may work from home.", Force::May),
            ("Employees are entitled to 25 days.", Force::Entitled),
            ("The office opens at nine.", Force::Is),
            ("Expenses must not exceed $50.", Force::Must),
            ("Submit it no later than Friday.", Force::Is),
            ("The card is no longer valid.", Force::IsNot),
            ("A stay of no longer than a month is paid.", Force::Is),
            ("You are advised not to travel alone.", Force::ShouldNot),
            ("Attendance is not optional.", Force::Must),
            ("Dogs are not forbidden.", Force::May),
            ("Working at weekends is not encouraged.", Force::ShouldNot),
        ] {
            assert_eq!(forces(text), [force], "{text}");
        }
    }

    #[test]
    fn each_clause_has_its_own() {
        assert_eq!(forces("Employees may work remotely two days a week, but must not work from abroad."), [Force::May, Force::MustNot]);
        assert_eq!(forces("You must report gifts and may keep small ones."), [Force::Must, Force::May]);
        assert_eq!(forces("Employees who do not submit receipts will be asked for them."), [Force::Is, Force::IsNot]);
    }
}
