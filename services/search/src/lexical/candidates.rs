//! Which passages are worth scoring: the best by tantivy's own scores among those that a filter lets pass.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    BitSet, DocAddress, DocId, Score, Searcher, SegmentReader, TERMINATED,
    query::{EnableScoring, Query, Scorer, Weight},
};

use crate::Result;

/// Where at most one passage of so many passes the filter, only these are scored; else all that have a word of the question, and the filter is
/// looked up. Skipping whole blocks of passages (block-max WAND) is slower: a question becomes some 25 terms, many of them common, and at
/// a million passages it took 25 ms where this takes 9.
const FEW: usize = 20;

/// The best for these words, in no order.
pub(super) fn candidates(searcher: &Searcher, words: &dyn Query, filter: Option<&dyn Query>, limit: usize) -> Result<Vec<DocAddress>> {
    let words = words.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let filter = filter.map(|filter| filter.weight(EnableScoring::disabled_from_searcher(searcher))).transpose()?;
    let mut best = Best { found: BinaryHeap::with_capacity(limit + 1), limit };
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        match filter.as_deref().map(|filter| passing(filter, reader)).transpose()? {
            Some(passing) if passing.len() * FEW <= reader.max_doc() as usize => {
                let mut scorer = words.scorer(reader, 1.0)?;
                for doc in passing {
                    if let Some(score) = score_of(scorer.as_mut(), doc) {
                        best.offer(score, DocAddress::new(segment, doc));
                    }
                }
            }
            passing => {
                let passing = passing.map(|passing| bits(&passing, reader.max_doc()));
                words.for_each(reader, &mut |doc, score| {
                    if score > best.threshold() && passing.as_ref().is_none_or(|passing| passing.contains(doc)) && !reader.is_deleted(doc) {
                        best.offer(score, DocAddress::new(segment, doc));
                    }
                })?;
            }
        }
    }
    Ok(best.found.into_iter().map(|Reverse(Scored(_, address))| address).collect())
}

/// What a filter lets pass, in rising order, without what is deleted.
fn passing(filter: &dyn Weight, reader: &SegmentReader) -> Result<Vec<DocId>> {
    let mut passing = Vec::new();
    filter.for_each_no_score(reader, &mut |docs| passing.extend(docs.iter().copied().filter(|doc| !reader.is_deleted(*doc))))?;
    Ok(passing)
}

fn bits(docs: &[DocId], all: DocId) -> BitSet {
    let mut bits = BitSet::with_max_value(all);
    docs.iter().for_each(|doc| _ = bits.insert(*doc));
    bits
}

/// Asked in rising order.
fn score_of(scorer: &mut dyn Scorer, doc: DocId) -> Option<Score> {
    let here = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
    (here == doc && here != TERMINATED).then(|| scorer.score())
}

/// The best so far, over all segments.
struct Best {
    found: BinaryHeap<Reverse<Scored>>,
    limit: usize,
}

impl Best {
    fn offer(&mut self, score: Score, address: DocAddress) {
        self.found.push(Reverse(Scored(score, address)));
        if self.found.len() > self.limit {
            self.found.pop();
        }
    }

    /// What a passage must exceed to be among them.
    fn threshold(&self) -> Score {
        match self.found.peek() {
            Some(Reverse(Scored(score, _))) if self.found.len() == self.limit => *score,
            _ => Score::MIN,
        }
    }
}

/// Ordered by score; of two equal ones the earlier is the better, so that the same question finds the same.
struct Scored(Score, DocAddress);

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(other.1.cmp(&self.1))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scored {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scored {}
