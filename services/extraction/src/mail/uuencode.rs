//! Files within the text of old mails, between "begin" and "end".

/// A file and its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The text without its files, and the files.
pub(super) fn split(text: &str) -> (String, Vec<File>) {
    let mut rest = String::with_capacity(text.len());
    let mut files = Vec::new();
    let mut open: Option<File> = None;
    // A file without an end is text after all.
    let mut closings = text.lines().filter(|line| line.trim_end() == "end").count();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        match open.as_mut() {
            Some(_) if content.trim_end() == "end" => {
                closings = closings.saturating_sub(1);
                files.extend(open.take());
            }
            Some(file) => decode_line(content.as_bytes(), &mut file.bytes),
            None if closings > 0 && name(content).is_some() => {
                open = name(content).map(|name| File { name: name.to_owned(), bytes: Vec::new() });
            }
            None => {
                closings = closings.saturating_sub(usize::from(content.trim_end() == "end"));
                rest.push_str(line);
            }
        }
    }
    (rest, files)
}

/// Of "begin 644 report.pdf".
fn name(line: &str) -> Option<&str> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    (octal && !name.trim().is_empty()).then(|| name.trim())
}

fn decode_line(line: &[u8], bytes: &mut Vec<u8>) {
    let value = |byte: Option<&u8>| byte.map_or(0, |b| b.wrapping_sub(b' ') & 0x3f);
    let Some((length, groups)) = line.split_first() else {
        return;
    };
    let mut left = usize::from(value(Some(length)));
    for group in groups.chunks(4) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| value(group.get(i)));
        for byte in [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d] {
            if left > 0 {
                bytes.push(byte);
                left -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_leave_the_text() {
        let (text, files) = split("Hello\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n");
        assert_eq!(text, "Hello\r\nBye\r\n");
        assert_eq!(files, [File { name: "cat.txt".into(), bytes: b"Cat".to_vec() }]);
    }

    #[test]
    fn words_alone_open_no_file() {
        for text in ["begin 644 cat.txt\nno more", "begin with\nthe\nend\n", "end\nbegin 644 a\nx\n"] {
            assert_eq!(split(text), (text.to_owned(), Vec::new()));
        }
    }
}
