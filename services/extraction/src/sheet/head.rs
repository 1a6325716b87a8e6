//! Tells whether the first row of a block of cells holds the headings of its columns.

use super::grid::Cell;

/// Longer texts are content.
const MAX_HEAD_CHARS: usize = 60;
/// Rows of groups above the headings.
const MAX_GROUPS: usize = 2;
/// Rows that are looked at below the first.
const SAMPLE: usize = 50;

type Row<'c> = Vec<&'c Cell>;

/// How many rows are headings: more than one where the upper ones group columns of the last.
pub(super) fn rows(rows: &[Row<'_>], marked: &[u32]) -> usize {
    let Some((first, below)) = rows.split_first().filter(|(_, below)| !below.is_empty()) else { return 0 };
    let is_marked = |row: &Row<'_>| row.first().is_some_and(|cell| marked.contains(&cell.row));
    if first.iter().any(|cell| cell.spans()) && names(first) {
        // Groups of columns, and their columns below; the group may itself be two rows high.
        let grouped = |(above, row): &(&Row<'_>, &Row<'_>)| above.iter().any(|cell| cell.spans()) && row.len() > 1 && names(row);
        let groups = rows.iter().zip(below).take(MAX_GROUPS).take_while(grouped).count();
        if groups > 0 && groups < below.len() {
            return groups + 1;
        }
    }
    if first.len() < 2 || !(is_marked(first) || names(first)) {
        return 0;
    }
    let distinct = first.iter().enumerate().all(|(i, a)| first.iter().take(i.min(SAMPLE)).all(|b| a.text != b.text));
    let widest = below.iter().take(SAMPLE).map(Vec::len).max().unwrap_or(0).max(first.len());
    if !distinct || first.len() * 3 < widest * 2 {
        return usize::from(is_marked(first));
    }
    let stands_out = first.iter().all(|cell| cell.bold) && below.first().is_some_and(|second| second.iter().any(|cell| !cell.bold));
    let evident = is_marked(first) || stands_out || first.len() >= 3 || numbers_below(first, below);
    usize::from(evident)
}

/// Short texts, or years, that could be names of columns.
fn names(row: &Row<'_>) -> bool {
    let is_year = |cell: &&Cell| cell.text.parse().is_ok_and(|year: u32| (1900..2100).contains(&year));
    let is_name = |cell: &&Cell| cell.text.chars().count() <= MAX_HEAD_CHARS && (!cell.number || is_year(cell));
    let texts = row.iter().filter(|cell| !cell.number).count();
    // "Owner:" names the cell beside it.
    texts > 0 && row.iter().all(is_name) && !row.first().is_some_and(|cell| row.len() == 2 && cell.text.trim_end().ends_with(':'))
}

/// Nothing but numbers stand below a text.
fn numbers_below(first: &Row<'_>, below: &[Row<'_>]) -> bool {
    first.iter().skip(1).filter(|head| !head.number).any(|head| {
        let mut cells = below.iter().take(SAMPLE).flatten().filter(|cell| cell.column == head.column).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.number)
    })
}

/// The headings as one row: each group stands before the columns that it spans. None where the heading is that of the
/// column to the left, because both are merged.
pub(super) fn joined(rows: &[Row<'_>], column: u32) -> String {
    let covering = |column: u32| {
        rows.iter().map(move |row| {
            let next = row.partition_point(|cell| cell.column <= column);
            next.checked_sub(1).and_then(|index| row.get(index)).filter(|cell| cell.until >= column)
        })
    };
    let place = |cell: &&Cell| (cell.row, cell.column);
    if column.checked_sub(1).is_some_and(|left| covering(left).map(|c| c.map(place)).eq(covering(column).map(|c| c.map(place)))) {
        return String::new();
    }
    let mut parts: Vec<&str> = Vec::new();
    for cell in covering(column).flatten() {
        if parts.last() != Some(&&*cell.text) {
            parts.push(&cell.text);
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(texts: &[&[&str]]) -> usize {
        let cell = |row: usize, column: usize, text: &str| {
            let (row, column) = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
            Cell { number: text.parse::<f64>().is_ok(), ..Cell::new((row, column), text) }
        };
        let cells: Vec<Vec<Cell>> =
            texts.iter().enumerate().map(|(r, row)| row.iter().enumerate().map(|(c, text)| cell(r, c, text)).collect()).collect();
        let table: Vec<Row<'_>> = cells.iter().map(|row| row.iter().collect()).collect();
        rows(&table, &[])
    }

    #[test]
    fn headings_are_told_from_content() {
        assert_eq!(head(&[&["Leave", "Days"], &["Annual", "25"], &["Study", "5"]]), 1);
        assert_eq!(head(&[&["Leave", "Days", "Notice"], &["Annual", "all", "none"]]), 1);
        assert_eq!(head(&[&["Item", "2023", "2024"], &["Sales", "5", "6"]]), 1);
        assert_eq!(head(&[&["Owner", "HR"], &["Version", "second"], &["Place", "Leeds"]]), 0);
        assert_eq!(head(&[&["Owner:", "HR"], &["Version:", "2"]]), 0);
        assert_eq!(head(&[&["Annual", "25"], &["Study", "5"]]), 0);
        assert_eq!(head(&[&["a", "a", "b"], &["1", "2", "3"]]), 0);
        assert_eq!(head(&[&["Leave", "Days"]]), 0);
    }
}
