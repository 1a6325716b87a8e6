//! The records of a sheet: its cells, what is merged, and its notes.

use super::{
    globals::Globals,
    notes::Notes,
    records::{Record, f64_at, id, records, u16_at, u32_at},
};
use crate::{
    ExtractError,
    sheet::grid::{Area, Budget, Cell, Sheet},
};

struct Worksheet<'g> {
    globals: &'g Globals,
    sheet: &'g mut Sheet,
    budget: &'g mut Budget,
    /// Where the text belongs that a formula gave: it follows in a record of its own.
    pending: Option<((u32, u32), usize)>,
    notes: Notes,
    frozen: bool,
}

pub(super) fn read(stream: &[u8], at: usize, globals: &Globals, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), ExtractError> {
    let mut worksheet = Worksheet { globals, sheet, budget, pending: None, notes: Notes::default(), frozen: false };
    // Charts are sheets within the sheet.
    let mut depth = 0usize;
    for record in records(stream, at) {
        match record.id {
            id::BEGIN => depth += 1,
            id::EOF if depth <= 1 => {
                worksheet.notes.finish(worksheet.sheet);
                return Ok(());
            }
            id::EOF => depth -= 1,
            _ if depth == 1 => worksheet.record(&record)?,
            _ => {}
        }
    }
    Err(ExtractError::damaged(format!("its sheet {} breaks off", worksheet.sheet.name)))
}

impl Worksheet<'_> {
    fn record(&mut self, record: &Record<'_>) -> Result<(), ExtractError> {
        let data = record.data;
        match record.id {
            id::MERGED => self.merged(data),
            id::NOTE | id::OBJECT | id::TEXT_OBJECT => self.notes.record(record, self.globals.coding),
            id::WINDOW => self.frozen = u16_at(data, 0).is_some_and(|flags| flags & 8 != 0),
            id::PANE if self.frozen => {
                let rows = u16_at(data, 2).and_then(|rows| rows.checked_sub(1));
                self.sheet.head(rows.map(u32::from));
            }
            id::STRING => {
                if let Some((place, style)) = self.pending.take() {
                    let mut text = self.globals.coding.counted(data, 0);
                    if text.is_empty() && !record.continued.is_empty() {
                        text = self.globals.coding.text(record.continued.first().copied().unwrap_or_default(), 0, 32767);
                    }
                    self.text(place, style, &text)?;
                }
            }
            _ => {
                if let (Some(row), Some(column), Some(style)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4)) {
                    return self.cell(record, (u32::from(row), u32::from(column)), usize::from(style));
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, record: &Record<'_>, place: (u32, u32), style: usize) -> Result<(), ExtractError> {
        let data = record.data;
        match record.id {
            id::NUMBER => self.number(place, style, f64_at(data, 6)),
            id::RK => self.number(place, style, u32_at(data, 6).map(rk)),
            id::MUL_RK => {
                for (index, pair) in data.get(4..).unwrap_or_default().as_chunks::<6>().0.iter().enumerate() {
                    let column = place.1.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
                    self.number((place.0, column), u16_at(pair, 0).map_or(0, usize::from), u32_at(pair, 2).map(rk))?;
                }
                Ok(())
            }
            id::LABEL | id::RSTRING => self.text(place, style, &self.globals.coding.counted(data, 6)),
            id::LABEL_SHARED => {
                let index = u32_at(data, 6).and_then(|index| usize::try_from(index).ok());
                let text = index.and_then(|index| self.globals.strings.get(index));
                text.map_or(Ok(()), |text| self.text(place, style, text))
            }
            id::BOOLEAN if data.get(7) == Some(&0) => self.text(place, style, truth(data.get(6))),
            id::FORMULA | id::FORMULA_3 | id::FORMULA_4 => match data.get(6..14) {
                Some([0, _, _, _, _, _, 0xFF, 0xFF]) => {
                    self.pending = Some((place, style));
                    Ok(())
                }
                Some([1, _, value, _, _, _, 0xFF, 0xFF]) => self.text(place, style, truth(Some(value))),
                Some([.., 0xFF, 0xFF]) => Ok(()),
                _ => self.number(place, style, f64_at(data, 6)),
            },
            _ => Ok(()),
        }
    }

    fn number(&mut self, place: (u32, u32), style: usize, value: Option<f64>) -> Result<(), ExtractError> {
        let Some(value) = value else { return Ok(()) };
        let styled = self.globals.styles.get(style);
        let text = styled.map_or_else(|| crate::sheet::decimal::general(value), |(format, _)| format.show(value, self.globals.from_1904));
        let cell = Cell { number: true, bold: styled.is_some_and(|(_, bold)| *bold), ..Cell::new(place, &text) };
        self.sheet.push(cell, self.budget)
    }

    fn text(&mut self, place: (u32, u32), style: usize, text: &str) -> Result<(), ExtractError> {
        let bold = self.globals.styles.get(style).is_some_and(|(_, bold)| *bold);
        self.sheet.push(Cell { bold, ..Cell::new(place, text) }, self.budget)
    }

    fn merged(&mut self, data: &[u8]) {
        for area in data.get(2..).unwrap_or_default().as_chunks::<8>().0 {
            let at = |offset| u16_at(area, offset).map_or(0, u32::from);
            let area = Area { rows: (at(0), at(2)), columns: (at(4), at(6)) };
            if area.rows.0 <= area.rows.1 && area.columns.0 <= area.columns.1 {
                self.sheet.merge(area);
            }
        }
    }
}

fn truth(value: Option<&u8>) -> &'static str {
    if value.is_some_and(|value| *value != 0) { "TRUE" } else { "FALSE" }
}

/// A number in four bytes: whole or the upper half of a fraction, and perhaps hundredths.
fn rk(packed: u32) -> f64 {
    let value = if packed & 2 != 0 { f64::from(packed.cast_signed() >> 2) } else { f64::from_bits(u64::from(packed & !3) << 32) };
    if packed & 1 != 0 { value / 100.0 } else { value }
}
