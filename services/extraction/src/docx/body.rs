//! The main text: paragraphs and tables in the order of the document.

use quick_xml::events::BytesStart;

use super::{notes::Notes, numbering::Numbering, styles::Styles, symbols, tables};
use crate::{
    BlockKind, ExtractError,
    grid::Grid,
    omml::Formula,
    slide::{Budget, Piece},
    xml::{self, Visitor},
};

pub(super) struct Body<'s> {
    styles: &'s Styles,
    numbering: Numbering,
    pub(super) notes: Notes,
    pub(super) pieces: Vec<Piece>,
    pub(super) budget: Budget,
    pub(super) title: Option<String>,
    /// Open paragraphs: a text box holds paragraphs within one.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Grid>,
    /// Open content controls, and whether what they hold is left out.
    controls: Vec<bool>,
    formula: Formula,
    /// What the next paragraph begins with: a drop cap, a paragraph whose end was deleted.
    carried: String,
    in_properties: bool,
    in_row_properties: bool,
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
    /// Goes on in the next one, after this.
    goes_on: Option<&'static str>,
    /// Characters in bold and in all.
    bold: usize,
    letters: usize,
}

impl<'s> Body<'s> {
    pub(super) fn new(styles: &'s Styles, numbering: Numbering, notes: Notes) -> Self {
        Self {
            styles,
            numbering,
            notes,
            pieces: Vec::new(),
            budget: Budget::default(),
            title: None,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            controls: Vec::new(),
            formula: Formula::default(),
            carried: String::new(),
            in_properties: false,
            in_row_properties: false,
            in_text: false,
            run_bold: false,
            run_hidden: false,
        }
    }

    pub(super) fn read(&mut self, source: &str) -> Result<(), ExtractError> {
        xml::visit(source, "its text", self)?;
        let text = std::mem::take(&mut self.carried);
        self.paragraph(Paragraph { text, ..Paragraph::default() });
        self.notes.waiting.flush(&mut self.pieces);
        self.budget.check()
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !self.run_hidden) {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            paragraph.letters += letters;
            paragraph.bold += if self.run_bold { letters } else { 0 };
            paragraph.text.push_str(text);
        }
    }
}

impl Visitor for Body<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        match name {
            // The end of a paragraph that was deleted; a row that was.
            "del" | "moveFrom" if self.in_properties => {
                self.paragraphs.iter_mut().last().into_iter().for_each(|p| p.goes_on = Some(" "));
                return false;
            }
            "del" if self.in_row_properties => {
                self.tables.iter_mut().last().into_iter().for_each(Grid::delete_row);
                return false;
            }
            // What was deleted, moved away or looked otherwise; what repeats the choice before it; a reading aid.
            "del" | "moveFrom" | "Fallback" | "rt" => return false,
            name if name.ends_with("PrChange") => return false,
            "tbl" if !self.budget.nests(self.tables.len()) => return false,
            "sdtContent" if self.controls.last() == Some(&true) => return false,
            _ => {}
        }
        if self.formula.start(name, e) {
            return true;
        }
        match name {
            "p" => self.paragraphs.push(Paragraph { text: std::mem::take(&mut self.carried), ..Paragraph::default() }),
            "pPr" => self.in_properties = true,
            "trPr" => self.in_row_properties = true,
            "r" => (self.run_bold, self.run_hidden) = (false, false),
            "t" => self.in_text = true,
            "sdt" => self.controls.push(false),
            "showingPlcHdr" => self.leave_out_control(xml::is_on(e)),
            "docPartGallery" => self.leave_out_control(xml::val(e).as_deref() == Some("Table of Contents")),
            "tbl" => self.tables.push(Grid::default()),
            "chart" | "altChunk" => self.pieces.extend(xml::reference(e, "id").map(Piece::Part)),
            "relIds" => self.pieces.extend(xml::reference(e, "dm").map(Piece::Part)),
            "footnoteReference" | "endnoteReference" | "commentReference" => self.notes.refer(name, e),
            _ => {}
        }
        self.paragraph_property(name, e);
        self.run_content(name, e);
        self.tables.iter_mut().last().into_iter().for_each(|table| tables::property(table, name, e));
        true
    }

    fn text(&mut self, text: &str) {
        if self.formula.is_open() {
            self.formula.text(text);
        } else if self.in_text {
            self.push(text);
        }
    }

    fn end(&mut self, name: &str) {
        if self.formula.is_open() {
            if let Some(written) = self.formula.end() {
                (self.run_bold, self.run_hidden) = (false, false);
                self.push(&written);
            }
            return;
        }
        match name {
            "t" => self.in_text = false,
            "r" => self.run_hidden = false,
            "pPr" => self.in_properties = false,
            "trPr" => self.in_row_properties = false,
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.paragraph(paragraph);
                }
            }
            "sdt" => drop(self.controls.pop()),
            "tc" => self.tables.iter_mut().last().into_iter().for_each(Grid::end_cell),
            "tr" => self.tables.iter_mut().last().into_iter().for_each(Grid::end_row),
            "tbl" => self.end_table(),
            _ => {}
        }
    }
}

