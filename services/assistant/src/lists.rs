//! Lists and tables in plain text: which lines introduce an item or row. An item must not be read without them: "Employees
//! must not:" turns everything below it round.

use std::ops::Range;

use crate::words::words;

/// The lines that introduce a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Indices of their sentences, a line each, the outermost first.
    pub lines: Vec<Range<usize>>,
    /// The text begins within the list: a further line may stand above it.
    pub above: bool,
}

/// Words of a line that counts as an item though nothing marks it: extraction loses the marks of some lists.
const ITEM_WORDS: usize = 12;
/// Bytes of a line above a list that still is its introduction; of a longer one it is the last sentence.
const LONGEST_LINE: usize = 400;
/// Lines of a list that are looked at: a longer one is searched no further up.
const MOST_LINES: usize = 2000;

/// A text cut into its lines.
struct Lines<'a> {
    text: &'a str,
    sentences: &'a [Range<usize>],
}

/// Finds the lines that introduce sentence `at`. An item is introduced by the line above its list, whatever that ends
/// with, and by the items that it is subordinate to; a row of a table and any other line by one that ends in a colon.
pub fn introduction(text: &str, sentences: &[Range<usize>], at: usize) -> Introduction {
    let lines = Lines { text, sentences };
    let line = lines.start_of(at);
    match mark(lines.line(line)) {
        Some(_) => lines.of_item(line),
        None if is_row(lines.line(line)) => lines.of_row(line),
        None => lines.of_plain_line(line),
    }
}

impl Lines<'_> {
    /// The first sentence of the line that a sentence is on.
    fn start_of(&self, mut at: usize) -> usize {
        while at > 0 && !self.between(at - 1).contains('\n') {
            at -= 1;
        }
        at
    }

    /// What stands between a sentence and the next.
    fn between(&self, at: usize) -> &str {
        &self.text[self.sentences[at].end..self.sentences[at + 1].start]
    }

    /// The first sentence of the line above.
    fn above(&self, line: usize) -> Option<usize> {
        line.checked_sub(1).map(|last| self.start_of(last))
    }

    /// The text of a line, given its first sentence.
    fn line(&self, line: usize) -> &str {
        &self.text[self.sentences[line].start..self.sentences[self.end_of(line) - 1].end]
    }

    /// A line as an introduction, given its first sentence and the one after its last.
    fn introducing(&self, line: usize, end: usize) -> Range<usize> {
        let length = self.sentences[end - 1].end - self.sentences[line].start;
        if length <= LONGEST_LINE { line..end } else { end - 1..end }
    }

    fn of_item(&self, line: usize) -> Introduction {
        // The list from bottom to top, and what stands above it.
        let mut items = vec![line];
        let mut top = line;
        let (mut lead, mut between) = (None, None);
        while let Some(above) = self.above(top) {
            if items.len() > MOST_LINES {
                break;
            }
            if mark(self.line(above)).is_some() {
                items.push(above);
            } else {
                let introducing = self.introducing(above, top);
                match self.parts_a_list(above, top) {
                    None => {
                        lead = Some(introducing);
                        break;
                    }
                    Some(same_list) => between = between.or((!same_list).then_some(introducing)),
                }
            }
            top = above;
        }
        let above = lead.is_none() && items.len() <= MOST_LINES;
        items.reverse();
        let superior = self.superiors(&items).into_iter().map(|item| self.introducing(item, self.end_of(item)));
        Introduction { lines: lead.into_iter().chain(between).chain(superior).collect(), above }
    }

    /// Whether a line without a mark stands within a list, and if so whether that is certain: the number below goes on
    /// from above. Below a bullet it may be a further paragraph of the item above or introduce a list of its own; a short line
    /// without a full stop always does.
    fn parts_a_list(&self, line: usize, below: usize) -> Option<bool> {
        let (kind, _) = mark(self.line(below))?;
        let (above, _) = mark(self.line(self.above(line)?))?;
        let first = without_brackets(self.line(below));
        let opens = ends_in_colon(self.line(line)) || is_bare(self.line(line));
        let goes_on = !matches!(kind, Kind::Bullet(_)) && !matches!(first, "1" | "a" | "A" | "i" | "I");
        (above == kind && !opens).then_some(goes_on)
    }

    /// The sentence after the last one of a line, given its first.
    fn end_of(&self, line: usize) -> usize {
        (line..self.sentences.len() - 1).find(|at| self.between(*at).contains('\n')).map_or(self.sentences.len(), |last| last + 1)
    }

    /// The items that the last one is subordinate to, the outermost first: those with a mark that the list used earlier
    /// than its own, and the nearest one that ends in a colon.
    fn superiors(&self, items: &[usize]) -> Vec<usize> {
        let mut kinds: Vec<Kind> = Vec::new();
        let levels: Vec<usize> = items
            .iter()
            .filter_map(|item| mark(self.line(*item)))
            .map(|(kind, _)| {
                kinds.iter().position(|k| *k == kind).unwrap_or_else(|| {
                    kinds.push(kind);
                    kinds.len() - 1
                })
            })
            .collect();
        let mut level = levels.last().copied().unwrap_or_default();
        let mut found = Vec::new();
        for at in (0..items.len().saturating_sub(1)).rev() {
            let opens = ends_in_colon(self.line(items[at])) && levels[at] == level && levels[at + 1] == level;
            if levels[at] < level || (opens && found.is_empty()) {
                level = levels[at];
                found.push(items[at]);
            }
        }
        found.reverse();
        found
    }

    fn of_row(&self, line: usize) -> Introduction {
        let mut top = line;
        while let Some(above) = self.above(top) {
            if !is_row(self.line(above)) {
                let introduces = ends_in_colon(self.line(above)) && mark(self.line(above)).is_none();
                return Introduction { lines: introduces.then(|| self.introducing(above, top)).into_iter().collect(), above: false };
            }
            top = above;
        }
        Introduction { lines: Vec::new(), above: true }
    }

    fn of_plain_line(&self, line: usize) -> Introduction {
        let mut low = line;
        while let Some(above) = self.above(low) {
            if ends_in_colon(self.line(above)) && mark(self.line(above)).is_none() {
                return Introduction { lines: vec![self.introducing(above, low)], above: false };
            }
            let current = self.line(low);
            let new_block = self.between(low - 1).matches('\n').count() > 1;
            if mark(current).is_none() && (new_block || !is_bare(current)) {
                break;
            }
            low = above;
        }
        Introduction::default()
    }
}

