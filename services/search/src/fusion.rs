//! Two ranked lists into one.

use std::collections::{HashMap, hash_map::Entry};

use catalog::PassageId;

/// Weight of the cosine against BM25 divided by its maximum. On ObliQA dev, equal weights gave R@10 0.790 and MAP@10
/// 0.641; reciprocal rank fusion, the usual alternative, 0.782 and 0.616.
const DENSE_WEIGHT: f32 = 1.5;
/// The same where the model has no words for the question: enough to order what has no word in common with it. On XQuAD in Arabic,
/// the full weight gave R@10 0.911 where words alone gave 0.938.
const BLIND_WEIGHT: f32 = 0.05;

/// Sums normalized scores: BM25 over the best BM25 of this question, and the cosine.
/// A passage that one list lacks gets nothing from it, so `dense` should hold the cosines of the lexical hits too.
/// `understood`: whether the model has words for the question.
pub(crate) fn fuse(lexical: &[(PassageId, f32)], dense: &[(PassageId, f32)], understood: bool) -> Vec<(PassageId, f32)> {
    let weight = if understood { DENSE_WEIGHT } else { BLIND_WEIGHT };
    let best = lexical.iter().map(|&(_, score)| score).fold(f32::MIN_POSITIVE, f32::max);
    let mut scores: HashMap<PassageId, f32> = lexical.iter().map(|&(id, score)| (id, score / best)).collect();
    for &(id, cosine) in dense {
        match scores.entry(id) {
            Entry::Occupied(mut score) => *score.get_mut() += weight * cosine,
            Entry::Vacant(score) => _ = score.insert(weight * cosine),
        }
    }
    let mut ranked: Vec<_> = scores.into_iter().collect();
    // Equal scores: by id, so that the same question gives the same order.
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_lists_know_comes_first_and_ties_keep_an_order() {
        let [a, b, c, d] = [(); 4].map(|()| PassageId::new());
        let ranked = fuse(&[(a, 12.0), (b, 9.0)], &[(b, 0.8), (c, 0.6), (d, 0.6)], true);
        assert_eq!(ranked.iter().map(|r| r.0).collect::<Vec<_>>(), [b, a, c, d]);
        assert!((ranked[0].1 - 1.95).abs() < 1e-6);
        let blind = fuse(&[(a, 12.0), (b, 9.0)], &[(b, 0.8), (c, 0.6), (d, 0.6)], false);
        assert_eq!(blind.iter().map(|r| r.0).collect::<Vec<_>>(), [a, b, c, d]);
    }

    #[test]
    fn one_empty_list_leaves_the_other_in_its_order() {
        let [a, b] = [(); 2].map(|()| PassageId::new());
        assert_eq!(fuse(&[], &[(a, 0.9), (b, 0.1)], true)[0].0, a);
        assert_eq!(fuse(&[(b, 3.0), (a, 1.0)], &[], true)[0].0, b);
        assert!(fuse(&[], &[], true).is_empty());
    }
}
