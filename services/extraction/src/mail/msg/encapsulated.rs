//! HTML that Outlook wrapped into RTF ([MS-OXRTFEX]): the tags in groups of their own, what only RTF needs marked.

use std::{collections::HashMap, str};

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::{codepage, mail::charset};

/// The HTML; `None` for RTF that was never HTML.
pub(super) fn html(rtf: &[u8]) -> Option<String> {
    let head = rtf.get(..400).unwrap_or(rtf);
    head.windows(9).any(|window| window == b"\\fromhtml").then(|| {
        let mut reader = Reader::default();
        reader.read(rtf);
        reader.flush();
        reader.out
    })
}

/// Of a group and those within it.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Holds nothing of the page: fonts, colours, what Outlook notes for itself.
    skipped: bool,
    /// Holds a tag.
    tag: bool,
    fonts: bool,
    /// Is there for readers of RTF alone.
    rtf_only: bool,
    encoding: Option<&'static Encoding>,
    /// How many characters stand in for one that RTF knows by number only; one if none are declared.
    stand_ins: Option<usize>,
}

#[derive(Default)]
struct Reader {
    group: Group,
    outer: Vec<Group>,
    out: String,
    /// Bytes of the group's encoding that are not text yet: a character may take two.
    pending: Vec<u8>,
    encoding: Option<&'static Encoding>,
    fonts: HashMap<i32, &'static Encoding>,
    font: i32,
    /// A group that begins with `\*` may be skipped by those who don't know it.
    optional: bool,
    /// Stand-ins still to come.
    ignored: usize,
    /// The first half of a character in two numbers.
    high: Option<u16>,
}

/// More open groups than this are skipped along with what they hold.
const MAX_DEPTH: usize = 10_000;

