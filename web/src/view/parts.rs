//! A page in parts that a browser shows at once: a sheet can have a million rows, and a text without pages any length.

use std::ops::Range;

use catalog::{PageBlockKind, PageLayout};

use super::block::{Block, Marker, at};

/// Bytes of a part with its markup: about forty printed pages, or eight hundred rows of six cells.
const LIMIT: usize = 120_000;
/// Markup around a block and around a cell.
const BLOCK: usize = 30;
const CELL: usize = 12;
/// Headings of columns that are longer are not said again.
const MAX_HEAD: usize = LIMIT / 10;

/// The parts of a page, from 1.
pub(crate) struct Parts<'p> {
    text: &'p str,
    layout: &'p PageLayout,
    pieces: Vec<Piece>,
    /// Places in the pieces; at least one.
    parts: Vec<Range<usize>>,
    tables: Vec<Table>,
}

/// What is shown in one go: a block, or some of one that is too long. Offsets count characters of the page.
struct Piece {
    range: Range<usize>,
    kind: PageBlockKind,
    /// The row's block and table.
    row: Option<(usize, usize)>,
    weight: usize,
}

#[derive(Default)]
struct Table {
    /// The block with the headings of its columns.
    head: Option<usize>,
    head_weight: usize,
    /// Pieces from its first row, and how many of them are rows below the headings.
    first: usize,
    rows: usize,
}

/// Rows of a table that goes over several parts, counted below its headings from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) count: usize,
}

impl<'p> Parts<'p> {
    pub(crate) fn of(text: &'p str, layout: &'p PageLayout) -> Self {
        let mut cutter = Cutter { left: Cursor { rest: text, at: 0 }, pieces: Vec::new(), tables: Vec::new() };
        for (number, block) in layout.blocks.iter().enumerate() {
            cutter.loose(at(block.start));
            cutter.block(number, layout);
        }
        cutter.loose(usize::MAX);
        let Cutter { pieces, tables, .. } = cutter;
        let parts = grouped(&pieces, &tables);
        Self { text, layout, pieces, parts, tables }
    }

    pub(crate) fn count(&self) -> usize {
        self.parts.len()
    }

    /// The part in which the character stands, or the first one after it.
    pub(crate) fn holding(&self, place: usize) -> usize {
        let ends_before =
            |part: &Range<usize>| self.pieces.get(part.clone()).and_then(<[Piece]>::last).is_none_or(|p| p.range.end <= place);
        (self.parts.partition_point(ends_before) + 1).min(self.count())
    }

    /// What a part shows, with the characters `marked` marked. A table that goes on begins with its headings again.
    pub(crate) fn blocks(&self, part: usize, marked: Option<(usize, usize)>) -> Vec<Block> {
        let pieces = self.pieces(part);
        let Some((first, last)) = pieces.first().zip(pieces.last()) else { return Vec::new() };
        let mut marker = self.marker(&(first.range.start..last.range.end), marked);
        let mut blocks: Vec<Block> = Vec::new();
        let mut open = None;
        for piece in pieces {
            let Some((block, number, table)) = piece.row.and_then(|(block, table)| Some((self.layout.blocks.get(block)?, block, table)))
            else {
                open = None;
                blocks.push(marker.block(piece.kind, piece.range.clone()));
                continue;
            };
            match blocks.last_mut() {
                Some(Block::Table(rows)) if open == Some(table) => rows.push(marker.row(block)),
                _ => {
                    let head = self.tables.get(table).and_then(Table::repeated).filter(|head| *head != number);
                    let head = head.and_then(|head| self.layout.blocks.get(head));
                    let head = head.map(|head| self.marker(&(at(head.start)..at(head.end)), None).row(head));
                    blocks.push(Block::Table(head.into_iter().chain([marker.row(block)]).collect()));
                }
            }
            open = Some(table);
        }
        blocks
    }

    /// Which rows a part shows, where it shows some of one table and no others do so in it.
    pub(crate) fn rows(&self, part: usize) -> Option<Rows> {
        let range = self.parts.get(part.checked_sub(1)?)?;
        let cut = |table: &&Table| {
            let pieces = table.first..table.first + table.rows;
            pieces.start < range.end && pieces.end > range.start && !(range.start <= pieces.start && pieces.end <= range.end)
        };
        let mut found = self.tables.iter().filter(cut);
        let table = found.next().filter(|_| found.next().is_none())?;
        let first = range.start.max(table.first) - table.first + 1;
        let last = range.end.min(table.first + table.rows) - table.first;
        Some(Rows { first, last, count: table.rows })
    }

