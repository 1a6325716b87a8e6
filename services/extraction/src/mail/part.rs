//! A part of a message: its bytes, its text, and its name as a file.

use std::borrow::Cow;

use mail_parser::{
    HeaderName, MessagePart, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

use super::{charset, head::Head, uuencode};
use crate::{decode, is_supported};

pub(super) struct Part<'m> {
    pub(super) head: Head,
    raw: &'m [u8],
    is_message: bool,
}

impl<'m> Part<'m> {
    /// `message` holds the part's bytes.
    pub(super) fn new(part: &MessagePart<'_>, message: &'m [u8]) -> Self {
        let range = |from: u32, to: u32| message.get(from as usize..(to as usize).min(message.len())).unwrap_or_default();
        Self {
            head: Head::parse(range(part.offset_header, part.offset_body)),
            raw: range(part.offset_body, part.offset_end),
            is_message: matches!(part.body, PartType::Message(_)),
        }
    }

    /// Without the encoding that it was sent in.
    pub(super) fn bytes(&self) -> Cow<'m, [u8]> {
        let encoding = self.head.text(&HeaderName::ContentTransferEncoding).unwrap_or_default().to_ascii_lowercase();
        let encoding: String = encoding.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let decoded = match encoding.as_str() {
            "base64" => Some(base64_decode(self.raw).unwrap_or_else(|| lenient_base64(self.raw))),
            "quoted-printable" => quoted_printable_decode(self.raw),
            "x-uuencode" | "uuencode" | "x-uue" | "uue" => {
                uuencode::split(&String::from_utf8_lossy(self.raw)).1.pop().map(|file| file.bytes)
            }
            _ => None,
        };
        decoded.map_or(Cow::Borrowed(self.raw), Cow::Owned)
    }

    pub(super) fn is_html(&self) -> bool {
        self.head.media_type() == "text/html" || (self.head.media_type() == "text/plain" && looks_like_html(self.raw))
    }

    /// `None` for what is no text.
    pub(super) fn text(&self) -> Option<String> {
        let bytes = self.bytes();
        let label = self.head.parameter("charset");
        if self.is_html() && label.is_none() {
            return decode::decode_html(&bytes).ok().map(Cow::into_owned);
        }
        charset::decode(&bytes, label.as_deref())
    }

    /// Pictures that the text shows: not what somebody attached.
    pub(super) fn is_decoration(&self) -> bool {
        let media = self.head.media_type();
        let visible = media.starts_with("image/") || media.starts_with("audio/") || media.starts_with("video/");
        let attached = self.head.disposition().is_some_and(mail_parser::ContentType::is_attachment);
        visible && (!attached || self.head.has_content_id())
    }

    /// Proves who wrote the message, and says nothing.
    pub(super) fn is_signature(&self) -> bool {
        matches!(
            self.head.media_type().as_str(),
            "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature"
        )
    }

    /// What the part is called as a file; `None` for one without a name that is no document either.
    pub(super) fn file_name(&self) -> Option<String> {
        let ending = if self.is_message { Some("eml") } else { ending(&self.head.media_type()) };
        match (self.head.file_name(), ending) {
            (Some(name), _) if is_supported(std::path::Path::new(&name)) && !self.is_message => Some(name),
            (Some(name), Some(ending)) if !name.to_ascii_lowercase().ends_with(&format!(".{ending}")) => Some(format!("{name}.{ending}")),
            (Some(name), _) => Some(name),
            (None, Some("eml")) => {
                let inner = Head::parse(&self.bytes());
                let subject = inner.text(&HeaderName::Subject).filter(|subject| !subject.trim().is_empty());
                Some(format!("{}.eml", subject.as_deref().unwrap_or("Message").trim()))
            }
            (None, ending) => ending.map(|ending| format!("Attachment.{ending}")),
        }
    }

    /// The bytes as a file: text in UTF-8 where only the mail says what its encoding is.
    pub(super) fn file(&self) -> Vec<u8> {
        let bytes = self.bytes();
        let label = self.head.parameter("charset").filter(|_| self.head.media_type().starts_with("text/"));
        match label.and_then(|label| charset::decode(&bytes, Some(&label))) {
            Some(text) => text.into_bytes(),
            None => bytes.into_owned(),
        }
    }
}

/// The usual file ending of a media type that can be read.
fn ending(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "text/markdown" => "md",
        "text/rtf" | "application/rtf" => "rtf",
        "application/pdf" | "application/x-pdf" => "pdf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.ms-outlook" => "msg",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/vnd.oasis.opendocument.spreadsheet" => "ods",
        "application/vnd.oasis.opendocument.presentation" => "odp",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "message/rfc822" | "message/global" => "eml",
        _ => return None,
    })
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).to_ascii_lowercase();
    let head = head.trim_start();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// What can be read of base64 that was cut off or mixed with other lines.
fn lenient_base64(raw: &[u8]) -> Vec<u8> {
    let value = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for value in raw.iter().filter_map(value) {
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_base64_is_read_as_far_as_it_goes() {
        assert_eq!(lenient_base64(b"SGVs\r\nbG8h ~ V29y"), b"Hello!Wor");
        assert_eq!(lenient_base64(b"SGVsbG8"), b"Hello");
    }

    #[test]
    fn html_that_calls_itself_plain() {
        assert!(looks_like_html(b" \n<!DOCTYPE HTML PUBLIC>"));
        assert!(!looks_like_html(b"<htm"));
    }
}
