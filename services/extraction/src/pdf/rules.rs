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

/// How far boxes that touch may lie apart, in points.
const TOUCHING: f32 = 1.5;

/// What a page draws along its edges.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) drawn: Vec<Rule>,
    pub(super) shades: Vec<Shade>,
}

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

pub(super) fn rules(page: &PdfPage<'_>, frame: &Frame) -> Rules {
    let mut found = Found { frame, drawn: Vec::new(), boxes: Vec::new(), segments: 0, objects: 0 };
    page.objects().iter().for_each(|object| found.object(&object, None, MAX_DEPTH));
    if found.segments > MAX_SEGMENTS {
        return Rules::default();
    }
    Rules { drawn: found.drawn, shades: joined(found.boxes) }
}

/// Red, green and blue.
pub(super) type Color = (u8, u8, u8);

/// A coloured box.
pub(super) struct Shade {
    pub(super) rect: Rect,
    pub(super) color: Color,
}

impl Shade {
    pub(super) fn edges(&self) -> [Rule; 4] {
        let Rect { left, top, right, bottom } = self.rect;
        let level = |at| Rule { level: true, at, from: left, to: right };
        let upright = |at| Rule { level: false, at, from: top, to: bottom };
        [level(top), level(bottom), upright(left), upright(right)]
    }
}

struct Found<'f> {
    frame: &'f Frame,
    drawn: Vec<Rule>,
    boxes: Vec<Shade>,
    segments: usize,
    objects: usize,
}

/// Text is often shaded line by line: boxes of one colour that stand exactly on each other are one.
fn joined(mut boxes: Vec<Shade>) -> Vec<Shade> {
    boxes.sort_by(|a, b| a.rect.left.total_cmp(&b.rect.left).then(a.rect.top.total_cmp(&b.rect.top)));
    let mut joined: Vec<Shade> = Vec::new();
    for filled in boxes {
        let near = |a: f32, b: f32| (a - b).abs() <= TOUCHING;
        let goes_on = |last: &&mut Shade| {
            let (above, below) = (last.rect, filled.rect);
            last.color == filled.color && near(above.left, below.left) && near(above.right, below.right) && near(above.bottom, below.top)
        };
        match joined.last_mut().filter(goes_on) {
            Some(last) => last.rect.bottom = filled.rect.bottom,
            None => joined.push(filled),
        }
    }
    joined
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
        let color = if filled && !stroked { color(path) } else { None };
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
                    self.shape(&points, stroked, color);
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
        self.shape(&points, stroked, color);
    }

    /// What follows from one move of the pen. `color` is that of the paper if there is none.
    fn shape(&mut self, points: &[(f32, f32)], stroked: bool, color: Option<Color>) {
        let [first, rest @ ..] = points else { return };
        if rest.is_empty() {
            return;
        }
        if !stroked {
            let bounds = points
                .iter()
                .fold((*first, *first), |(low, high), p| ((low.0.min(p.0), low.1.min(p.1)), (high.0.max(p.0), high.1.max(p.1))));
            let rect = self.frame.rect(bounds.0, bounds.1);
            let (width, height) = (rect.right - rect.left, rect.bottom - rect.top);
            if width.min(height) <= THIN {
                self.push(rect.left, rect.top, rect.right, rect.bottom, width >= height);
            } else if let Some(color) = color.filter(|_| is_box(points) && height >= SHORT) {
                self.boxes.push(Shade { rect, color });
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
            self.drawn.push(rule);
        }
    }
}

/// Four corners, square to the page.
fn is_box(points: &[(f32, f32)]) -> bool {
    let straight = |pair: &[(f32, f32)]| (pair[0].0 - pair[1].0).abs() <= LEAN || (pair[0].1 - pair[1].1).abs() <= LEAN;
    (4..=6).contains(&points.len()) && points.windows(2).all(straight)
}

/// `None` for what can't be told from paper.
fn color(path: &PdfPagePathObject<'_>) -> Option<Color> {
    let color = path.fill_color().ok()?;
    let (red, green, blue) = (color.red(), color.green(), color.blue());
    let is_paper = color.alpha() == 0 || [red, green, blue].iter().all(|channel| *channel >= PAPER);
    (!is_paper).then_some((red, green, blue))
}
