//! Words that a line end has cut: which hyphens are the word's own, and which came with the cut.

use std::collections::HashSet;

use super::lines::Line;

/// The words of a document, to tell "cutting-edge" from "informa-tion".
#[derive(Default)]
pub(super) struct Vocabulary {
    words: HashSet<String>,
}

impl Vocabulary {
    pub(super) fn of<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let mut words = HashSet::new();
        let mut cut = false;
        for line in lines {
            for word in line.text.split_whitespace().skip(usize::from(cut)) {
                let word = bare(word);
                if word.chars().count() > 1 && !word.ends_with('-') {
                    words.insert(word);
                }
            }
            cut = line.text.ends_with('-');
        }
        Self { words }
    }

    /// Joins a line to the text before it.
    pub(super) fn join(&self, text: &mut String, line: &str) {
        let first = line.split_whitespace().next().unwrap_or_default();
        let goes_on = first.starts_with(char::is_lowercase);
        let before = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let stem = before.strip_suffix(['-', '\u{2010}', '\u{ad}']);
        match stem.filter(|s| goes_on && s.ends_with(char::is_alphabetic)) {
            Some(stem) => {
                if self.is_cut(stem, first) {
                    text.pop();
                }
                text.push_str(line);
            }
            None => {
                let wide = |c: Option<char>| c.is_some_and(crate::extract::markdown::is_wide);
                if !(wide(text.chars().next_back()) && wide(line.chars().next())) {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }

    fn is_cut(&self, stem: &str, rest: &str) -> bool {
        let (stem, rest) = (bare(stem), bare(rest));
        if self.words.contains(&format!("{stem}{rest}")) {
            return true;
        }
        // Both halves are words, or the stem has a hyphen of its own already ("state-of-the-").
        let halves = self.words.contains(&stem) && self.words.contains(&rest);
        !(halves || stem.contains('-') || self.words.contains(&format!("{stem}-{rest}")))
    }
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').trim_start_matches('-').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cuts_are_mended() {
        let line = |text: &str| Line { text: text.into(), x0: 0.0, x1: 0.0, y: 0.0, size: 10.0, bold: false, turns: 0, cells: false };
        let lines = [line("cutting the edge information"), line("a cutting-"), line("edge thing and infor-")];
        let words = Vocabulary::of(lines.iter());
        let joined = |a: &str, b: &str| {
            let mut text = a.to_owned();
            words.join(&mut text, b);
            text
        };
        assert_eq!(joined("a cutting-", "edge thing"), "a cutting-edge thing");
        assert_eq!(joined("some infor-", "mation."), "some information.");
        assert_eq!(joined("some repre-", "sentation"), "some representation");
        assert_eq!(joined("pages 3-", "4 of"), "pages 3- 4 of");
        assert_eq!(joined("one", "two"), "one two");
        assert_eq!(joined("休暇は", "二十"), "休暇は二十");
    }
}
