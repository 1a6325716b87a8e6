//! Footnotes, endnotes and comments: Word keeps them in parts of their own.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::{body::Body, numbering::Numbering, styles::Styles};
use crate::{
    BlockKind, ExtractError, comment,
    notes::Waiting,
    slide::Piece,
    xml::{self, Visitor},
};

/// The parts that hold notes; empty where there is none.
pub(super) struct Sources {
    pub(super) feet: String,
    pub(super) ends: String,
    pub(super) comments: String,
}

/// The notes by their ids, and those that wait for their place.
#[derive(Debug, Default)]
pub(super) struct Notes {
    feet: HashMap<String, Vec<Piece>>,
    ends: HashMap<String, Vec<Piece>>,
    comments: HashMap<String, Vec<Piece>>,
    pub(super) waiting: Waiting,
}

impl Notes {
    pub(super) fn parse(sources: &Sources, styles: &Styles, numbering: &Numbering) -> Result<Self, ExtractError> {
        let read = |source: &str| {
            let body = Body::new(styles, numbering.clone(), Self::default());
            let mut reader = Reader { body, id: None, author: None, notes: HashMap::new() };
            if !source.is_empty() {
                xml::visit(source, "its notes", &mut reader)?;
                reader.body.budget.check()?;
            }
            Ok(reader.notes)
        };
        let Sources { feet, ends, comments } = sources;
        Ok(Self { feet: read(feet)?, ends: read(ends)?, comments: read(comments)?, ..Self::default() })
    }

    pub(super) fn refer(&mut self, name: &str, e: &BytesStart<'_>) {
        let id = xml::attribute(e, "id").unwrap_or_default();
        match name {
            "footnoteReference" => self.feet.remove(&id).into_iter().flatten().for_each(|piece| self.waiting.foot(piece)),
            "commentReference" => self.comments.remove(&id).into_iter().flatten().for_each(|piece| self.waiting.foot(piece)),
            _ => self.ends.remove(&id).into_iter().flatten().for_each(|piece| self.waiting.end(piece)),
        }
    }
}

/// Reads the part with the notes, each as a text of its own.
struct Reader<'s> {
    body: Body<'s>,
    id: Option<String>,
    /// Of an open comment.
    author: Option<String>,
    notes: HashMap<String, Vec<Piece>>,
}

impl Visitor for Reader<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if is_note(name) {
            self.id = xml::attribute(e, "id");
            self.author = (name == "comment").then(|| xml::attribute(e, "author").unwrap_or_default());
            // Separators.
            return xml::attribute(e, "type").is_none_or(|kind| kind == "normal");
        }
        self.body.start(name, e)
    }

    fn text(&mut self, text: &str) {
        self.body.text(text);
    }

    fn end(&mut self, name: &str) {
        if is_note(name) {
            let mut pieces = std::mem::take(&mut self.body.pieces);
            if let Some(author) = self.author.take() {
                sign(&author, &mut pieces);
            }
            self.notes.extend(self.id.take().map(|id| (id, pieces)));
        } else {
            self.body.end(name);
        }
    }
}

fn is_note(name: &str) -> bool {
    matches!(name, "footnote" | "endnote" | "comment")
}

/// Says at the beginning of a comment whose it is.
fn sign(author: &str, pieces: &mut Vec<Piece>) {
    match pieces.first_mut() {
        Some(Piece::Text(BlockKind::Paragraph, text)) => *text = comment::said(author, text),
        Some(_) => pieces.insert(0, Piece::Text(BlockKind::Paragraph, comment::said(author, ""))),
        None => {}
    }
}
