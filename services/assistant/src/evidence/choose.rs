//! From scored sentences to a handful of quotes that belong together.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use super::candidates::{Candidate, Source};
use crate::{
    lists::{ends_in_colon, introduction, is_item, is_row, without_mark},
    words::{content_stems, coverage},
};

/// A sentence with how well it answers the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub candidate: Candidate,
    /// Cosine of question and sentence.
    pub similarity: f32,
    /// Share of the question's content words, by weight, that the sentence, the candidates beside it and its headings have.
    pub coverage: f32,
    pub score: f32,
}

/// A stretch of a source worth quoting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub source: usize,
    /// Indices of its sentences.
    pub sentences: Range<usize>,
}

impl Excerpt {
    /// Bytes of the source's text.
    pub fn range(&self, sources: &[Source]) -> Range<usize> {
        let sentences = &sources[self.source].sentences;
        sentences[self.sentences.start].start..sentences[self.sentences.end - 1].end
    }

    pub fn text<'a>(&self, sources: &'a [Source]) -> &'a str {
        &sources[self.source].text[self.range(sources)]
    }
}

/// How much the words count beside the meaning, and the passage's rank beside both. Found on the sets that decision 0024 names:
/// from 0.3 to 0.5 for the words, and from 0.1 to 0.5 for the rank, they are all but equal.
const SIMILARITY: f32 = 0.6;
const COVERAGE: f32 = 0.4;
const RANK: f32 = 0.3;
/// A sentence this much weaker than the best is no evidence beside it.
const FAR_BEHIND: f32 = 0.3;
/// Longest quote in characters that neighbours may make of a sentence.
const LONGEST: usize = 700;

/// Scores candidates, given the cosine of each with the question.
pub fn score(sources: &[Source], candidates: &[Candidate], similarities: &[f32], question: &BTreeSet<String>) -> Vec<Scored> {
    let stems_of: HashMap<Candidate, BTreeSet<String>> =
        candidates.iter().map(|candidate| (*candidate, content_stems(sources[candidate.source].sentence(candidate.sentence)))).collect();
    let context: Vec<BTreeSet<String>> = sources.iter().map(|source| content_stems(&source.context())).collect();
    let mut scored: Vec<Scored> = candidates
        .iter()
        .zip(similarities)
        .map(|(candidate, similarity)| {
            // What a sentence leaves out, the one before it has said. A row of a table is a record of its own.
            let beside = if is_row(sources[candidate.source].sentence(candidate.sentence)) { 0 } else { 1 };
            let around = candidate.sentence.saturating_sub(beside)..=candidate.sentence + beside;
            let near = around.filter_map(|sentence| stems_of.get(&Candidate { sentence, ..*candidate }));
            let stems: BTreeSet<String> = near.flatten().chain(&context[candidate.source]).cloned().collect();
            let coverage = coverage(question, &stems);
            let rank = RANK / (1.0 + candidate.source as f32 / 3.0);
            Scored { candidate: *candidate, similarity: *similarity, coverage, score: SIMILARITY * similarity + COVERAGE * coverage + rank }
        })
        .collect();
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.candidate.cmp(&b.candidate)));
    scored
}

/// The best sentences with the neighbours that they need, each text once and each page once, best first: what else a page says
/// is a click away, what another page says is not.
pub fn choose(sources: &[Source], scored: &[Scored], most: usize) -> Vec<Excerpt> {
    let Some(best) = scored.first() else { return Vec::new() };
    let mut excerpts: Vec<Excerpt> = Vec::new();
    for scored in scored.iter().take_while(|s| s.score >= best.score - FAR_BEHIND) {
        let excerpt = with_its_neighbours(sources, scored.candidate);
        let same_page = |known: &Excerpt| sources[known.source].page == sources[excerpt.source].page;
        if joined(sources, &mut excerpts, &excerpt) || excerpts.iter().any(same_page) || is_repeated(sources, &excerpts, &excerpt) {
            continue;
        }
        if excerpts.len() == most {
            break;
        }
        excerpts.push(excerpt);
    }
    excerpts
}

/// Adds a sentence with the neighbours that it needs, unless its text is there.
pub fn add(sources: &[Source], excerpts: &mut Vec<Excerpt>, candidate: Candidate) {
    let excerpt = with_its_neighbours(sources, candidate);
    if !joined(sources, excerpts, &excerpt) && !is_repeated(sources, excerpts, &excerpt) {
        excerpts.push(excerpt);
    }
}

fn with_its_neighbours(sources: &[Source], candidate: Candidate) -> Excerpt {
    Excerpt { source: candidate.source, sentences: with_neighbours(&sources[candidate.source], candidate.sentence) }
}

