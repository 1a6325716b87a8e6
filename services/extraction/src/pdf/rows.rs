//! Table rows: lines that stand beside each other, as programs draw them, cell by cell.

use super::{
    heads::is_sum,
    hyphens::Vocabulary,
    lines::{Line, Word},
};
use crate::table::{Cell, RowText, Table};

/// How far back the first line of a cell may be.
const LOOK_BACK: usize = 8;
/// Longer "cells" are columns of text.
const MAX_CELL_LINES: usize = 10;
const MAX_CELL_CHARS: usize = 500;
/// Of columns of text: fewer lines may be a table.
const MIN_COLUMN_LINES: usize = 6;
/// On average; cells are mostly shorter.
const MIN_LINE_CHARS: usize = 25;
/// A line that ends within so many type sizes of its column's edge fills it.
const FULL_LINE: f64 = 4.0;
/// Between a heading and the text behind it, in type sizes; columns stand further apart.
const RUN_IN_GAP: f64 = 1.5;

/// A line of running text, or a row of cells.
pub(super) enum Item {
    Line(Line),
    Row(Row),
}

pub(super) struct Row {
    cells: Vec<Vec<Line>>,
}

/// Finds the rows among lines in drawing order.
pub(super) fn group(lines: &[Line]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for line in lines {
        if let Some(Item::Row(row)) = items.last_mut()
            && row.takes(line)
        {
            continue;
        }
        match beside(&items, line) {
            Some(first) => {
                let cell = items.drain(first..).filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None }).collect();
                items.push(Item::Row(Row { cells: vec![cell, vec![line.clone()]] }));
            }
            None => items.push(Item::Line(line.clone())),
        }
    }
    items.into_iter().flat_map(Item::unless_columns).collect()
}

/// Where the cell begins that stands to the left of this line, if one does.
fn beside(items: &[Item], line: &Line) -> Option<usize> {
    let recent = items.len().saturating_sub(LOOK_BACK);
    for (at, item) in items.iter().enumerate().skip(recent).rev() {
        let Item::Line(before) = item else { return None };
        // All lines since then must stay out of this line's column.
        if before.turns != line.turns || before.x1 > line.x0 - 0.4 * line.size {
            return None;
        }
        if (before.y - line.y).abs() < 0.3 * line.size.max(before.size) {
            let inner = |item: &Item| matches!(item, Item::Line(inner) if inner.x0 > before.x0 - 0.5 * before.size);
            return items[at..].iter().all(inner).then_some(at);
        }
    }
    None
}

impl Row {
    #[cfg(test)]
    pub(super) fn of(cells: Vec<Vec<Line>>) -> Self {
        Self { cells }
    }

    /// A line between rows that is a row by itself.
    pub(super) fn of_line(line: Line) -> Self {
        Self { cells: vec![vec![line]] }
    }

