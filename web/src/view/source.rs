//! A citation as a source below an answer.

use std::ops::Range;

use assistant::Citation;
use catalog::{DocumentId, RevisionId};

use crate::frame::Frame;

/// Text recognition that is less sure than this, in percent, has misread some words: Tesseract has over 90 on clean print.
const SURE: i32 = 85;

pub(crate) struct Source {
    pub(crate) n: u32,
    pub(crate) title: String,
    /// As [`place_line`] says it.
    pub(crate) place: String,
    /// Introduces the list that the quote was cut from.
    pub(crate) lead: Option<String>,
    pub(crate) lines: Vec<String>,
    pub(crate) href: String,
    /// What there is to say of a text that was read from a scan.
    pub(crate) scan: Option<String>,
}

impl Source {
    pub(crate) fn of(frame: &Frame, citation: &Citation) -> Self {
        Self {
            n: citation.n,
            title: citation.title.clone(),
            place: place_line(frame, &citation.title, citation.place.as_deref(), &citation.headings),
            lead: citation.lead.clone(),
            lines: lines(&citation.quote),
            href: passage_address(citation.document, citation.revision, citation.page_number, citation.start..citation.end),
            scan: citation.confidence.map(|confidence| said_of_scan(frame, "passage", confidence)),
        }
    }
}

/// Where the portal shows characters of a page; page and characters as the catalog counts them.
pub(crate) fn passage_address(document: DocumentId, revision: RevisionId, page: i32, Range { start, end }: Range<i32>) -> String {
    format!("/documents/{document}?revision={revision}&page={page}&start={start}&end={end}#passage")
}

/// "page 3 · Leave › Carrying over", whatever of it is known; the outermost heading often is the title again.
pub(crate) fn place_line(frame: &Frame, title: &str, place: Option<&str>, headings: &[String]) -> String {
    let headings: Vec<&str> = headings.iter().map(String::as_str).filter(|heading| *heading != title).collect();
    let page = place.map(|place| said_of_place(frame, place));
    page.into_iter().chain((!headings.is_empty()).then(|| headings.join(" \u{203a} "))).collect::<Vec<_>>().join(" \u{b7} ")
}

pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// "page 3 (iii)", "slide 2", "sheet Budget" in the language of the portal.
fn said_of_place(frame: &Frame, place: &str) -> String {
    match place.split_once(' ') {
        Some((unit, rest)) => format!("{} {rest}", frame.say_of("place--", unit)),
        None => place.to_owned(),
    }
}

/// That a page or a passage was read from a scan, and how sure that is where it is not.
pub(super) fn said_of_scan(frame: &Frame, what: &str, confidence: i32) -> String {
    frame.say_n(&format!("scan--{what}-{}", if confidence >= SURE { "sure" } else { "unsure" }), confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_are_named() {
        let frame = Frame::default();
        assert_eq!(said_of_scan(&frame, "page", 95), "This page was read from a scan.");
        assert!(said_of_scan(&frame, "passage", 60).contains("60% sure"));
        assert_eq!(said_of_place(&frame, "sheet Budget 2024"), "sheet Budget 2024");
    }
}
