//! What holds for the whole workbook: its sheets, strings, formats and fonts.

use std::collections::HashMap;

use super::{
    records::{Record, id, records, u16_at, u32_at},
    strings::{Coding, shared},
};
use crate::{ExtractError, codepage, sheet::number::Format};

/// The version of the records of Excel 97 and later.
const UNICODE_VERSION: u16 = 0x0600;
/// Worksheet; others hold macros or nothing but a chart.
const WORKSHEET: u8 = 0;
const CHART: u8 = 2;

#[derive(Debug)]
pub(super) struct Globals {
    pub(super) sheets: Vec<Listed>,
    pub(super) strings: Vec<Box<str>>,
    pub(super) coding: Coding,
    pub(super) from_1904: bool,
    /// By the number that cells have: the format, and whether the font is bold.
    pub(super) styles: Vec<(Format, bool)>,
}

/// A sheet and where in the stream it begins.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) at: usize,
    pub(super) hidden: bool,
}

impl Globals {
    pub(super) fn read(stream: &[u8]) -> Result<Self, ExtractError> {
        let begin = records(stream, 0).next().filter(|record| record.id == id::BEGIN);
        let Some(version) = begin.and_then(|record| u16_at(record.data, 0)) else {
            return Err(match stream {
                [0x09, 0x00 | 0x02 | 0x04, ..] => too_old(),
                _ => ExtractError::damaged("its workbook does not begin as one"),
            });
        };
        let coding = if version >= UNICODE_VERSION { Coding::Unicode } else { Coding::Page(codepage::encoding(1252)) };
        let mut globals = Self { sheets: Vec::new(), strings: Vec::new(), coding, from_1904: false, styles: Vec::new() };
        let mut looks = Looks::default();
        for record in records(stream, 0) {
            match record.id {
                id::FILE_PASS => return Err(ExtractError::Encrypted),
                id::EOF => break,
                _ => globals.record(&record, &mut looks),
            }
        }
        if globals.sheets.is_empty() {
            return Err(ExtractError::damaged("its list of sheets is missing"));
        }
        globals.styles = looks.styles();
        Ok(globals)
    }

    fn record(&mut self, record: &Record<'_>, looks: &mut Looks) {
        let data = record.data;
        match record.id {
            id::CODE_PAGE => {
                if let (Coding::Page(_), Some(page)) = (self.coding, u16_at(data, 0)) {
                    // Two numbers of their own: the Macintosh's and Windows'.
                    let page = match page {
                        0x8000 => 10000,
                        0x8001 => 1252,
                        page => u32::from(page),
                    };
                    self.coding = Coding::Page(codepage::encoding(page));
                }
            }
            id::DATE_MODE => self.from_1904 = u16_at(data, 0) == Some(1),
            id::SHARED_STRINGS => self.strings = shared(record),
            id::BOUND_SHEET => self.sheets.extend(self.listed(data)),
            id::FONT => looks.bold.push(u16_at(data, 6).is_some_and(|weight| weight >= 700)),
            id::FORMAT => {
                let code = match self.coding {
                    Coding::Unicode => self.coding.counted(data, 2),
                    Coding::Page(_) => self.coding.text(data, 3, data.get(2).map_or(0, |count| usize::from(*count))),
                };
                looks.codes.extend(u16_at(data, 0).map(|number| (number, code)));
            }
            id::XF => looks.cells.extend(u16_at(data, 0).zip(u16_at(data, 2))),
            _ => {}
        }
    }

    fn listed(&self, data: &[u8]) -> Option<Listed> {
        let [.., visibility, kind, count] = data.first_chunk::<7>()?;
        let at = usize::try_from(u32_at(data, 0)?).ok()?;
        let name = self.coding.text(data, 7, usize::from(*count));
        matches!(*kind, WORKSHEET | CHART).then_some(Listed { name, at, hidden: visibility & 3 != 0 })
    }
}

fn too_old() -> ExtractError {
    ExtractError::Unsupported { found: "an Excel file of a version before 5.0".into() }
}

/// What styles are put together from.
#[derive(Default)]
struct Looks {
    bold: Vec<bool>,
    codes: HashMap<u16, String>,
    /// Font and format of each style.
    cells: Vec<(u16, u16)>,
}

impl Looks {
    fn styles(&self) -> Vec<(Format, bool)> {
        let style = |(font, format): &(u16, u16)| {
            // There is no font number four.
            let font = usize::from(*font) - usize::from(*font > 4);
            let format = self.codes.get(format).map_or_else(|| Format::built_in(*format), |code| Format::new(code));
            (format, self.bold.get(font).copied().unwrap_or(false))
        };
        self.cells.iter().map(style).collect()
    }
}
