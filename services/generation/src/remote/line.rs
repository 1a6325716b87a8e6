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
    /// Who asked for those that are under way.
    under_way: Vec<Option<String>>,
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
        let askers = state.waiting.iter().map(|(.., who)| who).chain(&state.under_way);
        let own = askers.filter(|who| who.is_some() && **who == asker).count();
        if state.waiting.len() + state.under_way.len() >= self.places || own >= share(self.places) {
            return Err(Error::Busy);
        }
        state.tickets += 1;
        let (turn, ticket) = (state.turns.take(asker.as_deref()), state.tickets);
        let at = state.waiting.partition_point(|known| known.0 <= turn);
        state.waiting.insert(at, (turn, ticket, asker.clone()));
        drop(state);
        self.moved.send_replace(());
        Ok(Place { line: Arc::clone(self), ticket, asker, is_through: false })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is waiting or under way; out of the line when it is dropped.
pub(super) struct Place {
    line: Arc<Line>,
    ticket: u64,
    asker: Option<String>,
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
        let free = self.line.parallel.saturating_sub(state.under_way.len());
        if at >= free {
            return Some(at - free);
        }
        let (turn, _, asker) = state.waiting.remove(at);
        state.turns.begin(turn);
        state.under_way.push(asker);
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
            if let Some(at) = state.under_way.iter().position(|asker| *asker == self.asker) {
                state.under_way.swap_remove(at);
            }
        } else {
            state.waiting.retain(|known| known.1 != self.ticket);
            if let Some(asker) = &self.asker {
                let turn = state.waiting.iter().filter(|(.., who)| who.as_ref() == Some(asker)).map(|known| known.0).max();
                state.turns.leave(asker, turn);
            }
        }
        drop(state);
        self.line.moved.send_replace(());
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        sync::mpsc::{UnboundedReceiver, unbounded_channel},
        task::yield_now,
    };

    use super::*;

    fn waits(line: &Arc<Line>, who: &str) -> Result<(Place, UnboundedSender<Event>, UnboundedReceiver<Event>)> {
        let (sender, receiver) = unbounded_channel();
        Ok((line.enter(Some(who.to_owned()))?, sender, receiver))
    }

    #[tokio::test]
    async fn askers_take_turns_and_whoever_leaves_makes_room() {
        let line = Arc::new(Line::new(1, 5));
        let (mut first, sender, _told) = waits(&line, "a").unwrap();
        first.turn(&sender).await;
        let mut places = Vec::new();
        for who in ["a", "a", "b", "c"] {
            places.push((who, waits(&line, who).unwrap()));
        }
        assert!(matches!(line.enter(Some("a".into())), Err(Error::Busy)), "half of the places, one of them under way");
        // The second of a leaves, and there is room for another.
        drop(places.remove(0));
        places.push(("a", waits(&line, "a").unwrap()));
        places.push(("b", waits(&line, "b").unwrap()));
        assert!(matches!(line.enter(Some("d".into())), Err(Error::Busy)), "all places");
        let (done, mut order) = unbounded_channel();
        for (who, (mut place, sender, told)) in places {
            let done = done.clone();
            tokio::spawn(async move {
                let _told = told;
                place.turn(&sender).await;
                let _ = done.send(who);
                yield_now().await;
            });
        }
        yield_now().await;
        assert!(order.try_recv().is_err(), "the first is not done");
        drop((first, done));
        let mut through = String::new();
        while let Some(who) = order.recv().await {
            through.push_str(who);
        }
        assert_eq!(through, "bcbaa");
        assert!(line.lock().waiting.is_empty() && line.lock().under_way.is_empty());
    }

    #[tokio::test]
    async fn each_is_told_how_many_are_before_it() {
        let line = Arc::new(Line::new(1, 5));
        let (mut first, sender, mut told) = waits(&line, "a").unwrap();
        first.turn(&sender).await;
        assert!(told.try_recv().is_err(), "it waits for nobody");
        let (second, ..) = waits(&line, "b").unwrap();
        let (mut third, sender, mut told) = waits(&line, "c").unwrap();
        let third = tokio::spawn(async move { third.turn(&sender).await });
        yield_now().await;
        drop(second);
        yield_now().await;
        drop(first);
        third.await.unwrap();
        let told: Vec<usize> = std::iter::from_fn(|| told.try_recv().ok())
            .map(|event| if let Event::Waiting { ahead } = event { ahead } else { 99 })
            .collect();
        assert_eq!(told, [1, 0]);
    }
}