    /// Of all cells.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.cells.iter().flatten()
    }

    /// Whether a line stands above its first cell like the first part of it.
    pub(super) fn goes_on_from(&self, line: &Line) -> bool {
        let Some(top) = self.top() else { return false };
        let (step, indent) = (line.y - top.y, (line.x0 - top.x0).abs());
        line.turns == top.turns
            && (0.5 * top.size..1.6 * top.size).contains(&step)
            && indent < 1.5 * top.size
            && top.text.starts_with(char::is_lowercase)
    }

    pub(super) fn put_above(&mut self, line: Line) {
        if let Some(cell) = self.cells.first_mut() {
            cell.insert(0, line);
        }
    }

    /// Whether a line stands near below it, and not further to the right.
    pub(super) fn is_above(&self, line: &Line) -> bool {
        let bottom = self.lines().map(|line| line.y).fold(f64::MAX, f64::min);
        let right = self.lines().map(|line| line.x1).fold(f64::MIN, f64::max);
        let Some(top) = self.top() else { return false };
        let step = bottom - line.y;
        line.turns == top.turns
            && (0.5 * line.size..2.5 * line.size).contains(&step)
            && (line.size / top.size - 1.0).abs() < 0.35
            && line.x1 < right + line.size
    }

    /// Whether a line stands near above it.
    pub(super) fn is_below(&self, line: &Line) -> bool {
        self.top().is_some_and(|top| (0.5 * line.size..2.5 * line.size).contains(&(line.y - top.y)))
    }

    /// A label with figures behind it.
    pub(super) fn is_sum(&self) -> bool {
        self.cells.split_first().is_some_and(|(first, rest)| is_sum(first, rest.iter().flatten()))
    }

    pub(super) fn is_wide(&self) -> bool {
        self.cells.len() > 1
    }

    fn top(&self) -> Option<&Line> {
        self.cells.first()?.first()
    }

    /// Takes a line that is the row's next cell, or the next line of its last cell.
    fn takes(&mut self, line: &Line) -> bool {
        let (Some(top), Some(cell)) = (self.top(), self.cells.last()) else { return false };
        let (Some(first), Some(last)) = (cell.first(), cell.last()) else { return false };
        let size = line.size.max(last.size);
        let right = cell.iter().map(|l| l.x1).fold(f64::MIN, f64::max);
        if line.turns != top.turns {
            return false;
        }
        if (top.y - line.y).abs() < 0.3 * size && line.x0 > right + 0.4 * size {
            self.cells.push(vec![line.clone()]);
            return true;
        }
        // Figures may be drawn before what stands to their left.
        if (top.y - line.y).abs() < 0.3 * size
            && let Some(at) = self.room(line)
        {
            self.cells.insert(at, vec![line.clone()]);
            return true;
        }
        let step = last.y - line.y;
        let below = step > 0.5 * size && step < 1.6 * size && (line.size / last.size - 1.0).abs() < 0.08;
        let under = line.x0 > first.x0 - 0.5 * size && line.x0 < right;
        if below && under {
            if let Some(cell) = self.cells.last_mut() {
                cell.push(line.clone());
            }
            return true;
        }
        false
    }

    /// Where a line fits between two cells.
    fn room(&self, line: &Line) -> Option<usize> {
        let (from, to) = (line.x0 - 0.4 * line.size, line.x1 + 0.4 * line.size);
        let clear = |pair: &[Vec<Line>]| pair[0].iter().all(|before| before.x1 < from) && pair[1].iter().all(|after| after.x0 > to);
        self.cells.windows(2).position(clear).map(|at| at + 1)
    }

    /// Of its first line, and whether all of it is bold.
    pub(super) fn type_size(&self) -> (f64, bool) {
        (self.top().map_or(0.0, |line| line.size), self.is_bold())
    }

    pub(super) fn turns(&self) -> u8 {
        self.top().map_or(0, |line| line.turns)
    }

    /// A heading in bold type with its text behind it on the same line: the heading, and what follows.
    pub(super) fn run_in(&self) -> Option<(&Line, &[Line])> {
        let [heading, text] = self.cells.as_slice() else { return None };
        let ([heading], [first, ..]) = (heading.as_slice(), text.as_slice()) else { return None };
        let near = first.x0 - heading.x1 < RUN_IN_GAP * heading.size;
        (heading.bold && !first.bold && near).then_some((heading, text))
    }

    pub(super) fn is_far_below(&self, before: &Self) -> bool {
        let bottom = before.cells.iter().flatten().map(|line| line.y).fold(f64::MAX, f64::min);
        self.top().is_some_and(|top| bottom - top.y > 4.0 * top.size)
    }

    pub(super) fn into_words(self) -> Vec<Word> {
        self.cells.into_iter().flatten().flat_map(|line| line.words).collect()
    }

    /// What stands on one side of a place: pieces of a line put together, and the lines below them.
    fn beside(&self, place: f64, right: bool) -> Vec<Line> {
        let cells = self.cells.iter().filter(|cell| cell.first().is_some_and(|line| (line.x0 > place) == right));
        let mut lines: Vec<Line> = Vec::new();
        for line in cells.flatten() {
            match lines.last_mut().filter(|last| (last.y - line.y).abs() < 0.3 * line.size) {
                Some(whole) => {
                    whole.text.push(' ');
                    whole.text.push_str(&line.text);
                    whole.x1 = whole.x1.max(line.x1);
                    whole.words.extend(line.words.iter().cloned());
                }
                None => lines.push(line.clone()),
            }
        }
        lines
    }

    fn is_bold(&self) -> bool {
        self.cells.iter().flatten().all(|line| line.bold)
    }
}

