//! Where the words of the finished text stand on the page.
//!
//! Between the page's words and the text lies cleaning: ligatures are spelled out, hyphens of line ends taken away, the
//! headings of columns put into each row. So both are walked together, and what was put in or taken out is stepped over.

use super::lines::Word;
use crate::{WordBox, clean};

/// How far the next word is looked for: over the longest column heading that is put in, in four-byte letters.
const AHEAD: usize = 200;

/// The boxes of the words that are found, in the order of the text.
pub(super) fn locate<'w>(text: &str, words: impl Iterator<Item = &'w Word>) -> Vec<WordBox> {
    let mut boxes = Vec::new();
    let mut cursor = 0;
    for word in words {
        let shown = clean::line(&word.text);
        let Some(start) = find(text, cursor, &shown) else { continue };
        let end = start.0 + start.1;
        let rect = word.rect;
        boxes.push(WordBox {
            range: start.0..end,
            left: rect.left,
            top: rect.top,
            right: rect.right,
            bottom: rect.bottom,
            confidence: word.confidence,
        });
        cursor = end;
    }
    boxes
}

/// Start and length of the word, at the cursor or a little after it.
fn find(text: &str, cursor: usize, word: &str) -> Option<(usize, usize)> {
    let rest = text.get(cursor..)?;
    let next = cursor + (rest.len() - rest.trim_start().len());
    let without_hyphen = word.strip_suffix(['-', '\u{2010}']).filter(|stem| !stem.is_empty());
    for part in [Some(word), without_hyphen].into_iter().flatten().filter(|part| !part.is_empty()) {
        if text.get(next..)?.starts_with(part) {
            return Some((next, part.len()));
        }
        let window = text.get(next..text.floor_char_boundary(next + AHEAD))?;
        // Further on only as a whole word: "a" is in many.
        let whole = |at: &usize| {
            let ends = |c: Option<char>| c.is_none_or(char::is_whitespace);
            ends(window[..*at].chars().next_back()) && ends(text.get(next + at + part.len()..).and_then(|rest| rest.chars().next()))
        };
        if let Some(at) = window.match_indices(part).map(|(at, _)| at).find(whole) {
            return Some((next + at, part.len()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::geometry::Rect;

    fn located(text: &str, words: &[&str]) -> Vec<(String, f32)> {
        let numbered = words.iter().zip(0u8..);
        let words: Vec<Word> = numbered
            .map(|(text, n)| Word { text: (*text).into(), rect: Rect { left: f32::from(n), ..Rect::default() }, confidence: None })
            .collect();
        locate(text, words.iter()).into_iter().map(|b| (text[b.range].to_owned(), b.left)).collect()
    }

    fn found(expected: &[(&str, f32)]) -> Vec<(String, f32)> {
        expected.iter().map(|(text, n)| ((*text).to_owned(), *n)).collect()
    }

    #[test]
    fn what_was_put_in_and_taken_out_is_stepped_over() {
        assert_eq!(located("Annual | Days: 25", &["Annual", "25"]), found(&[("Annual", 0.0), ("25", 1.0)]));
        assert_eq!(located("an information.", &["an", "infor-", "mation."]), found(&[("an", 0.0), ("infor", 1.0), ("mation.", 2.0)]));
        assert_eq!(located("of\u{66}ice a day", &["oﬀ", "of\u{fb01}ce", "a", "day"])[1..], found(&[("a", 2.0), ("day", 3.0)]));
        assert_eq!(located("and so on", &["a", "and", "so"]), found(&[("a", 0.0), ("so", 2.0)]));
    }

    #[test]
    fn a_word_that_is_gone_costs_no_other() {
        assert_eq!(located("one two three", &["one", "gone", "two", "three"]), found(&[("one", 0.0), ("two", 2.0), ("three", 3.0)]));
    }
}