impl Body<'_> {
    /// Prompts such as "Click here to enter text", and tables of contents, which repeat the headings.
    fn leave_out_control(&mut self, leave_out: bool) {
        self.controls.iter_mut().last().into_iter().for_each(|left_out| *left_out |= leave_out);
    }

    fn paragraph_property(&mut self, name: &str, e: &BytesStart<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let value = || xml::val(e);
        match name {
            "pStyle" => paragraph.style = value().unwrap_or_default(),
            "outlineLvl" => paragraph.outline = value().and_then(|v| v.parse().ok()),
            "numId" => paragraph.list.0 = value().and_then(|v| v.parse().ok()),
            "ilvl" => paragraph.list.1 = value().and_then(|v| v.parse().ok()),
            "framePr" if xml::attribute(e, "dropCap").is_some_and(|v| v != "none") => paragraph.goes_on = Some(""),
            _ => {}
        }
    }

    fn run_content(&mut self, name: &str, e: &BytesStart<'_>) {
        match name {
            "b" => self.run_bold = xml::is_on(e),
            "vanish" | "strike" | "dstrike" => self.run_hidden |= xml::is_on(e),
            "tab" | "ptab" => self.push(" "),
            "br" if !matches!(xml::attribute(e, "type").as_deref(), Some("page" | "column")) => self.push("\n"),
            "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => {
                if let Some(c) = symbols::character(e) {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self, mut paragraph: Paragraph) {
        if let Some(between) = paragraph.goes_on {
            self.carried = paragraph.text + between;
            return;
        }
        if paragraph.text.trim().is_empty() || self.styles.is_contents(&paragraph.style) {
            return;
        }
        let mark = self.mark(&paragraph);
        if let Some(mark) = &mark {
            paragraph.text.insert_str(0, mark);
        }
        let is_title = self.styles.is_title(&paragraph.style);
        let own = paragraph.outline.filter(|l| *l < 9).map(|l| l + 1);
        let level = own.or_else(|| self.styles.heading_level(&paragraph.style)).or(is_title.then_some(1));
        let kind = match level {
            Some(level) if paragraph.outline != Some(9) => BlockKind::Heading(level),
            _ if mark.is_some() => BlockKind::ListItem,
            _ => BlockKind::Paragraph,
        };
        if let Some(table) = self.tables.last_mut() {
            let is_bold = paragraph.bold == paragraph.letters || self.styles.is_bold(&paragraph.style);
            table.push(kind, paragraph.text, is_bold);
            return;
        }
        if is_title && self.title.is_none() {
            self.title = Some(paragraph.text.clone());
        }
        self.add(Piece::Text(kind, paragraph.text));
    }

    fn add(&mut self, piece: Piece) {
        if self.budget.takes(&piece) {
            self.notes.waiting.add(piece, &mut self.pieces);
        }
    }

    fn mark(&mut self, paragraph: &Paragraph) -> Option<String> {
        let by_style = self.styles.list(&paragraph.style);
        match paragraph.list.0.or(by_style.0) {
            Some(0) => None,
            Some(list) => self.numbering.mark(list, paragraph.list.1.or(by_style.1).unwrap_or(0)),
            None => self.styles.is_bullet(&paragraph.style).then(|| "• ".to_owned()),
        }
    }

    fn end_table(&mut self) {
        let Some(done) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            Some(outer) => outer.push_table(done),
            None => done.into_pieces().into_iter().for_each(|piece| self.add(piece)),
        }
    }
}
