//! The thread that owns the context: all requests that have a sequence go on together, in each step by a token and the guesses at
//! what follows it that prove right, while the prompts of new ones are read between, chunk by chunk.

use std::{ops::Range, sync::Arc, time::Instant};

use llama_cpp_2::{model::LlamaModel, token::LlamaToken};

use crate::{
    Error, Result,
    engine::{CHUNK, Engine, Size},
    lookup::Lookup,
    queue::{Job, Next, Queue},
    repetition,
    slots::{Placement, Slot, longest_known, place},
    stream::{Event, Finish, Finished},
    text::Text,
};

/// Answers until the queue is closed.
pub(crate) fn serve(engine: Engine<'_>, queue: &Queue, size: &Size) {
    let slots = (0..size.slots).map(|_| Slot::default()).collect();
    let guesses = if engine.rewinds() { size.guesses } else { 0 };
    let mut worker = Worker { engine, queue, slots, cells: size.cells as usize, guesses, active: Vec::new(), clock: 0 };
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
    guesses: usize,
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
    lookup: Lookup<LlamaToken>,
    /// How many of those that were written had been guessed.
    guessed: usize,
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
        let taken = self.engine.take_over(donor, slot, known);
        let known = *taken.as_ref().unwrap_or(&0);
        self.clock += 1;
        self.slots[slot] = Slot { read: job.tokens[..known].to_vec(), reserved: job.cells(), busy: true, used: self.clock };
        let now = Instant::now();
        let text = Text::new(&job.stop);
        self.active.push(Answering {
            slot,
            read: known,
            cached: known,
            begun: false,
            written: Vec::new(),
            lookup: Lookup::new(&job.tokens),
            guessed: 0,
            text,
            started: now,
            prompted: now,
            job,
        });
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

    /// A token more for each answer, and as many as were guessed rightly; and up to a chunk of prompts, the earliest first.
    fn step(&mut self) -> Result<()> {
        let (mut asked, mut reading) = (Vec::new(), Vec::new());
        let mut left = CHUNK;
        let guesses = self.guesses_for_each();
        for at in 0..self.active.len() {
            let answering = &self.active[at];
            if let Some(&last) = answering.written.last() {
                let position = answering.job.tokens.len() + answering.written.len() - 1;
                let place = self.engine.push(answering.slot, last, position, true)?;
                let guesses = answering.guess(guesses).to_vec();
                for (guess, position) in guesses.iter().zip(position + 1..) {
                    self.engine.push(answering.slot, *guess, position, true)?;
                }
                asked.push(Asked { at, place, guesses });
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
                        asked.push(Asked { at, place, guesses: Vec::new() });
                    }
                }
                reading.push((at, chunk.end));
            }
        }
        if asked.is_empty() && reading.is_empty() {
            return Ok(());
        }
        self.engine.step()?;
        for (at, end) in reading {
            let answering = &mut self.active[at];
            (answering.read, answering.begun) = (end, true);
            let known = &mut self.slots[answering.slot].read;
            known.extend_from_slice(&answering.job.tokens[known.len()..end / CHUNK * CHUNK]);
        }
        // All of them before anything is dropped: places are those of this step.
        let chosen: Vec<Vec<LlamaToken>> = asked.iter().map(|asked| asked.chosen(&self.engine)).collect();
        // From the last, so that the places of those before stay what they are.
        for (asked, chosen) in asked.into_iter().zip(chosen).rev() {
            self.take(&asked, &chosen);
        }
        Ok(())
    }

    /// How many guesses each answer may make: a step with a few more tokens takes hardly longer, one with many does.
    fn guesses_for_each(&self) -> usize {
        let writing = self.active.iter().filter(|answering| !answering.written.is_empty()).count();
        (self.guesses + 1).checked_div(writing).map_or(0, |each| each.saturating_sub(1))
    }

    /// Takes in what the model chose after a token and after each guess that was right.
    fn take(&mut self, asked: &Asked, chosen: &[LlamaToken]) {
        let answering = &mut self.active[asked.at];
        let (right, before) = (chosen.len() - 1, answering.written.len());
        answering.lookup.learn(asked.guesses.len(), right);
        for (index, token) in chosen.iter().enumerate() {
            let finish = answering.take(&self.engine, *token);
            answering.guessed += usize::from(index < right && answering.written.len() > before + index);
            if let Some(finish) = finish {
                let answering = self.active.remove(asked.at);
                self.give_back(&answering);
                answering.finish(finish);
                return;
            }
        }
        if right < asked.guesses.len() {
            self.engine.truncate(answering.slot, answering.job.tokens.len() + answering.written.len() - 1);
        }
    }

    /// Before a prompt is read: others that came with it may have read its beginning meanwhile.
    fn take_over(&mut self, at: usize) -> Result<()> {
        let answering = &mut self.active[at];
        let (donor, known) = longest_known(&self.slots, &answering.job.tokens, self.engine.rewinds());
        if known > answering.read {
            let known = self.engine.take_over(donor, answering.slot, known)?;
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

/// What a step is to tell about an answer.
struct Asked {
    /// The answer's place among those under way.
    at: usize,
    /// The last token's place in the step; the guesses follow it.
    place: i32,
    guesses: Vec<LlamaToken>,
}

impl Asked {
    /// What comes after the last token, and after each guess that it proves right.
    fn chosen(&self, engine: &Engine<'_>) -> Vec<LlamaToken> {
        let mut chosen = vec![engine.best(self.place)];
        for (guess, place) in self.guesses.iter().zip(self.place + 1..) {
            if chosen.last() != Some(guess) {
                break;
            }
            chosen.push(engine.best(place));
        }
        chosen
    }
}

impl Answering {
    /// What may come after the last token, never more than the answer has room for.
    fn guess(&self, most: usize) -> &[LlamaToken] {
        let room = self.job.max_tokens.saturating_sub(self.written.len() + 1);
        self.lookup.guess(most.min(room))
    }

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
        self.lookup.push(token);
        send_text(&self.job, self.text.push(&engine.bytes(token)));
        match () {
            () if self.text.stopped() => Some(Finish::Stop),
            () if repetition::repeats(&self.written) => Some(Finish::Repetition),
            () if self.written.len() == self.job.max_tokens => Some(Finish::Length),
            () => None,
        }
    }

    fn finish(self, finish: Finish) {
        let Self { job, cached, written, guessed, text, started, prompted, .. } = self;
        send_text(&job, text.finish());
        let finished = Finished {
            finish,
            prompt_tokens: job.tokens.len(),
            cached_tokens: cached,
            generated_tokens: written.len(),
            guessed_tokens: guessed,
            queued: started - job.queued,
            prompt: prompted - started,
            generation: prompted.elapsed(),
        };
        job.span.in_scope(|| {
            tracing::debug!(
                prompt_tokens = finished.prompt_tokens,
                cached_tokens = finished.cached_tokens,
                generated_tokens = finished.generated_tokens,
                guessed_tokens = finished.guessed_tokens,
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
