//! The thread that owns the context: one request after the other.

use std::{sync::Arc, time::Instant};

use llama_cpp_2::model::LlamaModel;

use crate::{
    Result,
    engine::Engine,
    queue::{Job, Queue},
    repetition,
    stream::{Event, Finish, Finished},
    text::Text,
};

/// Answers until the queue is closed.
pub(crate) fn serve(engine: &mut Engine<'_>, queue: &Queue) {
    while let Some(job) = queue.next() {
        let span = job.span.clone();
        span.in_scope(|| match answer(engine, &job) {
            Ok(Some(finished)) => {
                tracing::debug!(
                    prompt_tokens = finished.prompt_tokens,
                    cached_tokens = finished.cached_tokens,
                    generated_tokens = finished.generated_tokens,
                    "generation.finished"
                );
                send(&job, Event::Finished(finished));
            }
            Ok(None) => tracing::debug!("generation.cancelled"),
            Err(error) => {
                tracing::error!(%error, "generation.failed");
                send(&job, Event::Failed(error));
            }
        });
    }
}

/// `None` when the asker left meanwhile.
fn answer(engine: &mut Engine<'_>, job: &Job) -> Result<Option<Finished>> {
    let started = Instant::now();
    let Some(cached_tokens) = engine.read(&job.tokens, || job.abandoned())? else { return Ok(None) };
    let prompted = Instant::now();
    let mut text = Text::new(&job.stop);
    let mut written = Vec::new();
    let finish = loop {
        if job.abandoned() {
            return Ok(None);
        }
        if written.len() == job.max_tokens {
            break Finish::Length;
        }
        if let Some(last) = written.last() {
            engine.write(*last)?;
        }
        let token = engine.best();
        if engine.ends(token) {
            break Finish::End;
        }
        written.push(token);
        send_text(job, text.push(&engine.bytes(token)));
        if text.stopped() {
            break Finish::Stop;
        }
        if repetition::repeats(&written) {
            break Finish::Repetition;
        }
    };
    send_text(job, text.finish());
    Ok(Some(Finished {
        finish,
        prompt_tokens: job.tokens.len(),
        cached_tokens,
        generated_tokens: written.len(),
        queued: started - job.queued,
        prompt: prompted - started,
        generation: prompted.elapsed(),
    }))
}

fn send_text(job: &Job, text: String) {
    if !text.is_empty() {
        send(job, Event::Text(text));
    }
}

fn send(job: &Job, event: Event) {
    // An error means that the asker has left; that is looked at before the next token.
    let _ = job.events.send(event);
}

/// Whatever ends the thread, also a panic in the bindings: who waits is told instead of waiting for ever.
pub(crate) struct Farewell(pub(crate) Arc<Queue>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Sent once when the thread is ready.
pub(crate) struct Ready {
    pub(crate) model: Arc<LlamaModel>,
    /// What the context holds.
    pub(crate) context_tokens: u32,
}