impl Item {
    /// Columns of text look like a row of very long cells.
    fn unless_columns(self) -> Vec<Self> {
        let Self::Row(row) = &self else { return vec![self] };
        let long = |cell: &Vec<Line>| cell.len() > MAX_CELL_LINES || cell.iter().map(|l| l.text.len()).sum::<usize>() > MAX_CELL_CHARS;
        if row.cells.iter().any(long) {
            return row.cells.iter().flatten().cloned().map(Item::Line).collect();
        }
        vec![self]
    }
}

/// The lines of columns of text that the page draws line by line across them, in the order of reading; `None` for a table.
///
/// Such "rows" are many, of one line each, and fill their columns from edge to edge, as cells do not.
pub(super) fn columns_of_text(rows: &[Row]) -> Option<Vec<Line>> {
    if rows.len() < MIN_COLUMN_LINES {
        return None;
    }
    let middle = gutter(rows)?;
    let side = |right: bool| rows.iter().flat_map(move |row| row.beside(middle, right));
    let (left, right): (Vec<Line>, Vec<Line>) = (side(false).collect(), side(true).collect());
    (fills_column(&left) && fills_column(&right)).then(|| [left, right].concat())
}

/// A place that lies between the cells of nearly all rows.
fn gutter(rows: &[Row]) -> Option<f64> {
    let gaps = |row: &Row| -> Vec<(f64, f64)> {
        let edge = |cell: &[Line]| (cell.iter().map(|l| l.x0).fold(f64::MAX, f64::min), cell.iter().map(|l| l.x1).fold(f64::MIN, f64::max));
        row.cells.windows(2).map(|pair| (edge(&pair[0]).1, edge(&pair[1]).0)).collect()
    };
    let all: Vec<Vec<(f64, f64)>> = rows.iter().map(gaps).collect();
    let within = |x: f64| all.iter().filter(|gaps| gaps.iter().any(|(from, to)| (*from..=*to).contains(&x))).count();
    // A few rows show where it may be.
    let middles = all.iter().take(MIN_COLUMN_LINES).flatten().map(|(from, to)| (from + to) / 2.0);
    middles.map(|x| (within(x), x)).max_by_key(|(count, _)| *count).filter(|(count, _)| count * 10 >= rows.len() * 8).map(|(_, x)| x)
}

fn fills_column(lines: &[Line]) -> bool {
    let edge = lines.iter().map(|line| line.x1).fold(f64::MIN, f64::max);
    let full = lines.iter().filter(|line| edge - line.x1 < FULL_LINE * line.size).count();
    let chars: usize = lines.iter().map(|line| line.text.chars().count()).sum();
    lines.len() >= MIN_COLUMN_LINES && full * 10 >= lines.len() * 6 && chars >= MIN_LINE_CHARS * lines.len()
}

