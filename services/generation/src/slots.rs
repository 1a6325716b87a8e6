//! Which sequence a prompt goes to, and how much of it another sequence holds already.

use std::cmp::Reverse;

use crate::engine::CHUNK;

/// What the cache holds of a sequence, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot<T> {
    /// Whole chunks of the last prompt.
    pub(crate) read: Vec<T>,
    /// Cells set aside while it is in use: prompt and answer.
    pub(crate) reserved: usize,
    pub(crate) busy: bool,
    /// When it was last in use, as a running number.
    pub(crate) used: u64,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self { read: Vec::new(), reserved: 0, busy: false, used: 0 }
    }
}

/// What has to be done before a prompt can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    /// The sequence for it.
    pub(crate) slot: usize,
    /// The sequence that begins with the same tokens; may be the same one.
    pub(crate) donor: usize,
    /// How many they are.
    pub(crate) known: usize,
    /// Idle sequences whose cells are needed.
    pub(crate) evicted: Vec<usize>,
}

/// Finds a place for a prompt that needs `cells` with its answer. None while no sequence is free or the cells don't suffice.
///
/// Shared cells are counted for each sequence that has them, so there are rather more cells than it thinks.
pub(crate) fn place<T: PartialEq>(slots: &[Slot<T>], prompt: &[T], cells: usize, pool: usize, shares: bool) -> Option<Placement> {
    let idle = || slots.iter().enumerate().filter(|(_, slot)| !slot.busy);
    let (donor, best) = longest_known(slots, prompt, shares);
    let slot = if best > 0 && !slots[donor].busy {
        // Its own rest is lost, which another idle sequence would keep; but that one's prompt would be lost instead.
        donor
    } else {
        idle().min_by_key(|(_, slot)| slot.used)?.0
    };
    let donor = if best > 0 { donor } else { slot };
    let mut held: usize =
        slots.iter().enumerate().filter(|(at, _)| *at != slot).map(|(_, s)| if s.busy { s.reserved } else { s.read.len() }).sum();
    let mut spare: Vec<usize> = idle().map(|(at, _)| at).filter(|at| *at != slot).collect();
    spare.sort_by_key(|at| slots[*at].used);
    let mut evicted = Vec::new();
    for at in spare {
        if held + cells <= pool {
            break;
        }
        held -= slots[at].read.len();
        evicted.push(at);
    }
    (held + cells <= pool).then_some(Placement { slot, donor, known: best, evicted })
}

/// The sequence that holds most of a prompt's beginning, and how many tokens. Of several an idle one, which need not even share
/// it, and of those the longest unused.
pub(crate) fn longest_known<T: PartialEq>(slots: &[Slot<T>], prompt: &[T], shares: bool) -> (usize, usize) {
    let known = |slot: &Slot<T>| if shares { known_chunks(&slot.read, prompt) } else { 0 };
    let by_worth = |(at, known): &(usize, usize)| (*known, !slots[*at].busy, Reverse(slots[*at].used));
    slots.iter().enumerate().map(|(at, slot)| (at, known(slot))).max_by_key(by_worth).unwrap_or_default()
}

/// Tokens of whole chunks that both begin with. At least one token of the prompt is left to be read: its logits
/// start the answer.
fn known_chunks<T: PartialEq>(read: &[T], prompt: &[T]) -> usize {
    let common = read.iter().zip(prompt).take_while(|(a, b)| a == b).count();
    common.min(prompt.len().saturating_sub(1)) / CHUNK * CHUNK
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(read: &[usize], busy: bool, used: u64) -> Slot<usize> {
        Slot { read: read.to_vec(), reserved: if busy { read.len() + 100 } else { 0 }, busy, used }
    }

    fn prompt(head: usize, rest: usize) -> Vec<usize> {
        (0..head).chain((0..rest).map(|n| 1000 + n)).collect()
    }

    #[test]
    fn only_whole_chunks_are_taken_over_and_the_last_token_is_always_read() {
        let prompt: Vec<usize> = (0..3 * CHUNK).collect();
        assert_eq!(known_chunks(&[], &prompt), 0);
        assert_eq!(known_chunks(&prompt[..CHUNK - 1], &prompt), 0);
        assert_eq!(known_chunks(&prompt[..CHUNK + 5], &prompt), CHUNK);
        assert_eq!(known_chunks(&prompt, &prompt), 2 * CHUNK);
        assert_eq!(known_chunks(&prompt, &prompt[..2 * CHUNK + 1]), 2 * CHUNK);
        assert_eq!(known_chunks(&prompt, &[]), 0);
    }

    #[test]
    fn the_head_comes_from_whoever_has_it() {
        let head = prompt(2 * CHUNK, 0);
        let asked = prompt(2 * CHUNK, 50);
        let place = |slots: &[Slot<usize>]| place(slots, &asked, asked.len() + 100, 4096, true);
        // From a busy one: shared. From an idle one: its own sequence goes on.
        let busy = place(&[slot(&head, true, 5), slot(&[], false, 1), slot(&[], false, 2)]).unwrap();
        assert_eq!(busy, Placement { slot: 1, donor: 0, known: 2 * CHUNK, evicted: vec![] });
        let idle = place(&[slot(&head, true, 5), slot(&[], false, 1), slot(&head, false, 2)]).unwrap();
        assert_eq!((idle.slot, idle.donor, idle.known), (2, 2, 2 * CHUNK));
        let nobody = place(&[slot(&[7; CHUNK], true, 5), slot(&[8; CHUNK], false, 4), slot(&[9; CHUNK], false, 2)]).unwrap();
        assert_eq!((nobody.slot, nobody.donor, nobody.known), (2, 2, 0));
        assert_eq!(place(&[slot(&head, true, 5)]), None);
    }

    #[test]
    fn idle_sequences_give_way_the_longest_unused_first_and_busy_ones_never() {
        let asked = prompt(0, 100);
        let old = prompt(0, 0).into_iter().chain(5000..5000 + 3 * CHUNK).collect::<Vec<_>>();
        let slots = [slot(&old, true, 9), slot(&old, false, 2), slot(&old, false, 3), slot(&[], false, 1)];
        let all = 3 * CHUNK * 3 + 100 + 200;
        let place = |pool: usize| place(&slots, &asked, 200, pool, true);
        assert_eq!(place(all).unwrap().evicted, Vec::<usize>::new());
        assert_eq!(place(all - 1).unwrap().evicted, [1]);
        assert_eq!(place(all - 3 * CHUNK - 1).unwrap().evicted, [1, 2]);
        assert_eq!(place(all - 6 * CHUNK - 1), None);
    }

    #[test]
    fn what_cannot_be_cut_back_begins_anew() {
        let asked = prompt(2 * CHUNK, 50);
        let slots = [slot(&asked[..2 * CHUNK], false, 2), slot(&[], false, 1)];
        assert_eq!(place(&slots, &asked, 300, 4096, false), Some(Placement { slot: 1, donor: 1, known: 0, evicted: vec![] }));
    }
}
