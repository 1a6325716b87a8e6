//! What the control words mean.

use super::{
    document::Document,
    fonts::Coding,
    state::{Destination, Inserted, destination, is_read_though_new},
};
use crate::codepage;

impl Document {
    pub(super) fn word(&mut self, word: &str, number: Option<i32>) {
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