/// Whether a sentence is a line that heads what follows, as far as its form tells: short, without a full stop, its words capitalised, apart
/// from what stands above it, and above lines of another kind or none. Of several short lines in a row each is an item that lost its mark.
pub fn is_heading(text: &str, sentences: &[Range<usize>], at: usize) -> bool {
    let lines = Lines { text, sentences };
    // "Head of People: M. Silva", "Room 12" tell something.
    let tells = |line: &str| {
        let line = line.trim_end().trim_end_matches([':', '：']);
        line.contains(|c: char| c.is_ascii_digit() || matches!(c, ':' | '：' | '@'))
    };
    let heads = |line: &str| is_bare(line) && !is_item(line) && !tells(line);
    let is_apart = at == 0 || lines.between(at - 1).matches('\n').count() > 1;
    let stands_alone = at + 1 == sentences.len() || lines.between(at).matches('\n').count() > 1;
    let line = &text[sentences[at].clone()];
    // "C. Seclusion" heads what follows as well, unless it is an item among others.
    let is_numbered = matches!(mark(line), Some((Kind::Capital(..) | Kind::Number(..), _)));
    let unnumbered = if is_numbered { without_mark(line) } else { line };
    let is_one_of_several = |other: Option<usize>| {
        let other = other.filter(|other| *other < sentences.len()).map(|other| lines.line(other));
        other.is_some_and(|other| if is_numbered { is_item(other) && heads(without_mark(other)) } else { heads(other) })
    };
    sentences.len() > 1
        && is_apart
        && stands_alone
        && heads(unnumbered)
        && is_capitalised(unnumbered)
        && !is_one_of_several(Some(at + 1))
        && !is_one_of_several(lines.above(at))
}

/// Whether a line is an item that goes on with the list that another ends with.
pub fn is_next_item(before: &str, item: &str) -> bool {
    let is_first = match without_brackets(item) {
        "1" | "a" | "A" => true,
        "i" => without_brackets(before) != "h",
        "I" => without_brackets(before) != "H",
        _ => false,
    };
    is_same_kind(before, item) && !is_first
}

/// Whether a line is an item with a number or letter.
pub fn is_numbered(line: &str) -> bool {
    mark(line).is_some_and(|(kind, _)| !matches!(kind, Kind::Bullet(_)))
}

/// Whether two lines are items with marks of one kind.
pub fn is_same_kind(item: &str, other: &str) -> bool {
    mark(item).zip(mark(other)).is_some_and(|((one, _), (other, _))| one == other)
}

/// As titles are written. What is not written in letters of two cases is not.
fn is_capitalised(line: &str) -> bool {
    let words = words(line);
    words.iter().any(|word| word.content)
        && words.iter().filter(|word| word.content).all(|word| line[word.range.clone()].starts_with(char::is_uppercase))
}

