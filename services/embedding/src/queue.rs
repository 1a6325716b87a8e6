//! The work that waits for the model: two bounded lanes, and the urgent one goes first.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::{Error, Result, onnx::Row};

/// Pieces of work that may wait in one lane; beyond that the caller is told to come back.
const CAPACITY: usize = 64;

/// Texts as the model reads them, and where what it makes of them goes.
pub(crate) struct Work<T> {
    pub(crate) rows: Vec<Row>,
    pub(crate) reply: oneshot::Sender<Result<Vec<T>>>,
}

#[derive(Clone, Copy)]
pub(crate) enum Lane {
    /// Somebody waits for an answer.
    Urgent,
    /// Documents being indexed.
    Bulk,
}

pub(crate) struct Queue<T> {
    lanes: Mutex<Lanes<T>>,
    changed: Condvar,
}

struct Lanes<T> {
    urgent: VecDeque<Work<T>>,
    bulk: VecDeque<Work<T>>,
    closed: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { lanes: Mutex::new(Lanes { urgent: VecDeque::new(), bulk: VecDeque::new(), closed: false }), changed: Condvar::new() }
    }
}

impl<T> Queue<T> {
    pub(crate) fn push(&self, lane: Lane, work: Work<T>) -> Result<()> {
        let mut lanes = self.lock();
        if lanes.closed {
            return Err(Error::Stopped);
        }
        let lane = match lane {
            Lane::Urgent => &mut lanes.urgent,
            Lane::Bulk => &mut lanes.bulk,
        };
        if lane.len() >= CAPACITY {
            return Err(Error::Busy);
        }
        lane.push_back(work);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for work whose asker is still there. None once the queue is closed.
    pub(crate) fn pop(&self) -> Option<Work<T>> {
        let mut lanes = self.lock();
        loop {
            if lanes.closed {
                return None;
            }
            match lanes.urgent.pop_front().or_else(|| lanes.bulk.pop_front()) {
                Some(work) if work.reply.is_closed() => {}
                Some(work) => return Some(work),
                None => lanes = self.changed.wait(lanes).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Ends the thread; what still waits is dropped, and its askers learn that it has stopped.
    pub(crate) fn close(&self) {
        let mut lanes = self.lock();
        *lanes = Lanes { urgent: VecDeque::new(), bulk: VecDeque::new(), closed: true };
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Lanes<T>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(id: i64) -> (Work<f32>, oneshot::Receiver<Result<Vec<f32>>>) {
        let (reply, answer) = oneshot::channel();
        (Work { rows: vec![Row::single(vec![id])], reply }, answer)
    }

    #[test]
    fn a_question_overtakes_passages_and_abandoned_work_is_dropped() {
        let queue = Queue::default();
        let (first, _keep1) = work(1);
        let (left, gone) = work(2);
        let (question, _keep3) = work(3);
        queue.push(Lane::Bulk, first).unwrap();
        queue.push(Lane::Urgent, left).unwrap();
        queue.push(Lane::Urgent, question).unwrap();
        drop(gone);
        assert_eq!(queue.pop().unwrap().rows, [Row::single(vec![3])]);
        assert_eq!(queue.pop().unwrap().rows, [Row::single(vec![1])]);
    }

    #[test]
    fn a_full_lane_says_busy_and_a_closed_queue_says_stopped() {
        let queue = Queue::default();
        let waiting: Vec<_> = (0..CAPACITY as i64)
            .map(|i| {
                let (work, answer) = work(i);
                queue.push(Lane::Urgent, work).unwrap();
                answer
            })
            .collect();
        assert!(matches!(queue.push(Lane::Urgent, work(0).0), Err(Error::Busy)));
        assert!(queue.push(Lane::Bulk, work(0).0).is_ok(), "the other lane has room");
        queue.close();
        assert!(queue.pop().is_none());
        assert!(matches!(queue.push(Lane::Bulk, work(0).0), Err(Error::Stopped)));
        assert!(waiting.into_iter().all(|mut a| a.try_recv().is_err()));
    }
}
