//! S/MIME: what a signed message says, if it is wrapped in its signature (RFC 8551, "opaque" signing).

/// The object identifiers of CMS, in DER.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
/// A string in pieces may be made of strings in pieces; nobody does so twice.
const MAX_DEPTH: usize = 4;

/// The message within the signature; `None` for one that is encrypted or damaged.
pub(super) fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    // The outermost sequence opens the file, and the kind follows.
    let after_kind = find(bytes.get(..64.min(bytes.len()))?, SIGNED_DATA)?;
    let after_data = after_kind + find(bytes.get(after_kind..)?, DATA)?;
    let (_, wrapped) = element(bytes.get(after_data..)?)?;
    let mut content = Vec::new();
    octets(wrapped.content, MAX_DEPTH, &mut content)?;
    (!content.is_empty()).then_some(content)
}

struct Element<'b> {
    tag: u8,
    /// Up to the end of the bytes, where the length is only marked by an end.
    content: &'b [u8],
    unbounded: bool,
}

/// The first element, and how many bytes its tag and length take.
fn element(bytes: &[u8]) -> Option<(usize, Element<'_>)> {
    let (tag, length) = (*bytes.first()?, *bytes.get(1)?);
    let rest = bytes.get(2..)?;
    let (size, length) = match length {
        0x80 => return Some((2, Element { tag, content: rest, unbounded: true })),
        0..0x80 => (0, usize::from(length)),
        _ => {
            let size = usize::from(length & 0x7f);
            let digits = rest.get(..size).filter(|_| size <= 4)?;
            (size, digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)))
        }
    };
    let content = rest.get(size..)?;
    Some((2 + size, Element { tag, content: content.get(..length).unwrap_or(content), unbounded: false }))
}

/// Collects a string, whole or in pieces; how many bytes it took.
fn octets(bytes: &[u8], depth: usize, out: &mut Vec<u8>) -> Option<usize> {
    let (header, string) = element(bytes)?;
    if string.tag == OCTETS && !string.unbounded {
        out.extend(string.content);
        return Some(header + string.content.len());
    }
    if string.tag != OCTETS_IN_PIECES || depth == 0 {
        return None;
    }
    let mut at = 0;
    while let Some(rest) = string.content.get(at..).filter(|rest| !rest.is_empty()) {
        if string.unbounded && rest.starts_with(&[0, 0]) {
            at += 2;
            break;
        }
        at += octets(rest, depth - 1, out)?;
    }
    Some(header + at)
}

/// Where the bytes after the needle begin.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle).map(|at| at + needle.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(string: &[u8]) -> Vec<u8> {
        [b"\x30\x80", SIGNED_DATA, b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80", DATA, b"\xa0\x80", string, &[0; 8]].concat()
    }

    #[test]
    fn strings_whole_and_in_pieces() {
        assert_eq!(content(&signed(b"\x04\x03abc")).unwrap(), b"abc");
        assert_eq!(content(&signed(b"\x24\x80\x04\x02ab\x04\x81\x01c\x00\x00")).unwrap(), b"abc");
        assert_eq!(content(&signed(b"\x24\x06\x04\x01a\x04\x01b")).unwrap(), b"ab");
    }

    #[test]
    fn hostile_lengths_and_nesting() {
        assert_eq!(content(&signed(&b"\x24\x80".repeat(100_000))), None);
        assert_eq!(content(&signed(b"\x04\x85\xff\xff\xff\xff\xff")), None);
        assert_eq!(content(b"\x30\x80\x06\x09"), None);
        assert_eq!(content(&signed(b"\x04\x84\xff\xff\xff\xffab")).map(|c| c.len()), Some(10));
    }
}
