//! Text as a person would type it: no control characters, ligatures, soft hyphens or stray spaces.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Prose: white space runs become one space, lines stay lines, empty lines go.
pub(crate) fn prose(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for line in normalized(raw).split('\n') {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_some() && !text.is_empty() {
            text.push('\n');
        }
        let mut first = true;
        for word in words {
            if !first {
                text.push(' ');
            }
            first = false;
            text.push_str(word);
        }
    }
    text
}

/// Prose on one line.
pub(crate) fn line(raw: &str) -> String {
    prose(raw).replace('\n', " ")
}

/// Code: inner spaces and empty lines stay, trailing spaces and outer empty lines go.
pub(crate) fn code(raw: &str) -> String {
    let lines: Vec<String> = normalized(raw).split('\n').map(|l| l.trim_end().to_owned()).collect();
    let text = lines.join("\n");
    text.trim_matches('\n').to_owned()
}

/// A title worth showing, on one line.
pub(crate) fn title(raw: &str) -> Option<String> {
    let title: String = line(raw).chars().take(300).collect();
    let lower = title.to_lowercase();
    let placeholder = lower.starts_with("untitled") || lower.starts_with("microsoft word - ") || lower == "document1" || lower == "title";
    let is_file_name = lower.rsplit_once('.').is_some_and(|(name, ending)| !name.is_empty() && FILE_ENDINGS.contains(&ending));
    (title.chars().any(char::is_alphabetic) && !placeholder && !is_file_name).then(|| title.trim().to_owned())
}

const FILE_ENDINGS: &[&str] = &[
    "doc", "docx", "dot", "dotx", "rtf", "odt", "pdf", "indd", "qxd", "dvi", "tex", "xls", "xlsx", "ppt", "pptx", "txt", "pmd", "fm",
    "cdr", "ai", "ps",
];

/// Characters as they are kept; every kind of line break becomes "\n".
fn normalized(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => text.push('\n'),
            '\n' | '\t' => text.push(c),
            '\u{b}' | '\u{c}' | '\u{a0}' | '\u{202f}' | '\u{2007}' => text.push(' '),
            // Joiners change how Persian, Indic scripts and emoji read; elsewhere they are noise.
            '\u{200c}' | '\u{200d}' => {
                if !before.is_ascii() && chars.peek().is_some_and(|next| !next.is_ascii()) {
                    text.push(c);
                }
            }
            c if is_dropped(c) => {}
            c => match replacement(c) {
                Some(instead) => text.push_str(instead),
                None => text.push(c),
            },
        }
        before = c;
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => text.nfc().collect(),
    }
}

fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        // Direction overrides can make text read other than it is.
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}')
        || (is_private(c) && replacement(c).is_none())
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// Ligatures, and what Word's symbol fonts mean by their private characters.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '\u{f0b7}' | '\u{f06c}' => "•",
        '\u{f0a7}' | '\u{f06e}' => "▪",
        '\u{f0d8}' => "➢",
        '\u{f0e0}' => "→",
        '\u{f0fc}' => "✓",
        '\u{f0a8}' | '\u{f06f}' | '\u{f0a3}' => "☐",
        '\u{f0fe}' | '\u{f052}' => "☑",
        '\u{f02d}' => "-",
        '\u{f020}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_clean() {
        assert_eq!(prose("  a\u{a0}b \t c \r\n\r\n d\u{0}e\u{ad}f \n"), "a b c\ndef");
        assert_eq!(prose("of\u{fb01}ce e\u{301} \u{200b}x\u{f0b7}\u{e123}"), "office é x•");
        assert_eq!(prose(" \u{feff}\n \u{c} "), "");
        assert_eq!(prose("می\u{200c}خواهم ab\u{200d}c"), "می\u{200c}خواهم abc");
    }

    #[test]
    fn code_keeps_its_shape() {
        assert_eq!(code("\n  if x:\r\n    y  \n\n  z\n\n"), "  if x:\n    y\n\n  z");
    }

    #[test]
    fn titles_that_say_nothing_are_none() {
        for bad in ["", " - ", "Untitled document", "Microsoft Word - Policy.doc", "policy_v3.docx", "12.3"] {
            assert_eq!(title(bad), None, "{bad}");
        }
        assert_eq!(title(" Travel\nPolicy 2.0 "), Some("Travel Policy 2.0".into()));
    }
}
