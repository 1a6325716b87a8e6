//! A table as lines of text: each row can be read, and quoted, by itself.

use super::{CellRange, clean, page::MAX_TEXT_BYTES};

/// Longer column headings are sentences, not labels: repeated in each row they would hide it.
pub(crate) const MAX_LABEL_CHARS: usize = 40;
/// No real table is wider; a hostile one must not multiply its cells.
const MAX_COLUMNS: usize = 200;
/// Cells that span rows are repeated in each; a hostile table must not fill the memory so.
const MAX_BYTES: usize = 2 * MAX_TEXT_BYTES;

/// A cell with its extent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// From 1.
    pub(crate) columns: usize,
    /// From 1.
    pub(crate) rows: usize,
}

/// Rows of cells on a grid; spanning cells are repeated below, so that no row misses its label.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    headed: bool,
    caption: Option<String>,
    /// What the columns are called in each row, if that is not what the first row says.
    labels: Option<Vec<String>>,
    /// Cells that reach into the next rows: column, columns, rows left, text.
    reaching: Vec<(usize, usize, usize, String)>,
    /// Of all rows in the memory.
    bytes: usize,
}

impl Table {
    /// Whether the first row holds the column headings.
    pub(crate) fn set_headed(&mut self, headed: bool) {
        self.headed = headed;
    }

    /// Names the columns otherwise than the first row does: more shortly, or without one that holds headings.
    pub(crate) fn set_labels(&mut self, labels: Vec<String>) {
        self.labels = Some(labels);
    }

    pub(crate) fn set_caption(&mut self, caption: String) {
        self.caption = Some(caption);
    }

    pub(crate) fn caption(&self) -> Option<&str> {
        self.caption.as_deref()
    }

    pub(crate) fn push_row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        if self.is_full() {
            return;
        }
        let mut row: Vec<Option<String>> = Vec::new();
        let put = |row: &mut Vec<Option<String>>, column: usize, text: String| {
            if column < MAX_COLUMNS {
                row.resize(row.len().max(column + 1), None);
                row[column] = Some(text);
            }
        };
        for (column, columns, left, text) in &mut self.reaching {
            put(&mut row, *column, text.clone());
            (1..*columns).for_each(|i| put(&mut row, *column + i, String::new()));
            *left -= 1;
        }
        let mut started = Vec::new();
        let mut column = 0;
        for cell in cells {
            while row.get(column).is_some_and(Option::is_some) {
                column += 1;
            }
            let text = clean::line(&cell.text);
            let columns = cell.columns.clamp(1, MAX_COLUMNS);
            if cell.rows > 1 && column < MAX_COLUMNS {
                started.push((column, columns, cell.rows.min(1000) - 1, text.clone()));
            }
            put(&mut row, column, text);
            (1..columns).for_each(|i| put(&mut row, column + i, String::new()));
            column += columns;
        }
        self.reaching.retain(|(_, _, left, _)| *left > 0);
        self.reaching.extend(started);
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        self.bytes += row.iter().map(|cell| cell.len() + size_of::<String>()).sum::<usize>();
        self.rows.push(row);
    }

    /// It has more rows than it takes.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes > MAX_BYTES
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text of the cell above the one that would come next: for formats that merge downwards.
    pub(crate) fn above(&self, column: usize) -> String {
        self.rows.last().and_then(|row| row.get(column)).cloned().unwrap_or_default()
    }

    /// One line a row: "Annual leave | Days: 25 | Notice: 2 weeks" below the row of headings, else "a | b | c".
    pub(crate) fn rows(&self) -> impl Iterator<Item = RowText> {
        let wide = self.rows.iter().any(|row| row.iter().filter(|c| !c.is_empty()).count() > 1);
        let head = self.rows.first().filter(|_| self.headed && wide && self.rows.len() > 1);
        let labels = self.labels.as_ref().filter(|_| wide).or(head);
        self.rows.iter().enumerate().map(move |(number, row)| {
            let mut text = RowText { head: head.is_some() && number == 0, ..RowText::default() };
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let label = labels.filter(|_| !text.head && column > 0).and_then(|labels| labels.get(column));
                text.push(column, label.map(|l| l.trim_end_matches(':')), cell);
            }
            text
        })
    }
}

/// A row as a line of text, and where its cells are in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowText {
    /// Holds the headings of the columns.
    pub(crate) head: bool,
    pub(crate) text: String,
    pub(crate) cells: Vec<CellRange>,
}

impl RowText {
    fn push(&mut self, column: usize, label: Option<&str>, cell: &str) {
        if !self.text.is_empty() {
            self.text.push_str(" | ");
        }
        if let Some(label) = label.filter(|l| !l.is_empty() && *l != cell && l.chars().count() <= MAX_LABEL_CHARS) {
            self.text.push_str(label);
            self.text.push_str(": ");
        }
        let start = self.text.len();
        self.text.push_str(cell);
        self.cells.push(CellRange { column, range: start..self.text.len() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|t| Cell { text: (*t).to_owned(), columns: 1, rows: 1 }).collect()
    }

    fn lines(table: &Table) -> Vec<String> {
        table.rows().map(|row| row.text).collect()
    }

    #[test]
    fn rows_carry_their_column_headings() {
        let mut table = Table::default();
        table.set_headed(true);
        for row in [["Leave", "Days", "Notice"], ["Annual", "25", ""], ["Study", "5", "2\nweeks"]] {
            table.push_row(cells(&row));
        }
        assert_eq!(lines(&table), ["Leave | Days | Notice", "Annual | Days: 25", "Study | Days: 5 | Notice: 2 weeks"]);
    }

    #[test]
    fn cells_are_where_the_row_says() {
        let mut table = Table::default();
        table.set_headed(true);
        for row in [["Leave", "Days", "Notice"], ["Annual", "", "2 weeks"]] {
            table.push_row(cells(&row));
        }
        let rows: Vec<RowText> = table.rows().collect();
        let found: Vec<(usize, &str)> = rows[1].cells.iter().map(|c| (c.column, &rows[1].text[c.range.clone()])).collect();
        assert_eq!((rows[0].head, rows[1].head), (true, false));
        assert_eq!(found, [(0, "Annual"), (2, "2 weeks")]);
    }

    #[test]
    fn without_headings_cells_are_joined() {
        let mut table = Table::default();
        table.push_row(cells(&["Owner", "HR"]));
        table.push_row(cells(&["Version", "2.1"]));
        assert_eq!(lines(&table), ["Owner | HR", "Version | 2.1"]);
    }

    #[test]
    fn spanning_cells_keep_the_columns_in_place() {
        let mut table = Table::default();
        table.set_headed(true);
        table.push_row(cells(&["Group", "Class", "Limit"]));
        let group = Cell { text: "Staff".into(), columns: 1, rows: 2 };
        table.push_row([vec![group], cells(&["A", "10"])].concat());
        table.push_row(cells(&["B", "20"]));
        table.push_row([Cell { text: "All".into(), columns: 2, rows: 1 }, Cell { text: "30".into(), columns: 1, rows: 1 }]);
        assert_eq!(lines(&table)[1..], ["Staff | Class: A | Limit: 10", "Staff | Class: B | Limit: 20", "All | Limit: 30"]);
    }

    #[test]
    fn hostile_extents_are_bounded() {
        let mut table = Table::default();
        table.push_row([Cell { text: "x".into(), columns: usize::MAX, rows: usize::MAX }]);
        table.push_row(cells(&["y"; 5000]));
        assert_eq!(lines(&table).len(), 2);
    }
}
