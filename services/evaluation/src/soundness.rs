//! Whether an answer keeps its promise, looked at from outside: each sentence has a footnote, each quote stands at its place in the
//! stored text, and each figure of a sentence is in what it cites. Of the verification that let the sentence through only the reading of
//! numbers, dates and times is used.

use std::ops::Range;

use assistant::{
    Answer, Citation,
    verify::{dates, quantities, times},
    words::words,
};
use catalog::Reader;

use crate::{Result, overlap};

/// What is wrong with an answer, a sentence each; empty for a sound one.
///
/// # Errors
/// The catalog failed.
pub async fn faults(reader: &Reader, answer: &Answer) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for citation in &answer.citations {
        let page = reader.page(citation.revision, citation.page_number).await?;
        if !page.is_some_and(|page| stands_at(&page.text, citation.start, citation.end, &citation.quote)) {
            faults.push(format!("the quote of [{}] is not at its place", citation.n));
        }
    }
    for sentence in &answer.sentences {
        let cited: Vec<&Citation> = answer.citations.iter().filter(|citation| sentence.citations.contains(&citation.n)).collect();
        if cited.is_empty() || cited.len() < sentence.citations.len() {
            faults.push(format!("a footnote is missing: {}", sentence.text));
        }
        let source =
            cited.iter().flat_map(|citation| citation.lead.iter().chain([&citation.quote])).map(String::as_str).collect::<Vec<_>>();
        let lacking = figures_lacking(&sentence.text, &source.join("\n"));
        faults.extend(lacking.into_iter().map(|figure| format!("{figure} is not in what is cited: {}", sentence.text)));
    }
    Ok(faults)
}

/// `start` and `end` in characters.
fn stands_at(page: &str, start: i32, end: i32, quote: &str) -> bool {
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return false };
    end > start && page.chars().skip(start).take(end - start).eq(quote.chars())
}

/// The figures of a sentence that a source does not have, in whatever form: "25" for "twenty-five", "17:30" for "5:30 pm". Whether
/// they are of the same thing is not looked at.
fn figures_lacking(sentence: &str, source: &str) -> Vec<String> {
    let (own, other) = (words(sentence), words(source));
    let stated = quantities(source, &other);
    let (stated_dates, stated_times) = (dates(source, &other), times(source, &other));
    let years = stated_dates.iter().filter_map(|date| date.year).map(f64::from);
    let values: Vec<f64> = stated.iter().map(|quantity| quantity.value).chain(years).collect();
    let has = |value: f64| values.iter().any(|stated| (stated - value).abs() <= 1e-9 * value.abs().max(1.0));
    let mut figures: Vec<(Range<usize>, bool)> = Vec::new();
    figures.extend(quantities(sentence, &own).into_iter().map(|quantity| (quantity.words, has(quantity.value))));
    figures.extend(times(sentence, &own).into_iter().map(|time| (time.words, stated_times.iter().any(|s| s.minutes == time.minutes))));
    for date in dates(sentence, &own) {
        let is_number = date.month.is_none() && date.year.is_some_and(|year| has(f64::from(year)));
        let said = is_number || stated_dates.iter().any(|stated| date.is_in(stated));
        figures.push((date.words, said));
    }
    // What is read as none of them, "B12" or "3.4.1", must be there as it is written.
    let read = |at: &usize| figures.iter().any(|(words, _)| words.contains(at));
    let written = |words: &Range<usize>| sentence[own[words.start].range.start..own[words.end - 1].range.end].to_owned();
    let others = (0..own.len()).filter(|at| !read(at) && own[*at].lower.contains(|c: char| c.is_ascii_digit()));
    let others: Vec<_> = others.map(|at| (at..at + 1, overlap::contains_all(source, &[written(&(at..at + 1))]))).collect();
    figures.extend(others);
    figures.sort_by_key(|(words, _)| words.start);
    figures.into_iter().filter(|(_, said)| !said).map(|(words, _)| written(&words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_must_be_in_the_source_in_one_form_or_another() {
        let source = "Twenty-five days of leave, up to $1,500.50, until 31 March 2024 (form B12). 5 million people, from 17:30 on.";
        for sound in [
            "25 days",
            "1,500.50",
            "$1500.50",
            "on 31 March 2024",
            "by the 31st of March",
            "in 2024",
            "B12",
            "5,000,000 people",
            "At 5:30 pm.",
            "no figure at all.",
        ] {
            assert_eq!(figures_lacking(sound, source), Vec::<String>::new(), "{sound}");
        }
        for (sentence, lacking) in [
            ("They have 24 days and form B13.", vec!["24 days", "B13"]),
            ("It is 1,500 dollars.", vec!["1,500 dollars"]),
            ("They have twenty-four days.", vec!["twenty-four days"]),
            ("Until 30 March, at 5:30.", vec!["30 March", "5:30"]),
            ("Until 31 March 2025.", vec!["31 March 2025"]),
        ] {
            assert_eq!(figures_lacking(sentence, source), lacking, "{sentence}");
        }
    }

    #[test]
    fn a_quote_must_stand_at_its_place() {
        let page = "Ärzte: 25 Tage Urlaub.";
        let quote = |start: i32, end: i32, quote: &str| stands_at(page, start, end, quote);
        assert!(quote(7, 14, "25 Tage"));
        for (start, end, text) in
            [(6, 13, "25 Tage"), (7, 14, "26 Tage"), (7, 7, ""), (14, 7, "25 Tage"), (-1, 6, "25 Tage"), (16, 99, "Urlaub.")]
        {
            assert!(!quote(start, end, text), "{start} {end} {text}");
        }
    }
}
