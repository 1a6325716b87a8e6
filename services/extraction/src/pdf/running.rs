//! Running headers and footers: what most pages begin or end with, but for its numbers.

use std::collections::HashMap;

use super::layout::Laid;

/// Blocks at either end of a page that may belong to its header or footer.
const EDGE: usize = 2;
const MIN_PAGES: usize = 3;
const MAX_CHARS: usize = 160;

/// Takes them out: between two pages of a paragraph they are in the way, and nobody quotes them.
pub(super) fn remove(pages: &mut [Vec<Laid>]) {
    let mut counts: HashMap<(bool, String), usize> = HashMap::new();
    for page in pages.iter() {
        for end in [false, true] {
            // Once for each page, however often it says so.
            let mut keys: Vec<String> = edge(page, end).map(|at| key(&page[at])).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().for_each(|key| *counts.entry((end, key)).or_default() += 1);
        }
    }
    let with_text = pages.iter().filter(|page| !page.is_empty()).count();
    let enough = MIN_PAGES.max(with_text * 6 / 10);
    for page in pages.iter_mut() {
        let runs = |at: &usize, end: bool| {
            page[*at].text.chars().count() <= MAX_CHARS && counts.get(&(end, key(&page[*at]))).is_some_and(|count| *count >= enough)
        };
        let first = edge(page, false).take_while(|at| runs(at, false)).count();
        let last = edge(page, true).take_while(|at| runs(at, true)).count();
        // A page that is nothing else keeps it.
        if first + last < page.len() {
            page.truncate(page.len() - last);
            page.drain(..first);
        }
    }
}

/// Indexes from the edge inwards.
fn edge(page: &[Laid], end: bool) -> impl Iterator<Item = usize> {
    let length = page.len();
    (0..EDGE.min(length)).map(move |at| if end { length - 1 - at } else { at })
}

/// The text with all numbers alike.
fn key(block: &Laid) -> String {
    let mut key = String::new();
    for c in block.text.chars().take(MAX_CHARS + 1) {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !key.ends_with('#') {
            key.push(c);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BlockKind;

    #[test]
    fn what_repeats_at_the_edges_goes() {
        let block = |text: String| Laid { kind: BlockKind::Paragraph, text, size: 10.0, bold: false, lines: 1, apart: false };
        let page = |n: usize| {
            vec![block("Leave policy".into()), block(format!("Text {n} of its own {}.", "x".repeat(n))), block(format!("Page {n} of 12"))]
        };
        let mut pages: Vec<Vec<Laid>> = (9..12).map(page).collect();
        pages.push(vec![block("Leave policy".into())]);
        remove(&mut pages);
        let texts: Vec<Vec<&str>> = pages.iter().map(|p| p.iter().map(|b| b.text.as_str()).collect()).collect();
        assert_eq!(texts[0], ["Text 9 of its own xxxxxxxxx."]);
        assert_eq!(texts[3], ["Leave policy"]);
        let mut short: Vec<Vec<Laid>> = (1..3).map(page).collect();
        remove(&mut short);
        assert_eq!(short[0].len(), 3);
    }
}
