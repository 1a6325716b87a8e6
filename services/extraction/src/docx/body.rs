//! The main text: paragraphs and tables in the order of the document.

use quick_xml::events::{BytesStart, Event};

use super::{numbering::Numbering, styles::Styles};
use crate::{
    BlockKind, ExtractError,
    page::PageBuilder,
    table::{Cell, Table},
    xml,
};

const MAX_DEPTH: usize = 2000;

pub(super) struct Body<'s> {
    styles: &'s Styles,
    numbering: Numbering,
    page: PageBuilder,
    title: Option<String>,
    /// Open paragraphs: a text box holds paragraphs within one.
    paragraphs: Vec<Paragraph>,
    tables: Vec<OpenTable>,
    /// Depth at which skipping began: deleted text, fallbacks.
    skipped_from: Option<usize>,
    depth: usize,
    in_text: bool,
    run_bold: bool,
    run_hidden: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: String,
    outline: Option<u8>,
    list: (Option<u32>, Option<usize>),
    /// Characters in bold and in all.
    bold: usize,
    letters: usize,
}

#[derive(Default)]
struct OpenTable {
    table: Table,
    cells: Vec<Cell>,
    /// Text of the open cell.
    cell: String,
    columns: usize,
    continues_above: bool,
    rows: usize,
    row_is_header: bool,
    row_is_bold: bool,
}

impl<'s> Body<'s> {
    pub(super) fn new(styles: &'s Styles, numbering: Numbering, page: PageBuilder) -> Self {
        Self {
            styles,
            numbering,
            page,
            title: None,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            skipped_from: None,
            depth: 0,
            in_text: false,
            run_bold: false,
            run_hidden: false,
        }
    }

    pub(super) fn finish(self) -> (PageBuilder, Option<String>) {
        (self.page, self.title)
    }

