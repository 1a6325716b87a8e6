//! Spreadsheets: each sheet is a page, with its tables row by row.
//!
//! Values are the ones that the file saved last, written as the sheet shows them; formulas are not calculated. Cells
//! that hold an error have no value. Hidden sheets are left out as hidden text is: nobody could find them to check a
//! quote. Hidden rows and columns are read: a filter or a closed group hides them, and one click shows them.

mod biff;
mod binary;
mod blocks;
mod date;
mod decimal;
mod grid;
mod head;
mod layout;
mod number;
mod open_document;
mod spreadsheet_ml;
mod xlsx;

use catalog::Format;

use crate::{
    BlockKind, ExtractError, Extracted, clean,
    page::{MAX_TEXT_BYTES, PageBuilder},
};
use grid::{Budget, Sheet};

pub(crate) use spreadsheet_ml::is_spreadsheet_ml;

/// What a reader found.
#[derive(Debug, Default)]
struct Workbook {
    title: Option<String>,
    pages: Vec<crate::ExtractedPage>,
    budget: Budget,
    bytes: usize,
}

impl Workbook {
    /// Writes the page of a sheet and lets its cells go.
    fn push(&mut self, mut sheet: Sheet) -> Result<(), ExtractError> {
        let cells = sheet.finish(&mut self.budget)?;
        let mut page = PageBuilder::default();
        if !cells.is_empty() || !sheet.texts.is_empty() {
            page.push(BlockKind::Heading(1), &sheet.name);
        }
        layout::write(&sheet, &cells, &mut page);
        let number = i32::try_from(self.pages.len()).unwrap_or(i32::MAX).saturating_add(1);
        let page = page.finish(number, Some(clean::line(&sheet.name)).filter(|name| !name.is_empty()))?;
        self.bytes += page.text.len();
        if self.bytes > MAX_TEXT_BYTES {
            return Err(ExtractError::TooLarge { limit_mib: MAX_TEXT_BYTES >> 20 });
        }
        self.pages.push(page);
        Ok(())
    }
}

pub(crate) fn extract(bytes: &[u8], format: Format) -> Result<Extracted, ExtractError> {
    let workbook = match format {
        Format::Ods => open_document::read(bytes)?,
        Format::Xls if is_spreadsheet_ml(bytes) => spreadsheet_ml::read(bytes)?,
        Format::Xls => biff::read(bytes)?,
        _ => xlsx::read(bytes)?,
    };
    let title = workbook.title.as_deref().and_then(clean::title);
    Ok(Extracted { title, format, paged: true, pages: workbook.pages, attachments: Vec::new() })
}
