//! Where a text says something: for the search within a document.

use std::ops::Range;

/// Characters shown before and after what was found.
const AROUND: usize = 60;

/// What was found, with what stands around it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) before: String,
    pub(crate) found: String,
    pub(crate) after: String,
}

/// A text to search in, read once: in small letters, with one space for all that separates words.
pub(crate) struct Searched {
    characters: Vec<char>,
    folded: Vec<char>,
    /// Where each folded character stands.
    places: Vec<usize>,
}

fn small(c: char) -> char {
    // One for one, so that places stay: of the few letters that become two the first.
    c.to_lowercase().next().unwrap_or(c)
}

fn folded(text: impl Iterator<Item = (usize, char)>) -> (Vec<char>, Vec<usize>) {
    let mut folded: Vec<char> = Vec::new();
    let mut places = Vec::new();
    for (place, c) in text {
        let c = if c.is_whitespace() { ' ' } else { small(c) };
        // A soft hyphen is not seen, and so not typed.
        if c == '\u{ad}' || (c == ' ' && folded.last() == Some(&' ')) {
            continue;
        }
        folded.push(c);
        places.push(place);
    }
    (folded, places)
}

impl Searched {
    pub(crate) fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let (folded, places) = folded(characters.iter().copied().enumerate());
        Self { characters, folded, places }
    }

    /// Where it says that, in characters, at most so often; whatever the case and the spaces.
    pub(crate) fn find(&self, wanted: &str, most: usize) -> Vec<Range<usize>> {
        let (wanted, _) = folded(wanted.trim().chars().enumerate());
        let (Some(first), true) = (wanted.first(), wanted.len() <= self.folded.len()) else { return Vec::new() };
        let mut found = Vec::new();
        let mut at = 0;
        while at + wanted.len() <= self.folded.len() && found.len() < most {
            if self.folded[at] == *first && self.folded[at..].starts_with(&wanted) {
                found.push(self.places[at]..self.places[at + wanted.len() - 1] + 1);
                at += wanted.len();
            } else {
                at += 1;
            }
        }
        found
    }

    /// With whole words around it, as far as they are not too long.
    pub(crate) fn snippet(&self, range: &Range<usize>) -> Snippet {
        let is_space = |at: &usize| self.characters[*at].is_whitespace();
        let (first, last) = (range.start.saturating_sub(AROUND), (range.end + AROUND).min(self.characters.len()));
        let start = if first == 0 { 0 } else { (first..range.start).find(is_space).map_or(first, |at| at + 1) };
        let end = if last == self.characters.len() { last } else { (range.end..last).rev().find(is_space).unwrap_or(last) };
        let cut = |is_cut: bool| if is_cut { "\u{2026}" } else { "" };
        Snippet {
            before: format!("{}{}", cut(start > 0), self.one_line(start..range.start)),
            found: self.one_line(range.clone()),
            after: format!("{}{}", self.one_line(range.end..end), cut(end < self.characters.len())),
        }
    }

    /// With one space for all that separates words.
    fn one_line(&self, range: Range<usize>) -> String {
        let mut line = String::new();
        for c in &self.characters[range] {
            if !c.is_whitespace() {
                line.push(*c);
            } else if !line.ends_with(' ') {
                line.push(' ');
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_across_lines_and_in_any_case() {
        let searched = Searched::new("The NOTICE\n  period is long.\u{a0}Notice pe\u{ad}riod again. Straße.");
        assert_eq!(searched.find("notice period", 9), [4..19, 29..43]);
        assert_eq!(searched.find("Notice  Period ", 1).len(), 1);
        assert_eq!(searched.find("STRAßE", 9).len(), 1);
        for nothing in ["", "  ", "holiday", &"x".repeat(500)] {
            assert!(searched.find(nothing, 9).is_empty(), "{nothing}");
        }
        assert!(Searched::new("").find("a", 9).is_empty());
    }

    #[test]
    fn what_stands_around_is_cut_where_it_is_long() {
        let long = format!("{} found {}", "before ".repeat(20), "after ".repeat(20));
        let searched = Searched::new(&long);
        let snippet = searched.snippet(&searched.find("FOUND", 1)[0]);
        assert!(snippet.before.starts_with("\u{2026}before ") && snippet.before.ends_with("before "), "{snippet:?}");
        assert!(snippet.after.starts_with(" after ") && snippet.after.ends_with("after\u{2026}"), "{snippet:?}");
        assert_eq!(snippet.found, "found");
        let inside = Searched::new("Classification");
        assert_eq!(
            inside.snippet(&inside.find("class", 1)[0]),
            Snippet { before: String::new(), found: "Class".into(), after: "ification".into() }
        );
    }
}
