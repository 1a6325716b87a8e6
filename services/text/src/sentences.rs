//! Where sentences begin and end.

use std::ops::Range;

use crate::abbreviations::{BEFORE_NUMBER, GERMAN_MONTHS, NEVER_LAST, SOMETIMES_LAST, STARTERS};

/// The sentences of a text as byte ranges: in order, trimmed, none empty, together all that isn't white space.
///
/// A line break always ends a sentence: extracted text has one line for a paragraph, a list item or a table row.
/// Abbreviations, initials, decimals, section numbers and list markers don't. Japanese and Chinese full stops need no
/// space after them.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        cut_line(text, line_start..line_start + line.len(), &mut found);
        line_start += line.len();
    }
    found
}

fn cut_line(text: &str, line: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut start = line.start;
    let mut at = line.start;
    while let Some(c) = text[at..line.end].chars().next() {
        at += c.len_utf8();
        let wide = matches!(c, '。' | '！' | '？' | '｡');
        if !(wide || matches!(c, '.' | '!' | '?' | '…')) {
            continue;
        }
        let end = at + closing_len(&text[at..line.end]);
        if wide || ends_here(&text[start..at], c, &text[end..line.end]) {
            push_trimmed(text, start..end, found);
            start = end;
            at = end;
        }
    }
    push_trimmed(text, start..line.end, found);
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let trimmed = piece.trim_start();
    let start = range.end - trimmed.len();
    let end = start + trimmed.trim_end().len();
    if start < end {
        found.push(start..end);
    }
}

/// Bytes of what belongs to the sentence after its mark: more marks, quotes, brackets.
fn closing_len(rest: &str) -> usize {
    let closing = |c: &char| {
        matches!(
            c,
            '.' | '!'
                | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | '"'
                | '\''
                | '”'
                | '’'
                | '»'
                | ')'
                | ']'
                | '」'
                | '』'
                | '）'
                | '】'
                | '*'
                | '_'
        )
    };
    rest.chars().take_while(closing).map(char::len_utf8).sum()
}

/// Whether the sentence that `before` (ending in `mark`) belongs to ends, when `after` follows.
fn ends_here(before: &str, mark: char, after: &str) -> bool {
    let rest = after.trim_start();
    let Some(next) = rest.chars().find(|c| !is_opening(*c)) else {
        return true;
    };
    if rest.len() == after.len() || next.is_lowercase() || matches!(next, ',' | ';' | ':') {
        return false;
    }
    if mark != '.' {
        return true;
    }
    // "..." stays open unless something with a capital or a digit follows, which was checked above.
    let body = before.trim_end_matches('.');
    let last = body.rsplit(|c: char| c.is_whitespace() || is_opening(c) || c == '/').next().unwrap_or(body);
    let alone = body.trim_start_matches(|c: char| c.is_whitespace() || is_opening(c) || is_bullet(c)).len() == last.len();
    let following = first_word(rest);
    if last.chars().all(|c| c.is_ascii_digit() || c == '.') {
        // "3. Working hours" begins a list item or a heading, "3. Mai" is a date.
        return !(alone || last.len() <= 2 && GERMAN_MONTHS.contains(&following.as_str()));
    }
    if alone && is_list_letter(last) {
        return false;
    }
    let word = last.to_lowercase();
    let begins = STARTERS.contains(&following.as_str()) && next.is_uppercase();
    if NEVER_LAST.contains(&word.as_str()) {
        return false;
    }
    if BEFORE_NUMBER.contains(&word.as_str()) && (next.is_numeric() || next == '§' || is_roman(rest)) {
        return false;
    }
    if SOMETIMES_LAST.contains(&word.as_str()) || is_initials(last) {
        return begins || is_bullet(next);
    }
    true
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '„' | '«' | '(' | '[' | '「' | '『' | '（' | '*' | '_')
}

fn is_bullet(c: char) -> bool {
    matches!(c, '-' | '–' | '•' | '*' | '·' | '◦' | '▪' | '#')
}

/// "a", "iv", "A.1": what stands before the full stop of a list marker.
fn is_list_letter(word: &str) -> bool {
    let short = word.len() <= 4;
    let single = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let roman = word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'I' | 'V' | 'X'));
    let numbered = word.contains('.') && word.chars().any(|c| c.is_ascii_digit());
    short && (single || roman || numbered)
}

/// "J" of "J. Smith", "U.S", "B.V".
fn is_initials(word: &str) -> bool {
    !word.is_empty() && word.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase)) && word != "I"
}

fn is_roman(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

fn first_word(rest: &str) -> String {
    let word = rest.trim_start_matches(is_opening);
    word.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn plain_sentences() {
        assert_eq!(cut("You get 25 days. Five carry over! Do they? Yes."), ["You get 25 days.", "Five carry over!", "Do they?", "Yes."]);
        assert_eq!(
            cut("He said: \"Go.\" She went (slowly.) Then “Stop.” Done"),
            ["He said: \"Go.\"", "She went (slowly.)", "Then “Stop.”", "Done"]
        );
        assert_eq!(cut("  \n \n"), [""; 0]);
    }

    #[test]
    fn stops_that_end_nothing() {
        for whole in [
            "Ask HR, e.g. Ms. Smith or Dr. J. P. Jones, by 3.30 p.m. on Monday.",
            "See § 4.3.2 Travel and No. 5 of Art. 12 and pp. 3-4.",
            "Under Sec. IV Acme Inc. Board members and the U.S. Government agree.",
            "Version 1.5.2 of example.com/a.b.c is ready ... or nearly so.",
            "Der Vertrag beginnt am 3. Mai und läuft z.B. zwei Jahre.",
            "1. Working hours",
            "2.3. Working hours",
            "a. Working hours",
            "iv. Working hours",
            "Visit Yahoo! for details, Sept. 3 at the latest.",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn stops_that_end_a_sentence_after_all() {
        assert_eq!(
            cut("Is it paid? No. You work for Acme Inc. The board pays."),
            ["Is it paid?", "No.", "You work for Acme Inc.", "The board pays."]
        );
        assert_eq!(
            cut("See page 5. Then stop. It ends at 5 p.m. If not, call."),
            ["See page 5.", "Then stop.", "It ends at 5 p.m.", "If not, call."]
        );
    }

    #[test]
    fn lines_end_sentences() {
        assert_eq!(cut("- one item\n- another. With two\n\nParagraph"), ["- one item", "- another.", "With two", "Paragraph"]);
    }

    #[test]
    fn wide_stops_need_no_space() {
        assert_eq!(cut("休暇は25日です。「繰り越せます。」本当？はい！"), ["休暇は25日です。", "「繰り越せます。」", "本当？", "はい！"]);
    }

    #[test]
    fn nothing_but_white_space_is_left_out() {
        for text in ["a. b.C. . . D", "...", "x?!?! Y", "«Là.» Oui…\tNon", "1.\n2. \u{3000}。。a", ". A"] {
            let kept: String = cut(text).concat();
            let strip = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(strip(&kept), strip(text));
        }
    }

    #[test]
    fn long_text_is_quick() {
        let text = "word. ".repeat(200_000) + &"x.".repeat(200_000) + &" ".repeat(200_000);
        assert!(!sentences(&text).is_empty());
    }
}
