//! What the file says of itself, read with lopdf: its objects, beside the text that PDFium reads.

use lopdf::{Dictionary, Document, LoadOptions, Object};

/// No stream of a document that people read unpacks to more.
const MAX_STREAM: usize = 64 << 20;
/// Readers look for the end mark within the last KiB (PDF 1.7, implementation note 18); some files have more after it.
const END_BYTES: usize = 4096;

/// The file's objects; `None` where lopdf can't make sense of them: the text is then read without outline and labels.
pub(super) fn objects(bytes: &[u8]) -> Option<Document> {
    // What stands before the header shifts all offsets.
    let start = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let options = LoadOptions { max_decompressed_size: Some(MAX_STREAM), password: Some(String::new()), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(&bytes[start..], options).ok()?;
    let locked = document.trailer.has(b"Encrypt") && document.encryption_state.is_none();
    (!locked).then_some(document)
}

pub(super) const CUT_OFF: &str = "its end is missing";

/// A PDF ends with the place of its table of objects and an end mark. A file with the mark alone may still hold all pages.
pub(super) fn is_cut_off(bytes: &[u8]) -> bool {
    !names_its_table(bytes) && !ends_with_mark(bytes, b"%%EOF")
}

/// Whether a file says where its table of objects is.
pub(crate) fn names_its_table(bytes: &[u8]) -> bool {
    ends_with_mark(bytes, b"startxref")
}

fn ends_with_mark(bytes: &[u8], mark: &[u8]) -> bool {
    let end = bytes.trim_ascii_end();
    end[end.len().saturating_sub(END_BYTES)..].windows(mark.len()).any(|w| w == mark)
}

/// The dictionary behind an entry, whether written there or referred to.
pub(super) fn dict<'d>(document: &'d Document, holder: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
    as_dict(resolved(document, holder, key)?)
}

pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

pub(super) fn resolved<'d>(document: &'d Document, holder: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let object = holder.get(key).ok()?;
    document.dereference(object).ok().map(|(_, object)| object)
}

/// A text string, with the repairs that real files need.
pub(super) fn text(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    if let Some(little) = bytes.strip_prefix(b"\xff\xfe") {
        return Some(encoding_rs::UTF_16LE.decode_without_bom_handling(little).0.into_owned());
    }
    if let Some(big) = bytes.strip_prefix(b"\xfe\xff") {
        return Some(encoding_rs::UTF_16BE.decode_without_bom_handling(big).0.into_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.trim_start_matches('\u{feff}').to_owned()),
        Err(_) => lopdf::decode_text_string(object).ok(),
    }
}
