//! BM25 (Robertson and Zaragoza 2009) with parameters of our own, which tantivy has fixed at 1.2 and 0.75.

use std::collections::BTreeMap;

use tantivy::{
    DocAddress, DocId, DocSet, Searcher, TERMINATED, TantivyError, Term,
    postings::Postings,
    schema::{Field, IndexRecordOption},
};

use crate::Result;

/// How soon a word's repetitions count no more, and how much long texts are held back. Those of Anserini (Yang et al. 2017), for
/// passages. On ObliQA dev, with pairs, they gave R@10 0.812 where 1.2 and 0.75 gave 0.804.
const K1: f32 = 0.9;
const B: f32 = 0.4;

/// A word that is looked for in a field, and how much it counts.
pub(super) struct Wanted {
    pub(super) field: Field,
    pub(super) term: Term,
    pub(super) weight: f32,
}

/// The scores of these documents, in their order.
pub(super) fn scores(searcher: &Searcher, wanted: &[Wanted], documents: &[DocAddress]) -> Result<Vec<f32>> {
    // Postings are read forwards.
    let mut by_segment: BTreeMap<u32, Vec<(DocId, usize)>> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        by_segment.entry(document.segment_ord).or_default().push((document.doc_id, at));
    }
    by_segment.values_mut().for_each(|documents| documents.sort_unstable());
    let mut scores = vec![0.0; documents.len()];
    let mut lengths: BTreeMap<Field, f32> = BTreeMap::new();
    for Wanted { field, term, weight } in wanted {
        let length = match lengths.get(field) {
            Some(length) => *length,
            None => *lengths.entry(*field).or_insert(mean_length(searcher, *field)?),
        };
        let found = searcher.doc_freq(term)?;
        if found == 0 {
            continue;
        }
        let rarity = rarity(found, all(searcher));
        for (segment, documents) in &by_segment {
            let reader = searcher.segment_reader(*segment);
            let Some(mut postings) =
                reader.inverted_index(*field)?.read_postings(term, IndexRecordOption::WithFreqs).map_err(TantivyError::from)?
            else {
                continue;
            };
            let norms = reader.get_fieldnorms_reader(*field)?;
            for (document, at) in documents {
                let here = if postings.doc() < *document { postings.seek(*document) } else { postings.doc() };
                if here == TERMINATED {
                    break;
                }
                if here == *document {
                    let (times, own) = (postings.term_freq() as f32, norms.fieldnorm(*document) as f32);
                    scores[*at] += weight * rarity * times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * own / length));
                }
            }
        }
    }
    Ok(scores)
}

/// With those that are deleted and not yet merged away, as in the counts of words.
fn all(searcher: &Searcher) -> u64 {
    searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum()
}

/// The logarithm that weighs a word that so many of all documents have.
fn rarity(found: u64, all: u64) -> f32 {
    let (found, all) = (found as f32, all as f32);
    (1.0 + (all - found + 0.5).max(0.0) / (found + 0.5)).ln()
}

fn mean_length(searcher: &Searcher, field: Field) -> Result<f32> {
    let mut words = 0;
    for reader in searcher.segment_readers() {
        words += reader.inverted_index(field)?.total_num_tokens();
    }
    Ok((words as f32 / all(searcher).max(1) as f32).max(1.0))
}
