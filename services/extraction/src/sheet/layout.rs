//! A sheet's cells as blocks of text: titles, tables with their headings, single cells.

use std::ops::RangeInclusive;

use super::{
    blocks::{Block, blocks},
    grid::{Cell, Sheet},
    head,
};
use crate::{
    BlockKind,
    page::PageBuilder,
    table::{self, Table},
};

/// Texts of this length in a column are paragraphs, shorter ones the lines of a list.
const PARAGRAPH_CHARS: usize = 80;
/// Longer texts are remarks that need the room of several columns.
const REPEATED_CHARS: usize = 30;
/// A table of [`Table`] holds its cells on a grid, so that a long one is given to it in parts.
const ROWS_AT_ONCE: usize = 500;
/// As many columns as [`Table`] takes.
const COLUMNS_AT_ONCE: u32 = 200;

/// The headings of a table, for the part of it that a blank row separates.
struct Above<'c> {
    heads: Vec<Vec<&'c Cell>>,
    columns: RangeInclusive<u32>,
    last_row: u32,
}

pub(super) fn write(sheet: &Sheet, cells: &[Cell], page: &mut PageBuilder) {
    let mut above: Option<Above<'_>> = None;
    for block in blocks(cells).into_iter().flat_map(|block| block.at_heads(&sheet.heads)) {
        let (titles, body) = without_titles(block);
        for title in titles {
            page.push(BlockKind::Paragraph, &title.text);
        }
        if body.is_table() {
            above = Some(table(&body, above, &sheet.heads, page));
        } else {
            column(&body, page);
        }
    }
    for text in &sheet.texts {
        page.push(BlockKind::Paragraph, text);
    }
}

/// All cells as one table, whatever is blank between them.
pub(super) fn write_as_one(cells: &[Cell], page: &mut PageBuilder) {
    let rows = cells.chunk_by(|a, b| a.row == b.row).map(|row| row.iter().collect()).collect();
    let block = Block { rows, columns: 0..=cells.iter().map(|cell| cell.column).max().unwrap_or(0) };
    if block.is_table() {
        table(&block, None, &[], page);
    } else {
        column(&block, page);
    }
}

/// Lines of one cell above a table are its titles.
fn without_titles(mut block: Block<'_>) -> (Vec<&Cell>, Block<'_>) {
    let titles = block.rows.iter().take_while(|row| row.first().is_some_and(|cell| row.len() == 1 && !cell.number)).count();
    if !block.is_table() {
        return (Vec::new(), block);
    }
    let body = block.rows.split_off(titles);
    (block.rows.into_iter().flatten().collect(), Block { rows: body, columns: block.columns })
}

fn column(block: &Block<'_>, page: &mut PageBuilder) {
    let cells: Vec<&Cell> = block.rows.iter().flatten().copied().collect();
    if cells.len() == 1 || cells.iter().any(|cell| cell.text.chars().count() > PARAGRAPH_CHARS) {
        cells.iter().for_each(|cell| page.push(BlockKind::Paragraph, &cell.text));
        return;
    }
    let mut table = Table::default();
    cells.iter().for_each(|cell| table.push_row([table_cell(&cell.text)]));
    page.push_table(&table);
}

fn table<'c>(block: &Block<'c>, above: Option<Above<'c>>, marked: &[u32], page: &mut PageBuilder) -> Above<'c> {
    let own = head::rows(&block.rows, marked);
    let within = |columns: &RangeInclusive<u32>| columns.start() == block.columns.start() && columns.end() >= block.columns.end();
    let above = above.filter(|above| own == 0 && within(&above.columns) && block.first_row() == above.last_row + 2);
    let (own_heads, rows) = block.rows.split_at_checked(own).unwrap_or_default();
    let continued = above.is_some();
    let (heads, columns) = above.map_or((own_heads.to_vec(), block.columns.clone()), |above| (above.heads, above.columns));
    let mut first = *columns.start();
    while first <= *columns.end() {
        let last = first.saturating_add(COLUMNS_AT_ONCE - 1).min(*columns.end());
        part(&heads, rows, (first, last), continued, page);
        first = last.saturating_add(1);
    }
    Above { heads, columns, last_row: block.last_row() }
}

