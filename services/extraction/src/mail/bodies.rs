//! The same message in several forms: the one with the most structure that says all of it.

use crate::{ExtractError, ExtractedPage};

/// A form that says less than this share of another one's words is a stub: "Your program cannot show HTML."
const MIN_SHARE: f64 = 0.8;

/// The first form, in the order of their structure, that misses nothing of the others.
pub(super) fn choose(forms: Vec<Result<ExtractedPage, ExtractError>>) -> Result<ExtractedPage, ExtractError> {
    let mut failure = None;
    let mut read = Vec::new();
    for form in forms {
        match form {
            Ok(page) => read.push((words(&page), page)),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let most = read.iter().map(|(words, _)| *words).max().unwrap_or(0);
    let best = read.into_iter().find(|(words, _)| *words as f64 >= most as f64 * MIN_SHARE);
    match (best, failure) {
        (Some((_, page)), _) => Ok(page),
        (None, failure) => Err(failure.unwrap_or(ExtractError::NoText)),
    }
}

/// Scripts without spaces have no words to count, so runs of letters count by their length as well.
fn words(page: &ExtractedPage) -> usize {
    let counted = |word: &str| {
        if word.is_ascii() { usize::from(word.bytes().any(|b| b.is_ascii_alphanumeric())) } else { word.chars().count().div_ceil(4) }
    };
    // Addresses of links stand in the plain form only.
    page.text.split_whitespace().filter(|word| !word.contains("://")).map(counted).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlockKind, page::PageBuilder};

    fn form(text: &str) -> Result<ExtractedPage, ExtractError> {
        let mut page = PageBuilder::default();
        page.push(BlockKind::Paragraph, text);
        page.finish(1, None)
    }

    #[test]
    fn structure_first_unless_text_is_missing() {
        let text = |forms| choose(forms).unwrap().text;
        assert_eq!(text(vec![form("you get five days"), form("you get five days <http://x>")]), "you get five days");
        assert_eq!(text(vec![form("no HTML"), form("you get five days")]), "you get five days");
        assert_eq!(text(vec![Err(ExtractError::Binary), form("days")]), "days");
        assert_eq!(choose(vec![Err(ExtractError::Encrypted)]), Err(ExtractError::Encrypted));
    }
}
