//! Running headers and footers: what most pages have in the same place, but for the number of the page.

use std::collections::HashMap;

use super::{geometry::Rect, layout::Laid};

/// Blocks at either end of a page that may belong to its header or footer.
const EDGE: usize = 3;
const MIN_PAGES: usize = 3;
const MAX_CHARS: usize = 160;
/// The share of a page's height within which headers and footers stand.
const MARGIN: f32 = 0.14;
/// Numbers of a header that may be, or count with, the number of the page.
const MAX_NUMBERS: usize = 12;
/// Of a recognized header, to know it by them alone.
const ENOUGH_LETTERS: usize = 12;

/// Takes them out: between two pages of a paragraph they are in the way, and nobody quotes them. `sizes` are the pages'
/// widths and heights.
pub(super) fn remove(pages: &mut [Vec<Laid>], sizes: &[(f32, f32)]) {
    let mut counts: HashMap<(bool, String), usize> = HashMap::new();
    for (number, (page, size)) in pages.iter().zip(sizes).enumerate() {
        for end in [false, true] {
            // Once for each page, however often it says so.
            let mut keys: Vec<String> = edge(page, *size, end).flat_map(|at| keys(&page[at], number)).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().for_each(|key| *counts.entry((end, key)).or_default() += 1);
        }
    }
    let with_text = pages.iter().filter(|page| !page.is_empty()).count();
    // Left and right pages may each have their own.
    let enough = MIN_PAGES.max(with_text * 4 / 10);
    for (number, (page, size)) in pages.iter_mut().zip(sizes).enumerate() {
        let runs = |at: &usize, end: bool| {
            let is_known = |key: String| counts.get(&(end, key)).is_some_and(|count| *count >= enough);
            keys(&page[*at], number).into_iter().any(is_known)
        };
        let first = edge(page, *size, false).take_while(|at| runs(at, false)).count();
        let last = edge(page, *size, true).take_while(|at| runs(at, true)).count();
        // A page that is nothing else keeps it.
        if first + last < page.len() {
            page.truncate(page.len() - last);
            page.drain(..first);
        }
    }
}

/// Indexes from the edge inwards, as far as the margin reaches.
fn edge(page: &[Laid], size: (f32, f32), end: bool) -> impl Iterator<Item = usize> {
    let length = page.len();
    let inwards = (0..EDGE.min(length)).map(move |at| if end { length - 1 - at } else { at });
    inwards.take_while(move |at| {
        let block = &page[*at];
        let (from, to) = block
            .words
            .iter()
            .map(|word| down(word.rect, block.turns, size))
            .fold((1.0f32, 0.0f32), |(from, to), word| (from.min(word.0), to.max(word.1)));
        // Some programs draw the footer first.
        block.words.is_empty() || from > 1.0 - MARGIN || to < MARGIN
    })
}

/// Where a word begins and ends on the way down the page, for someone who turns it to read it; shares of that way.
fn down(rect: Rect, turns: u8, (width, height): (f32, f32)) -> (f32, f32) {
    match turns % 4 {
        0 => (rect.top / height, rect.bottom / height),
        1 => (rect.left / width, rect.right / width),
        2 => (1.0 - rect.bottom / height, 1.0 - rect.top / height),
        _ => (1.0 - rect.right / width, 1.0 - rect.left / width),
    }
}

/// The text as it is, and with each of its numbers in turn as its distance from the number of the page: "Version 2.1,
/// page 5 of 12" has the same key on every page for one of them. What was recognized may have a digit wrong: there
/// enough letters will do.
fn keys(block: &Laid, page: usize) -> Vec<String> {
    let text = &block.text;
    if text.chars().count() > MAX_CHARS {
        return Vec::new();
    }
    let parts = split_numbers(text);
    let page = i64::try_from(page).unwrap_or(i64::MAX);
    let distance = |(at, part): (usize, &&str)| part.parse::<i64>().ok().map(|number| (at, number.saturating_sub(page)));
    let numbers = parts.iter().enumerate().filter_map(distance).take(MAX_NUMBERS);
    let counted = numbers.map(|(at, distance)| format!("{}#{distance}{}", parts[..at].concat(), parts[at + 1..].concat()));
    let recognized = block.words.iter().any(|word| word.confidence.is_some());
    let letters = || text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let letters = recognized.then(letters).filter(|letters| letters.chars().count() >= ENOUGH_LETTERS);
    std::iter::once(text.clone()).chain(counted).chain(letters).collect()
}

