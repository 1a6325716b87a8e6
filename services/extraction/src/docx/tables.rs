//! A table as its cells come by.

use quick_xml::events::BytesStart;

use crate::{
    BlockKind,
    slide::Piece,
    table::{Cell, Table},
    xml,
};

#[derive(Default)]
pub(super) struct OpenTable {
    table: Table,
    /// Of the open row.
    cells: Vec<Cell>,
    /// Text of the open cell.
    cell: String,
    columns: usize,
    continues_above: bool,
    rows: usize,
    row_is_header: bool,
    row_is_bold: bool,
    row_is_deleted: bool,
    in_row_properties: bool,
    /// All that the cells hold, in order: for a table that is only there for the layout.
    content: Vec<Piece>,
    filled_cells: usize,
    holds_headings: bool,
}

impl OpenTable {
    pub(super) fn property(&mut self, name: &str, e: &BytesStart<'_>) {
        let number = || xml::val(e).and_then(|v| v.parse().ok()).unwrap_or(1);
        match name {
            "tr" => (self.row_is_header, self.row_is_bold, self.row_is_deleted) = (false, true, false),
            "trPr" => self.in_row_properties = true,
            "tc" => {
                self.cell.clear();
                (self.columns, self.continues_above, self.in_row_properties) = (1, false, false);
            }
            "tblHeader" => self.row_is_header = xml::is_on(e),
            "gridSpan" => self.columns = number(),
            // The row begins further right.
            "gridBefore" => self.cells.push(Cell { text: String::new(), columns: number().clamp(1, 100), rows: 1 }),
            "vMerge" => self.continues_above = xml::val(e).as_deref() != Some("restart"),
            _ => {}
        }
    }

    /// Whether that was said of the row, not of text in it.
    pub(super) fn delete_row(&mut self) -> bool {
        self.row_is_deleted |= self.in_row_properties;
        self.in_row_properties
    }

    pub(super) fn push(&mut self, kind: BlockKind, text: String, is_bold: bool) {
        self.row_is_bold &= is_bold;
        self.holds_headings |= matches!(kind, BlockKind::Heading(_));
        self.add_to_cell(&text);
        self.content.push(Piece::Text(kind, text));
    }

    /// A table within a cell.
    pub(super) fn push_table(&mut self, inner: Self) {
        let rows: Vec<String> = inner.table.rows().map(|row| row.text).collect();
        self.add_to_cell(&rows.join("; "));
        self.holds_headings |= inner.holds_headings;
        self.filled_cells += inner.filled_cells;
        self.content.extend(inner.into_pieces());
    }

    fn add_to_cell(&mut self, text: &str) {
        if !self.cell.is_empty() {
            self.cell.push(' ');
        }
        self.cell.push_str(text);
    }

    pub(super) fn end_cell(&mut self) {
        let column = self.cells.iter().map(|c| c.columns).sum();
        let text = if self.continues_above { self.table.above(column) } else { std::mem::take(&mut self.cell) };
        self.filled_cells += usize::from(!text.trim().is_empty());
        self.cells.push(Cell { text, columns: self.columns.clamp(1, 100), rows: 1 });
    }

    pub(super) fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if self.row_is_deleted || cells.iter().all(|c| c.text.trim().is_empty()) {
            return;
        }
        // Word marks few header rows as such; one that is bold throughout with a text in each cell is one.
        let looks_like_header = self.row_is_bold && cells.len() > 1 && cells.iter().all(|c| !c.text.trim().is_empty());
        if self.rows == 0 {
            self.table.set_headed(self.row_is_header || looks_like_header);
        }
        self.rows += 1;
        self.table.push_row(cells);
    }

    /// A frame around text, and a grid with headings in it, are no tables to their readers.
    pub(super) fn into_pieces(self) -> Vec<Piece> {
        if self.filled_cells <= 1 || self.holds_headings { self.content } else { vec![Piece::Table(self.table)] }
    }
}
