//! The rows of tables that are drawn with rules.

use super::{
    grid::{Grid, Place},
    heads::{Edge, Head, Heads, Look, MAX_HEAD_ROWS, Told, head_rows, is_figure, join_labels},
    hyphens::Vocabulary,
    layout::Laid,
    lines::{Line, Word},
    rules::Color,
};
use crate::{
    BlockKind,
    table::{Cell, RowText, Table},
};

/// Lines within so many type sizes stand on the same height.
const SAME_HEIGHT: f64 = 0.3;
/// Longer cells that span rows are texts beside them.
const MAX_LABEL_CHARS: usize = 80;
/// Lines of one text are not further apart, in type sizes.
const NEXT_LINE: f64 = 2.0;
/// The same for cells of one row, which stand on one line.
const LEVEL: f64 = 0.15;
/// In each of the rows that are told by their figures alone.
const MIN_FIGURES: usize = 2;

/// Adds the table's rows to the blocks of the page, below its title if that stands in a row of its own.
pub(super) fn table<'l>(grid: &Grid, lines: impl Iterator<Item = &'l Line>, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) {
    let contents = contents(grid, lines);
    let turns = direction(&contents);
    let rows = if turns.is_multiple_of(2) { grid.rows() } else { grid.columns() };
    let turned = |place: &Place| turned(*place, turns, grid);
    let filled = contents.into_iter().zip(&grid.cells).enumerate();
    let filled = filled.map(|(at, (lines, place))| Filled { place: turned(place), lines: in_order(lines), shade: grid.shade(at) });
    let mut by_row: Vec<Vec<Filled>> = (0..rows).map(|_| Vec::new()).collect();
    let (tall, low): (Vec<Filled>, Vec<Filled>) = filled.partition(|cell| cell.place.rows > 1);
    low.into_iter().for_each(|cell| by_row[cell.place.row].push(cell));
    let tall: Vec<Filled> = tall.into_iter().flat_map(|cell| cell.by_row(&by_row)).collect();
    tall.into_iter().for_each(|cell| by_row[cell.place.row].push(cell));
    by_row.iter_mut().for_each(|row| row.sort_by_key(|cell| cell.place.column));
    let by_row = by_heights(by_row);

    let mut rest = by_row.as_slice();
    while let [first, below @ ..] = rest
        && let Some(title) = title(first, below)
    {
        blocks.extend(title.map(|cell| cell.laid(BlockKind::Paragraph, cell.text(words))));
        rest = below;
    }
    let edges = grid.edges(!turns.is_multiple_of(2));
    add_rows(rest, by_row.len() - rest.len(), edges, words, heads, blocks);
    heads.end(blocks);
}

/// The lines of each frame, in the order of reading.
pub(super) fn frames<'l>(grid: &Grid, lines: impl Iterator<Item = &'l Line>) -> Vec<Vec<Line>> {
    let contents = contents(grid, lines);
    let mut frames: Vec<(&Place, Vec<Line>)> = grid.cells.iter().zip(contents).collect();
    frames.sort_by_key(|(place, _)| (place.row, place.column));
    frames.into_iter().map(|(_, lines)| lines).collect()
}

/// The lines of each cell.
fn contents<'l>(grid: &Grid, lines: impl Iterator<Item = &'l Line>) -> Vec<Vec<Line>> {
    let mut contents: Vec<Vec<Line>> = vec![Vec::new(); grid.cells.len()];
    lines.filter_map(|line| Some((line.cell?.cell, line))).for_each(|(cell, line)| contents[cell].push(line.clone()));
    contents
}

/// A cell with its lines in the order of reading.
struct Filled {
    place: Place,
    lines: Vec<Line>,
    shade: Option<Color>,
}

impl Filled {
    fn text(&self, words: &Vocabulary) -> String {
        let mut text = String::new();
        let mut before: Option<&Line> = None;
        for line in &self.lines {
            match before {
                None => text.push_str(&line.text),
                Some(before) if same_height(before, line) => {
                    text.push(' ');
                    text.push_str(&line.text);
                }
                Some(_) => words.join(&mut text, &line.text),
            }
            before = Some(line);
        }
        text
    }

    /// Its parts, if it has a line for each of several rows that it reaches into: only a box around them.
    fn by_row(self, rows: &[Vec<Self>]) -> Vec<Self> {
        let beside = |line: &Line| {
            let on = |row: &usize| rows[*row].iter().flat_map(|cell| &cell.lines).any(|other| is_level(line, other));
            (self.place.row..self.place.row + self.place.rows).find(on)
        };
        let places: Vec<Option<usize>> = self.lines.iter().map(beside).collect();
        let mut found: Vec<usize> = places.iter().flatten().copied().collect();
        found.dedup();
        if found.len() < 2 || places.iter().any(Option::is_none) || !found.is_sorted() {
            return vec![self];
        }
        let part = |row: usize| {
            let lines = self.lines.iter().zip(&places).filter(|(_, place)| **place == Some(row)).map(|(line, _)| line.clone()).collect();
            Self { place: Place { row, rows: 1, ..self.place }, lines, shade: self.shade }
        };
        (self.place.row..self.place.row + self.place.rows).map(part).collect()
    }

