//! Table rows: lines that stand beside each other, as programs draw them, cell by cell.

use super::{
    heads::{Look, Told, head_rows, is_sum},
    hyphens::Vocabulary,
    lines::Line,
};
use crate::table::{Cell, RowText, Table};

/// How far back the first line of a cell may be.
const LOOK_BACK: usize = 8;
/// Cells of a row stand on about the same height, in type sizes: figures in bold may be set a little higher.
const SAME_ROW: f64 = 0.45;
/// Longer "cells" are columns of text.
const MAX_CELL_LINES: usize = 10;
const MAX_CELL_CHARS: usize = 500;
/// Between a heading and the text behind it, in type sizes; columns stand further apart.
const RUN_IN_GAP: f64 = 1.5;

/// Parts of a line that is stretched to its margins: their least number, how much the gaps between them differ, and how
/// wide they get, in type sizes.
const MIN_STRETCHED: usize = 4;
const EVEN_GAPS: f64 = 1.3;
const SAME_GAPS: f64 = 1.05;
const MAX_STRETCH: f64 = 3.0;

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
    items.into_iter().flat_map(Item::unless_text).collect()
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
        if (before.y - line.y).abs() < SAME_ROW * line.size.max(before.size) {
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

    /// The column of each cell below these headings.
    fn columns(&self, head: &Self) -> Vec<usize> {
        self.cells.iter().enumerate().map(|(number, cell)| column(head, cell).unwrap_or(number)).collect()
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
        if (top.y - line.y).abs() < SAME_ROW * size && line.x0 > right + 0.4 * size {
            self.cells.push(vec![line.clone()]);
            return true;
        }
        // Figures may be drawn before what stands to their left.
        if (top.y - line.y).abs() < SAME_ROW * size
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

    /// A heading in bold type with its text behind it on the same line: the heading, and what follows. On a line that is
    /// stretched to its margins each word is a cell.
    pub(super) fn run_in(&self) -> Option<(Line, Vec<Line>)> {
        let is_bold = |cell: &&Vec<Line>| matches!(cell.as_slice(), [line] if line.bold);
        let (heading, text) = self.cells.split_at(self.cells.iter().take_while(is_bold).count());
        let (heading, first) = (joined(heading)?, joined_first(text)?);
        let near = first.x0 - heading.x1 < RUN_IN_GAP * heading.size;
        let even = self.cells.len() == 2 || self.gaps().is_some_and(|(_, most)| most < MAX_STRETCH * heading.size);
        let below = text.last().into_iter().flatten().skip(1).cloned();
        (near && even && !first.bold).then(|| (heading, std::iter::once(first).chain(below).collect()))
    }

    /// The narrowest and the widest between its cells.
    fn gaps(&self) -> Option<(f64, f64)> {
        let edges = |cell: &Vec<Line>| cell.first().map(|line| (line.x0, line.x1));
        let edges: Vec<(f64, f64)> = self.cells.iter().map(edges).collect::<Option<_>>()?;
        let gaps = edges.windows(2).map(|pair| pair[1].0 - pair[0].1);
        Some(gaps.fold((f64::MAX, 0.0), |(least, most), gap| (least.min(gap), most.max(gap))))
    }

    pub(super) fn is_far_below(&self, before: &Self) -> bool {
        let bottom = before.cells.iter().flatten().map(|line| line.y).fold(f64::MAX, f64::min);
        self.top().is_some_and(|top| bottom - top.y > 4.0 * top.size)
    }

    /// The line that it is if its cells are words that stand equally far apart.
    fn stretched(&self) -> Option<Line> {
        let line = joined(&self.cells)?;
        let (least, most) = self.gaps()?;
        let small = self.lines().filter(|line| line.text.starts_with(char::is_lowercase)).count();
        let even = |differ: f64| most <= differ * least && most <= MAX_STRETCH * line.size;
        let is_text = even(EVEN_GAPS) && small * 2 >= self.cells.len();
        // Headings are in capitals.
        let is_heading = even(SAME_GAPS) && self.cells.len() > MIN_STRETCHED && line.text.contains(char::is_alphabetic) && self.is_bold();
        (self.cells.len() >= MIN_STRETCHED && (is_text || is_heading)).then_some(line)
    }

    fn is_bold(&self) -> bool {
        self.cells.iter().flatten().all(|line| line.bold)
    }
}

/// Cells of one line each as that line.
fn joined(cells: &[Vec<Line>]) -> Option<Line> {
    if cells.iter().any(|cell| cell.len() != 1) {
        return None;
    }
    joined_first(cells)
}

/// The first line of each cell as one.
fn joined_first(cells: &[Vec<Line>]) -> Option<Line> {
    let lines: Vec<&Line> = cells.iter().filter_map(|cell| cell.first()).collect();
    let (first, last) = (*lines.first()?, *lines.last()?);
    Some(Line {
        text: lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" "),
        x1: last.x1,
        words: lines.iter().flat_map(|line| line.words.iter().cloned()).collect(),
        ..first.clone()
    })
}

