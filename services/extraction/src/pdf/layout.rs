//! Lines to paragraphs, list items and table rows.

use std::collections::HashSet;

use super::{
    columns,
    geometry::Rect,
    grid::{Grid, Kind},
    heads::Heads,
    hyphens::Vocabulary,
    lines::{Line, Word},
    rows::{self, Item, Row},
    ruled,
};
use crate::{BlockKind, CellRange, plain::is_list_item, table::RowText};

/// How far around a line its column's right edge is looked for.
const NEIGHBOURS: usize = 40;

/// Lines between rows that are rows of a single cell, and how long they are.
const MAX_BETWEEN: usize = 3;
const MAX_LABEL_CHARS: usize = 80;

/// A block on its way to the page, with the type it is set in.
#[derive(Clone, Debug)]
pub(super) struct Laid {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    /// Where the cells of a row stand in its text.
    pub(super) cells: Vec<CellRange>,
    /// In the order of the text.
    pub(super) words: Vec<Word>,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Which way its lines run, in quarter turns against the clock.
    pub(super) turns: u8,
    pub(super) lines: usize,
    /// A list or table of its own.
    pub(super) apart: bool,
}

impl Laid {
    /// A row of a table, with the lines that it is made of.
    pub(super) fn row(text: RowText, lines: &[&Line], apart: bool) -> Self {
        let kind = if text.head { BlockKind::TableHead } else { BlockKind::TableRow };
        let (size, turns) = lines.first().map_or((0.0, 0), |line| (line.size, line.turns));
        let bold = lines.iter().all(|line| line.bold);
        let words = lines.iter().flat_map(|line| line.words.iter().cloned()).collect();
        Self { kind, text: text.text, cells: text.cells, words, size, bold, turns, lines: 1, apart }
    }

    /// What was written onto the page.
    pub(super) fn comment(text: String, rect: Rect) -> Self {
        let words = vec![Word { text: text.clone(), rect, confidence: None }];
        Self { kind: BlockKind::Paragraph, text, cells: Vec::new(), words, size: 0.0, bold: false, turns: 0, lines: 1, apart: false }
    }
}

/// The blocks of a page. `heads` is handed from page to page.
pub(super) fn layout(lines: &[Line], grids: &[Grid], words: &Vocabulary, heads: &mut Heads) -> Vec<Laid> {
    let pitch = pitch(lines);
    let mut blocks = Vec::new();
    let mut flow: Vec<Line> = Vec::new();
    let mut done: HashSet<usize> = HashSet::new();
    for line in lines {
        let Some((number, grid)) = line.cell.and_then(|id| Some((id.grid, grids.get(id.grid)?))) else {
            flow.push(line.clone());
            continue;
        };
        // The whole table stands where its first line does.
        if done.insert(number) {
            text(&std::mem::take(&mut flow), pitch, words, heads, &mut blocks);
            let own = lines.iter().filter(|line| line.cell.is_some_and(|id| id.grid == number));
            if grid.kind == Kind::Frames {
                ruled::frames(grid, own).iter().for_each(|lines| text(lines, pitch, words, heads, &mut blocks));
            } else {
                ruled::table(grid, own, words, heads, &mut blocks);
            }
        }
    }
    text(&flow, pitch, words, heads, &mut blocks);
    heads.turn_page(&blocks);
    blocks
}

/// Text without rules: paragraphs, list items, and the rows that stand in it.
fn text(lines: &[Line], pitch: f64, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>) {
    let mut running: Vec<Line> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    // Below a row: another one with a single cell, or text after the table.
    let mut below: Vec<Line> = Vec::new();
    for item in rows::group(lines) {
        match item {
            Item::Line(line) => {
                let near = below.last().map_or_else(
                    || rows.last().is_some_and(|row| row.is_above(&line)),
                    |last| Row::of_line(last.clone()).is_above(&line) || rows.last().is_some_and(|row| row.is_above(&line)),
                );
                let fits = near && below.len() < MAX_BETWEEN && line.text.chars().count() <= MAX_LABEL_CHARS;
                if fits {
                    below.push(line);
                } else {
                    table(&mut rows, words, heads, blocks, &mut running);
                    running.append(&mut below);
                    running.push(line);
                }
            }
            Item::Row(mut row) => {
                if let Some(line) = below.pop_if(|line| row.goes_on_from(line)) {
                    row.put_above(line);
                }
                let goes_on = below.last().is_none_or(|last| row.is_below(last)) && !below.iter().any(|line| marked(&line.text));
                if goes_on {
                    rows.extend(below.drain(..).map(Row::of_line));
                } else {
                    table(&mut rows, words, heads, blocks, &mut running);
                    running.append(&mut below);
                }
                paragraphs(&mut running, pitch, words, blocks);
                // Headings of columns begin a table of their own, and so does what stands far below.
                let is_head = |last: &Row| row.type_size().1 && !last.type_size().1 && row.is_wide() && last.is_wide() && !row.is_sum();
                let is_title = |last: &Row| row.type_size().1 && row.type_size().0 > 1.12 * last.type_size().0;
                if rows.last().is_some_and(|last| is_head(last) || is_title(last) || row.is_far_below(last)) {
                    table(&mut rows, words, heads, blocks, &mut running);
                    paragraphs(&mut running, pitch, words, blocks);
                }
                rows.push(row);
            }
        }
    }
    table(&mut rows, words, heads, blocks, &mut running);
    running.append(&mut below);
    paragraphs(&mut running, pitch, words, blocks);
}

