//! Amounts as a reader understands them: "ten", "10", "USD 1,000", "20 %", "up to five working days a year".

use std::ops::Range;

use super::{
    bound::{Bound, bound_of},
    moment,
};
use crate::words::{
    Word,
    numbers::{small, tens},
};

/// What is counted, as far as it is written beside the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Percent,
    /// The currency as its three letters, or "$" where a dollar is all that is said.
    Money(&'static str),
    Ordinal,
}

/// A number of a text with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    pub value: f64,
    pub kind: Kind,
    /// "days", "months", "km": singular; only units that change the meaning of a number.
    pub unit: Option<&'static str>,
    /// "working" of "five working days".
    pub working: bool,
    /// "day" of "50 dollars a day".
    pub rate: Option<&'static str>,
    pub bound: Bound,
    /// Positions of its words.
    pub words: Range<usize>,
}

impl Quantity {
    /// The same number of the same thing, whatever surrounds it.
    pub fn same_amount(&self, other: &Self) -> bool {
        let close = (self.value - other.value).abs() <= 1e-9 * self.value.abs().max(1.0);
        let kinds = match (&self.kind, &other.kind) {
            (Kind::Money(a), Kind::Money(b)) => a == b || matches!((*a, *b), ("$", "USD" | "AUD" | "CAD") | ("USD" | "AUD" | "CAD", "$")),
            (a, b) => a == b,
        };
        close && kinds && self.unit == other.unit && self.working == other.working
    }

    /// As [`Self::same_amount`], and bound and rate say the same.
    pub fn same_meaning(&self, source: &Self) -> bool {
        let rates = match (&self.rate, &source.rate) {
            (None, Some(_)) => !matches!(self.kind, Kind::Money(_)),
            (claimed, stated) => claimed == stated,
        };
        self.same_amount(source) && rates && self.bound.agrees_with(source.bound)
    }
}