/// Some columns of a table.
fn part(heads: &[Vec<&Cell>], rows: &[Vec<&Cell>], (first, last): (u32, u32), continued: bool, page: &mut PageBuilder) {
    let labels: Vec<table::Cell> = match heads {
        [] => Vec::new(),
        heads => (first..=last).map(|column| table_cell(&head::joined(heads, column))).collect(),
    };
    let begins = |row: &[&Cell]| row.partition_point(|cell| cell.column < first);
    let rows: Vec<&Vec<&Cell>> = rows.iter().filter(|row| row.get(begins(row)).is_some_and(|cell| cell.column <= last)).collect();
    page.apart();
    // The headings stand even where there is nothing below them.
    let chunks = if rows.is_empty() { vec![rows.as_slice()] } else { rows.chunks(ROWS_AT_ONCE).collect() };
    for (index, chunk) in chunks.into_iter().enumerate() {
        let mut table = Table::default();
        if !labels.is_empty() {
            table.set_headed(true);
            table.push_row(labels.clone());
        }
        for row in chunk {
            table.push_row(row_cells(row.get(begins(row)..).unwrap_or_default(), (first, last), &labels));
        }
        let shown = !labels.is_empty() && (index > 0 || continued);
        table.rows().skip(usize::from(shown)).for_each(|row| page.push_row(&row));
    }
    page.apart();
}

/// The cells of a row up to a column, with empty ones where it has none.
fn row_cells(row: &[&Cell], (first, last): (u32, u32), labels: &[table::Cell]) -> Vec<table::Cell> {
    let is_named = |column: u32| {
        let label = usize::try_from(column - first).ok().and_then(|index| labels.get(index));
        label.is_some_and(|label| !label.text.is_empty())
    };
    let mut cells = Vec::new();
    let mut next = first;
    for cell in row.iter().take_while(|cell| cell.column <= last) {
        cells.extend((next..cell.column).map(|_| table_cell("")));
        cells.push(table_cell(&cell.text));
        next = cell.column.saturating_add(1);
        // A value merged over several columns holds for each of them.
        if row.len() > 1 && cell.text.chars().count() <= REPEATED_CHARS {
            let repeated = |column| table_cell(if is_named(column) { &cell.text } else { "" });
            cells.extend((next..=cell.until.min(last)).map(repeated));
            next = next.max(cell.until.min(last).saturating_add(1));
        }
    }
    cells
}

fn table_cell(text: &str) -> table::Cell {
    table::Cell { text: text.to_owned(), columns: 1, rows: 1 }
}

#[cfg(test)]
mod tests {
    use super::{
        super::grid::{Area, Budget},
        *,
    };

    fn text(rows: &[&[&str]], merged: &[Area]) -> String {
        let mut sheet = Sheet::new("S".into());
        let mut budget = Budget::default();
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                let place = (u32::try_from(r).unwrap(), u32::try_from(c).unwrap());
                let cell = Cell { number: text.parse::<f64>().is_ok(), ..Cell::new(place, text) };
                sheet.push(cell, &mut budget).unwrap();
            }
        }
        merged.iter().for_each(|area| sheet.merge(*area));
        let cells = sheet.finish(&mut budget).unwrap();
        let mut page = PageBuilder::default();
        write(&sheet, &cells, &mut page);
        page.finish(1, None).unwrap().text
    }

    #[test]
    fn a_title_a_table_and_a_remark() {
        let rows: &[&[&str]] = &[&["Leave in 2024"], &["Leave", "Days"], &["Annual", "25"], &["Study", "5"], &[], &["", "Ask HR."]];
        assert_eq!(text(rows, &[]), "Leave in 2024\n\nLeave | Days\nAnnual | Days: 25\nStudy | Days: 5\n\nAsk HR.");
    }

    #[test]
    fn headings_hold_below_a_blank_row() {
        let rows: &[&[&str]] = &[&["Leave", "Days"], &["Annual", "25"], &[], &["Study", "5"]];
        assert_eq!(text(rows, &[]), "Leave | Days\nAnnual | Days: 25\n\nStudy | Days: 5");
    }

    #[test]
    fn grouped_headings_are_joined() {
        let rows: &[&[&str]] = &[&["Office", "Days", ""], &["", "2023", "2024"], &["Leeds", "25", "26"], &["York", "24", "25"]];
        let merged = [Area { rows: (0, 0), columns: (1, 2) }, Area { rows: (0, 1), columns: (0, 0) }];
        assert!(text(rows, &merged).ends_with("Leeds | Days 2023: 25 | Days 2024: 26\nYork | Days 2023: 24 | Days 2024: 25"));
    }
}
