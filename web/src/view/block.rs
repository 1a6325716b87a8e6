//! A page's text as it is shown: headings, paragraphs, items and tables, with the cited part marked.

use std::ops::Range;

use catalog::{PageBlock, PageBlockKind};

/// Something between two empty lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Heading { level: u8, runs: Vec<Run> },
    Paragraph(Vec<Run>),
    Item(Vec<Run>),
    Code(Vec<Run>),
    Table(Vec<Row>),
}

/// Of the widest row.
pub(crate) fn columns(rows: &[Row]) -> usize {
    rows.iter().map(|row| row.cells.len()).max().unwrap_or(1)
}

/// A table's row: its cells, with empty ones where it has none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) head: bool,
    pub(crate) cells: Vec<Vec<Run>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) marked: bool,
    /// The first marked run: where the link leads.
    pub(crate) target: bool,
}

/// No table that people read is wider.
const MAX_COLUMNS: u16 = 200;

/// Columns that fit beside each other where text has a good length of line.
const WIDE: usize = 4;

/// Cuts a piece of a page into runs, with the characters `marked` marked. Offsets count characters of the page.
pub(super) struct Marker {
    /// Characters of the page before the piece.
    first: usize,
    chars: Vec<char>,
    marked: Option<(usize, usize)>,
    target_given: bool,
}

impl Marker {
    /// Of the piece that begins at `first`.
    pub(super) fn new(text: &str, first: usize, marked: Option<(usize, usize)>) -> Self {
        Self { first, chars: text.chars().collect(), marked, target_given: false }
    }

    pub(super) fn block(&mut self, kind: PageBlockKind, range: Range<usize>) -> Block {
        let runs = self.runs(range);
        match kind {
            PageBlockKind::Heading(level) => Block::Heading { level: level.saturating_add(1).clamp(2, 6), runs },
            PageBlockKind::ListItem => Block::Item(runs),
            PageBlockKind::Code => Block::Code(runs),
            PageBlockKind::Paragraph | PageBlockKind::TableHead | PageBlockKind::TableRow => Block::Paragraph(runs),
        }
    }

    pub(super) fn row(&mut self, block: &PageBlock) -> Row {
        let mut cells: Vec<Vec<Run>> = Vec::new();
        for (column, start, end) in block.cells.iter().filter(|(column, ..)| *column < MAX_COLUMNS) {
            cells.resize(cells.len().max(usize::from(*column)), Vec::new());
            cells.push(self.runs(at(*start)..at(*end)));
        }
        if block.cells.is_empty() {
            cells.push(self.runs(at(block.start)..at(block.end)));
        }
        Row { head: block.kind == PageBlockKind::TableHead, cells }
    }

    fn runs(&mut self, range: Range<usize>) -> Vec<Run> {
        let range = range.start..range.end.max(range.start);
        let (from, to) =
            self.marked.map_or((range.end, range.end), |(a, b)| (a.clamp(range.start, range.end), b.clamp(range.start, range.end)));
        let mut runs = Vec::new();
        for (part, marked) in [(range.start..from, false), (from..to, true), (to.max(from)..range.end, false)] {
            let own = part.start.checked_sub(self.first).zip(part.end.checked_sub(self.first));
            let text: String = own.and_then(|(start, end)| self.chars.get(start..end)).unwrap_or_default().iter().collect();
            if !text.is_empty() {
                let target = marked && !self.target_given;
                self.target_given |= marked;
                runs.push(Run { text, marked, target });
            }
        }
        runs
    }
}

/// A place of the layout, which counts in signed numbers.
pub(super) fn at(place: i32) -> usize {
    usize::try_from(place).unwrap_or(0)
}

impl Block {
    pub(crate) fn has_target(&self) -> bool {
        let found = |runs: &[Run]| runs.iter().any(|run| run.target);
        match self {
            Self::Heading { runs, .. } | Self::Paragraph(runs) | Self::Item(runs) | Self::Code(runs) => found(runs),
            Self::Table(rows) => rows.iter().flat_map(|row| &row.cells).any(|cell| found(cell)),
        }
    }

    /// A table that is squeezed in a column that is good for reading.
    pub(crate) fn is_wide(&self) -> bool {
        matches!(self, Self::Table(rows) if rows.iter().any(|row| row.cells.len() > WIDE))
    }
}
