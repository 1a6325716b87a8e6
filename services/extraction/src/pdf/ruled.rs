//! The rows of tables that are drawn with rules.

use super::{
    grid::{Grid, Place},
    heads::{Edge, Heads, join_labels},
    hyphens::Vocabulary,
    layout::Laid,
    lines::{Line, Word},
};
use crate::{
    BlockKind,
    table::{Cell, Table},
};

/// Lines within so many type sizes stand on the same height.
const SAME_HEIGHT: f64 = 0.3;
/// Longer cells that span rows are texts beside them.
const MAX_LABEL_CHARS: usize = 80;
/// Lines of one text are not further apart, in type sizes.
const NEXT_LINE: f64 = 2.0;
/// Rows that headings of columns may take.
const MAX_HEAD_ROWS: usize = 3;

/// Adds the table's rows to the blocks of the page, below its title if that stands in a row of its own.
pub(super) fn table<'l>(grid: &Grid, lines: impl Iterator<Item = &'l Line>, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) {
    let mut contents: Vec<Vec<Line>> = vec![Vec::new(); grid.cells.len()];
    lines.filter_map(|line| Some((line.cell?.cell, line))).for_each(|(cell, line)| contents[cell].push(line.clone()));
    let turns = direction(&contents);
    let (rows, columns) = if turns.is_multiple_of(2) { (grid.rows(), grid.columns()) } else { (grid.columns(), grid.rows()) };
    let turned = |place: &Place| turned(*place, turns, grid);
    let filled = contents.into_iter().zip(&grid.cells).map(|(lines, place)| Filled { place: turned(place), lines: in_order(lines) });
    let mut by_row: Vec<Vec<Filled>> = (0..rows).map(|_| Vec::new()).collect();
    filled.for_each(|cell| by_row[cell.place.row].push(cell));
    by_row.iter_mut().for_each(|row| row.sort_by_key(|cell| cell.place.column));

    let mut rest = by_row.as_slice();
    while let [first, below @ ..] = rest
        && let Some(title) = title(first, columns)
    {
        blocks.extend(title.map(|cell| cell.laid(BlockKind::Paragraph, cell.text(words))));
        rest = below;
    }
    let edges = grid.edges(!turns.is_multiple_of(2));
    add_rows(rest, edges, words, heads, blocks);
    heads.end(blocks);
}

/// The lines of each frame, in the order of reading.
pub(super) fn frames<'l>(grid: &Grid, lines: impl Iterator<Item = &'l Line>) -> Vec<Vec<Line>> {
    let mut contents: Vec<Vec<Line>> = vec![Vec::new(); grid.cells.len()];
    lines.filter_map(|line| Some((line.cell?.cell, line))).for_each(|(cell, line)| contents[cell].push(line.clone()));
    let mut frames: Vec<(&Place, Vec<Line>)> = grid.cells.iter().zip(contents).collect();
    frames.sort_by_key(|(place, _)| (place.row, place.column));
    frames.into_iter().map(|(_, lines)| lines).collect()
}

/// A cell with its lines in the order of reading.
struct Filled {
    place: Place,
    lines: Vec<Line>,
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

/// A row that is one cell from edge to edge, above the rows of several; with nothing in it, there is no title.
fn title(row: &[Filled], columns: usize) -> Option<Option<&Filled>> {
    let [cell] = row else { return row.is_empty().then_some(None) };
    (cell.place.columns == columns && cell.place.rows == 1).then(|| Some(cell).filter(|cell| !cell.lines.is_empty()))
}

fn add_rows(rows: &[Vec<Filled>], edges: Vec<Edge>, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) {
    let head = head(rows);
    let mut table = Table::default();
    let columns = rows.iter().flatten().map(|cell| cell.place.column + cell.place.columns).max().unwrap_or(0);
    let mut shown: Vec<Vec<&Filled>> = Vec::new();
    let own = (head > 0).then(|| {
        let (cells, filled) = headings(&rows[..head], columns, words);
        shown.push(filled);
        cells
    });
    let known = heads.begin(&mut table, edges, own, blocks);
    // By their first column, those that reach into the row from above included.
    let mut standing: Vec<Option<&Filled>> = vec![None; columns];
    let below = rows.get(head).and_then(|row| row.first()).map_or(0, |cell| cell.place.row);
    let last = below + rows.len() - head;
    for (at, row) in (below..).zip(&rows[head..]) {
        row.iter().for_each(|cell| standing[cell.place.column] = Some(cell));
        standing.iter_mut().for_each(|place| *place = place.filter(|cell| cell.place.row + cell.place.rows > at));
        let spans_all = |cell: &Filled| cell.place.row == below && cell.place.row + cell.place.rows >= last;
        let is_shown = |cell: &Filled| cell.place.row == at || (cell.is_label() && !spans_all(cell));
        table.push_row(standing.iter().flatten().map(|cell| Cell {
            text: if is_shown(cell) { cell.text(words) } else { String::new() },
            columns: cell.place.columns,
            rows: 1,
        }));
        shown.push(standing.iter().flatten().copied().filter(|cell| is_shown(cell)).collect());
    }
    let first = blocks.len();
    for (text, cells) in table.rows().skip(known).zip(shown).filter(|(text, _)| !text.text.is_empty()) {
        let kind = if text.head { BlockKind::TableHead } else { BlockKind::TableRow };
        let line = cells.iter().find_map(|cell| cell.lines.first());
        let (size, turns) = line.map_or((0.0, 0), |line| (line.size, line.turns));
        let bold = cells.iter().all(|cell| cell.is_bold());
        let words = cells.iter().flat_map(|cell| cell.words().cloned()).collect();
        blocks.push(Laid { kind, text: text.text, cells: text.cells, words, size, bold, turns, lines: 1, apart: blocks.len() == first });
    }
}

/// How many of the first rows hold the headings of the columns: those in bold above others that are not.
fn head(rows: &[Vec<Filled>]) -> usize {
    let bold = |row: &Vec<Filled>| row.iter().all(Filled::is_bold) && row.iter().any(|cell| !cell.lines.is_empty());
    let Some(first) = rows.first().filter(|first| bold(first)) else { return 0 };
    let tall = first.iter().map(|cell| cell.place.rows).max().unwrap_or(1);
    let plain_below = rows.iter().skip(tall).any(|row| !bold(row) && row.iter().any(|cell| !cell.lines.is_empty()));
    if plain_below && tall <= MAX_HEAD_ROWS && tall < rows.len() { tall } else { 0 }
}

/// One heading for each column, from those above each other.
fn headings<'f>(rows: &'f [Vec<Filled>], columns: usize, words: &Vocabulary) -> (Vec<Cell>, Vec<&'f Filled>) {
    let above = |column: usize| {
        rows.iter().flatten().filter(move |cell| (cell.place.column..cell.place.column + cell.place.columns).contains(&column))
    };
    let text = |column: usize| {
        let texts: Vec<String> = above(column).map(|cell| cell.text(words)).filter(|text| !text.is_empty()).collect();
        Cell { text: join_labels(&texts), columns: 1, rows: 1 }
    };
    // One row needs no heading twice.
    if let [row] = rows {
        let cells = row.iter().map(|cell| Cell { text: cell.text(words), columns: cell.place.columns, rows: 1 });
        return (cells.collect(), row.iter().collect());
    }
    ((0..columns).map(text).collect(), (0..columns).flat_map(above).collect())
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
