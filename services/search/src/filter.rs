//! A filter as people write it, on the command line or in an address.

use catalog::{Filter, Format};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use text::language;

/// What was written; empty where nothing was. Several values are separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WrittenFilter {
    /// "pdf,docx"
    #[serde(rename = "type")]
    pub formats: String,
    /// "de,en"
    #[serde(rename = "language")]
    pub languages: String,
    /// "2024-01-31"
    pub since: String,
    /// As `since`.
    pub until: String,
}

/// What is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error("there is no document type \"{0}\": use one or several of {known}, separated by commas", known = known_formats())]
    Format(String),
    #[error("there is no language \"{0}\" that documents are told by: use one or several of {known}, separated by commas", known = known_languages())]
    Language(String),
    #[error("\"{0}\" is no date: write year, month and day, as in 2024-12-31")]
    Date(String),
    #[error("{0} is empty: say what is to pass, or leave it out")]
    Empty(&'static str),
    #[error("no day is both since {since} and until {until}: let the first be the earlier one")]
    Order { since: NaiveDate, until: NaiveDate },
}

impl WrittenFilter {
    /// # Errors
    /// A value is none of its kind, or the dates are the wrong way round.
    pub fn read(&self) -> Result<Filter, FilterError> {
        let mut filter = Filter { since: date(&self.since)?, until: date(&self.until)?, ..Filter::default() };
        for written in values(&self.formats) {
            let named = Format::named(written);
            if named.is_empty() {
                return Err(FilterError::Format(written.to_owned()));
            }
            filter.formats.extend(named);
        }
        for written in values(&self.languages) {
            let code = language::code(written).ok_or_else(|| FilterError::Language(written.to_owned()))?;
            filter.languages.push(code.to_owned());
        }
        match (filter.since, filter.until) {
            (Some(since), Some(until)) if since > until => Err(FilterError::Order { since, until }),
            _ => Ok(filter),
        }
    }
}

fn values(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|value| !value.is_empty())
}

fn date(written: &str) -> Result<Option<NaiveDate>, FilterError> {
    let written = written.trim();
    if written.is_empty() {
        return Ok(None);
    }
    NaiveDate::parse_from_str(written, "%Y-%m-%d").map(Some).map_err(|_| FilterError::Date(written.to_owned()))
}

/// What types of documents are called in a filter, in a list.
#[must_use]
pub fn known_formats() -> String {
    Format::OF_DOCUMENTS.map(Format::as_str).join(", ")
}

/// The same of languages.
#[must_use]
pub fn known_languages() -> String {
    language::codes().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(formats: &str, languages: &str, since: &str, until: &str) -> WrittenFilter {
        let [formats, languages, since, until] = [formats, languages, since, until].map(str::to_owned);
        WrittenFilter { formats, languages, since, until }
    }

    #[test]
    fn what_is_written_is_understood() {
        assert!(WrittenFilter::default().read().unwrap().is_open());
        let filter = written("pdf, Word", "de,English", "2024-01-31", "2024-01-31").read().unwrap();
        assert_eq!(filter.formats, [Format::Pdf, Format::Docx, Format::Doc]);
        assert_eq!(filter.languages, ["de", "en"]);
        assert_eq!((filter.since, filter.until), ("2024-01-31".parse().ok(), "2024-01-31".parse().ok()));
    }

    #[test]
    fn what_is_not_understood_is_said_with_a_way_out() {
        for (filter, said) in [
            (written("pdf,picture", "", "", ""), "there is no document type \"picture\": use one or several of pdf, docx, "),
            (written("", "klingon", "", ""), "there is no language \"klingon\" that documents are told by: use one or several of ar, bg, "),
            (written("", "", "31.01.2024", ""), "\"31.01.2024\" is no date: write year, month and day, as in 2024-12-31"),
            (written("", "", "", "2024-02-30"), "\"2024-02-30\" is no date: "),
            (written("", "", "2024-02-01", "2024-01-31"), "no day is both since 2024-02-01 and until 2024-01-31: "),
        ] {
            let error = filter.read().unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
