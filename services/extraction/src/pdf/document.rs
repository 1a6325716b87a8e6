//! Opening a PDF, and telling a locked one from a broken one.

use lopdf::{Dictionary, Document, LoadOptions, Object};

use crate::ExtractError;

/// No stream of a document that people read unpacks to more.
const MAX_STREAM: usize = 64 << 20;
/// Readers look for the end mark within the last KiB (PDF 1.7, implementation note 18); some files have more after it.
const END_BYTES: usize = 4096;
pub(super) const MAX_PAGES: usize = 50_000;

pub(super) fn open(bytes: &[u8]) -> Result<Document, ExtractError> {
    // What stands before the header shifts all offsets.
    let start = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let options = LoadOptions { max_decompressed_size: Some(MAX_STREAM), password: Some(String::new()), ..LoadOptions::default() };
    let first = Document::load_mem_with_options(&bytes[start..], options.clone());
    let loaded = match first {
        Ok(document) if document.page_iter().next().is_some() || is_locked(&document) => Ok(document),
        // References that lead to the wrong objects: look for the objects themselves.
        first => {
            let again = Document::load_mem_with_options(&bytes[start..], LoadOptions { force_reconstruct: true, ..options });
            if again.is_ok() { again } else { first }
        }
    };
    let mut document = loaded.map_err(|error| refusal(&error, bytes))?;
    if is_locked(&document) {
        return Err(ExtractError::Encrypted);
    }
    // What can still be found of such a file looks like all of it, and isn't.
    if is_cut_off(bytes) {
        return Err(ExtractError::damaged(CUT_OFF));
    }
    resolve_filters(&mut document);
    Ok(document)
}

/// lopdf unpacks a stream only where its filter is written in place.
fn resolve_filters(document: &mut Document) {
    for key in [&b"Filter"[..], b"DecodeParms"] {
        let referred = |object: &Object| object.as_stream().is_ok_and(|s| matches!(s.dict.get(key), Ok(Object::Reference(_))));
        let streams: Vec<_> = document.objects.iter().filter(|(_, object)| referred(object)).map(|(id, _)| *id).collect();
        for id in streams {
            let value = document.get_object(id).and_then(Object::as_stream).ok().and_then(|s| resolved(document, &s.dict, key)).cloned();
            if let (Some(value), Some(Object::Stream(stream))) = (value, document.objects.get_mut(&id)) {
                stream.dict.set(key, value);
            }
        }
    }
}

fn is_locked(document: &Document) -> bool {
    document.trailer.has(b"Encrypt") && document.encryption_state.is_none()
}

fn refusal(error: &lopdf::Error, bytes: &[u8]) -> ExtractError {
    use lopdf::Error;
    match error {
        Error::InvalidPassword | Error::Decryption(_) => ExtractError::Encrypted,
        Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => ExtractError::TooLarge { limit_mib: MAX_STREAM >> 20 },
        _ => ExtractError::damaged(if is_cut_off(bytes) { CUT_OFF } else { "its structure cannot be read" }),
    }
}

const CUT_OFF: &str = "its end is missing";

/// A PDF ends with the place of its table of objects and an end mark. A file with the mark alone may still hold all pages.
fn is_cut_off(bytes: &[u8]) -> bool {
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
