//! What a file is: by its first bytes, and by its name where those leave it open.

use std::{io::Cursor, path::Path};

use super::ExtractError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    Docx,
    Html,
    Markdown { mdx: bool },
    Text,
}

const MARKDOWN: &[&str] = &["md", "markdown", "mdx", "mdown", "mkd"];
const HTML: &[&str] = &["html", "htm", "xhtml"];
const TEXT: &[&str] = &["txt", "text", "rst", "adoc", "asciidoc", "org"];

/// Whether files with this ending are ingested from a folder.
#[must_use]
pub fn is_supported(path: &Path) -> bool {
    let extension = extension(path);
    matches!(extension.as_str(), "pdf" | "docx") || [MARKDOWN, HTML, TEXT].iter().any(|known| known.contains(&extension.as_str()))
}

pub(crate) fn kind(name: &Path, bytes: &[u8]) -> Result<Kind, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::Empty);
    }
    let extension = extension(name);
    // The standard allows up to 1 KiB of anything before the header.
    if find(&bytes[..bytes.len().min(1024)], b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_kind(&extension, bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) && find(bytes, b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0") {
        return Err(ExtractError::Encrypted);
    }
    if let Some(found) = foreign(bytes) {
        return Err(unreadable(&extension, found));
    }
    match extension.as_str() {
        "pdf" | "docx" if bytes.iter().all(|b| *b == 0) => Err(ExtractError::damaged("it holds nothing but zeros")),
        "pdf" | "docx" => {
            let found = if super::decode::decode(bytes).is_ok() { "plain text" } else { "something else" };
            Err(ExtractError::Misnamed { extension, found: found.to_owned() })
        }
        e if MARKDOWN.contains(&e) => Ok(Kind::Markdown { mdx: e == "mdx" }),
        e if HTML.contains(&e) || looks_like_html(bytes) => Ok(Kind::Html),
        _ => Ok(Kind::Text),
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn unreadable(extension: &str, found: &str) -> ExtractError {
    let found = found.to_owned();
    if is_supported(Path::new(&format!("x.{extension}"))) {
        return ExtractError::Misnamed { extension: extension.to_owned(), found };
    }
    ExtractError::Unsupported { found }
}

fn zip_kind(extension: &str, bytes: &[u8]) -> Result<Kind, ExtractError> {
    let Ok(archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Err(ExtractError::damaged("its ZIP container is cut off or broken"));
    };
    let has = |start: &str| archive.file_names_raw().any(|name| name.starts_with(start.as_bytes()));
    if has("word/") {
        return Ok(Kind::Docx);
    }
    let found = if has("xl/") {
        "an Excel workbook"
    } else if has("ppt/") {
        "a PowerPoint presentation"
    } else if has("META-INF/container.xml") {
        "an e-book (EPUB)"
    } else if has("mimetype") && has("content.xml") {
        "an OpenDocument file"
    } else {
        "a ZIP archive"
    };
    Err(unreadable(extension, found))
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Names what cannot be read by its first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let known: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"II*\0", "a TIFF image"),
        (b"MM\0*", "a TIFF image"),
        (b"\xd0\xcf\x11\xe0", "an old Office or Outlook file"),
        (b"{\\rtf", "an RTF document"),
        (b"%!PS", "a PostScript file"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"ID3", "an audio file"),
        (b"OggS", "an audio file"),
        (b"SQLite format 3", "a database"),
    ];
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    match known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, name)) => Some(name),
        None if at(0, b"RIFF") && at(8, b"WEBP") => Some("a WebP image"),
        None if at(0, b"RIFF") => Some("an audio or video file"),
        None if at(0, b"BM") && at(6, &[0; 4]) => Some("a BMP image"),
        None if at(4, b"ftyp") => Some("a video or HEIC image"),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, bytes: &[u8]) -> String {
        match kind(Path::new(name), bytes) {
            Ok(kind) => format!("{kind:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(told("a.txt", b"junk\n%PDF-1.4"), "Pdf");
        assert_eq!(told("a.txt", b"<!DOCTYPE html><p>x"), "Html");
        assert_eq!(told("A.MD", b"# x"), "Markdown { mdx: false }");
        assert_eq!(told("README", b"x"), "Text");
    }

    #[test]
    fn every_refusal_names_what_was_found() {
        assert_eq!(told("a.pdf", b""), "is empty: there is nothing to read");
        assert!(told("a.pdf", b"\x89PNG\r\n").starts_with("is named .pdf but holds a PNG image"));
        assert!(told("a.pdf", b"Dear all").starts_with("is named .pdf but holds plain text"));
        assert!(told("a.pdf", &[0; 50]).starts_with("is damaged (it holds nothing but zeros)"));
        assert!(told("a.docx", b"PK\x03\x04....").starts_with("is damaged"));
        assert!(told("a.xyz", b"{\\rtf1 x}").starts_with("is an RTF document, which cannot be read"));
    }

    #[test]
    fn endings_of_folders() {
        for (name, supported) in [("a.PDF", true), ("b.docx", true), ("c.mdx", true), ("d.png", false), ("e", false), ("f.doc", false)] {
            assert_eq!(is_supported(Path::new(name)), supported, "{name}");
        }
    }
}
