//! Slides of PowerPoint and OpenDocument: what stands on them, in the order in which people read it.

use crate::{
    BlockKind, ExtractError,
    page::{MAX_TEXT_BYTES, PageBuilder},
    table::Table,
};

/// Shapes whose tops differ by less stand side by side: a fifth of an inch.
const SAME_LINE: i64 = 182_880;

/// What a slide shows in one place; a group is one shape.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) is_title: bool,
    pub(crate) place: Option<Place>,
    pub(crate) pieces: Vec<Piece>,
}

/// In English metric units (914,400 an inch) from the corner of the slide, or of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) top: i64,
    pub(crate) left: i64,
}

#[derive(Debug)]
pub(crate) enum Piece {
    Text(BlockKind, String),
    Table(Table),
    /// A list that follows is one of its own.
    Apart,
    /// A chart or diagram in a part of its own, by the id of the relation.
    Part(String),
}

/// Of what is read of a part: marks and cells that are repeated must not fill the memory before they are a page.
const MAX_BYTES: usize = 4 * MAX_TEXT_BYTES;

/// Tables within tables: each level reads the text of those within it again.
const MAX_TABLE_DEPTH: usize = 20;

/// Counts what pieces hold.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    bytes: usize,
    too_deep: bool,
}

impl Budget {
    /// Whether there is room for another piece.
    pub(crate) fn takes(&mut self, piece: &Piece) -> bool {
        let bytes = match piece {
            Piece::Text(_, text) | Piece::Part(text) => text.len(),
            Piece::Table(table) => table.bytes(),
            Piece::Apart => 0,
        };
        self.bytes = self.bytes.saturating_add(bytes + size_of::<Piece>());
        self.bytes <= MAX_BYTES
    }

    /// Whether another table may begin within so many.
    pub(crate) fn nests(&mut self, tables: usize) -> bool {
        self.too_deep |= tables >= MAX_TABLE_DEPTH;
        tables < MAX_TABLE_DEPTH
    }

    pub(crate) fn check(&self) -> Result<(), ExtractError> {
        if self.too_deep {
            return Err(ExtractError::TooDeep { limit: MAX_TABLE_DEPTH });
        }
        if self.bytes > MAX_BYTES { Err(ExtractError::TooLarge { limit_mib: MAX_TEXT_BYTES >> 20 }) } else { Ok(()) }
    }
}

/// Titles first, then from top to bottom and from left to right. The file has them in the order in which they cover
/// each other, which shapes without a place keep.
pub(crate) fn in_reading_order(shapes: Vec<Shape>) -> Vec<Shape> {
    let (mut ordered, others): (Vec<Shape>, Vec<Shape>) = shapes.into_iter().partition(|shape| shape.is_title);
    let mut top_left = Place { top: i64::MIN, left: i64::MIN };
    // One without a place follows the one before it in the file.
    let placed = others.into_iter().map(|shape| {
        top_left = shape.place.unwrap_or(top_left);
        (top_left, shape)
    });
    let mut placed: Vec<(Place, Shape)> = placed.collect();
    placed.sort_by_key(|(place, _)| place.top);
    let mut line = i64::MIN;
    for (place, _) in &mut placed {
        if place.top.saturating_sub(line) > SAME_LINE {
            line = place.top;
        }
        place.top = line;
    }
    placed.sort_by_key(|(place, _)| (place.top, place.left));
    ordered.extend(placed.into_iter().map(|(_, shape)| shape));
    ordered
}

/// Adds all but the parts, which only their format can read.
pub(crate) fn push(piece: &Piece, page: &mut PageBuilder) {
    match piece {
        Piece::Text(kind, text) => page.push(*kind, text),
        Piece::Table(table) => page.push_table(table),
        Piece::Apart => page.apart(),
        Piece::Part(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(name: &str, is_title: bool, place: Option<(i64, i64)>) -> Shape {
        let place = place.map(|(top, left)| Place { top, left });
        Shape { is_title, place, pieces: vec![Piece::Text(BlockKind::Paragraph, name.to_owned())] }
    }

    #[test]
    fn shapes_are_read_line_by_line() {
        let shapes = vec![
            shape("below", false, Some((3_000_000, 0))),
            shape("right", false, Some((1_000_000, 4_000_000))),
            shape("left", false, Some((1_090_000, 1_000_000))),
            shape("of the left", false, None),
            shape("title", true, Some((9_000_000, 0))),
        ];
        let mut page = PageBuilder::default();
        in_reading_order(shapes).iter().flat_map(|shape| &shape.pieces).for_each(|piece| push(piece, &mut page));
        assert_eq!(page.finish(1, None).unwrap().text, "title\n\nleft\n\nof the left\n\nright\n\nbelow");
    }
}
