//! Two quotes that tell the same thing differently: word for word alike, but for one number, date or name.
//!
//! What is shown then is both, and that they differ; which of them holds is for people to say. What was found and says otherwise
//! than the evidence becomes evidence, too ([`disputing`]).

use std::{collections::BTreeSet, ops::Range};

use serde::{Deserialize, Serialize};

use crate::{
    event::Citation,
    evidence::{Candidate, Excerpt, Source},
    verify::{dates, names, quantities},
    words::{Word, words},
};

/// Where two quotes differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The numbers of the two citations.
    pub citations: [u32; 2],
    /// What the first says and what the second says in its place, word for word.
    pub says: [String; 2],
}

impl Conflict {
    /// With the numbers that its citations have in the answer.
    pub(crate) fn renumbered(self, before: &[Citation], after: &[Citation]) -> Self {
        let passage = |n: u32| before.iter().find(|citation| citation.n == n).map(|citation| (citation.passage, citation.start));
        let number = |n: u32| after.iter().find(|c| passage(n) == Some((c.passage, c.start))).map_or(n, |citation| citation.n);
        Self { citations: self.citations.map(number), says: self.says }
    }
}

/// Content words that two sentences must share; of fewer anything may be told.
const LEAST_SHARED: usize = 4;
/// Share of the content words of either that the other has, apart from where they differ.
const LEAST_ALIKE: f32 = 0.7;
/// Words in which they differ, at most.
const LONGEST_DIFFERENCE: usize = 4;
/// Longest sentence in words that is compared: the work grows with the square.
const LONGEST_SENTENCE: usize = 80;
/// Most conflicts that are told.
pub(crate) const MOST: usize = 3;

/// The conflicts between quotes of different places, one for two of them, in what a question asks for. Elsewhere two sentences that
/// differ in a name or number may well be of different things: "in Vienna" and "in Zurich" the limit may be the same.
#[must_use]
pub fn conflicts(question: &str, citations: &[Citation]) -> Vec<Conflict> {
    let Some(asked) = Asked::new(question) else { return Vec::new() };
    let sentences: Vec<Vec<Sentence>> = citations.iter().map(|citation| sentences(&citation.quote)).collect();
    let mut found: Vec<Conflict> = Vec::new();
    for (at, first) in citations.iter().enumerate() {
        for (other, second) in citations.iter().enumerate().skip(at + 1) {
            let mut pairs = sentences[at].iter().flat_map(|a| sentences[other].iter().map(move |b| (a, b)));
            let says = pairs.find_map(|(a, b)| asked.dispute(a, b));
            let known = |says: &[String; 2]| found.iter().any(|conflict| conflict.says == *says);
            if let Some(says) = says.filter(|says| first.passage != second.passage && !known(says)) {
                found.push(Conflict { citations: [first.n, second.n], says });
            }
        }
    }
    found
}

/// The sentences among what was found that contradict the excerpts in what a question asks for and are in none of them; one for each
/// source, and one of those that say the same.
#[must_use]
pub fn disputing(question: &str, excerpts: &[Excerpt], sources: &[Source]) -> Vec<Candidate> {
    let Some(asked) = Asked::new(question) else { return Vec::new() };
    let sentence = |source: usize, at: usize| Sentence::new(sources[source].sentence(at));
    let chosen: Vec<(usize, Sentence)> =
        excerpts.iter().flat_map(|e| e.sentences.clone().filter_map(move |at| Some((e.source, sentence(e.source, at)?)))).collect();
    let is_chosen = |source: usize, at: usize| excerpts.iter().any(|e| e.source == source && e.sentences.contains(&at));
    let among = chosen.iter().flat_map(|(own, a)| chosen.iter().filter(move |(other, _)| other != own).map(move |(_, b)| (a, b)));
    let mut known: Vec<String> = among.filter_map(|(a, b)| asked.dispute(a, b)).flatten().collect();
    let mut found = Vec::new();
    for (source, text) in sources.iter().enumerate() {
        let disputes = (0..text.sentences.len()).filter(|at| !is_chosen(source, *at)).find_map(|at| {
            let own = sentence(source, at)?;
            let says = chosen.iter().filter(|(other, _)| *other != source).find_map(|(_, stated)| asked.dispute(stated, &own))?;
            let [_, says] = says;
            (!known.contains(&says)).then(|| (at, known.push(says)))
        });
        found.extend(disputes.map(|(sentence, ())| Candidate { source, sentence }));
    }
    found.truncate(MOST);
    found
}

