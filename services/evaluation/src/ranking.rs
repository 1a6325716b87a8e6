//! Measures of a ranked list, as TREC uses them: <https://trec.nist.gov/pubs/trec16/appendices/measures.pdf>.

use serde::{Deserialize, Serialize};

/// Depth of MRR, nDCG and MAP.
pub const DEPTH: usize = 10;

/// Where in a list what was looked for stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How much there is to find.
    pub gold: usize,
    /// Ranks of what was found, from 1, rising. A passage may hold two of the things: its rank is there twice.
    pub ranks: Vec<usize>,
}

impl Found {
    fn within(&self, k: usize) -> impl Iterator<Item = usize> {
        self.ranks.iter().copied().take_while(move |rank| *rank <= k)
    }

    /// The share of what there is to find that is among the first `k`.
    #[must_use]
    pub fn recall(&self, k: usize) -> f64 {
        share(self.within(k).count() as f64, self.gold)
    }

    /// 1 where anything of it is among the first `k`, else 0.
    #[must_use]
    pub fn hit(&self, k: usize) -> f64 {
        f64::from(u8::from(self.within(k).next().is_some()))
    }

    /// 1 where all there is to find is among the first `k`, else 0.
    #[must_use]
    pub fn all(&self, k: usize) -> f64 {
        f64::from(u8::from(self.gold > 0 && self.within(k).count() == self.gold))
    }

    /// Ranks as if each held one thing: what has the rank of another takes the next place. More than one thing at a place
    /// would be a gain and a precision above the best.
    fn places(&self) -> impl Iterator<Item = usize> {
        let next = |last: &mut usize, rank: usize| {
            *last = rank.max(*last + 1);
            (*last <= DEPTH).then_some(*last)
        };
        self.within(DEPTH).scan(0, next)
    }

    /// One over the first rank; 0 beyond [`DEPTH`].
    #[must_use]
    pub fn reciprocal_rank(&self) -> f64 {
        self.within(DEPTH).next().map_or(0.0, |rank| 1.0 / rank as f64)
    }

    /// Discounted gain over that of the best possible order, at [`DEPTH`].
    #[must_use]
    pub fn ndcg(&self) -> f64 {
        let gain = |rank: usize| 1.0 / ((rank + 1) as f64).log2();
        let best: f64 = (1..=self.gold.min(DEPTH)).map(gain).sum();
        if best > 0.0 { self.places().map(gain).sum::<f64>() / best } else { 0.0 }
    }

    /// Mean of the precision at each rank of something found, over all there is to find, at [`DEPTH`].
    #[must_use]
    pub fn average_precision(&self) -> f64 {
        share((1..).zip(self.places()).map(|(nth, rank)| f64::from(nth) / rank as f64).sum(), self.gold)
    }
}

fn share(part: f64, whole: usize) -> f64 {
    // A sum of nothing is minus zero, which would be shown.
    if whole == 0 { 0.0 } else { part / whole as f64 + 0.0 }
}

/// Means over questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// Questions for which it is known what there is to find.
    pub questions: usize,
    pub hit_at_1: f64,
    pub hit_at_5: f64,
    pub hit_at_10: f64,
    pub recall_at_1: f64,
    pub recall_at_5: f64,
    pub recall_at_10: f64,
    pub all_at_1: f64,
    pub all_at_5: f64,
    pub all_at_10: f64,
    pub mrr_at_10: f64,
    pub ndcg_at_10: f64,
    pub map_at_10: f64,
}

impl Ranking {
    #[must_use]
    pub fn of<'f>(found: impl Iterator<Item = &'f Found>) -> Self {
        let found: Vec<&Found> = found.collect();
        let mean = |measure: &dyn Fn(&Found) -> f64| share(found.iter().map(|found| measure(found)).sum(), found.len());
        Self {
            questions: found.len(),
            hit_at_1: mean(&|f| f.hit(1)),
            hit_at_5: mean(&|f| f.hit(5)),
            hit_at_10: mean(&|f| f.hit(10)),
            recall_at_1: mean(&|f| f.recall(1)),
            recall_at_5: mean(&|f| f.recall(5)),
            recall_at_10: mean(&|f| f.recall(10)),
            all_at_1: mean(&|f| f.all(1)),
            all_at_5: mean(&|f| f.all(5)),
            all_at_10: mean(&|f| f.all(10)),
            mrr_at_10: mean(&Found::reciprocal_rank),
            ndcg_at_10: mean(&Found::ndcg),
            map_at_10: mean(&Found::average_precision),
        }
    }

    /// The measures with their names, in the order of the fields.
    #[must_use]
    pub fn measures(&self) -> [(&'static str, f64); 12] {
        [
            ("Hit@1", self.hit_at_1),
            ("Hit@5", self.hit_at_5),
            ("Hit@10", self.hit_at_10),
            ("R@1", self.recall_at_1),
            ("R@5", self.recall_at_5),
            ("R@10", self.recall_at_10),
            ("All@1", self.all_at_1),
            ("All@5", self.all_at_5),
            ("All@10", self.all_at_10),
            ("MRR@10", self.mrr_at_10),
            ("nDCG@10", self.ndcg_at_10),
            ("MAP@10", self.map_at_10),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn measures_are_those_of_the_textbooks() {
        // Three to find; two of them at ranks 2 and 5, the third beyond the depth.
        let found = Found { gold: 3, ranks: vec![2, 5, 11] };
        assert!(near(found.recall(1), 0.0) && near(found.recall(5), 2.0 / 3.0) && near(found.recall(11), 1.0));
        assert!(near(found.hit(1), 0.0) && near(found.hit(2), 1.0));
        assert!(near(found.reciprocal_rank(), 0.5));
        assert!(near(found.average_precision(), (1.0 / 2.0 + 2.0 / 5.0) / 3.0));
        let ideal = 1.0 + 1.0 / 3f64.log2() + 1.0 / 4f64.log2();
        assert!(near(found.ndcg(), (1.0 / 3f64.log2() + 1.0 / 6f64.log2()) / ideal));
        assert!(near(Found { gold: 1, ranks: vec![1] }.ndcg(), 1.0));
    }

    #[test]
    fn two_things_in_one_passage_are_both_found_and_no_better_than_the_best() {
        let both = Found { gold: 2, ranks: vec![1, 1] };
        assert!(near(both.recall(1), 1.0) && near(both.all(1), 1.0));
        assert!(near(both.ndcg(), 1.0) && near(both.average_precision(), 1.0));
        let one = Found { gold: 2, ranks: vec![1] };
        assert!(near(one.recall(1), 0.5) && near(one.all(10), 0.0));
        let later = Found { gold: 3, ranks: vec![2, 2, 3] };
        assert!(near(later.average_precision(), (1.0 / 2.0 + 2.0 / 3.0 + 3.0 / 4.0) / 3.0));
    }

    #[test]
    fn nothing_found_and_nothing_to_find_are_zero() {
        let means = Ranking::of([Found { gold: 2, ranks: vec![] }, Found { gold: 1, ranks: vec![1] }].iter());
        assert_eq!(means.questions, 2);
        assert!(near(means.recall_at_10, 0.5) && near(means.map_at_10, 0.5));
        assert_eq!(Ranking::of(std::iter::empty()), Ranking::default());
        let nowhere = Ranking::of([Found { gold: 2, ranks: vec![] }].iter());
        assert!(nowhere.measures().iter().all(|(_, value)| value.is_sign_positive()));
    }
}
