//! Bytes of RTF as tokens.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'b> {
    Open,
    Close,
    /// "\b0": a word, and its number.
    Word(&'b str, Option<i32>),
    /// "\~": a sign of its own.
    Sign(u8),
    /// "\'e4": a byte of the code page.
    Byte(u8),
    /// Text of the code page up to the next token.
    Text(&'b [u8]),
}

pub(super) struct Tokens<'b> {
    left: &'b [u8],
}

impl<'b> Tokens<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { left: bytes }
    }

    fn take(&mut self, count: usize) -> &'b [u8] {
        let (taken, left) = self.left.split_at_checked(count).unwrap_or((self.left, &[]));
        self.left = left;
        taken
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'b [u8] {
        self.take(self.left.iter().take_while(|b| wanted(**b)).count())
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'b>> {
        let word = self.take_while(|b| b.is_ascii_alphabetic());
        if word.is_empty() {
            return Some(match *self.take(1).first()? {
                b'\'' => Token::Byte(self.hexadecimal()),
                // A line break that is escaped is one.
                b'\n' | b'\r' => Token::Word("par", None),
                sign => Token::Sign(sign),
            });
        }
        let minus = self.left.first() == Some(&b'-') && self.left.get(1).is_some_and(u8::is_ascii_digit);
        self.take(usize::from(minus));
        let digits = std::str::from_utf8(self.take_while(|b| b.is_ascii_digit())).unwrap_or_default();
        let number = digits.parse::<i32>().ok().map(|number| if minus { -number } else { number });
        if self.left.first() == Some(&b' ') {
            self.take(1);
        }
        let word = std::str::from_utf8(word).unwrap_or_default();
        if word == "bin" {
            // So many bytes of anything, braces among them.
            self.take(number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0));
        }
        Some(Token::Word(word, number))
    }

    fn hexadecimal(&mut self) -> u8 {
        let is_digits = self.left.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = self.take(if is_digits { 2 } else { 0 });
        std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(b' ')
    }
}

impl<'b> Iterator for Tokens<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take_while(|b| matches!(b, b'\r' | b'\n' | 0));
        let first = *self.left.first()?;
        Some(match first {
            b'{' => {
                self.take(1);
                Token::Open
            }
            b'}' => {
                self.take(1);
                Token::Close
            }
            b'\\' => {
                self.take(1);
                return self.control();
            }
            _ => Token::Text(self.take_while(|b| !matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_signs_and_text() {
        let tokens: Vec<Token<'_>> = Tokens::new(b"{\\b0 a\r\nb\\u-10179?\\'E4\\~\\bin3 }{}}\\'x").collect();
        use Token::{Byte, Close, Open, Sign, Text, Word};
        assert_eq!(
            tokens,
            [
                Open,
                Word("b", Some(0)),
                Text(b"a"),
                Text(b"b"),
                Word("u", Some(-10179)),
                Text(b"?"),
                Byte(0xE4),
                Sign(b'~'),
                Word("bin", Some(3)),
                Close,
                Byte(b' '),
                Text(b"x")
            ]
        );
    }

    #[test]
    fn odd_ends_do_no_harm() {
        for bytes in
            [&b"\\"[..], b"\\'", b"\\'e", b"\\bin99999999999 x", b"\\bin99 x", b"\\b-", b"\\u-", b"\\b99999999999 x", b"\xff\\\xff"]
        {
            assert!(Tokens::new(bytes).count() < 4);
        }
    }
}
