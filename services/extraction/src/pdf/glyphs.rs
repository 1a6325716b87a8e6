//! The characters of a page, each with its place and type.

use pdfium_render::prelude::{PdfPage, PdfPageRenderRotation, PdfPageTextChar};

use super::{
    geometry::{Frame, Rect},
    grid::CellId,
};

/// A page of text has a few thousand; one made to fill the memory stops here.
const MAX_GLYPHS: usize = 1 << 20;

/// A character, turned so that its text runs from left to right and y grows upwards.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) char: char,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The base line.
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Quarter turns of its writing direction on the page as shown, against the clock.
    pub(super) turns: u8,
    /// Not written just after the character before it: there may be a gap that is no space.
    pub(super) placed: bool,
    /// PDFium sees a space before it that the file doesn't write.
    pub(super) spaced: bool,
    /// On the page as shown.
    pub(super) rect: Rect,
    /// Of a ruled table.
    pub(super) cell: Option<CellId>,
}

pub(super) fn frame(page: &PdfPage<'_>) -> Frame {
    let turns = match page.rotation() {
        Ok(PdfPageRenderRotation::Degrees90) => 1,
        Ok(PdfPageRenderRotation::Degrees180) => 2,
        Ok(PdfPageRenderRotation::Degrees270) => 3,
        _ => 0,
    };
    match page.boundaries().bounding() {
        Ok(shown) => {
            let bounds = shown.bounds;
            Frame { left: bounds.left().value, bottom: bounds.bottom().value, right: bounds.right().value, top: bounds.top().value, turns }
        }
        Err(_) => Frame { left: 0.0, bottom: 0.0, right: page.width().value, top: page.height().value, turns: 0 },
    }
}

/// In the order in which the page draws them. Characters that are not on the part of the page that is shown are left out.
pub(super) fn glyphs(page: &PdfPage<'_>, frame: &Frame) -> Vec<Glyph> {
    let Ok(text) = page.text() else { return Vec::new() };
    let (width, height) = frame.size();
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut placed = true;
    let mut spaced = false;
    let mut fonts = Fonts::default();
    for char in text.chars().iter().take(MAX_GLYPHS) {
        // Spaces and line ends that PDFium puts in where it sees a gap.
        if char.is_generated().unwrap_or(false) {
            placed = true;
            spaced |= char.unicode_char() == Some(' ');
            continue;
        }
        let Some(mut glyph) = glyph(&char, frame, placed, &mut fonts) else { continue };
        // A ligature comes as its letters, all in its place.
        if let Some(last) = glyphs.last().filter(|last| !placed && last.rect == glyph.rect) {
            glyph.x0 = last.x1;
        }
        glyph.spaced = std::mem::take(&mut spaced);
        placed = false;
        let rect = glyph.rect;
        if rect.right > 0.0 && rect.left < width && rect.bottom > 0.0 && rect.top < height {
            glyphs.push(glyph);
        }
    }
    glyphs
}

fn glyph(char: &PdfPageTextChar<'_>, frame: &Frame, placed: bool, fonts: &mut Fonts) -> Option<Glyph> {
    let value = match char.unicode_char()? {
        // What PDFium takes for a hyphen that only the line end has brought.
        '\u{2}' => '-',
        '\0' => char::REPLACEMENT_CHARACTER,
        value => value,
    };
    let matrix = char.matrix().ok()?;
    let bounds = char.loose_bounds().ok()?;
    let (x, y) = char.origin().ok()?;
    let direction = matrix.b().atan2(matrix.a()) / std::f32::consts::FRAC_PI_2;
    let turns = (direction.round() as i32 - i32::from(frame.turns)).rem_euclid(4) as u8;
    let (low, high) = ((bounds.left().value, bounds.bottom().value), (bounds.right().value, bounds.top().value));
    let (a, b) = (frame.along(turns, low.0, low.1), frame.along(turns, high.0, high.1));
    let scale = matrix.c().hypot(matrix.d());
    let size = f64::from(char.unscaled_font_size().value * scale);
    Some(Glyph {
        char: value,
        x0: a.0.min(b.0),
        x1: a.0.max(b.0),
        y: frame.along(turns, x.value, y.value).1,
        size,
        bold: value.is_alphanumeric() && fonts.is_bold(char),
        turns,
        placed,
        spaced: false,
        rect: frame.rect(low, high),
        cell: None,
    })
}

/// The last font, so that its name is judged once in a run of characters.
#[derive(Default)]
struct Fonts {
    name: String,
    bold: bool,
}

impl Fonts {
    fn is_bold(&mut self, char: &PdfPageTextChar<'_>) -> bool {
        let name = char.font_name();
        if name != self.name {
            self.bold = ["Bold", "bold", "BOLD", "Black", "Heavy", "Semibold", "SemiBold", "-Bd"].iter().any(|b| name.contains(b));
            self.name = name;
        }
        self.bold
    }
}
