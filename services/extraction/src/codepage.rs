//! Code pages by their Windows number: old Office files and RTF name their encoding so.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Western where the number is unknown: most of its letters are the same in other ones.
pub(crate) fn encoding(number: u32) -> &'static Encoding {
    let label = match number {
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 | 54936 => "gb18030",
        949 | 1361 => "euc-kr",
        950 => "big5",
        1250..=1258 => return windows(number),
        10000 => "macintosh",
        10007 | 10017 => "x-mac-cyrillic",
        20866 => "koi8-r",
        21866 => "koi8-u",
        28592 => "iso-8859-2",
        28595 => "iso-8859-5",
        28597 => "iso-8859-7",
        28605 => "iso-8859-15",
        51932 => "euc-jp",
        65001 => "utf-8",
        _ => return WINDOWS_1252,
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

fn windows(number: u32) -> &'static Encoding {
    Encoding::for_label(format!("windows-{number}").as_bytes()).unwrap_or(WINDOWS_1252)
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