struct Sentence<'a> {
    text: &'a str,
    words: Vec<Word>,
    /// The stems of its content words.
    content: BTreeSet<String>,
}

impl<'a> Sentence<'a> {
    /// None where it is too long.
    fn new(text: &'a str) -> Option<Self> {
        let words = words(text);
        let content = words.iter().filter(|word| word.content).map(|word| word.stem.clone()).collect();
        (words.len() <= LONGEST_SENTENCE).then_some(Self { text, words, content })
    }

    /// Whether so many words are shared, in whatever order, that a closer look is worth its while.
    fn resembles(&self, other: &Self) -> bool {
        let shared = self.content.intersection(&other.content).count();
        shared >= LEAST_SHARED && 2 * shared >= self.content.len().max(other.content.len())
    }
}

fn sentences(quote: &str) -> Vec<Sentence<'_>> {
    text::sentences(quote).into_iter().filter_map(|range| Sentence::new(&quote[range])).collect()
}

/// What two sentences say in each other's place, where that is one thing of a kind and all else is much the same.
fn difference(a: &Sentence, b: &Sentence) -> Option<(Kind, [String; 2])> {
    if !a.resembles(b) {
        return None;
    }
    let gaps = with_whole_dates(a, b, gaps(&a.words, &b.words));
    let content = |words: &[Word]| words.iter().filter(|word| word.content).count();
    let differing: Vec<&(Range<usize>, Range<usize>)> =
        gaps.iter().filter(|(x, y)| content(&a.words[x.clone()]) > 0 && content(&b.words[y.clone()]) > 0).collect();
    let [(x, y)] = differing.as_slice() else { return None };
    let kind = kind(a, x).filter(|own| kind(b, y) == Some(*own) && x.len().max(y.len()) <= LONGEST_DIFFERENCE)?;
    let (in_a, in_b): (Vec<_>, Vec<_>) = gaps.iter().cloned().unzip();
    let shared = |sentence: &Sentence, own: &[Range<usize>], differing: &Range<usize>| {
        let lost: usize = own.iter().map(|gap| content(&sentence.words[gap.clone()])).sum();
        let all = content(&sentence.words);
        let rest = all - content(&sentence.words[differing.clone()]);
        (all - lost, (all - lost) as f32 / rest.max(1) as f32)
    };
    let (count, first) = shared(a, &in_a, x);
    let (_, second) = shared(b, &in_b, y);
    let alike = count >= LEAST_SHARED && first >= LEAST_ALIKE && second >= LEAST_ALIKE;
    let written = |sentence: &Sentence, range: &Range<usize>| {
        sentence.text[sentence.words[range.start].range.start..sentence.words[range.end - 1].range.end].to_owned()
    };
    alike.then(|| (kind, [written(a, x), written(b, y)]))
}

/// What the words of a difference are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Date,
    Number,
    Name,
}

/// What a question asks for.
struct Asked {
    words: Vec<Word>,
    kinds: Vec<Kind>,
}

const OPENINGS: [(Kind, &[&str]); 3] = [
    (Kind::Date, &[" when ", " date ", " year ", " day ", " deadline ", " until ", " by "]),
    (
        Kind::Number,
        &[
            " how many ",
            " how much ",
            " how long ",
            " how old ",
            " how often ",
            " how high ",
            " how far ",
            " number ",
            " amount ",
            " limit ",
            " rate ",
            " cost ",
            " price ",
            " percentage ",
            " revenue ",
        ],
    ),
    (Kind::Name, &[" who ", " whom ", " whose "]),
];