/// Or in a dash, as statutes introduce their paragraphs.
pub fn ends_in_colon(line: &str) -> bool {
    line.trim_end().ends_with([':', '：', '—'])
}

/// A line of several words that is written as titles are.
pub fn is_title(line: &str) -> bool {
    is_bare(line) && is_capitalised(line) && line.split_whitespace().count() > 1
}

/// A short line without a full stop.
fn is_bare(line: &str) -> bool {
    !line.trim_end().ends_with(['.', '!', '?', '。', '！', '？']) && line.split_whitespace().count() <= ITEM_WORDS
}

/// Extraction parts the cells of a row by bars.
pub fn is_row(line: &str) -> bool {
    line.contains(" | ")
}

/// An item of a list or a row of a table.
pub fn is_item(line: &str) -> bool {
    mark(line).is_some() || is_row(line)
}

/// An item without its bullet or number.
pub fn without_mark(line: &str) -> &str {
    mark(line).map_or(line, |(_, len)| line[len..].trim_start())
}

/// The number or letter of a mark.
fn without_brackets(line: &str) -> &str {
    line.trim_start().split(char::is_whitespace).next().unwrap_or_default().trim_matches(['(', ')', '.'])
}

/// The kind of a list's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bullet(char),
    /// By the signs around it: "1.", "(1)", "1.2)".
    Number(bool, char),
    /// Letters and small Roman numbers, which can't always be told apart.
    Small(bool, char),
    Capital(bool, char),
}

/// Bullets of text files, office programs and their symbol fonts.
const BULLETS: [char; 32] = [
    '•', '●', '○', '◦', '■', '□', '▪', '▫', '◼', '◾', '◆', '◇', '❖', '‣', '➢', '➤', '➔', '►', '▶', '→', '·', '∙', '☐', '☑', '☒', '✓', '✔',
    '✗', '✘', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}',
];

