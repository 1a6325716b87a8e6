//! What readers and writers have added to the pages: values of form fields, comments, and the files within the file.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{
    file::{as_dict, dict, resolved, text},
    geometry::{Frame, Rect},
    lines::{Line, Word},
    outline::tree_pairs,
};
use crate::{Attachment, attachment::Names, clean, comment};

/// More of them on a page are no form.
const MAX_ANNOTATIONS: usize = 5000;
const MAX_PARENTS: usize = 16;
/// Of all files within the file.
const MAX_FILES: usize = 1000;
const MAX_FILE_BYTES: usize = 256 << 20;
/// Type in a field of one line, which may be much higher, in points.
const FIELD_TYPE: f32 = 10.0;

/// Of one page.
#[derive(Default)]
pub(super) struct Additions {
    /// Values of form fields, as lines in their places.
    pub(super) values: Vec<Line>,
    /// What was written on the page, with whose it is, and its place.
    pub(super) comments: Vec<(String, Rect)>,
}

pub(super) fn additions(document: &Document, page: ObjectId, frame: &Frame) -> Additions {
    let mut additions = Additions::default();
    let Ok(dictionary) = document.get_dictionary(page) else { return additions };
    let annotations = resolved(document, dictionary, b"Annots").and_then(|a| a.as_array().ok());
    for object in annotations.into_iter().flatten().take(MAX_ANNOTATIONS) {
        let Some(annotation) = document.dereference(object).ok().and_then(|(_, object)| as_dict(object)) else { continue };
        let Some(rect) = rect(document, annotation, frame) else { continue };
        // Bit 2 of the flags: not to be seen.
        let hidden = annotation.get(b"F").and_then(Object::as_i64).is_ok_and(|flags| flags & 2 != 0);
        match annotation.get(b"Subtype").and_then(Object::as_name) {
            _ if hidden => {}
            Ok(b"Widget") => additions.values.extend(value(document, annotation).iter().flat_map(|value| lines(value, rect))),
            Ok(b"Popup" | b"Link" | b"FileAttachment" | b"Screen" | b"Movie") | Err(_) => {}
            Ok(kind) => {
                let said = resolved(document, annotation, b"Contents").and_then(text).map(|t| clean::prose(&t)).unwrap_or_default();
                let author = resolved(document, annotation, b"T").and_then(text).map(|t| clean::line(&t)).unwrap_or_default();
                if !said.is_empty() {
                    let is_text = kind == b"FreeText";
                    additions.comments.push((if is_text { said } else { comment::said(&author, &said) }, rect));
                }
            }
        }
    }
    additions
}

/// What a field says; `None` for buttons, signatures and what is empty.
fn value(document: &Document, widget: &Dictionary) -> Option<String> {
    let value = inherited(document, widget, b"V");
    match inherited(document, widget, b"FT")?.as_name().ok()? {
        b"Tx" | b"Ch" => match value? {
            Object::Array(chosen) => {
                let chosen: Vec<String> = chosen.iter().filter_map(text).collect();
                Some(chosen.join(", "))
            }
            value => text(value),
        },
        b"Btn" => {
            let state = widget.get(b"AS").and_then(Object::as_name).ok()?;
            // Push buttons have no state; bit 17 of the flags.
            let flags = inherited(document, widget, b"Ff").and_then(|f| f.as_i64().ok()).unwrap_or(0);
            (flags & (1 << 16) == 0).then(|| if state == b"Off" { "\u{2610}" } else { "\u{2611}" }.to_owned())
        }
        _ => None,
    }
    .filter(|value| !value.trim().is_empty())
}

/// An entry of a field, or of the one that it is a part of.
fn inherited<'d>(document: &'d Document, field: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut field = field;
    for _ in 0..MAX_PARENTS {
        if let Some(object) = resolved(document, field, key) {
            return Some(object);
        }
        field = dict(document, field, b"Parent")?;
    }
    None
}

fn rect(document: &Document, annotation: &Dictionary, frame: &Frame) -> Option<Rect> {
    let corners = resolved(document, annotation, b"Rect")?.as_array().ok()?;
    let number = |at: usize| corners.get(at)?.as_float().ok();
    Some(frame.rect((number(0)?, number(1)?), (number(2)?, number(3)?)))
}

