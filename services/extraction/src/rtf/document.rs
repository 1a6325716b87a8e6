//! Follows the groups and control words of the document.

use super::{
    fonts::{Coding, Fonts},
    paragraphs::Paragraphs,
    state::{Destination, Inserted, State, destination, is_read_though_new},
    tokens::{Token, Tokens},
};
use crate::{ExtractError, codepage, page::PageBuilder};

/// Groups within groups; Word stops at a few hundred.
const MAX_DEPTH: usize = 2000;

pub(super) struct Read {
    pub(super) page: PageBuilder,
    pub(super) title: String,
    pub(super) own_title: Option<String>,
}

#[derive(Default)]
struct Document {
    paragraphs: Paragraphs,
    fonts: Fonts,
    title: String,
    state: State,
    outer: Vec<State>,
    /// Bytes that are not decoded yet: a character may have several.
    bytes: Vec<u8>,
    coding: Option<Coding>,
    /// Characters still to skip, because one of Unicode stood before them.
    skip: usize,
    /// The first half of a character beyond 65,535.
    half: Option<u16>,
    /// The group began with "\*": who doesn't know its word skips it.
    starred: bool,
    /// The style that is defined, and its name so far.
    style: i32,
    style_name: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Read, ExtractError> {
    let mut document = Document::default();
    let mut open = false;
    for token in Tokens::new(bytes) {
        open |= token == Token::Open;
        document.token(token)?;
        // What follows the last group is not the document's.
        if open && document.outer.is_empty() {
            break;
        }
    }
    if !document.outer.is_empty() {
        return Err(ExtractError::damaged("its text breaks off"));
    }
    document.flush();
    document.paragraphs.finish(&document.state);
    let Document { paragraphs, title, .. } = document;
    Ok(Read { page: paragraphs.page, title, own_title: paragraphs.own_title })
}

impl Document {
    fn token(&mut self, token: Token<'_>) -> Result<(), ExtractError> {
        match token {
            Token::Open => {
                self.flush();
                self.skip = 0;
                if self.outer.len() >= MAX_DEPTH {
                    return Err(ExtractError::TooDeep { limit: MAX_DEPTH });
                }
                self.outer.push(self.state);
            }
            Token::Close => self.close(),
            Token::Word(word, number) => self.word(word, number),
            Token::Sign(sign) => self.sign(sign),
            Token::Byte(byte) => self.raw(&[byte]),
            Token::Text(text) => self.raw(text),
        }
        Ok(())
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        let outer = self.outer.pop().unwrap_or_default();
        if self.state.inserted != outer.inserted {
            self.paragraphs.resume(self.state.inserted == Some(Inserted::Note), &self.state);
        }
        // The last paragraph has no end of its own.
        if self.outer.is_empty() {
            self.paragraphs.end(&self.state);
        }
        self.state = outer;
    }

    /// Bytes of text.
    fn raw(&mut self, bytes: &[u8]) {
        self.starred = false;
        let skipped = self.skip.min(bytes.len());
        self.skip -= skipped;
        let bytes = bytes.get(skipped..).unwrap_or_default();
        if bytes.is_empty() || self.state.destination == Destination::Nowhere {
            return;
        }
        self.half = None;
        let coding = match self.state.destination {
            Destination::Body | Destination::Mark => self.fonts.coding(self.state.font),
            _ => self.fonts.usual,
        };
        if self.coding != Some(coding) {
            self.flush();
            self.coding = Some(coding);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Decodes what has come together; whatever changes where text goes or how it is read must do so first.
    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = self.coding.unwrap_or(self.fonts.usual).decode(&self.bytes);
            self.bytes.clear();
            self.text(&text);
        }
        self.coding = None;
    }

    fn text(&mut self, text: &str) {
        match self.state.destination {
            Destination::Body if self.state.is_visible() => self.paragraphs.text(text, &self.state),
            Destination::Mark if self.state.is_visible() => self.paragraphs.mark(text),
            Destination::Title => self.title.push_str(text),
            Destination::StyleSheet => self.style_text(text),
            _ => {}
        }
    }

    /// Names of styles end with a semicolon.
    fn style_text(&mut self, text: &str) {
        for c in text.chars() {
            if c == ';' {
                let name = std::mem::take(&mut self.style_name).trim().to_lowercase();
                self.paragraphs.styles.entry(self.style).or_default().name = name;
                self.style = 0;
            } else if self.style_name.len() < 200 {
                self.style_name.push(c);
            }
        }
    }

    fn sign(&mut self, sign: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        match sign {
            b'*' => self.starred = true,
            b'~' => self.insert(" "),
            b'_' => self.insert("-"),
            b'{' | b'}' | b'\\' => self.raw(&[sign]),
            // Where a word may be divided, and marks of the index.
            _ => {}
        }
    }

