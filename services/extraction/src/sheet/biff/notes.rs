//! Notes on cells and text boxes: the text is in the drawing, the cell in a record of its own.

use super::{
    records::{Record, id, u16_at},
    strings::{Coding, Pieces},
};
use crate::sheet::grid::Sheet;

/// The kind of drawn object that is a note's window.
const NOTE_OBJECT: u16 = 0x19;
/// More nobody reads, and each is looked for among all.
const MAX_OBJECTS: usize = 5000;

#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Number and kind of the drawn object that the next text belongs to.
    object: (u16, u16),
    texts: Vec<((u16, u16), String)>,
    /// Cell, drawn object, author.
    notes: Vec<((u32, u32), u16, String)>,
    /// Of old versions: cell and text.
    plain: Vec<((u32, u32), String)>,
}

impl Notes {
    pub(super) fn record(&mut self, record: &Record<'_>, coding: Coding) {
        let data = record.data;
        if self.texts.len().max(self.notes.len()).max(self.plain.len()) >= MAX_OBJECTS {
            return;
        }
        match (record.id, coding) {
            (id::OBJECT, Coding::Unicode) => {
                self.object = (u16_at(data, 6).unwrap_or(0), u16_at(data, 4).unwrap_or(0));
            }
            (id::TEXT_OBJECT, Coding::Unicode) => {
                let count = u16_at(data, 10).map_or(0, usize::from);
                let text = Pieces::new(record.continued.clone()).flagged(count);
                self.texts.push((self.object, text));
            }
            (id::NOTE, _) => {
                let Some((row, column)) = u16_at(data, 0).zip(u16_at(data, 2)) else { return };
                let place = (u32::from(row), u32::from(column));
                match coding {
                    Coding::Unicode => self.notes.push((place, u16_at(data, 6).unwrap_or(0), coding.counted(data, 8))),
                    Coding::Page(_) => self.plain.push((place, coding.counted(data, 4))),
                }
            }
            _ => {}
        }
    }

    pub(super) fn finish(&mut self, sheet: &mut Sheet) {
        for ((_, kind), text) in &self.texts {
            if *kind != NOTE_OBJECT && !text.trim().is_empty() {
                sheet.texts.push(text.clone());
            }
        }
        for (place, object, author) in &self.notes {
            if let Some((_, text)) = self.texts.iter().find(|((number, kind), _)| number == object && *kind == NOTE_OBJECT) {
                sheet.note(*place, author, text);
            }
        }
        for (place, text) in &self.plain {
            sheet.note(*place, "", text);
        }
    }
}
