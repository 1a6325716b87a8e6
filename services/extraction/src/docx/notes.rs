//! Footnotes stand after the paragraph, list or table that refers to them: a text without pages has no other foot.
//! Endnotes stand at the end.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::{body::Body, numbering::Numbering, styles::Styles};
use crate::{
    BlockKind, ExtractError,
    slide::Piece,
    xml::{self, Visitor},
};

#[derive(Debug, Default)]
pub(super) struct Notes {
    feet: HashMap<String, Vec<Piece>>,
    ends: HashMap<String, Vec<Piece>>,
    /// Referred to, but not yet written.
    pending: Vec<Piece>,
    /// How many of those belong to items of the list that goes on.
    of_list: usize,
    /// Referred to so far, for the end.
    at_end: Vec<Piece>,
}

impl Notes {
    pub(super) fn parse(feet: &str, ends: &str, styles: &Styles, numbering: &Numbering) -> Result<Self, ExtractError> {
        let read = |source: &str| {
            let body = Body::new(styles, numbering.clone(), Self::default());
            let mut reader = Reader { body, id: None, notes: HashMap::new() };
            if !source.is_empty() {
                xml::visit(source, "its notes", &mut reader)?;
            }
            Ok(reader.notes)
        };
        Ok(Self { feet: read(feet)?, ends: read(ends)?, ..Self::default() })
    }

    pub(super) fn refer(&mut self, name: &str, e: &BytesStart<'_>) {
        let id = xml::attribute(e, "id").unwrap_or_default();
        if name == "footnoteReference" {
            self.pending.extend(self.feet.remove(&id).into_iter().flatten());
        } else {
            self.at_end.extend(self.ends.remove(&id).into_iter().flatten());
        }
    }

    /// Adds a piece of the text, and after it the notes to it; those to the items of a list after all of the list.
    pub(super) fn add(&mut self, piece: Piece, pieces: &mut Vec<Piece>) {
        let is_item = matches!(piece, Piece::Text(BlockKind::ListItem, _));
        let own = self.pending.split_off(self.of_list.min(self.pending.len()));
        if is_item {
            self.pending.extend(own);
            self.of_list = self.pending.len();
            pieces.push(piece);
            return;
        }
        self.flush(pieces);
        pieces.push(piece);
        pieces.extend(own);
    }

    pub(super) fn flush(&mut self, pieces: &mut Vec<Piece>) {
        pieces.append(&mut self.pending);
        self.of_list = 0;
    }

    pub(super) fn finish(self, pieces: &mut Vec<Piece>) {
        pieces.extend(self.at_end);
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
