//! The marks of list items and the numbers of headings, which programs draw and people cite by.

use std::collections::HashMap;

use super::styles::{LEVELS, Mark, Marks, Styles};
use crate::counting::{letters, roman};

/// The lists that are open, the innermost last, and what those before them counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    open: Vec<OpenList>,
    /// Numbers of all levels of the open lists.
    counters: [u32; LEVELS],
    /// Where a list left off: by its style and by its own id.
    left: HashMap<String, [u32; LEVELS]>,
    /// The last outermost list.
    last: [u32; LEVELS],
    headings: [u32; LEVELS],
}

#[derive(Debug, Default)]
struct OpenList {
    style: String,
    id: String,
    /// The mark of the open item is still to be written.
    mark_is_due: bool,
    /// The open item says its number.
    start: Option<u32>,
}

impl Lists {
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// `continues`: the id of the list that it goes on from, or nothing for the one before.
    pub(super) fn start(&mut self, style: Option<String>, id: String, continues: Option<&str>) {
        let style = style.or_else(|| self.open.last().map(|list| list.style.clone())).unwrap_or_default();
        if self.open.is_empty() {
            self.counters = match continues {
                None => [0; LEVELS],
                Some("") => self.left.get(&style).copied().unwrap_or(self.last),
                Some(other) => self.left.get(other).copied().unwrap_or(self.last),
            };
        }
        self.open.push(OpenList { style, id, ..OpenList::default() });
    }

    pub(super) fn end(&mut self) {
        let Some(list) = self.open.pop().filter(|_| self.open.is_empty()) else { return };
        self.last = self.counters;
        if !list.id.is_empty() {
            self.left.insert(list.id, self.counters);
        }
        self.left.insert(list.style, self.counters);
    }

    pub(super) fn start_item(&mut self, start: Option<u32>, is_header: bool) {
        if let Some(list) = self.open.last_mut() {
            (list.mark_is_due, list.start) = (!is_header, start);
        }
    }

    /// What stands before the paragraph that begins; nothing for further ones of an item.
    pub(super) fn mark(&mut self, styles: &Styles, paragraph_style: &str) -> Option<String> {
        let level = self.open.len().checked_sub(1)?.min(LEVELS - 1);
        let list = self.open.last_mut().filter(|list| list.mark_is_due)?;
        list.mark_is_due = false;
        let by_list = styles.list(&list.style);
        let marks = by_list.or_else(|| styles.list(styles.list_of_paragraph(paragraph_style)?));
        let bullet = || if level == 0 { "• ".to_owned() } else { "◦ ".to_owned() };
        let Some(marks) = marks else { return Some(bullet()) };
        let text = numbered(marks, &mut self.counters, level, list.start.take());
        if marks.get(level).is_some_and(|mark| mark.is_bullet) { Some(bullet()) } else { text }
    }

    pub(super) fn heading(&mut self, styles: &Styles, level: usize) -> Option<String> {
        numbered(&styles.outline, &mut self.headings, level.checked_sub(1)?, None)
    }
}

/// Counts on, and writes the number with the space after it.
fn numbered(marks: &Marks, counters: &mut [u32; LEVELS], level: usize, start: Option<u32>) -> Option<String> {
    let own = marks.get(level)?;
    let counter = counters.get_mut(level)?;
    *counter = start.unwrap_or(if *counter == 0 { own.start.max(1) } else { counter.saturating_add(1) });
    counters.iter_mut().skip(level + 1).for_each(|deeper| *deeper = 0);
    if own.format.is_empty() {
        return None;
    }
    let first = (level + 1).saturating_sub(own.shown.max(1));
    let shown = marks.iter().zip(counters.iter()).take(level + 1).skip(first).filter(|(mark, _)| !mark.format.is_empty());
    let numbers: Vec<String> = shown.map(|(mark, counter)| written(mark, (*counter).max(1))).collect();
    let text = format!("{}{}{}", own.prefix, numbers.join("."), own.suffix);
    Some(text.trim().to_owned() + " ")
}

fn written(mark: &Mark, number: u32) -> String {
    match mark.format.as_str() {
        "a" => letters(number),
        "A" => letters(number).to_uppercase(),
        "i" => roman(number),
        "I" => roman(number).to_uppercase(),
        _ => number.to_string(),
    }
}
