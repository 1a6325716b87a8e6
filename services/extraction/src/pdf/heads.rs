//! Headings of columns that hold beyond the rows below them: over a gap, and on the next page.

use super::{layout::Laid, lines::Line};
use crate::{
    BlockKind,
    table::{Cell, MAX_LABEL_CHARS, Table},
};

/// Between two parts of a table there is no more than headers and footers: so many blocks, of so many characters.
const MAX_BLOCKS: usize = 3;
const MAX_CHARS: usize = 160;

/// Between which places, in points, a column ends.
pub(super) type Edge = (f64, f64);

/// The headings of a table's columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
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
        if let Some(own) = own {
            table.set_headed(true);
            table.push_row(own.cells);
            table.set_labels(own.labels.clone());
            self.known = Some((edges, own.labels));
            return;
        }
        self.known = self.known.take().filter(|(known, _)| is_near && are_same(known, &edges));
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

/// Whether the cells of a row may be headings: figures are none, but for years, nor are lines of a table of contents.
pub(super) fn may_head<'l>(cells: impl Iterator<Item = &'l [Line]>) -> bool {
    let texts: Vec<&str> = cells.flatten().map(|line| line.text.as_str()).collect();
    let figures = texts.iter().filter(|text| is_figure(text) && !is_year(text)).count();
    let leads = |text: &&str| text.contains(" \u{2026}") || text.ends_with('\u{2026}');
    figures * 2 < texts.len() && !texts.iter().any(leads)
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