impl Item {
    /// Columns of text look like a row of very long cells, and a line that is stretched to its margins like one of words.
    fn unless_text(self) -> Vec<Self> {
        let Self::Row(row) = &self else { return vec![self] };
        if let Some(line) = row.stretched() {
            return vec![Self::Line(line)];
        }
        let long = |cell: &Vec<Line>| cell.len() > MAX_CELL_LINES || cell.iter().map(|l| l.text.len()).sum::<usize>() > MAX_CELL_CHARS;
        if row.cells.iter().any(long) {
            return row.cells.iter().flatten().cloned().map(Item::Line).collect();
        }
        vec![self]
    }
}

/// Rows that follow each other, as lines of text. A first row in bold names the columns, if each cell has one of its own.
pub(super) fn texts(rows: &[Row], words: &Vocabulary) -> Vec<RowText> {
    let mut table = Table::default();
    let named = head_rows(&rows.iter().map(|row| Look::row(&row.cells)).collect::<Vec<_>>()) == (1, Told::ByLook);
    let is_head = |first: &&Row| named && rows.iter().skip(1).all(|row| row.columns(first).is_sorted_by(|a, b| a < b));
    let head = rows.first().filter(is_head);
    table.set_headed(head.is_some());
    for row in rows {
        let columns = head.map(|head| row.columns(head));
        let mut cells: Vec<Cell> = Vec::new();
        for (number, lines) in row.cells.iter().enumerate() {
            let column = columns.as_ref().map_or(number, |columns| columns[number]);
            cells.resize(cells.len().max(column), Cell::default());
            cells.push(Cell { text: words.joined(lines), columns: 1, rows: 1 });
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
    fn stretched_lines_are_no_rows() {
        let words = |words: &[(&str, f64)]| {
            let mut x = 0.0;
            let mut lines = Vec::new();
            for (text, gap) in words {
                lines.push(line(text, x + gap, 180.0));
                x += gap + 5.0 * text.len() as f64;
            }
            lines
        };
        let stretched = words(&[("tobacco", 0.0), ("company", 12.0), ("espousing", 12.0), ("CSR", 11.0), ("should", 12.0)]);
        assert!(matches!(group(&stretched).as_slice(), [Item::Line(line)] if line.text == "tobacco company espousing CSR should"));
        let cells = words(&[("full", 0.0), ("part", 12.0), ("none", 24.0), ("any", 12.0)]);
        assert!(matches!(group(&cells).as_slice(), [Item::Row(_)]));
    }

    #[test]
    fn columns_of_text_are_no_row() {
        let column = |x: f64| (0..20).map(move |i| line("some words of text", x, 180.0 - 12.0 * f64::from(i)));
        let lines: Vec<Line> = column(0.0).chain(column(200.0)).collect();
        assert!(group(&lines).iter().all(|item| matches!(item, Item::Line(_))));
    }
}