/// Rows that follow each other become a table; a heading with its text on the same line goes on as `running` text.
fn table(rows: &mut Vec<Row>, words: &Vocabulary, heads: &mut Heads, blocks: &mut Vec<Laid>, running: &mut Vec<Line>) {
    if let [row] = rows.as_slice()
        && let Some((heading, text)) = row.run_in()
    {
        let heading = block(&[heading], 0..1, words, true);
        // Its end, if it has lines of its own.
        let goes_on = |last: &&mut Laid| {
            let same_type = last.bold && (last.size / heading.size - 1.0).abs() < 0.08;
            same_type && (last.text.ends_with('-') || heading.text.starts_with(char::is_lowercase))
        };
        match blocks.last_mut().filter(goes_on) {
            Some(last) => {
                words.join(&mut last.text, &heading.text);
                last.words.extend(heading.words);
            }
            None => blocks.push(heading),
        }
        running.extend(text);
        rows.clear();
        return;
    }
    if columns::table(rows, words, heads, blocks) {
        rows.clear();
        return;
    }
    let texts = rows::texts(rows, words);
    for (number, (row, text)) in rows.drain(..).zip(texts).enumerate() {
        blocks.push(Laid::row(text, &row.lines().collect::<Vec<_>>(), number == 0));
    }
}

fn paragraphs(running: &mut Vec<Line>, pitch: f64, words: &Vocabulary, blocks: &mut Vec<Laid>) {
    let lines = std::mem::take(running);
    let mut start = 0;
    for at in 1..=lines.len() {
        let ends = lines.get(at).is_none_or(|line| separates(&lines[start], &lines[at - 1], line, pitch));
        if ends && start < lines.len() {
            let wide = start == 0 || gap(&lines[start - 1], &lines[start]) > 1.8 * pitch * lines[start].size;
            blocks.push(block(&lines, start..at, words, wide));
            start = at;
        }
    }
}

/// The usual distance of lines within a paragraph, in type sizes.
fn pitch(lines: &[Line]) -> f64 {
    let same = |a: &Line, b: &Line| a.turns == b.turns && (a.size / b.size - 1.0).abs() < 0.08;
    let mut steps: Vec<f64> =
        lines.windows(2).filter(|p| same(&p[0], &p[1])).map(|p| gap(&p[0], &p[1]) / p[1].size).filter(|s| (0.8..2.6).contains(s)).collect();
    steps.sort_by(f64::total_cmp);
    // A few lines don't show whether they are set wide or are paragraphs of their own.
    let widest = if steps.len() < 4 { 1.5 } else { 2.6 };
    steps.get(steps.len() / 4).copied().unwrap_or(1.2).min(widest)
}

fn gap(before: &Line, after: &Line) -> f64 {
    before.y - after.y
}

/// Whether a new block begins with `next`; `first` and `last` are the first and last line of the open one.
fn separates(first: &Line, last: &Line, next: &Line, pitch: f64) -> bool {
    let size = last.size.max(next.size);
    let step = gap(last, next);
    if last.turns != next.turns || (last.size / next.size - 1.0).abs() > 0.08 || last.bold != next.bold {
        return true;
    }
    if marked(&next.text) || step.abs() < 0.3 * size {
        return true;
    }
    if step < 0.0 {
        // The next column, or a cell: only a sentence that goes on goes on there.
        return !next.text.starts_with(char::is_lowercase) || last.text.ends_with(['.', ':', '!', '?']);
    }
    // Unless only the first line of an item is indented.
    let ends = !next.text.starts_with(char::is_lowercase) || last.text.ends_with(['.', ';', ':', '!', '?']);
    let left_the_list = marked(&first.text) && next.x0 < first.x0 - 0.5 * size && ends;
    let indented = !marked(&first.text) && next.x0 > last.x0 + 8.0 * size;
    step > 1.25 * pitch * size || left_the_list || indented
}

