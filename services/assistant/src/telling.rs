//! What of a passage speaks to the words that were looked for, with those words marked.

use std::{collections::BTreeSet, ops::Range};

use crate::words::words;

/// Characters from which a line is taken sentence by sentence.
const LONG: usize = 240;
/// Lines and sentences of a passage.
const MOST: usize = 3;

/// A line, or a sentence of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// In their order, and whether each is one of the words.
    pub pieces: Vec<(String, bool)>,
    /// Whether something before it is left out.
    pub after_gap: bool,
}

/// The lines of a text that have most of the words; its first ones where none has any. And whether something after them is left out.
#[must_use]
pub fn telling(text: &str, wanted: &str) -> (Vec<Telling>, bool) {
    let wanted = words(wanted);
    let all_stop = wanted.iter().all(|word| !word.content);
    let wanted: BTreeSet<String> = wanted.into_iter().filter(|word| word.content || all_stop).map(|word| word.stem).collect();
    let units: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).flat_map(units).collect();
    let found: Vec<Vec<(Range<usize>, String)>> = units
        .iter()
        .map(|unit| words(unit).into_iter().filter(|word| wanted.contains(&word.stem)).map(|word| (word.range, word.stem)).collect())
        .collect();
    let score = |at: &usize| found[*at].iter().map(|(_, stem)| stem).collect::<BTreeSet<_>>().len();
    let mut best: Vec<usize> = (0..units.len()).collect();
    // One line left out is no shorter than the mark that says so.
    if units.len() > MOST + 1 {
        // Stable: of equals the first.
        best.sort_by_key(|at| usize::MAX - score(at));
        best.truncate(MOST);
        best.sort_unstable();
    }
    let mut next = 0;
    let shown = best.iter().map(|&at| {
        let after_gap = at > next;
        next = at + 1;
        Telling { pieces: pieces(units[at], &found[at]), after_gap }
    });
    let shown = shown.collect();
    (shown, next < units.len())
}

/// A line, or the sentences of a long one.
fn units(line: &str) -> Vec<&str> {
    let line = line.trim();
    if line.chars().count() <= LONG {
        return vec![line];
    }
    text::sentences(line).into_iter().map(|range| line[range].trim()).filter(|sentence| !sentence.is_empty()).collect()
}

fn pieces(unit: &str, found: &[(Range<usize>, String)]) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut end = 0;
    for (range, _) in found {
        pieces.push((unit[end..range.start].to_owned(), false));
        pieces.push((unit[range.clone()].to_owned(), true));
        end = range.end;
    }
    pieces.push((unit[end..].to_owned(), false));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, wanted: &str) -> String {
        let (lines, goes_on) = telling(text, wanted);
        let line = |line: &Telling| {
            let marked = line.pieces.iter().map(|(text, is_marked)| if *is_marked { format!("[{text}]") } else { text.clone() });
            format!("{}{}", if line.after_gap { "… " } else { "" }, marked.collect::<String>())
        };
        let lines: Vec<String> = lines.iter().map(line).collect();
        format!("{}{}", lines.join(" / "), if goes_on { " …" } else { "" })
    }

    #[test]
    fn lines_with_the_words_are_shown_and_the_words_are_marked() {
        let text = "Travel\nBook early.\nFlights of nine hours may be business class.\nTrains are first.\n\nTaxis at night.\nClasses of hotels differ.\n";
        assert_eq!(
            told(text, "the business class"),
            "Travel / … Flights of nine hours may be [business] [class]. / … [Classes] of hotels differ."
        );
        assert_eq!(told("One line.", "nothing of it"), "One line.");
        assert_eq!(told("a\nb\nc\nd\ne", "x"), "a / b / c …", "its first ones");
        assert_eq!(told("a\nb\nc\nd", "x"), "a / b / c / d");
        assert_eq!(told("Die Kündigungsfrist beträgt drei Monate.", "KÜNDIGUNGSFRIST"), "Die [Kündigungsfrist] beträgt drei Monate.");
    }

    #[test]
    fn of_a_long_line_its_sentences() {
        let filler = "Nothing of this matters to anybody who asks about leave and its days here. ".repeat(4);
        let told = told(&format!("{filler}Parking is free.\n{filler}"), "parking");
        assert!(told.contains("[Parking] is free.") && told.matches("Nothing").count() == 2, "{told}");
    }
}
