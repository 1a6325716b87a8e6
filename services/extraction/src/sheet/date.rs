//! Serial numbers as dates and times.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};

/// What of a date its format shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) year: bool,
    /// 0: not at all, 3: short name, 4: full name, else digits.
    pub(super) month: u8,
    pub(super) day: bool,
    pub(super) time: bool,
    /// Hours beyond 24: a duration.
    pub(super) elapsed: bool,
}

impl Shape {
    /// What a format such as "dd/mm/yyyy hh:mm" shows; `None` where it is a number's.
    pub(super) fn of(code: &str) -> Option<Self> {
        let mut shape = Self::default();
        let letters = letters(code);
        let (mut months, mut minutes) = (0u8, false);
        for (index, c) in letters.iter().enumerate() {
            match c {
                'y' | 'e' => shape.year = true,
                'd' => shape.day = true,
                'h' | 's' => shape.time = true,
                'm' => {
                    // Minutes stand beside hours or seconds.
                    let before = letters.get(..index).unwrap_or_default().iter().rev().find(|c| **c != 'm');
                    let after = letters.get(index..).unwrap_or_default().iter().find(|c| **c != 'm');
                    if before == Some(&'h') || after == Some(&'s') {
                        minutes = true;
                    } else {
                        months = months.saturating_add(1);
                    }
                }
                _ => {}
            }
        }
        shape.month = months;
        shape.time |= minutes;
        let lower = code.to_ascii_lowercase();
        shape.elapsed = ["[h", "[m", "[s"].iter().any(|start| lower.contains(start));
        (shape.year || shape.day || shape.month > 0 || shape.time || shape.elapsed).then_some(shape)
    }

    /// ISO 8601, or as much of it as the format shows; `None` for a number that is no date.
    pub(super) fn show(self, serial: f64, from_1904: bool) -> Option<String> {
        if self.elapsed {
            return duration(serial);
        }
        let at = moment(serial, from_1904)?;
        let dated = self.year || self.day || self.month > 0;
        let date = match (self.day, self.year, self.month) {
            (false, true, 0) => at.format("%Y").to_string(),
            (false, true, 3) => at.format("%b %Y").to_string(),
            (false, true, 4..) => at.format("%B %Y").to_string(),
            (false, true, _) => at.format("%Y-%m").to_string(),
            (false, false, 3) => at.format("%b").to_string(),
            (false, false, 4..) => at.format("%B").to_string(),
            _ => at.format("%Y-%m-%d").to_string(),
        };
        if dated && (!self.time || (at.hour(), at.minute(), at.second()) == (0, 0, 0)) {
            return Some(date);
        }
        let time = if at.second() == 0 { at.format("%H:%M") } else { at.format("%H:%M:%S") };
        Some(if dated { format!("{date} {time}") } else { time.to_string() })
    }
}

/// The letters that mean something; a number's exponent and "General" don't.
fn letters(code: &str) -> Vec<char> {
    let mut letters = Vec::new();
    if code.to_ascii_lowercase().contains("general") {
        return letters;
    }
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            ';' => break,
            'e' if matches!(chars.peek(), Some('+' | '-')) => {}
            // Marks of the half of the day.
            'a' => while chars.next_if(|c| "/pPmM".contains(*c)).is_some() {},
            c @ ('y' | 'm' | 'd' | 'h' | 's' | 'e') => letters.push(c),
            _ => {}
        }
    }
    letters
}

fn moment(serial: f64, from_1904: bool) -> Option<NaiveDateTime> {
    // To the year 9999; negative numbers are no dates.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor();
    // Excel believes that there was a 29 February 1900.
    let origin = match (from_1904, days < 60.0) {
        (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        (false, true) => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        (false, false) => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    let date = origin.checked_add_days(Days::new(days as u64))?;
    let seconds = ((serial - days) * 86400.0).round() as i64;
    let at = date.and_hms_opt(0, 0, 0)?.checked_add_signed(TimeDelta::seconds(seconds))?;
    (at.year() <= 9999).then_some(at)
}

fn duration(serial: f64) -> Option<String> {
    if !serial.is_finite() || serial.abs() > 3e6 {
        return None;
    }
    let seconds = (serial.abs() * 86400.0).round() as u64;
    let sign = if serial < 0.0 { "-" } else { "" };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(if seconds == 0 { format!("{sign}{hours}:{minutes:02}") } else { format!("{sign}{hours}:{minutes:02}:{seconds:02}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(serial: f64, code: &str) -> Option<String> {
        Shape::of(code)?.show(serial, false)
    }

    #[test]
    fn dates_and_times() {
        for (serial, code, expected) in [
            (45366.0, "dd/mm/yyyy", "2024-03-15"),
            (45_366.604_166_67, "m/d/yy h:mm", "2024-03-15 14:30"),
            (45_366.604_166_67, "[$-409]m/d/yy h:mm AM/PM;@", "2024-03-15 14:30"),
            (45366.0, "mmm-yy", "Mar 2024"),
            (45366.0, "mmmm", "March"),
            (45366.0, "yyyy\"年\"m\"月\"", "2024-03"),
            (0.604_166_67, "h:mm", "14:30"),
            (0.5, "mm:ss", "12:00"),
            (1.520_833_333, "[h]:mm:ss", "36:30"),
            (1.0, "yyyy-mm-dd", "1900-01-01"),
            (61.0, "yyyy-mm-dd", "1900-03-01"),
        ] {
            assert_eq!(shown(serial, code).as_deref(), Some(expected), "{code}");
        }
        assert_eq!(Shape::of("d").unwrap().show(0.0, true).as_deref(), Some("1904-01-01"));
    }

    #[test]
    fn numbers_are_no_dates() {
        for code in ["0.00", "General", "#,##0 \"days\"", "0.00E+00", "[Red]0", "@", "\\d0", "_d0"] {
            assert_eq!(Shape::of(code), None, "{code}");
        }
        assert_eq!(shown(-1.0, "d"), None);
        assert_eq!(shown(f64::NAN, "d"), None);
        assert_eq!(shown(1e300, "[h]:mm"), None);
    }
}
