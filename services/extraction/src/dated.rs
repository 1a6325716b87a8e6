//! The day that a document says it is of: when it was changed last, else when it was made. In UTC; whether it can be true is
//! for others to judge, who know what day it is.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Utc};

use crate::xml;

/// As Office writes it into its properties.
const OFFICE: [&str; 2] = ["modified", "created"];
/// As OpenDocument does.
const OPEN_DOCUMENT: [&str; 2] = ["date", "creation-date"];
/// As PDFs do in their metadata.
const XMP: [&str; 2] = ["ModifyDate", "CreateDate"];

/// Of an Office document, by its `docProps/core.xml`.
pub(crate) fn office(core: &str) -> Option<NaiveDate> {
    first(core, &OFFICE)
}

/// Of an OpenDocument, by its `meta.xml`.
pub(crate) fn open_document(meta: &str) -> Option<NaiveDate> {
    first(meta, &OPEN_DOCUMENT)
}

/// Of a PDF, by its XMP metadata.
pub(crate) fn xmp(metadata: &str) -> Option<NaiveDate> {
    first(metadata, &XMP)
}

fn first(source: &str, names: &[&str]) -> Option<NaiveDate> {
    names.iter().find_map(|name| written(&xml::text_of(source, name)?))
}

/// The day of a moment.
pub(crate) fn day(moment: &DateTime<FixedOffset>) -> NaiveDate {
    moment.with_timezone(&Utc).date_naive()
}

/// "2024-03-12T09:30:00+01:00", a day alone, or as in mail; without a time zone it is taken for UTC.
pub(crate) fn written(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let moment = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text));
    if let Ok(moment) = moment {
        return Some(day(&moment));
    }
    let (date, rest) = text.split_at_checked(10)?;
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(date)
}

/// "D:20240312093000+01'00'": what follows the year may be missing.
pub(crate) fn pdf(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    // Some programs write the date as everybody else does.
    if let Some(date) = written(text) {
        return Some(date);
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, zone) = text.split_at_checked(end)?;
    let number = |from: usize, length: usize, missing: u32| digits.get(from..from + length).map_or(Some(missing), |n| n.parse().ok());
    let year: i32 = digits.get(..4)?.parse().ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(4, 2, 1)?, number(6, 2, 1)?)?;
    let time = NaiveTime::from_hms_opt(number(8, 2, 0)?, number(10, 2, 0)?, number(12, 2, 0)?).unwrap_or(NaiveTime::MIN);
    date.and_time(time).checked_sub_signed(offset(zone)).map(|moment| moment.date())
}

