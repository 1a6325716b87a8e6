//! The day that a document is of: as it says itself, where that can be true, else that of its file.

use std::time::SystemTime;

use catalog::Clock;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

/// Files that are older were made with a clock that was not set: no format that is read here is.
const FIRST_YEAR: i32 = 1980;

/// `holder`: of the file itself, or of what it is within.
pub(crate) fn day(own: Option<NaiveDate>, holder: Option<NaiveDate>, clock: Clock) -> Option<NaiveDate> {
    // East of Greenwich it is tomorrow already.
    let last = clock.now().date_naive().checked_add_days(Days::new(1));
    let can_be = |day: &NaiveDate| day.year() >= FIRST_YEAR && last.is_none_or(|last| *day <= last);
    own.filter(can_be).or_else(|| holder.filter(can_be))
}

/// The day of a file's last change.
pub(crate) fn of_file(changed: SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(changed).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_true_gives_way() {
        let date = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let clock = Clock::fixed("2026-03-01T22:00:00Z".parse().unwrap());
        let file = date("2025-05-05");
        assert_eq!(day(date("2024-03-12"), file, clock), date("2024-03-12"));
        assert_eq!(day(date("2026-03-02"), file, clock), date("2026-03-02"), "tomorrow is today somewhere");
        assert_eq!(day(date("2026-03-03"), file, clock), file);
        assert_eq!(day(date("1979-12-31"), file, clock), file);
        assert_eq!(day(None, file, clock), file);
        assert_eq!(day(None, date("1970-01-01"), clock), None);
        assert_eq!(of_file(SystemTime::UNIX_EPOCH).to_string(), "1970-01-01");
    }
}
