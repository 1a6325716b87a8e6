//! Dates and times of day, in the forms that policies write them.

use std::ops::Range;

use crate::words::Word;

/// A date as far as it is written: "March 2024" has no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: Option<u32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    /// Positions of its words.
    pub words: Range<usize>,
}

/// A time of day in minutes after midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    pub minutes: u32,
    /// "GMT", where one is named.
    pub zone: Option<String>,
    pub words: Range<usize>,
}

impl Time {
    /// Whether `source` says at least this much.
    pub fn is_in(&self, source: &Self) -> bool {
        self.minutes == source.minutes && (self.zone.is_none() || self.zone == source.zone)
    }
}

impl Date {
    /// Whether `source` says at least this much: every part that this date names is the same there.
    pub fn is_in(&self, source: &Self) -> bool {
        let same = |a: Option<u32>, b: Option<u32>| a.is_none() || a == b;
        same(self.year, source.year) && same(self.month, source.month) && same(self.day, source.day)
    }
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Every date of a text.
pub fn dates(text: &str, words: &[Word]) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match numeric(text, words, at).or_else(|| named(words, at)).or_else(|| year_alone(words, at)) {
            Some(date) => {
                at = date.words.end;
                dates.push(date);
            }
            None => at += 1,
        }
    }
    dates
}

/// 2024-03-01, 1/3/2024, 1.3.2024. Where day and month can't be told apart the first counts as the day, on both sides alike.
fn numeric(text: &str, words: &[Word], at: usize) -> Option<Date> {
    if let Some(date) = dotted(words.get(at)?, at) {
        return Some(date);
    }
    let [a, b, c] = words.get(at..at + 3)? else { return None };
    let between = |x: &Word, y: &Word| text.get(x.range.end..y.range.start);
    let mark = between(a, b)?;
    if !matches!(mark, "-" | "/" | "\u{2011}") || between(b, c)? != mark {
        return None;
    }
    from_parts([a.lower.parse().ok()?, b.lower.parse().ok()?, c.lower.parse().ok()?], at..at + 3)
}

/// 1.3.2024 is a single word to the word splitter.
fn dotted(word: &Word, at: usize) -> Option<Date> {
    let parts: Vec<u32> = word.lower.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    from_parts(parts.try_into().ok()?, at..at + 1)
}

fn from_parts(parts: [u32; 3], words: Range<usize>) -> Option<Date> {
    let (year, month, day) = match parts {
        [year, month, day] if year >= 1000 => (year, month, day),
        [first, second, year] if year >= 1000 && second > 12 => (year, first, second),
        [first, second, year] if year >= 1000 => (year, second, first),
        _ => return None,
    };
    let real = (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then_some(Date { year: Some(year), month: Some(month), day: Some(day), words })
}

/// 1 March 2024, 1st of March, March 1, 2024, March 2024, March.
fn named(words: &[Word], at: usize) -> Option<Date> {
    if let Some(day) = day_number(words.get(at)) {
        let month_at = if words.get(at + 1).is_some_and(|w| w.lower == "of") { at + 2 } else { at + 1 };
        let month = month(words.get(month_at)?)?;
        let year = year_number(words.get(month_at + 1));
        return Some(Date { year, month: Some(month), day: Some(day), words: at..month_at + 1 + usize::from(year.is_some()) });
    }
    let word = words.get(at)?;
    let month = month(word)?;
    let day = day_number(words.get(at + 1));
    let year_at = at + 1 + usize::from(day.is_some());
    let year = year_number(words.get(year_at));
    // "may" and "march" are other words as well.
    if day.is_none() && year.is_none() && matches!(word.lower.as_str(), "may" | "march") {
        return None;
    }
    Some(Date { year, month: Some(month), day, words: at..year_at + usize::from(year.is_some()) })
}

/// "in 2024": only where the words around it say that the number is a year.
fn year_alone(words: &[Word], at: usize) -> Option<Date> {
    let year = year_number(words.get(at))?;
    let before = words.get(at.checked_sub(1)?)?;
    let announced = matches!(before.lower.as_str(), "in" | "since" | "until" | "of" | "year" | "fy" | "by" | "during" | "from");
    announced.then_some(Date { year: Some(year), month: None, day: None, words: at..at + 1 })
}

fn month(word: &Word) -> Option<u32> {
    let found = MONTHS.iter().position(|m| {
        *m == word.lower || (word.lower.len() == 3 && m.starts_with(&word.lower)) || word.lower == "sept" && *m == "september"
    });
    found.and_then(|i| u32::try_from(i + 1).ok())
}

fn day_number(word: Option<&Word>) -> Option<u32> {
    let lower = &word?.lower;
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|e| lower.strip_suffix(e)).unwrap_or(lower);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year_number(word: Option<&Word>) -> Option<u32> {
    let lower = &word?.lower;
    lower.parse().ok().filter(|year| lower.len() == 4 && (1900..2100).contains(year))
}

const ZONES: [&str; 22] = [
    "GMT", "UTC", "BST", "IST", "WET", "CET", "CEST", "EET", "EEST", "MSK", "JST", "ET", "EST", "EDT", "CT", "CST", "CDT", "MT", "PT",
    "PST", "PDT", "AEST",
];
/// Between two times of which the zone is named once.
const UNTIL: [&str; 5] = ["to", "until", "and", "-", "\u{2013}"];

/// Every time of day: 17:30, 5:30 pm, 5pm, 5 p.m.
pub fn times(text: &str, words: &[Word]) -> Vec<Time> {
    let mut times = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match time(text, words, at) {
            Some(time) => {
                at = time.words.end;
                times.push(time);
            }
            None => at += 1,
        }
    }
    for at in (1..times.len()).rev() {
        let (from, to) = (times[at - 1].words.end, times[at].words.start);
        let between = &text[words[from - 1].range.end..words[to].range.start];
        if times[at - 1].zone.is_none() && UNTIL.contains(&between.trim()) {
            times[at - 1].zone = times[at].zone.clone();
        }
    }
    times
}

