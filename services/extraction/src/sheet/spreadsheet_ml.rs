//! The XML of Excel 2003, which is written with the ending .xls as well.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::{
    Workbook, decimal,
    grid::{Area, Cell, Sheet},
    number::Format,
};
use crate::{ExtractError, dated, decode, xml};

/// As for the sheets of other formats.
const MAX_SHEETS: usize = 2000;

/// Tells it by its namespace, which comes early.
pub(crate) fn is_spreadsheet_ml(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    decode::decode(head).is_ok_and(|head| {
        let head = head.trim_start();
        head.starts_with('<') && head.contains("urn:schemas-microsoft-com:office:spreadsheet") && head.contains("Workbook")
    })
}

#[derive(Clone, Copy)]
enum Property {
    Title,
    Created,
    Saved,
}

#[derive(Default)]
struct Reader {
    workbook: Workbook,
    styles: HashMap<String, (Option<Format>, bool)>,
    style: String,
    sheet: Option<Sheet>,
    hidden: bool,
    place: (u32, u32),
    /// The last column that the open cell covers.
    until: u32,
    cell_style: String,
    kind: String,
    text: String,
    note: Option<(String, String)>,
    in_data: bool,
    depth: usize,
    /// Of the file's own properties: the title, and when it was made and saved last.
    title: Option<String>,
    created: String,
    saved: String,
    property: Option<Property>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, ExtractError> {
    let source = decode::decode(bytes)?;
    let mut this = Reader::default();
    let mut reader = xml::reader(&source);
    loop {
        match reader.read_event().map_err(|e| ExtractError::damaged(format!("its sheets break off: {e}")))? {
            Event::Start(e) => {
                this.depth += 1;
                this.start(&e);
            }
            Event::Empty(e) => {
                this.start(&e);
                this.end(e.local_name().into_inner())?;
            }
            Event::End(e) => {
                this.depth = this.depth.saturating_sub(1);
                this.end(e.local_name().into_inner())?;
            }
            Event::Text(text) => this.characters(&text.xml10_content()),
            Event::CData(text) => this.characters(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(c) = xml::entity(&reference) {
                    this.characters(c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof if this.depth > 0 => return Err(ExtractError::damaged("its sheets break off")),
            Event::Eof => {
                let dated = dated::written(&this.saved).or_else(|| dated::written(&this.created));
                return Ok(Workbook { title: this.title, dated, ..this.workbook });
            }
            _ => {}
        }
    }
}

impl Reader {
    fn start(&mut self, e: &BytesStart<'_>) {
        let value = |name: &str| xml::attribute(e, name);
        let number = |name: &str| value(name).and_then(|value| value.parse::<u32>().ok());
        match e.local_name().into_inner() {
            "Title" if self.sheet.is_none() => self.property = Some(Property::Title),
            "Created" if self.sheet.is_none() => self.property = Some(Property::Created),
            "LastSaved" if self.sheet.is_none() => self.property = Some(Property::Saved),
            "Style" => {
                self.style = value("ID").unwrap_or_default();
                self.styles.entry(self.style.clone()).or_default();
            }
            "NumberFormat" => {
                if let (Some(code), Some(style)) = (value("Format"), self.styles.get_mut(&self.style)) {
                    style.0 = Some(Format::new(named(&code)));
                }
            }
            "Font" if self.sheet.is_none() => {
                if let Some(style) = self.styles.get_mut(&self.style) {
                    style.1 |= value("Bold").as_deref() == Some("1");
                }
            }
            "Worksheet" => {
                self.sheet = Some(Sheet::new(value("Name").unwrap_or_default()));
                (self.place, self.hidden) = ((0, 0), false);
            }
            "Row" => self.place = (number("Index").map_or(self.place.0, |index| index.saturating_sub(1)), 0),
            "Cell" => {
                self.place.1 = number("Index").map_or(self.place.1, |index| index.saturating_sub(1));
                self.cell_style = value("StyleID").unwrap_or_default();
                self.text.clear();
                self.kind.clear();
                self.until = self.place.1.saturating_add(number("MergeAcross").unwrap_or(0));
                if let (Some(rows), Some(sheet)) = (number("MergeDown"), &mut self.sheet) {
                    let rows = (self.place.0, self.place.0.saturating_add(rows));
                    sheet.merge(Area { rows, columns: (self.place.1, self.until) });
                }
            }
            "Comment" => self.note = Some((value("Author").unwrap_or_default(), String::new())),
            "Data" => {
                self.in_data = true;
                if self.note.is_none() {
                    self.kind = value("Type").unwrap_or_default();
                }
            }
            _ => {}
        }
    }

    fn characters(&mut self, text: &str) {
        if let Some(property) = self.property {
            match property {
                Property::Title => self.title.get_or_insert_default().push_str(text),
                Property::Created => self.created.push_str(text),
                Property::Saved => self.saved.push_str(text),
            }
        } else if self.in_data {
            match &mut self.note {
                Some((_, note)) => note.push_str(text),
                None => self.text.push_str(text),
            }
        } else if text.trim() == "SheetHidden" || text.trim() == "SheetVeryHidden" {
            self.hidden = true;
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ExtractError> {
        match name {
            "Title" | "Created" | "LastSaved" => self.property = None,
            "Data" => self.in_data = false,
            "Comment" => {
                if let (Some((author, text)), Some(sheet)) = (self.note.take(), &mut self.sheet) {
                    sheet.note(self.place, &author, &text);
                }
            }
            "Cell" => {
                let cell = self.cell();
                if let Some(sheet) = &mut self.sheet {
                    sheet.push(cell, &mut self.workbook.budget)?;
                }
                self.place.1 = self.until.saturating_add(1);
            }
            "Row" => self.place = (self.place.0.saturating_add(1), 0),
            "Worksheet" => {
                if let Some(sheet) = self.sheet.take().filter(|_| !self.hidden && self.workbook.pages.len() < MAX_SHEETS) {
                    self.workbook.push(sheet)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn cell(&self) -> Cell {
        let (format, bold) = self.styles.get(&self.cell_style).map_or((None, false), |(format, bold)| (format.as_ref(), *bold));
        let value = self.text.trim();
        let (text, number) = match self.kind.as_str() {
            "Number" => match (value.parse::<f64>(), format) {
                (Ok(value), Some(format)) => (format.show(value, false), true),
                (Ok(value), None) => (decimal::general(value), true),
                (Err(_), _) => (value.to_owned(), false),
            },
            "DateTime" => (value.trim_end_matches(".000").trim_end_matches("T00:00:00").replace('T', " "), true),
            "Boolean" => (if value == "1" { "TRUE" } else { "FALSE" }.to_owned(), false),
            "Error" => (String::new(), false),
            _ => (self.text.clone(), false),
        };
        Cell { number, bold, until: self.until, ..Cell::new(self.place, &text) }
    }
}

/// Formats have names here as well.
fn named(code: &str) -> &str {
    match code {
        "Percent" => "0.00%",
        "Standard" => "#,##0.00",
        "Fixed" => "0.00",
        "Scientific" => "0.00E+00",
        "Currency" => "$#,##0.00",
        "Euro Currency" => "#,##0.00 €",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_excel_2003() {
        let source = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">\
            <Styles><Style ss:ID=\"p\"><NumberFormat ss:Format=\"0%\"/></Style></Styles>\
            <Worksheet ss:Name=\"Rates\"><Table><Row><Cell><Data ss:Type=\"String\">Kind</Data></Cell><Cell><Data ss:Type=\"String\">Rate</Data></Cell></Row>\
            <Row ss:Index=\"2\"><Cell><Data ss:Type=\"String\">A &amp; B</Data></Cell><Cell ss:StyleID=\"p\"><Data ss:Type=\"Number\">0.19</Data>\
            <Comment ss:Author=\"Ann\"><ss:Data>Since 2007</ss:Data></Comment></Cell></Row>\
            <Row><Cell ss:Index=\"2\"><Data ss:Type=\"DateTime\">2024-03-15T00:00:00.000</Data></Cell></Row></Table></Worksheet>\
            <Worksheet ss:Name=\"Old\"><Table><Row><Cell><Data>x</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>";
        assert!(is_spreadsheet_ml(source.as_bytes()));
        let workbook = read(source.as_bytes()).unwrap();
        assert_eq!(workbook.pages.len(), 1);
        assert_eq!(workbook.pages[0].text, "Rates\n\nKind | Rate\nA & B | Rate: 19%\nRate: 2024-03-15\n\nB2, Ann: Since 2007");
        assert!(read(&source.as_bytes()[..700]).is_err());
    }
}
