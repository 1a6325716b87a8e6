//! Which texts are computed together: neighbours in length, so that little is padding.

use std::ops::Range;

/// Positions within `order` that make one batch; `order` lists text numbers by rising length.
pub(crate) struct Plan {
    pub(crate) order: Vec<usize>,
    pub(crate) batches: Vec<Range<usize>>,
}

/// Splits texts of the given lengths (in tokens) into batches of at most `budget` tokens, padding included.
/// A text longer than the budget is a batch of its own.
pub(crate) fn plan(lengths: &[usize], budget: usize) -> Plan {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&i| lengths[i]);
    let mut batches = Vec::new();
    let mut start = 0;
    for end in 1..=order.len() {
        // Rising lengths: the last text decides the width of the whole batch.
        let full = end < order.len() && (end + 1 - start) * lengths[order[end]] > budget;
        if full || end == order.len() {
            batches.push(start..end);
            start = end;
        }
    }
    Plan { order, batches }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_exactly_one_batch_within_the_budget() {
        let lengths = [5, 250, 3, 40, 40, 41, 7, 256, 1];
        let plan = plan(&lengths, 256);
        let mut seen: Vec<usize> = plan.batches.iter().flat_map(|b| plan.order[b.clone()].to_vec()).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
        for batch in &plan.batches {
            let widest = plan.order[batch.clone()].iter().map(|&i| lengths[i]).max().unwrap();
            assert!(widest * batch.len() <= 256, "{batch:?} is {widest} wide");
        }
    }

    #[test]
    fn a_text_over_the_budget_stands_alone_and_nothing_makes_no_batch() {
        assert_eq!(plan(&[10, 500, 600], 100).batches, [0..1, 1..2, 2..3]);
        assert!(plan(&[], 100).batches.is_empty());
    }
}
