//! The encoding of a mail's text: as declared, unless the text itself shows that the declaration is wrong.

use encoding_rs::{Encoding, UTF_8};
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::{codepage, decode};

/// `None` for what is no text in any encoding.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Option<String> {
    let label = label.map(|label| label.trim().trim_matches(['"', '\'']).to_ascii_lowercase());
    // Programs that know no better declare ASCII and send whatever they have.
    let label = label.filter(|label| !matches!(label.as_str(), "us-ascii" | "ascii" | "ansi_x3.4-1968"));
    let declared = label.as_deref().and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()));
    match (declared, label) {
        // UTF-7 and code pages that the web never used.
        (None, Some(label)) => match charset_decoder(label.as_bytes()) {
            Some(decoder) => Some(decoder(bytes)),
            None => decode_as(bytes, None),
        },
        (declared, _) => decode_as(bytes, declared),
    }
}

pub(super) fn decode_as(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<String> {
    let detected = || decode::decode(bytes).ok().map(std::borrow::Cow::into_owned);
    let Some(encoding) = declared.filter(|_| Encoding::for_bom(bytes).is_none()) else {
        return detected();
    };
    // Text of a single-byte encoding is hardly ever valid UTF-8 by chance.
    if (encoding.is_single_byte() || encoding == UTF_8)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Some(text.to_owned());
    }
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    if malformed && !is_mostly_right(&text) { detected().or(Some(text.into_owned())) } else { Some(text.into_owned()) }
}

/// A few broken characters, as in text that was cut, are no reason to doubt the declaration.
fn is_mostly_right(text: &str) -> bool {
    let foreign = text.chars().filter(|c| !c.is_ascii()).count();
    let broken = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    broken * 10 < foreign
}

/// The encoding of a Windows code page.
pub(super) fn code_page(number: i32) -> Option<&'static Encoding> {
    codepage::known(u32::try_from(number).ok()?)
}

/// The code page of a Windows that speaks this language.
pub(super) fn of_language(locale: i32) -> i32 {
    match locale & 0x3ff {
        0x01 | 0x20 | 0x29 => 1256,
        0x02 | 0x19 | 0x22 | 0x23 | 0x2f => 1251,
        0x04 if matches!(locale, 0x0404 | 0x0c04 | 0x1404) => 950,
        0x04 => 936,
        0x05 | 0x0e | 0x15 | 0x18 | 0x1a..=0x1c | 0x24 => 1250,
        0x08 => 1253,
        0x0d => 1255,
        0x11 => 932,
        0x12 => 949,
        0x1e => 874,
        0x1f => 1254,
        0x25..=0x27 => 1257,
        0x2a => 1258,
        _ => 1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_hold_unless_the_text_shows_otherwise() {
        assert_eq!(decode(b"gr\xfc\xdfe", Some("ISO-8859-1")).unwrap(), "grüße");
        assert_eq!(decode("grüße".as_bytes(), Some("iso-8859-1")).unwrap(), "grüße");
        assert_eq!(decode(b"gr\xfc\xdfe aus M\xfcnchen", Some("utf-8")).unwrap(), "grüße aus München");
        assert_eq!(decode(b"gr\xfc\xdfe aus M\xfcnchen", Some("us-ascii")).unwrap(), "grüße aus München");
        assert_eq!(decode(b"Hi Mom -+Jjo--+ACE-", Some("UTF-7")).unwrap(), "Hi Mom -☺-!");
        assert_eq!(
            decode(b"\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5\xa4\xa4\xa4\xe5\xa4", Some("big5")).unwrap(),
            "中文中文中文中文中文\u{fffd}"
        );
        assert_eq!(decode(b"plain", Some("x-unknown")).unwrap(), "plain");
        let (japanese, _, _) = encoding_rs::ISO_2022_JP.encode("会議の案内");
        assert_eq!(decode(&japanese, Some("iso-2022-jp")).unwrap(), "会議の案内");
    }

    #[test]
    fn code_pages_by_number_and_language() {
        assert_eq!([0x0419, 0x0407, 0x0411, 0x0404, 0x0804].map(of_language), [1251, 1252, 932, 950, 936]);
        let name = |number| code_page(number).map(Encoding::name);
        assert_eq!(
            [1251, 932, 28592, 65001, 4711].map(name),
            [Some("windows-1251"), Some("Shift_JIS"), Some("ISO-8859-2"), Some("UTF-8"), None]
        );
    }
}
