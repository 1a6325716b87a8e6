//! A quote as the verifier sees it.

use std::ops::Range;

use super::lead;
use crate::{
    evidence::is_exception,
    lists::{introduction, is_heading, is_item, without_mark},
    words::words,
};

/// Words of a label before a colon.
const LABEL_WORDS: usize = 5;

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
    /// What limits its last sentence, or is the rest of that, and stands in another quote.
    pub following: Option<String>,
    /// One for each sentence, of length 1; empty where similarity is not to be looked at.
    pub vectors: Vec<Vec<f32>>,
}

impl Exhibit {
    /// `lead` are the lines that introduce the list or table which the text was cut from the middle of. `context` is the
    /// document's title and its headings, a line each.
    pub fn new(n: u32, text: String, context: String, lead: Option<&str>) -> Self {
        let sentences = text::sentences(&text);
        let mut leads = lead.map_or_else(|| leads(&text, &sentences), |lead| leads_below(lead, &text, &sentences));
        let heading = context.lines().skip(1).last().filter(|heading| lead::denies(heading));
        for (leads, range) in leads.iter_mut().zip(&sentences) {
            let sentence = &text[range.clone()];
            // Below "Not covered" an item or a mere name of a thing says something only together with that.
            if let Some(heading) = heading.filter(|_| is_item(sentence) || lead::is_label(&words(sentence))) {
                leads.insert(0, heading.to_owned());
            }
            leads.extend(label(sentence).map(str::to_owned));
            // Headings are known to the reader as such, and are not of the list alone.
            leads.retain(|lead| lead::denies(lead) || !context.lines().any(|heading| heading == lead));
        }
        Self { n, text, context, sentences, leads, following: None, vectors: Vec::new() }
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
            let sentence = &self.text[self.sentences[at].clone()];
            let leads = || self.leads[at].iter().filter(|lead| !sentence.contains(lead.as_str()));
            for lead in leads() {
                // Within a sentence a colon would part it from what it governs.
                text.push_str(lead.replace([':', '：'], "").trim_end_matches(['.', ' ']));
                text.push(' ');
            }
            text.push_str(if leads().next().is_none() { sentence } else { without_mark(sentence) });
        }
        text
    }

    /// Whether a sentence is a line that heads what follows.
    pub fn is_heading(&self, at: usize) -> bool {
        is_heading(&self.text, &self.sentences, at)
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
    let line = |line: Range<usize>| without_mark(&text[sentences[line.start].start..sentences[line.end - 1].end]).to_owned();
    (0..sentences.len()).map(|at| introduction(text, sentences, at).lines.into_iter().map(line).collect()).collect()
}

/// As [`leads`], where the text goes on below lines that are not part of it.
fn leads_below(lead: &str, text: &str, sentences: &[Range<usize>]) -> Vec<Vec<String>> {
    // The first sentence may be in the middle of an item: as an item it keeps those after it in the list.
    let first = sentences.iter().map(|s| &text[s.clone()]).find(|s| is_item(s)).unwrap_or("- ");
    let mark = if is_item(text) { "" } else { &first[..first.len() - without_mark(first).len()] };
    let whole = format!("{lead}\n{mark}{text}");
    let text_at = whole.len() - text.len();
    let below = sentences.iter().map(|s| s.start + text_at..s.end + text_at);
    let mut ranges: Vec<_> = std::iter::once(0..lead.len()).chain(below).collect();
    if let Some(first) = ranges.get_mut(1) {
        first.start = lead.len() + 1;
    }
    leads(&whole, &ranges).split_off(1)
}

/// "Myth: …", "Part-time employees: …": the few words before a colon say of whom or what the rest holds.
fn label(sentence: &str) -> Option<&str> {
    let (label, rest) = without_mark(sentence).split_once(": ").filter(|_| !sentence.contains(" | "))?;
    let few = label.split_whitespace().count() <= LABEL_WORDS && rest.split_whitespace().count() >= 3;
    let label = &sentence[sentence.find(label)?..];
    few.then(|| &label[..label.len() - rest.len() - 1])
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
