//! CSV and its relatives: values between commas, semicolons, tabs or bars, one record a line.

use catalog::Format;

use crate::{BlockKind, ExtractError, Extracted, page::PageBuilder, sheet::Plain, unpaged};

/// Tried in this order; the first of those that fit equally well is taken.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Records that are looked at to find the delimiter.
const SAMPLE: usize = 50;
const SAMPLE_BYTES: usize = 64 << 10;
/// Lines above the table.
const MAX_TITLES: usize = 5;

type Row = Vec<String>;

pub(crate) fn extract(text: &str) -> Result<Extracted, ExtractError> {
    let text = text.trim_start_matches('\u{feff}');
    let (delimiter, text) = declared(text).unwrap_or_else(|| (delimiter(text).unwrap_or(b','), text));
    let mut page = PageBuilder::default();
    let titles = records(text, delimiter).take(MAX_TITLES + 1).take_while(|row| row.len() == 1).count();
    let titles = if titles > MAX_TITLES { 0 } else { titles };
    records(text, delimiter).take(titles).flatten().for_each(|title| page.push(BlockKind::Paragraph, &title));
    let mut table = Plain::default();
    for row in records(text, delimiter).skip(titles) {
        table.push(row.iter().map(|value| (value.as_str(), is_number(value))))?;
    }
    table.write(&mut page)?;
    unpaged(Format::Csv, None, page)
}

/// Several records with the same delimiter, equally often: what looks so under another name is a table.
pub(crate) fn is_delimited(text: &str) -> bool {
    declared(text).is_some() || delimiter(text).is_some()
}

/// The records that hold anything, without the empty values at their ends.
fn records(text: &str, delimiter: u8) -> impl Iterator<Item = Row> {
    let reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.into_records().map_while(Result::ok).filter_map(|record| {
        let mut row: Row = record.iter().map(|value| value.trim().to_owned()).collect();
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        (!row.is_empty()).then_some(row)
    })
}

/// Excel's own first line: "sep=;".
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    match line.trim_end_matches('\r').strip_prefix("sep=")?.as_bytes() {
        [delimiter] if delimiter.is_ascii() => Some((*delimiter, rest)),
        _ => None,
    }
}

/// The delimiter with which most records have equally many values, more than one.
fn delimiter(text: &str) -> Option<u8> {
    let sample = text.get(..text.floor_char_boundary(SAMPLE_BYTES))?;
    let score = |delimiter: u8| {
        let widths: Vec<usize> = records(sample, delimiter).take(SAMPLE).map(|row| row.len()).collect();
        let times = |width: usize| widths.iter().filter(|w| **w == width).count();
        let usual = widths.iter().copied().filter(|width| *width > 1).max_by_key(|width| times(*width))?;
        let near = widths.iter().filter(|width| **width > 1 && width.abs_diff(usual) <= 1).count();
        (near * 2 > widths.len()).then_some(near * usual)
    };
    let mut best: Option<(u8, usize)> = None;
    for delimiter in DELIMITERS {
        if let Some(score) = score(delimiter).filter(|score| best.is_none_or(|(_, before)| *score > before)) {
            best = Some((delimiter, score));
        }
    }
    best.map(|(delimiter, _)| delimiter)
}

/// A number, date, time or amount: digits and no words.
fn is_number(value: &str) -> bool {
    value.chars().any(|c| c.is_ascii_digit()) && value.chars().all(|c| !c.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        extract(source).unwrap().pages.remove(0).text
    }

    #[test]
    fn every_delimiter() {
        let expected = "Leave | Days\nAnnual | Days: 25\nStudy, paid | Days: 5";
        for source in [
            "Leave,Days\nAnnual,25\n\"Study, paid\",5\n",
            "\u{feff}Leave;Days;\r\nAnnual;25;\r\n\r\nStudy, paid;5\r\n",
            "Leave\tDays\nAnnual\t25\nStudy, paid\t5",
            "sep=|\nLeave|Days\nAnnual|25\nStudy, paid|5",
        ] {
            assert_eq!(text(source), expected);
        }
    }

    #[test]
    fn headings_are_told_from_content() {
        assert_eq!(text("Owner,HR\nVersion,second\nPlace,Leeds"), "Owner | HR\nVersion | second\nPlace | Leeds");
        assert_eq!(text("1,2\n3,4"), "1 | 2\n3 | 4");
        assert_eq!(text("Leave in 2024\nLeave,Days\nStudy,5"), "Leave in 2024\n\nLeave | Days\nStudy | Days: 5");
    }

    #[test]
    fn broken_quotes_and_prose_do_no_harm() {
        assert_eq!(text("a,b\n\"c,d\ne,f"), "a | b\nc,d e,f");
        assert_eq!(text("One line, and nothing else."), "One line | and nothing else.");
        assert!(!is_delimited("Dear all,\n\nwe meet on Monday.\nBring cake.\nAnn"));
        assert!(is_delimited("a;b;c\n1;2;3\n"));
    }

    #[test]
    fn long_and_wide_tables_keep_their_headings() {
        let source: String = std::iter::once("name,count\n".to_owned()).chain((0..1200).map(|i| format!("n{i},{i}\n"))).collect();
        let long = text(&source);
        assert_eq!(long.lines().count(), 1201);
        assert!(long.ends_with("n1199 | count: 1199"));
        let wide = |start: &str| (0..450).map(|i| format!("{start}{i}")).collect::<Vec<_>>().join(",");
        assert!(text(&format!("{}\n{}\n", wide("name"), wide("value"))).ends_with("name449: value449"));
    }
}
