//! Footnotes stand after the paragraph, list or table that refers to them: a text without pages has no other foot.
//! Endnotes stand at the end.

use crate::{BlockKind, slide::Piece};

/// Notes that were referred to, but not yet written.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    feet: Vec<Piece>,
    /// How many of those belong to items of the list that goes on.
    of_list: usize,
    ends: Vec<Piece>,
}

impl Waiting {
    pub(crate) fn foot(&mut self, piece: Piece) {
        self.feet.push(piece);
    }

    pub(crate) fn end(&mut self, piece: Piece) {
        self.ends.push(piece);
    }

    /// Adds a piece of the text, and after it the notes to it; those to the items of a list after all of the list.
    pub(crate) fn add(&mut self, piece: Piece, pieces: &mut Vec<Piece>) {
        if matches!(piece, Piece::Text(BlockKind::ListItem, _)) {
            self.of_list = self.feet.len();
            pieces.push(piece);
            return;
        }
        let own = self.feet.split_off(self.of_list.min(self.feet.len()));
        self.flush(pieces);
        pieces.push(piece);
        pieces.extend(own);
    }

    /// The text ends, or a list does.
    pub(crate) fn flush(&mut self, pieces: &mut Vec<Piece>) {
        pieces.append(&mut self.feet);
        self.of_list = 0;
    }

    pub(crate) fn finish(mut self, pieces: &mut Vec<Piece>) {
        self.flush(pieces);
        pieces.append(&mut self.ends);
    }
}
