//! Bytes to characters, whatever the encoding.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ExtractError;

/// Text of any encoding: byte order mark, UTF-8, UTF-16, else the most likely one.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExtractError> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode(bytes).0);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes).0);
    }
    if is_binary(bytes) {
        return Err(ExtractError::Binary);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) if is_mostly_utf8(bytes) => Ok(String::from_utf8_lossy(bytes)),
        Err(_) => Ok(likely(bytes).decode_without_bom_handling(bytes).0),
    }
}

/// The same for HTML, which may declare its encoding.
pub(crate) fn decode_html(bytes: &[u8]) -> Result<Cow<'_, str>, ExtractError> {
    if Encoding::for_bom(bytes).is_none()
        && std::str::from_utf8(bytes).is_err()
        && let Some(encoding) = declared(bytes)
    {
        return Ok(encoding.decode_without_bom_handling(bytes).0);
    }
    decode(bytes)
}

/// `charset=…` in the first 2 KiB, as browsers look for it.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let label = label.split(['"', '\'', ' ', '>', ';', '/', '?']).next()?;
    // A declaration that could be read as ASCII is not UTF-16.
    Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_16BE && *e != UTF_16LE && *e != UTF_8)
}

/// Western text in UTF-16 has a zero in every other byte; nothing else that is text has any.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(8192) & !1];
    if sample.len() < 8 || !sample.contains(&0) {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for [first, second] in sample.as_chunks::<2>().0 {
        even += usize::from(*first == 0);
        odd += usize::from(*second == 0);
    }
    let pairs = sample.len() / 2;
    let (encoding, zeros, others) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    (zeros * 10 >= pairs * 3 && others * 50 <= pairs).then_some(encoding)
}

/// Zeros and control characters don't occur in text of any single- or multi-byte encoding.
fn is_binary(bytes: &[u8]) -> bool {
    let control = |b: &&u8| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a | 0x1b) || **b == 0x7f;
    let controls = bytes.iter().filter(control).count();
    let zeros = bytes.iter().filter(|b| **b == 0).count();
    controls * 50 > bytes.len() || zeros * 1000 > bytes.len()
}

/// UTF-8 with a few broken places, rather than another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut wide) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    wide > broken * 4
}

fn likely(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let german = "Der Urlaubsanspruch beträgt für alle Beschäftigten dreißig Tage.";
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(german);
        assert_eq!(decode(&latin).unwrap(), german);
        let japanese = "年次有給休暇は入社日から付与されます。申請は上長に提出してください。";
        let (sjis, _, _) = encoding_rs::SHIFT_JIS.encode(japanese);
        assert_eq!(decode(&sjis).unwrap(), japanese);
        let utf16: Vec<u8> = german.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).unwrap(), german);
        let marked: Vec<u8> = [0xfe, 0xff].into_iter().chain(japanese.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(decode(&marked).unwrap(), japanese);
        assert_eq!(decode(b"\xef\xbb\xbfplain").unwrap(), "plain");
    }

    #[test]
    fn broken_utf8_stays_utf8() {
        let mut bytes = "für übermäßige Überstunden größere Zuschläge".as_bytes().to_vec();
        bytes.extend(b" \xff end");
        assert_eq!(decode(&bytes).unwrap(), "für übermäßige Überstunden größere Zuschläge \u{fffd} end");
    }

    #[test]
    fn binary_is_refused() {
        let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(decode(&noise), Err(ExtractError::Binary));
    }

    #[test]
    fn html_may_declare_its_encoding() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("<meta charset='windows-1251'><p>Отпуск");
        assert!(decode_html(&bytes).unwrap().ends_with("Отпуск"));
    }
}