/// "+01'00'", "-0500", "Z"; nothing for what is none.
fn offset(zone: &str) -> Duration {
    let sign = match zone.chars().next() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Duration::zero(),
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).take(4).collect();
    let number = |from: usize| digits.get(from..from + 2).and_then(|n| n.parse::<i64>().ok()).unwrap_or_default();
    Duration::minutes(sign * (number(0) * 60 + number(2)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{Tools, extract, package::packed};

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn days_are_those_of_utc() {
        for (text, expected) in [
            ("2024-03-12T09:30:00Z", day("2024-03-12")),
            ("2024-03-12T00:30:00+01:00", day("2024-03-11")),
            ("2024-03-12T00:30:00+0100", day("2024-03-11")),
            ("2024-03-12T09:30:00.123456789", day("2024-03-12")),
            (" 2024-03-12 ", day("2024-03-12")),
            ("2024-03-12 09:30", day("2024-03-12")),
            ("Tue, 12 Mar 2024 23:30:00 -0500", day("2024-03-13")),
            ("2024-03-121", None),
            ("2024-02-30", None),
            ("12.03.2024", None),
            ("ü2024-03-12", None),
            ("", None),
        ] {
            assert_eq!(written(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_of_pdfs_are_read_as_far_as_they_go() {
        for (text, expected) in [
            ("D:20240312093000+01'00'", day("2024-03-12")),
            ("D:20240312003000+01'00'", day("2024-03-11")),
            ("D:20240312233000-0500", day("2024-03-13")),
            ("D:20240312093000Z00'00'", day("2024-03-12")),
            ("20240312", day("2024-03-12")),
            ("D:202403", day("2024-03-01")),
            ("D:2024", day("2024-01-01")),
            ("2024-03-12T09:30:00Z", day("2024-03-12")),
            ("D:20241345", None),
            ("D:20240312250000", day("2024-03-12")),
            ("D:yesterday", None),
            ("", None),
        ] {
            assert_eq!(pdf(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_change_counts_more_than_the_making() {
        let core = "<cp:coreProperties><dcterms:created>2020-01-01T00:00:00Z</dcterms:created>\
            <dcterms:modified>2024-03-12T00:00:00Z</dcterms:modified></cp:coreProperties>";
        assert_eq!(office(core), day("2024-03-12"));
        assert_eq!(office("<x><created>2020-01-01T00:00:00Z</created><modified>soon</modified></x>"), day("2020-01-01"));
        let meta =
            "<office:meta><meta:creation-date>2020-01-01T10:00:00</meta:creation-date><dc:date>2024-03-12T10:00:00</dc:date></office:meta>";
        assert_eq!(open_document(meta), day("2024-03-12"));
        assert_eq!(office(""), None);
    }

    /// The way from the file to the day, format by format; PDF and Outlook's files have tests of their own.
    #[test]
    fn formats_say_it_in_their_own_ways() {
        let core = "<p xmlns:t='x'><t:modified>2024-03-12T00:00:00Z</t:modified></p>";
        let meta = "<m xmlns:d='x'><d:date>2024-03-12T00:00:00</d:date></m>";
        let main = "<document><body><p><r><t>Text.</t></r></p></body></document>";
        let slides = "<presentation xmlns:r='x'><sldIdLst><sldId r:id='a'/></sldIdLst></presentation>";
        let relations = "<Relationships><Relationship Id='a' Target='slide.xml'/></Relationships>";
        let slide = "<sld><cSld><spTree><sp><txBody><p><r><t>Text.</t></r></p></txBody></sp></spTree></cSld></sld>";
        let open = "<c><body><text><p>Text.</p></text></body></c>";
        let excel = "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><DocumentProperties>\
            <Created>2020-01-01T00:00:00Z</Created><LastSaved>2024-03-12T00:00:00Z</LastSaved></DocumentProperties>\
            <Worksheet Name='A'><Table><Row><Cell><Data Type='String'>Text.</Data></Cell></Row></Table></Worksheet></Workbook>";
        let files: [(&str, Vec<u8>); 8] = [
            ("a.docx", packed(&[("word/document.xml", main), ("docProps/core.xml", core)])),
            (
                "a.pptx",
                packed(&[
                    ("ppt/presentation.xml", slides),
                    ("ppt/_rels/presentation.xml.rels", relations),
                    ("ppt/slide.xml", slide),
                    ("docProps/core.xml", core),
                ]),
            ),
            ("a.odt", packed(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", open), ("meta.xml", meta)])),
            ("a.xls", excel.into()),
            ("a.rtf", r"{\rtf1{\info{\revtim\yr2024\mo3\dy12}}Text.\par}".into()),
            ("a.eml", "From: a@x.de\nDate: Tue, 12 Mar 2024 09:30:00 +0100\n\nText.\n".into()),
            ("a.html", "<!doctype html><meta property=article:modified_time content=2024-03-12T00:00:00Z><p>Text.".into()),
            ("a.md", "---\ndate: 2020-01-01\nlastmod: 2024-03-12\n---\nText.\n".into()),
        ];
        for (name, bytes) in files {
            let extracted = extract(Path::new(name), &bytes, &Tools::default()).unwrap_or_else(|e| panic!("{name} {e}"));
            assert_eq!(extracted.dated, day("2024-03-12"), "{name}");
        }
        assert_eq!(extract(Path::new("a.txt"), b"Text of 12 March 2024.", &Tools::default()).unwrap().dated, None);
    }
}
