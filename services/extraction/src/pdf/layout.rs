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
        let ends = at == lines.len() || separates(&lines[start..at], &lines[at], pitch, || leaves_room(&lines, at, &lines[start..at]));
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

/// Whether a new block begins with `next`, below the lines of the open one. `room`: its last line leaves room for the next one's first word.
fn separates(open: &[Line], next: &Line, pitch: f64, room: impl Fn() -> bool) -> bool {
    let ([first, ..], [.., last]) = (open, open) else { return false };
    let size = last.size.max(next.size);
    let step = gap(last, next);
    if last.turns != next.turns || (last.size / next.size - 1.0).abs() > 0.08 {
        return true;
    }
    let texts = || open.iter().map(|line| line.text.as_str());
    let runs_on = runs_on(texts(), &next.text);
    // A sentence may become bold in its midst. A line that ends early is a heading, unless it is long or an item.
    let is_sentence = || marked(&first.text) || has_words(texts(), CLAUSE_WORDS) || !room();
    if last.bold != next.bold && !(runs_on && is_sentence()) {
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
    // The sign of a note makes room between lines.
    let near = step <= 1.25 * pitch * size || (runs_on && step <= 2.0 * pitch * size && !room());
    !near || left_the_list || indented
}

/// Words of a line that are a sentence's beginning and not a label.
const SENTENCE_WORDS: usize = 3;
/// Of one that begins with a small letter, which an item of a list may do that has lost its marks.
const CLAUSE_WORDS: usize = 8;

/// Whether a sentence goes on from some lines to the next one, as far as words tell.
fn runs_on<'a>(open: impl DoubleEndedIterator<Item = &'a str> + Clone, next: &str) -> bool {
    let is_open = |last: &str| last.ends_with(|c: char| c.is_alphabetic() || matches!(c, ',' | ')' | '\u{2019}'));
    let is_small = open.clone().next().is_some_and(|first| first.starts_with(char::is_lowercase));
    next.starts_with(char::is_lowercase)
        && open.clone().next_back().is_some_and(is_open)
        && has_words(open, if is_small { CLAUSE_WORDS } else { SENTENCE_WORDS })
}

fn has_words<'a>(lines: impl Iterator<Item = &'a str>, least: usize) -> bool {
    // Not all of a long table of figures.
    lines.flat_map(str::split_whitespace).take(5 * least).filter(|word| word.contains(char::is_alphabetic)).take(least).count() == least
}

fn marked(text: &str) -> bool {
    is_list_item(text) || with_its_bullet(text).is_some()
}

/// The letters that the bullets of office programs are in text, being signs of a font of symbols.
const LETTERS_FOR_BULLETS: [(&str, char); 3] = [("o ", '◦'), ("\u{fc} ", '✓'), ("\u{d8} ", '➢')];

/// A line whose bullet came out as a letter, with the bullet.
fn with_its_bullet(text: &str) -> Option<String> {
    LETTERS_FOR_BULLETS.iter().find_map(|(letter, bullet)| {
        // "Ø 16 mm" is a diameter.
        let rest = text.strip_prefix(letter).filter(|rest| rest.starts_with(char::is_alphabetic))?;
        Some(format!("{bullet} {rest}"))
    })
}

