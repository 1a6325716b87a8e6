//! The thread that owns the context: all requests that have a sequence go on together, a token each a step, while the
//! prompts of new ones are read between, chunk by chunk.

use std::{ops::Range, sync::Arc, time::Instant};

use llama_cpp_2::{model::LlamaModel, token::LlamaToken};

use crate::{
    Error, Result,
    engine::{CHUNK, Engine},
    queue::{Job, Next, Queue},
    repetition,
    slots::{Placement, Slot, longest_known, place},
    stream::{Event, Finish, Finished},
    text::Text,
};

/// Answers until the queue is closed.
pub(crate) fn serve(engine: Engine<'_>, queue: &Queue, slots: usize, cells: usize) {
    let slots = (0..slots).map(|_| Slot::default()).collect();
    let mut worker = Worker { engine, queue, slots, cells, active: Vec::new(), clock: 0 };
    while worker.admit() {
        worker.leave_the_abandoned();
        if let Err(error) = worker.step() {
            worker.fail(&error);
        }
    }
}

struct Worker<'a> {
    engine: Engine<'a>,
    queue: &'a Queue,
    slots: Vec<Slot<LlamaToken>>,
    cells: usize,
    /// In the order in which they came.
    active: Vec<Answering>,
    clock: u64,
}

/// A request that has a sequence.
struct Answering {
    job: Job,
    slot: usize,
    /// Tokens of the prompt that are in the cache.
    read: usize,
    /// How many of them another request had left there.
    cached: usize,
    /// Whether any of the others has been read.
    begun: bool,
    written: Vec<LlamaToken>,
    text: Text,
    started: Instant,
    prompted: Instant,
}

impl Worker<'_> {
    /// Takes in what waits and finds a place; waits for it where nothing is under way. False when all is done.
    fn admit(&mut self) -> bool {
        loop {
            let idle = self.active.is_empty();
            let (slots, cells, shares) = (&self.slots, self.cells, self.engine.rewinds());
            let mut placement = None;
            let next = self.queue.next(idle, |job| {
                placement = place(slots, &job.tokens, job.cells(), cells, shares);
                placement.is_some()
            });
            match (next, placement) {
                (Next::Job(job), Some(placement)) => self.begin(job, &placement),
                (Next::Job(job), None) => {
                    self.queue.left(job.asker.as_deref());
                    send(&job, Event::Failed(Error::Memory { tokens: u32::try_from(job.cells()).unwrap_or(u32::MAX) }));
                }
                (Next::Later, _) => return true,
                (Next::Closed, _) => return false,
            }
        }
    }

    fn begin(&mut self, job: Job, placement: &Placement) {
        let &Placement { slot, donor, known, .. } = placement;
        for &at in &placement.evicted {
            self.release(at, 0);
        }
        let taken = if donor == slot {
            self.engine.truncate(slot, known);
            Ok(())
        } else {
            self.engine.truncate(slot, 0);
            self.engine.take_over(donor, slot, known)
        };
        self.clock += 1;
        self.slots[slot] = Slot { read: job.tokens[..known].to_vec(), reserved: job.cells(), busy: true, used: self.clock };
        let now = Instant::now();
        let text = Text::new(&job.stop);
        let (written, begun) = (Vec::new(), false);
        self.active.push(Answering { job, slot, read: known, cached: known, begun, written, text, started: now, prompted: now });
        if let Err(error) = taken {
            self.fail(&error);
        }
    }

    /// Who has left makes room before the next step.
    fn leave_the_abandoned(&mut self) {
        for at in (0..self.active.len()).rev() {
            if self.active[at].job.abandoned() {
                let answering = self.active.remove(at);
                answering.job.span.in_scope(|| tracing::debug!("generation.cancelled"));
                self.give_back(&answering);
            }
        }
    }

    /// A token more for each answer, and up to a chunk of prompts, the earliest first.
    fn step(&mut self) -> Result<()> {
        let (mut wanted, mut reading) = (Vec::new(), Vec::new());
        let mut left = CHUNK;
        for at in 0..self.active.len() {
            let answering = &self.active[at];
            if let Some(&last) = answering.written.last() {
                let position = answering.job.tokens.len() + answering.written.len() - 1;
                wanted.push((at, self.engine.push(answering.slot, last, position, true)?));
            } else if answering.next_chunk().len() <= left {
                if !answering.begun {
                    self.take_over(at)?;
                }
                let answering = &self.active[at];
                let chunk = answering.next_chunk();
                left -= chunk.len();
                let last = answering.job.tokens.len() - 1;
                for position in chunk.clone() {
                    let place = self.engine.push(answering.slot, answering.job.tokens[position], position, position == last)?;
                    if position == last {
                        wanted.push((at, place));
                    }
                }
                reading.push((at, chunk.end));
            }
        }
        if wanted.is_empty() && reading.is_empty() {
            return Ok(());
        }
        self.engine.step()?;
        for (at, end) in reading {
            let answering = &mut self.active[at];
            (answering.read, answering.begun) = (end, true);
            let known = &mut self.slots[answering.slot].read;
            known.extend_from_slice(&answering.job.tokens[known.len()..end / CHUNK * CHUNK]);
        }
        let chosen: Vec<(usize, LlamaToken)> = wanted.into_iter().map(|(at, place)| (at, self.engine.best(place))).collect();
        // From the last, so that the places of those before stay what they are.
        for (at, token) in chosen.into_iter().rev() {
            if let Some(finish) = self.active[at].take(&self.engine, token) {
                let answering = self.active.remove(at);
                self.give_back(&answering);
                answering.finish(finish);
            }
        }
        Ok(())
    }

    /// Before a prompt is read: others that came with it may have read its beginning meanwhile.
    fn take_over(&mut self, at: usize) -> Result<()> {
        let answering = &mut self.active[at];
        let (donor, known) = longest_known(&self.slots, &answering.job.tokens, self.engine.rewinds());
        if known > answering.read {
            self.engine.truncate(answering.slot, 0);
            self.engine.take_over(donor, answering.slot, known)?;
            self.slots[answering.slot].read = answering.job.tokens[..known].to_vec();
            (answering.read, answering.cached) = (known, known);
        }
        Ok(())
    }

    /// llama.cpp failed: nothing of the cache can be relied on.
    fn fail(&mut self, error: &Error) {
        for answering in std::mem::take(&mut self.active) {
            answering.job.span.in_scope(|| tracing::error!(%error, "generation.failed"));
            send(&answering.job, Event::Failed(error.clone()));
            self.queue.left(answering.job.asker.as_deref());
        }
        for at in 0..self.slots.len() {
            self.release(at, 0);
        }
    }

    /// The sequence is free again; the prompt stays in it for the next that begins like it.
    fn give_back(&mut self, answering: &Answering) {
        let keep = if self.engine.rewinds() { self.slots[answering.slot].read.len() } else { 0 };
        self.release(answering.slot, keep);
        self.queue.left(answering.job.asker.as_deref());
    }

    fn release(&mut self, slot: usize, keep: usize) {
        self.engine.truncate(slot, keep);
        let slot = &mut self.slots[slot];
        slot.read.truncate(keep);
        (slot.reserved, slot.busy) = (0, false);
    }
}

