//! Between byte offsets (what Rust slices by) and character offsets (what the catalog and JSON speak).

use std::ops::Range;

/// The characters (Unicode scalar values) that the byte range covers.
///
/// Offsets inside a character count that character as begun; offsets past the end count as the end.
#[must_use]
pub fn char_range(text: &str, bytes: Range<usize>) -> Range<usize> {
    let chars_before = |at: usize| text.char_indices().take_while(|(index, _)| *index < at).count();
    chars_before(bytes.start)..chars_before(bytes.end)
}

/// The bytes of a character range; `None` where the text is shorter or the range runs backwards.
#[must_use]
pub fn byte_range(text: &str, chars: Range<usize>) -> Option<Range<usize>> {
    if chars.start > chars.end {
        return None;
    }
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let start = starts.nth(chars.start)?;
    let end = match chars.end - chars.start {
        0 => start,
        length => starts.nth(length - 1)?,
    };
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_convert_both_ways() {
        let text = "né – 休暇 a";
        for (bytes, chars) in [(0..0, 0..0), (0..3, 0..2), (4..7, 3..4), (8..14, 5..7), (0..16, 0..9)] {
            assert_eq!(char_range(text, bytes.clone()), chars);
            assert_eq!(byte_range(text, chars), Some(bytes));
        }
    }

    #[test]
    fn ranges_beyond_the_text_are_none() {
        assert_eq!(byte_range("né", 0..3), None);
        assert_eq!(byte_range("né", 3..3), None);
        assert_eq!(byte_range("né", Range { start: 2, end: 1 }), None);
    }
}
