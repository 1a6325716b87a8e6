//! What was read of a file.

use std::ops::Range;

use catalog::Format;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::isolation::counted;

/// A document, and the files within it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    /// The title that the document gives itself; `None` where it gives none worth showing.
    pub title: Option<String>,
    /// The day that the document says it is of (UTC): of its last change, else of its making. It may be nonsense.
    pub dated: Option<NaiveDate>,
    pub format: Format,
    /// False where the format knows no pages: all text is then in one page with number 1.
    pub paged: bool,
    /// In order, numbered from 1 without gaps. A page without text is there, with an empty one. None at all for what
    /// is nothing but a container of files.
    #[serde(deserialize_with = "counted::vec")]
    pub pages: Vec<ExtractedPage>,
    /// Files within the file, which are documents of their own.
    #[serde(deserialize_with = "counted::vec")]
    pub attachments: Vec<Attachment>,
    /// What of it could not be read, though the rest was: sentences that continue "FILE …".
    #[serde(deserialize_with = "counted::vec")]
    pub warnings: Vec<String>,
}

impl Extracted {
    /// A document without pages yet.
    pub(crate) fn empty(format: Format, title: Option<String>) -> Self {
        Self { title, dated: None, format, paged: false, pages: Vec::new(), attachments: Vec::new(), warnings: Vec::new() }
    }

    /// Whether pages are numbered and all places lie within their text, so that others can rely on it.
    pub(crate) fn is_sound(&self) -> bool {
        let numbered = self.pages.iter().zip(1..).all(|(page, number)| page.number == number);
        let printable = |text: &str| text.len() < 4096 && !text.contains(char::is_control);
        let inside = |name: &str| printable(name) && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        numbered
            && self.pages.iter().all(ExtractedPage::is_sound)
            && self.attachments.iter().all(|a| inside(&a.name))
            && self.title.iter().chain(&self.warnings).all(|text| printable(text))
    }
}

/// A file within a file: a mail's attachment, a member of a ZIP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Never empty; folders are separated by "/", and none is "." or "..".
    pub name: String,
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// The text of a page: composed (NFC), without control characters but line break and tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtractedPage {
    pub number: i32,
    /// The name printed on the page ("iv", "A-3") where the file gives one other than the number; a sheet's name.
    pub label: Option<String>,
    /// Blocks separated by an empty line; rows of a table and items of a list by a line break.
    pub text: String,
    /// In order, not overlapping; between them is only white space.
    #[serde(deserialize_with = "counted::vec")]
    pub blocks: Vec<Block>,
    /// Where the words stand; `None` where the format has no places.
    pub layout: Option<Layout>,
}

impl ExtractedPage {
    fn is_sound(&self) -> bool {
        let inside = |block: &Block| block.cells.iter().all(|c| c.range.start >= block.range.start && c.range.end <= block.range.end);
        let in_place = |layout: &Layout| {
            let places = layout.words.iter().flat_map(|word| [word.left, word.top, word.right, word.bottom]);
            places.chain([layout.width, layout.height]).all(f32::is_finite)
                && layout.words.iter().all(|word| word.confidence.is_none_or(|c| c <= 100))
        };
        self.follow(self.blocks.iter().map(|block| &block.range))
            && !self.text.contains('\0')
            && self.label.as_ref().is_none_or(|label| !label.contains(char::is_control))
            && self.layout.as_ref().is_none_or(in_place)
            && self.blocks.iter().all(|block| inside(block) && self.follow(block.cells.iter().map(|cell| &cell.range)))
            && self.layout.as_ref().is_none_or(|layout| self.follow(layout.words.iter().map(|word| &word.range)))
    }

    /// Whether the ranges are parts of the text, one after the other.
    fn follow<'r>(&self, mut ranges: impl Iterator<Item = &'r Range<usize>>) -> bool {
        let mut end = 0;
        ranges.all(|range| range.start >= std::mem::replace(&mut end, range.end) && self.text.get(range.clone()).is_some())
    }

    /// The text as the file has it: without the headings of columns that are repeated in each row.
    #[must_use]
    pub fn plain_text(&self) -> String {
        let mut plain = String::with_capacity(self.text.len());
        let mut end = 0;
        let part = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        for block in &self.blocks {
            plain.push_str(part(end..block.range.start));
            if block.cells.is_empty() {
                plain.push_str(part(block.range.clone()));
            } else {
                let cells: Vec<&str> = block.cells.iter().map(|cell| part(cell.range.clone())).collect();
                plain.push_str(&cells.join(" | "));
            }
            end = block.range.end;
        }
        plain
    }
}

/// A piece of a page's text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Bytes of the page's text.
    pub range: Range<usize>,
    pub kind: BlockKind,
    /// Of a table's row, from left to right; empty ones are left out. What stands between them was put there: bars,
    /// and the headings of the columns.
    #[serde(deserialize_with = "counted::vec")]
    pub cells: Vec<CellRange>,
}

/// Where a cell's own text stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRange {
    /// From 0.
    pub column: usize,
    /// Bytes of the page's text.
    pub range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BlockKind {
    /// The level counts from 1, the outermost.
    Heading(u8),
    Paragraph,
    ListItem,
    /// The row with the headings of the columns. The rows that follow it without an empty line are of the same table.
    TableHead,
    TableRow,
    Code,
}

/// The page as it is seen, and where on it the words stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// In points (1/72 inch), turned as it is shown.
    pub width: f32,
    pub height: f32,
    /// In the order of the text, not overlapping. Words that the page doesn't show (column headings repeated in a row) have none.
    #[serde(deserialize_with = "counted::vec")]
    pub words: Vec<WordBox>,
}

/// Where a word stands: points from the left and the top of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WordBox {
    /// Bytes of the page's text.
    pub range: Range<usize>,
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    /// How sure text recognition is of it, in percent; `None` for text that the file itself holds.
    pub confidence: Option<u8>,
}