    fn insert(&mut self, text: &str) {
        self.flush();
        self.text(text);
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if self.skip > 0 && word != "u" {
            self.skip -= 1;
            return;
        }
        let starred = std::mem::take(&mut self.starred);
        if self.state.destination == Destination::Nowhere {
            return;
        }
        if starred && !is_read_though_new(word) && !(word == "cs" && self.state.destination == Destination::StyleSheet) {
            self.state.destination = Destination::Nowhere;
            return;
        }
        // The title of a style sheet or font table is none.
        if let Some(destination) = destination(word).filter(|_| matches!(self.state.destination, Destination::Body | Destination::Mark)) {
            self.flush();
            self.state.destination = destination;
            return;
        }
        match self.state.destination {
            Destination::FontTable => {
                self.bytes.clear();
                self.fonts.define(word, number.unwrap_or(0));
            }
            Destination::StyleSheet => self.style_word(word, number),
            _ => self.format(word, number),
        }
    }

    fn style_word(&mut self, word: &str, number: Option<i32>) {
        match (word, number) {
            ("s", Some(number)) => self.style = number,
            // Styles of characters and tables have numbers of their own.
            ("cs" | "ds" | "ts", _) => self.state.destination = Destination::Nowhere,
            ("outlinelevel", Some(level)) => {
                let level = u8::try_from(level).ok().filter(|level| *level < 9);
                self.paragraphs.styles.entry(self.style).or_default().outline = level;
            }
            ("u" | "uc", _) => self.character(word, number),
            _ => {}
        }
    }

    fn format(&mut self, word: &str, number: Option<i32>) {
        let on = number != Some(0);
        match word {
            "ansicpg" => self.fonts.usual = Coding::Page(codepage::encoding(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252))),
            "mac" => self.fonts.usual = Coding::Page(codepage::encoding(10000)),
            "deff" => {
                self.fonts.default = number.unwrap_or(0);
                self.state.font = self.fonts.default;
            }
            "f" => {
                self.flush();
                self.state.font = number.unwrap_or(0);
            }
            "b" | "v" | "strike" | "striked" | "deleted" | "plain" => {
                self.flush();
                match word {
                    "b" => self.state.bold = on,
                    "v" => self.state.hidden = on,
                    "deleted" => self.state.deleted = on,
                    "plain" => self.state.plain(self.fonts.default),
                    _ => self.state.struck = on,
                }
            }
            "pard" => self.state.new_paragraph(),
            "intbl" => self.state.in_table = on,
            "s" => self.state.style = number.unwrap_or(0),
            "outlinelevel" => self.state.outline = number.and_then(|level| u8::try_from(level).ok()).filter(|level| *level < 9),
            "trhdr" | "clmrg" | "clvmrg" | "cellx" => self.paragraphs.row_property(word),
            "trowd" => self.paragraphs.begin_row(),
            "footnote" | "shptxt" => self.insertion(word),
            _ => self.character(word, number),
        }
    }

    /// A note or text box begins.
    fn insertion(&mut self, word: &str) {
        self.flush();
        // A note within a note is part of it: only the outer one is known when it ends.
        if self.state.inserted.is_none() {
            self.state.inserted = Some(if word == "footnote" { Inserted::Note } else { Inserted::Box });
            self.state.new_paragraph();
            self.paragraphs.interrupt();
        }
    }

    fn character(&mut self, word: &str, number: Option<i32>) {
        match word {
            "uc" => self.state.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(100),
            "u" => {
                self.flush();
                self.unicode(number.unwrap_or(0));
                self.skip = self.state.stand_ins;
            }
            "par" | "sect" | "page" | "column" | "cell" | "row" => self.end_of(word),
            "line" | "lbr" => self.insert("\n"),
            "tab" | "emspace" | "enspace" | "qmspace" | "nestcell" => self.insert(" "),
            "nestrow" => self.insert("; "),
            "emdash" => self.insert("—"),
            "endash" => self.insert("–"),
            "bullet" => self.insert("•"),
            "lquote" => self.insert("‘"),
            "rquote" => self.insert("’"),
            "ldblquote" => self.insert("“"),
            "rdblquote" => self.insert("”"),
            _ => {}
        }
    }

    fn end_of(&mut self, word: &str) {
        self.flush();
        if self.state.destination != Destination::Body {
            return;
        }
        match word {
            "cell" if self.state.inserted.is_none() => self.paragraphs.end_cell(),
            "row" if self.state.inserted.is_none() => self.paragraphs.end_row(),
            "cell" | "row" => self.insert(" "),
            // Hidden or deleted is the break of the paragraph as well.
            "par" if !self.state.is_visible() => {}
            _ => self.paragraphs.end(&self.state),
        }
    }

    fn unicode(&mut self, number: i32) {
        // Numbers above 32,767 are written as negative ones.
        let unit = (number & 0xFFFF) as u16;
        let units: &[u16] = match (self.half.take(), unit) {
            (_, 0xD800..=0xDBFF) => {
                self.half = Some(unit);
                return;
            }
            (Some(half), 0xDC00..=0xDFFF) => &[half, unit],
            _ => &[unit],
        };
        let text = match char::from_u32(u32::try_from(number).unwrap_or(0)) {
            Some(c) if number > 0xFFFF => c.to_string(),
            _ => String::from_utf16_lossy(units),
        };
        self.text(&text);
    }
}
