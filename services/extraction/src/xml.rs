//! Small helpers over quick-xml. Names are compared without their prefix: producers differ in those.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

/// An attribute's value by local name.
pub(crate) fn attribute<'a>(element: &BytesStart<'a>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|a| a.key.local_name().into_inner() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).map_or_else(|_| found.value.to_string(), Cow::into_owned))
}

/// The `val` that most properties of Word carry.
pub(crate) fn val(element: &BytesStart<'_>) -> Option<String> {
    attribute(element, "val")
}

/// Whether a property is on: `<w:b/>` is, `<w:b w:val="0"/>` is not.
pub(crate) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(val(element).as_deref(), Some("0" | "false" | "off" | "none"))
}

/// The character that an entity stands for.
pub(crate) fn entity(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    match &*reference.xml10_content() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// A reader that forgives what Word forgives.
pub(crate) fn reader(source: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(source);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    reader
}

/// The text within the first element of that name.
pub(crate) fn text_of(source: &str, name: &str) -> Option<String> {
    let mut reader = reader(source);
    let mut depth = 0usize;
    let mut text = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) if depth > 0 || e.local_name().into_inner() == name => depth += 1,
            Event::End(_) if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some(text);
                }
            }
            Event::Text(piece) if depth > 0 => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if depth > 0 => text.extend(entity(&reference)),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The attribute `wanted` of the first element of that name whose attribute ends as given.
pub(crate) fn attribute_where(source: &str, name: &str, (key, ending): (&str, &str), wanted: &str) -> Option<String> {
    let mut reader = reader(source);
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) | Event::Empty(e)
                if e.local_name().into_inner() == name && attribute(&e, key).is_some_and(|v| v.ends_with(ending)) =>
            {
                return attribute(&e, wanted);
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}
