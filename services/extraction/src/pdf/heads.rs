//! Headings of columns that hold beyond the rows below them: over a gap, and on the next page.

use std::collections::{BTreeMap, BTreeSet};

use super::{layout::Laid, lines::Line, rules::Color};
use crate::{
    BlockKind,
    table::{Cell, MAX_LABEL_CHARS, Table},
};

/// Between two parts of a table there is no more than headers and footers: so many blocks, of so many characters.
const MAX_BLOCKS: usize = 3;
const MAX_CHARS: usize = 160;
/// Rows that headings of columns may take.
pub(super) const MAX_HEAD_ROWS: usize = 3;
const MAX_UNIT_CHARS: usize = 10;
/// Fewer don't make a column of figures.
const MIN_FIGURES: usize = 2;

/// Between which places, in points, a column ends.
pub(super) type Edge = (f64, f64);

/// The headings of a table's columns.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) told: Told,
    /// All that stands above the columns.
    pub(super) cells: Vec<Cell>,
    /// What is repeated of it in each row.
    pub(super) labels: Vec<String>,
}

/// What the columns of the last table are called, and where they are.
#[derive(Default)]
pub(super) struct Heads {
    known: Option<(Vec<Edge>, Vec<String>)>,
    /// Blocks of the page, of which the last one is of that table.
    seen: usize,
}

impl Heads {
    /// Begins a table with columns at these edges: with the headings of its own, or with those of the table that it goes on.
    pub(super) fn begin(&mut self, table: &mut Table, edges: Vec<Edge>, own: Option<Head>, blocks: &[Laid]) {
        let is_near = are_few(blocks.get(self.seen..).unwrap_or_default()) && (self.seen == 0 || self.seen == blocks.len());
        self.known = self.known.take().filter(|(known, _)| is_near && are_same(known, &edges));
        let goes_on = self.known.is_some();
        if let Some(Head { told, cells, labels }) = own {
            table.push_row(cells);
            if told == Told::ByLook || !goes_on {
                table.set_headed(true);
                self.known = Some((edges, labels));
            }
        }
        if let Some((_, labels)) = &self.known {
            table.set_labels(labels.clone());
        }
    }

    /// The table ends with the last of these blocks.
    pub(super) fn end(&mut self, blocks: &[Laid]) {
        self.seen = blocks.len();
    }

    /// Only a table at the end of the page goes on on the next.
    pub(super) fn turn_page(&mut self, blocks: &[Laid]) {
        if self.seen == 0 || !are_few(blocks.get(self.seen..).unwrap_or_default()) {
            self.known = None;
        }
        self.seen = 0;
    }
}

/// Whether the same columns could have both edges.
fn are_same(known: &[Edge], edges: &[Edge]) -> bool {
    known.len() == edges.len() && known.iter().zip(edges).all(|(a, b)| a.0 <= b.1 && b.0 <= a.1)
}

fn are_few(blocks: &[Laid]) -> bool {
    let is_short = |block: &Laid| block.kind != BlockKind::TableRow && block.text.chars().count() <= MAX_CHARS;
    blocks.len() <= MAX_BLOCKS && blocks.iter().all(is_short)
}

/// Headings that stand above each other as one; only the lowest ones if that is too long to be repeated in each row.
pub(super) fn join_labels(labels: &[String]) -> String {
    let joined = |from: usize| labels[from..].join(" ");
    let fits = |from: &usize| joined(*from).chars().count() <= MAX_LABEL_CHARS;
    joined((0..labels.len()).find(fits).unwrap_or(0))
}

/// A cell, as far as it shows whether it is a heading.
pub(super) struct Look<'l> {
    pub(super) column: usize,
    /// That it spans.
    pub(super) columns: usize,
    pub(super) lines: &'l [Line],
    /// What it is painted with.
    pub(super) shade: Option<Color>,
}

