//! Plain text: paragraphs by empty lines, wrapped lines joined, lists kept.

use catalog::Format;

use super::{BlockKind, ExtractError, Extracted, page::PageBuilder, unpaged};

/// No program breaks lines beyond this column: longer ones are whole paragraphs.
const MAX_WRAP_COLUMN: usize = 160;

pub(crate) fn extract(text: &str) -> Result<Extracted, ExtractError> {
    let mut page = PageBuilder::default();
    let title = read(text, &mut page);
    unpaged(Format::Text, title, page)
}

/// Adds the text to a page; returns the title that it opens with.
pub(crate) fn read(text: &str, page: &mut PageBuilder) -> Option<String> {
    blocks(text, wrap_column, page)
}

/// The same for text whose lines all end on purpose.
pub(crate) fn read_unwrapped(text: &str, page: &mut PageBuilder) {
    blocks(text, |_| usize::MAX, page);
}

fn blocks(text: &str, wrap_column: fn(&[&str]) -> usize, page: &mut PageBuilder) -> Option<String> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
    let mut lines: Vec<&str> = Vec::new();
    let mut title = None;
    for line in text.split('\n').chain([""]) {
        if !line.trim().is_empty() {
            lines.push(line);
            continue;
        }
        paragraph(page, &lines, wrap_column(&lines));
        if title.is_none() && !lines.is_empty() {
            title = Some(opening_title(&lines));
        }
        lines.clear();
    }
    title.flatten()
}

/// One or two lines at the top: a name, or whose it is and its name.
fn opening_title(lines: &[&str]) -> Option<String> {
    let names: Vec<&str> = lines.iter().map(|l| l.trim()).filter(|l| is_title(l)).collect();
    (lines.len() <= 2 && is_title(lines[0])).then(|| names.join(" – "))
}

/// A line that reads like a name, not like a sentence.
fn is_title(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() <= 80
        && line.split_whitespace().count() <= 12
        && !line.ends_with(['.', ',', ';', ':', '!', '。'])
        && line.chars().any(char::is_alphabetic)
}

fn paragraph(page: &mut PageBuilder, lines: &[&str], wrapped: usize) {
    if let Some(level) = heading(lines) {
        page.push(BlockKind::Heading(level), lines[0].trim().trim_matches('=').trim());
        return;
    }
    let mut block = String::new();
    let mut kind = BlockKind::Paragraph;
    for (number, line) in lines.iter().enumerate() {
        let text = line.trim();
        if text.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '#' | '+')) {
            continue;
        }
        let item = is_list_item(text);
        let full = number > 0 && lines[number - 1].chars().count() + first_word_chars(text) > wrapped;
        if item || (!full && !block.is_empty() && kind == BlockKind::Paragraph) {
            if item || kind == BlockKind::ListItem {
                page.push(kind, &block);
                block.clear();
                kind = if item { BlockKind::ListItem } else { BlockKind::Paragraph };
            } else {
                block.push('\n');
            }
        } else if !block.is_empty() {
            block.push(' ');
        }
        block.push_str(text);
    }
    page.push(kind, &block);
}

/// Only what can hardly be anything else: an underlined line, or a lone numbered or upper-case line.
fn heading(lines: &[&str]) -> Option<u8> {
    let text = lines.first()?.trim();
    if text.chars().count() > 100 || !text.chars().any(char::is_alphabetic) || is_bulleted(text) {
        return None;
    }
    let underline = |c: char| lines.len() == 2 && lines[1].trim().chars().count() >= 3 && lines[1].trim().chars().all(|x| x == c);
    if underline('=') {
        return Some(1);
    }
    if underline('-') || underline('~') {
        return Some(2);
    }
    if lines.len() > 1 || text.ends_with(['.', ',', ';', ':', '!', '?', '。']) {
        return None;
    }
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().count() >= 4 && letters().all(char::is_uppercase);
    let number = text.split_whitespace().next().filter(|n| is_section_number(n));
    let words = text.split_whitespace().count();
    match number {
        Some(number) if words <= 10 && letters().next().is_some_and(char::is_uppercase) => {
            u8::try_from(number.trim_end_matches('.').split('.').count().clamp(1, 5)).ok().map(|depth| depth + 1)
        }
        _ if capitals && words <= 12 => Some(2),
        _ => None,
    }
}

/// "1.", "4.3", "2.1.": not "2023", not "5".
fn is_section_number(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_end_matches('.').split('.').collect();
    word.contains('.') && parts.iter().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}

/// Where the paragraph's lines are broken: shorter lines followed by a word that would have fitted end on purpose.
fn wrap_column(lines: &[&str]) -> usize {
    let longest = lines.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    // Short lines are verse, addresses, signatures: each stands for itself. So do "From: …", "Date: …" and such.
    let fields = lines.iter().filter(|line| is_field(line)).count();
    if fields >= 3 && fields * 2 > lines.len() {
        return usize::MAX;
    }
    if (45..=MAX_WRAP_COLUMN).contains(&longest) { longest } else { usize::MAX }
}

