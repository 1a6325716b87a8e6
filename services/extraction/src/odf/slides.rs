//! The slides of a presentation, and the shapes on them.

use quick_xml::events::BytesStart;

use crate::{
    BlockKind,
    slide::{self, Piece, Place, Shape},
    xml,
};

#[derive(Debug, Default)]
pub(super) struct Slides {
    pub(super) done: Vec<Slide>,
    /// None outside presentations.
    open: Option<Slide>,
    /// Open shapes and groups, the innermost last, with what a group holds.
    shapes: Vec<OpenShape>,
    in_notes: bool,
}

#[derive(Debug, Default)]
pub(super) struct Slide {
    pub(super) shapes: Vec<Shape>,
    pub(super) notes: Vec<Piece>,
}

#[derive(Debug, Default)]
struct OpenShape {
    element: String,
    shape: Shape,
    children: Vec<Shape>,
}

/// What a text can stand in.
const SHAPES: &[&str] = &[
    "frame",
    "g",
    "custom-shape",
    "rect",
    "ellipse",
    "circle",
    "line",
    "polyline",
    "polygon",
    "regular-polygon",
    "path",
    "connector",
    "caption",
    "measure",
];

impl Slides {
    /// False for what is left out: prompts, and what stands on all slides alike.
    pub(super) fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        match name {
            "page" if xml::attribute(e, "master-page-name").is_some() => self.open = Some(Slide::default()),
            "notes" if self.open.is_some() => self.in_notes = true,
            name if self.open.is_some() && SHAPES.contains(&name) => {
                let class = xml::attribute(e, "class").unwrap_or_default();
                let is_prompt = xml::attribute(e, "placeholder").as_deref() == Some("true");
                if is_prompt || matches!(class.as_str(), "header" | "footer" | "date-time" | "page-number" | "page") {
                    return false;
                }
                let at = |name: &str| xml::attribute(e, name).and_then(|length| units(&length));
                let place = at("y").zip(at("x")).map(|(top, left)| Place { top, left });
                let shape = Shape { is_title: class == "title" && !self.in_notes, place, pieces: Vec::new() };
                self.shapes.push(OpenShape { element: name.to_owned(), shape, children: Vec::new() });
            }
            _ => {}
        }
        true
    }

    /// Whether a slide is open.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(super) fn end(&mut self, name: &str) {
        match name {
            "page" => self.done.extend(self.open.take()),
            "notes" => self.in_notes = false,
            name if self.shapes.last().is_some_and(|open| open.element == name) => self.end_shape(),
            _ => {}
        }
    }

    fn end_shape(&mut self) {
        let Some(OpenShape { mut shape, children, .. }) = self.shapes.pop() else { return };
        // A group has no place of its own.
        shape.place = shape.place.or_else(|| children.iter().filter_map(|child| child.place).min_by_key(|place| (place.top, place.left)));
        shape.pieces.extend(slide::in_reading_order(children).into_iter().flat_map(|child| child.pieces));
        if let Some(outer) = self.shapes.last_mut() {
            outer.children.push(shape);
        } else if let Some(slide) = &mut self.open {
            if self.in_notes { slide.notes.extend(shape.pieces) } else { slide.shapes.push(shape) }
        }
    }

    pub(super) fn in_title(&self) -> bool {
        self.shapes.last().is_some_and(|open| open.shape.is_title)
    }

    /// Gives the piece back where no shape is open.
    pub(super) fn add(&mut self, piece: Piece) -> Option<Piece> {
        let Some(open) = self.shapes.last_mut() else { return Some(piece) };
        match (open.shape.pieces.last_mut(), piece) {
            // A title of several lines is one.
            (Some(Piece::Text(BlockKind::Heading(1), title)), Piece::Text(BlockKind::Heading(1), more)) if open.shape.is_title => {
                title.push(' ');
                title.push_str(&more);
            }
            (_, piece) => open.shape.pieces.push(piece),
        }
        None
    }
}

/// A length as English metric units.
fn units(length: &str) -> Option<i64> {
    let split = length.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = length.split_at_checked(split)?;
    let per_unit = match unit {
        "cm" => 360_000.0,
        "mm" => 36_000.0,
        "in" => 914_400.0,
        "pt" => 12_700.0,
        "pc" => 152_400.0,
        "px" => 9_525.0,
        _ => return None,
    };
    let number: f64 = number.trim().parse().ok()?;
    // No slide is larger than a wall.
    number.is_finite().then_some((number.clamp(-10_000.0, 10_000.0) * per_unit) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_compared_in_one_unit() {
        assert_eq!(
            ["2.54cm", "1in", "72pt", "-1mm", "x", "3"].map(units),
            [Some(914_400), Some(914_400), Some(914_400), Some(-36_000), None, None]
        );
    }
}
