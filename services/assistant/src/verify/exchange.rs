//! A word of the source in the place of another: where it says "apps on government phones" and elsewhere "personal", "apps on personal phones"
//! has each of its words.

use std::{collections::BTreeSet, ops::Range};

use super::novel::FRAME;
use crate::words::Word;

/// Words that may stand in a source where a claim has one other: of more it's likely to tell in short.
const PLACE: usize = 2;

/// A word of a claim, and what the source has between the same neighbours, if it has that word beside neither of them. `told` are the stems of
/// question, title and headings, which may name what the text leaves out.
pub fn exchanged(
    (claim, claim_words): (&str, &[Word]),
    (source, source_words): (&str, &[Word]),
    told: &BTreeSet<String>,
) -> Option<(String, String)> {
    let (claimed, stated) = (content(claim_words), content(source_words));
    let known: BTreeSet<&str> = stated.iter().map(|word| word.stem.as_str()).collect();
    let adjoin = |pair: &&[&Word]| !source[pair[0].range.end..pair[1].range.start].contains(['.', ';', '\n']);
    let pairs: BTreeSet<(&str, &str)> =
        stated.windows(2).filter(adjoin).map(|pair| (pair[0].stem.as_str(), pair[1].stem.as_str())).collect();
    claimed.windows(3).find_map(|three| {
        let [before, word, after] = three else { return None };
        // "English-speaking" stands for "speaking English".
        let is_pair = |a: &Word, b: &Word| {
            let has = |a: &Word, b: &Word| pairs.contains(&(a.stem.as_str(), b.stem.as_str()));
            has(a, b) || has(b, a)
        };
        let is_beside = is_pair(before, word) || is_pair(word, after);
        let says_nothing = FRAME.contains(&word.stem.as_str()) || told.contains(&word.stem) || is_number(word);
        // Words that the source lacks are looked at by themselves.
        let is_own = !known.contains(word.stem.as_str());
        if is_beside || is_own || says_nothing || !is_one(claim, before.range.end..after.range.start) {
            return None;
        }
        let instead = (0..stated.len()).filter(|at| stated[*at].stem == before.stem).find_map(|at| {
            let end = (at + 2..=at + 1 + PLACE).find(|end| stated.get(*end).is_some_and(|next| next.stem == after.stem))?;
            let place = stated[at].range.end..stated[end].range.start;
            let is_other = stated[at + 1..end].iter().all(|other| other.stem != word.stem && !is_number(other));
            (is_other && is_one(source, place.clone())).then(|| source[place].trim().to_owned())
        })?;
        Some((word.lower.clone(), instead))
    })
}

fn content(words: &[Word]) -> Vec<&Word> {
    words.iter().filter(|word| word.content).collect()
}

fn is_number(word: &Word) -> bool {
    word.lower.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether nothing parts what stands there: the members of a list change places freely.
fn is_one(text: &str, range: Range<usize>) -> bool {
    let between = &text[range];
    let joins = |word: &str| matches!(word, "and" | "or" | "but" | "&" | "-" | "\u{2013}");
    !between.contains([',', ';', '.', ':', '\n', '|', '(', ')', '/', '"', '\u{201c}', '\u{2014}']) && !between.split_whitespace().any(joins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{content_stems, words};

    fn of(claim: &str, source: &str, told: &str) -> Option<(String, String)> {
        exchanged((claim, &words(claim)), (source, &words(source)), &content_stems(told))
    }

    #[test]
    fn a_word_in_the_place_of_another_is_seen() {
        let source = "The council bans the app on government phones. Personal accounts may stay.";
        let found = of("The council bans the app on personal phones.", source, "");
        assert_eq!(found, Some(("personal".to_owned(), "on government".to_owned())));
        assert_eq!(of("The council bans the app on government phones.", source, ""), None);
        assert_eq!(of("The council bans the app on personal phones.", source, "Is it banned on personal phones?"), None, "asked");
        let model = "The model learns the meaning of words without labels, and the parsing of sentences from examples.";
        assert!(of("The model learns the meaning of sentences without labels.", model, "").is_some());
    }

    #[test]
    fn what_is_left_out_or_told_in_another_order_is_not_exchanged() {
        let source = "Full-time staff receive 25 days of paid annual leave, spectacles, massages and vaccines.";
        for claim in [
            "Full-time staff receive paid leave.",
            "Staff receive 25 days of annual leave.",
            "Staff receive vaccines, massages and spectacles.",
            "Annual leave is paid to full-time staff.",
        ] {
            assert_eq!(of(claim, source, ""), None, "{claim}");
        }
    }
}