    pub(super) fn read(&mut self, source: &str) -> Result<(), ExtractError> {
        let mut reader = xml::reader(source);
        loop {
            let event = reader.read_event().map_err(|e| ExtractError::damaged(format!("its text breaks off: {e}")))?;
            match event {
                Event::Start(e) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(ExtractError::TooDeep { limit: MAX_DEPTH });
                    }
                    self.start(&e);
                }
                Event::Empty(e) => {
                    self.depth += 1;
                    self.start(&e);
                    self.end(e.local_name().into_inner());
                }
                Event::End(e) => self.end(e.local_name().into_inner()),
                Event::Text(text) if self.takes_text() => self.push(&text.xml10_content()),
                Event::CData(text) if self.takes_text() => self.push(&text.xml10_content()),
                Event::GeneralRef(reference) if self.takes_text() => {
                    if let Some(c) = xml::entity(&reference) {
                        self.push(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if self.depth > 0 {
            return Err(ExtractError::damaged("its text breaks off"));
        }
        Ok(())
    }

    /// Footnotes and endnotes stand after the text, as they do on paper.
    pub(super) fn read_notes(&mut self, source: &str) -> Result<(), ExtractError> {
        if source.is_empty() { Ok(()) } else { self.read(source) }
    }

    fn takes_text(&self) -> bool {
        self.in_text && self.skipped_from.is_none() && !self.run_hidden
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            paragraph.letters += letters;
            paragraph.bold += if self.run_bold { letters } else { 0 };
            paragraph.text.push_str(text);
        }
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        if self.skipped_from.is_some() {
            return;
        }
        let name = e.local_name().into_inner();
        match name {
            // What was deleted or moved away; what repeats the choice before it; separators of notes.
            "del" | "moveFrom" | "Fallback" => self.skipped_from = Some(self.depth),
            "footnote" | "endnote" if xml::attribute(e, "type").is_some() => self.skipped_from = Some(self.depth),
            "p" => self.paragraphs.push(Paragraph::default()),
            "r" => (self.run_bold, self.run_hidden) = (false, false),
            "t" => self.in_text = true,
            "tbl" => self.tables.push(OpenTable::default()),
            _ => {}
        }
        self.paragraph_property(name, e);
        self.run_content(name, e);
        self.table_property(name, e);
    }

    fn paragraph_property(&mut self, name: &str, e: &BytesStart<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let value = || xml::val(e);
        match name {
            "pStyle" => paragraph.style = value().unwrap_or_default(),
            "outlineLvl" => paragraph.outline = value().and_then(|v| v.parse().ok()),
            "numId" => paragraph.list.0 = value().and_then(|v| v.parse().ok()),
            "ilvl" => paragraph.list.1 = value().and_then(|v| v.parse().ok()),
            _ => {}
        }
    }

    fn run_content(&mut self, name: &str, e: &BytesStart<'_>) {
        match name {
            "b" => self.run_bold = xml::is_on(e),
            "vanish" | "strike" | "dstrike" => self.run_hidden |= xml::is_on(e),
            _ if self.run_hidden => {}
            "tab" => self.push(" "),
            "br" if !matches!(xml::attribute(e, "type").as_deref(), Some("page" | "column")) => self.push("\n"),
            "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => {
                let code = xml::attribute(e, "char").and_then(|c| u32::from_str_radix(&c, 16).ok());
                if let Some(c) = code.and_then(char::from_u32) {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
    }

    fn table_property(&mut self, name: &str, e: &BytesStart<'_>) {
        let Some(table) = self.tables.last_mut() else { return };
        match name {
            "tr" => (table.row_is_header, table.row_is_bold) = (false, true),
            "tc" => {
                table.cell.clear();
                (table.columns, table.continues_above) = (1, false);
            }
            "tblHeader" => table.row_is_header = xml::is_on(e),
            "gridSpan" => table.columns = xml::val(e).and_then(|v| v.parse().ok()).unwrap_or(1),
            "vMerge" => table.continues_above = xml::val(e).as_deref() != Some("restart"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let skipping = self.skipped_from;
        if skipping == Some(self.depth) {
            self.skipped_from = None;
        }
        self.depth = self.depth.saturating_sub(1);
        if skipping.is_some() {
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => self.run_hidden = false,
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.paragraph(paragraph);
                }
            }
            "tc" => self.end_cell(),
            "tr" => self.end_row(),
            "tbl" => self.end_table(),
            _ => {}
        }
    }

    fn paragraph(&mut self, mut paragraph: Paragraph) {
        if paragraph.text.trim().is_empty() {
            return;
        }
        let mark = self.mark(&paragraph);
        if let Some(mark) = &mark {
            paragraph.text.insert_str(0, mark);
        }
        if let Some(table) = self.tables.last_mut() {
            table.row_is_bold &= paragraph.bold == paragraph.letters || self.styles.is_bold(&paragraph.style);
            if !table.cell.is_empty() {
                table.cell.push(' ');
            }
            table.cell.push_str(&paragraph.text);
            return;
        }
        let is_title = self.styles.is_title(&paragraph.style);
        if is_title && self.title.is_none() {
            self.title = Some(paragraph.text.clone());
        }
        let own = paragraph.outline.filter(|l| *l < 9).map(|l| l + 1);
        let level = own.or_else(|| self.styles.heading_level(&paragraph.style)).or(is_title.then_some(1));
        let kind = match level {
            Some(level) if paragraph.outline != Some(9) => BlockKind::Heading(level),
            _ if mark.is_some() => BlockKind::ListItem,
            _ => BlockKind::Paragraph,
        };
        self.page.push(kind, &paragraph.text);
    }

    fn mark(&mut self, paragraph: &Paragraph) -> Option<String> {
        let by_style = self.styles.list(&paragraph.style);
        match paragraph.list.0.or(by_style.0) {
            Some(0) => None,
            Some(list) => self.numbering.mark(list, paragraph.list.1.or(by_style.1).unwrap_or(0)),
            None => self.styles.is_bullet(&paragraph.style).then(|| "• ".to_owned()),
        }
    }

    fn end_cell(&mut self) {
        let Some(open) = self.tables.last_mut() else { return };
        let column = open.cells.iter().map(|c| c.columns).sum();
        let text = if open.continues_above { open.table.above(column) } else { std::mem::take(&mut open.cell) };
        open.cells.push(Cell { text, columns: open.columns.clamp(1, 100), rows: 1 });
    }

    fn end_row(&mut self) {
        let Some(open) = self.tables.last_mut() else { return };
        let cells = std::mem::take(&mut open.cells);
        if cells.iter().all(|c| c.text.trim().is_empty()) {
            return;
        }
        // Word marks few header rows as such; one that is bold throughout with a text in each cell is one.
        let looks_like_header = open.row_is_bold && cells.len() > 1 && cells.iter().all(|c| !c.text.trim().is_empty());
        if open.rows == 0 {
            open.table.set_headed(open.row_is_header || looks_like_header);
        }
        open.rows += 1;
        open.table.push_row(cells);
    }

    fn end_table(&mut self) {
        let Some(done) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            Some(outer) => {
                let rows: Vec<String> = done.table.rows().map(|row| row.text).collect();
                outer.cell.push(' ');
                outer.cell.push_str(&rows.join("; "));
            }
            None => self.page.push_table(&done.table),
        }
    }
}
