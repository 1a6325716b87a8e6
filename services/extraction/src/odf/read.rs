//! The text of a document: paragraphs, lists and tables in their order.

use quick_xml::events::BytesStart;

use super::{lists::Lists, slides::Slides, styles::Styles};
use crate::{
    BlockKind, comment,
    grid::Grid,
    notes::Waiting,
    slide::{Budget, Piece},
    xml::{self, Visitor},
};

pub(super) struct Reader<'s> {
    styles: &'s Styles,
    lists: Lists,
    waiting: Waiting,
    pieces: Vec<Piece>,
    pub(super) budget: Budget,
    pub(super) title: Option<String>,
    /// Of a presentation.
    pub(super) slides: Slides,
    /// Open paragraphs: a frame holds paragraphs within one.
    paragraphs: Vec<Paragraph>,
    tables: Vec<Grid>,
    in_header_rows: bool,
    /// Open notes and comments: a note can be commented on.
    notes: Vec<Note>,
    in_author: bool,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: String,
    level: Option<u8>,
    mark: Option<String>,
    is_hidden: bool,
    /// Open spans: bold and hidden.
    spans: Vec<(bool, bool)>,
    bold: usize,
    letters: usize,
}

struct Note {
    at_end: bool,
    /// How many tables are open around it.
    tables: usize,
    /// How many paragraphs are open around it.
    paragraphs: usize,
    /// Of a comment whose text is still to come.
    author: Option<String>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(styles: &'s Styles) -> Self {
        Self {
            styles,
            lists: Lists::default(),
            waiting: Waiting::default(),
            pieces: Vec::new(),
            budget: Budget::default(),
            title: None,
            slides: Slides::default(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            in_header_rows: false,
            notes: Vec::new(),
            in_author: false,
        }
    }

    pub(super) fn into_pieces(self) -> Vec<Piece> {
        let mut pieces = self.pieces;
        self.waiting.finish(&mut pieces);
        pieces
    }
}

/// What is no text of the author: deleted text, prompts, descriptions, indexes that repeat what they list;
/// and, outside paragraphs, styles, which hold the pages' headers and footers.
fn is_left_out(name: &str, e: &BytesStart<'_>, in_paragraph: bool) -> bool {
    match name {
        "tracked-changes" | "placeholder" | "binary-data" | "note-citation" | "ruby-text" | "page-number" => true,
        "table-of-content" | "illustration-index" | "table-index" | "object-index" | "alphabetical-index" => true,
        // A field may be called so as well.
        "title" | "desc" => e.name().prefix().is_some_and(|prefix| prefix.into_inner() == "svg"),
        "styles" | "automatic-styles" | "master-styles" | "meta" | "settings" | "scripts" => !in_paragraph,
        _ => false,
    }
}

impl Visitor for Reader<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if is_left_out(name, e, !self.paragraphs.is_empty()) || !self.slides.start(name, e) {
            return false;
        }
        if name == "table" && !self.budget.nests(self.tables.len()) {
            return false;
        }
        let value = |name: &str| xml::attribute(e, name);
        match name {
            "p" | "h" => self.start_paragraph(name, e),
            "span" => self.start_span(&value("style-name").unwrap_or_default()),
            "s" => self.push(&" ".repeat(value("c").and_then(|c| c.parse().ok()).unwrap_or(1).min(100))),
            "tab" => self.push(" "),
            "line-break" => self.push("\n"),
            "list" => {
                let continued = value("continue-list").or(value("continue-numbering").filter(|v| v == "true").map(|_| String::new()));
                self.lists.start(value("style-name"), value("id").unwrap_or_default(), continued.as_deref());
            }
            "list-item" => self.lists.start_item(value("start-value").and_then(|v| v.parse().ok()), false),
            "list-header" => self.lists.start_item(None, true),
            "note" => self.start_note(value("note-class").as_deref() == Some("endnote"), None),
            // A slide has no place for it.
            "annotation" if self.slides.is_open() => return false,
            "annotation" => self.start_note(false, Some(String::new())),
            "creator" => self.in_author = self.notes.last().is_some_and(|note| note.author.is_some()),
            _ => self.start_of_table(name, e),
        }
        true
    }

    fn text(&mut self, text: &str) {
        // A line break of the file is a space of the text.
        if self.in_author {
            self.notes.iter_mut().last().and_then(|note| note.author.as_mut()).into_iter().for_each(|author| author.push_str(text));
        } else if self.paragraphs.len() > self.notes.last().map_or(0, |note| note.paragraphs) {
            self.push(&text.replace(['\n', '\r', '\t'], " "));
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => self.end_paragraph(),
            "span" => self.paragraphs.iter_mut().last().into_iter().for_each(|p| p.spans.truncate(p.spans.len().saturating_sub(1))),
            "list" => {
                self.lists.end();
                if !self.lists.is_open() {
                    self.apart();
                }
            }
            "note" | "annotation" => drop(self.notes.pop()),
            "creator" => self.in_author = false,
            "table-header-rows" => self.in_header_rows = false,
            "table-cell" => self.tables.iter_mut().last().into_iter().for_each(Grid::end_cell),
            "table-row" => self.tables.iter_mut().last().into_iter().for_each(Grid::end_row),
            "table" => self.end_table(),
            _ => self.slides.end(name),
        }
    }
}

