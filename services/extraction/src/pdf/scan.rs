//! Pages that are pictures: which they are, and the lines that text recognition finds on them.

use pdfium_render::prelude::{PdfPage, PdfPageObjectCommon, PdfPageObjectsCommon};

use super::{
    geometry::{Frame, Rect},
    glyphs::Glyph,
    lines::{Line, Word},
};
use crate::isolation::GrayImage;

/// A stamp or a page number over a picture is not the page's text.
const FEW_GLYPHS: usize = 100;
/// Share of the page that a picture covers if it is the page.
const MOST_OF_PAGE: f32 = 0.5;
/// Share of characters without a meaning above which a page's text can't be read.
const GARBLED: f64 = 0.3;
/// Of a line of text: wider gaps are between columns.
const COLUMN_GAP: f64 = 2.5;
/// Boxes of words differ with their letters: smaller differences say nothing about the size of the type.
const SAME_SIZE: f64 = 0.3;
/// Lines that Tesseract is less sure of, in percent, are specks and drawings.
const NOISE: u32 = 35;
/// No dash is longer, in points.
const DASH: f32 = 14.0;

/// Whether a page has to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    None,
    /// Its characters are missing, or beside the point.
    Also,
    /// Its characters mean nothing.
    Instead,
}

pub(super) fn need(page: &PdfPage<'_>, frame: &Frame, glyphs: &[Glyph]) -> Need {
    let meant = glyphs.iter().filter(|g| !g.char.is_whitespace()).count();
    if meant == 0 {
        return if page.objects().iter().next().is_some() { Need::Also } else { Need::None };
    }
    let is_garbled = |g: &&Glyph| matches!(g.char, char::REPLACEMENT_CHARACTER | '\u{e000}'..='\u{f8ff}') || g.char.is_control();
    if glyphs.iter().filter(is_garbled).count() as f64 > GARBLED * meant as f64 {
        return Need::Instead;
    }
    if meant < FEW_GLYPHS && picture(page, frame) > MOST_OF_PAGE { Need::Also } else { Need::None }
}

/// The share of the page that its largest picture covers.
fn picture(page: &PdfPage<'_>, frame: &Frame) -> f32 {
    let (width, height) = frame.size();
    let images = page.objects().iter().take(2000).filter(|object| object.as_image_object().is_some());
    let areas = images.filter_map(|image| {
        let bounds = image.bounds().ok()?;
        Some((bounds.right().value - bounds.left().value) * (bounds.top().value - bounds.bottom().value))
    });
    areas.fold(0.0, f32::max) / (width * height).max(1.0)
}

/// Adds to the lines of a page what was found beside them: a stamp over a picture is kept, and not read twice.
pub(super) fn add(lines: &mut Vec<Line>, found: Vec<Line>) {
    let known: Vec<Rect> = lines.iter().flat_map(|line| line.words.iter().map(|word| word.rect)).collect();
    let covers = |rect: &Rect, word: &Word| {
        let (x, y) = ((word.rect.left + word.rect.right) / 2.0, (word.rect.top + word.rect.bottom) / 2.0);
        rect.left <= x && x <= rect.right && rect.top <= y && y <= rect.bottom
    };
    let is_new = |line: &Line| line.words.iter().all(|word| known.iter().all(|rect| !covers(rect, word)));
    lines.extend(found.into_iter().filter(is_new));
}

/// A word in the table that Tesseract writes.
struct Found {
    /// Block, paragraph and line.
    line: (u32, u32, u32),
    word: Word,
}

