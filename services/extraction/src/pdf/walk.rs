//! Follows the drawing operators of a page and notes which text is shown where.

use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};

use super::{
    document::{as_dict, dict, resolved},
    font::{Font, Fonts},
    matrix::{Matrix, number},
};
use crate::ExtractError;

/// Unpacked drawing operators of one page, and of the whole document.
const MAX_PAGE_BYTES: usize = 32 << 20;
const MAX_TOTAL_BYTES: usize = 1 << 30;
/// Forms within forms.
const MAX_FORM_DEPTH: usize = 8;
const MAX_FORMS: usize = 20_000;
const MAX_GLYPHS: usize = 64 << 20;

/// What is left of the limits for a document.
pub(super) struct Budget {
    bytes: usize,
    forms: usize,
    glyphs: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: MAX_TOTAL_BYTES, forms: MAX_FORMS, glyphs: MAX_GLYPHS }
    }
}

/// A character on the page, turned so that its text runs from left to right and y grows upwards.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The base line.
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Quarter turns of its writing direction on the page.
    pub(super) turns: u8,
    /// Placed by itself, not just after the character before it.
    pub(super) placed: bool,
}

pub(super) fn walk(document: &Document, page: ObjectId, fonts: &mut Fonts, budget: &mut Budget) -> Result<Vec<Glyph>, ExtractError> {
    // A page whose operators can't be unpacked is a page without text, not the end of the document.
    let Ok(content) = document.get_page_content_with_limit(page, MAX_PAGE_BYTES.min(budget.bytes)) else {
        return Ok(Vec::new());
    };
    let mut walker = Walker {
        document,
        fonts,
        budget,
        glyphs: Vec::new(),
        state: State::default(),
        saved: Vec::new(),
        marks: Vec::new(),
        text: Matrix::IDENTITY,
        line: Matrix::IDENTITY,
        placed: true,
    };
    let resources = resources(document, page);
    walker.content(&content, resources, 0)?;
    Ok(walker.glyphs)
}

/// The page's resources, its own or inherited.
fn resources(document: &Document, page: ObjectId) -> Option<&Dictionary> {
    let mut node = document.get_dictionary(page).ok()?;
    for _ in 0..64 {
        if let Some(found) = dict(document, node, b"Resources") {
            return Some(found);
        }
        node = dict(document, node, b"Parent")?;
    }
    None
}

#[derive(Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_space: f64,
    word_space: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl Default for State {
    fn default() -> Self {
        Self { page: Matrix::IDENTITY, font: None, size: 0.0, char_space: 0.0, word_space: 0.0, stretch: 1.0, leading: 0.0, rise: 0.0 }
    }
}

struct Walker<'d, 'f> {
    document: &'d Document,
    fonts: &'f mut Fonts,
    budget: &'f mut Budget,
    glyphs: Vec<Glyph>,
    state: State,
    saved: Vec<State>,
    /// Open marked content; whether it is a running header or footer.
    marks: Vec<bool>,
    text: Matrix,
    line: Matrix,
    /// The next character is placed by itself.
    placed: bool,
}

