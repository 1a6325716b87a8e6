//! The day that a page says it is of, in the ways that sites say it to search engines.

use chrono::NaiveDate;
use scraper::{ElementRef, Html};

use crate::dated;

/// Names of `<meta>` elements, and properties of others; the first of the list that says a date counts.
const NAMES: [&str; 14] = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "article:published_time",
    "datepublished",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "date",
];

/// A `<time>` without such a name may be that of anything.
pub(super) fn dated(document: &Html) -> Option<NaiveDate> {
    let mut found: Option<(usize, NaiveDate)> = None;
    for element in document.tree.root().descendants().filter_map(ElementRef::wrap) {
        let is_meta = element.value().name() == "meta";
        let attributes: &[&str] = if is_meta { &["property", "name", "itemprop", "http-equiv"] } else { &["itemprop"] };
        let names = attributes.iter().filter_map(|name| element.attr(name)).map(str::to_ascii_lowercase);
        let Some(rank) = names.filter_map(|name| NAMES.iter().position(|known| *known == name)).min() else { continue };
        if found.is_some_and(|(best, _)| best <= rank) {
            continue;
        }
        let date = ["content", "datetime"].iter().find_map(|name| dated::written(element.attr(name)?));
        found = date.map(|date| (rank, date)).or(found);
    }
    found.map(|(_, date)| date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_search_engines_are_told() {
        for (source, expected) in [
            (
                "<meta property=article:published_time content=2020-01-01><meta property=article:modified_time content='2024-03-12T00:30:00+01:00'>",
                "2024-03-11",
            ),
            ("<meta name=DC.date content=2024-03-12>", "2024-03-12"),
            ("<p><time itemprop=datePublished datetime=2024-03-12>in March</time>", "2024-03-12"),
            ("<meta property=article:modified_time content=lately><meta name=date content=2024-03-12>", "2024-03-12"),
        ] {
            assert_eq!(dated(&Html::parse_document(source)).map(|date| date.to_string()).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn a_date_within_the_text_is_not_the_pages() {
        assert_eq!(dated(&Html::parse_document("<p>On <time datetime=2024-03-12>12 March</time> the canteen is closed.")), None);
    }
}
