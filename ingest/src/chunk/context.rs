//! Where a passage stands, in one line.

/// A title or heading alone may take about this many tokens, all of them together twice that.
const MAX_PART: usize = 20;
const MAX_HEADER: usize = 40;

/// "Title > Heading > Subheading", at most about 40 tokens: the outer headings go first, then parts are cut.
///
/// Repetitions (a first heading that is the title) are left out.
#[must_use]
pub fn context_header(title: &str, headings: &[String]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in std::iter::once(title).chain(headings.iter().map(String::as_str)) {
        let part = part.trim();
        if !part.is_empty() && parts.last().is_none_or(|last| !last.eq_ignore_ascii_case(part)) {
            parts.push(shortened(part));
        }
    }
    let cost = |parts: &[String]| parts.iter().map(|p| estimate(p) + 1).sum::<usize>();
    let mut left_out = false;
    while parts.len() > 2 && cost(&parts) > MAX_HEADER {
        parts.remove(1);
        left_out = true;
    }
    if left_out && parts.len() > 1 {
        parts.insert(1, "…".to_owned());
    }
    parts.join(" > ")
}

/// Cut at a word, with an ellipsis.
fn shortened(part: &str) -> String {
    if estimate(part) <= MAX_PART {
        return part.to_owned();
    }
    let mut kept = String::new();
    for word in part.split_inclusive(' ') {
        if estimate(&kept) + estimate(word) > MAX_PART {
            break;
        }
        kept.push_str(word);
    }
    if kept.is_empty() {
        kept = part.chars().take(MAX_PART).collect();
    }
    format!("{}…", kept.trim_end())
}

/// Tokens, roughly: a word of common letters takes one for about five, anything else one a character.
fn estimate(text: &str) -> usize {
    let word = |word: &str| {
        let letters = word.chars().filter(char::is_ascii_alphabetic).count();
        letters.div_ceil(5) + word.chars().count() - letters
    };
    text.split_whitespace().map(word).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn title_and_headings_in_one_line() {
        assert_eq!(context_header("Leave", &headings(&["leave", "Carry-over"])), "Leave > Carry-over");
        assert_eq!(context_header("", &headings(&["A", "B"])), "A > B");
        assert_eq!(context_header("Leave", &[]), "Leave");
    }

    #[test]
    fn long_contexts_are_shortened() {
        let long = "word ".repeat(60);
        let header = context_header(&long, &headings(&[&long, &long, "Last"]));
        assert!(
            header.ends_with(
                "> … > word word word word word word word word word word word word word word word word word word word word… > Last"
            ) || header.ends_with("> … > Last"),
            "{header}"
        );
        assert!(estimate(&header) <= MAX_HEADER + 6, "{header}");
        assert!(estimate(&context_header(&"休".repeat(500), &[])) <= MAX_PART + 1);
    }
}
