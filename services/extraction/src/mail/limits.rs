//! What no mail needs, and what would keep the parser busy or fill the memory: looked for before anything is parsed.

use crate::ExtractError;

/// Also bounds how deep messages are nested: each level needs a declaration of its own.
const MAX_PARTS: usize = 5_000;
/// Of all parts together.
const MAX_FIELDS: usize = 200_000;
/// Of a declaration, whose parameters the parser compares with each other.
const MAX_DECLARATION: usize = 64 << 10;
/// Each boundary is looked for in all that follows it: bytes, multiplied by the number of boundaries.
const MAX_WORK: usize = 1 << 34;

pub(super) fn check(bytes: &[u8]) -> Result<(), ExtractError> {
    let counted = count(bytes);
    let problem = if counted.parts > MAX_PARTS || counted.multiparts.saturating_mul(bytes.len()) > MAX_WORK {
        format!("it declares {} parts", counted.parts)
    } else if counted.fields > MAX_FIELDS {
        format!("it has more than {MAX_FIELDS} header fields")
    } else if counted.longest_declaration > MAX_DECLARATION {
        format!("one of its header fields is longer than {} KiB", MAX_DECLARATION >> 10)
    } else {
        return Ok(());
    };
    Err(ExtractError::damaged(format!("{problem}, which no mail has")))
}

#[derive(Default)]
struct Counted {
    parts: usize,
    multiparts: usize,
    fields: usize,
    longest_declaration: usize,
}

/// Upper bounds: lines of the text may look like header fields.
fn count(bytes: &[u8]) -> Counted {
    let mut counted = Counted::default();
    let mut in_header = true;
    let mut holds_message = false;
    let mut declaration = 0;
    for line in bytes.split(|b| *b == b'\n') {
        let continued = declaration > 0 && matches!(line.first(), Some(b' ' | b'\t'));
        declaration = match field(line) {
            _ if continued => declaration + line.len(),
            Some(Field::ContentType) => {
                counted.parts += 1;
                line.len()
            }
            Some(Field::OtherContent) => line.len(),
            None => 0,
        };
        counted.longest_declaration = counted.longest_declaration.max(declaration);
        if declaration > 0 {
            counted.multiparts += usize::from(contains(line, b"multipart"));
            holds_message |= contains(line, b"message") || contains(line, b"digest");
        }
        if line.starts_with(b"--") {
            in_header = true;
        } else if line.trim_ascii().is_empty() {
            in_header = std::mem::take(&mut holds_message);
        }
        counted.fields += usize::from(in_header && line.contains(&b':'));
    }
    counted
}

enum Field {
    ContentType,
    OtherContent,
}

/// The parser forgives white space within names.
fn field(line: &[u8]) -> Option<Field> {
    let starts_so = line.trim_ascii_start().first().is_some_and(|first| first.eq_ignore_ascii_case(&b'c'));
    let end = line.iter().take(200).position(|b| *b == b':').filter(|_| starts_so)?;
    let name: Vec<u8> = line.get(..end)?.iter().filter(|b| !b.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    match name.as_slice() {
        b"content-type" => Some(Field::ContentType),
        name => name.starts_with(b"content-").then_some(Field::OtherContent),
    }
}

fn contains(line: &[u8], word: &[u8]) -> bool {
    line.get(..1000).unwrap_or(line).windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        check(bytes).map_or_else(|error| error.to_string(), |()| "fine".into())
    }

    #[test]
    fn ordinary_mail_is_fine() {
        assert_eq!(told(b"From: a@x\r\nContent-Type: text/plain\r\n\r\na: b\r\n"), "fine");
        assert_eq!(told([b"From: a@x\n\n" as &[u8], &b"time: 10:00\n".repeat(300_000)].concat().as_slice()), "fine");
    }

    #[test]
    fn what_no_mail_has_is_named() {
        assert!(told(&b"Content-Type: message/rfc822\n\n".repeat(6_000)).contains("declares 6000 parts"));
        assert!(told(&b"c ontent-TYPE : message/rfc822\n\n".repeat(6_000)).contains("declares 6000 parts"));
        assert!(told(&b"X: a\n".repeat(300_000)).contains("more than 200000 header fields"));
        assert!(told(&[b"Content-Type: message/rfc822\n\n" as &[u8], &b"X: a\n".repeat(300_000)].concat()).contains("header fields"));
        assert!(told(&[b"Content-Type: text/plain;\n" as &[u8], &b" a*1=x;\n".repeat(20_000)].concat()).contains("longer than 64 KiB"));
        let text = [b"Content-Type: multipart/mixed; boundary=x\n\n" as &[u8], &b"text ".repeat(20_000), b"\n"].concat();
        assert!(told(&text.repeat(500)).contains("declares 500 parts"));
    }
}
