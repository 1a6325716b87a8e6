//! Whole sentences out of the pieces that a model writes, as soon as each is complete.

use crate::lists::without_mark;

/// A sentence as the model wrote it, without its footnote marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// The numbers in its marks: "[2]" or "[1, 3]".
    pub marks: Vec<u32>,
}

/// Collects pieces until a sentence is complete.
#[derive(Debug, Default)]
pub struct SentenceBuffer {
    text: String,
}

impl SentenceBuffer {
    /// Adds a piece; returns the sentences that it completed. A sentence is complete when the next has begun, because
    /// "1." may still become "1.5" and marks may follow the full stop.
    pub fn push(&mut self, piece: &str) -> Vec<Written> {
        self.text.push_str(piece);
        let ends = text::sentences(&self.text);
        // Marks belong to the sentence before them, so the next one has begun only with a letter or digit after them.
        let next =
            ends.last().filter(|_| ends.len() > 1).and_then(|last| self.text.get(last.start..)).map(|text| without_leading_marks(text).0);
        let complete = match next {
            Some(next) if next.starts_with(char::is_alphanumeric) => self.text.len() - next.len(),
            _ => self.text.rfind('\n').map_or(0, |at| at + 1),
        };
        let rest = self.text.split_off(complete);
        let done = std::mem::replace(&mut self.text, rest);
        cut(&done)
    }

    /// What is left when the model has stopped.
    pub fn finish(self) -> Vec<Written> {
        cut(&self.text)
    }
}

fn cut(text: &str) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for range in text::sentences(text) {
        let (rest, leading) = without_leading_marks(&text[range]);
        if let Some(before) = written.last_mut() {
            before.marks.extend(leading);
        }
        let (text, marks) = without_marks(rest);
        if !text.is_empty() {
            written.push(Written { text, marks });
        }
    }
    written
}

fn without_leading_marks(text: &str) -> (&str, Vec<u32>) {
    let mut rest = text.trim_start();
    let mut marks = Vec::new();
    while let Some((found, after)) = mark(rest) {
        marks.extend(found);
        rest = after.trim_start();
    }
    (rest, marks)
}

/// "[1]", "[1, 3]", "[1-3]" at the start of a text, and what follows it.
fn mark(text: &str) -> Option<(Vec<u32>, &str)> {
    let inside = text.strip_prefix('[')?;
    let (numbers, after) = inside.split_once(']')?;
    let parsed: Option<Vec<u32>> =
        numbers.split([',', ';', '-', ' ']).filter(|n| !n.is_empty()).map(|n| n.parse().ok().filter(|n| *n < 100)).collect();
    parsed.filter(|numbers| !numbers.is_empty()).map(|numbers| (numbers, after))
}

/// Takes marks out, with the space before them and list marks at the front.
fn without_marks(text: &str) -> (String, Vec<u32>) {
    let mut clean = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        clean.push_str(&rest[..at]);
        match mark(&rest[at..]) {
            Some((found, after)) => {
                marks.extend(found);
                clean.truncate(clean.trim_end().len());
                rest = after;
            }
            None => {
                clean.push('[');
                rest = &rest[at + 1..];
            }
        }
    }
    clean.push_str(rest);
    let clean = clean.trim().trim_start_matches(['-', '*', '•', '–']).trim().replace("**", "");
    // "3. You may …": an answer is no list. "A. Smith" may be a name.
    let is_numbered = clean.starts_with(|c: char| c.is_ascii_digit() || c == '(');
    let clean = if is_numbered { without_mark(&clean).to_owned() } else { clean };
    (without_lone_quotation_mark(clean), marks)
}

/// A model that copies the end of a quotation leaves its closing mark without the opening one.
fn without_lone_quotation_mark(mut sentence: String) -> String {
    const MARKS: [char; 7] = ['"', '\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '«', '»'];
    if sentence.ends_with(['"', '\u{201d}']) && sentence.matches(MARKS).count() == 1 {
        sentence.pop();
        sentence.truncate(sentence.trim_end().len());
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_quotation_mark_alone_is_left_out() {
        let texts = |piece: &str| written(&[piece]).into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(texts("Ask your doctor first.\""), ["Ask your doctor first."]);
        assert_eq!(texts("Ask your doctor first.\u{201d}"), ["Ask your doctor first."]);
        for whole in ["The rule is \"ask first.\"", "The rule is \u{201c}ask first.\u{201d}", "Regeln är \u{201d}fråga först.\u{201d}"] {
            assert_eq!(texts(whole), [whole]);
        }
    }

    fn written(pieces: &[&str]) -> Vec<Written> {
        let mut buffer = SentenceBuffer::default();
        let mut all: Vec<Written> = pieces.iter().flat_map(|p| buffer.push(p)).collect();
        all.extend(buffer.finish());
        all
    }

    fn one(text: &str, marks: &[u32]) -> Written {
        Written { text: text.to_owned(), marks: marks.to_vec() }
    }

    #[test]
    fn marks_go_to_their_sentence() {
        let expected = [one("You get 25 days.", &[1]), one("Five carry over.", &[2, 3])];
        assert_eq!(written(&["You get 25 ", "days [1]. ", "Five carry over. [2, 3]"]), expected);
        assert_eq!(written(&["You get 25 days. [1] Five", " carry over [2][3]."]), expected);
    }

    #[test]
    fn a_number_is_not_cut_at_its_point() {
        assert_eq!(written(&["You get 1.", "5 days. ", "Use them."]), [one("You get 1.5 days.", &[]), one("Use them.", &[])]);
    }

    #[test]
    fn a_sentence_comes_out_as_soon_as_the_next_begins() {
        let mut buffer = SentenceBuffer::default();
        assert_eq!(buffer.push("The first is done."), []);
        assert_eq!(buffer.push(" The"), [one("The first is done.", &[])]);
    }

    #[test]
    fn numbers_of_a_list_are_left_out() {
        let expected = [one("Lima has 25 days.", &[]), one("A. Smith leads it.", &[1]), one("12 days are left.", &[])];
        assert_eq!(written(&["1. Lima has 25 days.\n", "(b) A. Smith leads it. [1]\n12 days are left."]), expected);
    }

    #[test]
    fn other_brackets_stay() {
        assert_eq!(written(&["Use form [B-12] here."]), [one("Use form [B-12] here.", &[])]);
    }
}