fn marked(text: &str) -> bool {
    is_list_item(text) || text.strip_prefix("o ").is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

fn block(lines: &[Line], range: std::ops::Range<usize>, words: &Vocabulary, apart: bool) -> Laid {
    let own = &lines[range.clone()];
    let mut text = String::new();
    for (offset, line) in own.iter().enumerate() {
        let at = range.start + offset;
        if offset == 0 {
            text.push_str(&line.text);
        } else if ended_on_purpose(lines, at, own) {
            text.push('\n');
            text.push_str(&line.text);
        } else {
            words.join(&mut text, &line.text);
        }
    }
    let kind = match own {
        [line, ..] if marked(&line.text) => BlockKind::ListItem,
        _ => BlockKind::Paragraph,
    };
    if kind == BlockKind::ListItem
        && let Some(rest) = text.strip_prefix("o ")
    {
        text = format!("◦ {rest}");
    }
    let (size, bold, turns) = own.first().map_or((0.0, false, 0), |l| (l.size, l.bold, l.turns));
    let words = own.iter().flat_map(|line| line.words.iter().cloned()).collect();
    Laid { kind, text, cells: Vec::new(), words, size, bold, turns, lines: own.len(), apart }
}

/// A line that leaves room for the next line's first word was broken by its author, not by the margin.
fn ended_on_purpose(lines: &[Line], at: usize, own: &[Line]) -> bool {
    let (Some(before), Some(line)) = (at.checked_sub(1).and_then(|b| lines.get(b)), lines.get(at)) else { return false };
    let chars = line.text.chars().count().max(1) as f64;
    let first_word = line.text.split_whitespace().next().map_or(0, |w| w.chars().count()) as f64;
    let needed = (line.x1 - line.x0) / chars * (first_word + 1.0);
    right_edge(lines, at - 1, own) - before.x1 > needed + 0.8 * line.size && !before.text.ends_with('-')
}

fn right_edge(lines: &[Line], at: usize, own: &[Line]) -> f64 {
    let own_edge = own.iter().map(|l| l.x1).fold(f64::MIN, f64::max);
    let own_width = own_edge - own.iter().map(|l| l.x0).fold(f64::MAX, f64::min);
    // A paragraph of several lines that are about equally long shows its own edge.
    let long = own.iter().filter(|l| own_edge - l.x1 < 0.12 * own_width).count();
    if own.len() >= 4 && long * 10 >= own.len() * 6 {
        return own_edge;
    }
    let line = &lines[at];
    let near = lines.iter().take(at + NEIGHBOURS).skip(at.saturating_sub(NEIGHBOURS));
    let same = |l: &&Line| l.turns == line.turns && (l.x0 - line.x0).abs() < 3.0 * line.size && (l.size / line.size - 1.0).abs() < 0.15;
    near.filter(same).map(|l| l.x1).fold(own_edge, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x: f64, y: f64) -> Line {
        Line {
            text: text.into(),
            x0: x,
            x1: x + 5.0 * text.chars().count() as f64,
            y,
            size: 10.0,
            bold: false,
            turns: 0,
            words: Vec::new(),
            cell: None,
        }
    }

    fn laid(lines: &[Line]) -> Vec<(BlockKind, String)> {
        layout(lines, &[], &Vocabulary::of(lines.iter()), &mut Heads::default()).into_iter().map(|b| (b.kind, b.text)).collect()
    }

    #[test]
    fn paragraphs_lists_and_rows() {
        use BlockKind::{ListItem, Paragraph, TableRow};
        let lines = [
            line("Employees who travel for more than eight", 0.0, 200.0),
            line("hours a day receive an allowance.", 0.0, 188.0),
            line("Next paragraph after a gap.", 0.0, 164.0),
            line("• one item that is long enough to be", 10.0, 152.0),
            line("wrapped at its end", 20.0, 140.0),
            line("o two", 10.0, 128.0),
            line("Leave", 0.0, 104.0),
            line("25", 80.0, 104.0),
        ];
        assert_eq!(
            laid(&lines),
            [
                (Paragraph, "Employees who travel for more than eight hours a day receive an allowance.".into()),
                (Paragraph, "Next paragraph after a gap.".into()),
                (ListItem, "• one item that is long enough to be wrapped at its end".into()),
                (ListItem, "◦ two".into()),
                (TableRow, "Leave | 25".into()),
            ]
        );
    }

    #[test]
    fn lines_broken_on_purpose_stay_lines() {
        let lines = [
            line("Title: Chief Officer", 0.0, 200.0),
            line("Company: Contoso", 0.0, 188.0),
            line("This line shows how wide the text on this page is set.", 0.0, 150.0),
        ];
        assert_eq!(laid(&lines)[0].1, "Title: Chief Officer\nCompany: Contoso");
    }
}
