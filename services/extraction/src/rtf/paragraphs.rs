//! Text of the body as paragraphs, list items and rows of tables.

use std::collections::HashMap;

use super::state::State;
use crate::{
    BlockKind,
    page::PageBuilder,
    table::{Cell, Table},
};

/// No row has more; a hostile one must not fill the memory.
const MAX_CELLS: usize = 1000;

/// A style of paragraphs.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    pub(super) name: String,
    pub(super) outline: Option<u8>,
}

#[derive(Default)]
struct Open {
    text: String,
    mark: String,
    /// Letters in bold and in all.
    bold: usize,
    letters: usize,
}

/// How the cells of a row are merged.
#[derive(Clone, Copy, Default)]
struct Merge {
    with_left: bool,
    with_above: bool,
}

#[derive(Default)]
pub(super) struct Paragraphs {
    pub(super) page: PageBuilder,
    /// The paragraph of style "Title".
    pub(super) own_title: Option<String>,
    pub(super) styles: HashMap<i32, Style>,
    open: Open,
    /// Paragraphs that a note or text box interrupts.
    waiting: Vec<Open>,
    notes: Vec<String>,
    table: Table,
    rows: usize,
    cells: Vec<String>,
    cell: String,
    merges: Vec<Merge>,
    merge: Merge,
    row_is_head: bool,
    row_is_bold: bool,
}

impl Paragraphs {
    pub(super) fn text(&mut self, text: &str, state: &State) {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        self.open.letters += letters;
        self.open.bold += if state.bold { letters } else { 0 };
        self.open.text.push_str(text);
    }

    pub(super) fn mark(&mut self, text: &str) {
        self.open.mark.push_str(text);
    }

    /// A note begins, or a text box: what is open goes on after it.
    pub(super) fn interrupt(&mut self) {
        self.waiting.push(std::mem::take(&mut self.open));
    }

    pub(super) fn resume(&mut self, is_note: bool, state: &State) {
        if is_note {
            let text = std::mem::take(&mut self.open.text);
            self.notes.push(text);
        } else {
            self.end(state);
        }
        self.open = self.waiting.pop().unwrap_or_default();
    }

    /// The end of a paragraph.
    pub(super) fn end(&mut self, state: &State) {
        let in_note = state.inserted == Some(super::state::Inserted::Note);
        if state.in_table || in_note {
            self.add_to_cell_or_note(in_note);
            return;
        }
        let open = std::mem::take(&mut self.open);
        // What is open of a row that never ended is a paragraph.
        let text = std::mem::take(&mut self.cell) + &open.text;
        if state.inserted.is_none() {
            self.end_table();
        }
        if text.trim().is_empty() {
            return;
        }
        let mark = open.mark.trim();
        let text = if mark.is_empty() { text } else { format!("{mark} {text}") };
        let style = self.styles.get(&state.style);
        let is_title = style.is_some_and(|style| style.name == "title");
        if is_title && self.own_title.is_none() {
            self.own_title = Some(text.clone());
        }
        let kind = match self.level(state).or(is_title.then_some(1)) {
            Some(level) => BlockKind::Heading(level),
            None if mark.is_empty() => BlockKind::Paragraph,
            None => BlockKind::ListItem,
        };
        self.page.push(kind, &text);
    }

    fn add_to_cell_or_note(&mut self, in_note: bool) {
        if in_note {
            self.open.text.push('\n');
            return;
        }
        let open = std::mem::take(&mut self.open);
        self.row_is_bold &= open.bold == open.letters;
        for part in [open.mark.trim(), open.text.trim()].into_iter().filter(|part| !part.is_empty()) {
            if !self.cell.is_empty() {
                self.cell.push(' ');
            }
            self.cell.push_str(part);
        }
    }

    /// 1 to 9 for headings.
    fn level(&self, state: &State) -> Option<u8> {
        let style = self.styles.get(&state.style);
        let named = style.and_then(|style| style.name.strip_prefix("heading ")?.trim().parse().ok());
        let outline = state.outline.or_else(|| style.and_then(|style| style.outline));
        outline.map(|level| level + 1).or(named).filter(|level| (1..=9).contains(level))
    }

    /// A definition of the row: that of the cells before, or of the next ones.
    pub(super) fn begin_row(&mut self) {
        self.merges.clear();
        (self.merge, self.row_is_head) = (Merge::default(), false);
    }

    pub(super) fn row_property(&mut self, word: &str) {
        match word {
            "trhdr" => self.row_is_head = true,
            "clmrg" => self.merge.with_left = true,
            "clvmrg" => self.merge.with_above = true,
            "cellx" if self.merges.len() < MAX_CELLS => self.merges.push(std::mem::take(&mut self.merge)),
            _ => {}
        }
    }

    pub(super) fn end_cell(&mut self) {
        if self.cells.is_empty() && self.cell.is_empty() {
            self.row_is_bold = true;
        }
        self.add_to_cell_or_note(false);
        let cell = std::mem::take(&mut self.cell);
        if self.cells.len() < MAX_CELLS {
            self.cells.push(cell);
        }
    }

    pub(super) fn end_row(&mut self) {
        let texts = std::mem::take(&mut self.cells);
        if texts.iter().all(|text| text.trim().is_empty()) {
            return;
        }
        let mut cells: Vec<Cell> = Vec::new();
        for (column, text) in texts.into_iter().enumerate() {
            let merge = self.merges.get(column).copied().unwrap_or_default();
            match cells.last_mut() {
                Some(left) if merge.with_left && text.trim().is_empty() => left.columns += 1,
                _ => {
                    let text = if merge.with_above && text.trim().is_empty() { self.table.above(column) } else { text };
                    cells.push(Cell { text, columns: 1, rows: 1 });
                }
            }
        }
        if self.rows == 0 {
            let filled = cells.len() > 1 && cells.iter().all(|cell| !cell.text.trim().is_empty());
            self.table.set_headed(self.row_is_head || (self.row_is_bold && filled));
        }
        self.rows += 1;
        self.table.push_row(cells);
    }

    fn end_table(&mut self) {
        if !self.cells.is_empty() {
            self.end_row();
        }
        if self.rows > 0 {
            self.page.push_table(&std::mem::take(&mut self.table));
            self.rows = 0;
        }
    }

    /// Notes stand after the text, as they do on paper.
    pub(super) fn finish(&mut self, state: &State) {
        self.end(&State { in_table: false, inserted: None, ..*state });
        self.end_table();
        for note in std::mem::take(&mut self.notes) {
            self.page.push(BlockKind::Paragraph, &note);
        }
    }
}