impl Asked {
    /// None where two sentences can't differ in it.
    fn new(question: &str) -> Option<Self> {
        let words = words(question);
        let row: String = words.iter().map(|word| format!(" {}", word.lower)).collect::<String>() + " ";
        let kinds = OPENINGS.iter().filter(|(_, openings)| openings.iter().any(|opening| row.contains(opening)));
        let kinds: Vec<Kind> = kinds.map(|(kind, _)| *kind).collect();
        (!kinds.is_empty()).then_some(Self { kinds, words })
    }

    /// What two sentences say differently, where that is asked for. What the question names is its subject.
    fn dispute(&self, a: &Sentence, b: &Sentence) -> Option<[String; 2]> {
        let named = |value: &String| words(value).iter().any(|word| word.content && self.words.iter().any(|known| known.stem == word.stem));
        difference(a, b).filter(|(kind, says)| self.kinds.contains(kind) && !says.iter().any(named)).map(|(_, says)| says)
    }
}

/// None for plain words, which may be said in many ways.
fn kind(sentence: &Sentence, range: &Range<usize>) -> Option<Kind> {
    let within = |other: &Range<usize>| meet(other, range);
    if dates(sentence.text, &sentence.words).iter().any(|date| within(&date.words)) {
        return Some(Kind::Date);
    }
    if quantities(sentence.text, &sentence.words).iter().any(|quantity| within(&quantity.words)) {
        return Some(Kind::Number);
    }
    let named = names(sentence.text, &sentence.words);
    // A name may open its sentence; then only its place tells that it is one.
    let is_name = |word: &Word| {
        named.contains(&word.lower) || (range.start == 0 && sentence.text[word.range.clone()].starts_with(char::is_uppercase))
    };
    sentence.words[range.clone()].iter().all(|word| word.content && is_name(word)).then_some(Kind::Name)
}

/// "9 March 2005" and "29 March 2015" share a month, and differ as one.
fn with_whole_dates(a: &Sentence, b: &Sentence, gaps: Vec<(Range<usize>, Range<usize>)>) -> Vec<(Range<usize>, Range<usize>)> {
    let of = |sentence: &Sentence| dates(sentence.text, &sentence.words).into_iter().map(|date| date.words).collect::<Vec<_>>();
    let (in_a, in_b) = (of(a), of(b));
    let whole =
        |(x, y): (Range<usize>, Range<usize>)| match (in_a.iter().find(|date| meet(date, &x)), in_b.iter().find(|date| meet(date, &y))) {
            (Some(first), Some(second)) => (joined(first, &x), joined(second, &y)),
            _ => (x, y),
        };
    let mut differing: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (x, y) in gaps.into_iter().map(whole) {
        match differing.last_mut() {
            Some((first, second)) if meet(first, &x) || meet(second, &y) => (*first, *second) = (joined(first, &x), joined(second, &y)),
            _ => differing.push((x, y)),
        }
    }
    differing
}

fn joined(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}

