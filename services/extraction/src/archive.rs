//! ZIP as a folder: each document in it is a file of its own.

use std::{
    borrow::Cow,
    io::{Cursor, Read},
    path::Path,
};

use catalog::Format;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use zip::{ZipArchive, result::ZipError};

use crate::{Attachment, ExtractError, Extracted, attachment::Names, is_supported};

/// All members together may unpack to this: more is a bomb, or better ingested as a folder.
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_FILES: usize = 20_000;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ExtractError::damaged("its ZIP container is cut off or broken"))?;
    let members = members(&archive);
    if members.len() > MAX_FILES {
        return Err(ExtractError::TooManyFiles { limit: MAX_FILES });
    }
    let mut attachments = Vec::new();
    let mut names = Names::default();
    let mut left = MAX_UNPACKED;
    let mut failure = None;
    let mut warnings = Vec::new();
    for (index, path) in members {
        match unpack(&mut archive, index, &mut left) {
            Ok(bytes) => attachments.extend(names.path(&path).map(|name| Attachment { name, bytes })),
            Err(error @ ExtractError::TooLarge { .. }) => return Err(error),
            // The others can be read all the same.
            Err(error) => {
                warnings.push(format!("holds {path}, which {error}"));
                // One that is broken is worse news than one that is locked.
                failure = failure.filter(|first| *first != ExtractError::Encrypted).or(Some(error));
            }
        }
    }
    match failure {
        Some(error) if attachments.is_empty() => Err(error),
        _ => Ok(Extracted { attachments, warnings, ..Extracted::empty(Format::Zip, None) }),
    }
}

/// What a folder's ingest would take, by index and path.
fn members(archive: &ZipArchive<Cursor<&[u8]>>) -> Vec<(usize, String)> {
    let encoding = names_encoding(archive);
    let path = |index: usize| {
        let entry = archive.by_index_data(index).ok()?;
        let raw = entry.name_raw();
        let path = match (std::str::from_utf8(raw), encoding) {
            (Ok(name), _) => name.to_owned(),
            (Err(_), Some(encoding)) => encoding.decode_without_bom_handling(raw).0.into_owned(),
            // The standard's encoding, that of the first PCs.
            (Err(_), None) => entry.name().map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), Cow::into_owned),
        };
        (!entry.is_dir() && !entry.is_symlink() && !is_hidden(&path) && is_supported(Path::new(&path))).then_some((index, path))
    };
    (0..archive.len()).filter_map(path).collect()
}

/// Of names that are not UTF-8: East Asian systems write their own encoding, though the standard knows none of them.
fn names_encoding(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let foreign: Vec<&[u8]> = archive.file_names_raw().filter(|name| std::str::from_utf8(name).is_err()).collect();
    for name in &foreign {
        detector.feed(name, false);
        detector.feed(b"\n", false);
    }
    let guess = detector.guess(None, Utf8Detection::Deny);
    let decoded: Option<Vec<_>> = foreign.iter().map(|name| guess.decode_without_bom_handling_and_without_replacement(name)).collect();
    let convincing = !guess.is_single_byte() && decoded.is_some_and(|names| is_east_asian(&names));
    convincing.then_some(guess)
}