    fn pieces(&self, part: usize) -> &[Piece] {
        part.checked_sub(1).and_then(|at| self.pieces.get(self.parts.get(at)?.clone())).unwrap_or_default()
    }

    fn marker(&self, range: &Range<usize>, marked: Option<(usize, usize)>) -> Marker {
        let mut cursor = Cursor { rest: self.text, at: 0 };
        cursor.to(range.start);
        Marker::new(cursor.to(range.end), range.start, marked)
    }
}

impl Table {
    /// The headings that a part begins with in which it goes on.
    fn repeated(&self) -> Option<usize> {
        self.head.filter(|_| self.head_weight <= MAX_HEAD)
    }
}

/// Walks through a text by characters.
struct Cursor<'t> {
    rest: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    /// What comes before that place; nothing if it was passed.
    fn to(&mut self, place: usize) -> &'t str {
        let mut ends = self.rest.char_indices().map(|(byte, _)| byte).chain([self.rest.len()]);
        let wanted = place.saturating_sub(self.at);
        let byte = ends.nth(wanted).unwrap_or(self.rest.len());
        let (passed, rest) = self.rest.split_at(byte);
        self.at += if byte == self.rest.len() { passed.chars().count() } else { wanted };
        self.rest = rest;
        passed
    }
}

struct Cutter<'t> {
    left: Cursor<'t>,
    pieces: Vec<Piece>,
    tables: Vec<Table>,
}

impl Cutter<'_> {
    /// What no block claims is shown all the same.
    fn loose(&mut self, until: usize) {
        let start = self.left.at;
        let text = self.left.to(until);
        if !text.trim().is_empty() {
            self.pieces.extend(cut(text, start, PageBlockKind::Paragraph));
        }
    }

    fn block(&mut self, number: usize, layout: &PageLayout) {
        let Some(block) = layout.blocks.get(number) else { return };
        let start = self.left.at;
        // Rows of one table follow each other line by line, and its headings come first.
        let joins = block.kind == PageBlockKind::TableRow
            && at(block.start) == start
            && {
                let before = number.checked_sub(1).and_then(|before| layout.blocks.get(before));
                before.is_some_and(|before| at(block.start) == at(before.end) + 1)
            }
            && self.pieces.last().is_some_and(|piece| piece.row.is_some());
        let text = self.left.to(at(block.end));
        if self.left.at == start {
            return;
        }
        let weight = BLOCK + shown(text, self.left.at - start, &block.cells);
        let is_row = matches!(block.kind, PageBlockKind::TableHead | PageBlockKind::TableRow);
        if !is_row || weight > LIMIT {
            self.pieces.extend(cut(text, start, block.kind));
            return;
        }
        let is_head = block.kind == PageBlockKind::TableHead;
        if !joins {
            let first = self.pieces.len() + usize::from(is_head);
            self.tables.push(Table { head: is_head.then_some(number), head_weight: weight, first, rows: 0 });
        }
        let table = self.tables.len().saturating_sub(1);
        if let Some(table) = self.tables.last_mut() {
            table.rows += usize::from(!is_head);
        }
        self.pieces.push(Piece { range: start..self.left.at, kind: block.kind, row: Some((number, table)), weight });
    }
}

/// Bytes of a block's text, or of its cells, which leave out the headings that stand before them in the text.
fn shown(text: &str, chars: usize, cells: &[(u16, i32, i32)]) -> usize {
    if cells.is_empty() {
        return text.len();
    }
    let in_cells: usize = cells.iter().map(|(_, start, end)| at(*end).saturating_sub(at(*start))).sum();
    (in_cells.min(chars) * text.len()).div_ceil(chars.max(1)) + CELL * cells.len()
}

/// Text in pieces that fit into a part, at lines' ends where there are some, else between words.
fn cut(text: &str, start: usize, kind: PageBlockKind) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut left = Cursor { rest: text, at: start };
    while !left.rest.is_empty() {
        let first = left.at;
        let most = left.rest.get(..left.rest.floor_char_boundary(LIMIT - BLOCK)).unwrap_or(left.rest);
        let fits = if most.len() == left.rest.len() { most } else { broken(most) };
        left.to(first + fits.chars().count());
        // Only a whole heading or item is shown as one.
        let kind = if pieces.is_empty() && left.rest.is_empty() || kind == PageBlockKind::Code { kind } else { PageBlockKind::Paragraph };
        pieces.push(Piece { range: first..left.at, kind, row: None, weight: fits.len() + BLOCK });
    }
    pieces
}