/// Grows an excerpt of the same source that overlaps or touches, where the whole stays short enough.
fn joined(sources: &[Source], excerpts: &mut [Excerpt], new: &Excerpt) -> bool {
    let touches = |e: &Excerpt| e.source == new.source && e.sentences.start <= new.sentences.end && new.sentences.start <= e.sentences.end;
    for known in excerpts.iter_mut().filter(|e| touches(e)) {
        let union = known.sentences.start.min(new.sentences.start)..known.sentences.end.max(new.sentences.end);
        if union == known.sentences {
            return true;
        }
        let overlaps = known.sentences.start < new.sentences.end && new.sentences.start < known.sentences.end;
        if overlaps || length(&sources[known.source], &union) <= LONGEST {
            known.sentences = union;
            return true;
        }
    }
    false
}

/// The same text in another document or revision adds nothing.
fn is_repeated(sources: &[Source], excerpts: &[Excerpt], new: &Excerpt) -> bool {
    let plain = |e: &Excerpt| e.text(sources).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let text = plain(new);
    excerpts.iter().map(plain).any(|known| known.contains(&text))
}

fn length(source: &Source, sentences: &Range<usize>) -> usize {
    source.sentences[sentences.end - 1].end - source.sentences[sentences.start].start
}

/// What must be read with a sentence: the line that opens its list or table or the items and rows that it opens, the
/// sentence that "this" points to, and what follows in its paragraph and points back to it, exceptions first of all.
fn with_neighbours(source: &Source, at: usize) -> Range<usize> {
    let mut range = at..at + 1;
    let fits = |range: &Range<usize>| length(source, range) <= LONGEST;
    let text = source.sentence(at);
    let intro = introduction(&source.text, &source.sentences, at)
        .lines
        .into_iter()
        .next()
        .filter(|line| ends_in_colon(source.sentence(line.end - 1)));
    if let Some(intro) = intro.map(|line| line.start).filter(|start| fits(&(*start..range.end))) {
        range.start = intro;
    } else if points_back(text) && at > 0 && fits(&(at - 1..range.end)) {
        range.start = at - 1;
    }
    // "No." before it says more than it does; and the question before that says what is denied.
    if range.start > 0 && is_yes_or_no(source.sentence(range.start - 1)) && fits(&(range.start - 1..range.end)) {
        range.start -= 1;
        if range.start > 0 && source.sentence(range.start - 1).trim_end().ends_with('?') && fits(&(range.start - 1..range.end)) {
            range.start -= 1;
        }
    }
    if text.trim_end().ends_with(':') {
        while range.end < source.sentences.len() && is_item(source.sentence(range.end)) && fits(&(range.start..range.end + 1)) {
            range.end += 1;
        }
        // An introduction alone says nothing: the line after it comes along whatever it is.
        if range.end == at + 1 && range.end < source.sentences.len() && fits(&(range.start..range.end + 1)) {
            range.end += 1;
        }
    }
    while range.end < source.sentences.len() && belongs_to_the_one_before(source, range.end) && fits(&(range.start..range.end + 1)) {
        range.end += 1;
    }
    range
}

fn belongs_to_the_one_before(source: &Source, at: usize) -> bool {
    let text = source.sentence(at);
    let same_line = !source.text[source.sentences[at - 1].end..source.sentences[at].start].contains('\n');
    is_exception(text) || (same_line && points_back(text))
}

const EXCEPTIONS: [&str; 14] = [
    "however",
    "unless",
    "except",
    "otherwise",
    "exceptions",
    "exception",
    "but",
    "notwithstanding",
    "nevertheless",
    "this does not",
    "this rule does not",
    "this excludes",
    "only",
    "provided",
];
const POINTING_BACK: [&str; 21] = [
    "its",
    "their",
    "also",
    "additionally",
    "therefore",
    "however",
    "unless",
    "except",
    "otherwise",
    "this",
    "these",
    "that",
    "those",
    "it",
    "they",
    "he",
    "she",
    "such",
    "but",
    "in this case",
    "in that case",
];

/// Whether a sentence limits the one before it.
pub fn is_exception(text: &str) -> bool {
    opens_with(text, &EXCEPTIONS)
}

/// Whether a sentence opens with what only the sentence before it explains.
pub fn points_back(text: &str) -> bool {
    opens_with(text, &POINTING_BACK)
}

fn is_yes_or_no(text: &str) -> bool {
    matches!(text.trim().trim_end_matches(['.', '!', ',']).to_lowercase().as_str(), "yes" | "no")
}