/// "Valid from: 1 May": a name of one or two words, and a value.
fn is_field(line: &str) -> bool {
    let name = line.trim_start_matches(['>', ' ', '*']).split_once(": ").map(|(name, _)| name);
    name.is_some_and(|name| name.split_whitespace().count() <= 2 && name.len() <= 30 && name.chars().next().is_some_and(char::is_uppercase))
}

fn first_word_chars(text: &str) -> usize {
    text.split_whitespace().next().map_or(0, |w| w.chars().count() + 1)
}

pub(crate) fn is_bulleted(text: &str) -> bool {
    let mut chars = text.chars();
    let bullet =
        matches!(chars.next(), Some('-' | '*' | '•' | '·' | '–' | '◦' | '▪' | '‣' | '+' | '➢' | '✓' | '☐' | '☑' | '●' | '○' | '■'));
    bullet && chars.next().is_some_and(char::is_whitespace)
}

/// A bullet, or "1.", "2)", "(a)", "iv." and a space.
pub(crate) fn is_list_item(text: &str) -> bool {
    if is_bulleted(text) {
        return true;
    }
    let Some((marker, rest)) = text.split_once(char::is_whitespace) else {
        return false;
    };
    let inner = marker.trim_start_matches('(').trim_end_matches(['.', ')']);
    let closed = marker.ends_with(['.', ')']) && inner.len() + 3 > marker.len();
    let counts = inner.bytes().all(|b| b.is_ascii_digit()) && inner.len() <= 3;
    let letter = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_lowercase())
        || marker.ends_with(')') && inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = inner.len() <= 5 && inner.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    closed && !inner.is_empty() && !rest.trim().is_empty() && (counts || letter || roman)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        let page = extract(text).unwrap().pages.remove(0);
        page.blocks.iter().map(|b| (b.kind, page.text[b.range.clone()].to_owned())).collect()
    }

    #[test]
    fn wrapped_lines_join_and_short_lines_stay() {
        let text = "Employees who travel for more than eight hours a day\nreceive an allowance that depends on the country they\nvisit.\n\nAcme Ltd\n1 High Street\nLeeds";
        assert_eq!(
            blocks(text),
            [
                (
                    BlockKind::Paragraph,
                    "Employees who travel for more than eight hours a day receive an allowance that depends on the country they visit."
                        .into()
                ),
                (BlockKind::Paragraph, "Acme Ltd\n1 High Street\nLeeds".into()),
            ]
        );
    }

    #[test]
    fn lines_too_long_to_be_wrapped_are_paragraphs() {
        let long = "Employees who travel get an allowance. ".repeat(6);
        assert_eq!(blocks(&format!("{long}\nThanks\nJane")), [(BlockKind::Paragraph, format!("{}\nThanks\nJane", long.trim()))]);
    }

    #[test]
    fn fields_keep_their_lines() {
        let text = "From: Jane Doe\nSubject: A subject that is quite long, so that it could be wrapped\nDate: 1 May\nTo: Bob";
        assert_eq!(blocks(text), [(BlockKind::Paragraph, text.to_owned())]);
    }

    #[test]
    fn headings_only_where_safe() {
        let kinds: Vec<BlockKind> =
            blocks("Leave\n=====\n\n4.2 Carry-over days\n\nGENERAL RULES\n\n5 days of leave\n\n1. Ask your manager.\n\n- ASAP")
                .into_iter()
                .map(|b| b.0)
                .collect();
        use BlockKind::{Heading, ListItem, Paragraph};
        assert_eq!(kinds, [Heading(1), Heading(3), Heading(2), Paragraph, ListItem, ListItem]);
    }

    #[test]
    fn list_items_keep_their_marks_and_continuations() {
        let text = "Steps:\n- one that is long enough to be wrapped at the end\n  of its line\n- two\n(a) three";
        let texts: Vec<String> = blocks(text).into_iter().map(|b| b.1).collect();
        assert_eq!(texts, ["Steps:", "- one that is long enough to be wrapped at the end of its line", "- two", "(a) three"]);
    }

    #[test]
    fn form_feeds_are_white_space() {
        let texts: Vec<String> = blocks("One\u{c}Two").into_iter().map(|b| b.1).collect();
        assert_eq!(texts.join("|"), "One\nTwo");
    }

    #[test]
    fn the_first_line_by_itself_is_the_title() {
        assert_eq!(extract("Travel Policy\n\nText.").unwrap().title.as_deref(), Some("Travel Policy"));
        assert_eq!(extract("ACME LTD\nTRAVEL POLICY\n\nText.").unwrap().title.as_deref(), Some("ACME LTD – TRAVEL POLICY"));
        assert_eq!(extract("Travel\n======\n\nText.").unwrap().title.as_deref(), Some("Travel"));
        assert_eq!(extract("A sentence.\n\nTravel Policy").unwrap().title, None);
    }
}