/// The text up to the last place where it can well be broken; all where there is none in its second half.
fn broken(text: &str) -> &str {
    let after = |found: Option<usize>| found.map(|at| at + 1).filter(|end| *end > text.len() / 2);
    let end = after(text.rfind('\n')).or_else(|| after(text.rfind(' '))).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// As many pieces to a part as fit. A heading stands with what follows it.
fn grouped(pieces: &[Piece], tables: &[Table]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut first, mut weight) = (0, 0);
    for (number, piece) in pieces.iter().enumerate() {
        if weight + piece.weight > LIMIT && number > first {
            let own = pieces.get(first..number).unwrap_or_default();
            let headings = own.iter().rev().take_while(|piece| matches!(piece.kind, PageBlockKind::Heading(_))).count();
            let end = number - if headings < own.len() { headings } else { 0 };
            parts.push(first..end);
            first = end;
            let table = piece.row.and_then(|(_, table)| tables.get(table));
            let head = table.filter(|table| table.repeated().is_some()).map_or(0, |table| table.head_weight);
            weight = head + pieces.get(end..number).unwrap_or_default().iter().map(|piece| piece.weight).sum::<usize>();
        }
        weight += piece.weight;
    }
    parts.push(first..pieces.len());
    parts
}

#[cfg(test)]
mod tests {
    use catalog::PageBlock;

    use super::*;
    use crate::view::block::{Row, Run};

    /// Where a text has what, from the texts of its blocks in order.
    #[derive(Default)]
    struct Page {
        text: String,
        layout: PageLayout,
    }

    impl Page {
        fn push(&mut self, between: &str, kind: PageBlockKind, cells: &[&str]) {
            self.text.push_str(if self.text.is_empty() { "" } else { between });
            let chars = |text: &str| i32::try_from(text.chars().count()).unwrap();
            let start = chars(&self.text);
            let mut places = Vec::new();
            for (column, cell) in (0..).zip(cells) {
                self.text.push_str(if column == 0 { "" } else { " | " });
                let at = chars(&self.text);
                self.text.push_str(cell);
                places.push((column, at, at + chars(cell)));
            }
            let is_row = matches!(kind, PageBlockKind::TableHead | PageBlockKind::TableRow);
            let cells = if is_row { places } else { Vec::new() };
            self.layout.blocks.push(PageBlock { start, end: chars(&self.text), kind, cells });
        }

        fn place(&self, of: &str) -> (usize, usize) {
            let start = self.text[..self.text.find(of).unwrap()].chars().count();
            (start, start + of.chars().count())
        }