impl Reader<'_> {
    fn start_note(&mut self, at_end: bool, author: Option<String>) {
        self.notes.push(Note { at_end, tables: self.tables.len(), paragraphs: self.paragraphs.len(), author });
    }

    fn start_paragraph(&mut self, name: &str, e: &BytesStart<'_>) {
        let style = xml::attribute(e, "style-name").unwrap_or_default();
        let told = xml::attribute(e, "outline-level").and_then(|level| level.parse::<u8>().ok()).unwrap_or(1);
        let level = (name == "h").then(|| told.clamp(1, 9));
        let mark = self.lists.mark(self.styles, &style);
        let is_numbered = xml::attribute(e, "is-list-header").as_deref() != Some("true");
        let number = level.filter(|_| is_numbered && !self.lists.is_open()).and_then(|l| self.lists.heading(self.styles, l.into()));
        let is_hidden = self.styles.is_hidden(&style);
        self.paragraphs.push(Paragraph { style, level, mark: mark.or(number), is_hidden, ..Paragraph::default() });
    }

    fn start_span(&mut self, style: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let (bold, hidden) = self.styles.span(style);
        let (outer_bold, outer_hidden) = paragraph.spans.last().copied().unwrap_or((false, false));
        paragraph.spans.push((bold.unwrap_or(outer_bold), hidden || outer_hidden));
    }

    fn push(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let (bold, hidden) = paragraph.spans.last().copied().unwrap_or((false, false));
        if hidden || paragraph.is_hidden {
            return;
        }
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        paragraph.letters += letters;
        paragraph.bold += if bold { letters } else { 0 };
        paragraph.text.push_str(text);
    }

    fn start_of_table(&mut self, name: &str, e: &BytesStart<'_>) {
        let number = |name: &str| xml::attribute(e, name).and_then(|v| v.parse::<usize>().ok()).unwrap_or(1);
        match name {
            "table" => {
                // In presentations a table says itself whether it has a header.
                self.in_header_rows = xml::attribute(e, "use-first-row-styles").as_deref() == Some("true");
                self.tables.push(Grid::default());
            }
            "table-header-rows" => self.in_header_rows = true,
            _ => {}
        }
        let Some(table) = self.tables.last_mut() else { return };
        match name {
            "table-row" => table.start_row(self.in_header_rows),
            "table-cell" => {
                let repeated = number("number-columns-repeated");
                if repeated > 1 {
                    table.skip_columns(repeated - 1);
                }
                table.start_cell(number("number-columns-spanned"), number("number-rows-spanned"));
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop().filter(|p| !p.text.trim().is_empty()) else { return };
        let Paragraph { text, style, level, mark, bold, letters, .. } = paragraph;
        let is_title = self.styles.is_title(&style);
        if is_title && self.title.is_none() {
            self.title = Some(text.clone());
        }
        let kind = match level.or(is_title.then_some(1)) {
            _ if self.slides.in_title() => BlockKind::Heading(1),
            Some(level) => BlockKind::Heading(level),
            None if mark.is_some() => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        let mut text = mark.unwrap_or_default() + &text;
        if let Some(author) = self.notes.last_mut().and_then(|note| note.author.take()) {
            text = comment::said(&author, &text);
        }
        let is_bold = bold == letters || self.styles.is_bold(&style);
        match self.open_table() {
            Some(table) => table.push(kind, text, is_bold),
            None => self.add(Piece::Text(kind, text)),
        }
    }

    /// The table that takes what comes: none in a note, unless the note has one itself.
    fn open_table(&mut self) -> Option<&mut Grid> {
        let around = self.notes.last().map_or(0, |note| note.tables);
        if self.tables.len() > around { self.tables.last_mut() } else { None }
    }

    fn end_table(&mut self) {
        self.in_header_rows = false;
        let Some(done) = self.tables.pop() else { return };
        match self.open_table() {
            Some(outer) => outer.push_table(done),
            None => done.into_pieces().into_iter().for_each(|piece| self.add(piece)),
        }
    }

    /// To the open note or shape, or to the text.
    fn add(&mut self, piece: Piece) {
        if !self.budget.takes(&piece) {
            return;
        }
        match self.notes.last() {
            Some(note) if note.at_end => self.waiting.end(piece),
            Some(_) => self.waiting.foot(piece),
            None => {
                if let Some(piece) = self.slides.add(piece) {
                    self.waiting.add(piece, &mut self.pieces);
                }
            }
        }
    }

    fn apart(&mut self) {
        if self.tables.is_empty()
            && self.notes.is_empty()
            && let Some(piece) = self.slides.add(Piece::Apart)
        {
            self.pieces.push(piece);
        }
    }
}
