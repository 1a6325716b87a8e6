//! A quote is exactly the characters of its page that it claims to be.

use std::ops::Range;

/// The range of characters that a byte range of a passage covers on the page, where the passage starts at `start`.
/// None where the range is no range of the text.
pub fn characters(text: &str, bytes: &Range<usize>, start: i32) -> Option<Range<i32>> {
    text.get(bytes.clone())?;
    let within = text::char_range(text, bytes.clone());
    let on_page = |at: usize| i32::try_from(at).ok()?.checked_add(start);
    Some(on_page(within.start)?..on_page(within.end)?)
}

/// Whether `quote` is exactly the characters `range` of the page.
pub fn is_at_its_place(page: &str, range: &Range<i32>, quote: &str) -> bool {
    let (Ok(start), Ok(end)) = (usize::try_from(range.start), usize::try_from(range.end)) else { return false };
    text::byte_range(page, start..end).is_some_and(|bytes| &page[bytes] == quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_characters_of_the_page() {
        let page = "§ 1 – Größe\nÜber 5 € hinaus. Ende.";
        let passage = "Über 5 € hinaus. Ende.";
        let start = 12;
        let bytes = passage.find("Ende").unwrap()..passage.len();
        let range = characters(passage, &bytes, start).unwrap();
        assert!(is_at_its_place(page, &range, "Ende."));
        assert!(!is_at_its_place(page, &(range.start + 1..range.end + 1), "Ende."));
        assert!(!is_at_its_place(page, &(range.start..range.end + 1), "Ende."));
        assert!(!is_at_its_place(page, &(900..905), "Ende."));
    }
}
