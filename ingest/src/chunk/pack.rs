//! Pieces to passages of about the target's length, whole blocks wherever they fit.

use std::ops::Range;

use super::pieces::{Meter, Piece, Unit};

/// In tokens of the text alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) target: usize,
    pub(super) limit: usize,
}

impl Limits {
    /// A block that is only a little longer than the target stays whole.
    fn stretched(self) -> usize {
        (self.target * 5 / 4).min(self.limit)
    }
}

/// The byte ranges of the passages, in order.
pub(super) fn pack(meter: &Meter<'_>, units: Vec<Unit>, limits: Limits) -> Vec<Range<usize>> {
    let mut packer = Packer { limits, open: Vec::new(), done: Vec::new() };
    for unit in units {
        packer.add(unit);
    }
    packer.close();
    packer.merge_tail();
    let mut ranges = Vec::new();
    for passage in packer.done {
        verified(meter, &passage, limits.limit, &mut ranges);
    }
    ranges
}

struct Packer {
    limits: Limits,
    open: Vec<Unit>,
    done: Vec<Vec<Piece>>,
}

impl Packer {
    fn add(&mut self, unit: Unit) {
        if unit.pieces.is_empty() {
            return;
        }
        let open: usize = self.open.iter().map(|u| u.tokens).sum();
        let together = open + unit.tokens;
        let short = open * 4 < self.limits.target;
        if together <= self.limits.target || (short && together <= self.limits.stretched()) {
            self.open.push(unit);
        } else if unit.tokens > self.limits.stretched() {
            self.spread(unit, open);
        } else {
            self.close_before_announcement();
            // What was kept for the next passage may leave no room for it.
            let kept: usize = self.open.iter().map(|u| u.tokens).sum();
            if kept + unit.tokens > self.limits.stretched() {
                self.close();
            }
            self.open.push(unit);
        }
    }

    /// A long block becomes passages of even length; its last part stays open.
    fn spread(&mut self, unit: Unit, open: usize) {
        // A few words before it, such as its announcement, go with its first sentences.
        if open * 3 > self.limits.target {
            self.close_before_announcement();
        }
        let mut pieces: Vec<Piece> = std::mem::take(&mut self.open).into_iter().flat_map(|u| u.pieces).collect();
        pieces.extend(unit.pieces);
        let total: usize = pieces.iter().map(|p| p.tokens).sum();
        let goal = total.div_ceil(total.div_ceil(self.limits.target).max(1));
        let mut part: Vec<Piece> = Vec::new();
        let mut tokens = 0;
        for piece in pieces {
            let over = tokens + piece.tokens;
            // Half of a sentence over the goal is closer to it than half of one under.
            if !part.is_empty() && (over > self.limits.limit || over > goal + piece.tokens / 2) {
                self.done.push(std::mem::take(&mut part));
                tokens = 0;
            }
            tokens += piece.tokens;
            part.push(piece);
        }
        self.open.push(Unit { pieces: part, tokens, announces: unit.announces });
    }

    fn close(&mut self) {
        let pieces: Vec<Piece> = std::mem::take(&mut self.open).into_iter().flat_map(|u| u.pieces).collect();
        if !pieces.is_empty() {
            self.done.push(pieces);
        }
    }

    /// "The following are covered:" stays with what follows.
    fn close_before_announcement(&mut self) {
        let kept = if self.open.len() > 1 && self.open.last().is_some_and(|u| u.announces) { self.open.pop() } else { None };
        self.close();
        self.open.extend(kept);
    }

    /// A short rest at the end of a section goes to the passage before it.
    fn merge_tail(&mut self) {
        let tokens = |pieces: &[Piece]| pieces.iter().map(|p| p.tokens).sum::<usize>();
        if let [.., before, last] = self.done.as_slice()
            && tokens(last) * 4 < self.limits.target
            && tokens(before) + tokens(last) <= self.limits.stretched()
            && let Some(last) = self.done.pop()
            && let Some(before) = self.done.last_mut()
        {
            before.extend(last);
        }
    }
}

/// Costs were added up from parts; where that could have been too little, the whole is counted.
fn verified(meter: &Meter<'_>, pieces: &[Piece], limit: usize, ranges: &mut Vec<Range<usize>>) {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
    let range = first.range.start..last.range.end;
    let sum: usize = pieces.iter().map(|p| p.tokens).sum();
    if sum * 5 <= limit * 4 || meter.tokens(&range) <= limit {
        ranges.push(range);
    } else if pieces.len() > 1 {
        let (left, right) = pieces.split_at(pieces.len() / 2);
        verified(meter, left, limit, ranges);
        verified(meter, right, limit, ranges);
    } else {
        halved(meter, range, limit, ranges);
    }
}

/// The last resort: text of which not even a few words fit.
fn halved(meter: &Meter<'_>, range: Range<usize>, limit: usize, ranges: &mut Vec<Range<usize>>) {
    let text = meter.text(&range);
    let middle = range.start + text.floor_char_boundary(text.len() / 2);
    if meter.tokens(&range) <= limit || middle == range.start {
        if !text.trim().is_empty() {
            ranges.push(range);
        }
        return;
    }
    halved(meter, range.start..middle, limit, ranges);
    halved(meter, middle..range.end, limit, ranges);
}
