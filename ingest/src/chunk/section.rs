//! Which headings each block stands under.

use std::ops::Range;

use extraction::{BlockKind, Extracted};

/// A heading is no place for a whole page of text.
const MAX_HEADING_CHARS: usize = 200;

/// Neighbouring blocks of one page under the same headings.
pub(super) struct Section {
    /// Index into the pages, from 0.
    pub(super) page: usize,
    /// Index into [`Sections::paths`].
    pub(super) path: usize,
    pub(super) blocks: Vec<Piece>,
}

/// A block, or headings that count as text.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) kind: BlockKind,
}

pub(super) struct Sections {
    pub(super) paths: Vec<Vec<String>>,
    pub(super) list: Vec<Section>,
}

pub(super) fn sections(extracted: &Extracted) -> Sections {
    let mut reader = Reader { extracted, open: Vec::new(), sections: Sections { paths: vec![Vec::new()], list: Vec::new() } };
    for page in 0..extracted.pages.len() {
        reader.page(page);
    }
    reader.sections
}

struct Reader<'e> {
    extracted: &'e Extracted,
    /// Level and text of the headings that are open.
    open: Vec<(u8, String)>,
    sections: Sections,
}

impl Reader<'_> {
    fn page(&mut self, number: usize) {
        let page = &self.extracted.pages[number];
        // Headings without text of their own that wait for text to go with.
        let mut bare: Option<Range<usize>> = None;
        let mut last_heading = 0;
        let mut section: Option<Section> = None;
        for (at, block) in page.blocks.iter().enumerate() {
            if let BlockKind::Heading(level) = block.kind {
                if !self.has_text(number, at, level) {
                    bare = Some(bare.map_or(block.range.start, |b| b.start)..block.range.end);
                }
                self.enter(level, &page.text[block.range.clone()]);
                last_heading = block.range.end;
                continue;
            }
            let path = self.path();
            if section.as_ref().is_none_or(|s| s.path != path) {
                self.sections.list.extend(section.take());
            }
            let open = section.get_or_insert_with(|| Section { page: number, path, blocks: Vec::new() });
            if let Some(bare) = bare.take() {
                open.blocks.push(Piece { range: bare.start..last_heading, kind: BlockKind::Paragraph });
            }
            open.blocks.push(Piece { range: block.range.clone(), kind: block.kind });
        }
        if let Some(bare) = bare {
            let piece = Piece { range: bare, kind: BlockKind::Paragraph };
            match &mut section {
                Some(open) => open.blocks.push(piece),
                None => section = Some(Section { page: number, path: self.path_around(), blocks: vec![piece] }),
            }
        }
        self.sections.list.extend(section);
    }

    /// Whether anything stands under a heading: text, or headings below it.
    fn has_text(&self, page: usize, at: usize, level: u8) -> bool {
        let rest = self.extracted.pages[page].blocks.iter().skip(at + 1);
        let mut following = rest.chain(self.extracted.pages.iter().skip(page + 1).flat_map(|p| &p.blocks));
        match following.next().map(|block| block.kind) {
            Some(BlockKind::Heading(next)) => next > level,
            next => next.is_some(),
        }
    }

    fn enter(&mut self, level: u8, text: &str) {
        while self.open.last().is_some_and(|(open, _)| *open >= level) {
            self.open.pop();
        }
        self.open.push((level, text.chars().take(MAX_HEADING_CHARS).collect()));
    }

    /// The open headings, as an index. Only the latest path can come again.
    fn path(&mut self) -> usize {
        let path: Vec<String> = self.open.iter().map(|(_, text)| text.clone()).collect();
        if self.sections.paths.last() != Some(&path) {
            self.sections.paths.push(path);
        }
        self.sections.paths.len() - 1
    }

    /// The headings above one that is text itself.
    fn path_around(&mut self) -> usize {
        let own = self.open.pop();
        let path = self.path();
        self.open.extend(own);
        path
    }
}
