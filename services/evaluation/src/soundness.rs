//! Whether an answer keeps its promise, looked at from outside: each sentence has a footnote, each quote stands at its place in the
//! stored text, and each figure of a sentence is in what it cites. Nothing of the verification that let the sentence through is asked.

use assistant::{
    Answer, Citation,
    verify::{dates, quantities},
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
        if !page.is_some_and(|page| stands_in(&page.text, citation)) {
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

fn stands_in(page: &str, citation: &Citation) -> bool {
    let (Ok(start), Ok(end)) = (usize::try_from(citation.start), usize::try_from(citation.end)) else { return false };
    end > start && page.chars().skip(start).take(end - start).eq(citation.quote.chars())
}

/// The figures of a sentence that a source has neither as they are written nor in words ("25" for "twenty-five").
fn figures_lacking(sentence: &str, source: &str) -> Vec<String> {
    let source_words = words(source);
    let values: Vec<f64> = quantities(source, &source_words).into_iter().map(|quantity| quantity.value).collect();
    let years: Vec<u32> = dates(source, &source_words).into_iter().filter_map(|date| date.year).collect();
    let is_figure = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let figures = sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',')).map(|word| word.trim_matches(['.', ',']));
    let lacking = figures.filter(|word| is_figure(word)).filter(|figure| {
        let own = quantities(figure, &words(figure)).into_iter().map(|quantity| quantity.value);
        let said = own.chain(figure.replace(',', "").parse()).any(|value| {
            values.iter().any(|stated| (stated - value).abs() < 1e-9) || years.iter().any(|year| (f64::from(*year) - value).abs() < 1e-9)
        });
        !said && !overlap::contains_all(source, &[(*figure).to_owned()])
    });
    lacking.map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_must_be_in_the_source_in_one_form_or_another() {
        let source = "Twenty-five days of leave, up to $1,500.50, until 31 March 2024 (form B12).";
        for sound in ["25 days", "1,500.50", "$1500.50", "on 31 March 2024", "B12", "no figure at all."] {
            assert_eq!(figures_lacking(sound, source), Vec::<String>::new(), "{sound}");
        }
        assert_eq!(figures_lacking("24 days and 1,500 dollars, form B13.", source), ["24", "1,500", "B13"]);
    }
}