/// Every quantity of a text that is not part of a date or a time of day.
pub fn quantities(text: &str, words: &[Word]) -> Vec<Quantity> {
    let mut taken = vec![false; words.len()];
    for range in moment::dates(text, words).into_iter().map(|d| d.words).chain(moment::times(text, words).into_iter().map(|t| t.words)) {
        taken[range].fill(true);
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match number(text, words, at).filter(|n| !n.words.clone().any(|i| taken[i])) {
            Some(number) => {
                let quantity = with_surroundings(text, words, number);
                at = quantity.words.end;
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

struct Number {
    value: f64,
    ordinal: bool,
    words: Range<usize>,
}

fn number(text: &str, words: &[Word], at: usize) -> Option<Number> {
    let digits = in_digits(text, words, at).or_else(|| in_words(text, words, at))?;
    let mut number = digits;
    while let Some(factor) = words.get(number.words.end).and_then(|w| multiplier(&w.lower)) {
        number.value *= factor;
        number.words.end += 1;
    }
    let rest: Vec<&str> = words[number.words.end..].iter().take(3).map(|w| w.lower.as_str()).collect();
    if rest == ["and", "a", "half"] {
        number.value += 0.5;
        number.words.end += 3;
    }
    Some(number)
}

fn in_digits(text: &str, words: &[Word], at: usize) -> Option<Number> {
    let lower = words.get(at)?.lower.as_str();
    let letters = lower.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(lower.len());
    let (digits, suffix) = lower.split_at(letters);
    let mut value = plain_number(digits)?;
    let ordinal = matches!(suffix, "st" | "nd" | "rd" | "th");
    if !ordinal && !suffix.is_empty() {
        value *= multiplier(suffix).or_else(|| unit(suffix).map(|_| 1.0))?;
    }
    let mut end = at + 1;
    // "1 000 000": groups of three set apart by a space.
    while digits.len() <= 3
        && suffix.is_empty()
        && let Some(next) = words.get(end)
        && next.lower.len() == 3
        && next.lower.bytes().all(|b| b.is_ascii_digit())
        && matches!(text.get(words[end - 1].range.end..next.range.start), Some(" " | "\u{a0}" | "\u{202f}"))
    {
        value = value * 1000.0 + plain_number(&next.lower)?;
        end += 1;
    }
    if has_minus(&text[..words[at].range.start]) {
        value = -value;
    }
    Some(Number { value, ordinal, words: at..end })
}

/// "-5 degrees", not "2020-21" nor "- 5 days" in a list.
fn has_minus(before: &str) -> bool {
    let sign = before.strip_suffix(['-', '\u{2212}']);
    sign.is_some_and(|rest| !rest.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '(' | '€' | '$' | '£')))
}

fn plain_number(digits: &str) -> Option<f64> {
    let first = digits.bytes().next()?;
    let clean = digits.replace(',', "");
    (first.is_ascii_digit() && clean.bytes().all(|b| b.is_ascii_digit() || b == b'.')).then(|| clean.parse().ok()).flatten()
}

const ORDINALS: [&str; 9] = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

fn in_words(text: &str, words: &[Word], at: usize) -> Option<Number> {
    let lower = |i: usize| words.get(i).map_or("", |w| w.lower.as_str());
    if let Some(n) = ORDINALS.iter().position(|w| *w == lower(at)) {
        // "second" alone is as often a unit or an adverb; "third party" names a role.
        let noun = n >= 2 || (n == 0 && matches!(lower(at + 1), "day" | "week" | "month" | "year"));
        return noun.then_some(Number { value: n as f64 + 2.0, ordinal: true, words: at..at + 1 });
    }
    if lower(at) == "half" && matches!(lower(at + 1), "a" | "an" | "day" | "days") {
        return Some(Number { value: 0.5, ordinal: false, words: at..at + 1 + usize::from(lower(at + 1).len() <= 2) });
    }
    if lower(at) == "one" && !counts(words, at) {
        return None;
    }
    let mut end = at;
    let mut value = f64::from(match tens(lower(at)) {
        Some(ten) => {
            end += 1;
            let joined = |i: usize| text.get(words[i - 1].range.end..words[i].range.start).is_some_and(|gap| gap == "-" || gap == " ");
            let ones = small(lower(end)).filter(|n| (1..10).contains(n) && joined(end));
            end += usize::from(ones.is_some());
            ten + ones.unwrap_or(0)
        }
        None => {
            let n = small(lower(at))?;
            end += 1;
            n
        }
    });
    if lower(end) == "hundred" {
        value *= 100.0;
        end += 1;
        let next = end + usize::from(lower(end) == "and");
        if let Some(rest) = in_words(text, words, next).filter(|r| !r.ordinal && r.value < 100.0) {
            value += rest.value;
            end = rest.words.end;
        }
    }
    Some(Number { value, ordinal: false, words: at..end })
}

/// "one" is a number in "one week", not in "one of them", "no one", "the one".
fn counts(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| words.get(i)).map_or("", |w| w.lower.as_str());
    let after = words.get(at + 1).map_or("", |w| w.lower.as_str());
    let pronoun = matches!(before, "no" | "any" | "every" | "some" | "each" | "which" | "this" | "that" | "the" | "another");
    let and_a_half = after == "and" && words.get(at + 3).is_some_and(|w| w.lower == "half");
    !pronoun && (and_a_half || unit(after).is_some() || multiplier(after).is_some() || currency_word(after).is_some())
}

fn multiplier(word: &str) -> Option<f64> {
    Some(match word {
        "hundred" => 1e2,
        "k" | "thousand" => 1e3,
        "m" | "mn" | "million" => 1e6,
        "bn" | "billion" => 1e9,
        "dozen" => 12.0,
        _ => return None,
    })
}

/// Whether a word says how often: "annually", or the "year" of "each year".
pub fn is_frequency(word: &str) -> bool {
    unit(word).is_some() || adverb(word).is_some()
}

/// The singular of a unit of measure.
fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "second" | "seconds" | "sec" => "second",
        "minute" | "minutes" | "min" | "mins" => "minute",
        "hour" | "hours" | "hr" | "hrs" => "hour",
        "day" | "days" => "day",
        "night" | "nights" => "night",
        "week" | "weeks" => "week",
        "month" | "months" => "month",
        "quarter" | "quarters" => "quarter",
        "year" | "years" | "yr" | "yrs" => "year",
        "mile" | "miles" => "mile",
        "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => "km",
        "kg" | "kilogram" | "kilograms" => "kg",
        "gb" | "gigabyte" | "gigabytes" => "gb",
        "mb" | "megabyte" | "megabytes" => "mb",
        _ => return None,
    })
}

fn currency_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "dollar" | "dollars" => "$",
        "usd" => "USD",
        "aud" => "AUD",
        "cad" => "CAD",
        "eur" | "euro" | "euros" => "EUR",
        "gbp" | "pound" | "pounds" => "GBP",
        "chf" | "franc" | "francs" => "CHF",
        "jpy" | "yen" => "JPY",
        "cent" | "cents" => "cent",
        _ => return None,
    })
}

fn currency_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '$' => "$",
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        _ => return None,
    })
}

