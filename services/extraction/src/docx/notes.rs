//! Footnotes and endnotes: Word keeps them in parts of their own.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::{body::Body, numbering::Numbering, styles::Styles};
use crate::{
    ExtractError,
    notes::Waiting,
    slide::Piece,
    xml::{self, Visitor},
};

/// The notes by their ids, and those that wait for their place.
#[derive(Debug, Default)]
pub(super) struct Notes {
    feet: HashMap<String, Vec<Piece>>,
    ends: HashMap<String, Vec<Piece>>,
    pub(super) waiting: Waiting,
}

impl Notes {
    pub(super) fn parse(feet: &str, ends: &str, styles: &Styles, numbering: &Numbering) -> Result<Self, ExtractError> {
        let read = |source: &str| {
            let body = Body::new(styles, numbering.clone(), Self::default());
            let mut reader = Reader { body, id: None, notes: HashMap::new() };
            if !source.is_empty() {
                xml::visit(source, "its notes", &mut reader)?;
                reader.body.budget.check()?;
            }
            Ok(reader.notes)
        };
        Ok(Self { feet: read(feet)?, ends: read(ends)?, ..Self::default() })
    }

    pub(super) fn refer(&mut self, name: &str, e: &BytesStart<'_>) {
        let id = xml::attribute(e, "id").unwrap_or_default();
        if name == "footnoteReference" {
            self.feet.remove(&id).into_iter().flatten().for_each(|piece| self.waiting.foot(piece));
        } else {
            self.ends.remove(&id).into_iter().flatten().for_each(|piece| self.waiting.end(piece));
        }
    }
}

/// Reads the part with the notes, each as a text of its own.
struct Reader<'s> {
    body: Body<'s>,
    id: Option<String>,
    notes: HashMap<String, Vec<Piece>>,
}

impl Visitor for Reader<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if matches!(name, "footnote" | "endnote") {
            self.id = xml::attribute(e, "id");
            // Separators.
            return xml::attribute(e, "type").is_none_or(|kind| kind == "normal");
        }
        self.body.start(name, e)
    }

    fn text(&mut self, text: &str) {
        self.body.text(text);
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "footnote" | "endnote") {
            let pieces = std::mem::take(&mut self.body.pieces);
            self.notes.extend(self.id.take().map(|id| (id, pieces)));
        } else {
            self.body.end(name);
        }
    }
}