/// The lines of a page, from Tesseract's table for its image.
pub(super) fn lines(table: &str, image: &GrayImage, frame: &Frame) -> Vec<Line> {
    let (width, height) = frame.size();
    let scale = (width / image.width as f32, height / image.height as f32);
    let found: Vec<Found> = table.lines().filter_map(|row| found(row, scale)).collect();
    let sure = |line: &&[Found]| line.iter().map(|f| u32::from(f.word.confidence.unwrap_or(0))).sum::<u32>() >= NOISE * line.len() as u32;
    let groups: Vec<&[Found]> = found.chunk_by(|a, b| a.line == b.line).filter(sure).collect();
    let turns = direction(&groups);
    let shown = Frame { left: 0.0, bottom: 0.0, right: width, top: height, turns: 0 };
    let mut lines: Vec<Line> = groups.iter().flat_map(|group| pieces(group, turns, &shown)).collect();
    // Paper that lies askew: what stands side by side on it gets the same height again.
    let slope = slope(&lines, turns, &shown);
    lines.iter_mut().for_each(|line| line.y -= slope * line.x0);
    let mut sizes: Vec<f64> = lines.iter().map(|line| line.size).collect();
    sizes.sort_by(f64::total_cmp);
    if let Some(usual) = sizes.get(sizes.len() / 2).copied() {
        lines.iter_mut().filter(|line| (line.size / usual - 1.0).abs() < SAME_SIZE).for_each(|line| line.size = usual);
    }
    lines
}

/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. Level 5 is a word.
fn found(row: &str, scale: (f32, f32)) -> Option<Found> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [level, _, block, paragraph, line, number_in_line, left, top, width, height, confidence, text] = columns.as_slice() else {
        return None;
    };
    let confidence: f32 = confidence.parse().ok()?;
    let number = |text: &str| text.parse::<f32>().ok();
    let (left, top, width, height) = (number(left)?, number(top)?, number(width)?, number(height)?);
    // Rules of tables are taken for strokes, specks for dots. A dash of print is short, and may be a sign.
    let all_of = |signs: &str| text.trim().chars().all(|c| signs.contains(c));
    let is_rule = all_of("_|~=.,:;'`\u{2018}\u{2019}") || (all_of("\u{2014}\u{2013}-") && width * scale.0 > DASH);
    if *level != "5" || confidence < 0.0 || is_rule {
        return None;
    }
    let rect = Rect { left: left * scale.0, top: top * scale.1, right: (left + width) * scale.0, bottom: (top + height) * scale.1 };
    // How small bullets are misread, where a line can't begin with such a sign.
    let text =
        if *number_in_line == "1" && ["\u{a2}", "\u{ab}", "\u{a9}", "\u{ae}", "+"].contains(&text.trim()) { "\u{2022}" } else { text };
    let word = Word { text: text.trim().to_owned(), rect, confidence: Some(confidence.round().clamp(0.0, 100.0) as u8) };
    Some(Found { line: (block.parse().ok()?, paragraph.parse().ok()?, line.parse().ok()?), word })
}

/// Which way most lines run, in quarter turns against the clock.
fn direction(groups: &[&[Found]]) -> u8 {
    let mut votes = [0usize; 4];
    for group in groups {
        let [first, .., last] = group else { continue };
        let middle = |r: &Rect| ((r.left + r.right) / 2.0, (r.top + r.bottom) / 2.0);
        let (a, b) = (middle(&first.word.rect), middle(&last.word.rect));
        let (right, up) = (b.0 - a.0, a.1 - b.1);
        let turns = if right.abs() >= up.abs() {
            if right >= 0.0 { 0 } else { 2 }
        } else if up >= 0.0 {
            1
        } else {
            3
        };
        votes[turns] += group.len();
    }
    (0u8..4).max_by_key(|turns| (votes[usize::from(*turns)], 4 - turns)).unwrap_or(0)
}

