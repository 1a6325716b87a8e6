//! Straight lines that a page draws along its edges: the rules of tables, and the edges of coloured cells.

use pdfium_render::prelude::{
    PdfMatrix, PdfPage, PdfPageObject, PdfPageObjectCommon, PdfPageObjectsCommon, PdfPagePathObject, PdfPageXObjectFormObject,
    PdfPathFillMode, PdfPathSegmentType, PdfPathSegments,
};

use super::geometry::{Frame, Rect};

/// Of a page. Drawings and maps have more; their lines are no rules.
const MAX_SEGMENTS: usize = 40_000;
const MAX_OBJECTS: usize = 20_000;
/// Forms within forms.
const MAX_DEPTH: usize = 4;
/// In points. A filled shape that is not thicker is a line.
const THIN: f32 = 3.0;
/// How far a straight line may lean, in points.
const LEAN: f32 = 0.7;
/// Shorter strokes, in points, belong to letters and signs.
const SHORT: f32 = 4.0;
/// Of the channels of a colour: what is lighter can't be told from paper.
const PAPER: u8 = 250;

/// A line of a table, on the page as shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    /// Level, not upright.
    pub(super) level: bool,
    /// From the top of the page if it is level, from the left if it is upright.
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

pub(super) fn rules(page: &PdfPage<'_>, frame: &Frame) -> Vec<Rule> {
    let mut found = Found { frame, rules: Vec::new(), segments: 0, objects: 0 };
    page.objects().iter().for_each(|object| found.object(&object, None, MAX_DEPTH));
    if found.segments > MAX_SEGMENTS { Vec::new() } else { found.rules }
}

struct Found<'f> {
    frame: &'f Frame,
    rules: Vec<Rule>,
    segments: usize,
    objects: usize,
}

impl Found<'_> {
    fn object(&mut self, object: &PdfPageObject<'_>, within: Option<PdfMatrix>, depth: usize) {
        self.objects += 1;
        if self.segments > MAX_SEGMENTS || self.objects > MAX_OBJECTS {
            return;
        }
        match object {
            PdfPageObject::Path(path) => self.path(path, within),
            PdfPageObject::XObjectForm(form) if depth > 0 => self.form(form, within, depth),
            _ => {}
        }
    }

    fn form(&mut self, form: &PdfPageXObjectFormObject<'_>, within: Option<PdfMatrix>, depth: usize) {
        let Ok(matrix) = form.matrix() else { return };
        let matrix = within.map_or(matrix, |outer| matrix.multiply(outer));
        for index in form.as_range() {
            if let Ok(object) = form.get(index) {
                self.object(&object, Some(matrix), depth - 1);
            }
        }
    }

    fn path(&mut self, path: &PdfPagePathObject<'_>, within: Option<PdfMatrix>) {
        let filled = path.fill_mode().is_ok_and(|mode| mode != PdfPathFillMode::None);
        let stroked = path.is_stroked().unwrap_or(false);
        let Ok(matrix) = path.matrix() else { return };
        let matrix = within.map_or(matrix, |outer| matrix.multiply(outer));
        if !filled && !stroked {
            return;
        }
        let paper = filled && !stroked && is_paper(path);
        let segments = path.segments();
        self.segments += segments.len() as usize;
        if self.segments > MAX_SEGMENTS {
            return;
        }
        let mut points: Vec<(f32, f32)> = Vec::new();
        let segments = segments.transform(matrix);
        for segment in (0..segments.len()).filter_map(|index| segments.get(index).ok()) {
            let (x, y) = segment.point();
            match segment.segment_type() {
                PdfPathSegmentType::MoveTo => {
                    self.shape(&points, filled, stroked, paper);
                    points.clear();
                }
                PdfPathSegmentType::LineTo => {}
                // Round shapes are no tables.
                PdfPathSegmentType::BezierTo | PdfPathSegmentType::Unknown => return,
            }
            points.push((x.value, y.value));
            if segment.is_close() {
                points.extend(points.first().copied());
            }
        }
        self.shape(&points, filled, stroked, paper);
    }

    /// What follows from one move of the pen.
    fn shape(&mut self, points: &[(f32, f32)], filled: bool, stroked: bool, paper: bool) {
        let [first, rest @ ..] = points else { return };
        if rest.is_empty() {
            return;
        }
        if filled && !stroked {
            let bounds = points
                .iter()
                .fold((*first, *first), |(low, high), p| ((low.0.min(p.0), low.1.min(p.1)), (high.0.max(p.0), high.1.max(p.1))));
            let rect = self.frame.rect(bounds.0, bounds.1);
            let (width, height) = (rect.right - rect.left, rect.bottom - rect.top);
            if width.min(height) <= THIN {
                self.push(rect.left, rect.top, rect.right, rect.bottom, width >= height);
            } else if !paper && is_box(points) {
                self.edges(rect);
            }
            return;
        }
        for (a, b) in points.iter().zip(rest) {
            let rect = self.frame.rect(*a, *b);
            let (width, height) = (rect.right - rect.left, rect.bottom - rect.top);
            if width.min(height) <= LEAN {
                self.push(rect.left, rect.top, rect.right, rect.bottom, width >= height);
            }
        }
    }

    fn edges(&mut self, rect: Rect) {
        let Rect { left, top, right, bottom } = rect;
        self.push(left, top, right, top, true);
        self.push(left, bottom, right, bottom, true);
        self.push(left, top, left, bottom, false);
        self.push(right, top, right, bottom, false);
    }

    fn push(&mut self, left: f32, top: f32, right: f32, bottom: f32, level: bool) {
        let rule = if level {
            Rule { level, at: (top + bottom) / 2.0, from: left, to: right }
        } else {
            Rule { level, at: (left + right) / 2.0, from: top, to: bottom }
        };
        let (width, height) = self.frame.size();
        let (along, across) = if level { (width, height) } else { (height, width) };
        let shown = rule.at > 0.0 && rule.at < across && rule.to > 0.0 && rule.from < along;
        if shown && rule.to - rule.from >= SHORT {
            self.rules.push(rule);
        }
    }
}

/// Four corners, square to the page.
fn is_box(points: &[(f32, f32)]) -> bool {
    let straight = |pair: &[(f32, f32)]| (pair[0].0 - pair[1].0).abs() <= LEAN || (pair[0].1 - pair[1].1).abs() <= LEAN;
    (4..=6).contains(&points.len()) && points.windows(2).all(straight)
}

fn is_paper(path: &PdfPagePathObject<'_>) -> bool {
    let Ok(color) = path.fill_color() else { return false };
    color.alpha() == 0 || [color.red(), color.green(), color.blue()].iter().all(|channel| *channel >= PAPER)
}
