//! Follows the groups and control words of the document.

use super::{
    fonts::{Coding, Fonts},
    paragraphs::Paragraphs,
    state::{Destination, Inserted, State},
    tokens::{Token, Tokens},
};
use crate::{ExtractError, page::PageBuilder};

/// Groups within groups; Word stops at a few hundred.
const MAX_DEPTH: usize = 2000;

pub(super) struct Read {
    pub(super) page: PageBuilder,
    pub(super) title: String,
    pub(super) own_title: Option<String>,
}

#[derive(Default)]
pub(super) struct Document {
    pub(super) paragraphs: Paragraphs,
    pub(super) fonts: Fonts,
    pub(super) title: String,
    pub(super) state: State,
    pub(super) outer: Vec<State>,
    /// Bytes that are not decoded yet: a character may have several.
    pub(super) bytes: Vec<u8>,
    pub(super) coding: Option<Coding>,
    /// Characters still to skip, because one of Unicode stood before them.
    pub(super) skip: usize,
    /// The first half of a character beyond 65,535.
    pub(super) half: Option<u16>,
    /// The group began with "\*": who doesn't know its word skips it.
    pub(super) starred: bool,
    /// The style that is defined, and its name so far.
    pub(super) style: i32,
    pub(super) style_name: String,
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
    pub(super) fn raw(&mut self, bytes: &[u8]) {
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
    pub(super) fn flush(&mut self) {
        if !self.bytes.is_empty() {
            let text = self.coding.unwrap_or(self.fonts.usual).decode(&self.bytes);
            self.bytes.clear();
            self.text(&text);
        }
        self.coding = None;
    }

    pub(super) fn text(&mut self, text: &str) {
        match self.state.destination {
            Destination::Body if self.state.is_visible() => self.paragraphs.text(text, &self.state),
            Destination::Mark if self.state.is_visible() => self.paragraphs.mark(text),
            Destination::Title => self.title.push_str(text),
            Destination::StyleSheet => self.style_text(text),
            _ => {}
        }
    }

    /// Names of styles end with a semicolon.
    pub(super) fn style_text(&mut self, text: &str) {
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

    pub(super) fn insert(&mut self, text: &str) {
        self.flush();
        self.text(text);
    }
}
