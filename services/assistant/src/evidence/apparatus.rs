//! Tables of contents and lists of references: they name what a question asks for, and answer nothing.

use super::candidates::Source;
use crate::lists::is_row;

/// Headings of tables of contents, in the languages that the documents are most likely in.
const CONTENTS: [&str; 16] = [
    "contents",
    "table of contents",
    "list of contents",
    "table of sections",
    "arrangement of sections",
    "list of figures",
    "list of tables",
    "inhalt",
    "inhaltsverzeichnis",
    "sommaire",
    "table des matières",
    "índice",
    "indice",
    "inhoud",
    "innehåll",
    "目次",
];
/// Fewer entries with leaders than this are no contents but a list of prices.
const ENTRIES: usize = 4;
/// Headings of lists of references.
const REFERENCES: [&str; 9] = [
    "references",
    "reference list",
    "bibliography",
    "works cited",
    "literature",
    "endnotes",
    "literatur",
    "literaturverzeichnis",
    "bibliographie",
];

/// Whether a sentence is an entry of a table of contents or of a list of references.
pub fn is_apparatus(source: &Source, sentence: usize) -> bool {
    let text = source.sentence(sentence);
    let under = |names: &[&str]| source.headings.last().is_some_and(|heading| names.contains(&unnumbered(heading).to_lowercase().as_str()));
    let listed = is_row(text) && text.ends_with(|c: char| c.is_ascii_digit());
    let is_entry = || leaders(source.line_of(sentence)) > 0 && source.text.lines().map(leaders).sum::<usize>() >= ENTRIES;
    (under(&CONTENTS) && (listed || leaders(source.line_of(sentence)) > 0))
        || is_entry()
        || (under(&REFERENCES) && names_a_work(text))
        || is_note(text)
}

/// "14. References", "Contents:".
fn unnumbered(heading: &str) -> &str {
    heading.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | ' ')).trim_end_matches([':', ' '])
}

/// Dots or lines that lead to the number of a page: one in "Leave ..... 12", two in "Leave … 12 Pay … 14".
fn leaders(line: &str) -> usize {
    let is_filler = |c: char| matches!(c, '.' | '…' | '_' | '·' | '|' | ' ');
    let mut found = 0;
    let mut rest = line;
    while let Some(start) = rest.find(['.', '…', '_', '·']) {
        let after = rest[start..].trim_start_matches(is_filler);
        let filler = &rest[start..rest.len() - after.len()];
        let dots = filler.chars().filter(|c| !matches!(c, ' ' | '|')).map(|c| if c == '…' { 3 } else { 1 }).sum::<usize>();
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let ends = after[digits..].chars().next().is_none_or(|c| c == ' ' || c == '|');
        found += usize::from(dots >= 3 && (1..=4).contains(&digits) && ends && goes_on_with_an_entry(&after[digits..]));
        rest = after;
    }
    found
}

fn goes_on_with_an_entry(rest: &str) -> bool {
    rest.trim_start_matches([' ', '|']).chars().next().is_none_or(char::is_uppercase)
}

/// A note at the foot of a page that names a work: "24 The Defence Planning Process, www.example.org", "7 Smith, Rules (Berlin: Acme, 2005), 3".
fn is_note(text: &str) -> bool {
    let number = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[number..];
    let opens = |rest: &str| rest.starts_with(|c: char| c.is_uppercase() || c == '\u{201c}');
    let is_cited = [", www.", ", http", " pp. ", "Ibid"].iter().any(|sign| rest.contains(sign)) || names_a_publisher(rest);
    (1..=3).contains(&number) && rest.strip_prefix(' ').is_some_and(opens) && is_cited
}

/// By an address, pages, or a year in brackets or before a full stop.
fn names_a_work(text: &str) -> bool {
    let is_year = |word: &str| {
        let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
        digits.len() == 4
            && (digits.starts_with("19") || digits.starts_with("20"))
            && (word.starts_with('(') || word.ends_with(['.', ',', ')']))
    };
    text.contains("www.")
        || text.contains("://")
        || text.contains(" pp. ")
        || text.contains("(n.d.)")
        || text.split_whitespace().any(is_year)
}

/// "(Berlin: Acme, 2005)".
fn names_a_publisher(text: &str) -> bool {
    text.split('(').skip(1).filter_map(|inner| inner.split_once(')')).any(|(inner, _)| {
        let year = inner.rsplit([' ', ',']).next().unwrap_or_default();
        inner.contains(": ") && year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(heading: &str, text: &str) -> Vec<bool> {
        let source = Source::new(text.to_owned(), "Rules".to_owned(), vec!["Rules".to_owned(), heading.to_owned()], "1".to_owned());
        (0..source.sentences.len()).map(|sentence| is_apparatus(&source, sentence)).collect()
    }

    #[test]
    fn contents_are_told_by_leaders_or_by_their_heading() {
        let one_a_line = "Leave ........ 12\nFigure 1: Pay______19\nTravel . . . . . | 22\nHealth … … … | … | 54";
        assert_eq!(of("Start", one_a_line).len(), of("Start", one_a_line).iter().filter(|is| **is).count());
        let one_line = "Leave … 12 Pay and leave … 14 Travel … 15 Health … 16";
        assert!(of("Start", one_line).iter().all(|is| *is));
        assert_eq!(of("Table of Contents", "14.2.1 Interview with the board | 48\nPay is monthly."), [true, false]);
        assert!(of("TABLE OF SECTIONS", "Health … 16").iter().all(|is| *is));
        assert_eq!(of("Leave", "Less than 3 years | 25\n6 years | 29"), [false, false]);
        for text in [
            "Replacement badge ...... 25\nReplacement key ...... 40",
            "Wait ... 5 days are enough.",
            "He said … no.",
            "Rates are 1.5 and 2.5.",
            "See 4.3.2 Travel. 12 days are left.",
            "file_name_7",
        ] {
            assert!(of("Leave", text).iter().all(|is| !is), "{text}");
        }
    }

    #[test]
    fn references_are_told_by_their_form() {
        for note in [
            "24 The Planning Process [of the board], www.example.org/plan.",
            "18 The Strategy (Washington: The White House, September 2002), 1.",
            "37 Smith, \u{201c}Rules for all,\u{201d} pp. 71-98.",
        ] {
            assert!(of("Goals", note)[0], "{note}");
        }
        assert_eq!(of("12. References", "Smith, J. (2003)")[..1], [true]);
        assert_eq!(of("References", "A manager may give a reference only with consent."), [false]);
        for text in [
            "24 days are granted (see www.example.org).",
            "1. The Board meets (Berlin: Monday, 2005 sharp).",
            "12 Employees file claims at https://example.org.",
        ] {
            assert!(of("Goals", text).iter().all(|is| !is), "{text}");
        }
    }
}
