//! XLS: the binary records (BIFF) of Excel 5 to 2003, in a container or bare.

mod cells;
mod globals;
mod notes;
mod records;
mod strings;

use std::io::{Cursor, Read};

use super::{Workbook, grid::Sheet};
use crate::{ExtractError, summary::Summary};
use globals::Globals;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, ExtractError> {
    let (stream, summary) = match cfb::CompoundFile::open(Cursor::new(bytes)) {
        Ok(mut file) => {
            let summary = part(&mut file, "\u{5}SummaryInformation", bytes.len()).unwrap_or_default();
            let stream = part(&mut file, "Workbook", bytes.len()).or_else(|| part(&mut file, "Book", bytes.len()));
            (stream.ok_or_else(|| ExtractError::damaged("its workbook cannot be taken out of the container"))?, summary)
        }
        Err(_) => (bytes.to_vec(), Vec::new()),
    };
    let globals = Globals::read(&stream)?;
    let summary = Summary::new(&summary);
    let mut workbook = Workbook { title: summary.title(), dated: summary.dated(), ..Workbook::default() };
    for listed in globals.sheets.iter().filter(|sheet| !sheet.hidden) {
        let mut sheet = Sheet::new(listed.name.clone());
        if stream.len() <= listed.at {
            return Err(ExtractError::damaged(format!("its sheet {} is cut off", sheet.name)));
        }
        cells::read(&stream, listed.at, &globals, &mut sheet, &mut workbook.budget)?;
        workbook.push(sheet)?;
    }
    Ok(workbook)
}

/// What a stream holds; no more than the file, whatever its chain of sectors says.
fn part(file: &mut cfb::CompoundFile<Cursor<&[u8]>>, name: &str, limit: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(name).ok()?.take(limit as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The beginning of the records without a container: `None` for versions that are too old.
pub(crate) fn is_bare(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0x09, 0x08, 0x08 | 0x10, 0x00, ..] => Some(true),
        [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..] => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
