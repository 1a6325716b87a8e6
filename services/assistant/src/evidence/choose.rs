//! From scored sentences to a handful of quotes that belong together.

use std::{
    collections::{BTreeSet, HashMap},
    ops::{Range, RangeInclusive},
};

use super::{
    apparatus::is_apparatus,
    candidates::{Candidate, Source},
};
use crate::{
    lists::{ends_in_colon, introduction, is_item, is_next_item, is_numbered, is_row, is_same_kind, is_title, without_mark},
    question::Question,
    verify::sibling,
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
/// Taken off a sentence about a thing of a like name: asked about the Plus plan, one that tells of the Standard plan, or stands in its document and
/// doesn't name the Plus plan. On contoso_hr F1 with the right answers is 0.385 without it and 0.396 with it; from 0.08 to 0.3 it is much the same.
const SIBLING: f32 = 0.1;
/// A sentence this much weaker than the best is no evidence beside it.
const FAR_BEHIND: f32 = 0.3;
/// The same for a sentence of a page that is quoted already.
const AGAIN: f32 = 0.15;
/// Content words of such a sentence, at least.
const WORDS_AGAIN: usize = 4;
/// Longest quote in characters that neighbours may make of a sentence.
pub const LONGEST: usize = 700;
/// What limits a rule must be read with it: a proviso of a statute has several hundred characters.
const LONGEST_LIMITED: usize = 1200;

/// Scores candidates, given the cosine of each with the question.
pub fn score(sources: &[Source], candidates: &[Candidate], similarities: &[f32], question: &Question) -> Vec<Scored> {
    let stems_of: HashMap<Candidate, BTreeSet<String>> =
        candidates.iter().map(|candidate| (*candidate, content_stems(sources[candidate.source].sentence(candidate.sentence)))).collect();
    let context: Vec<BTreeSet<String>> = sources.iter().map(|source| content_stems(&source.context())).collect();
    let is_told_apart = sources.iter().any(|source| sibling::is_named(&source.context(), &question.text));
    let of_another: Vec<bool> =
        sources.iter().map(|source| is_told_apart && sibling::is_of_one(&source.context(), &question.text)).collect();
    let mut scored: Vec<Scored> = candidates
        .iter()
        .zip(similarities)
        .map(|(candidate, similarity)| {
            // What a sentence leaves out, the one before it has said. A row of a table is a record of its own.
            let beside = if is_row(sources[candidate.source].sentence(candidate.sentence)) { 0 } else { 1 };
            let around = candidate.sentence.saturating_sub(beside)..=candidate.sentence + beside;
            let near = around.filter_map(|sentence| stems_of.get(&Candidate { sentence, ..*candidate }));
            let stems: BTreeSet<String> = near.flatten().chain(&context[candidate.source]).cloned().collect();
            let coverage = coverage(&question.stems, &stems);
            let text = sources[candidate.source].sentence(candidate.sentence);
            let is_of_another = of_another[candidate.source] || sibling::is_of_one(text, &question.text);
            let of_sibling = is_of_another && !sibling::is_named(text, &question.text);
            let sibling = if of_sibling { SIBLING } else { 0.0 };
            let rank = RANK / (1.0 + candidate.source as f32 / 3.0);
            Scored {
                candidate: *candidate,
                similarity: *similarity,
                coverage,
                score: SIMILARITY * similarity + COVERAGE * coverage + rank - sibling,
            }
        })
        .collect();
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.candidate.cmp(&b.candidate)));
    scored
}

