//! Citations as the quotes below an answer: a sentence or a list that the end of a page parts is one, with two sources.

use assistant::Citation;

use super::source::{Source, lines};
use crate::frame::Frame;

pub(crate) struct Quote {
    pub(crate) first: Source,
    /// Of what the text goes on with.
    further: Vec<Source>,
    text: String,
}

impl Quote {
    /// In their order.
    pub(crate) fn of_all(frame: &Frame, citations: &[Citation]) -> Vec<Self> {
        let mut quotes: Vec<Self> = Vec::new();
        let mut last: Option<&Citation> = None;
        for citation in citations {
            let source = Source::of(frame, citation);
            match (quotes.last_mut(), last.and_then(|last| last.between(citation))) {
                (Some(quote), Some(between)) => {
                    quote.text.push_str(between);
                    quote.text.push_str(&citation.quote);
                    quote.further.push(source);
                }
                _ => quotes.push(Self { first: source, further: Vec::new(), text: citation.quote.clone() }),
            }
            last = Some(citation);
        }
        quotes
    }

    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source> {
        std::iter::once(&self.first).chain(&self.further)
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        lines(&self.text)
    }

    /// What there is to say of texts that were read from a scan, each thing once.
    pub(crate) fn scans(&self) -> Vec<&str> {
        let mut scans: Vec<&str> = self.sources().filter_map(|source| source.scan.as_deref()).collect();
        scans.dedup();
        scans
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn citation(n: u32, page: i32, quote: &str, completes: bool) -> Citation {
        let id = "0195f2a0-0000-7000-8000-000000000001";
        let value = json!({ "n": n, "document": id, "title": "Rules", "path": "rules.pdf", "revision": id, "page": page, "place": format!("page {page}"),
            "completes_previous": completes, "start": 0, "end": 9, "quote": quote, "headings": [], "passage": id });
        Citation { page_number: page, ..serde_json::from_value(value).unwrap() }
    }

    #[test]
    fn a_sentence_over_two_pages_is_one_quote_with_two_sources() {
        let citations = [
            citation(1, 3, "Report a lost badge to", false),
            citation(2, 4, "the front desk.", true),
            citation(3, 4, "Keys are kept there.", false),
        ];
        let quotes = Quote::of_all(&Frame::default(), &citations);
        assert_eq!(
            quotes.iter().map(Quote::lines).collect::<Vec<_>>(),
            [["Report a lost badge to the front desk."], ["Keys are kept there."]]
        );
        assert_eq!(quotes[0].sources().map(|source| source.n).collect::<Vec<_>>(), [1, 2]);
    }
}
