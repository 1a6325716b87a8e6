//! ODS: cells with the text that they show.

use std::collections::{HashMap, HashSet};

use quick_xml::events::{BytesStart, Event};

use super::{
    Workbook, decimal,
    grid::{Area, Budget, Cell, Sheet},
};
use crate::{ExtractError, dated, package::Package, xml};

const MAX_DEPTH: usize = 2000;
/// As for the sheets of Excel.
const MAX_SHEETS: usize = 2000;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, ExtractError> {
    let mut package = Package::open(bytes)?;
    if package.part("META-INF/manifest.xml")?.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(ExtractError::Encrypted);
    }
    let content = package.part("content.xml")?.ok_or_else(|| ExtractError::damaged("its sheets are missing"))?;
    let mut workbook = Reader::default().read(&content)?;
    let meta = package.part("meta.xml")?.unwrap_or_default();
    (workbook.title, workbook.dated) = (xml::text_of(&meta, "title"), dated::open_document(&meta));
    Ok(workbook)
}

#[derive(Default)]
struct Reader {
    workbook: Workbook,
    /// The style that is defined, and what styles say of sheets and cells.
    style: String,
    hidden: HashSet<String>,
    bold: HashMap<String, bool>,
    sheet: Option<Sheet>,
    sheet_is_hidden: bool,
    row: u32,
    /// Cells of the open row, to be repeated.
    cells: Vec<Cell>,
    column: u32,
    rows_repeated: u32,
    row_has_text: bool,
    cell: Option<Open>,
    note: Option<Note>,
    in_heads: bool,
    /// Text boxes and pictures: their text is not the cell's.
    drawn: usize,
    drawn_text: String,
    paragraphs: usize,
    depth: usize,
}

#[derive(Default)]
struct Open {
    text: String,
    value: String,
    number: bool,
    bold: bool,
    repeated: u32,
    columns: u32,
    rows: u32,
}

#[derive(Default)]
struct Note {
    author: String,
    text: String,
    in_author: bool,
    /// The date is not of the text.
    in_date: bool,
}

fn number(e: &BytesStart<'_>, name: &str) -> u32 {
    xml::attribute(e, name).and_then(|value| value.parse().ok()).unwrap_or(1).max(1)
}

