//! Words as the checks compare them: lower case, stemmed, with a weight that says how telling each is.

pub(crate) mod numbers;
mod rarity;
mod stop;

use std::{collections::BTreeSet, ops::Range};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

pub use rarity::weight;
pub use stop::is_stop_word;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the text that it was read from.
    pub range: Range<usize>,
    pub lower: String,
    /// What is compared: two forms of one word share it.
    pub stem: String,
    /// False for words that only hold a sentence together ("the", "of", "shall").
    pub content: bool,
}

/// The words of a text in their order. Numbers are words too; punctuation is not.
pub fn words(text: &str) -> Vec<Word> {
    let stemmer = Stemmer::create(Algorithm::English);
    text.unicode_word_indices()
        .map(|(start, word)| {
            let lower = normal_form(word);
            let content = !is_stop_word(&lower);
            Word { range: start..start + word.len(), stem: stem(&stemmer, &lower), content, lower }
        })
        .collect()
}

/// Stems of the content words, each once.
pub fn content_stems(text: &str) -> BTreeSet<String> {
    words(text).into_iter().filter(|w| w.content).map(|w| w.stem).collect()
}

/// The share of `wanted` that occurs in `found`, each word counted by its weight. 1.0 where nothing is wanted.
pub fn coverage<'a>(wanted: impl IntoIterator<Item = &'a String>, found: &BTreeSet<String>) -> f32 {
    let (mut total, mut met) = (0.0, 0.0);
    for stem in wanted {
        let weight = weight(stem);
        total += weight;
        if found.contains(stem) {
            met += weight;
        }
    }
    if total == 0.0 { 1.0 } else { met / total }
}

/// Whether the checks that know English words can be trusted with this text.
pub fn looks_english(text: &str) -> bool {
    let words = words(text);
    let function = words.iter().filter(|w| !w.content && w.lower.is_ascii()).count();
    !words.is_empty() && function * 10 >= words.len()
}

fn normal_form(word: &str) -> String {
    let lower = word.to_lowercase().replace('\u{2019}', "'");
    lower.strip_suffix("'s").unwrap_or(&lower).to_owned()
}

fn stem(stemmer: &Stemmer, lower: &str) -> String {
    if !lower.bytes().all(|b| b.is_ascii_alphabetic()) {
        return lower.trim_end_matches(".0").replace(',', "");
    }
    // "thirty days" and "30 days" share their words.
    if let Some(number) = numbers::small(lower).or_else(|| numbers::tens(lower)) {
        return number.to_string();
    }
    // Both words mean the person whom the document calls by either.
    if matches!(lower, "staff" | "colleague" | "colleagues") {
        return "employe".to_owned();
    }
    stemmer.stem(&one_spelling(lower)).into_owned()
}

/// British and American spelling become one. Words that merely look like it change too, but on both sides alike.
fn one_spelling(lower: &str) -> String {
    const ENDINGS: [(&str, &str); 9] = [
        ("isation", "ization"),
        ("isations", "izations"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ises", "izes"),
        ("ise", "ize"),
        ("our", "or"),
        ("ours", "ors"),
        ("programme", "program"),
    ];
    for (british, american) in ENDINGS {
        if lower.len() > british.len() + 1
            && let Some(start) = lower.strip_suffix(british)
        {
            return format!("{start}{american}");
        }
    }
    lower.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|w| w.stem).collect()
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (a, b) in [
            ("organisation", "organizations"),
            ("reimbursed", "reimbursement"),
            ("policies", "policy"),
            ("manager's", "managers"),
            ("labour", "labor"),
            ("staff", "employees"),
            ("1,000", "1000"),
            ("twenty", "20"),
            ("thirty", "30"),
            ("one", "1"),
        ] {
            assert_eq!(stems(a), stems(b), "{a} and {b}");
        }
    }

    #[test]
    fn people_of_different_roles_do_not_share_a_stem() {
        assert_ne!(stems("employer"), stems("employee"));
        assert_ne!(stems("lessor"), stems("lessee"));
    }

    #[test]
    fn coverage_counts_telling_words_more() {
        let wanted: Vec<String> = content_stems("employees on sabbatical").into_iter().collect();
        let common = coverage(&wanted, &content_stems("all employees"));
        let telling = coverage(&wanted, &content_stems("a sabbatical"));
        assert!(telling > common, "{telling} > {common}");
    }

    #[test]
    fn english_is_told_from_other_languages() {
        assert!(looks_english("You may carry over up to five days of leave."));
        assert!(!looks_english("Die Beschäftigten dürfen fünf Urlaubstage übertragen."));
        assert!(!looks_english("员工可以结转五天年假。"));
    }
}