        fn parts(&self) -> Parts<'_> {
            Parts::of(&self.text, &self.layout)
        }
    }

    fn runs(block: &Block) -> Vec<&Run> {
        match block {
            Block::Heading { runs, .. } | Block::Paragraph(runs) | Block::Item(runs) | Block::Code(runs) => runs.iter().collect(),
            Block::Table(rows) => rows.iter().flat_map(|row| row.cells.iter().flatten()).collect(),
        }
    }

    fn marked(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().flat_map(runs).filter(|run| run.marked).map(|run| run.text.as_str()).collect()
    }

    fn said(blocks: &[Block]) -> String {
        blocks.iter().flat_map(runs).map(|run| run.text.as_str()).collect()
    }

    fn rows(block: &Block) -> &[Row] {
        let Block::Table(rows) = block else { panic!("{block:?}") };
        rows
    }

    #[test]
    fn marks_run_over_blocks_and_have_one_target() {
        use PageBlockKind::{Heading, ListItem, Paragraph};
        let mut page = Page::default();
        page.push("", Heading(1), &["Überschrift"]);
        page.push("\n\n", Paragraph, &["Erster Satz. Zweiter Satz."]);
        page.push("\n\n", ListItem, &["• Punkt eins"]);
        let (start, _) = page.place("Zweiter");
        let (_, end) = page.place("• Punkt");
        let blocks = page.parts().blocks(1, Some((start, end)));
        assert_eq!(marked(&blocks), ["Zweiter Satz.", "• Punkt"]);
        assert_eq!(blocks.iter().map(Block::has_target).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn rows_become_tables() {
        use PageBlockKind::{TableHead, TableRow};
        let mut page = Page::default();
        page.push("", TableHead, &["Leave", "Days"]);
        page.push("\n", TableRow, &["Annual", "25"]);
        page.push("\n", TableRow, &["Study"]);
        page.push("\n\n", TableRow, &["Other", "1"]);
        let blocks = page.parts().blocks(1, Some(page.place("Annual | 25")));
        assert_eq!(marked(&blocks), ["Annual", "25"]);
        assert_eq!(rows(&blocks[0]).iter().map(|row| (row.head, row.cells.len())).collect::<Vec<_>>(), [(true, 2), (false, 2), (false, 1)]);
        assert_eq!(blocks.len(), 2);
        assert_eq!(page.parts().rows(1), None);
    }

    #[test]
    fn a_long_table_says_its_headings_and_rows_in_each_part() {
        use PageBlockKind::{Paragraph, TableHead, TableRow};
        let mut page = Page::default();
        page.push("", Paragraph, &["Stock of all sites"]);
        page.push("\n\n", TableHead, &["Article", "Größe"]);
        (1..=6000).for_each(|n| page.push("\n", TableRow, &[&format!("article {n}."), "größer"]));
        page.push("\n\n", Paragraph, &["End."]);
        let parts = page.parts();
        let mut next = 1;
        for part in 1..=parts.count() {
            let blocks = parts.blocks(part, None);
            let table = blocks.iter().find(|block| matches!(block, Block::Table(_))).unwrap();
            let (head, body) = rows(table).split_first().unwrap();
            assert!(head.head && body.iter().all(|row| !row.head));
            assert_eq!(head.cells[1][0].text, "Größe");
            assert_eq!(parts.rows(part), Some(Rows { first: next, last: next + body.len() - 1, count: 6000 }));
            assert_eq!(body[0].cells[0][0].text, format!("article {next}."));
            next += body.len();
            assert!(said(&blocks).len() < LIMIT);
        }
        assert_eq!(next, 6001);
        assert!((3..8).contains(&parts.count()), "{}", parts.count());

        let cited = page.place("article 2222. | größer");
        let part = parts.holding(cited.0);
        assert_eq!(marked(&parts.blocks(part, Some(cited))), ["article 2222.", "größer"]);
        assert_eq!(marked(&parts.blocks(1, Some(cited))), Vec::<&str>::new());
    }

    #[test]
    fn every_character_is_in_a_part_and_no_part_is_long() {
        use PageBlockKind::{Code, Heading, Paragraph, TableRow};
        let mut page = Page::default();
        let lines = "a line of a log — with words\n".repeat(20_000);
        let word = "größer".repeat(50_000);
        page.push("", Paragraph, &["short"]);
        page.push("\n\n", Heading(1), &["Log"]);
        page.push("\n\n", Code, &[lines.trim()]);
        page.push("\n\n", Paragraph, &[&word]);
        page.push("\n\n", TableRow, &["cell", &"long ".repeat(40_000)]);
        page.text.push_str("\n\nloose");
        let parts = page.parts();
        let shown: Vec<String> = (1..=parts.count()).map(|part| said(&parts.blocks(part, None))).collect();
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert!(letters(&shown.concat()) == letters(&page.text));
        assert!(shown.iter().all(|text| text.len() <= LIMIT));
        assert!(parts.count() < 20);
        // A heading stands with its text, and code is cut at the ends of lines.
        assert!(shown[1].starts_with("Log") && shown[1].ends_with("words\n"));
        let (start, end) = page.place("loose");
        assert_eq!((parts.holding(start), parts.holding(end + 9)), (parts.count(), parts.count()));
    }

    #[test]
    fn text_without_a_layout_is_shown_whole_and_wrong_places_break_nothing() {
        let none = PageLayout::default();
        let parts = Parts::of("abc\ndef", &none);
        assert_eq!(said(&parts.blocks(1, Some((10, 5)))), "abc\ndef");
        assert_eq!(Parts::of("", &none).blocks(1, None), []);
        assert_eq!((Parts::of("", &none).count(), Parts::of("", &none).holding(7)), (1, 1));
        let wrong = |start, end, cells| PageBlock { start, end, kind: PageBlockKind::TableRow, cells };
        let blocks = vec![wrong(50, -3, vec![(9999, 3, 99)]), wrong(1, 2, vec![(0, 2, 1), (1, 0, 99)]), wrong(0, 9, vec![])];
        let layout = PageLayout { blocks, ..PageLayout::default() };
        let parts = Parts::of("abc", &layout);
        assert!(said(&parts.blocks(1, Some((0, 2)))).contains("abc"));
    }
}
