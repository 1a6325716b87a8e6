//! Words that a line end has cut: which hyphens are the word's own, and which came with the cut.

use std::collections::HashSet;

use super::lines::Line;

/// The words of a document, to tell "cutting-edge" from "informa-tion".
#[derive(Default)]
pub(super) struct Vocabulary {
    words: HashSet<String>,
    /// Whether the document's lines are hyphenated at all: most programs leave that off.
    hyphenated: bool,
}

/// Share of lines that end in a hyphen above which they must have been hyphenated.
const MANY_HYPHENS: usize = 25;

impl Vocabulary {
    pub(super) fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let mut words = HashSet::new();
        let mut cuts = Vec::new();
        let mut count = 0;
        let mut stem: Option<String> = None;
        for line in lines {
            count += 1;
            if let (Some(stem), Some(first)) = (&stem, line.text.split_whitespace().next().filter(|w| w.starts_with(char::is_lowercase))) {
                cuts.push(format!("{stem}{}", bare(first)));
            }
            for word in line.text.split_whitespace().skip(usize::from(stem.is_some())) {
                let word = bare(word);
                if word.chars().count() > 1 && !word.ends_with('-') {
                    words.insert(word);
                }
            }
            stem = line.text.split_whitespace().next_back().and_then(|w| w.strip_suffix(HYPHENS)).map(bare);
        }
        let proven = cuts.iter().filter(|word| words.contains(*word)).count();
        let hyphenated = cuts.len() * MANY_HYPHENS > count || (proven > 0 && proven * 10 >= cuts.len());
        Self { words, hyphenated }
    }

    /// Lines of a cell as one text.
    pub(super) fn joined(&self, lines: &[Line]) -> String {
        let mut text = String::new();
        for line in lines {
            if text.is_empty() { text.push_str(&line.text) } else { self.join(&mut text, &line.text) }
        }
        text
    }

    /// Joins a line to the text before it.
    pub(super) fn join(&self, text: &mut String, line: &str) {
        let first = line.split_whitespace().next().unwrap_or_default();
        let before = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let stem = before.strip_suffix(HYPHENS).filter(|stem| stem.ends_with(char::is_alphanumeric));
        match stem.filter(|_| first.starts_with(char::is_alphanumeric)) {
            Some(stem) => {
                if first.starts_with(char::is_lowercase) && stem.ends_with(char::is_alphabetic) && self.is_cut(stem, first) {
                    text.pop();
                }
            }
            None => {
                let wide = |c: Option<char>| c.is_some_and(crate::markdown::is_wide);
                if !(wide(text.chars().next_back()) && wide(line.chars().next())) {
                    text.push(' ');
                }
            }
        }
        text.push_str(line);
    }

    fn is_cut(&self, stem: &str, rest: &str) -> bool {
        let (stem, rest) = (bare(stem), bare(rest));
        if self.words.contains(&format!("{stem}{rest}")) {
            return true;
        }
        // Both halves are words, or the stem has a hyphen of its own already ("state-of-the-").
        let halves = self.words.contains(&stem) && self.words.contains(&rest);
        self.hyphenated && !(halves || stem.contains('-') || self.words.contains(&format!("{stem}-{rest}")))
    }
}

const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{ad}'];

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').trim_start_matches('-').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cuts_are_mended() {
        let line = |text: &str| Line {
            text: text.into(),
            x0: 0.0,
            x1: 0.0,
            y: 0.0,
            size: 10.0,
            bold: false,
            turns: 0,
            words: Vec::new(),
            cell: None,
        };
        let lines = [line("cutting the edge information"), line("a cutting-"), line("edge thing and infor-"), line("mation")];
        let words = Vocabulary::of(lines.iter());
        let joined = |a: &str, b: &str| {
            let mut text = a.to_owned();
            words.join(&mut text, b);
            text
        };
        assert_eq!(joined("a cutting-", "edge thing"), "a cutting-edge thing");
        assert_eq!(joined("some infor-", "mation."), "some information.");
        assert_eq!(joined("some repre-", "sentation"), "some representation");
        assert_eq!(joined("pages 3-", "4 of"), "pages 3-4 of");
        assert_eq!(joined("Non-", "European"), "Non-European");
        assert_eq!(joined("one", "two"), "one two");
        assert_eq!(joined("休暇は", "二十"), "休暇は二十");
    }
}