fn with_surroundings(text: &str, words: &[Word], number: Number) -> Quantity {
    let lower = |i: usize| words.get(i).map_or("", |w| w.lower.as_str());
    let Number { value, ordinal, words: mut span } = number;
    let before = text[..words[span.start].range.start].trim_end();
    let after = text[words[span.end - 1].range.end..].trim_start();
    let word_before = span.start.checked_sub(1).map_or("", lower);
    let money = before.chars().next_back().and_then(currency_sign).or_else(|| after.chars().next().and_then(currency_sign));
    let money = money
        .or_else(|| currency_word(word_before).filter(|c| c.len() == 3))
        .or_else(|| currency_word(lower(span.end)).inspect(|_| span.end += 1));
    let percent =
        after.starts_with('%') || matches!(lower(span.end), "percent") || (lower(span.end) == "per" && lower(span.end + 1) == "cent");
    let kind = match money {
        Some(currency) => Kind::Money(currency),
        None if percent => Kind::Percent,
        None if ordinal => Kind::Ordinal,
        None => Kind::Plain,
    };
    if percent && money.is_none() && !after.starts_with('%') {
        span.end += if lower(span.end) == "percent" { 1 } else { 2 };
    }
    let glued = words[span.start].lower.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let modifiers = (span.end..span.end + 2)
        .take_while(|i| {
            matches!(lower(*i), "calendar" | "working" | "business" | "consecutive" | "full" | "paid" | "additional" | "unpaid" | "extra")
        })
        .count();
    let working = (span.end..span.end + modifiers).any(|i| matches!(lower(i), "working" | "business"));
    let unit = unit(lower(span.end + modifiers)).inspect(|_| span.end += modifiers + 1).or_else(|| unit(glued));
    let bound = bound_of(words, &span);
    Quantity { value, kind, unit, working, rate: rate(text, words, span.end), bound, words: span }
}

fn adverb(word: &str) -> Option<&'static str> {
    match word {
        "daily" => Some("day"),
        "weekly" => Some("week"),
        "monthly" => Some("month"),
        "annually" | "yearly" => Some("year"),
        _ => None,
    }
}

/// "per day", "a day", "each year", "/month", "annually" within the next few words.
fn rate(text: &str, words: &[Word], end: usize) -> Option<&'static str> {
    for (i, word) in words.iter().enumerate().skip(end).take(4) {
        let gap = text.get(words[i - 1].range.end..word.range.start).unwrap_or("");
        if gap.contains([';', '.', '\n', ',']) {
            return None;
        }
        let slash = gap.contains('/');
        let each = matches!(words[i - 1].lower.as_str(), "per" | "each" | "every")
            || (matches!(words[i - 1].lower.as_str(), "a" | "an") && i <= end + 2);
        let thing = adverb(&word.lower).or_else(|| if slash || each { unit(&word.lower).or_else(|| per_thing(&word.lower)) } else { None });
        if thing.is_some() {
            return thing;
        }
    }
    None
}

fn per_thing(word: &str) -> Option<&'static str> {
    Some(match word {
        "person" | "people" | "head" => "person",
        "employee" => "employee",
        "trip" => "trip",
        "gift" => "gift",
        "annum" => "year",
        "meal" => "meal",
        "item" => "item",
        "incident" => "incident",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn only(text: &str) -> Quantity {
        let found = quantities(text, &words(text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].clone()
    }

    #[test]
    fn one_amount_written_in_different_ways() {
        for (a, b) in [
            ("10", "ten"),
            ("1,000", "1000"),
            ("1 000 000", "one million"),
            ("20 %", "20%"),
            ("20 percent", "twenty per cent"),
            ("$50", "50 dollars"),
            ("€1,000.00", "EUR 1000"),
            ("$5k", "$5,000"),
            ("one hundred and fifty days", "150 days"),
            ("twenty-five days", "25 days"),
            ("one and a half days", "1.5 days"),
            ("10 business days", "ten working days"),
            ("a 30-day period", "30 days"),
            ("the 5th", "fifth"),
            ("one week", "1 week"),
        ] {
            assert!(only(a).same_amount(&only(b)), "{a} and {b}: {:?} {:?}", only(a), only(b));
        }
    }

    #[test]
    fn amounts_that_differ() {
        for (a, b) in [
            ("10 days", "10 weeks"),
            ("10 days", "10 working days"),
            ("20%", "20"),
            ("$50", "€50"),
            ("$50", "50"),
            ("15", "50"),
            ("1.5 hours", "15 hours"),
        ] {
            assert!(!only(a).same_amount(&only(b)), "{a} and {b}");
        }
    }

    #[test]
    fn bounds_and_rates_are_part_of_the_meaning() {
        for (claim, source) in [
            ("5 days", "up to 5 days"),
            ("up to 5 days", "at least 5 days"),
            ("more than $100", "less than $100"),
            ("$50 per week", "$50 per day"),
            ("$50", "$50 per day"),
            ("over 30 hours", "30 hours"),
        ] {
            assert!(!only(claim).same_meaning(&only(source)), "{claim} from {source}");
        }
        for (claim, source) in [
            ("at most 5 days", "no more than five days"),
            ("a maximum of $50 a day", "up to $50 per day"),
            ("within 30 days", "no later than 30 days"),
            ("25 days of leave", "25 days of leave per year"),
            ("$50 daily", "$50 each day"),
            ("a limit of 50 dollars", "must not exceed $50"),
        ] {
            assert!(only(claim).same_meaning(&only(source)), "{claim} from {source}: {:?} {:?}", only(claim), only(source));
        }
    }

    #[test]
    fn words_that_only_look_like_numbers() {
        for text in ["no one may", "one of the managers", "third parties", "on 1 March 2024", "at 17:30", "a second opinion"] {
            assert_eq!(quantities(text, &words(text)), [], "{text}");
        }
    }
}