fn time(text: &str, words: &[Word], at: usize) -> Option<Time> {
    let word = words.get(at)?;
    let (hour_text, glued) = ["am", "pm"].iter().find_map(|e| Some((word.lower.strip_suffix(e)?, Some(*e)))).unwrap_or((&word.lower, None));
    let hour: u32 = hour_text.parse().ok().filter(|hour| *hour < 25)?;
    let mut end = at + 1;
    let mut minute = None;
    if glued.is_none()
        && let Some(next) = words.get(end)
        && text.get(word.range.end..next.range.start) == Some(":")
    {
        let digits = next.lower.trim_end_matches(['a', 'p', 'm']);
        minute = digits.parse::<u32>().ok().filter(|m| *m < 60 && digits.len() == 2);
        end += usize::from(minute.is_some());
    }
    let glued = glued.or_else(|| minute.and_then(|_| ["am", "pm"].into_iter().find(|e| words[end - 1].lower.ends_with(e))));
    let spaced = words.get(end).and_then(|w| match w.lower.as_str() {
        "am" | "a.m" => Some("am"),
        "pm" | "p.m" => Some("pm"),
        _ => None,
    });
    let half = glued.or(spaced);
    if minute.is_none() && half.is_none() {
        return None;
    }
    end += usize::from(glued.is_none() && spaced.is_some());
    let hour = match half {
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    let zone = words.get(end).and_then(|word| text.get(word.range.clone())).filter(|word| ZONES.contains(word)).map(str::to_owned);
    end += usize::from(zone.is_some());
    Some(Time { minutes: hour * 60 + minute.unwrap_or(0), zone, words: at..end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    fn date(text: &str) -> (Option<u32>, Option<u32>, Option<u32>) {
        let found = dates(text, &words(text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        (found[0].year, found[0].month, found[0].day)
    }

    #[test]
    fn dates_in_all_their_forms() {
        for text in
            ["on 1 March 2024", "March 1, 2024", "the 1st of March 2024", "2024-03-01", "on 01.03.2024.", "01/03/2024", "Mar 1st 2024"]
        {
            assert_eq!(date(text), (Some(2024), Some(3), Some(1)), "{text}");
        }
        assert_eq!(date("in September"), (None, Some(9), None));
        assert_eq!(date("in 2024"), (Some(2024), None, None));
        assert_eq!(date("31 May"), (None, Some(5), Some(31)));
    }

    #[test]
    fn other_words_are_no_dates() {
        for text in ["You may work 2 days", "the march to the office", "2000 employees", "version 1.3"] {
            assert_eq!(dates(text, &words(text)), [], "{text}");
        }
    }

    #[test]
    fn times_in_all_their_forms() {
        for text in ["17:30", "5:30 pm", "5:30pm", "at 5:30 p.m. sharp"] {
            assert_eq!(times(text, &words(text)).iter().map(|t| t.minutes).collect::<Vec<_>>(), [1050], "{text}");
        }
        assert_eq!(times("from 9am to 5 pm", &words("from 9am to 5 pm")).len(), 2);
        let zones = |text: &str| times(text, &words(text)).into_iter().map(|time| time.zone).collect::<Vec<_>>();
        assert_eq!(zones("at 15:48 (14:48 GMT)"), [None, Some("GMT".to_owned())]);
        assert_eq!(zones("9:00 am to 5:00 pm EST"), [Some("EST".to_owned()), Some("EST".to_owned())]);
        assert_eq!(times("24 hours", &words("24 hours")), []);
    }
}
