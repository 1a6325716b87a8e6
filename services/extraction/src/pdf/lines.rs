//! Characters to lines, in the order in which the page draws them, which mostly is the order of reading.

use super::{geometry::Rect, glyphs::Glyph, grid::CellId, order};

/// Fractions of the type size.
const SAME_BASELINE: f64 = 0.35;
/// Of smaller type: numbers of footnotes and exponents stand higher.
const RAISED: std::ops::Range<f64> = 0.15..0.7;
const SMALLER: f64 = 0.82;
const WORD_GAP: f64 = 0.2;
/// The same where PDFium, which knows how wide the font's own space is, sees a space as well.
const LIKELY_WORD_GAP: f64 = 0.06;
/// Wider than any space between words: another cell, or a column.
const CELL_GAP: f64 = 2.5;
/// The same for what was placed by itself, as cells are and words are not.
const PLACED_CELL_GAP: f64 = 0.75;
/// Between a heading in bold and the text behind it.
const RUN_IN_GAP: f64 = 0.7;
/// Spaces of a justified line are all about as wide: up to this much wider than the widest so far, up to that.
const STRETCHED: f64 = 1.5;
const WIDEST_SPACE: f64 = 1.4;
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
    /// Its words, from left to right.
    pub(super) words: Vec<Word>,
    /// Of a ruled table.
    pub(super) cell: Option<CellId>,
}

/// A word as the page shows it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) rect: Rect,
    /// Of text recognition, in percent.
    pub(super) confidence: Option<u8>,
}

impl Word {
    pub(super) fn left(&self) -> f64 {
        f64::from(self.rect.left)
    }

    pub(super) fn right(&self) -> f64 {
        f64::from(self.rect.right)
    }
}

impl Line {
    /// Its parts between places where columns end, if words stand so many type sizes apart there.
    pub(super) fn cut(&self, places: &[f64], clear: f64) -> Vec<Self> {
        let parts = |a: &Word, b: &Word| {
            let (from, to) = (a.right(), b.left());
            to - from >= clear * self.size && places.iter().any(|place| (from..=to).contains(place))
        };
        let pieces: Vec<&[Word]> = self.words.chunk_by(|a, b| !parts(a, b)).collect();
        // What runs up or down the page has no such places.
        if pieces.len() < 2 || self.turns != 0 {
            return vec![self.clone()];
        }
        let piece = |words: &[Word]| Self {
            text: words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "),
            x0: words.first().map_or(self.x0, Word::left),
            x1: words.last().map_or(self.x1, Word::right),
            words: words.to_vec(),
            ..self.clone()
        };
        pieces.into_iter().map(piece).collect()
    }
}

pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut open: Vec<Open> = Vec::new();
    for glyph in glyphs {
        let Some(last) = open.last_mut().filter(|last| last.continues_with(&glyph)) else {
            if !glyph.char.is_whitespace() {
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
    order::in_reading_order(done)
}

/// A line that may still grow.
struct Open {
    line: Line,
    /// Where the next character would stand.
    end: f64,
    chars: f64,
    sizes: f64,
    bold: f64,
    last: Option<(char, f64)>,
    /// Within it, in type sizes.
    widest_space: f64,
    /// The next character begins a word.
    between: bool,
    /// Of a script that is written from right to left. Characters come in the order of reading.
    rtl: bool,
}

impl Open {
    fn begin(glyph: &Glyph) -> Self {
        let line = Line {
            text: String::new(),
            x0: glyph.x0,
            x1: glyph.x0,
            y: glyph.y,
            size: glyph.size,
            bold: false,
            turns: glyph.turns,
            words: Vec::new(),
            cell: glyph.cell,
        };
        let mut open = Self {
            line,
            end: glyph.x0,
            chars: 0.0,
            sizes: 0.0,
            bold: 0.0,
            last: None,
            widest_space: 0.0,
            between: true,
            rtl: is_rtl(glyph.char),
        };
        open.push(glyph);
        open
    }

    fn size(&self, other: f64) -> f64 {
        (self.sizes / self.chars.max(1.0)).max(other).max(f64::MIN_POSITIVE)
    }

    fn continues_with(&self, glyph: &Glyph) -> bool {
        let size = self.size(glyph.size);
        let level = (glyph.y - self.line.y).abs() <= SAME_BASELINE * size || self.is_raised(glyph);
        let same_line = glyph.turns == self.line.turns && level && glyph.cell == self.line.cell;
        if self.rtl {
            // Numbers within such a line run the other way.
            return same_line && glyph.x1 > self.line.x0 - CELL_GAP * size && glyph.x0 < self.line.x1 + CELL_GAP * size;
        }
        let gap = glyph.x0 - self.line.x1;
        // Text behind a heading in bold is no part of it.
        if glyph.placed && glyph.char.is_alphabetic() && !glyph.bold && self.chars > 1.0 && self.bold >= self.chars {
            return same_line && glyph.x0 >= self.end - 0.6 * size && (gap <= RUN_IN_GAP * size || self.chars <= 3.0);
        }
        let widest = if glyph.placed { PLACED_CELL_GAP.max(STRETCHED * self.widest_space) } else { CELL_GAP };
        same_line && glyph.x0 >= self.end - 0.6 * size && (gap <= widest * size || is_label(&self.line.text))
    }

    fn push(&mut self, glyph: &Glyph) {
        let is_space = glyph.char.is_whitespace();
        // Some programs draw type twice to make it bold.
        if self.last.is_some_and(|(char, x)| char == glyph.char && (x - glyph.x0).abs() < 0.1 * glyph.size && !is_space) {
            return;
        }
        let gap = if self.rtl { self.line.x0 - glyph.x1 } else { glyph.x0 - self.end };
        // A raised number is small: what is a gap for it is none for the line.
        let size = self.size(glyph.size);
        let small = glyph.size < SMALLER * size;
        self.gap(gap, size, glyph.spaced && !small);
        let raised = superscript(glyph.char).filter(|_| self.is_raised(glyph));
        match raised {
            Some(raised) => self.push_raised(raised, gap, size),
            None => self.line.text.push(glyph.char),
        }
        self.end = self.end.max(glyph.x1);
        if is_space {
            self.between = true;
        } else {
            self.line.x0 = self.line.x0.min(glyph.x0);
            self.line.x1 = self.line.x1.max(glyph.x1);
            self.chars += 1.0;
            self.sizes += glyph.size;
            self.bold += if glyph.bold || !glyph.char.is_alphanumeric() { 1.0 } else { 0.0 };
            self.word(raised.unwrap_or(glyph.char), glyph.rect);
        }
        self.last = Some((glyph.char, glyph.x0));
    }

    fn is_raised(&self, glyph: &Glyph) -> bool {
        let size = self.sizes / self.chars.max(1.0);
        self.chars > 0.0 && glyph.size < SMALLER * size && RAISED.contains(&((glyph.y - self.line.y) / size))
    }

    /// The number of a footnote is no part of the word or number before it: "EUR 500" with a raised 1 is not EUR 5001.
    /// An exponent stays with its unit.
    fn push_raised(&mut self, raised: char, gap: f64, size: f64) {
        let before = self.line.text.split_whitespace().next_back().unwrap_or_default();
        let is_unit = before.chars().count() <= 2 && before.chars().all(char::is_alphabetic);
        let goes_on = self.line.text.ends_with(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c)) && gap < LIKELY_WORD_GAP * size;
        if !is_unit && !goes_on && !self.line.text.ends_with(' ') {
            self.line.text.push(' ');
            self.between = true;
        }
        self.line.text.push(raised);
    }

    fn word(&mut self, char: char, rect: Rect) {
        match self.line.words.last_mut().filter(|_| !self.between) {
            Some(word) => {
                word.text.push(char);
                word.rect = word.rect.union(rect);
            }
            None => self.line.words.push(Word { text: char.into(), rect, confidence: None }),
        }
        self.between = false;
    }

    fn gap(&mut self, gap: f64, size: f64, likely: bool) {
        let widest = if likely { LIKELY_WORD_GAP } else { WORD_GAP };
        // The gap behind a bullet or number says nothing about the line.
        if gap > widest * size && gap < WIDEST_SPACE * size && self.line.text.chars().count() > 3 {
            self.widest_space = self.widest_space.max(gap / size);
        }
        if gap > widest * size && !self.line.text.ends_with(char::is_whitespace) && !self.line.text.is_empty() {
            self.line.text.push(' ');
            self.between = true;
        }
    }

    fn is_continued_by(&self, later: &Self) -> bool {
        let size = self.size(later.line.size);
        let gap = later.line.x0 - self.line.x1;
        later.line.turns == self.line.turns
            && later.line.cell == self.line.cell
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
        self.gap(later.line.x0 - self.line.x1, later.line.size, false);
        self.line.text.push_str(&later.line.text);
        self.line.words.extend(later.line.words);
        self.between = later.between;
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
        line.bold = self.bold >= 0.9 * self.chars && line.text.chars().any(char::is_alphanumeric);
        (self.chars > 0.0 && !line.text.is_empty()).then_some(line)
    }
}

fn superscript(char: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::try_from(char.to_digit(10)?).ok()?)
}

/// Hebrew, Arabic and their neighbours.
fn is_rtl(char: char) -> bool {
    matches!(char, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
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

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str, x: f64, y: f64) -> Vec<Glyph> {
        let glyph = |(i, c): (usize, char)| Glyph {
            char: c,
            x0: x + i as f64 * 5.0,
            x1: x + i as f64 * 5.0 + 5.0,
            y,
            size: 10.0,
            bold: false,
            turns: 0,
            placed: i == 0,
            spaced: false,
            rect: Rect::default(),
            cell: None,
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
    fn lines_that_run_to_the_left_stay_whole() {
        let hebrew = "שלום עולם".chars().enumerate().flat_map(|(i, c)| glyphs(&c.to_string(), 200.0 - 5.0 * i as f64, 0.0));
        assert_eq!(texts(hebrew.collect()), ["שלום עולם"]);
    }

    #[test]
    fn numbers_of_footnotes_are_no_part_of_a_number() {
        let raised = |x: f64| glyphs("1", x, 4.0).into_iter().map(|g| Glyph { size: 6.0, placed: false, ..g });
        let mark: Vec<Glyph> = glyphs("EUR 500", 0.0, 0.0).into_iter().chain(raised(35.0)).chain(glyphs(" a day", 38.0, 0.0)).collect();
        assert_eq!(texts(mark), ["EUR 500 ¹ a day"]);
        let unit: Vec<Glyph> = glyphs("9 m", 0.0, 0.0).into_iter().chain(raised(15.0)).collect();
        assert_eq!(texts(unit), ["9 m¹"]);
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
