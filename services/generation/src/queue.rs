//! What waits for the model. Bounded; who has left makes room at once.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use llama_cpp_2::token::LlamaToken;
use tokio::sync::mpsc::UnboundedSender;

use crate::{Error, Result, stream::Event};

/// A request that is ready to be evaluated.
pub(crate) struct Job {
    pub(crate) tokens: Vec<LlamaToken>,
    pub(crate) max_tokens: usize,
    pub(crate) stop: Vec<String>,
    /// Unbounded, so a slow reader never holds up the others; `max_tokens` bounds it.
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) queued: Instant,
    /// The work is logged under the request that caused it.
    pub(crate) span: tracing::Span,
}

impl Job {
    /// Nobody reads the answer any more.
    pub(crate) fn abandoned(&self) -> bool {
        self.events.is_closed()
    }
}

pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    capacity: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// The worker waits for the next job, so that one doesn't count as waiting.
    idle: bool,
    closed: bool,
}

impl Queue {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { state: Mutex::default(), wake: Condvar::new(), capacity }
    }

    /// # Errors
    /// `Busy` when it is full, `Stopped` when there is no worker any more.
    pub(crate) fn push(&self, job: Job) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Stopped);
        }
        let room = self.capacity + usize::from(state.idle);
        if state.waiting.len() >= room {
            state.waiting.retain(|job| !job.abandoned());
        }
        if state.waiting.len() >= room {
            return Err(Error::Busy);
        }
        state.waiting.push_back(job);
        self.wake.notify_one();
        Ok(())
    }

    /// Waits for the next job; `None` once it is closed and everything is done.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.waiting.pop_front() {
                state.idle = false;
                if job.abandoned() {
                    continue;
                }
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.idle = true;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no more; what waits is still answered.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.wake.notify_all();
    }

    /// The worker has gone: who waits is told so.
    pub(crate) fn abandon(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.waiting.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    fn job() -> (Job, UnboundedReceiver<Event>) {
        let (events, receiver) = unbounded_channel();
        let job = Job { tokens: vec![], max_tokens: 1, stop: vec![], events, queued: Instant::now(), span: tracing::Span::none() };
        (job, receiver)
    }

    #[test]
    fn full_means_busy_and_who_leaves_makes_room() {
        let queue = Queue::new(2);
        let (first, gone) = job();
        let (second, _kept) = job();
        let (third, _waiting) = job();
        queue.push(first).unwrap();
        queue.push(second).unwrap();
        assert_eq!(queue.push(job().0), Err(Error::Busy));
        drop(gone);
        queue.push(third).unwrap();
        assert_eq!(queue.push(job().0), Err(Error::Busy));
    }

    #[test]
    fn closing_finishes_what_waits_and_skips_the_abandoned() {
        let queue = Queue::new(2);
        let (first, gone) = job();
        let (second, _kept) = job();
        queue.push(first).unwrap();
        queue.push(second).unwrap();
        drop(gone);
        queue.close();
        assert!(queue.next().is_some());
        assert!(queue.next().is_none());
        assert_eq!(queue.push(job().0), Err(Error::Stopped));
    }
}
