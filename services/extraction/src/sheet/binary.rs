//! XLSB: the package of XLSX with binary parts.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsb};
use zip::ZipArchive;

use super::{
    Workbook, decimal,
    grid::{Cell, Sheet},
    number::Format,
};
use crate::{ExtractError, dated, package::Package, xml};

/// All parts together: the parser reads what it finds to the end.
const MAX_UNPACKED: u64 = 128 << 20;

pub(super) fn read(bytes: &[u8], mut package: Package<'_>) -> Result<Workbook, ExtractError> {
    check_size(bytes)?;
    let broken = |error: calamine::XlsbError| ExtractError::damaged(format!("its sheets cannot be read: {error}"));
    let mut file = Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsbError::Password => ExtractError::Encrypted,
        error => broken(error),
    })?;
    let core = package.part("docProps/core.xml")?.unwrap_or_default();
    let mut workbook = Workbook { title: xml::text_of(&core, "title"), dated: dated::office(&core), ..Workbook::default() };
    let from_1904 = file.has_1904_epoch();
    let listed = file.sheets_metadata().to_vec();
    for listed in listed.into_iter().filter(|sheet| sheet.visible == SheetVisible::Visible) {
        let mut sheet = Sheet::new(listed.name);
        if listed.typ == calamine::SheetType::WorkSheet {
            let mut cells = file.worksheet_cells_reader(&sheet.name).map_err(broken)?;
            while let Some(cell) = cells.next_cell().map_err(broken)? {
                let (text, number) = shown(cell.get_value(), from_1904);
                sheet.push(Cell { number, ..Cell::new(cell.get_position(), &text) }, &mut workbook.budget)?;
            }
        }
        workbook.push(sheet)?;
    }
    Ok(workbook)
}

fn check_size(bytes: &[u8]) -> Result<(), ExtractError> {
    let cannot = |_| ExtractError::damaged("its ZIP container is cut off or broken");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(cannot)?;
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index(index) else { continue };
        // A part that cannot be unpacked is the parser's to report, if it needs it.
        let size = io::copy(&mut file.take(left + 1), &mut io::sink()).unwrap_or(0);
        left = left.checked_sub(size).ok_or(ExtractError::TooLarge { limit_mib: (MAX_UNPACKED >> 20) as usize })?;
    }
    Ok(())
}

/// The text, and whether it is a number's. The parser tells dates by their formats, and no other formats.
fn shown(value: &DataRef<'_>, from_1904: bool) -> (String, bool) {
    match value {
        DataRef::Int(value) => (value.to_string(), true),
        DataRef::Float(value) => (decimal::general(*value), true),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), false),
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::Bool(value) => (if *value { "TRUE" } else { "FALSE" }.to_owned(), false),
        DataRef::DateTime(at) => {
            let serial = at.as_f64();
            let code = match (at.is_duration(), serial < 1.0) {
                (true, _) => "[h]:mm:ss",
                (false, true) => "hh:mm:ss",
                (false, false) => "yyyy-mm-dd hh:mm:ss",
            };
            (Format::new(code).show(serial, from_1904), true)
        }
        DataRef::Error(_) | DataRef::Empty => (String::new(), false),
    }
}
