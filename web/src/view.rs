//! What templates show of citations and texts.

use std::collections::HashSet;

use assistant::Citation;

/// A citation as a source below an answer.
pub(crate) struct Source {
    pub(crate) n: u32,
    pub(crate) title: String,
    /// "page 3 · Leave › Carrying over", whatever of it is known.
    pub(crate) place: String,
    /// Introduces the list that the quote was cut from.
    pub(crate) lead: Option<String>,
    pub(crate) lines: Vec<String>,
    pub(crate) href: String,
}

impl Source {
    pub(crate) fn of(citation: &Citation) -> Self {
        // The outermost heading often is the title again.
        let headings: Vec<&str> = citation.headings.iter().map(String::as_str).filter(|h| *h != citation.title).collect();
        let page = citation.page.map(|page| format!("page {page}"));
        let place: Vec<String> = page.into_iter().chain((!headings.is_empty()).then(|| headings.join(" \u{203a} "))).collect();
        Self {
            n: citation.n,
            title: citation.title.clone(),
            place: place.join(" \u{b7} "),
            lead: citation.lead.clone(),
            lines: citation.quote.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect(),
            href: format!(
                "/documents/{}?revision={}&page={}&start={}&end={}#passage",
                citation.document, citation.revision, citation.page_number, citation.start, citation.end
            ),
        }
    }
}

/// A paragraph, heading, list item or table row of a document's text, with the part that is marked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    pub(crate) runs: Vec<Run>,
    /// Characters of the page before this block.
    pub(crate) start: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading,
    Paragraph,
    Item,
    Row,
}

impl Kind {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Paragraph => "paragraph",
            Self::Item => "item",
            Self::Row => "row",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) marked: bool,
    /// The first marked run: where the link leads.
    pub(crate) target: bool,
}

/// Cuts a page's text into lines that can be shown, with characters `marked` marked. Offsets count characters.
pub(crate) fn blocks(text: &str, headings: &HashSet<String>, marked: Option<(usize, usize)>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut start = 0;
    let mut target_given = false;
    for line in text.split('\n') {
        let length = line.chars().count();
        if !line.trim().is_empty() {
            let kind = kind(line, headings);
            blocks.push(Block { kind, runs: runs(line, start, marked, &mut target_given), start });
        }
        start += length + 1;
    }
    blocks
}

fn kind(line: &str, headings: &HashSet<String>) -> Kind {
    let trimmed = line.trim();
    let first = trimmed.split_whitespace().next().unwrap_or_default();
    let is_bullet = matches!(first, "-" | "*" | "\u{2022}" | "\u{2013}");
    let is_number = first.len() <= 4 && first.ends_with(['.', ')']) && first.starts_with(|c: char| c.is_ascii_alphanumeric());
    if headings.contains(trimmed) {
        Kind::Heading
    } else if trimmed.contains(" | ") {
        Kind::Row
    } else if is_bullet || is_number {
        Kind::Item
    } else {
        Kind::Paragraph
    }
}

fn runs(line: &str, start: usize, marked: Option<(usize, usize)>, target_given: &mut bool) -> Vec<Run> {
    let length = line.chars().count();
    let (from, to) = marked.map_or((0, 0), |(a, b)| (a.saturating_sub(start).min(length), b.saturating_sub(start).min(length)));
    let cut = |a: usize, b: usize| line.chars().skip(a).take(b.saturating_sub(a)).collect::<String>();
    let mut runs = Vec::new();
    for (text, marked) in [(cut(0, from), false), (cut(from, to), true), (cut(to.max(from), length), false)] {
        if !text.is_empty() {
            let target = marked && !std::mem::replace(target_given, *target_given || marked);
            runs.push(Run { text, marked, target });
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_run_over_lines_and_have_one_target() {
        let text = "Überschrift\n\nErster Satz. Zweiter Satz.\n• Punkt eins\nA | B";
        let start = text.chars().position(|c| c == 'Z').unwrap();
        let end = start + "Zweiter Satz.\n• Punkt".chars().count();
        let blocks = blocks(text, &HashSet::from(["Überschrift".to_owned()]), Some((start, end)));
        assert_eq!(blocks.iter().map(|b| b.kind).collect::<Vec<_>>(), [Kind::Heading, Kind::Paragraph, Kind::Item, Kind::Row]);
        let marked: Vec<_> = blocks.iter().flat_map(|b| &b.runs).filter(|r| r.marked).collect();
        assert_eq!(marked.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["Zweiter Satz.", "• Punkt"]);
        assert_eq!(marked.iter().map(|r| r.target).collect::<Vec<_>>(), [true, false]);
        let whole: String = blocks.iter().flat_map(|b| &b.runs).map(|r| r.text.as_str()).collect();
        assert_eq!(whole, text.replace('\n', ""));
    }

    #[test]
    fn a_range_beyond_the_text_marks_nothing_and_breaks_nothing() {
        let blocks = blocks("abc", &HashSet::new(), Some((10, 5)));
        assert_eq!(blocks[0].runs, [Run { text: "abc".into(), marked: false, target: false }]);
    }
}
