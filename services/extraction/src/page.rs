//! The text of a page as it grows, block by block.

use super::{
    Block, BlockKind, CellRange, ExtractError, ExtractedPage, clean,
    table::{RowText, Table},
};

/// No document that people read comes near; a hostile one must not fill the memory.
pub(crate) const MAX_TEXT_BYTES: usize = 64 << 20;

/// Collects blocks. Over the limit it takes nothing more, and [`PageBuilder::finish`] says so.
#[derive(Debug, Default)]
pub(crate) struct PageBuilder {
    text: String,
    blocks: Vec<Block>,
    /// The next block begins a list or table of its own, even if the last one was of the same kind.
    apart: bool,
    full: bool,
}

impl PageBuilder {
    /// Adds a block in its clean form; nothing if that is empty.
    pub(crate) fn push(&mut self, kind: BlockKind, raw: &str) {
        let text = match kind {
            BlockKind::Code => clean::code(raw),
            BlockKind::Heading(_) | BlockKind::TableHead | BlockKind::TableRow => clean::line(raw),
            BlockKind::Paragraph | BlockKind::ListItem => clean::prose(raw),
        };
        self.push_clean(kind, &text);
    }

    /// Where the block begins, if it was added.
    fn push_clean(&mut self, kind: BlockKind, text: &str) -> Option<usize> {
        if text.is_empty() || self.full {
            return None;
        }
        if self.text.len() + text.len() > MAX_TEXT_BYTES {
            self.full = true;
            return None;
        }
        if let Some(last) = self.blocks.last() {
            let is_row = |kind: BlockKind| matches!(kind, BlockKind::TableHead | BlockKind::TableRow);
            let alike = (last.kind == BlockKind::ListItem && kind == BlockKind::ListItem) || (is_row(last.kind) && is_row(kind));
            self.text.push_str(if alike && !self.apart { "\n" } else { "\n\n" });
        }
        self.apart = false;
        let start = self.text.len();
        self.text.push_str(text);
        self.blocks.push(Block { range: start..self.text.len(), kind, cells: Vec::new() });
        Some(start)
    }

    pub(crate) fn push_row(&mut self, row: &RowText) {
        let kind = if row.head { BlockKind::TableHead } else { BlockKind::TableRow };
        self.push_ranges(kind, &row.text, row.cells.iter().cloned());
    }

    /// The cells are where the text has them.
    fn push_ranges(&mut self, kind: BlockKind, text: &str, cells: impl Iterator<Item = CellRange>) {
        if let Some(start) = self.push_clean(kind, text)
            && let Some(block) = self.blocks.last_mut()
        {
            block.cells =
                cells.map(|cell| CellRange { column: cell.column, range: start + cell.range.start..start + cell.range.end }).collect();
        }
    }

    /// Adds the blocks of a page that was read by itself.
    pub(crate) fn append(&mut self, page: &ExtractedPage) {
        let mut end = 0;
        for block in &page.blocks {
            // An empty line between two rows or items separates their tables or lists.
            self.apart |= page.text.get(end..block.range.start).is_some_and(|between| between != "\n");
            end = block.range.end;
            let moved = |cell: &CellRange| {
                let within = |at: usize| at.saturating_sub(block.range.start);
                CellRange { column: cell.column, range: within(cell.range.start)..within(cell.range.end) }
            };
            self.push_ranges(block.kind, page.text.get(block.range.clone()).unwrap_or_default(), block.cells.iter().map(moved));
        }
    }

    /// Separates lists and tables that follow each other.
    pub(crate) fn apart(&mut self) {
        self.apart = true;
    }

    pub(crate) fn push_table(&mut self, table: &Table) {
        if let Some(caption) = table.caption() {
            self.push(BlockKind::Paragraph, caption);
        }
        self.apart();
        self.full |= table.is_full();
        for row in table.rows() {
            if self.full {
                return;
            }
            self.push_row(&row);
        }
        self.apart();
    }

    /// The first heading, if nothing but paragraphs of a few words comes before it.
    pub(crate) fn first_heading(&self) -> Option<&str> {
        let block = self.blocks.iter().find(|b| matches!(b.kind, BlockKind::Heading(_)))?;
        (block.range.start < 400).then(|| self.text.get(block.range.clone())).flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn finish(self, number: i32, label: Option<String>) -> Result<ExtractedPage, ExtractError> {
        if self.full {
            return Err(ExtractError::TooLarge { limit_mib: MAX_TEXT_BYTES >> 20 });
        }
        Ok(ExtractedPage { number, label, text: self.text, blocks: self.blocks, layout: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_ranges_of_the_text() {
        let mut page = PageBuilder::default();
        page.push(BlockKind::Heading(1), " Leave\npolicy ");
        page.push(BlockKind::Paragraph, "\u{0} ");
        page.push(BlockKind::ListItem, "• a");
        page.push(BlockKind::ListItem, "• b");
        page.apart();
        page.push(BlockKind::ListItem, "1. c");
        let page = page.finish(1, None).unwrap();
        assert_eq!(page.text, "Leave policy\n\n• a\n• b\n\n1. c");
        let texts: Vec<&str> = page.blocks.iter().map(|b| &page.text[b.range.clone()]).collect();
        assert_eq!(texts, ["Leave policy", "• a", "• b", "1. c"]);
    }

    #[test]
    fn too_much_text_is_an_error() {
        let mut page = PageBuilder::default();
        let block = "word ".repeat(1 << 21);
        for _ in 0..8 {
            page.push(BlockKind::Paragraph, &block);
        }
        assert_eq!(page.finish(1, None), Err(ExtractError::TooLarge { limit_mib: 64 }));
    }
}
