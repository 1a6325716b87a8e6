//! Which blocks are headings: those that the outline names, else those in larger or bold type.

use std::collections::HashMap;

use super::{layout::Laid, outline::Entry};
use crate::BlockKind;

const MAX_HEADING_CHARS: usize = 140;
const MAX_LEVELS: usize = 4;
/// Of the title of a document, in sizes of its text.
const TITLE_SIZE: f64 = 1.4;

pub(super) fn mark(pages: &mut [Vec<Laid>], outline: &[Entry]) {
    let found = outline.iter().filter(|entry| pages.get_mut(entry.page).is_some_and(|page| mark_entry(page, entry))).count();
    // An outline of a few chapters leaves the sections to their type.
    if found < 3 || found * 2 < outline.len() || pages.len() > found * 4 {
        mark_by_type(pages);
    } else {
        // The outline rarely goes down to the headings that are set like text, in bold.
        let deepest = outline.iter().map(|entry| entry.level).max().unwrap_or(1);
        mark_bold(pages, deepest.saturating_add(1).min(9));
        mark_title(pages);
    }
}

fn mark_entry(page: &mut Vec<Laid>, entry: &Entry) -> bool {
    let wanted = letters(&entry.title);
    if wanted.is_empty() {
        return false;
    }
    let kind = BlockKind::Heading(entry.level);
    // With or without its number.
    let is_it = |text: &str| {
        let text = letters(text);
        let number = text.strip_suffix(&wanted).or_else(|| wanted.strip_suffix(&text)).filter(|_| !text.is_empty());
        number.is_some_and(|n| n.chars().count() <= 4 && !n.contains(char::is_alphabetic))
    };
    if let Some(block) = page.iter_mut().find(|b| !matches!(b.kind, BlockKind::Heading(_)) && is_it(&b.text)) {
        block.kind = kind;
        return true;
    }
    // The heading may be the first line of a block.
    let first_line = |block: &Laid| block.text.split_once('\n').is_some_and(|(first, _)| is_it(first));
    let Some(at) = page.iter().position(|b| b.kind == BlockKind::Paragraph && first_line(b)) else { return false };
    let Some((first, rest)) = page[at].text.split_once('\n') else { return false };
    let (heading, rest) = (Laid { kind, text: first.to_owned(), lines: 1, ..page[at].clone() }, rest.to_owned());
    page[at].text = rest;
    // They are found by the order of the page's words.
    page[at].words.clear();
    page.insert(at, heading);
    true
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn mark_by_type(pages: &mut [Vec<Laid>]) {
    let Some(body) = body_size(pages) else { return };
    let chars = |block: &Laid| block.text.chars().count();
    let all: usize = pages.iter().flatten().map(chars).sum();
    let bold: usize = pages.iter().flatten().filter(|b| b.bold).map(chars).sum();
    let larger: Vec<f64> = pages.iter().flatten().filter(|b| is_larger(b, body)).map(|b| rounded(b.size)).collect();
    let mut sizes = larger;
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup_by(|a, b| (*a - *b).abs() < 0.75);
    sizes.truncate(MAX_LEVELS);
    let below = sizes.len() + 1;
    for block in pages.iter_mut().flatten() {
        let level = if is_larger(block, body) {
            sizes.iter().position(|s| rounded(block.size) > s - 0.75).map_or(sizes.len(), |at| at + 1)
        } else if bold * 3 < all && is_bold_heading(block, body) {
            below
        } else {
            continue;
        };
        block.kind = BlockKind::Heading(u8::try_from(level.clamp(1, 9)).unwrap_or(9));
    }
}

/// What stands in the largest type above all headings of the first page: outlines leave it out.
fn mark_title(pages: &mut [Vec<Laid>]) {
    let Some(body) = body_size(pages) else { return };
    let Some(first) = pages.first_mut() else { return };
    let above = first.iter().position(|block| matches!(block.kind, BlockKind::Heading(_))).unwrap_or(first.len());
    let title = first[..above].iter_mut().filter(|block| block.size >= TITLE_SIZE * body && may_be_heading(block, 3));
    if let Some(title) = title.reduce(|a, b| if b.size > a.size { b } else { a }) {
        title.kind = BlockKind::Heading(1);
    }
}

fn mark_bold(pages: &mut [Vec<Laid>], level: u8) {
    let Some(body) = body_size(pages) else { return };
    let chars = |block: &Laid| block.text.chars().count();
    let all: usize = pages.iter().flatten().map(chars).sum();
    let bold: usize = pages.iter().flatten().filter(|b| b.bold).map(chars).sum();
    if bold * 3 < all {
        for page in pages.iter_mut() {
            for at in 0..page.len() {
                // What goes on below it was only emphasized.
                let goes_on = page.get(at + 1).is_some_and(|next| next.text.starts_with(char::is_lowercase));
                let block = &mut page[at];
                let is_text = block.kind == BlockKind::ListItem || block.text.ends_with(['!', '?', ':']);
                if !goes_on && !is_text && is_bold_heading(block, body) {
                    block.kind = BlockKind::Heading(level);
                }
            }
        }
    }
}

fn rounded(size: f64) -> f64 {
    (size * 2.0).round() / 2.0
}

/// The size that most characters have.
fn body_size(pages: &[Vec<Laid>]) -> Option<f64> {
    let mut chars: HashMap<i64, usize> = HashMap::new();
    for block in pages.iter().flatten() {
        *chars.entry((rounded(block.size) * 2.0) as i64).or_default() += block.text.chars().count();
    }
    chars.into_iter().max_by_key(|(size, count)| (*count, *size)).map(|(size, _)| size as f64 / 2.0)
}

fn may_be_heading(block: &Laid, max_lines: usize) -> bool {
    !matches!(block.kind, BlockKind::TableHead | BlockKind::TableRow)
        && !matches!(block.kind, BlockKind::Heading(_))
        && block.lines <= max_lines
        && block.text.chars().count() <= MAX_HEADING_CHARS
        && block.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !block.text.starts_with(['•', '◦', '▪'])
        && !block.text.ends_with([',', ';'])
}

fn is_larger(block: &Laid, body: f64) -> bool {
    block.size >= 1.12 * body && may_be_heading(block, 3) && !block.text.ends_with('.')
}

fn is_bold_heading(block: &Laid, body: f64) -> bool {
    block.bold && block.size >= 0.97 * body && may_be_heading(block, 2) && !block.text.ends_with('.') && block.text.chars().count() <= 90
}
