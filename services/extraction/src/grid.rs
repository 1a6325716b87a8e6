//! A table as the elements of a text document come by.

use crate::{
    BlockKind,
    slide::Piece,
    table::{Cell, Table},
};

/// No cell is wider; a hostile one must not multiply.
const MAX_COLUMNS: usize = 100;
/// Tables in tables are made for the layout a few levels deep.
const MAX_LAYOUT_DEPTH: usize = 4;

/// A table that is open, with its open row and cell.
#[derive(Default)]
pub(crate) struct Grid {
    table: Table,
    /// Of the open row.
    cells: Vec<Cell>,
    /// Text of the open cell.
    cell: String,
    columns: usize,
    rows_down: usize,
    continues_above: bool,
    rows: usize,
    row_is_header: bool,
    row_is_bold: bool,
    row_is_deleted: bool,
    /// All that the cells hold, in order: for a table that is only there for the layout.
    content: Vec<Piece>,
    filled_cells: usize,
    holds_headings: bool,
    /// How deep tables are in its cells.
    depth: usize,
}

impl Grid {
    pub(crate) fn start_row(&mut self, is_header: bool) {
        (self.row_is_header, self.row_is_bold, self.row_is_deleted) = (is_header, true, false);
    }

    pub(crate) fn mark_header(&mut self, is_header: bool) {
        self.row_is_header = is_header;
    }

    pub(crate) fn delete_row(&mut self) {
        self.row_is_deleted = true;
    }

    /// The row begins further right.
    pub(crate) fn skip_columns(&mut self, columns: usize) {
        self.cells.push(Cell { text: String::new(), columns: columns.clamp(1, MAX_COLUMNS), rows: 1 });
    }

    pub(crate) fn start_cell(&mut self, columns: usize, rows: usize) {
        self.cell.clear();
        (self.columns, self.rows_down, self.continues_above) = (columns, rows, false);
    }

    pub(crate) fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    /// The open cell is the lower part of the one above.
    pub(crate) fn continue_above(&mut self, continues: bool) {
        self.continues_above = continues;
    }

    pub(crate) fn push(&mut self, kind: BlockKind, text: String, is_bold: bool) {
        self.row_is_bold &= is_bold;
        self.holds_headings |= matches!(kind, BlockKind::Heading(_));
        self.add_to_cell(&text);
        self.content.push(Piece::Text(kind, text));
    }

    /// A table within a cell.
    pub(crate) fn push_table(&mut self, inner: Self) {
        let rows: Vec<String> = inner.table.rows().map(|row| row.text).collect();
        self.add_to_cell(&rows.join("; "));
        self.holds_headings |= inner.holds_headings;
        self.filled_cells += inner.filled_cells;
        self.depth = self.depth.max(inner.depth + 1);
        // Each level keeps the text of those within it.
        if self.depth <= MAX_LAYOUT_DEPTH {
            self.content.extend(inner.into_pieces());
        }
    }

    fn add_to_cell(&mut self, text: &str) {
        if !self.cell.is_empty() {
            self.cell.push(' ');
        }
        self.cell.push_str(text);
    }

    pub(crate) fn end_cell(&mut self) {
        let column = self.cells.iter().map(|c| c.columns).sum();
        let text = if self.continues_above { self.table.above(column) } else { std::mem::take(&mut self.cell) };
        self.filled_cells += usize::from(!text.trim().is_empty());
        self.cells.push(Cell { text, columns: self.columns.clamp(1, MAX_COLUMNS), rows: self.rows_down.max(1) });
    }

    pub(crate) fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if self.row_is_deleted || cells.iter().all(|c| c.text.trim().is_empty()) {
            return;
        }
        // Few header rows are marked as such; one that is bold throughout with a text in each cell is one.
        let looks_like_header = self.row_is_bold && cells.len() > 1 && cells.iter().all(|c| !c.text.trim().is_empty());
        if self.rows == 0 {
            self.table.set_headed(self.row_is_header || looks_like_header);
        }
        self.rows += 1;
        self.table.push_row(cells);
    }

    /// A frame around text, and a grid with headings in it, are no tables to their readers.
    pub(crate) fn into_pieces(self) -> Vec<Piece> {
        let is_layout = (self.filled_cells <= 1 || self.holds_headings) && self.depth <= MAX_LAYOUT_DEPTH;
        if is_layout { self.content } else { vec![Piece::Table(self.table)] }
    }
}
