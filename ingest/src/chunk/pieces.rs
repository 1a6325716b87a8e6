//! Blocks as sentences with their cost: the smallest parts that passages are made of.

use std::ops::Range;

use super::section::Piece as Block;
use extraction::BlockKind;

/// A word of many characters can be one unknown token; it still takes room on the page and in the prompt.
const MAX_CHARS_PER_TOKEN: usize = 12;
/// Longer stretches without a sentence's end are cut at words, this many bytes at a time.
const WORDS_BYTES: usize = 120;
/// Longer lines are no headings, whatever they end with.
const MAX_TITLE_CHARS: usize = 80;

/// Counts the tokens of ranges of a text.
pub(super) struct Meter<'t> {
    text: &'t str,
    limit: usize,
    count: &'t dyn Fn(&str) -> usize,
}

/// A sentence, or a part of one that is too long.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) tokens: usize,
}

/// A block in pieces.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) pieces: Vec<Piece>,
    pub(super) tokens: usize,
    /// Announces what follows: "The following are covered:", or a line that looks like a heading.
    pub(super) announces: bool,
}

impl<'t> Meter<'t> {
    pub(super) fn new(text: &'t str, limit: usize, count: &'t dyn Fn(&str) -> usize) -> Self {
        Self { text, limit, count }
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn tokens(&self, range: &Range<usize>) -> usize {
        let text = self.text(range);
        (self.count)(text).max(text.chars().count().div_ceil(MAX_CHARS_PER_TOKEN))
    }

    fn piece(&self, range: Range<usize>) -> Piece {
        Piece { tokens: self.tokens(&range), range }
    }
}

pub(super) fn unit(meter: &Meter<'_>, block: &Block) -> Unit {
    let text = meter.text(&block.range);
    let whole = matches!(block.kind, BlockKind::TableHead | BlockKind::TableRow)
        .then(|| meter.piece(block.range.clone()))
        .filter(|piece| piece.tokens <= meter.limit);
    let pieces = whole.map_or_else(|| sentences(meter, &block.range), |piece| vec![piece]);
    Unit { tokens: pieces.iter().map(|p| p.tokens).sum(), pieces, announces: announces(block.kind, text) }
}

fn announces(kind: BlockKind, text: &str) -> bool {
    let short = kind == BlockKind::Paragraph && text.chars().take(MAX_TITLE_CHARS + 1).count() <= MAX_TITLE_CHARS;
    text.ends_with([':', '：']) || (short && !text.ends_with(['.', '!', '?', '。', '！', '？', '"', '”', ')', '…']))
}

fn sentences(meter: &Meter<'_>, block: &Range<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for sentence in text::sentences(meter.text(block)) {
        let range = block.start + sentence.start..block.start + sentence.end;
        // What is certainly too long need not be counted as a whole.
        let piece = (range.len() <= meter.limit * MAX_CHARS_PER_TOKEN * 4).then(|| meter.piece(range.clone()));
        match piece.filter(|p| p.tokens <= meter.limit) {
            Some(piece) => pieces.push(piece),
            None => words(meter, &range, &mut pieces),
        }
    }
    pieces
}

/// Cuts at spaces, and within what has none at characters.
fn words(meter: &Meter<'_>, range: &Range<usize>, pieces: &mut Vec<Piece>) {
    let sentence = meter.text(range);
    let mut start = 0;
    let mut end = 0;
    for word in sentence.split_inclusive(char::is_whitespace) {
        if end > start && end + word.len() - start > WORDS_BYTES {
            push(meter, range.start + start..range.start + end, pieces);
            start = end;
        }
        end += word.len();
        while end - start > WORDS_BYTES {
            let cut = sentence.floor_char_boundary(start + WORDS_BYTES);
            push(meter, range.start + start..range.start + cut, pieces);
            start = cut;
        }
    }
    push(meter, range.start + start..range.start + end, pieces);
}

fn push(meter: &Meter<'_>, range: Range<usize>, pieces: &mut Vec<Piece>) {
    let text = meter.text(&range);
    let trimmed = text.trim_start();
    let start = range.end - trimmed.len();
    let end = start + trimmed.trim_end().len();
    if start < end {
        pieces.push(meter.piece(start..end));
    }
}
