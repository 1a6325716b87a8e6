//! Characters to lines, in the order in which the page draws them, which mostly is the order of reading.

use super::walk::Glyph;

/// Fractions of the type size.
const SAME_BASELINE: f64 = 0.35;
const WORD_GAP: f64 = 0.16;
/// Wider than any space between words: another cell, or a column.
const CELL_GAP: f64 = 2.5;
/// The same for what was placed by itself, as cells are and words are not.
const PLACED_CELL_GAP: f64 = 0.75;
/// How many lines back a piece of a line may have been drawn.
const LOOK_BACK: usize = 12;

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) x0: f64,
    /// End of the ink: trailing spaces don't count.
    pub(super) x1: f64,
    pub(super) y: f64,
    /// Mean over the characters.
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) turns: u8,
}

pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut open: Vec<Open> = Vec::new();
    for glyph in glyphs {
        let Some(last) = open.last_mut().filter(|last| last.continues_with(&glyph)) else {
            if !glyph.text.trim().is_empty() {
                open.push(Open::begin(&glyph));
            }
            continue;
        };
        last.push(&glyph);
    }
    let mut merged: Vec<Open> = Vec::new();
    for line in open {
        let recent = merged.len().saturating_sub(LOOK_BACK);
        if merged[recent..].iter().any(|before| before.is_same_as(&line)) {
            continue;
        }
        match merged[recent..].iter_mut().rev().find(|before| before.is_continued_by(&line)) {
            Some(before) => before.append(line),
            None => merged.push(line),
        }
    }
    let done: Vec<Line> = merged.into_iter().filter_map(Open::finish).collect();
    in_reading_order(done)
}

/// A line that may still grow.
struct Open {
    line: Line,
    /// Where the next character would stand.
    end: f64,
    chars: f64,
    sizes: f64,
    bold: f64,
    last: Option<(String, f64)>,
}

impl Open {
    fn begin(glyph: &Glyph) -> Self {
        let line = Line { text: String::new(), x0: glyph.x0, x1: glyph.x0, y: glyph.y, size: glyph.size, bold: false, turns: glyph.turns };
        let mut open = Self { line, end: glyph.x0, chars: 0.0, sizes: 0.0, bold: 0.0, last: None };
        open.push(glyph);
        open
    }

    fn size(&self, other: f64) -> f64 {
        (self.sizes / self.chars.max(1.0)).max(other).max(f64::MIN_POSITIVE)
    }

    fn continues_with(&self, glyph: &Glyph) -> bool {
        let size = self.size(glyph.size);
        let same_line = glyph.turns == self.line.turns && (glyph.y - self.line.y).abs() <= SAME_BASELINE * size;
        let gap = glyph.x0 - self.line.x1;
        let widest = if glyph.placed { PLACED_CELL_GAP } else { CELL_GAP };
        same_line && glyph.x0 >= self.end - 0.6 * size && (gap <= widest * size || is_label(&self.line.text))
    }

    fn push(&mut self, glyph: &Glyph) {
        // Some programs draw type twice to make it bold.
        if self
            .last
            .as_ref()
            .is_some_and(|(text, x)| *text == glyph.text && (x - glyph.x0).abs() < 0.1 * glyph.size && !text.trim().is_empty())
        {
            return;
        }
        self.gap(glyph.x0 - self.end, glyph.size);
        self.line.text.push_str(&glyph.text);
        self.end = self.end.max(glyph.x1);
        if !glyph.text.trim().is_empty() {
            let chars = glyph.text.chars().count() as f64;
            self.line.x1 = self.line.x1.max(glyph.x1);
            self.chars += chars;
            self.sizes += glyph.size * chars;
            self.bold += if glyph.bold { chars } else { 0.0 };
        }
        self.last = Some((glyph.text.clone(), glyph.x0));
    }

    fn gap(&mut self, gap: f64, size: f64) {
        if gap > WORD_GAP * size && !self.line.text.ends_with(char::is_whitespace) && !self.line.text.is_empty() {
            self.line.text.push(' ');
        }
    }

    fn is_continued_by(&self, later: &Self) -> bool {
        let size = self.size(later.line.size);
        let gap = later.line.x0 - self.line.x1;
        later.line.turns == self.line.turns
            && (later.line.y - self.line.y).abs() <= 0.2 * size
            && gap >= -0.2 * size
            && gap <= PLACED_CELL_GAP * size
    }

