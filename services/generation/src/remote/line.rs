//! The line before a server: so many requests go through at a time, askers take turns, and each is told how many are before it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc::UnboundedSender, watch};

use crate::{
    Error, Result,
    stream::Event,
    turns::{Turns, share},
};

pub(super) struct Line {
    state: Mutex<State>,
    /// Told when somebody has come, got through, or left.
    moved: watch::Sender<()>,
    parallel: usize,
    /// Places, those of the requests under way included.
    places: usize,
}

#[derive(Default)]
struct State {
    turns: Turns,
    tickets: u64,
    under_way: usize,
    /// Turn, ticket and asker, in the order in which they get through.
    waiting: Vec<(u64, u64, Option<String>)>,
}

impl Line {
    /// `parallel` requests go through at a time, `queue` more may wait.
    pub(super) fn new(parallel: usize, queue: usize) -> Self {
        let parallel = parallel.max(1);
        Self { state: Mutex::default(), moved: watch::Sender::new(()), parallel, places: parallel + queue }
    }

    /// Lines up.
    ///
    /// # Errors
    /// `Busy` where all places are taken, or the asker has their share of them.
    pub(super) fn enter(self: &Arc<Self>, asker: Option<String>) -> Result<Place> {
        let mut state = self.lock();
        let own = state.waiting.iter().filter(|(.., who)| who.is_some() && *who == asker).count();
        if state.waiting.len() + state.under_way >= self.places || own >= share(self.places) {
            return Err(Error::Busy);
        }
        state.tickets += 1;
        let (turn, ticket) = (state.turns.take(asker.as_deref()), state.tickets);
        let at = state.waiting.partition_point(|known| known.0 <= turn);
        state.waiting.insert(at, (turn, ticket, asker));
        drop(state);
        self.moved.send_replace(());
        Ok(Place { line: Arc::clone(self), ticket, is_through: false })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is waiting or under way; out of the line when it is dropped.
pub(super) struct Place {
    line: Arc<Line>,
    ticket: u64,
    is_through: bool,
}

impl Place {
    /// Waits until it is its turn.
    pub(super) async fn turn(&mut self, events: &UnboundedSender<Event>) {
        let mut moved = self.line.moved.subscribe();
        let mut told = None;
        loop {
            moved.borrow_and_update();
            let Some(ahead) = self.ahead() else { return };
            if told.replace(ahead) != Some(ahead) {
                let _ = events.send(Event::Waiting { ahead });
            }
            // The line is where this is, so it is not closed.
            let _ = moved.changed().await;
        }
    }

    /// How many come before it; none where it gets through now.
    fn ahead(&mut self) -> Option<usize> {
        let mut state = self.line.lock();
        let at = state.waiting.iter().position(|known| known.1 == self.ticket)?;
        let free = self.line.parallel.saturating_sub(state.under_way);
        if at >= free {
            return Some(at - free);
        }
        let (turn, ..) = state.waiting.remove(at);
        state.turns.begin(turn);
        state.under_way += 1;
        self.is_through = true;
        drop(state);
        self.line.moved.send_replace(());
        None
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.line.lock();
        if self.is_through {
            state.under_way = state.under_way.saturating_sub(1);
        } else {
            state.waiting.retain(|known| known.1 != self.ticket);
        }
        drop(state);
        self.line.moved.send_replace(());
    }
}
