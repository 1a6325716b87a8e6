//! The answer as it grows: verified sentences first, the quotes where there are none.

use std::{collections::HashMap, time::Instant};

use catalog::AnswerId;
use search::Correction;
use serde::Serialize;

use crate::{
    Conflict, conflict,
    event::{Answer, Citation, Sentence, Status, TimingsMs, VerifiedBy},
    verify::Verdict,
};

/// Shown where the documents do not answer.
pub const NOT_FOUND: &str = "I did not find this in the documents that you may read.";

/// A sentence that the model wrote and what became of it; kept in the record, shown or not.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub text: String,
    pub marks: Vec<u32>,
    /// As it reads below the sentences shown before, where it was judged so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Where the time went.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Instant,
    pub timings: TimingsMs,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self { started: Instant::now(), timings: TimingsMs::default() }
    }

    pub fn elapsed(&self) -> f64 {
        (self.started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
    }
}

/// An answer in the making.
#[derive(Debug)]
pub struct Draft {
    pub id: AnswerId,
    pub question: String,
    /// As it was looked up: with its words corrected, and made to stand alone.
    pub looked_up: String,
    /// What it was taken to ask, where it leaned on the one before.
    pub understood: Option<String>,
    pub corrected: Vec<Correction>,
    /// The evidence as it was numbered for the asker and the model.
    pub citations: Vec<Citation>,
    pub judged: Vec<Judged>,
    pub shown: Vec<Sentence>,
    /// Whose answer it is, where an editor gave it.
    pub verified: Option<VerifiedBy>,
    /// Why the model fell silent.
    pub notice: Option<String>,
}

impl Draft {
    pub fn new(question: String, corrected: Vec<Correction>, citations: Vec<Citation>) -> Self {
        Self {
            id: AnswerId::new(),
            looked_up: question.clone(),
            question,
            understood: None,
            corrected,
            citations,
            judged: Vec::new(),
            shown: Vec::new(),
            verified: None,
            notice: None,
        }
    }

    /// The texts of the sentences shown so far.
    pub fn earlier(&self) -> Vec<String> {
        self.shown.iter().map(|s| s.text.clone()).collect()
    }

    /// The quote that the last sentence shown rests on, and the index of the sentence in it that comes next.
    pub fn last(&self) -> Option<(u32, usize)> {
        let shown = |judged: &Judged| match judged.verdict {
            Verdict::Supported { n, until, .. } => Some((n, until)),
            _ => None,
        };
        self.judged.iter().rev().find_map(shown)
    }

    /// Takes a judged sentence in; gives it back where it may be shown, with what limits it.
    pub fn take(&mut self, judged: Judged) -> Option<Sentence> {
        let sentence = match &judged.verdict {
            Verdict::Supported { n, exception, .. } => {
                let text = std::iter::once(judged.text.as_str()).chain(exception.as_deref()).collect::<Vec<_>>().join(" ");
                Some(Sentence { text, citations: vec![*n] })
            }
            _ => None,
        };
        self.judged.push(judged);
        self.shown.extend(sentence.clone());
        sentence
    }

    /// The conflicts of what the answer cites with any other quote.
    fn disputed(&self, sentences: &[Sentence]) -> Vec<Conflict> {
        let cited: Vec<u32> = sentences.iter().flat_map(|s| s.citations.iter().copied()).collect();
        let all = conflict::conflicts(&self.looked_up, &self.citations);
        all.into_iter().filter(|conflict| conflict.citations.iter().any(|n| cited.contains(n))).take(conflict::MOST).collect()
    }

