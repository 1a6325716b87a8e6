//! What a file is: by its first bytes, and by its name where those leave it open.

use std::{
    io::{Cursor, Read},
    path::Path,
};

use catalog::Format;

use super::{ExtractError, delimited, sheet};

/// File endings of each format, the usual one first.
const ENDINGS: &[(Format, &[&str])] = &[
    (Format::Pdf, &["pdf"]),
    (Format::Docx, &["docx", "docm", "dotx", "dotm"]),
    (Format::Doc, &["doc", "dot"]),
    (Format::Odt, &["odt", "ott", "fodt"]),
    (Format::Rtf, &["rtf"]),
    (Format::Pptx, &["pptx", "pptm", "ppsx", "potx"]),
    (Format::Ppt, &["ppt", "pps", "pot"]),
    (Format::Odp, &["odp", "otp", "fodp"]),
    (Format::Xlsx, &["xlsx", "xlsm", "xlsb", "xltx"]),
    (Format::Xls, &["xls", "xlt"]),
    (Format::Ods, &["ods"]),
    (Format::Csv, &["csv", "tsv"]),
    (Format::Eml, &["eml", "mbox", "mht", "mhtml"]),
    (Format::Msg, &["msg"]),
    (Format::Html, &["html", "htm", "xhtml"]),
    (Format::Markdown, &["md", "markdown", "mdx", "mdown", "mkd"]),
    (Format::Text, &["txt", "text", "rst", "adoc", "asciidoc", "org"]),
    (Format::Zip, &["zip"]),
];

/// Formats that are nothing but characters: any bytes may be one, and the name decides.
const CHARACTERS: &[Format] = &[Format::Csv, Format::Eml, Format::Html, Format::Markdown, Format::Text];

/// Whether files with this ending are ingested from a folder.
#[must_use]
pub fn is_supported(path: &Path) -> bool {
    named(&extension(path)).is_some()
}

fn named(extension: &str) -> Option<Format> {
    ENDINGS.iter().find(|(_, endings)| endings.contains(&extension)).map(|(format, _)| *format)
}

/// The usual file ending of a format.
pub(crate) fn ending(format: Format) -> &'static str {
    ENDINGS.iter().find(|(known, _)| *known == format).and_then(|(_, endings)| endings.first()).unwrap_or(&"")
}

pub(crate) fn is_mdx(path: &Path) -> bool {
    extension(path) == "mdx"
}

pub(crate) fn format(name: &Path, bytes: &[u8]) -> Result<Format, ExtractError> {
    if bytes.is_empty() {
        return Err(ExtractError::Empty);
    }
    let extension = extension(name);
    // The standard allows up to 1 KiB of anything before the header.
    if find(&bytes[..bytes.len().min(1024)], b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_format(&extension, bytes);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return compound_format(&extension, bytes);
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Ok(Format::Rtf);
    }
    match sheet::is_bare(bytes) {
        Some(true) => return Ok(Format::Xls),
        Some(false) => return Err(ExtractError::Unsupported { found: "an Excel file of a version before 5.0".into() }),
        None if sheet::is_spreadsheet_ml(bytes) => return Ok(Format::Xls),
        None => {}
    }
    if let Some(found) = foreign(bytes) {
        return Err(unreadable(&extension, found));
    }
    if let Some(format) = flat_open_document(bytes) {
        return Ok(format);
    }
    match named(&extension) {
        Some(format) if !CHARACTERS.contains(&format) => {
            if bytes.iter().all(|b| *b == 0) {
                return Err(ExtractError::damaged("it holds nothing but zeros"));
            }
            // What mail programs and web services call .xls or .doc is often a web page.
            if matches!(format, Format::Xls | Format::Doc) {
                if looks_like_html(bytes) || holds_html_table(bytes) {
                    return Ok(Format::Html);
                }
                if bytes.starts_with(b"MIME-Version:") {
                    return Ok(Format::Eml);
                }
            }
            let text = super::decode::decode(bytes).ok();
            // Programs that export tables call them what opens in Excel.
            if matches!(format, Format::Xls | Format::Xlsx) && text.as_deref().is_some_and(delimited::is_delimited) {
                return Ok(Format::Csv);
            }
            let found = if text.is_some() { "plain text" } else { "something else" };
            Err(ExtractError::Misnamed { extension, found: found.to_owned() })
        }
        Some(Format::Text) | None if looks_like_html(bytes) => Ok(Format::Html),
        Some(Format::Text) | None if looks_like_mail(bytes) => Ok(Format::Eml),
        Some(format) => Ok(format),
        None => Ok(Format::Text),
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

fn zip_format(extension: &str, bytes: &[u8]) -> Result<Format, ExtractError> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Err(ExtractError::damaged("its ZIP container is cut off or broken"));
    };
    let has = |start: &str| archive.file_names_raw().any(|name| name.starts_with(start.as_bytes()));
    let office = [("word/", Format::Docx), ("xl/", Format::Xlsx), ("ppt/", Format::Pptx)];
    // An archive of somebody's folders may have any of these names; a package of Office lists its parts.
    if has("[Content_Types].xml")
        && let Some((_, format)) = office.into_iter().find(|(folder, _)| has(folder))
    {
        return Ok(format);
    }
    let found = if has("META-INF/container.xml") {
        "an e-book (EPUB)"
    } else if has("content.xml") {
        match open_document(&mut archive, extension) {
            Some(format) => return Ok(format),
            None => "an OpenDocument file that is neither text, presentation nor spreadsheet",
        }
    } else if extension == "zip" || named(extension).is_none() {
        return Ok(Format::Zip);
    } else if let Some((_, format)) = office.into_iter().find(|(folder, _)| has(folder)) {
        return Ok(format);
    } else {
        "a ZIP archive"
    };
    Err(unreadable(extension, found))
}

