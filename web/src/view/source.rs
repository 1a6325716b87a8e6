//! A citation as a source below an answer.

use assistant::Citation;

/// Text recognition that is less sure than this, in percent, has misread some words: Tesseract has over 90 on clean print.
const SURE: i32 = 85;

pub(crate) struct Source {
    pub(crate) n: u32,
    pub(crate) title: String,
    /// "page 3 · Leave › Carrying over", whatever of it is known.
    pub(crate) place: String,
    /// Introduces the list that the quote was cut from.
    pub(crate) lead: Option<String>,
    pub(crate) lines: Vec<String>,
    pub(crate) href: String,
    /// What there is to say of a text that was read from a scan.
    pub(crate) scan: Option<String>,
}

impl Source {
    pub(crate) fn of(citation: &Citation) -> Self {
        // The outermost heading often is the title again.
        let headings: Vec<&str> = citation.headings.iter().map(String::as_str).filter(|h| *h != citation.title).collect();
        let page = citation.place.clone();
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
            scan: citation.confidence.map(|confidence| said_of_scan(confidence, "This passage")),
        }
    }
}

/// "… was read from a scan", and how sure that is where it is not.
pub(super) fn said_of_scan(confidence: i32, what: &str) -> String {
    match confidence {
        SURE.. => format!("{what} was read from a scan."),
        _ => format!("{what} was read from a scan that is hard to read ({confidence}% sure): compare it with the image."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_are_named() {
        assert_eq!(said_of_scan(95, "This page"), "This page was read from a scan.");
        assert!(said_of_scan(60, "This page").contains("60% sure"));
    }
}