    /// The first quotes; what limits the last of them comes along. A sentence that the end of a page cuts in two is one.
    fn quotes(&self, most: usize) -> Vec<Sentence> {
        let mut quotes = 0;
        let shown = self.citations.iter().take_while(|citation| {
            quotes += usize::from(!citation.completes_previous);
            quotes <= most
        });
        let mut sentences: Vec<Sentence> = Vec::new();
        let mut last: Option<&Citation> = None;
        for citation in shown {
            match (sentences.last_mut(), last.and_then(|last| last.between(citation))) {
                (Some(cut), Some(between)) => {
                    cut.text.push_str(between);
                    cut.text.push_str(&citation.quote);
                    cut.citations.push(citation.n);
                }
                _ => sentences.push(quote_as_sentence(citation)),
            }
            last = Some(citation);
        }
        sentences
    }

    /// The answer that stands at the end. `abstains` where the evidence was too weak; `quoted` is the most quotes to show.
    pub fn finish(&self, abstains: bool, quoted: usize, timings: TimingsMs) -> Answer {
        let (status, sentences) = match (abstains, self.shown.is_empty()) {
            (true, _) => (Status::Abstained, Vec::new()),
            (false, false) => (Status::Answered, self.shown.clone()),
            (false, true) => (Status::Quoted, self.quotes(quoted)),
        };
        let disputed = self.disputed(&sentences);
        let (sentences, citations) = renumbered(sentences, &self.citations, &disputed);
        let conflicts = disputed.into_iter().map(|conflict| conflict.renumbered(&self.citations, &citations)).collect();
        let answer = match status {
            Status::Abstained => NOT_FOUND.to_owned(),
            Status::Answered => joined(&sentences, " "),
            Status::Quoted => joined(&sentences, "\n\n"),
        };
        let nearest = if abstains { self.citations.clone() } else { Vec::new() };
        Answer {
            id: self.id,
            question: self.question.clone(),
            understood: self.understood.clone(),
            corrected: self.corrected.clone(),
            status,
            answer,
            sentences,
            citations,
            nearest,
            conflicts,
            verified: self.verified.clone(),
            notice: self.notice.clone(),
            timings_ms: timings,
        }
    }
}

fn quote_as_sentence(citation: &Citation) -> Sentence {
    let text = match &citation.lead {
        Some(lead) => format!("{lead} [\u{2026}]\n{}", citation.quote),
        None => citation.quote.clone(),
    };
    Sentence { text, citations: vec![citation.n] }
}

fn joined(sentences: &[Sentence], between: &str) -> String {
    sentences.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(between)
}