impl<'d> Walker<'d, '_> {
    fn content(&mut self, content: &[u8], resources: Option<&'d Dictionary>, depth: usize) -> Result<(), ExtractError> {
        self.budget.bytes = self.budget.bytes.saturating_sub(content.len());
        if self.budget.bytes == 0 {
            return Err(ExtractError::TooLarge { limit_mib: MAX_TOTAL_BYTES >> 20 });
        }
        // What can't be parsed ends the page's text; what came before counts.
        for operation in Content::<Vec<lopdf::content::Operation>>::decode_iter(content).map_while(Result::ok) {
            let operands = operation.operands.as_slice();
            match operation.operator.as_str() {
                "q" if self.saved.len() < 1000 => self.saved.push(self.state.clone()),
                "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
                "cm" => {
                    if let Some(matrix) = Matrix::of(operands) {
                        self.state.page = matrix.then(&self.state.page);
                    }
                }
                "Do" => self.form(operands, resources, depth)?,
                "BMC" => self.marks.push(false),
                "BDC" => self.marks.push(self.is_pagination(operands, resources)),
                "EMC" => drop(self.marks.pop()),
                "Tf" => self.font(operands, resources),
                operator => self.text_operator(operator, operands)?,
            }
        }
        Ok(())
    }

    fn text_operator(&mut self, operator: &str, operands: &[Object]) -> Result<(), ExtractError> {
        let first = operands.first().and_then(number).filter(|n| n.is_finite());
        self.placed |= matches!(operator, "BT" | "Tm" | "Td" | "TD" | "T*" | "'" | "\"");
        match operator {
            "BT" => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            "Tc" => self.state.char_space = first.unwrap_or(0.0),
            "Tw" => self.state.word_space = first.unwrap_or(0.0),
            "Tz" => self.state.stretch = first.unwrap_or(100.0) / 100.0,
            "TL" => self.state.leading = first.unwrap_or(0.0),
            "Ts" => self.state.rise = first.unwrap_or(0.0),
            "Tm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    (self.text, self.line) = (matrix, matrix);
                }
            }
            "Td" | "TD" => {
                if let (Some(x), Some(y)) = (first, operands.get(1).and_then(number)) {
                    if operator == "TD" {
                        self.state.leading = -y;
                    }
                    self.next_line(x, y);
                }
            }
            "T*" => self.next_line(0.0, -self.state.leading),
            "Tj" | "TJ" => self.show_all(operands)?,
            "'" => {
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands)?;
            }
            "\"" => {
                self.state.word_space = first.unwrap_or(0.0);
                self.state.char_space = operands.get(1).and_then(number).unwrap_or(0.0);
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands.get(2..).unwrap_or_default())?;
            }
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(&self.line);
        self.text = self.line;
    }

    fn font(&mut self, operands: &[Object], resources: Option<&'d Dictionary>) {
        self.state.size = operands.get(1).and_then(number).unwrap_or(0.0);
        let name = operands.first().and_then(|o| o.as_name().ok());
        let font = name.and_then(|name| dict(self.document, resources?, b"Font")?.get(name).ok());
        self.state.font = font.and_then(|font| self.fonts.get(self.document, font));
    }

    fn show_all(&mut self, operands: &[Object]) -> Result<(), ExtractError> {
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.show(bytes)?,
                Object::Array(parts) => {
                    for part in parts {
                        if let Object::String(bytes, _) = part {
                            self.show(bytes)?;
                        } else if let Some(back) = number(part) {
                            let shift = -back / 1000.0 * self.state.size * self.state.stretch;
                            self.text = Matrix::shift(shift, 0.0).then(&self.text);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn show(&mut self, bytes: &[u8]) -> Result<(), ExtractError> {
        let Some(font) = self.state.font.clone() else { return Ok(()) };
        let state = self.state.clone();
        let hidden = self.marks.contains(&true);
        for shown in font.shown(bytes) {
            self.budget.glyphs = self.budget.glyphs.checked_sub(1).ok_or(ExtractError::TooLarge { limit_mib: MAX_GLYPHS >> 20 })?;
            let width = shown.width / 1000.0 * state.size * state.stretch;
            let spacing = state.char_space + if shown.is_space_code { state.word_space } else { 0.0 };
            let at = Matrix::shift(0.0, state.rise).then(&self.text).then(&state.page);
            self.text = Matrix::shift(width + spacing * state.stretch, 0.0).then(&self.text);
            if hidden || shown.text.is_empty() {
                continue;
            }
            let turns = at.quarter_turns();
            let (x, y) = match turns {
                0 => (at.e, at.f),
                1 => (at.f, -at.e),
                2 => (-at.e, -at.f),
                _ => (-at.f, at.e),
            };
            let size = state.size.abs() * at.height();
            if x.is_finite() && y.is_finite() && size.is_finite() {
                let x1 = x + width.abs() * at.width();
                self.glyphs.push(Glyph {
                    text: shown.text,
                    x0: x,
                    x1,
                    y,
                    size,
                    bold: font.bold,
                    turns,
                    placed: std::mem::take(&mut self.placed),
                });
            }
        }
        Ok(())
    }

    fn form(&mut self, operands: &[Object], resources: Option<&'d Dictionary>, depth: usize) -> Result<(), ExtractError> {
        let name = operands.first().and_then(|o| o.as_name().ok());
        let object = name.and_then(|name| resolved(self.document, dict(self.document, resources?, b"XObject")?, name));
        let Some(Object::Stream(form)) = object else { return Ok(()) };
        if !form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Form")
            || depth >= MAX_FORM_DEPTH
            || self.budget.forms == 0
        {
            return Ok(());
        }
        self.budget.forms -= 1;
        let Ok(content) = form.get_plain_content_with_limit(MAX_PAGE_BYTES.min(self.budget.bytes)) else { return Ok(()) };
        let outside = (self.state.clone(), std::mem::take(&mut self.saved), self.text, self.line);
        let matrix = resolved(self.document, &form.dict, b"Matrix").and_then(|o| o.as_array().ok()).and_then(|m| Matrix::of(m));
        self.state.page = matrix.unwrap_or(Matrix::IDENTITY).then(&self.state.page);
        let own = dict(self.document, &form.dict, b"Resources").or(resources);
        self.content(&content, own, depth + 1)?;
        (self.state, self.saved, self.text, self.line) = outside;
        Ok(())
    }

    /// Running headers and footers that their producer marked as such.
    fn is_pagination(&self, operands: &[Object], resources: Option<&'d Dictionary>) -> bool {
        let [Object::Name(tag), properties] = operands else { return false };
        if tag != b"Artifact" {
            return false;
        }
        let properties = match properties {
            Object::Name(name) => {
                resources.and_then(|r| resolved(self.document, dict(self.document, r, b"Properties")?, name)).and_then(as_dict)
            }
            object => as_dict(object),
        };
        let is = |key: &[u8], value: &[u8]| properties.is_some_and(|p| p.get(key).and_then(Object::as_name).is_ok_and(|n| n == value));
        is(b"Type", b"Pagination") && !is(b"Subtype", b"Watermark")
    }
}
