//! Strings of the records: bytes of a code page in Excel 5 and 95, Unicode since Excel 97.

use encoding_rs::Encoding;

use super::records::{Record, u16_at};

/// How the file writes its strings.
#[derive(Clone, Copy, Debug)]
pub(super) enum Coding {
    Page(&'static Encoding),
    Unicode,
}

impl Coding {
    /// A string of `count` characters that begins there: with a byte of flags if it is Unicode.
    pub(super) fn text(self, data: &[u8], at: usize, count: usize) -> String {
        let data = data.get(at..).unwrap_or_default();
        match self {
            Self::Page(encoding) => {
                let bytes = data.get(..count.min(data.len())).unwrap_or_default();
                encoding.decode_without_bom_handling(bytes).0.into_owned()
            }
            Self::Unicode => Pieces::new(vec![data]).flagged(count),
        }
    }

    /// The same with its length before it, in two bytes.
    pub(super) fn counted(self, data: &[u8], at: usize) -> String {
        self.text(data, at + 2, u16_at(data, at).map_or(0, usize::from))
    }
}

/// A record and its continuations, read as one.
pub(super) struct Pieces<'s> {
    pieces: Vec<&'s [u8]>,
    index: usize,
    at: usize,
}

impl<'s> Pieces<'s> {
    pub(super) fn new(pieces: Vec<&'s [u8]>) -> Self {
        Self { pieces, index: 0, at: 0 }
    }

    fn here(&self) -> &'s [u8] {
        self.pieces.get(self.index).and_then(|piece| piece.get(self.at..)).unwrap_or_default()
    }

    fn at_end(&self) -> bool {
        self.index >= self.pieces.len()
    }

    fn next_piece(&mut self) {
        self.index += 1;
        self.at = 0;
    }

    fn byte(&mut self) -> Option<u8> {
        while self.here().is_empty() {
            if self.at_end() {
                return None;
            }
            self.next_piece();
        }
        let byte = self.here().first().copied();
        self.at += 1;
        byte
    }

    fn number(&mut self, bytes: u32) -> Option<usize> {
        let mut number = 0;
        for index in 0..bytes {
            number |= usize::from(self.byte()?) << (8 * index);
        }
        Some(number)
    }

    fn skip(&mut self, mut count: usize) {
        while count > self.here().len() && !self.at_end() {
            count -= self.here().len();
            self.next_piece();
        }
        self.at += count;
    }

    /// Characters: the flags before them are said again where a new record begins.
    fn characters(&mut self, count: usize, mut wide: bool) -> String {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            let here = self.here();
            let left = count - units.len();
            if here.is_empty() {
                self.next_piece();
                match self.byte() {
                    Some(flags) => wide = flags & 1 != 0,
                    None => break,
                }
                continue;
            }
            if wide {
                let (pairs, _) = here.as_chunks::<2>();
                let pairs = pairs.get(..left.min(pairs.len())).unwrap_or_default();
                units.extend(pairs.iter().map(|pair| u16::from_le_bytes(*pair)));
                // Half a character at the end of a record is damage.
                self.at += if pairs.is_empty() { here.len() } else { pairs.len() * 2 };
            } else {
                let bytes = here.get(..left.min(here.len())).unwrap_or_default();
                units.extend(bytes.iter().map(|b| u16::from(*b)));
                self.at += bytes.len();
            }
        }
        String::from_utf16_lossy(&units)
    }

    /// Flags, and so many characters.
    pub(super) fn flagged(&mut self, count: usize) -> String {
        let wide = self.byte().is_some_and(|flags| flags & 1 != 0);
        self.characters(count, wide)
    }

    /// A string with its length, flags, and what may follow it: changes of font, readings.
    fn string(&mut self) -> Option<String> {
        let count = self.number(2)?;
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let extra = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let text = self.characters(count, flags & 1 != 0);
        self.skip(runs * 4);
        self.skip(extra);
        Some(text)
    }
}

/// The texts that cells share.
pub(super) fn shared(record: &Record<'_>) -> Vec<Box<str>> {
    let mut pieces = vec![record.data.get(8..).unwrap_or_default()];
    pieces.extend(&record.continued);
    let mut pieces = Pieces::new(pieces);
    let mut strings = Vec::new();
    while !pieces.at_end() {
        match pieces.string() {
            Some(text) => strings.push(text.into()),
            None => break,
        }
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_go_on_in_the_next_record() {
        // Eight bytes of counts, "abc" of one byte each that turns wide in the middle, a font, then "d".
        let data = [0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 8, 1, 0, b'a'];
        let next: &[u8] = &[1, b'b', 0, 0x16, 0x04, 0, 0];
        let last: &[u8] = &[0, 0, 1, 0, 0, b'd'];
        let record = Record { id: 0xFC, data: &data, continued: vec![next, last] };
        assert_eq!(shared(&record), ["abЖ".into(), "d".into()]);
    }

    #[test]
    fn what_is_cut_off_ends() {
        assert_eq!(Coding::Unicode.counted(&[5, 0, 1, b'a', 0, b'b'], 0), "a");
        assert_eq!(Coding::Page(encoding_rs::WINDOWS_1251).counted(&[9, 0, 0xcf], 0), "П");
        assert_eq!(Coding::Unicode.counted(&[1], 7), "");
    }
}
