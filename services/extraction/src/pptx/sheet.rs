//! What slides, layouts and masters have in common: shapes with text. A placeholder on a slide takes from the layout,
//! and that from the master, what it doesn't say itself.

use super::bullets::{Bullet, Levels};
use crate::slide::{Piece, Place, Shape};

/// A slide, layout, master or page of notes.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) shapes: Vec<SheetShape>,
    /// A master's bullets for titles, bodies and all else.
    pub(super) text_styles: [Levels; 3],
    /// Left out of the show.
    pub(super) hidden: bool,
}

impl Sheet {
    /// The shape of a layout or master that the placeholder stands for: by its number, or else by its kind.
    fn matching(&self, placeholder: &Placeholder) -> Option<&SheetShape> {
        let alike = || {
            let is_alike = |other: &Placeholder| other.general() == placeholder.general();
            self.shapes.iter().filter(move |shape| shape.placeholder.as_ref().is_some_and(is_alike))
        };
        let same = |shape: &&SheetShape| shape.placeholder.as_ref().is_some_and(|other| other.index == placeholder.index);
        alike().find(same).or_else(|| alike().next())
    }
}

#[derive(Debug, Default)]
pub(super) struct SheetShape {
    pub(super) placeholder: Option<Placeholder>,
    pub(super) place: Option<Place>,
    pub(super) bullets: Levels,
    pub(super) pieces: Vec<Piece>,
}

impl SheetShape {
    pub(super) fn into_shape(self) -> Shape {
        let is_title = self.placeholder.as_ref().is_some_and(Placeholder::is_title);
        Shape { is_title, place: self.place, pieces: self.pieces }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// "title", "body", "ftr" and so on.
    pub(super) kind: String,
    pub(super) index: String,
}

impl Placeholder {
    pub(super) fn is_title(&self) -> bool {
        matches!(self.kind.as_str(), "title" | "ctrTitle")
    }

    /// What stands on every page alike.
    pub(super) fn is_running(&self) -> bool {
        matches!(self.kind.as_str(), "dt" | "ftr" | "hdr" | "sldNum")
    }

    /// Masters know only titles and bodies.
    fn general(&self) -> &str {
        match self.kind.as_str() {
            "ctrTitle" => "title",
            "title" | "dt" | "ftr" | "hdr" | "sldNum" => &self.kind,
            _ => "body",
        }
    }
}

/// The layout of a slide and the layout's master; neither for those themselves.
#[derive(Clone, Copy, Default)]
pub(super) struct Inherited<'s> {
    pub(super) layout: Option<&'s Sheet>,
    pub(super) master: Option<&'s Sheet>,
}

impl Inherited<'_> {
    /// The shapes that a placeholder stands for, the nearest first.
    fn shapes(&self, placeholder: &Placeholder) -> impl Iterator<Item = &SheetShape> {
        let of_layout = self.layout.and_then(|layout| layout.matching(placeholder));
        of_layout.into_iter().chain(self.master.and_then(|master| master.matching(placeholder)))
    }

    pub(super) fn place(&self, placeholder: &Placeholder) -> Option<Place> {
        self.shapes(placeholder).find_map(|shape| shape.place)
    }

    pub(super) fn bullet(&self, placeholder: Option<&Placeholder>, level: usize) -> Option<Bullet> {
        let of_shapes = placeholder.and_then(|p| self.shapes(p).find_map(|shape| shape.bullets.get(level).cloned().flatten()));
        let Some([titles, bodies, others]) = self.master.map(|master| &master.text_styles) else { return of_shapes };
        let style = match placeholder.map(Placeholder::general) {
            Some("title") => titles,
            Some("body") => bodies,
            _ => others,
        };
        of_shapes.or_else(|| style.get(level).cloned().flatten())
    }
}