    fn look(&self) -> Look<'_> {
        Look { column: self.place.column, columns: self.place.columns, lines: &self.lines, shade: self.shade }
    }

    fn words(&self) -> impl Iterator<Item = &Word> {
        self.lines.iter().flat_map(|line| &line.words)
    }

    fn is_bold(&self) -> bool {
        self.lines.iter().all(|line| line.bold || !line.text.contains(char::is_alphabetic))
    }

    /// Short enough, and close enough together, to be repeated in each of the rows that it stands beside.
    fn is_label(&self) -> bool {
        let is_near = |pair: &[Line]| pair[0].y - pair[1].y < NEXT_LINE * pair[1].size;
        self.lines.iter().map(|line| line.text.chars().count()).sum::<usize>() <= MAX_LABEL_CHARS && self.lines.windows(2).all(is_near)
    }

    fn laid(&self, kind: BlockKind, text: String) -> Laid {
        let (size, bold, turns) = self.lines.first().map_or((0.0, false, 0), |line| (line.size, self.is_bold(), line.turns));
        let words = self.words().cloned().collect();
        Laid { kind, text, cells: Vec::new(), words, size, bold, turns, lines: self.lines.len(), apart: true }
    }
}

/// The only cell with text in the row above the rows of several; `Some(None)` for a row without any.
fn title<'f>(row: &'f [Filled], below: &[Vec<Filled>]) -> Option<Option<&'f Filled>> {
    let mut filled = row.iter().filter(|cell| !cell.lines.is_empty());
    let (first, second) = (filled.next(), filled.next());
    let wide = |row: &Vec<Filled>| row.iter().filter(|cell| !cell.lines.is_empty()).count() > 1;
    let alone = second.is_none() && first.is_none_or(|cell| cell.place.rows == 1) && below.iter().any(wide);
    alone.then_some(first)
}

/// `first` is the number of the first row.
fn add_rows(rows: &[Vec<Filled>], first: usize, edges: Vec<Edge>, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) {
    let (head, told) = head(rows);
    let mut table = Table::default();
    let columns = rows.iter().flatten().map(|cell| cell.place.column + cell.place.columns).max().unwrap_or(0);
    let mut shown: Vec<Vec<&Filled>> = Vec::new();
    let own = (head > 0).then(|| {
        let (own, filled) = headings(&rows[..head], columns, told, words);
        shown.push(filled);
        own
    });
    heads.begin(&mut table, edges, own, blocks);
    // By their first column, those that reach into the row from above included.
    let mut standing: Vec<Option<&Filled>> = vec![None; columns];
    let below = first + head;
    let last = below + rows.len() - head;
    for (at, row) in (below..).zip(&rows[head..]) {
        row.iter().for_each(|cell| standing[cell.place.column] = Some(cell));
        standing.iter_mut().for_each(|place| *place = place.filter(|cell| cell.place.row + cell.place.rows > at));
        // Between rules without text, what reaches into the row would stand alone.
        if row.iter().all(|cell| cell.lines.is_empty()) {
            continue;
        }
        let spans_all = |cell: &Filled| cell.place.row == below && cell.place.row + cell.place.rows >= last;
        let is_shown = |cell: &Filled| cell.place.row == at || (cell.is_label() && !spans_all(cell));
        table.push_row(standing.iter().flatten().map(|cell| Cell {
            text: if is_shown(cell) { cell.text(words) } else { String::new() },
            columns: cell.place.columns,
            rows: 1,
        }));
        shown.push(standing.iter().flatten().copied().filter(|cell| is_shown(cell)).collect());
    }
    let rows = table.rows().zip(shown).filter(|(text, _)| !text.text.is_empty());
    let laid = |(number, (text, cells)): (usize, (RowText, Vec<&Filled>))| {
        let lines: Vec<&Line> = cells.iter().flat_map(|cell| &cell.lines).collect();
        Laid::row(text, &lines, number == 0)
    };
    blocks.extend(rows.enumerate().map(laid));
}

/// How many of the first rows hold the headings of the columns. Those that span rows belong to all of these.
fn head(rows: &[Vec<Filled>]) -> (usize, Told) {
    let looks: Vec<Vec<Look>> = rows.iter().map(|row| row.iter().map(Filled::look).collect()).collect();
    let (count, told) = head_rows(&looks);
    let reach = rows[..count].iter().enumerate().flat_map(|(at, row)| row.iter().map(move |cell| at + cell.place.rows)).max();
    let reach = reach.unwrap_or(0);
    let has_more = reach < rows.len() || reach == count;
    (if reach <= MAX_HEAD_ROWS && has_more { reach } else { 0 }, told)
}

