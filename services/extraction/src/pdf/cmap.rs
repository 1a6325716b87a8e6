//! The table that says which characters a font's codes stand for ("ToUnicode").
//!
//! lopdf has a reader for these, which gives up on much of what real producers write.

use std::collections::{BTreeMap, HashMap};

/// A range that claims more than there are codes of two bytes is broken.
const MAX_RANGE: u32 = 0xffff;
const MAX_RANGES: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct CMap {
    single: HashMap<u32, String>,
    /// First code to last code and the text of the first; the others count on from it.
    ranges: BTreeMap<u32, (u32, String)>,
    one_byte: bool,
    two_bytes: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'b> {
    Hex(Vec<u8>),
    Word(&'b [u8]),
    Open,
    Close,
}

impl CMap {
    /// What can't be understood is passed over.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut operands: Vec<Token<'_>> = Vec::new();
        for token in tokens(bytes) {
            let Token::Word(word) = token else {
                operands.push(token);
                continue;
            };
            match word {
                b"endcodespacerange" => map.code_space(&operands),
                b"endbfchar" => map.chars(&operands),
                b"endbfrange" => map.add_ranges(&operands),
                _ => {}
            }
            operands.clear();
        }
        map
    }

    pub(super) fn is_empty(&self) -> bool {
        self.single.is_empty() && self.ranges.is_empty()
    }

    /// Bytes that make up the code at the start of a text.
    pub(super) fn code_length(&self) -> usize {
        if self.one_byte && !self.two_bytes { 1 } else { 2 }
    }

    /// The text of a code; `None` where the table says nothing that can be shown.
    pub(super) fn get(&self, code: u32) -> Option<String> {
        self.find(code).filter(|text| !text.is_empty() && !text.contains(['\0', '\u{fffd}', '\u{ffff}', '\u{fffe}']))
    }

    fn find(&self, code: u32) -> Option<String> {
        if let Some(text) = self.single.get(&code) {
            return Some(text.clone());
        }
        let (first, (last, text)) = self.ranges.range(..=code).next_back()?;
        if code > *last {
            return None;
        }
        let mut chars: Vec<char> = text.chars().collect();
        let counted = u32::from(*chars.last()?) + (code - first);
        *chars.last_mut()? = char::from_u32(counted)?;
        Some(chars.into_iter().collect())
    }

    fn code_space(&mut self, operands: &[Token<'_>]) {
        for token in operands {
            if let Token::Hex(bytes) = token {
                self.one_byte |= bytes.len() == 1;
                self.two_bytes |= bytes.len() > 1;
            }
        }
    }

    fn chars(&mut self, operands: &[Token<'_>]) {
        for pair in operands.chunks(2) {
            if let [Token::Hex(code), Token::Hex(text)] = pair {
                self.single.insert(number(code), utf16(text));
            }
        }
    }

    fn add_ranges(&mut self, operands: &[Token<'_>]) {
        let mut rest = operands.iter();
        while let (Some(Token::Hex(first)), Some(Token::Hex(last)), Some(target)) = (rest.next(), rest.next(), rest.next()) {
            let (first, last) = (number(first), number(last));
            match target {
                Token::Hex(text) if last >= first && last - first <= MAX_RANGE && self.ranges.len() < MAX_RANGES => {
                    self.ranges.insert(first, (last, utf16(text)));
                }
                Token::Open => {
                    let texts = rest.by_ref().take_while(|t| **t != Token::Close);
                    // All of them are taken, so that the next range is found.
                    let texts: Vec<String> =
                        texts.filter_map(|t| if let Token::Hex(text) = t { Some(utf16(text)) } else { None }).collect();
                    self.single.extend((first..=last).zip(texts));
                }
                _ => {}
            }
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |n, b| n << 8 | u32::from(*b))
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = match bytes {
        [one] => vec![u16::from(*one)],
        _ => bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect(),
    };
    String::from_utf16_lossy(&units)
}

fn tokens(bytes: &[u8]) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let byte = *bytes.get(at)?;
            let rest = &bytes[at..];
            match byte {
                b'<' if rest.get(1) == Some(&b'<') => at += 2,
                b'<' => {
                    let length = rest.iter().position(|b| *b == b'>').unwrap_or(rest.len());
                    at += length + 1;
                    return Some(Token::Hex(hex(rest.get(1..length).unwrap_or_default())));
                }
                b'[' | b']' => {
                    at += 1;
                    return Some(if byte == b'[' { Token::Open } else { Token::Close });
                }
                b'%' => at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len()),
                // Names and strings say nothing here, but must not run into the word after them.
                b'a'..=b'z' | b'A'..=b'Z' | b'/' => {
                    let length =
                        1 + rest[1..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b',')).count();
                    at += length;
                    return Some(Token::Word(&rest[..length]));
                }
                _ => at += 1,
            }
        }
    })
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let values: Vec<u8> = digits.iter().filter_map(|d| char::from(*d).to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    values.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_tables_are_read() {
        let map = CMap::parse(
            b"/CMapName //usr/x.otf,000-UTF16 def 1 begincodespacerange<0000> <FFFF>endcodespacerange2 beginbfchar<0003><0020> <0005> <FB03>endbfchar\n\
              2 beginbfrange <0010><0012><0041>\n<0020> <0022> [<0061> <00620063> <D83DDE00>] <0030> <0030> [<0041>] <0031> <0031> <0042> endbfrange",
        );
        let all: Vec<Option<String>> = [3, 5, 0x10, 0x12, 0x13, 0x20, 0x21, 0x22, 0x31].into_iter().map(|c| map.get(c)).collect();
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(all, [text(" "), text("ﬃ"), text("A"), text("C"), None, text("a"), text("bc"), text("😀"), text("B")]);
        assert_eq!(map.code_length(), 2);
    }

    #[test]
    fn codes_may_be_unicode_themselves() {
        let map = CMap::parse(b"1 beginbfrange <0000> <FFFF> <0000> endbfrange");
        assert_eq!((map.get(0x41).as_deref(), map.get(0)), (Some("A"), None));
    }

    #[test]
    fn broken_tables_do_no_harm() {
        let map = CMap::parse(b"<0000> <FFFFFFFF> <0041> endbfrange <41 endbfchar [ < <zz> endbfrange beginbfchar <1>");
        assert!(map.is_empty());
    }
}
