//! The sentences of the retrieved passages that are worth a closer look.

use std::{collections::BTreeSet, ops::Range};

use super::apparatus::is_apparatus;
use crate::{
    lists::{ends_in_colon, is_heading},
    words::{content_stems, coverage},
};

/// A retrieved passage as far as the choice of evidence needs it.
#[derive(Clone, Debug)]
pub struct Source {
    pub text: String,
    pub title: String,
    pub headings: Vec<String>,
    /// Names the page that it is of; of a document without pages, the section.
    pub page: String,
    /// Bytes of `text`, a sentence or list item each, in their order.
    pub sentences: Vec<Range<usize>>,
}

impl Source {
    pub fn new(text: String, title: String, headings: Vec<String>, page: String) -> Self {
        let sentences = text::sentences(&text);
        Self { text, title, headings, page, sentences }
    }

    pub fn sentence(&self, at: usize) -> &str {
        &self.text[self.sentences[at].clone()]
    }

    /// The line that a sentence is on.
    pub fn line_of(&self, at: usize) -> &str {
        let Range { start, end } = self.sentences[at].clone();
        let from = self.text[..start].rfind('\n').map_or(0, |before| before + 1);
        let to = self.text[end..].find('\n').map_or(self.text.len(), |after| end + after);
        &self.text[from..to]
    }

    /// Title and headings: what the text is about without saying so in every sentence.
    pub fn context(&self) -> String {
        let mut context = self.title.clone();
        for heading in &self.headings {
            context.push_str(" > ");
            context.push_str(heading);
        }
        context
    }
}

/// A sentence of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Candidate {
    /// Index of the source; sources come best first.
    pub source: usize,
    /// Index of the sentence.
    pub sentence: usize,
}

/// The most promising sentences by their words and by the rank of their passage, so that one of a first passage which shares no
/// word with the question can still be found by its meaning.
pub fn candidates(sources: &[Source], question: &BTreeSet<String>, most: usize) -> Vec<Candidate> {
    let mut scored: Vec<(f32, Candidate)> = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let rank = 1.0 / (1.0 + at as f32 / 4.0);
        let context = content_stems(&source.context());
        for sentence in 0..source.sentences.len() {
            let text = source.sentence(sentence);
            let stems = content_stems(text);
            // A line that repeats its headings tells nothing but those; one alone may tell all: "Head of HR: Maria Silva".
            let is_one = || source.headings.iter().any(|heading| heading == text.trim());
            let tells = text.contains(|c: char| c.is_ascii_digit() || c == '@') || (text.contains(':') && is_one());
            let repeats = !tells && !stems.is_empty() && !text.trim_end().ends_with(ENDS) && stems.is_subset(&context);
            // One that opens a list brings its items.
            let heads = !ends_in_colon(text) && is_heading(&source.text, &source.sentences, sentence);
            if repeats || heads || is_heading_like(text) || is_apparatus(source, sentence) {
                continue;
            }
            let lexical = coverage(question, &stems);
            scored.push((lexical + 0.5 * rank, Candidate { source: at, sentence }));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

/// What a line ends with that is more than a label.
const ENDS: [char; 7] = ['.', '!', ':', ';', '。', '！', '；'];

/// A line that answers nothing: a heading, a page number, a lone label.
fn is_heading_like(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let ends = text.trim_end().ends_with(ENDS);
    let value = text.contains(|c: char| c.is_ascii_digit() || c == '|' || c == ':' || c == '@');
    text.chars().filter(|c| c.is_alphanumeric()).count() < 3
        || (words <= 3 && !ends && !value && text.is_ascii())
        || text.trim_end().ends_with('?')
}

/// What is embedded for a candidate: its innermost heading says what "it" is.
pub fn text_to_embed(source: &Source, sentence: usize) -> String {
    let about = source.headings.last().unwrap_or(&source.title);
    let mut text: String = about.chars().take(80).collect();
    text.push_str(": ");
    text.extend(source.sentence(sentence).chars().take(600));
    text
}