/// An umlaut and the letter after it may look like one East Asian character, but not like several in a row.
fn is_east_asian(names: &[Cow<'_, str>]) -> bool {
    let runs = names.iter().flat_map(|name| name.split(|c: char| c.is_ascii())).map(|run| run.chars().count()).filter(|length| *length > 0);
    let (alone, together) =
        runs.fold((0, 0), |(alone, together), length| if length == 1 { (alone + 1, together) } else { (alone, together + length) });
    together > alone
}

/// What systems and programs put beside the documents: by a dot, in macOS's shadow folder, locks of open Office files.
fn is_hidden(path: &str) -> bool {
    path.split(['/', '\\'])
        .any(|part| (part.starts_with('.') && part != "." && part != "..") || part == "__MACOSX" || part.starts_with("~$"))
}

/// Limits what comes out, not what the directory declares: it may lie, and members may share their bytes.
fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, left: &mut u64) -> Result<Vec<u8>, ExtractError> {
    let broken = || ExtractError::damaged("the files in it cannot be unpacked");
    let member = match archive.by_index(index) {
        Ok(member) => member,
        Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => return Err(ExtractError::Encrypted),
        Err(ZipError::UnsupportedArchive(_)) => {
            return Err(ExtractError::Unsupported { found: "a ZIP archive of a rare compression method".into() });
        }
        Err(_) => return Err(broken()),
    };
    let mut bytes = Vec::new();
    let read = member.take(*left + 1).read_to_end(&mut bytes);
    *left = left.checked_sub(bytes.len() as u64).ok_or(ExtractError::TooLarge { limit_mib: (MAX_UNPACKED >> 20) as usize })?;
    read.map_err(|_| broken())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        extract(bytes).unwrap().attachments.into_iter().map(|a| a.name).collect()
    }

    #[test]
    fn documents_keep_their_paths() {
        let members: &[(&str, &[u8])] = &[
            ("hr/leave.docx", b"x"),
            ("hr/", b""),
            ("hr/.hidden.txt", b"x"),
            ("__MACOSX/hr/._leave.docx", b"x"),
            ("hr/~$leave.docx", b"x"),
            ("hr/logo.png", b"x"),
            ("../../top.md", b"x"),
            ("HR/Leave.docx", b"y"),
            ("more.zip", b"z"),
        ];
        assert_eq!(names(&archive(members)), ["hr/leave.docx", "top.md", "HR/Leave (2).docx", "more.zip"]);
    }

    /// The name as bytes in both headers, in place of one of the same length.
    fn renamed(from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut bytes = archive(&[(std::str::from_utf8(from).unwrap(), b"x")]);
        let places: Vec<usize> = bytes.windows(from.len()).enumerate().filter(|(_, w)| *w == from).map(|(at, _)| at).collect();
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn names_of_old_and_east_asian_systems() {
        assert_eq!(names(&renamed(b"M_ller.txt", b"M\x81ller.txt")), ["Müller.txt"]);
        let japanese = "年次有給休暇の申請について.txt";
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode(japanese);
        assert_eq!(
            names(&renamed("_".repeat(sjis.len() - 4).as_bytes().iter().chain(b".txt").copied().collect::<Vec<_>>().as_slice(), &sjis)),
            [japanese]
        );
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0u8; 65 << 20];
        let bomb = archive(&[("a.txt", &zeros), ("b.txt", &zeros), ("c.txt", &zeros), ("d.txt", &zeros)]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(extract(&bomb), Err(ExtractError::TooLarge { limit_mib: 256 }));
        let many: Vec<String> = (0..=MAX_FILES).map(|i| format!("{i}.txt")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"" as &[u8])).collect();
        assert_eq!(extract(&archive(&many)), Err(ExtractError::TooManyFiles { limit: MAX_FILES }));
    }

    #[test]
    fn what_cannot_be_unpacked_is_named() {
        let mut bytes = archive(&[("a.txt", b"some text that is stored as it is, some text")]);
        let at = bytes.windows(5).position(|w| w == b"a.txt").unwrap() + 7;
        bytes[at] ^= 0xff;
        assert!(matches!(extract(&bytes), Err(ExtractError::Damaged { .. })));
        assert!(matches!(extract(b"PK\x03\x04...."), Err(ExtractError::Damaged { .. })));
        assert!(extract(&archive(&[("logo.png", b"x")])).unwrap().attachments.is_empty());
    }

    #[test]
    fn encrypted_only_if_nothing_can_be_read() {
        // Bit 0 of the flags, in both headers.
        let lock = |bytes: &mut Vec<u8>, marks: usize| {
            for (signature, offset) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
                let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, w)| *w == signature).map(|(at, _)| at).collect();
                places.into_iter().take(marks).for_each(|at| bytes[at + offset] |= 1);
            }
        };
        let mut bytes = archive(&[("a.txt", b"secret"), ("b.txt", b"open")]);
        lock(&mut bytes, 1);
        assert_eq!(names(&bytes), ["b.txt"]);
        lock(&mut bytes, 2);
        assert_eq!(extract(&bytes), Err(ExtractError::Encrypted));
    }
}