fn block(lines: &[Line], range: std::ops::Range<usize>, words: &Vocabulary, apart: bool) -> Laid {
    let own = &lines[range.clone()];
    let mut text = String::new();
    for (offset, line) in own.iter().enumerate() {
        let at = range.start + offset;
        if offset == 0 {
            text.push_str(&line.text);
        } else if leaves_room(lines, at, own) && !runs_on(text.rsplit('\n').next().into_iter(), &line.text) {
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
    if kind == BlockKind::ListItem {
        text = with_its_bullet(&text).unwrap_or(text);
    }
    let (size, turns) = own.first().map_or((0.0, 0), |line| (line.size, line.turns));
    let bold = own.iter().all(|line| line.bold);
    let words = own.iter().flat_map(|line| line.words.iter().cloned()).collect();
    Laid { kind, text, cells: Vec::new(), words, size, bold, turns, lines: own.len(), apart }
}

/// Whether the line above `at` leaves room for the first word of this one: then its author broke it, or the words around the margin are long.
fn leaves_room(lines: &[Line], at: usize, own: &[Line]) -> bool {
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

    fn bold(mut line: Line) -> Line {
        line.bold = true;
        line
    }

    /// The next line's first word would have had room; the sentence goes on all the same.
    #[test]
    fn a_sentence_goes_on_over_a_line_that_ends_early() {
        let wide = line("This line shows how wide the text on this page is set, and it is wide.", 0.0, 250.0);
        let two = |above: &str, below: &str| laid(&[wide.clone(), line(above, 0.0, 200.0), line(below, 0.0, 188.0)])[1].1.clone();
        assert_eq!(two("Ragged lines leave room", "for a word."), "Ragged lines leave room for a word.");
        for (above, below) in [
            ("Ragged lines leave room.", "for a word."),
            ("Ragged lines leave room", "For a word."),
            ("Spheres, 29", "exotic, 30"),
            ("Knot", "tied, 30"),
            ("share passwords with others", "use private devices"),
        ] {
            assert_eq!(two(above, below), format!("{above}\n{below}"));
        }
    }

    #[test]
    fn a_sentence_may_become_bold_in_its_midst() {
        let paragraphs = |lines: &[Line]| laid(lines).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        let sentence = [
            line("Employees who travel for more than eight", 0.0, 200.0),
            bold(line("hours a day may be paid an allowance by", 0.0, 188.0)),
            line("the company.", 0.0, 176.0),
        ];
        assert_eq!(
            paragraphs(&sentence),
            ["Employees who travel for more than eight hours a day may be paid an allowance by the company."]
        );
        let item = [bold(line("3. Offer a secure option", 0.0, 200.0)), line("for all taxpayers. Offer proof.", 0.0, 188.0)];
        assert_eq!(paragraphs(&item), ["3. Offer a secure option for all taxpayers. Offer proof."]);
        let heading = [bold(line("Our objective is this", 0.0, 200.0)), line("describes what the company will do.", 0.0, 188.0)];
        assert_eq!(paragraphs(&heading).len(), 2);
    }

    /// The sign of a note makes room between two lines; above the rest of an indented list's sentence there is more as well.
    #[test]
    fn a_sentence_goes_on_over_a_somewhat_wider_gap() {
        let lines = |step: f64, second: &str| {
            let first: Vec<Line> =
                (0u8..6).map(|n| line("Text that is set at the usual distance.", 0.0, 300.0 - 12.0 * f64::from(n))).collect();
            let open = line("This goes on in the line below which is", 0.0, 200.0);
            let all: Vec<Line> = first.into_iter().chain([open, line(second, 0.0, 200.0 - step)]).collect();
            laid(&all).pop().unwrap().1
        };
        assert_eq!(lines(19.0, "farther away."), "This goes on in the line below which is farther away.");
        assert_eq!(lines(26.0, "farther away."), "farther away.");
        assert_eq!(lines(19.0, "Farther away."), "Farther away.");
    }

    #[test]
    fn letters_for_bullets_become_bullets() {
        let texts = laid(&[
            line("\u{fc} faster answers", 0.0, 200.0),
            line("\u{d8} fewer letters", 0.0, 188.0),
            line("\u{fc}ber alles", 0.0, 150.0),
        ]);
        let expected = [(BlockKind::ListItem, "✓ faster answers".into()), (BlockKind::ListItem, "➢ fewer letters".into())];
        assert_eq!(texts[..2], expected);
        assert_eq!(laid(&[line("\u{d8} 16 mm", 0.0, 200.0)])[0].1, "\u{d8} 16 mm");
        assert_eq!(texts[2], (BlockKind::Paragraph, "\u{fc}ber alles".into()));
    }
}