impl Reader {
    fn read(mut self, source: &str) -> Result<Workbook, ExtractError> {
        let mut reader = xml::reader(source);
        loop {
            let event = reader.read_event().map_err(|e| ExtractError::damaged(format!("its sheets break off: {e}")))?;
            match event {
                Event::Start(e) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(ExtractError::TooDeep { limit: MAX_DEPTH });
                    }
                    self.start(&e);
                }
                Event::Empty(e) => {
                    self.start(&e);
                    self.end(e.local_name().into_inner())?;
                }
                Event::End(e) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.end(e.local_name().into_inner())?;
                }
                Event::Text(text) => self.text(&text.xml10_content()),
                Event::CData(text) => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Some(c) = xml::entity(&reference) {
                        self.text(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Event::Eof if self.depth > 0 => return Err(ExtractError::damaged("its sheets break off")),
                Event::Eof => return Ok(self.workbook),
                _ => {}
            }
        }
    }

    fn start(&mut self, e: &BytesStart<'_>) {
        match e.local_name().into_inner() {
            "style" => self.style = xml::attribute(e, "name").unwrap_or_default(),
            "table-properties" if xml::attribute(e, "display").as_deref() == Some("false") => {
                self.hidden.insert(self.style.clone());
            }
            "text-properties" => {
                if let Some(weight) = xml::attribute(e, "font-weight") {
                    self.bold.insert(self.style.clone(), weight == "bold" || weight.parse().is_ok_and(|w: u32| w >= 700));
                }
            }
            "table" if self.sheet.is_none() => {
                self.sheet = Some(Sheet::new(xml::attribute(e, "name").unwrap_or_default()));
                self.sheet_is_hidden = xml::attribute(e, "style-name").is_some_and(|style| self.hidden.contains(&style));
                self.row = 0;
            }
            "table-header-rows" => self.in_heads = true,
            "table-row" => {
                self.column = 0;
                self.rows_repeated = number(e, "number-rows-repeated");
            }
            "table-cell" | "covered-table-cell" => {
                let style = xml::attribute(e, "style-name").unwrap_or_default();
                let kind = xml::attribute(e, "value-type").unwrap_or_default();
                self.paragraphs = 0;
                self.cell = Some(Open {
                    value: ["value", "date-value", "time-value", "string-value"]
                        .iter()
                        .find_map(|n| xml::attribute(e, n))
                        .unwrap_or_default(),
                    number: matches!(kind.as_str(), "float" | "percentage" | "currency" | "date" | "time"),
                    bold: self.bold.get(&style).copied().unwrap_or(false),
                    repeated: number(e, "number-columns-repeated"),
                    columns: number(e, "number-columns-spanned"),
                    rows: number(e, "number-rows-spanned"),
                    ..Open::default()
                });
            }
            "annotation" => self.note = Some(Note::default()),
            "creator" => self.note.iter_mut().for_each(|note| note.in_author = true),
            "date" | "date-string" => self.note.iter_mut().for_each(|note| note.in_date = true),
            "frame" | "custom-shape" | "shapes" => self.drawn += 1,
            "p" => self.paragraph(),
            "s" => self.text(&" ".repeat(number(e, "c").min(100) as usize)),
            "tab" => self.text(" "),
            "line-break" => self.text("\n"),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        match (&mut self.note, &mut self.cell) {
            (Some(note), _) => note.text.push('\n'),
            (None, _) if self.drawn > 0 => self.drawn_text.push('\n'),
            (None, Some(cell)) => {
                if self.paragraphs > 0 {
                    cell.text.push('\n');
                }
                self.paragraphs += 1;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match (&mut self.note, &mut self.cell) {
            (Some(note), _) if note.in_date => {}
            (Some(note), _) if note.in_author => note.author.push_str(text),
            (Some(note), _) => note.text.push_str(text),
            (None, _) if self.drawn > 0 => self.drawn_text.push_str(text),
            (None, Some(cell)) if self.paragraphs > 0 => cell.text.push_str(text),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ExtractError> {
        match name {
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row()?,
            "table-header-rows" => self.in_heads = false,
            "annotation" => {
                if let (Some(note), Some(sheet)) = (self.note.take(), &mut self.sheet) {
                    sheet.note((self.row, self.column), &note.author, &note.text);
                }
            }
            "creator" => self.note.iter_mut().for_each(|note| note.in_author = false),
            "date" | "date-string" => self.note.iter_mut().for_each(|note| note.in_date = false),
            "frame" | "custom-shape" | "shapes" => self.drawn = self.drawn.saturating_sub(1),
            // A table may be within a text box.
            "table" if self.drawn == 0 => {
                if let Some(mut sheet) = self.sheet.take()
                    && !self.sheet_is_hidden
                    && self.workbook.pages.len() < MAX_SHEETS
                {
                    sheet
                        .texts
                        .extend(std::mem::take(&mut self.drawn_text).split('\n').filter(|t| !t.trim().is_empty()).map(str::to_owned));
                    self.workbook.push(sheet)?;
                }
                self.drawn_text.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some(open) = self.cell.take() else { return };
        let text = if open.text.trim().is_empty() { shown(&open) } else { open.text };
        if !text.trim().is_empty() {
            self.row_has_text = true;
            // A row is never wider; what a hostile one repeats is counted when its row ends.
            for column in (self.column..self.column.saturating_add(open.repeated)).take(16_384) {
                let until = column.saturating_add(open.columns - 1);
                self.cells.push(Cell { number: open.number, bold: open.bold, until, ..Cell::new((self.row, column), &text) });
            }
            if let Some(sheet) = self.sheet.as_mut().filter(|_| open.rows > 1) {
                let rows = (self.row, self.row.saturating_add(open.rows - 1));
                sheet.merge(Area { rows, columns: (self.column, self.column.saturating_add(open.columns - 1)) });
            }
        }
        self.column = self.column.saturating_add(open.repeated);
    }

    fn end_row(&mut self) -> Result<(), ExtractError> {
        let cells = std::mem::take(&mut self.cells);
        let mut uncounted = Budget::default();
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        if self.in_heads && !cells.is_empty() {
            sheet.head(Some(self.row));
        }
        let budget = if self.sheet_is_hidden { &mut uncounted } else { &mut self.workbook.budget };
        if !cells.is_empty() && !self.sheet_is_hidden {
            for row in self.row..self.row.saturating_add(self.rows_repeated) {
                for cell in &cells {
                    sheet.push(Cell { row, ..cell.clone() }, budget)?;
                }
            }
        }
        self.row = self.row.saturating_add(self.rows_repeated);
        Ok(())
    }
}

/// Programs that write no text write the value.
fn shown(open: &Open) -> String {
    match open.value.parse::<f64>() {
        Ok(value) if open.number => decimal::general(value),
        _ => open.value.clone(),
    }
}

#[cfg(test)]
mod tests;
