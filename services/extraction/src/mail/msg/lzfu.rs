//! Outlook's compression of RTF ([MS-OXRTFCP]).

/// What the window holds before anything is written: the words that RTF begins with.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor \
MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;
const MAX_UNPACKED: usize = 64 << 20;

/// The RTF, as far as it can be unpacked; `None` for what is none. The checksum is left alone: a damaged mail is read
/// as far as it goes.
pub(super) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, packed) = bytes.split_at_checked(16)?;
    let unpacked = u32::from_le_bytes(*header.get(4..)?.first_chunk()?) as usize;
    match header.get(8..12)? {
        b"LZFu" => Some(decompressed(packed, unpacked.min(MAX_UNPACKED))),
        b"MELA" => Some(packed.get(..unpacked).unwrap_or(packed).to_vec()),
        _ => None,
    }
}

fn decompressed(packed: &[u8], limit: usize) -> Vec<u8> {
    // The window is what was written last, so the output with the dictionary before it will do.
    let mut out = DICTIONARY.to_vec();
    let limit = limit + DICTIONARY.len();
    let mut input = packed.iter().copied();
    'runs: while let Some(flags) = input.next() {
        for bit in 0..8 {
            let Some(first) = input.next().filter(|_| out.len() < limit) else { break 'runs };
            if flags >> bit & 1 == 0 {
                out.push(first);
                continue;
            }
            let Some(second) = input.next() else { break 'runs };
            let reference = usize::from(first) << 8 | usize::from(second);
            let (offset, length) = (reference >> 4, (reference & 0xf) + 2);
            // The reference to the place that is written next marks the end.
            if offset == out.len() % WINDOW {
                break 'runs;
            }
            copy(&mut out, offset, length);
        }
    }
    out.split_off(DICTIONARY.len())
}

/// Appends what stands at a place of the window, which may run into what is being appended.
fn copy(out: &mut Vec<u8>, offset: usize, length: usize) {
    let back = (out.len() + WINDOW - offset) % WINDOW;
    for _ in 0..length {
        let byte = out.len().checked_sub(back).and_then(|at| out.get(at)).copied();
        // What was never written is blank.
        out.push(byte.unwrap_or(b' '));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Packed without a single reference.
    pub(in crate::mail::msg) fn packed(rtf: &str) -> Vec<u8> {
        let mut bytes = [0u32.to_le_bytes(), (rtf.len() as u32).to_le_bytes(), *b"LZFu", [0; 4]].concat();
        for chunk in rtf.as_bytes().chunks(8) {
            bytes.push(0);
            bytes.extend(chunk);
        }
        bytes
    }

    #[test]
    fn references_into_the_dictionary_and_across_the_end() {
        // "{\rtf1 WXYZ" and a reference that reads what it writes, from the standard's second example.
        let bytes = b"\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4\x4b\x51\x41\0\x04\x20WXYZ\x0dn}\x01\x0e\xb0";
        assert_eq!(unpacked(bytes).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
        assert_eq!(unpacked(&packed("{\\rtf1 plain text}")).unwrap(), b"{\\rtf1 plain text}");
        assert_eq!(unpacked(b"\0\0\0\0\x03\0\0\0MELA\0\0\0\0abcdef").unwrap(), b"abc");
    }

    #[test]
    fn hostile_bytes_end() {
        assert_eq!(unpacked(b"short"), None);
        let bytes = [b"\0\0\0\0\xff\xff\xff\xffLZFu\0\0\0\0" as &[u8], &[0xff; 5000]].concat();
        assert!(unpacked(&bytes).unwrap().len() < 100_000);
    }
}