/// One heading for each column, from those above each other.
fn headings<'f>(rows: &'f [Vec<Filled>], columns: usize, told: Told, words: &Vocabulary) -> (Head, Vec<&'f Filled>) {
    let reaches = |cell: &Filled, column: usize| (cell.place.column..cell.place.column + cell.place.columns).contains(&column);
    let above = |column: usize| rows.iter().flatten().filter(move |cell| reaches(cell, column));
    let texts = |column: usize| above(column).map(|cell| cell.text(words)).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let labels = (0..columns).map(|column| join_labels(&texts(column))).collect();
    // One row needs no heading twice.
    let (cells, filled) = if let [row] = rows {
        let cells = row.iter().map(|cell| Cell { text: cell.text(words), columns: cell.place.columns, rows: 1 });
        (cells.collect(), row.iter().collect())
    } else {
        let joined = |column: usize| Cell { text: texts(column).join(" "), columns: 1, rows: 1 };
        ((0..columns).map(joined).collect(), (0..columns).flat_map(above).collect())
    };
    (Head { told, cells, labels }, filled)
}

fn same_height(a: &Line, b: &Line) -> bool {
    (a.y - b.y).abs() < SAME_HEIGHT * a.size.max(b.size)
}

/// From the top to the bottom, and along each height.
fn in_order(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut at = 0;
    while at < lines.len() {
        let level = lines[at..].iter().take_while(|line| same_height(&lines[at], line)).count().max(1);
        lines[at..at + level].sort_by(|a, b| a.x0.total_cmp(&b.x0));
        at += level;
    }
    lines
}

/// On the same line, as cells of one row are.
fn is_level(a: &Line, b: &Line) -> bool {
    (a.y - b.y).abs() < LEVEL * a.size.max(b.size)
}

/// Rows of figures without rules between them are told by their heights.
fn by_heights(rows: Vec<Vec<Filled>>) -> Vec<Vec<Filled>> {
    let mut starts = Vec::with_capacity(rows.len() + 1);
    let mut found: Vec<Vec<Filled>> = Vec::with_capacity(rows.len());
    for row in rows {
        starts.push(found.len());
        found.extend(by_height(row));
    }
    starts.push(found.len());
    for (at, row) in found.iter_mut().enumerate() {
        for cell in row {
            if cell.place.rows > 1 {
                let end = starts.get(cell.place.row + cell.place.rows).copied().unwrap_or(at + 1);
                cell.place.rows = end.saturating_sub(at).max(1);
            }
            cell.place.row = at;
        }
    }
    found
}

/// A row of figures below each other, between which no rule is drawn, as the rows that it holds.
fn by_height(row: Vec<Filled>) -> Vec<Vec<Filled>> {
    let mut heights: Vec<&Line> = Vec::new();
    for line in row.iter().flat_map(|cell| &cell.lines) {
        if !heights.iter().any(|known| same_height(known, line)) {
            heights.push(line);
        }
    }
    let figures = |height: &&Line| {
        let own = || row.iter().skip(1).filter_map(|cell| cell.lines.iter().find(|line| is_level(height, line)));
        let figures = own().filter(|line| is_figure(&line.text)).count();
        figures >= MIN_FIGURES && figures * 2 > own().count()
    };
    if heights.len() < 2 || row.iter().any(|cell| cell.place.rows > 1) || !heights.iter().all(figures) {
        return vec![row];
    }
    heights.sort_by(|a, b| b.y.total_cmp(&a.y));
    let heights: Vec<f64> = heights.into_iter().map(|line| line.y).collect();
    let nearest = |line: &Line| (0..heights.len()).min_by(|a, b| (heights[*a] - line.y).abs().total_cmp(&(heights[*b] - line.y).abs()));
    let part = |at: usize| {
        let own = |cell: &Filled| cell.lines.iter().filter(|line| nearest(line) == Some(at)).cloned().collect();
        row.iter().map(|cell| Filled { place: cell.place, lines: own(cell), shade: cell.shade }).collect()
    };
    (0..heights.len()).map(part).collect()
}

/// Which way most of the text runs, in quarter turns against the clock.
fn direction(contents: &[Vec<Line>]) -> u8 {
    let mut chars = [0usize; 4];
    contents.iter().flatten().for_each(|line| chars[usize::from(line.turns % 4)] += line.text.len());
    (0u8..4).max_by_key(|turns| (chars[usize::from(*turns)], 4 - turns)).unwrap_or(0)
}

/// Where a cell is for someone who turns the page to read it.
fn turned(place: Place, turns: u8, grid: &Grid) -> Place {
    let Place { row, column, rows, columns } = place;
    let (from_bottom, from_right) = (grid.rows() - row - rows, grid.columns() - column - columns);
    match turns % 4 {
        0 => place,
        1 => Place { row: column, column: from_bottom, rows: columns, columns: rows },
        2 => Place { row: from_bottom, column: from_right, rows, columns },
        _ => Place { row: from_right, column: row, rows: columns, columns: rows },
    }
}
