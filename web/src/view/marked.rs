//! Lines of a text with some of its words marked.

use std::ops::Range;

/// Pieces of a line in their order, and whether each is marked.
pub(crate) type MarkedLine = Vec<(String, bool)>;

/// `marks` are bytes of the text, in their order; none reaches over the end of a line. Empty lines are left out.
pub(crate) fn marked_lines(text: &str, marks: &[Range<usize>]) -> Vec<MarkedLine> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut marks = marks.iter().peekable();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let mut pieces: MarkedLine = Vec::new();
        let mut at = start;
        while let Some(mark) = marks.next_if(|mark| mark.end <= end) {
            // What is no place of the text marks nothing.
            if let (Some(before), Some(marked)) = (text.get(at..mark.start), text.get(mark.clone())) {
                pieces.extend([(before.to_owned(), false), (marked.to_owned(), true)]);
                at = mark.end;
            }
        }
        pieces.push((text[at..end].to_owned(), false));
        pieces.retain(|(text, _)| !text.is_empty());
        if !line.trim().is_empty() {
            lines.push(pieces);
        }
        start = end;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_in_their_lines() {
        let text = "Über Urlaub\n\nUrlaub: 30 Tage";
        let places: Vec<Range<usize>> = text.match_indices("Urlaub").map(|(at, word)| at..at + word.len()).collect();
        let told: Vec<String> = marked_lines(text, &places)
            .iter()
            .map(|line| line.iter().map(|(text, marked)| if *marked { format!("[{text}]") } else { text.clone() }).collect())
            .collect();
        assert_eq!(told, ["Über [Urlaub]\n", "[Urlaub]: 30 Tage"]);
        assert_eq!(marked_lines("a\nb", &[]).len(), 2);
        assert_eq!(marked_lines("ü", &[1..2, 5..9]), [vec![("ü".to_owned(), false)]], "no places of it");
    }
}