fn opens_with(text: &str, openings: &[&str]) -> bool {
    // "2. Notwithstanding paragraph 1 …", "(b) however, …": behind the number of its paragraph.
    let unmarked = without_mark(text).trim_start_matches(|c: char| !c.is_alphanumeric());
    let lower = unmarked.to_lowercase();
    let follows = |opening: &str| lower.strip_prefix(opening).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    openings.iter().any(|opening| follows(opening))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new(text.to_owned(), "Handbook".to_owned(), vec![], text.to_owned())
    }

    fn quote(text: &str, sentence: usize) -> String {
        let source = source(text);
        let range = with_neighbours(&source, sentence);
        source.text[source.sentences[range.start].start..source.sentences[range.end - 1].end].to_owned()
    }

    #[test]
    fn exceptions_come_along_with_their_rule() {
        let text = "Gifts may be accepted. However, cash may not. Unless it is a coin. Report all gifts.";
        assert_eq!(quote(text, 0), "Gifts may be accepted. However, cash may not. Unless it is a coin.");
        assert_eq!(quote(text, 1), "Gifts may be accepted. However, cash may not. Unless it is a coin.");
        assert_eq!(quote(text, 3), "Report all gifts.");
        let numbered = "1. The language is that of the first court.\n2. Notwithstanding paragraph 1 the parties may agree on another.";
        assert_eq!(quote(numbered, 0), numbered);
    }

    #[test]
    fn list_items_come_with_their_introduction() {
        let text = "You may claim:\n- train tickets\n- hotel nights\nAsk your manager first.";
        assert_eq!(quote(text, 2), "You may claim:\n- train tickets\n- hotel nights");
        assert_eq!(quote(text, 0), "You may claim:\n- train tickets\n- hotel nights");
        assert_eq!(quote(text, 3), "Ask your manager first.");
    }

    #[test]
    fn a_sentence_comes_with_what_points_back_to_it_in_its_paragraph() {
        let text = "Five days may be carried over. They must be taken by 31 March. Ask early.\nThis is another paragraph.";
        assert_eq!(quote(text, 0), "Five days may be carried over. They must be taken by 31 March.");
        assert_eq!(quote(text, 2), "Ask early.");
    }

    #[test]
    fn a_lone_no_comes_along_with_its_question() {
        let text = "Can I use the plan abroad? No. Emergency treatment is the only exception there is.";
        assert_eq!(quote(text, 2), text);
    }

    #[test]
    fn rows_of_a_table_come_with_its_introduction() {
        let text = "Leave grows with service:\nLess than 3 years | Days: 25\n6 years | Days: 29\nAll days are working days.";
        assert_eq!(quote(text, 0), "Leave grows with service:\nLess than 3 years | Days: 25\n6 years | Days: 29");
        assert_eq!(quote(text, 2), "Leave grows with service:\nLess than 3 years | Days: 25\n6 years | Days: 29");
        assert_eq!(quote(text, 3), "All days are working days.");
    }

    #[test]
    fn quotes_that_overlap_become_one_and_copies_are_left_out() {
        let sources = [source("One rule holds. It has an exception. A far sentence stands here."), source("One rule holds.")];
        let scored =
            |source, sentence, score| Scored { candidate: Candidate { source, sentence }, similarity: score, coverage: score, score };
        let excerpts = choose(&sources, &[scored(0, 0, 0.9), scored(1, 0, 0.88), scored(0, 1, 0.85)], 6);
        assert_eq!(excerpts.len(), 1);
        assert_eq!(excerpts[0].text(&sources), "One rule holds. It has an exception.");
    }

    #[test]
    fn what_is_added_comes_with_its_exceptions_and_once() {
        let sources = [source("One rule holds."), source("A rule is another. However, not on Sundays. A far sentence stands here.")];
        let mut excerpts = vec![Excerpt { source: 0, sentences: 0..1 }];
        for _ in 0..2 {
            add(&sources, &mut excerpts, Candidate { source: 1, sentence: 0 });
        }
        assert_eq!(excerpts, [Excerpt { source: 0, sentences: 0..1 }, Excerpt { source: 1, sentences: 0..2 }]);
    }

    #[test]
    fn weak_sentences_are_no_evidence_beside_a_strong_one() {
        let sources = [source("The strong one is here."), source("The weak one is there.")];
        let scored = |source, score| Scored { candidate: Candidate { source, sentence: 0 }, similarity: score, coverage: score, score };
        assert_eq!(choose(&sources, &[scored(0, 0.9), scored(1, 0.3)], 6).len(), 1);
    }
}
