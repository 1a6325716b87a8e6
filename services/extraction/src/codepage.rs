//! Code pages by their Windows number: old Office files and RTF name their encoding so.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Western where the number is unknown: most of its letters are the same in other ones.
pub(crate) fn encoding(number: u32) -> &'static Encoding {
    known(number).unwrap_or(WINDOWS_1252)
}

/// `None` where the number is unknown, or says no more than ASCII.
pub(crate) fn known(number: u32) -> Option<&'static Encoding> {
    let label = match number {
        866 => "ibm866",
        874 => "windows-874",
        932 | 943 => "shift_jis",
        936 | 54936 => "gb18030",
        949 | 1361 | 51949 => "euc-kr",
        950 => "big5",
        1200 => "utf-16le",
        1201 => "utf-16be",
        1250..=1258 => return Encoding::for_label(format!("windows-{number}").as_bytes()),
        10000 => "macintosh",
        10007 | 10017 => "x-mac-cyrillic",
        20866 => "koi8-r",
        21866 => "koi8-u",
        28591..=28606 => return Encoding::for_label(format!("iso-8859-{}", number - 28590).as_bytes()),
        20932 | 51932 => "euc-jp",
        50220..=50222 => "iso-2022-jp",
        65001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a font, by the number that Windows has for its letters; `None` for whatever is usual.
pub(crate) fn of_charset(number: i32) -> Option<u32> {
    Some(match number {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 | 130 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known() {
        assert_eq!(encoding(1251).decode_without_bom_handling(b"\xcf").0, "П");
        assert_eq!(encoding(932).name(), "Shift_JIS");
        assert_eq!(encoding(850), WINDOWS_1252);
    }
}
