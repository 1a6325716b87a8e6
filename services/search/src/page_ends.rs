//! A rule runs on over the end of a page, a passage doesn't. One that the page cuts short is searched with what the next page begins with, and
//! shown with it.

use std::{borrow::Cow, collections::HashMap};

use catalog::{Format, Passage, PassageId, Reader};

use crate::Result;

/// Signs that such a passage is filled up to: about what a full one has.
const FULL: usize = 900;
/// Less room than this is left empty: a few words say nothing.
const LEAST: usize = 100;
/// Passages are as long as the embedding model's tokens allow. Of Chinese and Japanese each sign is one.
const IDEOGRAPH: usize = 4;

/// What a passage is found by. `next`: the first passage of the next page, where this one ends its page and both are of one section.
#[must_use]
pub fn searched_text<'a>(format: Format, text: &'a str, next: Option<&str>) -> Cow<'a, str> {
    let (Some(next), Some(room)) = (next, room(format, text)) else { return text.into() };
    let mut used = 0;
    let beyond = next.char_indices().find(|&(_, sign)| {
        used += width(sign);
        used > room
    });
    // Whole words, where spaces part them.
    let end = beyond.map_or(next.len(), |(end, _)| next[..end].rfind(char::is_whitespace).unwrap_or(end));
    [text, "\n", &next[..end]].concat().into()
}

/// Whether a passage of the same document is what the next page begins with, and this one was searched with it.
pub(crate) fn goes_on_with(passage: &Passage, next: &Passage) -> bool {
    next.ordinal == passage.ordinal + 1
        && next.page == passage.page + 1
        && next.headings == passage.headings
        && room(passage.format, &passage.text).is_some()
}

/// What the next page begins with, for those of these passages that were searched with it.
pub(crate) async fn continuations(reader: &Reader, passages: &[&Passage]) -> Result<HashMap<PassageId, Passage>> {
    let short: Vec<&Passage> = passages.iter().copied().filter(|passage| room(passage.format, &passage.text).is_some()).collect();
    let following = reader.passages_after(&short).await?;
    let of = |passage: &Passage| {
        let next = following.iter().find(|next| next.revision_id == passage.revision_id && goes_on_with(passage, next))?;
        Some((passage.id, next.clone()))
    };
    Ok(short.into_iter().filter_map(of).collect())
}

/// Signs that it lacks.
fn room(format: Format, text: &str) -> Option<usize> {
    let room = FULL.saturating_sub(text.chars().map(width).sum());
    (format.runs_over_pages() && room >= LEAST).then_some(room)
}

fn width(sign: char) -> usize {
    let is_ideograph =
        matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    if is_ideograph { IDEOGRAPH } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_cuts_short_is_filled_with_whole_words_of_the_next() {
        let next = "words of the next page ".repeat(100);
        let searched = searched_text(Format::Pdf, "Employees may carry", Some(&next));
        let characters = searched.chars().count();
        assert!(searched.starts_with("Employees may carry\nwords of the next"), "{searched}");
        assert!(characters <= FULL + 1 && characters > FULL - 10, "{characters}");
        assert!(next[searched.len() - "Employees may carry\n".len()..].starts_with(' '), "cut between words");
        assert_eq!(searched_text(Format::Pdf, "Employees may carry", Some("over five days.")), "Employees may carry\nover five days.");
    }

    #[test]
    fn signs_that_are_words_take_more_room() {
        let searched = searched_text(Format::Pdf, &"\u{6f22}".repeat(100), Some(&"\u{5b57}".repeat(1000))).into_owned();
        assert_eq!(searched.chars().count(), FULL / IDEOGRAPH + 1);
    }

    #[test]
    fn full_passages_slides_and_last_pages_stay_as_they_are() {
        for full in ["x".repeat(FULL), "x".repeat(FULL - LEAST + 1), "\u{6f22}".repeat(FULL / IDEOGRAPH)] {
            assert_eq!(searched_text(Format::Pdf, &full, Some("next")), full);
        }
        assert_eq!(searched_text(Format::Pptx, "Slide", Some("next")), "Slide");
        assert_eq!(searched_text(Format::Pdf, "The end.", None), "The end.");
    }
}
