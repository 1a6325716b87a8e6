//! The cells of a worksheet.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{
    strings::{rich_text, unescaped},
    styles::Styles,
};
use crate::{
    ExtractError,
    sheet::{
        decimal,
        grid::{self, Budget, Cell, Sheet},
    },
    xml,
};

pub(super) struct Context<'c> {
    pub(super) styles: &'c Styles,
    pub(super) strings: &'c [Box<str>],
    pub(super) from_1904: bool,
}

struct Worksheet<'c> {
    context: &'c Context<'c>,
    sheet: &'c mut Sheet,
    budget: &'c mut Budget,
    /// Where the next cell stands that doesn't say so itself.
    place: (u32, u32),
    depth: usize,
}

pub(super) fn read(source: &str, context: &Context<'_>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), ExtractError> {
    let mut worksheet = Worksheet { context, sheet, budget, place: (0, 0), depth: 0 };
    let mut reader = xml::reader(source);
    loop {
        match reader.read_event().map_err(|e| worksheet.broken(&e.to_string()))? {
            Event::Start(e) if e.local_name().into_inner() == "c" => worksheet.cell(&mut reader, &e)?,
            Event::Start(e) => {
                worksheet.depth += 1;
                worksheet.start(&e);
            }
            Event::Empty(e) => {
                worksheet.start(&e);
                worksheet.end(e.local_name().into_inner());
            }
            Event::End(e) => {
                worksheet.depth = worksheet.depth.saturating_sub(1);
                worksheet.end(e.local_name().into_inner());
            }
            Event::Eof if worksheet.depth > 0 => return Err(worksheet.broken("it ends too early")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Worksheet<'_> {
    fn broken(&self, why: &str) -> ExtractError {
        ExtractError::damaged(format!("its sheet {} breaks off: {why}", self.sheet.name))
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        let number = |name: &str| xml::attribute(e, name).and_then(|value| value.parse::<u32>().ok());
        let area = || xml::attribute(e, "ref").as_deref().and_then(grid::area);
        match e.local_name().into_inner() {
            "row" => self.place = (number("r").map_or(self.place.0, |r| r.saturating_sub(1)), 0),
            "c" => {
                let named = xml::attribute(e, "r").as_deref().and_then(grid::place);
                self.place = named.unwrap_or(self.place);
            }
            "mergeCell" => {
                if let Some(area) = area() {
                    self.sheet.merge(area);
                }
            }
            "autoFilter" => self.sheet.head(area().map(|area| area.rows.0)),
            "pane" if xml::attribute(e, "state").is_some_and(|state| state.starts_with("frozen")) => {
                let first = xml::attribute(e, "topLeftCell").as_deref().and_then(grid::place);
                let rows = number("ySplit").filter(|rows| first.is_none_or(|(row, _)| row >= *rows));
                self.sheet.head(rows.and_then(|rows| rows.checked_sub(1)));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "row" => self.place = (self.place.0.saturating_add(1), 0),
            "c" => self.place.1 = self.place.1.saturating_add(1),
            _ => {}
        }
    }

    fn cell(&mut self, reader: &mut Reader<&[u8]>, e: &BytesStart<'_>) -> Result<(), ExtractError> {
        self.start(e);
        let kind = xml::attribute(e, "t").unwrap_or_default();
        let style = xml::attribute(e, "s").and_then(|s| s.parse().ok()).unwrap_or(0);
        let mut value = String::new();
        let mut in_value = false;
        loop {
            match reader.read_event().map_err(|e| self.broken(&e.to_string()))? {
                Event::Start(e) => match e.local_name().into_inner() {
                    "v" => in_value = true,
                    "is" => value = rich_text(reader, "is").map_err(|e| self.broken(&e.to_string()))?,
                    _ => {}
                },
                Event::End(e) => match e.local_name().into_inner() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Text(text) if in_value => value.push_str(&text.xml10_content()),
                Event::CData(text) if in_value => value.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if in_value => value.extend(xml::entity(&reference)),
                Event::Eof => return Err(self.broken("it ends within a cell")),
                _ => {}
            }
        }
        let cell = self.shown(&kind, style, &value);
        self.sheet.push(cell, self.budget)?;
        self.end("c");
        Ok(())
    }

    fn shown(&self, kind: &str, style: usize, value: &str) -> Cell {
        let (format, bold) = self.context.styles.of(style);
        let mut number = false;
        let text: String = match kind {
            "s" => {
                let index: Option<usize> = value.trim().parse().ok();
                index.and_then(|index| self.context.strings.get(index)).map(ToString::to_string).unwrap_or_default()
            }
            "inlineStr" => value.to_owned(),
            "str" => unescaped(value),
            "e" => String::new(),
            "b" => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "d" => {
                number = true;
                value.trim().trim_end_matches("T00:00:00").replace('T', " ")
            }
            _ => match value.trim().parse::<f64>() {
                Ok(value) => {
                    number = true;
                    format.show(value, self.context.from_1904)
                }
                Err(_) => value.to_owned(),
            },
        };
        // A format may show nothing of a number; what it is must not be lost.
        let text = if number && text.is_empty() { value.parse().map(decimal::general).unwrap_or_default() } else { text };
        Cell { number, bold, ..Cell::new(self.place, &text) }
    }
}
