//! How a page is built and where its words stand. Offsets count Unicode scalar values of the page's text.

use serde::{Deserialize, Serialize};

/// Of one page, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLayout {
    /// Width and height as the page is shown, in tenths of a point (1/720 inch); `None` where the format has no places.
    pub size: Option<(i32, i32)>,
    /// In order, not overlapping; between them is only white space.
    pub blocks: Vec<PageBlock>,
    /// In order, not overlapping. Words that the page doesn't show have none.
    pub words: Vec<PlacedWord>,
}

/// A piece of text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageBlock {
    pub start: i32,
    pub end: i32,
    pub kind: PageBlockKind,
    /// Cells of a table's row, from left to right: column (from 0), start and end.
    pub cells: Vec<(u16, i32, i32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageBlockKind {
    /// The level counts from 1, the outermost.
    Heading(u8),
    Paragraph,
    ListItem,
    /// The row with the headings of the columns.
    TableHead,
    TableRow,
    Code,
}

/// A word and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedWord {
    pub start: i32,
    pub end: i32,
    /// Left, top, right, bottom: tenths of a point from the left and the top of the page.
    pub place: [i32; 4],
    /// How sure text recognition is of it, in percent; `None` for text that the file itself holds.
    pub confidence: Option<u8>,
}

impl PageLayout {
    pub(crate) fn encode(&self) -> Result<Vec<u8>, crate::Error> {
        postcard::to_stdvec(self).map_err(|e| crate::Error::Layout(e.to_string()))
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, crate::Error> {
        postcard::from_bytes(bytes).map_err(|e| crate::Error::Layout(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layouts stay readable: what is stored was encoded by an earlier version.
    #[test]
    fn the_encoding_does_not_change() {
        let layout = PageLayout {
            size: Some((5950, 8420)),
            blocks: vec![PageBlock { start: 0, end: 5, kind: PageBlockKind::Heading(2), cells: vec![(1, 0, 5)] }],
            words: vec![PlacedWord { start: 0, end: 5, place: [720, 720, 1000, 840], confidence: Some(91) }],
        };
        let stored = layout.encode().unwrap();
        let hex: String = stored.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "01fc5cc88301010 00a000201 01000a01000aa00ba00bd00f900d015b".replace(' ', ""));
        assert_eq!(PageLayout::decode(&stored).unwrap(), layout);
    }
}
