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

    /// Tokens of prompt and answer together.
    pub(crate) fn cells(&self) -> usize {
        self.tokens.len() + self.max_tokens
    }

    /// Tells the asker how many requests begin before this one.
    fn tell_place(&self, ahead: usize) {
        let _ = self.events.send(Event::Waiting { ahead });
    }
}

pub(crate) struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    capacity: usize,
    slots: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// Under way; as many as there are sequences don't count as waiting.
    running: usize,
    closed: bool,
}

/// What the worker does next.
pub(crate) enum Next {
    Job(Job),
    /// Nothing that can begin now.
    Later,
    Closed,
}

impl Queue {
    /// `slots` requests are answered at a time, `capacity` more may wait.
    pub(crate) fn new(capacity: usize, slots: usize) -> Self {
        Self { state: Mutex::default(), wake: Condvar::new(), capacity, slots }
    }

    /// # Errors
    /// `Busy` when it is full, `Stopped` when there is no worker any more.
    pub(crate) fn push(&self, job: Job) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Stopped);
        }
        let free = self.slots.saturating_sub(state.running);
        if state.waiting.len() >= self.capacity + free {
            state.waiting.retain(|job| !job.abandoned());
        }
        if state.waiting.len() >= self.capacity + free {
            return Err(Error::Busy);
        }
        if let Some(ahead) = state.waiting.len().checked_sub(free) {
            job.tell_place(ahead);
        }
        state.waiting.push_back(job);
        self.wake.notify_one();
        Ok(())
    }

    /// The job that waits longest, if it is admitted; none passes it. Where the worker is `idle`, waits for one.
    pub(crate) fn next(&self, idle: bool, mut admits: impl FnMut(&Job) -> bool) -> Next {
        let mut state = self.lock();
        loop {
            state.waiting.retain(|job| !job.abandoned());
            match state.waiting.front() {
                Some(job) => {
                    // An idle worker has room for whatever comes; should it not, the job must not wait for ever.
                    if !admits(job) && !idle {
                        return Next::Later;
                    }
                }
                None if !idle => return Next::Later,
                None if state.closed => return Next::Closed,
                None => {
                    state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
            }
            if let Some(job) = state.waiting.pop_front() {
                state.running += 1;
                let free = self.slots.saturating_sub(state.running);
                state.waiting.iter().enumerate().skip(free).for_each(|(at, job)| job.tell_place(at - free));
                return Next::Job(job);
            }
        }
    }

    /// A job that was handed out has ended.
    pub(crate) fn left(&self) {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
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

    fn next(queue: &Queue) -> Option<Job> {
        match queue.next(true, |_| true) {
            Next::Job(job) => Some(job),
            _ => None,
        }
    }

    #[test]
    fn full_means_busy_and_who_leaves_makes_room() {
        let queue = Queue::new(1, 1);
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
        let queue = Queue::new(2, 1);
        let (first, gone) = job();
        let (second, _kept) = job();
        queue.push(first).unwrap();
        queue.push(second).unwrap();
        drop(gone);
        queue.close();
        assert!(next(&queue).is_some());
        assert!(next(&queue).is_none());
        assert_eq!(queue.push(job().0), Err(Error::Stopped));
    }

    #[test]
    fn who_waits_is_told_how_many_are_ahead() {
        let queue = Queue::new(4, 2);
        let mut places: Vec<UnboundedReceiver<Event>> = (0..5)
            .map(|_| {
                let (job, events) = job();
                queue.push(job).unwrap();
                events
            })
            .collect();
        let told = |events: &mut UnboundedReceiver<Event>| {
            let mut told = Vec::new();
            while let Ok(Event::Waiting { ahead }) = events.try_recv() {
                told.push(ahead);
            }
            told
        };
        assert_eq!(places.iter_mut().map(told).collect::<Vec<_>>(), [vec![], vec![], vec![0], vec![1], vec![2]]);
        assert!(next(&queue).is_some() && next(&queue).is_some());
        places.iter_mut().for_each(|events| drop(told(events)));
        assert!(matches!(queue.next(false, |_| false), Next::Later), "no free sequence");
        queue.left();
        assert!(next(&queue).is_some());
        assert_eq!(places.iter_mut().map(told).collect::<Vec<_>>(), [vec![], vec![], vec![], vec![0], vec![1]]);
    }
}
