//! Word and PowerPoint files of before 2007: converted, then read like those of today.

use std::io::{Cursor, Read};

use catalog::Format;
use chrono::NaiveDate;

use crate::{ExtractError, Extracted, docx, isolation::OldOffice, pptx, summary::Summary};

pub(crate) type Convert<'c> = &'c (dyn Fn(OldOffice, Vec<u8>) -> Result<Vec<u8>, ExtractError> + Sync);

/// In the flags of Word's file information block.
const WORD_ENCRYPTED: u16 = 0x0100;
/// The token of the stream "Current User".
const POWER_POINT_ENCRYPTED: u32 = 0xf3d1_c4df;
/// It may hold a picture of the first page.
const MAX_SUMMARY: u64 = 4 << 20;

pub(crate) fn word(bytes: &[u8], convert: Option<Convert<'_>>) -> Result<Extracted, ExtractError> {
    let flags = head::<12>(bytes, "WordDocument").map(|[.., low, high]| u16::from_le_bytes([low, high]));
    if flags.is_some_and(|flags| flags & WORD_ENCRYPTED != 0) {
        return Err(ExtractError::Encrypted);
    }
    let converted = converted(OldOffice::Word, bytes, convert)?;
    Ok(Extracted { format: Format::Doc, dated: dated(bytes), ..docx::extract(&converted)? })
}

pub(crate) fn power_point(bytes: &[u8], convert: Option<Convert<'_>>) -> Result<Extracted, ExtractError> {
    let token = head::<16>(bytes, "Current User").map(|[.., a, b, c, d]| u32::from_le_bytes([a, b, c, d]));
    if token == Some(POWER_POINT_ENCRYPTED) {
        return Err(ExtractError::Encrypted);
    }
    let converted = converted(OldOffice::PowerPoint, bytes, convert)?;
    Ok(Extracted { format: Format::Ppt, dated: dated(bytes), ..pptx::extract(&converted)? })
}

fn converted(from: OldOffice, bytes: &[u8], convert: Option<Convert<'_>>) -> Result<Vec<u8>, ExtractError> {
    let convert = convert.ok_or(ExtractError::NeedsLibreOffice { found: from.name() })?;
    convert(from, bytes.to_vec())
}

/// As the file itself says it: what is converted may be as old as the conversion.
fn dated(bytes: &[u8]) -> Option<NaiveDate> {
    let mut summary = Vec::new();
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    file.open_stream("\u{5}SummaryInformation").ok()?.take(MAX_SUMMARY).read_to_end(&mut summary).ok()?;
    Summary::new(&summary).dated()
}

/// The first bytes of a stream of a compound file; `None` where it has not so many.
fn head<const N: usize>(bytes: &[u8], stream: &str) -> Option<[u8; N]> {
    let mut head = [0; N];
    cfb::CompoundFile::open(Cursor::new(bytes)).ok()?.open_stream(stream).ok()?.read_exact(&mut head).ok()?;
    Some(head)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(stream: &str, content: &[u8]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap().write_all(content).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn encrypted_files_are_told_before_anything_converts_them() {
        let convert: Convert<'_> = &|_, _| Err(ExtractError::NotConverted);
        let document = |flags: u16| file("WordDocument", &[&[0xec, 0xa5, 0xc1, 0, 0, 0, 0, 0, 0, 0][..], &flags.to_le_bytes()].concat());
        assert_eq!(word(&document(0x1300), Some(convert)), Err(ExtractError::Encrypted));
        assert_eq!(word(&document(0x1200), Some(convert)), Err(ExtractError::NotConverted));
        let presentation = |token: u32| file("Current User", &[&[0; 12][..], &token.to_le_bytes()].concat());
        assert_eq!(power_point(&presentation(0xf3d1_c4df), Some(convert)), Err(ExtractError::Encrypted));
        assert_eq!(power_point(&presentation(0xe391_c05f), Some(convert)), Err(ExtractError::NotConverted));
    }

    #[test]
    fn without_a_converter_it_is_said_what_is_missing() {
        let said = word(&file("WordDocument", &[0; 100]), None).unwrap_err().to_string();
        assert!(said.starts_with("is an old Word document, which LibreOffice is needed to read: have it installed"), "{said}");
    }
}
