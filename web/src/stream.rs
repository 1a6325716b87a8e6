//! The events of an answer as pieces of HTML: written one after another into a page, or sent as server-sent events.

use askama::Template;
use assistant::{Answer, AnswerEvent, Citation, Sentence, Status};
use catalog::{ConversationId, Feedback};
use fluent_bundle::FluentArgs;
use search::Correction;

use crate::{
    error::PageError,
    frame::Frame,
    view::{Quote, Source},
};

/// A piece of an answer's page and the event that it belongs to.
pub(crate) struct Piece {
    pub(crate) event: &'static str,
    pub(crate) html: String,
}

#[derive(Template)]
#[template(path = "answer/quotes.html")]
struct Quotes {
    nth: i64,
    heading: String,
    quotes: Vec<Quote>,
}

#[derive(Template)]
#[template(path = "answer/waiting.html")]
struct Waiting<'a> {
    frame: &'a Frame,
    ahead: i64,
}

#[derive(Template)]
#[template(path = "answer/sentence.html")]
struct SentencePiece<'a> {
    frame: &'a Frame,
    nth: i64,
    text: &'a str,
    sources: Vec<Source>,
}

#[derive(Template)]
#[template(path = "answer/done.html")]
struct Done<'a> {
    frame: &'a Frame,
    id: String,
    conversation: Option<ConversationId>,
    question: &'a str,
    understood: Option<&'a str>,
    conflicts: Vec<Disputed<'a>>,
    corrected: &'a [Correction],
    status: Status,
    has_sources: bool,
    notice: Option<&'a str>,
    seconds: String,
    /// "Answered by Ben Hale, editor, on 3 May 2026".
    verified: Option<String>,
    /// What whoever asked said of it; others are not asked.
    opinion: Option<Opinion>,
}

/// What whoever asked thinks of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// As [`FeedbackVerdict`] is written; empty where nothing was said yet.
    pub(crate) verdict: &'static str,
    pub(crate) comment: String,
}

impl From<Option<Feedback>> for Opinion {
    fn from(said: Option<Feedback>) -> Self {
        said.map_or_else(Self::default, |said| Self { verdict: said.verdict.as_str(), comment: said.comment })
    }
}

/// Two sources that tell the same thing differently.
struct Disputed<'a> {
    says: [(&'a str, Source); 2],
}

/// Renders events in their order; remembers the quotes, whose numbers the sentences use.
pub(crate) struct Renderer {
    frame: Frame,
    /// Of the conversation's answers, from 0: each has its own footnotes.
    nth: i64,
    conversation: Option<ConversationId>,
    opinion: Option<Opinion>,
    quotes: Vec<Citation>,
}

impl Renderer {
    /// `opinion`: of whoever asked; `None` for others.
    pub(crate) const fn new(frame: Frame, nth: i64, conversation: Option<ConversationId>, opinion: Option<Opinion>) -> Self {
        Self { frame, nth, conversation, opinion, quotes: Vec::new() }
    }

    /// # Errors
    /// A template failed.
    pub(crate) fn render(&mut self, event: AnswerEvent) -> Result<Piece, PageError> {
        Ok(match event {
            AnswerEvent::Quotes(quotes) => {
                let html = self.quotes("answer-passages", &quotes)?;
                self.quotes = quotes;
                Piece { event: "quotes", html }
            }
            AnswerEvent::Waiting { ahead } => {
                let ahead = i64::try_from(ahead).unwrap_or(i64::MAX);
                Piece { event: "waiting", html: Waiting { frame: &self.frame, ahead }.render()? }
            }
            AnswerEvent::Sentence(sentence) => Piece { event: "sentence", html: self.sentence(&sentence)? },
            AnswerEvent::Abstained { nearest } => Piece { event: "abstained", html: self.quotes("answer-nearby", &nearest)? },
            AnswerEvent::Done(answer) => Piece { event: "done", html: self.done(&answer)? },
        })
    }

    /// All of an answer that was given before.
    ///
    /// # Errors
    /// A template failed.
    pub(crate) fn whole(&mut self, answer: &Answer) -> Result<Vec<Piece>, PageError> {
        let mut events = Vec::new();
        if answer.status == Status::Abstained {
            events.extend((!answer.nearest.is_empty()).then(|| AnswerEvent::Abstained { nearest: answer.nearest.clone() }));
        } else if !answer.citations.is_empty() {
            events.push(AnswerEvent::Quotes(answer.citations.clone()));
        }
        if answer.status == Status::Answered {
            events.extend(answer.sentences.iter().cloned().map(AnswerEvent::Sentence));
        }
        events.push(AnswerEvent::Done(Box::new(answer.clone())));
        events.into_iter().map(|event| self.render(event)).collect()
    }

    fn quotes(&self, heading: &str, quotes: &[Citation]) -> Result<String, PageError> {
        Ok(Quotes { nth: self.nth, heading: self.frame.say(heading), quotes: Quote::of_all(&self.frame, quotes) }.render()?)
    }

    fn sentence(&self, sentence: &Sentence) -> Result<String, PageError> {
        let cited = sentence.citations.iter().filter_map(|n| self.quotes.iter().find(|q| q.n == *n));
        let sources = cited.map(|quote| Source::of(&self.frame, quote)).collect();
        Ok(SentencePiece { frame: &self.frame, nth: self.nth, text: &sentence.text, sources }.render()?)
    }

    fn done(&self, answer: &Answer) -> Result<String, PageError> {
        let source = |n: u32| answer.citations.iter().find(|citation| citation.n == n).map(|quote| Source::of(&self.frame, quote));
        let conflicts = answer.conflicts.iter().filter_map(|conflict| {
            let [first, second] = [0, 1].map(|at| Some((conflict.says[at].as_str(), source(conflict.citations[at])?)));
            Some(Disputed { says: [first?, second?] })
        });
        Ok(Done {
            frame: &self.frame,
            id: answer.id.to_string(),
            conversation: self.conversation,
            question: &answer.question,
            understood: answer.understood.as_deref(),
            conflicts: conflicts.collect(),
            corrected: &answer.corrected,
            status: answer.status,
            has_sources: !answer.citations.is_empty() || !answer.nearest.is_empty(),
            notice: answer.notice.as_deref(),
            verified: answer.verified.as_ref().map(|by| {
                let mut args = FluentArgs::new();
                args.set("s", by.author.clone());
                args.set("day", self.frame.day(by.at));
                self.frame.language.say("answer-verified", &args)
            }),
            opinion: self.opinion.clone(),
            seconds: self.frame.tenths(answer.timings_ms.total / 1000.0),
        }
        .render()?)
    }
}
