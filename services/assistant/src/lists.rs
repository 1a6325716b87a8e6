//! Lists and tables in plain text: which line introduces an item or row. An item must not be read without it: "Employees
//! must not:" turns everything below it round.

use std::ops::Range;

/// Where the line stands that introduces a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introduction {
    None,
    /// Index of the sentence that introduces it; it ends in a colon.
    At(usize),
    /// Above the text: the text begins within the list.
    Above,
}

/// Words of a line that counts as an item though nothing marks it: extraction loses the marks of some lists.
const ITEM_WORDS: usize = 12;

/// Finds the nearest line that ends in a colon above the list or table that sentence `at` is part of.
pub fn introduction(text: &str, sentences: &[Range<usize>], at: usize) -> Introduction {
    climb(text, sentences, at, |above| ends_in_colon(&text[sentences[above].clone()]))
}

/// All lines that introduce a sentence, the outermost first, and whether there may be a further one above the text.
pub fn introductions(text: &str, sentences: &[Range<usize>], at: usize) -> (Vec<usize>, bool) {
    let inner = match introduction(text, sentences, at) {
        Introduction::None => return (Vec::new(), false),
        Introduction::Above => return (Vec::new(), true),
        Introduction::At(inner) => inner,
    };
    let sentence = |i: usize| &text[sentences[i].clone()];
    if !is_item(sentence(line_start(text, sentences, inner))) {
        return (vec![inner], false);
    }
    // A list within a list: the line above the outer one is no item itself.
    match climb(text, sentences, inner, |above| ends_in_colon(sentence(above)) && !is_item(sentence(line_start(text, sentences, above)))) {
        Introduction::At(outer) => (vec![outer, inner], false),
        Introduction::Above => (vec![inner], true),
        Introduction::None => (vec![inner], false),
    }
}

/// Walks up through the lines of a list until one `introduces` it.
fn climb(text: &str, sentences: &[Range<usize>], at: usize, introduces: impl Fn(usize) -> bool) -> Introduction {
    let mut line = line_start(text, sentences, at);
    let begins_as_item = is_item(&text[sentences[line].clone()]);
    // Whatever stands right below the introduction belongs to it.
    if line > 0 && introduces(line - 1) {
        return Introduction::At(line - 1);
    }
    loop {
        let sentence = &text[sentences[line].clone()];
        let Some(above) = line.checked_sub(1) else {
            return if begins_as_item { Introduction::Above } else { Introduction::None };
        };
        let new_block = text[sentences[above].end..sentences[line].start].matches('\n').count() > 1;
        if !is_item(sentence) && (new_block || !is_bare_line(sentence)) {
            return Introduction::None;
        }
        if introduces(above) {
            return Introduction::At(above);
        }
        line = line_start(text, sentences, above);
    }
}

/// The first sentence of the line that a sentence is on.
fn line_start(text: &str, sentences: &[Range<usize>], mut at: usize) -> usize {
    while at > 0 && !text[sentences[at - 1].end..sentences[at].start].contains('\n') {
        at -= 1;
    }
    at
}

fn ends_in_colon(sentence: &str) -> bool {
    sentence.trim_end().ends_with([':', '：'])
}

/// A short line without a full stop.
fn is_bare_line(sentence: &str) -> bool {
    !sentence.trim_end().ends_with(['.', '!', '?', '。', '！', '？']) && sentence.split_whitespace().count() <= ITEM_WORDS
}

/// An item of a list or a row of a table, whose cells extraction parts by bars.
pub fn is_item(sentence: &str) -> bool {
    mark_len(sentence) > 0 || sentence.contains(" | ")
}

/// An item without its bullet or number.
pub fn without_mark(sentence: &str) -> &str {
    sentence[mark_len(sentence)..].trim_start()
}

/// Bytes of "- ", "3.", "(a)" at the start of a sentence; 0 where there is none.
fn mark_len(sentence: &str) -> usize {
    let start = sentence.trim_start();
    let before = sentence.len() - start.len();
    let rest = start.trim_start_matches(['-', '*', '•', '–', '·', '▪', '◦', '‣', '\u{f0b7}']);
    if rest.len() < start.len() {
        return before + start.len() - rest.len();
    }
    let open = start.trim_start_matches('(');
    let number = open.trim_start_matches(|c: char| c.is_ascii_digit());
    let letter = open.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(open);
    let after = if number.len() < open.len() { number } else { letter };
    match after.strip_prefix(['.', ')']) {
        // "1.5 days" and "e.g." are no marks.
        Some(rest) if after.len() < open.len() && (rest.is_empty() || rest.starts_with(char::is_whitespace)) => {
            before + start.len() - rest.len()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(text: &str, sentence: &str) -> (Vec<String>, bool) {
        let sentences = text::sentences(text);
        let at = sentences.iter().position(|s| &text[s.clone()] == sentence).unwrap();
        let (found, above) = introductions(text, &sentences, at);
        (found.into_iter().map(|i| text[sentences[i].clone()].to_owned()).collect(), above)
    }

    #[test]
    fn items_rows_and_their_further_sentences_have_an_introduction() {
        let text = "Notes. You may claim:\n- train tickets\n- hotel nights. Ask first.\n1. meals\nLevel: 1 | Days: 2\nEnd of it.";
        for sentence in ["- train tickets", "- hotel nights.", "Ask first.", "1. meals", "Level: 1 | Days: 2"] {
            assert_eq!(leads(text, sentence), (vec!["You may claim:".to_owned()], false), "{sentence}");
        }
        assert_eq!(leads(text, "End of it."), (vec![], false));
        assert_eq!(leads(text, "Notes."), (vec![], false));
    }

    #[test]
    fn a_list_within_a_list_has_two() {
        let text = "Employees must not:\n- at work:\n- play games\n- at home:\n- lend the laptop";
        assert_eq!(leads(text, "- play games"), (vec!["Employees must not:".to_owned(), "- at work:".to_owned()], false));
        assert_eq!(leads(text, "- lend the laptop"), (vec!["Employees must not:".to_owned(), "- at home:".to_owned()], false));
        let siblings = "You may claim:\n- trains\nYou must not claim:\n- minibars";
        assert_eq!(leads(siblings, "- minibars"), (vec!["You must not claim:".to_owned()], false));
    }

    #[test]
    fn lines_that_lost_their_marks_are_items_too() {
        let text = "Employees must not:\nshare passwords\nuse private devices\n\nThe next heading";
        assert_eq!(leads(text, "use private devices"), (vec!["Employees must not:".to_owned()], false));
        assert_eq!(leads(text, "The next heading"), (vec![], false));
    }

    #[test]
    fn a_text_may_begin_within_a_list() {
        assert_eq!(leads("- share passwords\n- lend keys\nAsk.", "- lend keys"), (vec![], true));
        assert_eq!(leads("A paragraph. Another.", "Another."), (vec![], false));
    }

    #[test]
    fn marks_are_told_from_words() {
        for (item, text) in [("- one", "one"), ("(a) one", "one"), ("12. one", "one"), ("b) one", "one"), ("• one", "one")] {
            assert!(is_item(item), "{item}");
            assert_eq!(without_mark(item), text);
        }
        for plain in ["1.5 days", "e.g. this", "one", "25 days", "(see below)"] {
            assert!(!is_item(plain), "{plain}");
            assert_eq!(without_mark(plain), plain);
        }
    }
}