    /// Drawn again in its place: outlined, or with a shadow.
    fn is_same_as(&self, later: &Self) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 0.2 * self.size(later.line.size);
        self.line.text == later.line.text
            && near(self.line.x0, later.line.x0)
            && near(self.line.y, later.line.y)
            && self.line.turns == later.line.turns
    }

    fn append(&mut self, later: Self) {
        self.gap(later.line.x0 - self.line.x1, later.line.size);
        self.line.text.push_str(&later.line.text);
        self.line.x1 = later.line.x1;
        self.end = later.end;
        self.chars += later.chars;
        self.sizes += later.sizes;
        self.bold += later.bold;
    }

    fn finish(self) -> Option<Line> {
        let mut line = self.line;
        line.text = without_leaders(line.text.trim());
        line.size = self.sizes / self.chars.max(1.0);
        line.bold = self.bold >= 0.9 * self.chars;
        (self.chars > 0.0 && !line.text.is_empty()).then_some(line)
    }
}

/// What stands before wide gaps without being a cell: bullets, numbers of headings, labels.
fn is_label(text: &str) -> bool {
    let text = text.trim();
    let number = text.contains('.') && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let mark = text.ends_with(['.', ')']) || number || !text.chars().any(char::is_alphanumeric) || text == "o";
    text.ends_with(':') || (text.chars().count() <= 8 && !text.contains(' ') && mark)
}

/// The dots between a heading and its page number in a table of contents.
fn without_leaders(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("....").into_iter().chain(rest.find(". . . .")).min() {
        kept.push_str(rest[..at].trim_end());
        kept.push_str(" … ");
        rest = rest[at..].trim_start_matches(['.', ' ']);
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

/// Text in the page's main direction first; by position where the drawing order jumps about.
fn in_reading_order(mut lines: Vec<Line>) -> Vec<Line> {
    let mut counts = [0usize; 4];
    for line in &lines {
        counts[usize::from(line.turns) % 4] += line.text.len();
    }
    let main = (0u8..4).max_by_key(|turns| (counts[usize::from(*turns)], 4 - turns)).unwrap_or(0);
    lines.sort_by_key(|line| (line.turns != main, line.turns));
    let jumps = lines.windows(2).filter(|pair| jumps_up(&pair[0], &pair[1])).count();
    if jumps >= 5 && jumps * 4 > lines.len() {
        // Tops within half a line count as the same row.
        lines.sort_by(|a, b| {
            let row = |line: &Line| (-line.y / (0.5 * line.size.max(1.0))).round();
            (a.turns != main).cmp(&(b.turns != main)).then(row(a).total_cmp(&row(b))).then(a.x0.total_cmp(&b.x0))
        });
    }
    lines
}

fn jumps_up(before: &Line, after: &Line) -> bool {
    let overlap = before.x1.min(after.x1) - before.x0.max(after.x0);
    before.turns == after.turns
        && after.y > before.y + 0.5 * before.size
        && overlap > 0.5 * (before.x1 - before.x0).min(after.x1 - after.x0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str, x: f64, y: f64) -> Vec<Glyph> {
        let glyph = |(i, c): (usize, char)| Glyph {
            text: c.into(),
            x0: x + i as f64 * 5.0,
            x1: x + i as f64 * 5.0 + 5.0,
            y,
            size: 10.0,
            bold: false,
            turns: 0,
            placed: i == 0,
        };
        text.chars().enumerate().map(glyph).collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        lines(glyphs).into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn gaps_become_spaces_and_cells() {
        let words = [glyphs("paid", 0.0, 0.0), glyphs("leave", 23.0, 0.0), glyphs("25", 90.0, 0.0)].concat();
        assert_eq!(texts(words), ["paid leave", "25"]);
        assert_eq!(texts([glyphs("•", 0.0, 0.0), glyphs("item", 40.0, 0.0)].concat()), ["• item"]);
        assert_eq!(texts(glyphs("Leave ........ 5", 0.0, 0.0)), ["Leave … 5"]);
    }

    #[test]
    fn pieces_drawn_later_join_their_line() {
        let pieces = [glyphs("first", 0.0, 100.0), glyphs("second", 0.0, 88.0), glyphs("line", 28.0, 100.0)].concat();
        assert_eq!(texts(pieces), ["first line", "second"]);
    }

    #[test]
    fn type_drawn_twice_is_read_once() {
        let twice = glyphs("ab", 0.0, 0.0).into_iter().flat_map(|g| [g.clone(), Glyph { x0: g.x0 + 0.3, x1: g.x1 + 0.3, ..g }]).collect();
        assert_eq!(texts(twice), ["ab"]);
    }
}