fn lines(value: &str, rect: Rect) -> Vec<Line> {
    let shown: Vec<String> = value.split(['\r', '\n']).map(clean::line).filter(|line| !line.is_empty()).collect();
    let height = (rect.bottom - rect.top) / shown.len().max(1) as f32;
    let size = height.min(FIELD_TYPE);
    let line = |(at, text): (usize, String)| {
        let rect = Rect { top: rect.top + height * at as f32, bottom: rect.top + height * (at + 1) as f32, ..rect };
        // Where a line of that size stands in the middle of its place.
        let baseline = (rect.top + rect.bottom) / 2.0 + size * 0.35;
        let right = (rect.left + size * 0.5 * text.chars().count() as f32).min(rect.right.max(rect.left + 1.0));
        let words = text.split_whitespace().map(|word| Word { text: word.to_owned(), rect, confidence: None }).collect();
        let (x0, x1, y) = (f64::from(rect.left), f64::from(right), -f64::from(baseline));
        Line { text, x0, x1, y, size: f64::from(size), bold: false, turns: 0, words, cell: None }
    };
    shown.into_iter().enumerate().map(line).collect()
}

/// Puts the values where a reader meets them: after their label, or after what stands above them.
pub(super) fn fill_in(lines: &mut Vec<Line>, values: Vec<Line>) {
    for value in values {
        let level = |line: &Line| (line.y - value.y).abs() < 0.8 * line.size.max(value.size);
        let beside = lines.iter().rposition(|line| line.turns == 0 && level(line) && line.x0 < value.x0);
        let above = || {
            let over = |line: &Line| line.turns == 0 && line.y > value.y && line.x0 < value.x1 && line.x1 > value.x0;
            let nearest = lines.iter().enumerate().filter(|(_, line)| over(line));
            nearest.min_by(|a, b| (a.1.y - value.y).total_cmp(&(b.1.y - value.y))).map(|(at, _)| at)
        };
        let mut value = value.clone();
        if let Some(label) = beside.and_then(|at| lines.get(at)) {
            value.y = label.y;
        }
        let at = beside.or_else(above).map_or(lines.len(), |at| at + 1);
        lines.insert(at, value);
    }
}

/// The files within the file: those of the whole document, and those pinned to a page.
pub(super) fn files(document: &Document, pages: &[ObjectId]) -> Vec<Attachment> {
    let tree = document.catalog().ok().and_then(|catalog| dict(document, dict(document, catalog, b"Names")?, b"EmbeddedFiles"));
    let named = tree_pairs(document, tree, b"Names").into_iter().filter_map(|[_, file]| as_dict(document.dereference(file).ok()?.1));
    let pinned = pages.iter().filter_map(|page| document.get_dictionary(*page).ok()).flat_map(|page| {
        let annotations = resolved(document, page, b"Annots").and_then(|a| a.as_array().ok());
        annotations.into_iter().flatten().take(MAX_ANNOTATIONS).filter_map(|object| {
            let annotation = as_dict(document.dereference(object).ok()?.1)?;
            (annotation.get(b"Subtype").and_then(Object::as_name).ok()? == b"FileAttachment").then(|| dict(document, annotation, b"FS"))?
        })
    });
    let mut names = Names::default();
    let mut files: Vec<Attachment> = Vec::new();
    let mut left = MAX_FILE_BYTES;
    for file in named.chain(pinned).take(MAX_FILES) {
        let name = [&b"UF"[..], b"F"].iter().find_map(|key| resolved(document, file, key).and_then(text)).unwrap_or_default();
        let Some(bytes) = content(document, file, left).filter(|bytes| !bytes.is_empty()) else { continue };
        left -= bytes.len();
        // The same file is often named in both places.
        if files.iter().all(|known| known.bytes != bytes) {
            files.push(Attachment { name: names.file(&name, "attachment"), bytes });
        }
    }
    files
}

fn content(document: &Document, file: &Dictionary, limit: usize) -> Option<Vec<u8>> {
    let embedded = dict(document, file, b"EF")?;
    let stream = [&b"F"[..], b"UF"].iter().find_map(|key| resolved(document, embedded, key)?.as_stream().ok())?;
    stream.get_plain_content_with_limit(limit).ok().filter(|bytes| bytes.len() <= limit)
}