/// Rows that follow each other, as lines of text. A first row in bold names the columns.
pub(super) fn texts(rows: &[Row], words: &Vocabulary) -> Vec<RowText> {
    let mut table = Table::default();
    let head = rows.first().filter(|first| first.is_bold() && rows.get(1).is_some_and(|second| !second.is_bold()));
    table.set_headed(head.is_some());
    for row in rows {
        let mut cells: Vec<Cell> = Vec::new();
        for lines in &row.cells {
            let mut text = String::new();
            for line in lines {
                if text.is_empty() { text.push_str(&line.text) } else { words.join(&mut text, &line.text) }
            }
            let column = head.and_then(|head| column(head, lines)).unwrap_or(cells.len());
            cells.resize(cells.len().max(column), Cell::default());
            cells.push(Cell { text, columns: 1, rows: 1 });
        }
        table.push_row(cells);
    }
    table.rows().collect()
}

/// The column whose heading begins, ends or has its middle nearest to where the cell does.
fn column(head: &Row, cell: &[Line]) -> Option<usize> {
    let edges = |lines: &[Line]| {
        let left = lines.iter().map(|l| l.x0).fold(f64::MAX, f64::min);
        let right = lines.iter().map(|l| l.x1).fold(f64::MIN, f64::max);
        [left, (left + right) / 2.0, right]
    };
    // Figures are set to the right below their heading, or in the middle.
    let apart = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(f64::MAX, f64::min);
    let distance = |heading: &[Line]| apart(edges(heading), edges(cell));
    head.cells.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f64, y: f64) -> Line {
        Line {
            text: text.into(),
            x0: x,
            x1: x + 5.0 * text.len() as f64,
            y,
            size: 10.0,
            bold: y > 190.0,
            turns: 0,
            words: Vec::new(),
            cell: None,
        }
    }

    #[test]
    fn cells_of_several_lines_make_one_row() {
        let lines = [
            line("Journey", 0.0, 200.0),
            line("Approver", 150.0, 200.0),
            line("Limit", 300.0, 200.0),
            line("Within the country", 0.0, 180.0),
            line("of the home office", 0.0, 168.0),
            line("Manager", 150.0, 180.0),
            line("EUR 750", 300.0, 180.0),
            line("Within Europe", 0.0, 150.0),
            line("Department", 150.0, 150.0),
            line("head", 150.0, 138.0),
            line("EUR 3,000", 300.0, 150.0),
            line("Text after it.", 0.0, 110.0),
        ];
        let items = group(&lines);
        assert!(matches!(items.last(), Some(Item::Line(_))));
        let rows: Vec<Row> = items.into_iter().filter_map(|i| if let Item::Row(row) = i { Some(row) } else { None }).collect();
        assert_eq!(
            texts(&rows, &Vocabulary::default()).into_iter().map(|row| row.text).collect::<Vec<_>>(),
            [
                "Journey | Approver | Limit",
                "Within the country of the home office | Approver: Manager | Limit: EUR 750",
                "Within Europe | Approver: Department head | Limit: EUR 3,000",
            ]
        );
    }

    #[test]
    fn columns_that_are_drawn_across_are_read_one_after_the_other() {
        let row = |i: u8| {
            let y = 180.0 - 12.0 * f64::from(i);
            [
                line(&format!("{i} left words fill the column wholly"), 0.0, y),
                line(&format!("{i} right words do the same with it"), 250.0, y),
            ]
        };
        let lines: Vec<Line> = (0..8).flat_map(row).collect();
        let rows: Vec<Row> = group(&lines).into_iter().filter_map(|i| if let Item::Row(row) = i { Some(row) } else { None }).collect();
        let read = columns_of_text(&rows).unwrap();
        assert!(read[..8].iter().all(|line| line.text.contains("left")) && read[8..].iter().all(|line| line.text.contains("right")));
        assert!(columns_of_text(&rows[..4]).is_none());
    }

    #[test]
    fn columns_of_text_are_no_row() {
        let column = |x: f64| (0..20).map(move |i| line("some words of text", x, 180.0 - 12.0 * f64::from(i)));
        let lines: Vec<Line> = column(0.0).chain(column(200.0)).collect();
        assert!(group(&lines).iter().all(|item| matches!(item, Item::Line(_))));
    }
}
