//! Small helpers over quick-xml. Names are compared without their prefix: producers differ in those.

use std::borrow::Cow;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesRef, BytesStart, Event},
};

use crate::ExtractError;

/// No program nests deeper; a hostile file must not make anything grow with its depth.
pub(crate) const MAX_DEPTH: usize = 2000;

/// An attribute's value by local name.
pub(crate) fn attribute<'a>(element: &BytesStart<'a>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|a| a.key.local_name().into_inner() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).map_or_else(|_| found.value.to_string(), Cow::into_owned))
}

/// A reference to another part (`r:id`, `r:embed`): told by its prefix from an attribute that is merely called so.
pub(crate) fn reference(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let is_it = |key: quick_xml::name::QName<'_>| key.prefix().is_some() && key.local_name().into_inner() == name;
    element.attributes().flatten().find(|a| is_it(a.key)).map(|a| a.value.to_string())
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

/// Takes the elements of a document in order, without a tree of them.
pub(crate) trait Visitor {
    /// False leaves out all within the element; its end is then not told.
    fn start(&mut self, name: &str, element: &BytesStart<'_>) -> bool;
    fn text(&mut self, text: &str);
    fn end(&mut self, name: &str);
}

/// Shows a part to a visitor; `what` names it where it is damaged.
pub(crate) fn visit(source: &str, what: &str, visitor: &mut impl Visitor) -> Result<(), ExtractError> {
    let mut reader = reader(source);
    let mut depth = 0usize;
    let mut skipped_from = None;
    loop {
        let event = reader.read_event().map_err(|e| ExtractError::damaged(format!("{what} breaks off: {e}")))?;
        match event {
            Event::Start(e) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ExtractError::TooDeep { limit: MAX_DEPTH });
                }
                if skipped_from.is_none() && !visitor.start(e.local_name().into_inner(), &e) {
                    skipped_from = Some(depth);
                }
            }
            Event::Empty(e) if skipped_from.is_none() => {
                let name = e.local_name();
                if visitor.start(name.into_inner(), &e) {
                    visitor.end(name.into_inner());
                }
            }
            Event::End(e) => {
                match skipped_from {
                    None => visitor.end(e.local_name().into_inner()),
                    Some(from) if from >= depth => skipped_from = None,
                    Some(_) => {}
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if skipped_from.is_none() => visitor.text(&text.xml10_content()),
            Event::CData(text) if skipped_from.is_none() => visitor.text(&text.xml10_content()),
            Event::GeneralRef(reference) if skipped_from.is_none() => {
                if let Some(c) = entity(&reference) {
                    visitor.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof if depth > 0 => return Err(ExtractError::damaged(format!("{what} breaks off"))),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
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
