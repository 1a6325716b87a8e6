//! How much of a right answer a text has.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// How many words in a row two texts must have in common before they count: single words are in most texts of a subject.
const RUN: usize = 3;
/// The share of its words that a text may lack, and still be the same: marks of footnotes, words that a line end parted.
/// Rules of the same make ("paragraph 3.5" and "paragraph 3.5(2)") differ by hardly more, so it is not lower.
const SAME: f64 = 0.8;
/// Words from which a part of a gold passage counts. Headings and numbers are parts of many.
const PART: usize = 20;

/// Harmonic mean of precision and recall of words, the best over several right answers: F1 as in SQuAD
/// (Rajpurkar et al. 2016), with word boundaries by Unicode so that it holds for languages without spaces.
#[must_use]
pub fn f1(text: &str, references: &[String]) -> f64 {
    best(references, |reference| {
        let (text, reference) = (words(text), words(reference));
        let common = common(&text, &reference) as f64;
        if common == 0.0 { 0.0 } else { 2.0 * common / (text.len() + reference.len()) as f64 }
    })
}

/// The share of a right answer's words that a text has, the best over several.
#[must_use]
pub fn recall(text: &str, references: &[String]) -> f64 {
    best(references, |reference| {
        let (text, reference) = (words(text), words(reference));
        if reference.is_empty() { 0.0 } else { common(&text, &reference) as f64 / reference.len() as f64 }
    })
}

/// Whether a text has each of these strings, whatever their case, spaces and typographic signs.
#[must_use]
pub fn contains_all(text: &str, wanted: &[String]) -> bool {
    let text = plain(text);
    wanted.iter().all(|wanted| contains(&text, &plain(wanted)))
}

/// The share of these strings that a text has.
#[must_use]
pub fn share_contained(text: &str, wanted: &[String]) -> f64 {
    let text = plain(text);
    let found = wanted.iter().filter(|wanted| contains(&text, &plain(wanted))).count();
    if wanted.is_empty() { 0.0 } else { found as f64 / wanted.len() as f64 }
}

/// Figures are whole: "5 days" is not in "25 days", nor "25" in "25.5".
fn contains(text: &str, wanted: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    // The character next to it, or the one behind the point or comma that is.
    let in_a_figure = |mut near: Box<dyn Iterator<Item = char> + '_>| match near.next() {
        Some('.' | ',') => is_digit(near.next()),
        first => is_digit(first),
    };
    let (starts, ends) = (is_digit(wanted.chars().next()), is_digit(wanted.chars().next_back()));
    text.match_indices(wanted).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        !(starts && in_a_figure(Box::new(before.chars().rev())) || ends && in_a_figure(Box::new(after.chars())))
    })
}

/// Whether a found passage is a gold one: it holds most of it, or is a part of it. Both compare words in a row, whatever
/// their type and the signs between them.
#[must_use]
pub fn is_passage(text: &str, gold: &str) -> bool {
    let (text, gold) = (words(text), words(gold));
    in_runs(&gold, &text) >= SAME || text.len() >= PART && in_runs(&text, &gold) >= SAME
}

/// Whether a text has anything that can be compared.
#[must_use]
pub fn has_words(text: &str) -> bool {
    !words(text).is_empty()
}

/// The share of a part's words that stand in rows of [`RUN`] words which the whole has, too.
fn in_runs(part: &[String], whole: &[String]) -> f64 {
    // Of fewer words, all are the row.
    let run = RUN.min(part.len());
    if run == 0 {
        return 0.0;
    }
    let runs: HashSet<&[String]> = whole.windows(run).collect();
    let (mut found, mut counted) = (0, 0);
    for (at, _) in part.windows(run).enumerate().filter(|(_, words)| runs.contains(words)) {
        found += at + run - counted.max(at);
        counted = at + run;
    }
    found as f64 / part.len() as f64
}

fn best(references: &[String], measure: impl Fn(&str) -> f64) -> f64 {
    references.iter().map(|reference| measure(reference)).fold(0.0, f64::max)
}

fn words(text: &str) -> Vec<String> {
    let articles = ["a", "an", "the"];
    plain(text).unicode_words().filter(|word| !articles.contains(word)).map(ToOwned::to_owned).collect()
}

fn common(a: &[String], b: &[String]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    a.iter().for_each(|word| *left.entry(word).or_default() += 1);
    b.iter()
        .filter(|word| left.get_mut(word.as_str()).is_some_and(|count| count.checked_sub(1).map(|less| *count = less).is_some()))
        .count()
}

/// Compatibility forms, small letters, single spaces, plain quotes and dashes.
fn plain(text: &str) -> String {
    let sign = |c: char| match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    };
    let text: String = text.nfkc().flat_map(char::to_lowercase).map(sign).filter(|c| *c != '\u{ad}').collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn words_count_once_each_and_articles_not_at_all() {
        // Two of three words in common with two: precision 2/3, recall 1.
        assert!((f1("The 25 days days", &strings(&["x", "25 days"])) - 0.8).abs() < 1e-9);
        assert!((recall("25 days of leave", &strings(&["25 days"])) - 1.0).abs() < 1e-9);
        assert!((f1("休暇は二十五日", &strings(&["二十五日"])) - 0.0).abs() > 0.5);
        assert_eq!((f1("", &strings(&["a"])), f1("a", &[])), (0.0, 0.0));
    }

    #[test]
    fn a_gold_passage_is_known_by_its_words_in_a_row() {
        let gold = "Staff in their second year receive twenty-five days of leave, and \u{201c}long service\u{201d} leave after ten years.";
        let with_marks = format!("4.2 {}\n4.3 Leave that is not taken lapses.", gold.replace("leave,", "leave 3 ,"));
        assert!(is_passage(&with_marks, gold) && is_passage(gold, &gold.to_uppercase()));
        // The same words are in the passage, in another order: it is another rule.
        assert!(!is_passage(
            "Leave after twenty-five years, long service, and ten days of leave receive staff in their second year.",
            gold
        ));
        // So is one whose end alone is the same.
        assert!(!is_passage("Contractors receive no leave, and long service leave after ten years.", gold));
        assert!(is_passage("Form 12", "Form 12.") && !is_passage("Form 13", "Form 12.") && !is_passage("", "Form"));
    }

    #[test]
    fn a_part_of_a_gold_passage_counts_if_it_is_no_mere_heading() {
        let number = |n: usize| format!("item{n}");
        let gold = (0..300).map(number).collect::<Vec<_>>().join(" ");
        let part = |from, to| (from..to).map(number).collect::<Vec<_>>().join(" ");
        assert!(is_passage(&part(100, 150), &gold) && !is_passage(&part(100, 110), &gold));
        // Half of it is of another text.
        assert!(!is_passage(&part(275, 325), &gold));
    }

    #[test]
    fn strings_are_found_whatever_their_type() {
        assert!(contains_all("The employer\u{2019}s  share is\n25\u{a0}days", &strings(&["Employer's share", "25 days"])));
        assert!(!contains_all("25 days", &strings(&["25 days", "8 weeks"])));
        for (text, whole) in [("25 days", false), ("1,5 days", false), ("Days: 5 days.", true), ("5 days, or 15 days", true)] {
            assert_eq!(contains_all(text, &strings(&["5 days"])), whole, "{text}");
        }
        assert!(!contains_all("25.5", &strings(&["25"])) && contains_all("It is 25.", &strings(&["25"])));
        assert!((share_contained("25 days", &strings(&["25 days", "8 weeks"])) - 0.5).abs() < 1e-9);
    }
}