/// Digits and what is between them, in turn.
fn split_numbers(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut digits = false;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() != digits && at > start {
            parts.push(&text[start..at]);
            start = at;
        }
        digits = c.is_ascii_digit();
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlockKind, pdf::lines::Word};

    fn block(text: &str, top: f32) -> Laid {
        let rect = Rect { left: 0.0, top, right: 100.0, bottom: top + 10.0 };
        let words = vec![Word { text: text.into(), rect, confidence: None }];
        Laid {
            kind: BlockKind::Paragraph,
            text: text.into(),
            cells: Vec::new(),
            words,
            size: 10.0,
            bold: false,
            turns: 0,
            lines: 1,
            apart: false,
        }
    }

    fn removed(mut pages: Vec<Vec<Laid>>) -> Vec<Vec<String>> {
        let sizes = vec![(600.0, 800.0); pages.len()];
        remove(&mut pages, &sizes);
        pages.into_iter().map(|page| page.into_iter().map(|block| block.text).collect()).collect()
    }

    fn page(n: usize) -> Vec<Laid> {
        vec![
            block("Leave policy 2.1", 30.0),
            block(&format!("Text {n} of its own {}.", "x".repeat(n)), 400.0),
            block(&format!("Version 2.1 of 1 March 2026, page {n} of 12"), 770.0),
        ]
    }

    #[test]
    fn what_repeats_at_the_edges_goes() {
        let mut pages: Vec<Vec<Laid>> = (9..12).map(page).collect();
        pages.push(vec![block("Leave policy 2.1", 30.0)]);
        let left = removed(pages);
        assert_eq!(left[0], ["Text 9 of its own xxxxxxxxx."]);
        assert_eq!(left[3], ["Leave policy 2.1"]);
        assert_eq!(removed((1..3).map(page).collect())[0].len(), 3);
    }

    #[test]
    fn pages_that_lie_on_their_side_have_their_edges_left_and_right() {
        let on_its_side = |block: Laid| {
            let turned = |word: &Word| Rect { left: word.rect.top, top: 500.0, right: word.rect.bottom, bottom: 600.0 };
            let words = block.words.iter().map(|word| Word { rect: turned(word), ..word.clone() }).collect();
            Laid { words, turns: 1, ..block }
        };
        let mut pages: Vec<Vec<Laid>> = (1..5).map(|n| page(n).into_iter().map(on_its_side).collect()).collect();
        remove(&mut pages, &[(800.0, 600.0); 4]);
        assert!(pages.iter().all(|page| page.len() == 1 && page[0].text.starts_with("Text")));
    }

    #[test]
    fn a_misread_digit_keeps_no_footer() {
        let misread = |text: &str| {
            let mut footer = block(text, 770.0);
            footer.words[0].confidence = Some(90);
            vec![block(&format!("Text of {text}"), 400.0), footer]
        };
        let pages = ["Version 2.1, page 1 of 4", "Version 2.1, page 2 of 4", "Version 21, page 3of 4", "Version 2.1, page 4 of 4"];
        assert!(removed(pages.map(misread).into()).iter().all(|page| page.len() == 1));
    }

    #[test]
    fn rows_of_numbers_are_no_footers() {
        let pages = (0..4).map(|n| vec![block("Text.", 400.0), block(&format!("Rate {}", 10 * n), 770.0)]).collect();
        assert_eq!(removed(pages)[1].len(), 2);
        let pages = (0..4).map(|_| vec![block("Text.", 300.0), block("The same.", 500.0)]).collect();
        assert_eq!(removed(pages)[1].len(), 2);
    }
}
