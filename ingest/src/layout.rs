//! What was read of a page, as the catalog keeps it: bytes of the text become characters, points become tenths.

use std::ops::Range;

use catalog::{PageBlock, PageBlockKind, PageLayout, PlacedWord};
use extraction::{BlockKind, ExtractedPage};

/// How a page is built, in the catalog's measures.
#[must_use]
pub fn page_layout(page: &ExtractedPage) -> PageLayout {
    let mut chars = Chars { text: &page.text, byte: 0, count: 0 };
    let blocks = page.blocks.iter().map(|block| {
        let start = chars.until(block.range.start);
        let cell = |cell: &extraction::CellRange| {
            let (start, end) = chars.range(&cell.range);
            (u16::try_from(cell.column).unwrap_or(u16::MAX), start, end)
        };
        let cells = block.cells.iter().map(cell).collect();
        PageBlock { start, end: chars.until(block.range.end), kind: kind(block.kind), cells }
    });
    let blocks = blocks.collect();
    let mut chars = Chars { text: &page.text, byte: 0, count: 0 };
    let words = page.layout.iter().flat_map(|layout| &layout.words).map(|word| {
        let (start, end) = chars.range(&word.range);
        PlacedWord { start, end, place: [word.left, word.top, word.right, word.bottom].map(tenths), confidence: word.confidence }
    });
    let words = words.collect();
    let size = page.layout.as_ref().map(|layout| (tenths(layout.width), tenths(layout.height)));
    PageLayout { size, blocks, words }
}

/// Rounded; what is no number or beyond all paper becomes the nearest that is not.
fn tenths(points: f32) -> i32 {
    (points * 10.0).round() as i32
}

fn kind(kind: BlockKind) -> PageBlockKind {
    match kind {
        BlockKind::Heading(level) => PageBlockKind::Heading(level),
        BlockKind::Paragraph => PageBlockKind::Paragraph,
        BlockKind::ListItem => PageBlockKind::ListItem,
        BlockKind::TableHead => PageBlockKind::TableHead,
        BlockKind::TableRow => PageBlockKind::TableRow,
        BlockKind::Code => PageBlockKind::Code,
    }
}

/// Counts characters up to places that come in order.
struct Chars<'t> {
    text: &'t str,
    byte: usize,
    count: i32,
}

impl Chars<'_> {
    fn until(&mut self, byte: usize) -> i32 {
        let more = self.text.get(self.byte..byte).map_or(0, |between| between.chars().count());
        self.count = self.count.saturating_add(i32::try_from(more).unwrap_or(i32::MAX));
        self.byte = self.byte.max(byte);
        self.count
    }

    fn range(&mut self, range: &Range<usize>) -> (i32, i32) {
        (self.until(range.start), self.until(range.end))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use extraction::{Layout, Tools, WordBox, extract};

    use super::*;

    #[test]
    fn places_are_characters_and_tenths() {
        let table = "Größe & mehr\n\n| Ärzte | Tage |\n|---|---|\n| Müller | 25 |\n";
        let mut page = extract(Path::new("a.md"), table.as_bytes(), &Tools::default()).unwrap().pages.remove(0);
        let word = WordBox { range: 0..7, left: 72.04, top: 10.0, right: 90.0, bottom: 20.0, confidence: None };
        page.layout = Some(Layout { width: 595.0, height: 842.0, words: vec![word] });
        let layout = page_layout(&page);
        let text: Vec<char> = page.text.chars().collect();
        let cut = |start: i32, end: i32| text[start as usize..end as usize].iter().collect::<String>();
        let last = layout.blocks.last().unwrap();
        assert_eq!(cut(last.start, last.end), "Müller | Tage: 25");
        assert_eq!(
            last.cells.iter().map(|(column, a, b)| (*column, cut(*a, *b))).collect::<Vec<_>>(),
            [(0, "Müller".into()), (1, "25".into())]
        );
        assert_eq!((layout.size, layout.words[0].place, layout.words[0].end), (Some((5950, 8420)), [720, 100, 900, 200], 5));
    }
}