/// Footnotes count from 1 in the order in which a reader meets them; what nobody cites goes, unless it disputes what is cited.
fn renumbered(mut sentences: Vec<Sentence>, citations: &[Citation], disputed: &[Conflict]) -> (Vec<Sentence>, Vec<Citation>) {
    let mut numbers: HashMap<u32, u32> = HashMap::new();
    let mut cited = Vec::new();
    let mut disputing: Vec<u32> = disputed.iter().flat_map(|conflict| conflict.citations).collect();
    for n in sentences.iter_mut().flat_map(|s| s.citations.iter_mut()).chain(&mut disputing) {
        if let Some(citation) = citations.iter().find(|c| c.n == *n)
            && !numbers.contains_key(n)
        {
            let number = u32::try_from(numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
            numbers.insert(*n, number);
            cited.push(Citation { n: number, ..citation.clone() });
        }
        *n = numbers.get(n).copied().unwrap_or(*n);
    }
    (sentences, cited)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{event::tests::citation, verify::Flaw};

    fn supported(text: &str, n: u32) -> Judged {
        Judged {
            text: text.into(),
            marks: vec![],
            read_as: None,
            verdict: Verdict::Supported { n, coverage: 1.0, similarity: 1.0, exception: None, until: 1 },
        }
    }

    fn draft() -> Draft {
        Draft::new("What?".into(), Vec::new(), (1..=4).map(|n| citation(n, "T", &format!("Quote {n}."))).collect())
    }

    #[test]
    fn citations_are_numbered_in_the_order_of_use() {
        let mut draft = draft();
        for (text, n) in [("A.", 3), ("B.", 1), ("C.", 3)] {
            assert!(draft.take(supported(text, n)).is_some());
        }
        let answer = draft.finish(false, 3, TimingsMs::default());
        assert_eq!(answer.status, Status::Answered);
        assert_eq!(answer.answer, "A. B. C.");
        assert_eq!(answer.sentences.iter().map(|s| s.citations[0]).collect::<Vec<_>>(), [1, 2, 1]);
        assert_eq!(answer.citations.iter().map(|c| (c.n, c.quote.as_str())).collect::<Vec<_>>(), [(1, "Quote 3."), (2, "Quote 1.")]);
    }

    #[test]
    fn a_rule_is_shown_with_its_exception() {
        let mut draft = draft();
        let exception = Some("However, not cash.".to_owned());
        let verdict = Verdict::Supported { n: 2, coverage: 1.0, similarity: 1.0, exception, until: 3 };
        let shown = draft.take(Judged { text: "Gifts are fine.".into(), marks: vec![], read_as: None, verdict });
        assert_eq!(shown, Some(Sentence { text: "Gifts are fine. However, not cash.".into(), citations: vec![2] }));
        assert_eq!(draft.last(), Some((2, 3)));
    }

    #[test]
    fn without_verified_words_the_quotes_answer() {
        let mut draft = draft();
        assert_eq!(
            draft.take(Judged { text: "Bad".into(), marks: vec![], read_as: None, verdict: Verdict::Flawed { flaw: Flaw::Fragment } }),
            None
        );
        let answer = draft.finish(false, 2, TimingsMs::default());
        assert_eq!(answer.status, Status::Quoted);
        assert_eq!(answer.answer, "Quote 1.\n\nQuote 2.");
        assert_eq!(answer.citations.len(), 2);
    }

    #[test]
    fn what_limits_the_last_quote_comes_along() {
        let mut draft = draft();
        draft.citations[2].completes_previous = true;
        assert_eq!(draft.finish(false, 2, TimingsMs::default()).citations.len(), 3);
        assert_eq!(draft.finish(false, 1, TimingsMs::default()).citations.len(), 1);
        assert_eq!(draft.finish(false, 3, TimingsMs::default()).citations.len(), 4, "it is no quote of its own");
    }

    #[test]
    fn a_sentence_over_two_pages_is_quoted_as_one() {
        let mut draft = draft();
        draft.citations[0].quote = "A sentence begins here".to_owned();
        let rest = Citation { quote: "and ends there.".to_owned(), completes_previous: true, ..draft.citations[0].clone() };
        draft.citations[1] = Citation { n: 2, page_number: rest.page_number + 1, ..rest };
        let answer = draft.finish(false, 1, TimingsMs::default());
        assert_eq!(answer.answer, "A sentence begins here and ends there.");
        assert_eq!(answer.sentences[0].citations, [1, 2]);
        assert_eq!(answer.citations.len(), 2);
    }

    #[test]
    fn a_line_and_the_list_that_it_introduces_are_quoted_as_one() {
        let mut draft = draft();
        draft.citations[0].quote = "You may claim:".to_owned();
        let items = Citation { n: 2, quote: "- trains\n- meals".to_owned(), completes_previous: true, ..draft.citations[0].clone() };
        draft.citations[1] = items;
        let answer = draft.finish(false, 1, TimingsMs::default());
        assert_eq!(answer.answer, "You may claim:\n- trains\n- meals");
        assert_eq!(answer.sentences[0].citations, [1, 2]);
    }

    #[test]
    fn an_abstention_cites_nothing_and_shows_what_is_near() {
        let answer = draft().finish(true, 2, TimingsMs::default());
        assert_eq!((answer.status, answer.answer.as_str()), (Status::Abstained, NOT_FOUND));
        assert!(answer.sentences.is_empty() && answer.citations.is_empty());
        assert_eq!(answer.nearest.len(), 4);
    }
}
