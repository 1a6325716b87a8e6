//! The events of an answer as pieces of HTML: written one after another into a page, or sent as server-sent events.

use askama::Template;
use assistant::{Answer, AnswerEvent, Citation, Sentence, Status};
use search::Correction;

use crate::{error::PageError, view::Source};

/// A piece of an answer's page and the event that it belongs to.
pub(crate) struct Piece {
    pub(crate) event: &'static str,
    pub(crate) html: String,
}

#[derive(Template)]
#[template(path = "answer/quotes.html")]
struct Quotes {
    heading: &'static str,
    sources: Vec<Source>,
}

#[derive(Template)]
#[template(path = "answer/waiting.html")]
struct Waiting {
    ahead: usize,
}

#[derive(Template)]
#[template(path = "answer/sentence.html")]
struct SentencePiece<'a> {
    text: &'a str,
    sources: Vec<Source>,
}

#[derive(Template)]
#[template(path = "answer/done.html")]
struct Done<'a> {
    id: String,
    understood: Option<&'a str>,
    conflicts: Vec<Disputed<'a>>,
    corrected: &'a [Correction],
    status: Status,
    has_sources: bool,
    notice: Option<&'a str>,
    seconds: String,
}

/// Two sources that tell the same thing differently.
struct Disputed<'a> {
    says: [(&'a str, Source); 2],
}

/// Renders events in their order; remembers the quotes, whose numbers the sentences use.
#[derive(Default)]
pub(crate) struct Renderer {
    quotes: Vec<Citation>,
}

impl Renderer {
    /// # Errors
    /// A template failed.
    pub(crate) fn render(&mut self, event: AnswerEvent) -> Result<Piece, PageError> {
        Ok(match event {
            AnswerEvent::Quotes(quotes) => {
                let html = Quotes { heading: "Passages that speak to this", sources: quotes.iter().map(Source::of).collect() }.render()?;
                self.quotes = quotes;
                Piece { event: "quotes", html }
            }
            AnswerEvent::Waiting { ahead } => Piece { event: "waiting", html: Waiting { ahead }.render()? },
            AnswerEvent::Sentence(sentence) => Piece { event: "sentence", html: self.sentence(&sentence)? },
            AnswerEvent::Abstained { nearest } => {
                let html = Quotes { heading: "Not an answer, but nearby", sources: nearest.iter().map(Source::of).collect() }.render()?;
                Piece { event: "abstained", html }
            }
            AnswerEvent::Done(answer) => Piece { event: "done", html: done(&answer)? },
        })
    }

    fn sentence(&self, sentence: &Sentence) -> Result<String, PageError> {
        let cited = sentence.citations.iter().filter_map(|n| self.quotes.iter().find(|q| q.n == *n));
        Ok(SentencePiece { text: &sentence.text, sources: cited.map(Source::of).collect() }.render()?)
    }
}

fn done(answer: &Answer) -> Result<String, PageError> {
    let seconds = format!("{:.1}", answer.timings_ms.total / 1000.0);
    let has_sources = !answer.citations.is_empty() || !answer.nearest.is_empty();
    let source = |n: u32| answer.citations.iter().find(|citation| citation.n == n).map(Source::of);
    let conflicts = answer.conflicts.iter().filter_map(|conflict| {
        let [first, second] = [0, 1].map(|at| Some((conflict.says[at].as_str(), source(conflict.citations[at])?)));
        Some(Disputed { says: [first?, second?] })
    });
    let (id, understood) = (answer.id.to_string(), answer.understood.as_deref());
    Ok(Done {
        id,
        understood,
        conflicts: conflicts.collect(),
        corrected: &answer.corrected,
        status: answer.status,
        has_sources,
        notice: answer.notice.as_deref(),
        seconds,
    }
    .render()?)
}