/// How much lines rise along their way, as a share of it: the middle one of those that are long enough to tell.
fn slope(lines: &[Line], turns: u8, shown: &Frame) -> f64 {
    let foot = |word: &Word| {
        let (a, b) = (word.rect, shown.top);
        let (low, high) = (shown.along(turns, a.left, b - a.bottom), shown.along(turns, a.right, b - a.top));
        ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0)
    };
    let rise = |line: &Line| {
        let [first, .., last] = line.words.as_slice() else { return None };
        let (a, b) = (foot(first), foot(last));
        (line.words.len() >= 5 && (b.0 - a.0).abs() > 10.0 * line.size).then(|| (b.1 - a.1) / (b.0 - a.0))
    };
    let mut rises: Vec<f64> = lines.iter().filter_map(rise).collect();
    rises.sort_by(f64::total_cmp);
    rises.get(rises.len() / 2).copied().unwrap_or(0.0)
}

/// A line of the table, cut where a column ends.
fn pieces(group: &[Found], turns: u8, shown: &Frame) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for Found { word, .. } in group {
        let rect = word.rect;
        let (a, b) = (shown.along(turns, rect.left, shown.top - rect.bottom), shown.along(turns, rect.right, shown.top - rect.top));
        let (x0, x1, y, size) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), (a.1 - b.1).abs());
        match lines.last_mut().filter(|line| x0 - line.x1 <= COLUMN_GAP * line.size.max(size)) {
            Some(line) => {
                line.text.push(' ');
                line.text.push_str(&word.text);
                line.x1 = line.x1.max(x1);
                line.size = line.size.max(size);
                line.words.push(word.clone());
            }
            None => {
                lines.push(Line { text: word.text.clone(), x0, x1, y, size, bold: false, turns, words: vec![word.clone()], cell: None })
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Frame = Frame { left: 0.0, bottom: 0.0, right: 100.0, top: 200.0, turns: 0 };

    fn image() -> GrayImage {
        GrayImage { width: 200, height: 400, resolution: 144, pixels: Vec::new() }
    }

    fn row(line: u32, left: u32, top: u32, (width, height): (u32, u32), text: &str) -> String {
        format!("5\t1\t1\t1\t{line}\t1\t{left}\t{top}\t{width}\t{height}\t91.6\t{text}\n")
    }

    #[test]
    fn words_become_lines_in_points() {
        let table = [
            "level\tpage_num\tblock_num\n".to_owned(),
            row(1, 20, 40, (40, 20), "Annual"),
            row(1, 64, 40, (40, 20), "leave"),
            row(1, 190, 40, (8, 22), "25"),
            row(2, 20, 70, (40, 18), " "),
        ];
        let lines = lines(&table.concat(), &image(), &PAGE);
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["Annual leave", "25"]);
        let word = &lines[0].words[0];
        assert_eq!((word.rect, word.confidence), (Rect { left: 10.0, top: 20.0, right: 30.0, bottom: 30.0 }, Some(92)));
        assert_eq!((lines[0].x0, lines[0].y, lines[0].turns), (10.0, -30.0, 0));
    }

    #[test]
    fn rows_of_paper_that_lies_askew_are_level() {
        // Each word five pixels lower than the one before it.
        let words = (0..6u32).map(|n| row(1, 10 + 30 * n, 40 + 5 * n, (28, 10), "word"));
        let cells = [row(2, 10, 100, (28, 10), "left"), row(3, 160, 125, (28, 10), "right")];
        let lines = lines(&words.chain(cells).collect::<String>(), &image(), &PAGE);
        assert!((lines[1].y - lines[2].y).abs() < 0.1, "{} and {}", lines[1].y, lines[2].y);
    }

    #[test]
    fn lines_that_run_upwards_are_read_along() {
        // From the bottom to the top, the second line right of the first.
        let table = [row(1, 20, 300, (20, 60), "Annual"), row(1, 20, 220, (20, 60), "leave"), row(2, 60, 300, (20, 60), "is")];
        let lines = lines(&table.concat(), &image(), &PAGE);
        assert_eq!(lines.iter().map(|l| (l.text.as_str(), l.turns)).collect::<Vec<_>>(), [("Annual leave", 1), ("is", 1)]);
        assert!(lines[0].x1 > lines[0].x0 && lines[0].y > lines[1].y);
    }
}