/// The mark at the start of a line and where the text after it begins.
fn mark(line: &str) -> Option<(Kind, usize)> {
    let start = line.trim_start();
    let before = line.len() - start.len();
    let first = start.chars().next()?;
    if BULLETS.contains(&first) {
        return Some((Kind::Bullet(first), before + first.len_utf8()));
    }
    let word = start.split(char::is_whitespace).next()?;
    // A word needs white space after it: "-5", "*note*", "e.g." are no marks.
    if matches!(word, "-" | "*" | "+" | "–" | "—" | "o") && word.len() < start.len() {
        return Some((Kind::Bullet(first), before + word.len()));
    }
    let open = word.starts_with('(');
    let close = word.chars().next_back().filter(|c| matches!(c, '.' | ')'))?;
    let inner = word.strip_prefix('(').unwrap_or(word).strip_suffix(close)?;
    let counts = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let single = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = |part: &str| (2..=5).contains(&part.len()) && part.bytes().all(|b| matches!(b, b'i' | b'v' | b'x' | b'I' | b'V' | b'X'));
    // "1.b" is a mark, "e.g" and "U.S" are none.
    let parts = inner.split('.').all(|part| counts(part) || single(part) || roman(part));
    if !parts || (inner.contains('.') && !inner.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let kind = match inner.chars().next_back() {
        Some(c) if c.is_ascii_digit() => Kind::Number(open, close),
        Some(c) if c.is_ascii_lowercase() => Kind::Small(open, close),
        _ => Kind::Capital(open, close),
    };
    Some((kind, before + word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(text: &str, sentence: &str) -> (Vec<String>, bool) {
        let sentences = text::sentences(text);
        let at = sentences.iter().position(|s| &text[s.clone()] == sentence).unwrap();
        let found = introduction(text, &sentences, at);
        let line = |line: Range<usize>| text[sentences[line.start].start..sentences[line.end - 1].end].to_owned();
        (found.lines.into_iter().map(line).collect(), found.above)
    }

    #[test]
    fn items_rows_and_their_further_sentences_have_an_introduction() {
        let text = "Notes. You may claim:\n- train tickets\n- hotel nights. Ask first.\n- meals\nEnd of it.";
        for sentence in ["- train tickets", "- hotel nights.", "Ask first.", "- meals"] {
            assert_eq!(leads(text, sentence), (vec!["Notes. You may claim:".to_owned()], false), "{sentence}");
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
    fn marks_tell_levels() {
        let text = "Notice periods.\n\n• Contractors\n◦ two weeks\n• Employees\n◦ three months\n◦ four months\n• Nobody else";
        let of = |sentence: &str| leads(text, sentence).0.join(" / ");
        assert_eq!(of("◦ two weeks"), "Notice periods. / • Contractors");
        assert_eq!(of("◦ four months"), "Notice periods. / • Employees");
        assert_eq!(of("• Nobody else"), "Notice periods.");
    }

    #[test]
    fn any_line_above_a_list_introduces_it() {
        let text = "Some costs are not paid. These are among them.\n\n• minibars\n• fines";
        assert_eq!(leads(text, "• fines").0, ["Some costs are not paid. These are among them."]);
        assert_eq!(leads("Days:\n\nLevel: 1 | Days: 2\nLevel: 2 | Days: 3", "Level: 2 | Days: 3").0, ["Days:"]);
        let parted = "You must not:\n\n- a\n\nYou may bring these.\n\n- c";
        assert_eq!(leads(parted, "- c").0, ["You must not:", "You may bring these."], "either may hold");
        assert_eq!(leads("You must not:\n\n- a\n\nTips for everybody\n\n- c", "- c").0, ["Tips for everybody"]);
        let numbered = "You must not:\n\n1. a\n\nThat is bad.\n\n2. c";
        assert_eq!(leads(numbered, "2. c").0, ["You must not:"]);
        assert_eq!(leads("You must not:\n\n- a\n\nYou may:\n\n- c", "- c").0, ["You may:"]);
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
    fn headings_are_told_from_items_by_what_is_around_them() {
        let of = |text: &str| -> Vec<String> {
            let sentences = text::sentences(text);
            (0..sentences.len()).filter(|at| is_heading(text, &sentences, *at)).map(|at| text[sentences[at].clone()].to_owned()).collect()
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(of("Pay comes monthly.\n\nOther Plans\n\nAsk us."), vec!["Other Plans"]);
        assert_eq!(of("Pay comes monthly.\n\nOther Plans"), vec!["Other Plans"]);
        assert_eq!(of("Pay comes monthly.\n\nData Audits:\n\nAudits are regular."), vec!["Data Audits:"]);
        assert_eq!(of("Staff get:\n\nA laptop\n\nA phone\n\nAsk us."), none);
        assert_eq!(of("Rates\n\nYear: 1 | Days: 2\nYear: 2 | Days: 3"), vec!["Rates"]);
        assert_eq!(of("A line of a text\nthat goes on. Ask us."), none);
        for statement in ["Staff are paid", "No smoking in any building", "Hunde dürfen nicht ins Büro", "禁止吸烟"] {
            assert_eq!(of(&format!("{statement}\n\nAsk us.")), none);
        }
        assert_eq!(of("Head of People: M. Silva\n\nAsk us."), none);
        assert_eq!(of("Ask us first.\n\nC. Other Plans\n\nPay comes monthly."), vec!["C. Other Plans"]);
        assert_eq!(of("Ask us first.\n\nC. Other Plans"), vec!["C. Other Plans"]);
        assert_eq!(of("B. Ask us first, whatever it is.\n\nC. Other Plans\n\nPay comes monthly."), vec!["C. Other Plans"]);
        assert_eq!(of("Staff get these.\n\n1. Laptops\n\n2. Phones\n\nAsk us."), none);
        assert_eq!(of("Ask us first.\n\n• Other Plans\n\nPay comes monthly."), none);
        assert_eq!(of("Maria Silva"), none);
    }

    #[test]
    fn a_list_goes_on_with_the_same_mark() {
        for (before, item) in [("(A) one", "(B) two"), ("• one", "• two"), ("2. one", "3. two"), ("(h) one", "(i) two")] {
            assert!(is_next_item(before, item), "{item}");
        }
        for (before, item) in [("(A) one", "• two"), ("3. one", "1. two"), ("ii. one", "i. two"), ("one", "• two"), ("• one", "two")]
        {
            assert!(!is_next_item(before, item), "{item}");
        }
    }

    #[test]
    fn marks_are_told_from_words() {
        for (item, text) in [
            ("- one", "one"),
            ("(a) one", "one"),
            ("12. one", "one"),
            ("b) one", "one"),
            ("• one", "one"),
            ("(ii) one", "one"),
            ("B. one", "one"),
            ("1.2) one", "one"),
            ("1.b) one", "one"),
            ("●one", "one"),
            ("o one", "one"),
        ] {
            assert!(is_item(item), "{item}");
            assert_eq!(without_mark(item), text);
        }
        for plain in ["1.5 days", "e.g. this", "one", "25 days", "(see below)", "-5 degrees", "*note* this", "1.2 Rules", "Inc. is"] {
            assert!(!is_item(plain), "{plain}");
            assert_eq!(without_mark(plain), plain);
        }
    }
}