impl<'l> Look<'l> {
    /// Cells in the order of their columns.
    pub(super) fn row(cells: &'l [Vec<Line>]) -> Vec<Self> {
        cells.iter().enumerate().map(|(column, lines)| Self { column, columns: 1, lines, shade: None }).collect()
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Signs and figures may be set otherwise.
    fn is_bold(&self) -> bool {
        self.lines.iter().all(|line| line.bold || !line.text.contains(char::is_alphabetic))
    }

    fn has_bold(&self) -> bool {
        self.lines.iter().any(|line| line.bold)
    }

    fn is_figure(&self) -> bool {
        let counts = |c: char| c.is_ascii_digit() || "-\u{2013}\u{2014}\u{2212}".contains(c);
        !self.is_empty() && self.lines.iter().all(|line| is_figure(&line.text) && line.text.contains(counts))
    }

    fn is_year(&self) -> bool {
        !self.is_empty() && self.lines.iter().all(|line| is_year(&line.text))
    }

    /// Short enough to be repeated in each row.
    fn is_short(&self) -> bool {
        self.lines.iter().map(|line| line.text.chars().count() + 1).sum::<usize>() <= MAX_LABEL_CHARS + 1
    }
}

/// How many of the first rows hold the headings of the columns, and by what they can be told.
pub(super) fn head_rows(rows: &[Vec<Look<'_>>]) -> (usize, Told) {
    let checked = |count: usize| {
        let wide = rows.iter().take(count).any(|row| row.iter().filter(|cell| !cell.is_empty()).count() > 1);
        // The rows below may stand outside of the rules.
        let has_more = count < rows.len() || rows.last().is_some_and(|row| are_units(row));
        if count <= MAX_HEAD_ROWS && has_more && wide { count } else { 0 }
    };
    let with_units = |count: usize| count + rows[count..].iter().take_while(|row| count > 0 && are_units(row)).count();
    let by_type = checked(with_units(leading(rows, |row| row.iter().all(Look::is_bold) && row.iter().any(Look::has_bold))));
    if by_type > 0 {
        return (by_type, Told::ByLook);
    }
    let by_shade = checked(with_units(shaded(rows)));
    if by_shade > 0 { (by_shade, Told::ByLook) } else { (checked(above_figures(rows)), Told::ByFigures) }
}

/// Whether a row says what the figures below it are counted in: "$m", "%", "R'000".
fn are_units(row: &[Look<'_>]) -> bool {
    let mut texts = row.iter().filter(|cell| cell.column > 0).flat_map(|cell| cell.lines).map(|line| line.text.as_str()).peekable();
    let is_unit =
        |text: &str| text.chars().count() <= MAX_UNIT_CHARS && (text.contains(['$', '€', '£', '¥', '₹', '%']) || text.contains("000"));
    let is_amount = |text: &str| is_figure(text) && text.contains(|c: char| c.is_ascii_digit());
    texts.peek().is_some() && texts.all(|text| is_unit(text) && !is_amount(text))
}

/// How many of the first rows are such rows, and could be headings. Below them there may be the name of a group.
fn leading(rows: &[Vec<Look<'_>>], is_such: impl Fn(&[Look<'_>]) -> bool) -> usize {
    let columns = rows.iter().flatten().map(|cell| cell.column + cell.columns).max().unwrap_or(0);
    let spans_all = |cell: &Look<'_>| cell.columns > 1 && cell.columns == columns;
    let names_a_group = |row: &Vec<Look<'_>>| row.iter().filter(|cell| !cell.is_empty()).all(spans_all);
    rows.iter().take_while(|row| is_such(row) && may_head(row) && !names_a_group(row)).count()
}

/// What shows that rows are headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// They are set, or painted, otherwise than the rows below them.
    ByLook,
    /// They are words above figures. Weaker: headings from the page before are preferred.
    ByFigures,
}

/// How many of the first rows are painted as no other row is.
fn shaded(rows: &[Vec<Look<'_>>]) -> usize {
    let filled = |row: &[Look<'_>]| row.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.shade).collect::<Vec<_>>();
    let Some(shade) = rows.first().and_then(|row| filled(row).first().copied().flatten()) else { return 0 };
    let count = leading(rows, |row| filled(row).iter().all(|own| *own == Some(shade)));
    if rows[count..].iter().any(|row| filled(row).contains(&Some(shade))) { 0 } else { count }
}

/// How many of the first rows are words above columns of figures.
fn above_figures(rows: &[Vec<Look<'_>>]) -> usize {
    let has_figures = |row: &Vec<Look<'_>>| row.iter().any(|cell| cell.is_figure() && !cell.is_year());
    let above = rows.iter().take(2 * MAX_HEAD_ROWS).take_while(|row| !has_figures(row)).count();
    let (heads, body) = rows.split_at(above);
    // Of each column: how many cells there are, and how many of them are figures.
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for cell in body.iter().flatten().filter(|cell| cell.column > 0 && !cell.is_empty()) {
        let (cells, figures) = counts.entry(cell.column).or_default();
        *cells += 1;
        *figures += usize::from(cell.is_figure());
    }
    let of_figures = |(cells, figures): &(usize, usize)| *figures >= MIN_FIGURES && figures * 4 >= cells * 3 && figures * 2 >= body.len();
    let figures: BTreeSet<usize> = counts.iter().filter(|(_, counts)| of_figures(counts)).map(|(column, _)| *column).collect();
    let named = |row: &Vec<Look<'_>>| row.iter().filter(|cell| !cell.is_empty()).map(|cell| cell.column).collect::<BTreeSet<usize>>();
    // Below the headings there may be a row with the name of a group.
    let count = heads.iter().rposition(|row| !named(row).is_disjoint(&figures)).map_or(0, |at| at + 1);
    let all_named = figures.is_subset(&heads[..count].iter().flat_map(named).collect());
    let short = heads[..count].iter().flatten().all(Look::is_short);
    if !figures.is_empty() && all_named && short && heads[..count].iter().all(|row| may_head(row)) { count } else { 0 }
}

/// Whether the cells of a row may be headings: figures are none, but for years, nor are sums or lines of a table of contents.
fn may_head(row: &[Look<'_>]) -> bool {
    let texts: Vec<&str> = row.iter().flat_map(|cell| cell.lines).map(|line| line.text.as_str()).collect();
    let figures = texts.iter().filter(|text| is_figure(text) && !is_year(text)).count();
    let leads = |text: &&str| text.contains(" \u{2026}") || text.ends_with('\u{2026}');
    let is_sum = row.split_first().is_some_and(|(first, rest)| is_sum(first.lines, rest.iter().flat_map(|cell| cell.lines)));
    let says = texts.iter().any(|text| text.contains(char::is_alphanumeric));
    says && figures * 2 < texts.len() && !texts.iter().any(leads) && !is_sum
}

/// A label with figures behind it, which may be bold without being a heading. Years head columns.
pub(super) fn is_sum<'l>(first: &'l [Line], rest: impl Iterator<Item = &'l Line>) -> bool {
    let figures: Vec<&str> = rest.map(|line| line.text.as_str()).collect();
    first.iter().any(|line| line.text.contains(char::is_alphabetic))
        && !figures.is_empty()
        && figures.iter().all(|text| is_figure(text))
        && !figures.iter().all(|text| is_year(text))
}

/// A number, with its currency and sign, or what stands where there is none.
pub(super) fn is_figure(text: &str) -> bool {
    let signs = "0123456789.,'()+-\u{2013}\u{2014}\u{2212}%$\u{20ac}\u{a3}\u{a5}*/ \u{a0}";
    text.chars().all(|c| signs.contains(c))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, bold: bool) -> Vec<Line> {
        let text = text.to_owned();
        if text.is_empty() {
            return Vec::new();
        }
        vec![Line { text, x0: 0.0, x1: 0.0, y: 0.0, size: 10.0, bold, turns: 0, words: Vec::new(), cell: None }]
    }

    fn told(rows: &[Vec<Vec<Line>>], shades: &[Option<Color>]) -> (usize, Told) {
        let shade = |at: usize| shades.get(at).copied().flatten();
        let look = |at: usize, row| Look::row(row).into_iter().map(|cell| Look { shade: shade(at), ..cell }).collect::<Vec<_>>();
        head_rows(&rows.iter().enumerate().map(|(at, row)| look(at, row)).collect::<Vec<_>>())
    }

    fn table(rows: &[&str], bold: usize) -> Vec<Vec<Vec<Line>>> {
        let cells = |(at, row): (usize, &&str)| row.split('|').map(|cell| line(cell.trim(), at < bold)).collect();
        rows.iter().enumerate().map(cells).collect()
    }

    #[test]
    fn type_shade_and_figures_tell_headings() {
        let rows = ["Item | 2022 | 2023", "| $m | $m", "Rent | 10 | 12", "Power | 3 | 4"];
        assert_eq!(told(&table(&rows, 1), &[]), (2, Told::ByLook));
        assert_eq!(told(&table(&rows, 0), &[]), (2, Told::ByFigures));
        let words = ["Task | Owner", "Review | HR", "Approval | Legal"];
        assert_eq!(told(&table(&words, 0), &[]).0, 0);
        let (blue, grey) = (Some((0, 0, 90)), Some((230, 230, 230)));
        assert_eq!(told(&table(&words, 0), &[blue, None, grey]), (1, Told::ByLook));
        // Every other row is grey: the first is one of them.
        assert_eq!(told(&table(&words, 0), &[grey, None, grey]).0, 0);
    }

    #[test]
    fn names_of_groups_and_first_rows_of_figures_are_no_headings() {
        assert_eq!(told(&table(&["Rent | 10 | 12", "Power | 3 | 4", "Water | 1 | 1"], 0), &[]).0, 0);
        assert_eq!(told(&table(&["Cost | 2022", "Offices |", "Rent | 10", "Power | 3"], 0), &[]), (1, Told::ByFigures));
        // A table of contents: its numbers stand first.
        assert_eq!(told(&table(&["1 | Scope | iii", "2 | Terms | iv", "3 | Pay | 1", "4 | Leave | 2"], 0), &[]).0, 0);
    }
}
