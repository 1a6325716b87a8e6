//! The line before a server: first come, first served, each told how many are before it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc::UnboundedSender, watch};

use crate::{Error, Result, stream::Event};

/// Counts who came and who has got through or left.
pub(super) struct Line {
    tickets: AtomicU64,
    gone: watch::Sender<u64>,
}

impl Default for Line {
    fn default() -> Self {
        Self { tickets: AtomicU64::new(0), gone: watch::Sender::new(0) }
    }
}

impl Line {
    /// Waits for a permit. Semaphores are fair, so who came first gets the first.
    ///
    /// # Errors
    /// `Stopped`: the semaphore was closed, which nobody does.
    pub(super) async fn wait(&self, permits: &Arc<Semaphore>, events: &UnboundedSender<Event>) -> Result<OwnedSemaphorePermit> {
        let ticket = self.tickets.fetch_add(1, Ordering::SeqCst);
        let _leaving = Leaving(&self.gone);
        if let Ok(permit) = Arc::clone(permits).try_acquire_owned() {
            return Ok(permit);
        }
        let mut gone = self.gone.subscribe();
        let permit = Arc::clone(permits).acquire_owned();
        tokio::pin!(permit);
        loop {
            let ahead = usize::try_from(ticket.saturating_sub(*gone.borrow_and_update())).unwrap_or(usize::MAX);
            let _ = events.send(Event::Waiting { ahead });
            tokio::select! {
                permit = &mut permit => return permit.map_err(|_| Error::Stopped),
                changed = gone.changed() => changed.map_err(|_| Error::Stopped)?,
            }
        }
    }
}

/// Out of the line, with a permit or without.
struct Leaving<'a>(&'a watch::Sender<u64>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|gone| *gone += 1);
    }
}
