//! Who wrote what to whom and when, in the same lines for all kinds of mail.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use crate::{BlockKind, clean, page::PageBuilder};

/// The rest of a round mail's addresses is only counted: nobody reads them, and they would bury the text.
pub(super) const MAX_ADDRESSES: usize = 50;

/// The lines above the text, in the order in which mail programs print them.
#[derive(Debug, Default)]
pub(super) struct Header {
    lines: Vec<(&'static str, String)>,
    /// The day on which it was sent (UTC).
    pub(super) dated: Option<NaiveDate>,
    pub(super) title: Option<String>,
}

impl Header {
    /// Adds a line; none if it would be empty.
    pub(super) fn add(&mut self, label: &'static str, value: Option<String>) {
        let value = clean::line(&value.unwrap_or_default());
        if !value.is_empty() {
            self.lines.push((label, value));
        }
    }

    pub(super) fn from(&mut self, value: Option<String>) {
        self.add("From", value);
    }

    /// When it was sent. The day is that of the document.
    pub(super) fn sent<Z: TimeZone>(&mut self, moment: &DateTime<Z>)
    where
        Z::Offset: fmt::Display,
    {
        self.dated = Some(moment.with_timezone(&Utc).date_naive());
        self.add("Date", Some(date(moment)));
    }

    /// The title of the document as well.
    pub(super) fn subject(&mut self, value: Option<String>) {
        self.title = value.as_deref().and_then(clean::title);
        self.add("Subject", value);
    }

    /// A page that begins with the lines.
    pub(super) fn page(&self) -> PageBuilder {
        let mut page = PageBuilder::default();
        page.push(BlockKind::Paragraph, &self.to_string());
        page
    }
}

impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (label, value)) in self.lines.iter().enumerate() {
            write!(f, "{}{label}: {value}", if number == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

/// "Jane Doe <jane@example.com>"; one of the two where the other is missing or the same.
pub(super) fn address(name: &str, address: &str) -> String {
    let (name, address) = (name.trim().trim_matches(['\'', '"']), address.trim());
    match (name.is_empty(), address.is_empty()) {
        // Some programs put the address into the name.
        (false, false) if !name.to_lowercase().contains(&address.to_lowercase()) => format!("{name} <{address}>"),
        (false, _) => name.to_owned(),
        _ => address.to_owned(),
    }
}

/// Addresses on one line, with the number of those left out.
pub(super) fn listed(shown: &[String], all: usize) -> String {
    let more = all.saturating_sub(MAX_ADDRESSES);
    let text = shown.join(", ");
    if more == 0 { text } else { format!("{text} and {more} more") }
}

/// "12 March 2024, 09:30 +0100": no order of day and month to guess.
pub(super) fn date<Z: TimeZone>(date: &DateTime<Z>) -> String
where
    Z::Offset: fmt::Display,
{
    date.format("%-d %B %Y, %H:%M %z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_are_left_out() {
        let mut header = Header::default();
        header.from(Some(" Jane\r\n Doe ".into()));
        header.add("To", None);
        header.subject(Some("Leave\u{0} policy".into()));
        assert_eq!(header.to_string(), "From: Jane Doe\nSubject: Leave policy");
        assert_eq!(header.title.as_deref(), Some("Leave policy"));
    }

    #[test]
    fn addresses_with_and_without_names() {
        assert_eq!(address("'Jane Doe'", "j@x.de"), "Jane Doe <j@x.de>");
        assert_eq!(address("J@x.de", "j@x.de"), "J@x.de");
        assert_eq!(address("Jane <j@x.de>", "j@x.de"), "Jane <j@x.de>");
        assert_eq!(address("Jane", ""), "Jane");
        assert_eq!(listed(&["a".into(), "b".into()], 60), "a, b and 10 more");
    }
}
