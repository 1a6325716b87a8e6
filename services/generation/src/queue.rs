//! What waits for the model. Bounded; who has left makes room at once.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use llama_cpp_2::token::LlamaToken;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    Error, Result,
    stream::Event,
    turns::{Turns, share},
};

/// A request that is ready to be evaluated.
pub(crate) struct Job {
    pub(crate) tokens: Vec<LlamaToken>,
    pub(crate) max_tokens: usize,
    pub(crate) stop: Vec<String>,
    pub(crate) asker: Option<String>,
    /// Set by the queue.
    pub(crate) turn: u64,
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
    /// In the order of their turns.
    waiting: VecDeque<Job>,
    turns: Turns,
    /// Who asked for those that are under way; as many as there are sequences don't count as waiting.
    running: Vec<Option<String>>,
    closed: bool,
}

impl State {
    /// Nobody reads their answers any more.
    fn drop_abandoned(&mut self) {
        let (left, waiting): (VecDeque<Job>, VecDeque<Job>) = self.waiting.drain(..).partition(Job::abandoned);
        self.waiting = waiting;
        for asker in left.into_iter().filter_map(|job| job.asker) {
            let turn = self.waiting.iter().filter(|job| job.asker.as_ref() == Some(&asker)).map(|job| job.turn).max();
            self.turns.leave(&asker, turn);
        }
    }

    /// Tells those who have to wait how many begin before them, from one of them on.
    fn tell_places(&self, free: usize, from: usize) {
        self.waiting.iter().enumerate().skip(free.max(from)).for_each(|(at, job)| job.tell_place(at - free));
    }
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
    /// `Busy` when it is full, or its asker has their share of it; `Stopped` when there is no worker any more.
    pub(crate) fn push(&self, mut job: Job) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(Error::Stopped);
        }
        let free = self.slots.saturating_sub(state.running.len());
        let most = share(self.capacity + self.slots);
        let is_full = |state: &State| {
            let askers = state.waiting.iter().map(|other| &other.asker).chain(&state.running);
            let own = askers.filter(|asker| asker.is_some() && **asker == job.asker).count();
            state.waiting.len() >= self.capacity + free || own >= most
        };
        if is_full(&state) {
            state.drop_abandoned();
        }
        if is_full(&state) {
            return Err(Error::Busy);
        }
        job.turn = state.turns.take(job.asker.as_deref());
        let at = state.waiting.partition_point(|other| other.turn <= job.turn);
        state.waiting.insert(at, job);
        state.tell_places(free, at);
        self.wake.notify_one();
        Ok(())
    }

    /// The job whose turn it is, if it is admitted; none passes it. Where the worker is `idle`, waits for one.
    pub(crate) fn next(&self, idle: bool, mut admits: impl FnMut(&Job) -> bool) -> Next {
        let mut state = self.lock();
        loop {
            state.drop_abandoned();
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
                state.running.push(job.asker.clone());
                state.turns.begin(job.turn);
                state.tell_places(self.slots.saturating_sub(state.running.len()), 0);
                return Next::Job(job);
            }
        }
    }

    /// A job of that asker that was handed out has ended.
    pub(crate) fn left(&self, asker: Option<&str>) {
        let mut state = self.lock();
        if let Some(at) = state.running.iter().position(|running| running.as_deref() == asker) {
            state.running.swap_remove(at);
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
        job_of(None)
    }

    fn job_of(asker: Option<&str>) -> (Job, UnboundedReceiver<Event>) {
        let (events, receiver) = unbounded_channel();
        let job = Job {
            tokens: vec![],
            max_tokens: 1,
            stop: vec![],
            asker: asker.map(str::to_owned),
            turn: 0,
            events,
            queued: Instant::now(),
            span: tracing::Span::none(),
        };
        (job, receiver)
    }

    #[test]
    fn who_asks_much_waits_for_others_and_leaves_them_room() {
        let queue = Queue::new(5, 1);
        let mut kept = Vec::new();
        let mut push = |who: &str| {
            let (job, events) = job_of(Some(who));
            kept.push(events);
            queue.push(job)
        };
        for _ in 0..3 {
            push("a").unwrap();
        }
        assert_eq!(push("a"), Err(Error::Busy), "half of the places");
        // Those under way count as well.
        let Next::Job(begun) = queue.next(false, |_| true) else { panic!("it waits") };
        assert_eq!(push("a"), Err(Error::Busy), "half of the places, one of them under way");
        queue.left(begun.asker.as_deref());
        push("a").unwrap();
        push("b").unwrap();
        push("c").unwrap();
        push("b").unwrap();
        assert_eq!(push("d"), Err(Error::Busy), "full");
        let order: Vec<String> = std::iter::from_fn(|| match queue.next(false, |_| true) {
            Next::Job(job) => job.asker,
            _ => None,
        })
        .collect();
        assert_eq!(order.concat(), "bcabaa");
        // The first of a waited for nobody; its second was passed by the first of b and of c, and told so.
        let told = |events: &mut UnboundedReceiver<Event>| {
            std::iter::from_fn(|| events.try_recv().ok())
                .map(|event| if let Event::Waiting { ahead } = event { ahead } else { 99 })
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&mut kept[0]), Vec::<usize>::new());
        assert_eq!(told(&mut kept[1]), [0, 0, 0, 1, 1, 0]);
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
        queue.left(None);
        assert!(next(&queue).is_some());
        assert_eq!(places.iter_mut().map(told).collect::<Vec<_>>(), [vec![], vec![], vec![], vec![0], vec![1]]);
    }
}
