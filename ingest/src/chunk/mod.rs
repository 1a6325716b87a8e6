//! Pages to passages: the pieces that are embedded, searched and cited.
//!
//! [`context`] names where a passage stands, `section` gives each block its headings, `pieces` cuts blocks into
//! sentences with their cost in model tokens, `pack` puts pieces together to passages.

mod context;
mod pack;
mod pieces;
mod section;

use catalog::NewPassage;

pub use context::context_header;

use extraction::{Extracted, ExtractedPage};
use pack::Limits;
use pieces::Meter;

/// Tokens that every model adds around a text.
const SPECIAL_TOKENS: usize = 2;
/// However little room a long header leaves, text must have some.
const MIN_TEXT_TOKENS: usize = 16;

/// How long passages become, in model tokens.
#[derive(Clone, Copy, Debug)]
pub struct ChunkSettings {
    /// Passages come close to this where the text allows it.
    pub target_tokens: usize,
    /// Of header, text and special tokens together. Never exceeded from 128 upwards.
    pub max_tokens: usize,
}

/// Cuts a document into passages at headings, paragraphs and sentences.
///
/// Every character of text that is neither white space nor heading is in exactly one passage; a passage stays on its
/// page. Headings go into [`NewPassage::headings`]; those that nothing follows are text of the passage next to them.
/// `title` and `count` (tokens of a text without special ones) are those of the embedding.
#[must_use]
pub fn chunk(extracted: &Extracted, title: &str, settings: &ChunkSettings, count: &dyn Fn(&str) -> usize) -> Vec<NewPassage> {
    let sections = section::sections(extracted);
    let mut passages = Vec::new();
    // The sections of a path follow each other, on one page or several.
    let mut header: Option<(usize, usize)> = None;
    for section in &sections.list {
        let Some(page) = extracted.pages.get(section.page) else { continue };
        let headings = &sections.paths[section.path];
        let header_tokens = match header {
            Some((path, tokens)) if path == section.path => tokens,
            _ => count(&context_header(title, headings)),
        };
        header = Some((section.path, header_tokens));
        let limit = settings.max_tokens.saturating_sub(SPECIAL_TOKENS + header_tokens).max(MIN_TEXT_TOKENS);
        let limits = Limits { target: settings.target_tokens.clamp(1, limit), limit };
        let meter = Meter::new(&page.text, limit, count);
        let units = section.blocks.iter().map(|block| pieces::unit(&meter, block)).collect();
        let ranges = pack::pack(&meter, units, limits);
        passages.extend(cut_out(page, ranges, headings));
    }
    passages
}

/// The mean over the recognized words of a range, in percent.
fn confidence(page: &ExtractedPage, range: &std::ops::Range<usize>) -> Option<i32> {
    let words = page.layout.iter().flat_map(|layout| &layout.words);
    let within = words.filter(|word| word.range.start >= range.start && word.range.end <= range.end);
    let (count, sum) = within.filter_map(|word| word.confidence).fold((0, 0), |(n, sum), c| (n + 1, sum + i32::from(c)));
    (count > 0).then(|| sum / count)
}

/// Ranges come in order, so characters are counted once.
fn cut_out(page: &ExtractedPage, ranges: Vec<std::ops::Range<usize>>, headings: &[String]) -> Vec<NewPassage> {
    let (mut byte, mut chars) = (0, 0);
    let mut count_to = |to: usize| {
        chars += page.text.get(byte..to).map_or(0, |between| between.chars().count());
        byte = to;
        i32::try_from(chars).unwrap_or(i32::MAX)
    };
    let passage = |range: std::ops::Range<usize>| NewPassage {
        page: page.number,
        start: count_to(range.start),
        end: count_to(range.end),
        headings: headings.to_vec(),
        confidence: confidence(page, &range),
        text: page.text[range].to_owned(),
    };
    ranges.into_iter().map(passage).collect()
}

#[cfg(test)]
mod tests;
