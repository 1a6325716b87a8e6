//! What a cell's style says of its number format and its font.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::number::Format;
use crate::xml;

/// Excel knows 65,490.
const MAX_STYLES: usize = 70_000;

#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By number: the format, and whether the font is bold.
    cells: Vec<(Format, bool)>,
    fallback: Format,
}

#[derive(Default)]
struct Parser {
    codes: HashMap<u32, String>,
    bold: Vec<bool>,
    cells: Vec<(Format, bool)>,
    /// The list that is open: fonts occur in others as well.
    list: &'static str,
}

impl Styles {
    pub(super) fn parse(source: &str) -> Self {
        let mut parser = Parser::default();
        let mut reader = xml::reader(source);
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) => parser.start(&e),
                Ok(Event::End(e)) if e.local_name().into_inner() == parser.list => parser.list = "",
                Ok(Event::Eof) | Err(_) => return Self { cells: parser.cells, fallback: Format::default() },
                Ok(_) => {}
            }
        }
    }

    pub(super) fn of(&self, style: usize) -> (&Format, bool) {
        self.cells.get(style).map_or((&self.fallback, false), |(format, bold)| (format, *bold))
    }
}

impl Parser {
    fn start(&mut self, e: &BytesStart<'_>) {
        let number = |name: &str| xml::attribute(e, name).and_then(|value| value.parse::<u32>().ok());
        match (self.list, e.local_name().into_inner()) {
            (_, "fonts") => self.list = "fonts",
            (_, "cellXfs") => self.list = "cellXfs",
            (_, "numFmts") => self.list = "numFmts",
            ("numFmts", "numFmt") => {
                if let (Some(id), Some(code)) = (number("numFmtId"), xml::attribute(e, "formatCode")) {
                    self.codes.insert(id, code.chars().take(500).collect());
                }
            }
            ("fonts", "font") if self.bold.len() < MAX_STYLES => self.bold.push(false),
            ("fonts", "b") => {
                if let Some(last) = self.bold.last_mut() {
                    *last = xml::is_on(e);
                }
            }
            ("cellXfs", "xf") if self.cells.len() < MAX_STYLES => {
                let id = number("numFmtId").unwrap_or(0);
                let built_in = || Format::built_in(u16::try_from(id).unwrap_or(0));
                let format = self.codes.get(&id).map_or_else(built_in, |code| Format::new(code));
                let font = number("fontId").and_then(|id| usize::try_from(id).ok());
                let bold = font.and_then(|id| self.bold.get(id)).copied().unwrap_or(false);
                self.cells.push((format, bold));
            }
            _ => {}
        }
    }
}
