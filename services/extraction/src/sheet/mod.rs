//! Spreadsheets: each sheet is a page, with its tables row by row.
//!
//! Values are the ones that the file saved last, written as the sheet shows them; formulas are not calculated. Cells
//! that hold an error have no value. Hidden sheets are left out as hidden text is: nobody could find them to check a
//! quote. Hidden rows and columns are read: a filter or a closed group hides them, and one click shows them.
//!
//! The readers are our own but for XLSB: the usual parser, calamine, gives values without their number formats in XLS and
//! without the text that ODS shows, knows no notes, and reserves as much memory as a file declares cells.

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
use chrono::NaiveDate;

use crate::{
    BlockKind, ExtractError, Extracted, clean,
    page::{MAX_TEXT_BYTES, PageBuilder},
};
use grid::{Budget, Cell, Sheet};

pub(crate) use biff::is_bare;
pub(crate) use spreadsheet_ml::is_spreadsheet_ml;

/// What a reader found.
#[derive(Debug, Default)]
struct Workbook {
    title: Option<String>,
    dated: Option<NaiveDate>,
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

/// A table of a text file, for which the same holds as for one of a sheet.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    sheet: Sheet,
    budget: Budget,
    rows: u32,
}

impl Plain {
    /// Adds a row of values, each of which is a number or not.
    pub(crate) fn push<'v>(&mut self, values: impl Iterator<Item = (&'v str, bool)>) -> Result<(), ExtractError> {
        for (column, (text, number)) in (0..).zip(values) {
            self.sheet.push(Cell { number, ..Cell::new((self.rows, column), text) }, &mut self.budget)?;
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    pub(crate) fn write(mut self, page: &mut PageBuilder) -> Result<(), ExtractError> {
        let cells = self.sheet.finish(&mut self.budget)?;
        layout::write_as_one(&cells, page);
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
    Ok(Extracted { dated: workbook.dated, paged: true, pages: workbook.pages, ..Extracted::empty(format, title) })
}
