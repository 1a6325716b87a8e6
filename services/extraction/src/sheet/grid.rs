//! A sheet's cells as they are read. Only those that hold something are kept: the size that a sheet declares costs nothing.

use crate::{ExtractError, page::MAX_TEXT_BYTES};

/// A full sheet of a hundred columns and twenty thousand rows; what has more is a database.
const MAX_CELLS: usize = 2_000_000;
/// Merged areas beyond these are not looked at.
const MAX_MERGED: usize = 20_000;

/// As many tables as a sheet may have by name; each row is compared to them.
const MAX_HEADS: usize = 500;

/// What may still be read of the workbook: a string that a million cells share is counted a million times.
#[derive(Debug)]
pub(super) struct Budget {
    cells: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: MAX_CELLS, bytes: MAX_TEXT_BYTES }
    }
}

impl Budget {
    pub(super) fn take(&mut self, text: &str) -> Result<(), ExtractError> {
        self.cells = self.cells.checked_sub(1).ok_or(ExtractError::TooManyCells { limit: MAX_CELLS })?;
        let too_large = ExtractError::TooLarge { limit_mib: MAX_TEXT_BYTES >> 20 };
        self.bytes = self.bytes.checked_sub(text.len()).ok_or(too_large)?;
        Ok(())
    }
}

/// A cell's text as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) text: Box<str>,
    /// A number or date, not a text.
    pub(super) number: bool,
    pub(super) bold: bool,
    /// The last column that the cell covers.
    pub(super) until: u32,
}

impl Cell {
    pub(super) fn new((row, column): (u32, u32), text: &str) -> Self {
        Self { row, column, text: text.into(), number: false, bold: false, until: column }
    }

    pub(super) fn spans(&self) -> bool {
        self.until > self.column
    }
}

/// Rows and columns from the first to the last, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

/// One sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    cells: Vec<Cell>,
    merged: Vec<Area>,
    /// Rows that the file itself marks as column headings: those of a filter, of a table, above a frozen pane.
    pub(super) heads: Vec<u32>,
    /// What stands beside the cells: notes, text boxes, titles of charts.
    pub(super) texts: Vec<String>,
}

impl Sheet {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    pub(super) fn push(&mut self, cell: Cell, budget: &mut Budget) -> Result<(), ExtractError> {
        if cell.text.trim().is_empty() {
            return Ok(());
        }
        budget.take(&cell.text)?;
        self.cells.push(cell);
        Ok(())
    }

    pub(super) fn head(&mut self, row: Option<u32>) {
        if self.heads.len() < MAX_HEADS {
            self.heads.extend(row);
        }
    }

    pub(super) fn merge(&mut self, area: Area) {
        if self.merged.len() < MAX_MERGED {
            self.merged.push(area);
        }
    }

    pub(super) fn note(&mut self, place: (u32, u32), author: &str, text: &str) {
        let author = author.trim();
        let text = text.trim();
        // Excel writes the author's name above the text as well.
        let text = text.strip_prefix(author).and_then(|rest| rest.strip_prefix(':')).unwrap_or(text).trim();
        if text.is_empty() {
            return;
        }
        let by = if author.is_empty() { String::new() } else { format!(", {author}") };
        self.texts.push(format!("{}{by}: {text}", cell_name(place)));
    }

    /// All cells by row and column, merged ones with their extent.
    pub(super) fn finish(&mut self, budget: &mut Budget) -> Result<Vec<Cell>, ExtractError> {
        let mut cells = std::mem::take(&mut self.cells);
        let place = |cell: &Cell| (cell.row, cell.column);
        cells.sort_by_key(place);
        cells.dedup_by(|next, first| place(next) == place(first));
        let mut repeated = Vec::new();
        for area in &self.merged {
            let Ok(index) = cells.binary_search_by_key(&(area.rows.0, area.columns.0), place) else { continue };
            let Some(cell) = cells.get_mut(index) else { continue };
            cell.until = area.columns.1.max(cell.until);
            let cell = cell.clone();
            let below = cells.get(index + 1..).unwrap_or_default();
            let mut next = below.partition_point(|c| c.row == area.rows.0);
            // Repeated beside what has cells of its own: those rows would miss their label.
            while let Some(row) = below.get(next).map(|c| c.row).filter(|row| *row <= area.rows.1) {
                budget.take(&cell.text)?;
                repeated.push(Cell { row, ..cell.clone() });
                next += below.get(next..).unwrap_or_default().partition_point(|c| c.row == row);
            }
        }
        cells.extend(repeated);
        cells.sort_by_key(place);
        cells.dedup_by(|next, first| place(next) == place(first));
        Ok(cells)
    }
}

/// "C7".
pub(super) fn cell_name((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row.saturating_add(1))
}

/// "C7" and "$C$7" to (6, 2).
pub(super) fn place(name: &str) -> Option<(u32, u32)> {
    let (mut column, mut row) = (0u32, 0u32);
    for c in name.chars().filter(|c| *c != '$') {
        if c.is_ascii_alphabetic() && row == 0 {
            column = column.checked_mul(26)?.checked_add(u32::from(c.to_ascii_uppercase()) - 64)?;
        } else {
            row = row.checked_mul(10)?.checked_add(c.to_digit(10)?)?;
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// "A1:C7", or a single cell.
pub(super) fn area(name: &str) -> Option<Area> {
    let (from, to) = name.split_once(':').unwrap_or((name, name));
    let (from, to) = (place(from)?, place(to)?);
    (from.0 <= to.0 && from.1 <= to.1).then_some(Area { rows: (from.0, to.0), columns: (from.1, to.1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("$XFD$1048576"), Some((1_048_575, 16_383)));
        assert_eq!([(0, 0), (6, 27), (0, 16_383)].map(cell_name), ["A1", "AB7", "XFD1"]);
        assert_eq!(area("B2:C4"), Some(Area { rows: (1, 3), columns: (1, 2) }));
        for bad in ["", "A", "7", "A0", "ZZZZZZZZZ9", "C7:A1", "A1B", "A99999999999"] {
            assert_eq!(area(bad), None, "{bad}");
        }
    }

    #[test]
    fn merged_cells_label_the_rows_beside_them() {
        let mut sheet = Sheet::new("S".into());
        let mut budget = Budget::default();
        for (place, text) in [((0, 0), "Staff"), ((0, 1), "A"), ((1, 1), "B"), ((3, 1), "C")] {
            sheet.push(Cell::new(place, text), &mut budget).unwrap();
        }
        sheet.merge(Area { rows: (0, 2), columns: (0, 0) });
        let cells = sheet.finish(&mut budget).unwrap();
        let found: Vec<(u32, &str)> = cells.iter().map(|c| (c.row, &*c.text)).collect();
        assert_eq!(found, [(0, "Staff"), (0, "A"), (1, "Staff"), (1, "B"), (3, "C")]);
    }

    #[test]
    fn cells_and_their_text_are_counted() {
        let mut budget = Budget { cells: 2, bytes: 5 };
        assert!(budget.take("abc").is_ok());
        assert!(matches!(budget.take("abc"), Err(ExtractError::TooLarge { .. })));
        assert!(matches!(budget.take(""), Err(ExtractError::TooManyCells { .. })));
    }
}
