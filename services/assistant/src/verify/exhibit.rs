//! A quote as the verifier sees it.

use std::ops::Range;

use crate::{
    evidence::is_exception,
    lists::{introductions, without_mark},
};

#[derive(Clone, Debug)]
pub struct Exhibit {
    /// The number that it has in the prompt and in the answer.
    pub n: u32,
    pub text: String,
    /// Document title and headings.
    pub context: String,
    /// Bytes of `text`, a sentence each.
    pub sentences: Vec<Range<usize>>,
    /// For each sentence the lines that introduce its list, the outermost first.
    leads: Vec<Vec<String>>,
    /// One for each sentence, of length 1; empty where similarity is not to be looked at.
    pub vectors: Vec<Vec<f32>>,
}

impl Exhibit {
    /// `lead` is the line that introduces the list or table which the text was cut from the middle of.
    pub fn new(n: u32, text: String, context: String, lead: Option<&str>) -> Self {
        let sentences = text::sentences(&text);
        let leads = lead.map_or_else(|| leads(&text, &sentences), |lead| leads_below(lead, &text, &sentences));
        Self { n, text, context, sentences, leads, vectors: Vec::new() }
    }

    /// Sentences as they stand.
    pub fn plain(&self, window: &Range<usize>) -> &str {
        &self.text[self.sentences[window.start].start..self.sentences[window.end - 1].end]
    }

    /// Sentences as they are meant: each item read on from the lines that introduce it.
    pub fn governed(&self, window: &Range<usize>) -> String {
        let mut text = String::new();
        for at in window.clone() {
            if at > window.start {
                text.push_str(&self.text[self.sentences[at - 1].end..self.sentences[at].start]);
            }
            for lead in &self.leads[at] {
                text.push_str(lead.trim_end_matches([':', '：', ' ']));
                text.push(' ');
            }
            let sentence = &self.text[self.sentences[at].clone()];
            text.push_str(if self.leads[at].is_empty() { sentence } else { without_mark(sentence) });
        }
        text
    }

    /// The lines that introduce any of the sentences.
    pub fn leads(&self, window: &Range<usize>) -> impl Iterator<Item = &str> {
        self.leads[window.clone()].iter().flatten().map(String::as_str)
    }

    /// The sentences that limit what a window's first one says: within the window, right after it, or later in its paragraph.
    pub fn exceptions(&self, window: &Range<usize>) -> impl Iterator<Item = &str> {
        let sentence = |at: usize| &self.text[self.sentences[at].clone()];
        let same_line = |at: usize| !self.text[self.sentences[at - 1].end..self.sentences[at].start].contains('\n');
        let paragraph_end = (window.end..self.sentences.len()).find(|at| !same_line(*at)).unwrap_or(self.sentences.len());
        let below = (paragraph_end..self.sentences.len()).take_while(move |at| is_exception(sentence(*at)));
        (window.start + 1..paragraph_end).chain(below).map(sentence).filter(|s| is_exception(s))
    }
}

fn leads(text: &str, sentences: &[Range<usize>]) -> Vec<Vec<String>> {
    let of = |at| introductions(text, sentences, at).0;
    (0..sentences.len()).map(|at| of(at).into_iter().map(|i| without_mark(&text[sentences[i].clone()]).to_owned()).collect()).collect()
}

/// As [`leads`], where the text goes on below a line that is not part of it.
fn leads_below(lead: &str, text: &str, sentences: &[Range<usize>]) -> Vec<Vec<String>> {
    // The first sentence may be in the middle of an item: as an item it keeps those after it in the list.
    let whole = format!("{lead}\n- {text}");
    let text_at = whole.len() - text.len();
    let below = sentences.iter().map(|s| s.start + text_at..s.end + text_at);
    let mut ranges: Vec<_> = std::iter::once(0..lead.len()).chain(below).collect();
    if let Some(first) = ranges.get_mut(1) {
        first.start = lead.len() + 1;
    }
    leads(&whole, &ranges).split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_on_from_their_introduction() {
        let exhibit = Exhibit::new(1, "You must not:\n- lend keys. Ever.\n- share passwords".into(), String::new(), None);
        assert_eq!(exhibit.governed(&(3..4)), "You must not share passwords");
        assert_eq!(exhibit.plain(&(3..4)), "- share passwords");
        let within = Exhibit::new(1, "- lend keys\n- share passwords".into(), String::new(), Some("You must not:"));
        assert_eq!(within.governed(&(1..2)), "You must not share passwords");
    }

    #[test]
    fn a_cut_in_the_middle_of_a_list_keeps_its_introduction() {
        let middle = Exhibit::new(1, "Ask first.\n- share passwords\nThe end.".into(), String::new(), Some("You must not:"));
        assert_eq!(middle.governed(&(0..1)), "You must not Ask first.");
        assert_eq!(middle.governed(&(1..2)), "You must not share passwords");
        assert_eq!(middle.governed(&(2..3)), "The end.");
    }

    #[test]
    fn exceptions_follow_in_the_paragraph_or_right_below() {
        let exhibit = Exhibit::new(
            1,
            "Gifts are fine. Small ones. However, cash is not.\nExcept in coins.\nOther things.\nUnless old.".into(),
            String::new(),
            None,
        );
        assert_eq!(exhibit.exceptions(&(0..1)).collect::<Vec<_>>(), ["However, cash is not.", "Except in coins."]);
        assert_eq!(exhibit.exceptions(&(4..5)).collect::<Vec<_>>(), ["Unless old."]);
        assert_eq!(exhibit.exceptions(&(5..6)).count(), 0);
    }
}