fn meet(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Where two rows of words differ: what stands between the words that they share in the same order.
fn gaps(a: &[Word], b: &[Word]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut length = vec![vec![0_u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i][j] = if a[i].stem == b[j].stem { length[i + 1][j + 1] + 1 } else { length[i + 1][j].max(length[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut from_a, mut from_b) = (0, 0);
    let mut gaps = Vec::new();
    while i < a.len() && j < b.len() {
        if a[i].stem == b[j].stem {
            gaps.push((from_a..i, from_b..j));
            (i, j) = (i + 1, j + 1);
            (from_a, from_b) = (i, j);
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    gaps.push((from_a..a.len(), from_b..b.len()));
    gaps.retain(|(x, y)| !x.is_empty() || !y.is_empty());
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::citation;

    fn between(question: &str, first: &str, second: &str) -> Vec<[String; 2]> {
        let found = conflicts(question, &[citation(1, "A", first), citation(2, "B", second)]);
        found.into_iter().map(|conflict| conflict.says).collect()
    }

    #[test]
    fn another_number_date_or_name_in_the_same_sentence_is_a_conflict() {
        for (question, first, second, says) in [
            (
                "How many days of leave do employees have?",
                "Employees have 25 days of annual leave a year.",
                "Full-time employees have 30 days of annual leave a year.",
                ["25", "30"],
            ),
            (
                "Until when must leave be taken?",
                "Unused leave must be taken by 31 March of the following year.",
                "Unused leave must be taken by 30 June of the following year.",
                ["31 March", "30 June"],
            ),
            (
                "When was the office opened?",
                "The office in the old harbour was opened on 9 March 2005.",
                "The office in the old harbour was opened on 29 March 2015.",
                ["9 March 2005", "29 March 2015"],
            ),
            (
                "Who bought the photo company?",
                "Facebook bought the photo company for one billion dollars.",
                "Apple bought the photo company for one billion dollars.",
                ["Facebook", "Apple"],
            ),
            (
                "Who approves parental leave?",
                "Requests for parental leave are approved by Maria Silva in writing.",
                "Requests for parental leave are approved by Jon Berg in writing.",
                ["Maria Silva", "Jon Berg"],
            ),
        ] {
            assert_eq!(between(question, first, second), [says.map(str::to_owned)], "{first} / {second}");
        }
    }

    #[test]
    fn other_subjects_other_words_and_copies_are_none() {
        for (first, second) in [
            ("Employees have 25 days of annual leave a year.", "Trainees in Spain have 30 days of annual leave a year."),
            ("The hotel limit in Vienna is 160 euros a night.", "The hotel limit in Zurich is 230 euros a night."),
            ("Employees have 25 days of annual leave a year.", "Employees have 25 days of annual leave a year."),
            ("Gifts must be reported.", "Gifts must be refused."),
            (
                "The Manager of Marketing for Europe leads the team and reports to the board.",
                "The Manager of Product Management Europe leads the team and reports to the board.",
            ),
            ("Level 1 staff may spend 100 euros a day on travel.", "Level 2 staff may spend 200 euros a day on travel."),
        ] {
            for question in ["How many are there?", "When is it?", "Who is it?"] {
                assert_eq!(between(question, first, second), Vec::<[String; 2]>::new(), "{first} / {second}");
            }
        }
    }

    #[test]
    fn what_was_found_and_says_otherwise_becomes_evidence() {
        let source = |text: &str| Source::new(text.to_owned(), "Leave".to_owned(), vec![], text.to_owned());
        let sources = [
            source("Employees have 25 days of annual leave a year. They ask early."),
            source("The office is closed on Sundays. Employees have 30 days of annual leave a year."),
            source("Employees have 30 days of annual leave a year."),
            source("Employees have 25 days of annual leave a year."),
        ];
        let chosen = [Excerpt { source: 0, sentences: 0..1 }];
        let question = "How many days of leave do employees have?";
        assert_eq!(disputing(question, &chosen, &sources), [Candidate { source: 1, sentence: 1 }]);
        let both = [Excerpt { source: 0, sentences: 0..1 }, Excerpt { source: 2, sentences: 0..1 }];
        assert!(disputing(question, &both, &sources).is_empty());
        assert!(disputing("May employees take leave?", &chosen, &sources).is_empty());
    }

    #[test]
    fn what_differs_beside_what_is_asked_for_is_none() {
        let (vienna, zurich) = ("The hotel limit in Vienna is 160 euros a night.", "The hotel limit in Zurich is 160 euros a night.");
        assert!(between("How high is the hotel limit?", vienna, zurich).is_empty());
        let (first, second) = ("Staff of level 1 have 25 days of annual leave.", "Staff of level 2 have 25 days of annual leave.");
        assert!(between("How many days of leave do staff of level 1 have?", first, second).is_empty());
    }
}
