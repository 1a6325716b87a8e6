//! Characters that Word names by their place in a font.

use quick_xml::events::BytesStart;

use crate::xml;

/// Letters of the font Symbol, from A and from a.
const UPPER: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const LOWER: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

/// What a `sym` stands for; what cleaning knows of other fonts is left to it.
pub(super) fn character(e: &BytesStart<'_>) -> Option<char> {
    let code = xml::attribute(e, "char").and_then(|c| u32::from_str_radix(&c, 16).ok())?;
    let font = xml::attribute(e, "font").unwrap_or_default();
    let place = if (0xf000..0xf100).contains(&code) { code - 0xf000 } else { code };
    if place > 0xff {
        return char::from_u32(code);
    }
    let known = (font == "Symbol").then(|| of_symbol(place)).flatten();
    known.or_else(|| char::from_u32(0xf000 + place))
}

fn of_symbol(place: u32) -> Option<char> {
    let letter = |letters: &str, first: u32| letters.chars().nth((place - first) as usize);
    match place {
        0x41..=0x5a => letter(UPPER, 0x41),
        0x61..=0x7a => letter(LOWER, 0x61),
        0x20..=0x3f => char::from_u32(place),
        0xa3 => Some('≤'),
        0xa5 => Some('∞'),
        0xae => Some('→'),
        0xb0 => Some('°'),
        0xb1 => Some('±'),
        0xb3 => Some('≥'),
        0xb4 => Some('×'),
        0xb9 => Some('≠'),
        0xbb => Some('≈'),
        0xd0 => Some('∠'),
        0xd6 => Some('√'),
        0xe5 => Some('∑'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_symbol_are_greek() {
        assert_eq!(UPPER.chars().count() + LOWER.chars().count(), 52);
        assert_eq!([0x61, 0x6d, 0x44, 0xb1, 0xda].map(of_symbol), [Some('α'), Some('μ'), Some('Δ'), Some('±'), None]);
    }
}
