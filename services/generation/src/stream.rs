//! An answer as it is written.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_stream::{Stream, StreamExt};

use crate::{Error, Result};

/// What the model's thread reports.
pub(crate) enum Event {
    Waiting { ahead: usize },
    Text(String),
    Finished(Finished),
    Failed(Error),
}

/// What comes of an answer, bit by bit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The model is at work for others; so many requests begin before this one. Comes again when that changes.
    Waiting { ahead: usize },
    /// Valid UTF-8.
    Text(String),
}

/// How an answer came to its end and what it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finished {
    pub finish: Finish,
    pub prompt_tokens: usize,
    /// How many of the prompt's tokens were known from an earlier request.
    pub cached_tokens: usize,
    pub generated_tokens: usize,
    /// How many of them were guessed from the prompt, and cost no step of their own.
    pub guessed_tokens: usize,
    /// Waiting for earlier requests.
    pub queued: Duration,
    /// Evaluating the prompt.
    pub prompt: Duration,
    /// Writing the answer.
    pub generation: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model said that it is done.
    End,
    /// A stop string of the request, or a mark of the model's turns that it spelled out.
    Stop,
    /// `max_tokens`: the last sentence may be cut off.
    Length,
    /// The model began to say the same thing again and again.
    Repetition,
}

/// Pieces in order; the texts joined are the answer. An error is the last item.
/// Dropping it stops the work: before the next step, or at once while it still waits.
pub struct Generation {
    events: UnboundedReceiver<Event>,
    finished: Option<Finished>,
    ended: bool,
}

impl Generation {
    pub(crate) fn new(events: UnboundedReceiver<Event>) -> Self {
        Self { events, finished: None, ended: false }
    }

    /// Present once the stream has ended without an error.
    #[must_use]
    pub fn finished(&self) -> Option<&Finished> {
        self.finished.as_ref()
    }

    /// Waits for the whole answer.
    ///
    /// # Errors
    /// Whatever ended the stream early.
    pub async fn text(mut self) -> Result<(String, Finished)> {
        let mut text = String::new();
        while let Some(piece) = self.next().await {
            if let Piece::Text(piece) = piece? {
                text.push_str(&piece);
            }
        }
        Ok((text, self.finished.ok_or(Error::Stopped)?))
    }
}

impl Stream for Generation {
    type Item = Result<Piece>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // A channel that closes without a last word means that the thread has gone: never take it for the end.
        let event = ready!(self.events.poll_recv(context)).unwrap_or(Event::Failed(Error::Stopped));
        Poll::Ready(match event {
            Event::Waiting { ahead } => Some(Ok(Piece::Waiting { ahead })),
            Event::Text(text) => Some(Ok(Piece::Text(text))),
            Event::Finished(finished) => {
                self.ended = true;
                self.finished = Some(finished);
                None
            }
            Event::Failed(error) => {
                self.ended = true;
                Some(Err(error))
            }
        })
    }
}