impl Reader {
    fn read(&mut self, rtf: &[u8]) {
        let mut at = 0;
        while let Some(byte) = rtf.get(at) {
            at += 1;
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => at = self.control(rtf, at),
                b'\r' | b'\n' => {}
                byte => self.byte(*byte),
            }
        }
    }

    fn open(&mut self) {
        self.flush();
        self.ignored = 0;
        if self.outer.len() < MAX_DEPTH {
            self.outer.push(self.group);
        }
    }

    fn close(&mut self) {
        self.flush();
        self.ignored = 0;
        self.optional = false;
        self.group = self.outer.pop().unwrap_or_default();
    }

    /// Reads what follows a backslash; where it ends.
    fn control(&mut self, rtf: &[u8], at: usize) -> usize {
        let rest = rtf.get(at..).unwrap_or_default();
        let letters = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        if letters == 0 {
            return at + self.symbol(rest);
        }
        let word = rest.get(..letters).and_then(|word| str::from_utf8(word).ok()).unwrap_or_default();
        let after = rest.get(letters..).unwrap_or_default();
        let sign = usize::from(after.first() == Some(&b'-'));
        let digits = sign + after.iter().skip(sign).take(10).take_while(|b| b.is_ascii_digit()).count();
        let value = after.get(..digits).and_then(|number| str::from_utf8(number).ok()).and_then(|number| number.parse().ok());
        let space = usize::from(after.get(digits) == Some(&b' '));
        let end = at + letters + digits + space;
        if word == "bin" {
            return end + value.and_then(|length: i32| usize::try_from(length).ok()).unwrap_or(0);
        }
        self.word(word, value);
        end
    }

    /// A control of one character; how many bytes it takes.
    fn symbol(&mut self, rest: &[u8]) -> usize {
        match rest.first() {
            Some(b'\'') => {
                let digits = rest.get(1..3).and_then(|digits| str::from_utf8(digits).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                }
                3
            }
            Some(b'*') => {
                self.optional = true;
                1
            }
            Some(byte @ (b'{' | b'}' | b'\\')) => {
                self.byte(*byte);
                1
            }
            Some(b'~') => {
                self.text("\u{a0}");
                1
            }
            Some(b'_') => {
                self.text("\u{2011}");
                1
            }
            Some(b'\r' | b'\n') => {
                self.text("\n");
                1
            }
            Some(_) => 1,
            None => 0,
        }
    }

    fn word(&mut self, word: &str, value: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        match word {
            "htmltag" => self.group.tag = true,
            "htmlrtf" => {
                self.flush();
                self.group.rtf_only = value != Some(0);
            }
            "fonttbl" => self.group.fonts = true,
            "colortbl" | "stylesheet" | "info" | "pict" | "object" | "listtable" | "listoverridetable" => self.group.skipped = true,
            _ if optional => self.group.skipped = true,
            "ansicpg" => self.encoding = value.and_then(charset::code_page),
            "f" if self.group.fonts => self.font = value.unwrap_or(0),
            "f" => {
                self.flush();
                self.group.encoding = self.fonts.get(&value.unwrap_or(0)).copied();
            }
            "fcharset" if self.group.fonts => {
                // Zero is what fonts have that nobody set: the document's own page is nearer then.
                if let Some(encoding) = value.filter(|number| *number != 0).and_then(codepage::of_charset).map(codepage::encoding) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "plain" => {
                self.flush();
                self.group.encoding = None;
            }
            "uc" => self.group.stand_ins = value.and_then(|count| usize::try_from(count).ok()).map(|count| count.min(16)),
            "u" => {
                // Numbers above 32767 are written as negative ones.
                let unit = value.unwrap_or(0) as u16;
                self.unit(unit);
                self.ignored = self.group.stand_ins.unwrap_or(1);
            }
            _ => self.character(word),
        }
    }

    /// Words that stand for characters.
    fn character(&mut self, word: &str) {
        let text = match word {
            "par" | "line" => "\n",
            "tab" => "\t",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            "bullet" => "•",
            "endash" => "–",
            "emdash" => "—",
            _ => return,
        };
        self.text(text);
    }

    fn is_shown(&self) -> bool {
        !self.group.skipped && !self.group.fonts && (self.group.tag || !self.group.rtf_only)
    }

    fn byte(&mut self, byte: u8) {
        if self.ignored > 0 {
            self.ignored -= 1;
        } else if self.is_shown() {
            self.pending.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        self.flush();
        if self.is_shown() {
            self.out.push_str(text);
        }
    }

    /// Emoji come as two numbers.
    fn unit(&mut self, unit: u16) {
        let pair = self.high.take().and_then(|high| char::decode_utf16([high, unit]).next()?.ok());
        match pair.or_else(|| char::from_u32(u32::from(unit))) {
            Some(c) => self.text(c.encode_utf8(&mut [0; 4])),
            None => self.high = Some(unit),
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let encoding = self.group.encoding.or(self.encoding).unwrap_or(WINDOWS_1252);
        let bytes = std::mem::take(&mut self.pending);
        self.out.push_str(&encoding.decode_without_bom_handling(&bytes).0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_text_without_what_is_for_rtf_alone() {
        let rtf = br"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial;}}{\colortbl;\red0;}
            {\*\generator Riched20;}{\*\htmltag19 <html>}{\*\htmltag64 <p class=\'22x\'22>}\htmlrtf {\htmlrtf0 You get \b\htmlrtf \b\htmlrtf0 25 days \{net\}\u8212 ?\par
            {\*\mhtmltag84 <a href=x>}\f1 \'ce\'f2\'ef\'f3\'f1\'ea\plain\'fc\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}";
        let html = html(rtf).unwrap();
        let words: Vec<&str> = html.split_whitespace().collect();
        assert_eq!(words.join(" "), "<html><p class=\"x\">You get 25 days {net}— Отпускü</p>");
    }

    #[test]
    fn characters_in_two_numbers() {
        assert_eq!(html(br"{\rtf1\fromhtml1\uc1 a\u-10179?\u-8704?b\uc0\u233 c}").unwrap(), "a😀béc");
    }

    #[test]
    fn other_rtf_is_none() {
        assert_eq!(html(br"{\rtf1\ansi plain}"), None);
        assert_eq!(html(b""), None);
        assert!(html(&[br"{\fromhtml1 " as &[u8], &b"{".repeat(100_000), br"\u\'", b"\\"].concat()).is_some());
    }
}