impl Answering {
    /// The tokens of the prompt that are read next.
    fn next_chunk(&self) -> Range<usize> {
        self.read..self.job.tokens.len().min(self.read + CHUNK)
    }

    /// Takes the next token in; tells how the answer ended, if it did.
    fn take(&mut self, engine: &Engine<'_>, token: LlamaToken) -> Option<Finish> {
        if self.written.is_empty() {
            self.prompted = Instant::now();
        }
        if self.job.max_tokens == 0 {
            return Some(Finish::Length);
        }
        if engine.ends(token) {
            return Some(Finish::End);
        }
        self.written.push(token);
        send_text(&self.job, self.text.push(&engine.bytes(token)));
        match () {
            () if self.text.stopped() => Some(Finish::Stop),
            () if repetition::repeats(&self.written) => Some(Finish::Repetition),
            () if self.written.len() == self.job.max_tokens => Some(Finish::Length),
            () => None,
        }
    }

    fn finish(self, finish: Finish) {
        let Self { job, cached, written, text, started, prompted, .. } = self;
        send_text(&job, text.finish());
        let finished = Finished {
            finish,
            prompt_tokens: job.tokens.len(),
            cached_tokens: cached,
            generated_tokens: written.len(),
            queued: started - job.queued,
            prompt: prompted - started,
            generation: prompted.elapsed(),
        };
        job.span.in_scope(|| {
            tracing::debug!(
                prompt_tokens = finished.prompt_tokens,
                cached_tokens = finished.cached_tokens,
                generated_tokens = finished.generated_tokens,
                "generation.finished"
            );
        });
        send(&job, Event::Finished(finished));
    }
}

fn send_text(job: &Job, text: String) {
    if !text.is_empty() {
        send(job, Event::Text(text));
    }
}

fn send(job: &Job, event: Event) {
    // An error means that the asker has left; that is looked at before the next step.
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
    /// Tokens that a prompt and its answer may have together.
    pub(crate) context_tokens: u32,
}