fn open_document(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, extension: &str) -> Option<Format> {
    let mut declared = String::new();
    if let Ok(file) = archive.by_name("mimetype") {
        // Not text: it is no format that is known here, and the name decides.
        let _ = file.take(200).read_to_string(&mut declared);
    }
    match declared.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        Some(kind) if kind.starts_with("text") => Some(Format::Odt),
        Some(kind) if kind.starts_with("presentation") => Some(Format::Odp),
        Some(kind) if kind.starts_with("spreadsheet") => Some(Format::Ods),
        Some(_) => None,
        None => named(extension).filter(|format| matches!(format, Format::Odt | Format::Odp | Format::Ods)),
    }
}

/// OpenDocument in one XML file, without a container.
fn flat_open_document(bytes: &[u8]) -> Option<Format> {
    // Dozens of namespaces may stand before what tells the kind.
    let head = &bytes[..bytes.len().min(16 << 10)];
    if !find(&head[..head.len().min(1024)], b"<office:document") {
        return None;
    }
    let kinds = [(&b"opendocument.text"[..], Format::Odt), (&b"opendocument.presentation"[..], Format::Odp)];
    kinds.into_iter().find(|(kind, _)| find(head, kind)).map(|(_, format)| format)
}

/// The container of the Office of 1997, and of Outlook: what it holds shows in the names of its streams.
fn compound_format(extension: &str, bytes: &[u8]) -> Result<Format, ExtractError> {
    let wide = |name: &str| name.bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>();
    let Ok(file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        let streams = ["WordDocument", "Workbook", "PowerPoint Document", "__properties_version1.0", "EncryptedPackage"];
        return match streams.iter().find(|name| find(bytes, &wide(name))) {
            Some(&"EncryptedPackage") => Err(ExtractError::Encrypted),
            _ => Err(ExtractError::damaged("its container is cut off or broken")),
        };
    };
    let has = |name: &str| file.is_stream(name);
    if has("EncryptedPackage") {
        return Err(ExtractError::Encrypted);
    }
    let known = [
        ("__properties_version1.0", Format::Msg),
        ("WordDocument", Format::Doc),
        ("PowerPoint Document", Format::Ppt),
        ("Workbook", Format::Xls),
        ("Book", Format::Xls),
    ];
    match known.into_iter().find(|(stream, _)| has(stream)) {
        Some((_, format)) => Ok(format),
        None => Err(unreadable(extension, "an old Office file of an unknown kind")),
    }
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// A table without anything around it, as some programs write it for Excel.
fn holds_html_table(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('<')
        && (head.contains("<table") || head.contains("<html"))
}

/// Begins with header lines, one of them such as every mail has.
fn looks_like_mail(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let name = |line: &str| {
        let name = line.split(':').next().filter(|name| name.len() < line.len())?;
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-').then(|| name.to_ascii_lowercase())
    };
    let mut names = Vec::new();
    for line in head.lines().skip(usize::from(head.starts_with("From "))) {
        match name(line) {
            Some(name) => names.push(name),
            None if line.starts_with([' ', '\t']) && !names.is_empty() => {}
            None => break,
        }
    }
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    names.len() >= 3 && has("from") && ["received", "message-id", "mime-version", "return-path"].into_iter().any(has)
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
        match format(Path::new(name), bytes) {
            Ok(format) => format!("{format:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(told("a.txt", b"junk\n%PDF-1.4"), "Pdf");
        assert_eq!(told("a.txt", b"<!DOCTYPE html><p>x"), "Html");
        assert_eq!(told("a.xls", b"<html><table>"), "Html");
        assert_eq!(told("a.txt", b"{\\rtf1 x}"), "Rtf");
        assert_eq!(told("a.xls", b" <meta charset=utf-8><table>"), "Html");
        assert_eq!(told("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n"), "Eml");
        assert_eq!(told("a.xls", b"Leave\tDays\nAnnual\t25\n"), "Csv");
        assert_eq!(told("a.xls", b"\x09\x08\x10\0\0\x06\x05\0"), "Xls");
        assert_eq!(told("a.xls", b"<?xml?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"), "Xls");
        assert_eq!(told("a", b"Received: by x\n with y\nFrom: a@b\nDate: today\n\nHi"), "Eml");
        assert_eq!(told("a.md", b"From: a@b\nDate: today\nMime-Version: 1.0\n\nHi"), "Markdown");
        assert_eq!(
            told("a.xml", b"<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">"),
            "Odt"
        );
        assert_eq!(told("README", b"x"), "Text");
    }

    #[test]
    fn every_refusal_names_what_was_found() {
        assert_eq!(told("a.pdf", b""), "is empty: there is nothing to read");
        assert!(told("a.pdf", b"\x89PNG\r\n").starts_with("is named .pdf but holds a PNG image"));
        assert!(told("a.pdf", b"Dear all").starts_with("is named .pdf but holds plain text"));
        assert!(told("a.pdf", &[0; 50]).starts_with("is damaged (it holds nothing but zeros)"));
        assert!(told("a.docx", b"PK\x03\x04....").starts_with("is damaged"));
        assert!(told("a.doc", b"\xd0\xcf\x11\xe0....").starts_with("is damaged"));
        assert!(told("a.xls", b"\x09\x04\x06\0\0\0\x10\0").starts_with("is an Excel file of a version before 5.0"));
        assert!(told("a.xyz", b"\x7fELF").starts_with("is a program, which cannot be read"));
    }

    #[test]
    fn endings_of_folders() {
        for (name, supported) in [("a.PDF", true), ("b.docx", true), ("c.mdx", true), ("d.png", false), ("e", false), ("f.doc", true)] {
            assert_eq!(is_supported(Path::new(name)), supported, "{name}");
        }
    }
}
