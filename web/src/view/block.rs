//! A page's text as it is shown: headings, paragraphs, items and tables, with the cited part marked.

use catalog::{PageBlock, PageBlockKind, PageLayout};

/// Something between two empty lines. Offsets count characters of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) shape: Shape,
    /// Characters of the page before it.
    pub(crate) start: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Heading { level: u8, runs: Vec<Run> },
    Paragraph(Vec<Run>),
    Item(Vec<Run>),
    Code(Vec<Run>),
    Table(Vec<Row>),
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

/// Cuts a page's text into what is shown, with the characters `marked` marked.
pub(crate) fn blocks(text: &str, layout: &PageLayout, marked: Option<(usize, usize)>) -> Vec<Block> {
    let mut marker = Marker { chars: text.chars().collect(), marked, target_given: false };
    let mut blocks: Vec<Block> = Vec::new();
    let mut end = 0;
    for block in &layout.blocks {
        let (start, stop) = (at(block.start), at(block.end));
        // What no block claims is shown all the same.
        marker.loose(end..start, &mut blocks);
        // Rows of one table follow each other line by line, and its headings come first.
        let joins = start == end + 1 && block.kind == PageBlockKind::TableRow;
        match (block.kind, blocks.last_mut()) {
            (PageBlockKind::TableRow, Some(Block { shape: Shape::Table(rows), .. })) if joins => rows.push(marker.row(block)),
            _ => blocks.push(Block { shape: marker.shape(block), start }),
        }
        end = stop;
    }
    marker.loose(end..text.chars().count(), &mut blocks);
    blocks
}

fn at(place: i32) -> usize {
    usize::try_from(place).unwrap_or(0)
}

struct Marker {
    chars: Vec<char>,
    marked: Option<(usize, usize)>,
    target_given: bool,
}

impl Marker {
    fn shape(&mut self, block: &PageBlock) -> Shape {
        let range = at(block.start)..at(block.end);
        match block.kind {
            PageBlockKind::Heading(level) => Shape::Heading { level: level.saturating_add(1).clamp(2, 6), runs: self.runs(range) },
            PageBlockKind::Paragraph => Shape::Paragraph(self.runs(range)),
            PageBlockKind::ListItem => Shape::Item(self.runs(range)),
            PageBlockKind::Code => Shape::Code(self.runs(range)),
            PageBlockKind::TableHead | PageBlockKind::TableRow => Shape::Table(vec![self.row(block)]),
        }
    }

    fn row(&mut self, block: &PageBlock) -> Row {
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

    fn loose(&mut self, range: std::ops::Range<usize>, blocks: &mut Vec<Block>) {
        let is_text = self.chars.get(range.clone()).is_some_and(|chars| chars.iter().any(|c| !c.is_whitespace()));
        if is_text {
            blocks.push(Block { shape: Shape::Paragraph(self.runs(range.clone())), start: range.start });
        }
    }

    fn runs(&mut self, range: std::ops::Range<usize>) -> Vec<Run> {
        let (from, to) =
            self.marked.map_or((range.end, range.end), |(a, b)| (a.clamp(range.start, range.end), b.clamp(range.start, range.end)));
        let mut runs = Vec::new();
        for (part, marked) in [(range.start..from, false), (from..to, true), (to.max(from)..range.end, false)] {
            let text: String = self.chars.get(part).unwrap_or_default().iter().collect();
            if !text.is_empty() {
                let target = marked && !self.target_given;
                self.target_given |= marked;
                runs.push(Run { text, marked, target });
            }
        }
        runs
    }
}

impl Block {
    pub(crate) fn has_target(&self) -> bool {
        let found = |runs: &[Run]| runs.iter().any(|run| run.target);
        match &self.shape {
            Shape::Heading { runs, .. } | Shape::Paragraph(runs) | Shape::Item(runs) | Shape::Code(runs) => found(runs),
            Shape::Table(rows) => rows.iter().flat_map(|row| &row.cells).any(|cell| found(cell)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, part: &str, kind: PageBlockKind, cells: &[&str]) -> PageBlock {
        let place = |part: &str| {
            let start = text[..text.find(part).unwrap()].chars().count();
            (i32::try_from(start).unwrap(), i32::try_from(start + part.chars().count()).unwrap())
        };
        let (start, end) = place(part);
        let cells = (0..).zip(cells).map(|(column, cell)| (column, place(cell).0, place(cell).1)).collect();
        PageBlock { start, end, kind, cells }
    }

    fn runs(block: &Block) -> Vec<&Run> {
        match &block.shape {
            Shape::Heading { runs, .. } | Shape::Paragraph(runs) | Shape::Item(runs) | Shape::Code(runs) => runs.iter().collect(),
            Shape::Table(rows) => rows.iter().flat_map(|row| row.cells.iter().flatten()).collect(),
        }
    }

    fn marked(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().flat_map(runs).filter(|run| run.marked).map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn marks_run_over_blocks_and_have_one_target() {
        use PageBlockKind::{Heading, ListItem, Paragraph};
        let text = "Überschrift\n\nErster Satz. Zweiter Satz.\n\n• Punkt eins";
        let layout = PageLayout {
            blocks: vec![
                block(text, "Überschrift", Heading(1), &[]),
                block(text, "Erster Satz. Zweiter Satz.", Paragraph, &[]),
                block(text, "• Punkt eins", ListItem, &[]),
            ],
            ..PageLayout::default()
        };
        let start = text.chars().position(|c| c == 'Z').unwrap();
        let end = start + "Zweiter Satz.\n\n• Punkt".chars().count();
        let blocks = blocks(text, &layout, Some((start, end)));
        assert_eq!(marked(&blocks), ["Zweiter Satz.", "• Punkt"]);
        assert_eq!(blocks.iter().map(Block::has_target).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn rows_become_one_table_without_repeated_headings() {
        use PageBlockKind::{TableHead, TableRow};
        let text = "Leave | Days\nAnnual | Days: 25\nStudy\n\nOther | 1";
        let layout = PageLayout {
            blocks: vec![
                block(text, "Leave | Days", TableHead, &["Leave", "Days"]),
                block(text, "Annual | Days: 25", TableRow, &["Annual", "25"]),
                block(text, "Study", TableRow, &["Study"]),
                block(text, "Other | 1", TableRow, &["Other", "1"]),
            ],
            ..PageLayout::default()
        };
        let place = text.find("Annual").unwrap();
        let blocks = blocks(text, &layout, Some((place, place + "Annual | Days: 25".len())));
        assert_eq!(marked(&blocks), ["Annual", "25"]);
        let Shape::Table(rows) = &blocks[0].shape else { panic!("{blocks:?}") };
        assert_eq!(rows.iter().map(|row| (row.head, row.cells.len())).collect::<Vec<_>>(), [(true, 2), (false, 2), (false, 1)]);
        assert_eq!(blocks.len(), 2);
    }

    #[test]
    fn text_without_a_layout_is_shown_whole_and_wrong_places_break_nothing() {
        let shown = blocks("abc\ndef", &PageLayout::default(), Some((10, 5)));
        assert_eq!(shown.len(), 1);
        assert_eq!(marked(&shown), Vec::<&str>::new());
        let layout = PageLayout {
            blocks: vec![PageBlock { start: 50, end: -3, kind: PageBlockKind::TableRow, cells: vec![(9999, 3, 99)] }],
            ..PageLayout::default()
        };
        assert!(!blocks("abc", &layout, Some((0, 2))).is_empty());
    }
}
