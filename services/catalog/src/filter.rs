//! Which documents a question is put to.

use chrono::NaiveDate;
use serde::Serialize;

use crate::Format;

/// Narrows a search to documents of some kind; by default it lets all pass. What a person may read is not its matter.
///
/// A document that doesn't show its language, or has no date, passes no filter by that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// One of these; all where there are none.
    pub formats: Vec<Format>,
    /// One of these, as ISO 639-1 codes; all where there are none.
    pub languages: Vec<String>,
    /// Dated on this day or later.
    pub since: Option<NaiveDate>,
    /// Dated on this day or earlier.
    pub until: Option<NaiveDate>,
}

impl Filter {
    /// Whether it lets everything pass.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for the date.
    #[must_use]
    pub const fn by_date(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }
}
