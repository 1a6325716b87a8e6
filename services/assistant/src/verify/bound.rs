//! "Up to five", "at least five" and "five" are three different rules.

use std::ops::Range;

use crate::words::Word;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Exact,
    AtMost,
    /// A time limit: "within 30 days", "no later than 30 days after".
    Within,
    AtLeast,
    MoreThan,
    LessThan,
}

impl Bound {
    /// Whether a claim with this bound may rest on a source with that one.
    pub fn agrees_with(self, source: Self) -> bool {
        let limit = |b| matches!(b, Self::AtMost | Self::Within);
        self == source || (limit(self) && limit(source))
    }
}

/// Phrases before a number, the longest first so that "no more than" is not read as "more than".
const BEFORE: [(&str, Bound); 38] = [
    ("no later than", Bound::Within),
    ("not later than", Bound::Within),
    ("no more than", Bound::AtMost),
    ("not more than", Bound::AtMost),
    ("no less than", Bound::AtLeast),
    ("not less than", Bound::AtLeast),
    ("no fewer than", Bound::AtLeast),
    ("not fewer than", Bound::AtLeast),
    ("not to exceed", Bound::AtMost),
    ("not exceed", Bound::AtMost),
    ("not exceeding", Bound::AtMost),
    ("cannot exceed", Bound::AtMost),
    ("in excess of", Bound::MoreThan),
    ("up to", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("at least", Bound::AtLeast),
    ("more than", Bound::MoreThan),
    ("greater than", Bound::MoreThan),
    ("longer than", Bound::MoreThan),
    ("higher than", Bound::MoreThan),
    ("less than", Bound::LessThan),
    ("fewer than", Bound::LessThan),
    ("shorter than", Bound::LessThan),
    ("lower than", Bound::LessThan),
    ("exceed", Bound::MoreThan),
    ("exceeds", Bound::MoreThan),
    ("exceeding", Bound::MoreThan),
    ("over", Bound::MoreThan),
    ("above", Bound::MoreThan),
    ("under", Bound::LessThan),
    ("below", Bound::LessThan),
    ("within", Bound::Within),
    ("maximum", Bound::AtMost),
    ("limit", Bound::AtMost),
    ("limited", Bound::AtMost),
    ("capped", Bound::AtMost),
    ("deadline", Bound::Within),
    ("minimum", Bound::AtLeast),
];

const AFTER: [(&str, Bound); 10] = [
    ("or more", Bound::AtLeast),
    ("or longer", Bound::AtLeast),
    ("or over", Bound::AtLeast),
    ("or above", Bound::AtLeast),
    ("or less", Bound::AtMost),
    ("or fewer", Bound::AtMost),
    ("or under", Bound::AtMost),
    ("or below", Bound::AtMost),
    ("maximum", Bound::AtMost),
    ("minimum", Bound::AtLeast),
];

/// The positions of words that may have set the bound of a number: they are compared with it.
pub fn words_of(words: &[Word], number: &Range<usize>) -> Vec<usize> {
    let is_part = |at: &usize| BEFORE.iter().chain(&AFTER).any(|(phrase, _)| phrase.split(' ').any(|part| part == words[*at].lower));
    let near = |at: &usize| *at + NEAR >= number.start || FAR.contains(&words[*at].lower.as_str());
    let before = number.start.saturating_sub(FARTHEST)..number.start;
    let after = number.end..words.len().min(number.end + NEAR);
    before.filter(near).chain(after).filter(is_part).collect()
}

/// Words around a number among which its bound is looked for.
const NEAR: usize = 4;
/// The same for the nouns of [`FAR`].
const FARTHEST: usize = 8;
/// Words that may stand between a noun such as "limit" and its number.
const FAR: [&str; 5] = ["maximum", "limit", "limited", "minimum", "deadline"];

/// The bound that the words around a number set.
pub fn bound_of(words: &[Word], number: &Range<usize>) -> Bound {
    let joined = |range: Range<usize>| words[range].iter().map(|w| w.lower.as_str()).collect::<Vec<_>>().join(" ");
    let after = joined(number.end..words.len().min(number.end + NEAR));
    if let Some((_, bound)) = AFTER.iter().find(|(phrase, _)| contains_phrase(&after, phrase)) {
        return *bound;
    }
    let near = joined(number.start.saturating_sub(NEAR)..number.start);
    if let Some((_, bound)) = BEFORE.iter().find(|(phrase, _)| ends_with_phrase(&near, phrase)) {
        return *bound;
    }
    let far = joined(number.start.saturating_sub(FARTHEST)..number.start);
    let noun = BEFORE.iter().find(|(phrase, _)| FAR.contains(phrase) && contains_phrase(&far, phrase));
    noun.map_or(Bound::Exact, |(_, bound)| *bound)
}

fn contains_phrase(text: &str, phrase: &str) -> bool {
    format!(" {text} ").contains(&format!(" {phrase} "))
}

/// The phrase directly before the number; an article, "of", "to", "at" or a currency may stand between.
fn ends_with_phrase(text: &str, phrase: &str) -> bool {
    let mut rest = text;
    loop {
        if rest == phrase || rest.ends_with(&format!(" {phrase}")) {
            return true;
        }
        let Some((start, last)) = rest.rsplit_once(' ') else { return false };
        if !matches!(last, "a" | "an" | "the" | "of" | "to" | "at" | "is" | "usd" | "eur" | "gbp" | "us" | "amount" | "total") {
            return false;
        }
        rest = start;
    }
}