/// The best sentences with the neighbours that they need, each text once and each page once, best first: what else a page says
/// is a click away, what another page says is not. Only where that gives fewer than `fewest`, a page is quoted again.
pub fn choose(sources: &[Source], scored: &[Scored], fewest: usize, most: usize) -> Vec<Excerpt> {
    let Some(best) = scored.first() else { return Vec::new() };
    let mut excerpts: Vec<Excerpt> = Vec::new();
    let evident = || scored.iter().take_while(|s| s.score >= best.score - FAR_BEHIND);
    for scored in evident() {
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
    for scored in evident().filter(|s| s.score >= best.score - AGAIN && says_something(sources, s.candidate)) {
        if excerpts.len() >= fewest {
            break;
        }
        let excerpt = with_its_neighbours(sources, scored.candidate);
        if !excerpts.iter().any(|known| touches(known, &excerpt)) && !is_repeated(sources, &excerpts, &excerpt) {
            excerpts.push(excerpt);
        }
    }
    excerpts
}

/// Whether a sentence is one, or an item of a list, and has words enough to stand by itself.
fn says_something(sources: &[Source], candidate: Candidate) -> bool {
    let text = sources[candidate.source].sentence(candidate.sentence);
    (is_item(text) || text.ends_with(['.', '!', ';', '。'])) && content_stems(text).len() >= WORDS_AGAIN
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

/// Whether two excerpts overlap, or one follows the other.
fn touches(known: &Excerpt, new: &Excerpt) -> bool {
    known.source == new.source && known.sentences.start <= new.sentences.end && new.sentences.start <= known.sentences.end
}

/// Grows an excerpt of the same source that overlaps or touches, where the whole stays short enough.
fn joined(sources: &[Source], excerpts: &mut [Excerpt], new: &Excerpt) -> bool {
    for known in excerpts.iter_mut().filter(|known| touches(known, new)) {
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
    while let Some((more, longest)) = belonging(source, range.end) {
        let fits = |end: &usize| length(source, &(range.start..*end)) <= longest;
        let Some(end) = more.rev().map(|more| range.end + more).find(fits) else { break };
        range.end = end;
    }
    while let Some(start) = beginning(source, range.start).filter(|start| fits(&(*start..range.end))) {
        range.start = start;
    }
    range
}

/// How many sentences from `at` on belong to the one before it, at least and at most, and how long they may make the quote: what it introduces,
/// what limits it, what points back to it.
fn belonging(source: &Source, at: usize) -> Option<(RangeInclusive<usize>, usize)> {
    if at == source.sentences.len() {
        return None;
    }
    let limiting = limiting(source, at);
    let introduced = introduced(source.sentence(at - 1), source, at);
    if introduced > limiting {
        Some((1..=introduced, LONGEST))
    } else if limiting > 0 {
        // The label of exceptions is none of them.
        Some((limiting.min(2)..=limiting, LONGEST_LIMITED))
    } else {
        (is_same_line(source, at) && points_back(source.sentence(at))).then_some((1..=1, LONGEST))
    }
}

/// How many sentences from `at` on limit what stands before: an exception, or its label with what that heads.
pub fn limiting(source: &Source, at: usize) -> usize {
    let Some(text) = (at < source.sentences.len()).then(|| source.sentence(at)) else { return 0 };
    if !is_exception(text) {
        0
    } else if text.trim_end().ends_with(['.', '!', '?', ';', '。']) || (is_item(text) && !ends_in_colon(text)) {
        1
    } else {
        // "There are some exceptions to this rule." names none of them.
        let announces = |at: usize| {
            let text = source.sentence(at).to_lowercase();
            text.starts_with("there are ") && text.contains("exception")
        };
        let left = source.sentences.len() - (at + 1);
        let headed = items(text, source, at + 1).max(usize::from(left > 0));
        if headed == 1 && left > 1 && announces(at + 1) { 3 } else { usize::from(headed > 0) + headed }
    }
}

/// How many sentences of a source, from one on, a sentence before them introduces: the items of its list, which it may run into without a colon.
fn introduced(before: &str, source: &Source, from: usize) -> usize {
    let is_open = !is_item(before) && before.ends_with(char::is_alphabetic) && before.split_whitespace().count() > 1;
    let is_table = from < source.sentences.len() && is_row(source.sentence(from));
    if ends_in_colon(before) {
        // An introduction alone says nothing: the line after it comes along whatever it is.
        items(before, source, from).max(usize::from(from < source.sentences.len()))
    } else if is_open && !is_table && (items(before, source, from) > 1 || from + items(before, source, from) == source.sentences.len()) {
        items(before, source, from)
    } else {
        0
    }
}

/// How many sentences, from a source's first, go on with what the last line before them begins: the list that it introduces or is an item of.
pub fn listed(before: &str, source: &Source) -> usize {
    let mut end = 0;
    while end < source.sentences.len() && is_next_item(before, source.sentence(end)) && !is_apparatus(source, end) {
        // With the list within it.
        let within = if ends_in_colon(source.sentence(end)) { items(source.sentence(end), source, end + 1) } else { 0 };
        end += 1 + within;
    }
    introduced(before, source, 0).max(end)
}

/// Items of a list or rows of a table from a sentence on, one after the other, below the line before them: of its own list if that is an item.
fn items(before: &str, source: &Source, from: usize) -> usize {
    let is_numbered = is_numbered(before);
    let is_below = |at: &usize| is_item(source.sentence(*at)) && !(is_numbered && is_same_kind(before, source.sentence(*at)));
    (from..source.sentences.len()).take_while(is_below).count()
}

/// Where a sentence begins that a line break cuts in two: above its list, or in the line above.
fn beginning(source: &Source, at: usize) -> Option<usize> {
    let before = at.checked_sub(1)?;
    if is_same_line(source, at) || !goes_on(source.sentence(before), source.sentence(at)) {
        return None;
    }
    let introduction = is_item(source.sentence(before)).then(|| introduction(&source.text, &source.sentences, before));
    Some(introduction.and_then(|found| Some(found.lines.first()?.start)).unwrap_or(before))
}

/// Words that end no sentence.
const NEVER_LAST: [&str; 24] = [
    "the", "a", "an", "of", "by", "in", "to", "for", "with", "and", "or", "if", "that", "from", "on", "at", "as", "which", "is", "are",
    "be", "shall", "may", "must",
];

/// Whether a sentence goes on from one line or page to the next: it has no end, and what follows begins with a small letter, or it ends with a word
/// that ends nothing.
pub fn goes_on(before: &str, next: &str) -> bool {
    let before = before.trim_end();
    let is_open = before.ends_with(|c: char| c.is_alphabetic() || matches!(c, ',' | ';' | ')' | '-' | '\u{2013}'));
    let last = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let must = NEVER_LAST.contains(&last) && next.starts_with(char::is_alphabetic);
    is_open && (next.starts_with(char::is_lowercase) || must) && !is_item(next) && !is_title(before)
}

fn is_same_line(source: &Source, at: usize) -> bool {
    !source.text[source.sentences[at - 1].end..source.sentences[at].start].contains('\n')
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
    // "IT must approve it" is of the department.
    let names_it = unmarked.starts_with("IT ") && unmarked.contains(char::is_lowercase);
    let follows = |opening: &str| {
        lower.strip_prefix(opening).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)) && !(names_it && opening == "it")
    };
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
    fn a_label_of_exceptions_comes_with_them_or_not_at_all() {
        let list = "Trains are paid.\nExceptions:\n- first class\n- night trains\nAsk your manager first.";
        assert_eq!(quote(list, 0), "Trains are paid.\nExceptions:\n- first class\n- night trains");
        assert_eq!(
            quote("Trains are paid.\n\nExceptions\n\nFirst class is not paid. Ask first.", 0),
            "Trains are paid.\n\nExceptions\n\nFirst class is not paid."
        );
        assert_eq!(quote("Trains are paid.\n\nExceptions", 0), "Trains are paid.");
        let item = "(5) Trains are paid.\n(6) Only these are not:\n(a) first class\n(b) night trains\n(7) Ask first.";
        assert_eq!(quote(item, 0), "(5) Trains are paid.\n(6) Only these are not:\n(a) first class\n(b) night trains");
        let long = |length: usize| format!("Trains are paid.\n\nExceptions\n\n{}.", "x".repeat(length));
        assert_eq!(quote(&long(LONGEST), 0), long(LONGEST));
        assert_eq!(quote(&long(LONGEST_LIMITED), 0), "Trains are paid.");
    }

    #[test]
    fn what_belongs_to_a_sentence_may_introduce_a_list() {
        let text = "Your data may be shared. These exceptions apply:\n- the law asks for it\n- health care";
        assert_eq!(quote(text, 0), text);
    }

    #[test]
    fn a_list_may_be_introduced_without_a_colon() {
        let text = "There are two causes. These are\n• smoke\n• heat\nAsk your doctor.";
        assert_eq!(quote(text, 0), "There are two causes. These are\n• smoke\n• heat");
        assert_eq!(quote("Ask your doctor\n• smoke\nPay comes monthly.", 0), "Ask your doctor");
        let exception = "These are not paid:\n- unless approved\n- night trains";
        assert_eq!(quote(exception, 0), exception);
        assert_eq!(quote("There are two causes. These are\n• smoke", 0), "There are two causes. These are\n• smoke");
    }

    #[test]
    fn a_list_goes_on_in_the_next_passage() {
        let next = source("(B) a badge\n(C) a key\n- not this\nAsk your doctor.");
        assert_eq!(listed("(A) a name", &next), 2);
        let nested = source("(B) a badge\n(C) more, such as:\n(i) a name\n(ii) a number\n(D) a key\n(A) another list");
        assert_eq!(listed("(A) a name", &nested), 5);
        assert_eq!(listed("These count:", &next), 3);
        assert_eq!(listed("These count", &next), 3);
        assert_eq!(listed("These count.", &next), 0);
        assert_eq!(listed("These count:", &source("Names and badges.")), 1);
    }

    #[test]
    fn a_page_is_quoted_again_only_where_others_say_too_little() {
        let first = "The company pays for trains abroad.";
        let second = "The company pays for buses in town.";
        let text = format!("{first} Nobody walks far. {second} Nobody drives far. See page 9.");
        let of = |page: &str| Source::new(text.clone(), "Handbook".to_owned(), vec![], page.to_owned());
        let scored = |source, sentence| Scored { candidate: Candidate { source, sentence }, similarity: 0.9, coverage: 0.9, score: 0.9 };
        let all = [scored(0, 0), scored(0, 2), scored(0, 4)];
        let chosen = |sources: &[Source], scored: &[Scored], fewest| -> Vec<String> {
            choose(sources, scored, fewest, 6).iter().map(|excerpt| excerpt.text(sources).to_owned()).collect()
        };
        assert_eq!(chosen(&[of("1")], &all, 1), [first]);
        assert_eq!(chosen(&[of("1")], &all, 3), [first, second], "the last one says too little");
        let weak = Scored { score: 0.9 - AGAIN - 0.01, ..all[1] };
        assert_eq!(chosen(&[of("1")], &[all[0], weak], 3), [first]);
        let other = source("Ships cost nothing.");
        assert_eq!(chosen(&[of("1"), other], &[all[0], all[1], scored(1, 0)], 2), [first, "Ships cost nothing."]);
    }

    #[test]
    fn a_sentence_comes_with_its_beginning_above_a_line_break() {
        let text = "Ask first.\nWhere a parent\n(a) is a citizen; or\n(b) lives here,\nthe child may be registered. Forms are free.";
        assert_eq!(quote(text, 4), "Where a parent\n(a) is a citizen; or\n(b) lives here,\nthe child may be registered.");
        assert_eq!(quote("The board may give\nnotice to the bank.", 1), "The board may give\nnotice to the bank.");
        assert_eq!(quote("The board decides. 12\nclinician: a trained person", 2), "clinician: a trained person");
        assert_eq!(quote("The board decides.\nclinician: a trained person", 1), "clinician: a trained person");
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
        let excerpts = choose(&sources, &[scored(0, 0, 0.9), scored(1, 0, 0.88), scored(0, 1, 0.85)], 1, 6);
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
    fn what_is_said_of_a_thing_of_a_like_name_comes_last() {
        let sources = [source("Acme Standard pays for dentists."), source("Acme Plus pays for dentists.")];
        let candidates = [0, 1].map(|source| Candidate { source, sentence: 0 });
        let first = |question: &str| score(&sources, &candidates, &[0.8, 0.8], &Question::of(question.to_owned()))[0].candidate.source;
        assert_eq!(first("Does Acme Plus pay for dentists?"), 1);
        assert_eq!(first("Does Acme Standard pay for dentists?"), 0);
        assert_eq!(first("Who pays for dentists?"), 0);
        let of = |plan: &str| Source::new("The plan pays for dentists.".to_owned(), format!("Acme {plan}"), vec![], plan.to_owned());
        let sources = [of("Standard"), of("Plus")];
        let first = |question: &str| score(&sources, &candidates, &[0.8, 0.8], &Question::of(question.to_owned()))[0].candidate.source;
        assert_eq!(first("Does Acme Plus pay for dentists?"), 1);
        assert_eq!(first("Does Acme Standard pay for dentists?"), 0);
    }

    #[test]
    fn weak_sentences_are_no_evidence_beside_a_strong_one() {
        let sources = [source("The strong one is here."), source("The weak one is there.")];
        let scored = |source, score| Scored { candidate: Candidate { source, sentence: 0 }, similarity: score, coverage: score, score };
        assert_eq!(choose(&sources, &[scored(0, 0.9), scored(1, 0.3)], 3, 6).len(), 1);
    }
}
