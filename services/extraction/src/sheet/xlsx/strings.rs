//! Texts that cells share, and the rich text of which they and notes consist.

use quick_xml::{Reader, events::Event};

use crate::{ExtractError, xml};

/// More than a workbook of the largest size that is read can refer to.
const MAX_STRINGS: usize = 4_000_000;

pub(super) fn parse(source: &str) -> Result<Vec<Box<str>>, ExtractError> {
    let mut strings = Vec::new();
    let mut reader = xml::reader(source);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(e) if e.local_name().into_inner() == "si" => strings.push(rich_text(&mut reader, "si").map_err(broken)?.into()),
            // What is empty is counted all the same.
            Event::Empty(e) if e.local_name().into_inner() == "si" => strings.push("".into()),
            Event::Eof => return Ok(strings),
            _ => {}
        }
        if strings.len() > MAX_STRINGS {
            return Err(ExtractError::TooLarge { limit_mib: crate::page::MAX_TEXT_BYTES >> 20 });
        }
    }
}

fn broken(error: quick_xml::Error) -> ExtractError {
    ExtractError::damaged(format!("the texts of its cells break off: {error}"))
}

/// The text up to the end of the element, without the readings that Japanese has above it.
pub(super) fn rich_text(reader: &mut Reader<&[u8]>, until: &str) -> Result<String, quick_xml::Error> {
    let mut text = String::new();
    let (mut in_text, mut in_reading) = (false, false);
    loop {
        match reader.read_event()? {
            Event::Start(e) => match e.local_name().into_inner() {
                "t" => in_text = true,
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::End(e) => match e.local_name().into_inner() {
                "t" => in_text = false,
                "rPh" => in_reading = false,
                name if name == until => break,
                _ => {}
            },
            Event::Text(piece) if in_text && !in_reading => text.push_str(&piece.xml10_content()),
            Event::CData(piece) if in_text && !in_reading => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if in_text && !in_reading => text.extend(xml::entity(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(unescaped(&text))
}

/// Excel writes characters that XML doesn't take as "_x000D_".
pub(super) fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        result.push_str(before);
        let code = after.get(..4).filter(|_| after.get(4..5) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                result.push(c);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                result.push_str("_x");
                rest = after;
            }
        }
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_is_joined() {
        let source =
            "<sst><si><t>a &amp; b</t></si><si/><si><r><t>c</t></r><r><t xml:space=\"preserve\"> d</t></r><rPh><t>x</t></rPh></si></sst>";
        let strings = parse(source).unwrap();
        assert_eq!(strings, ["a & b".into(), "".into(), "c d".into()]);
    }

    #[test]
    fn escapes_of_excel() {
        assert_eq!(unescaped("a_x000D_b_x00e9_"), "a\rbé");
        assert_eq!(unescaped("snake_xylo _x12 _x00"), "snake_xylo _x12 _x00");
    }
}
