//! The span of the evidence that a sentence rests on, by words and by meaning.

use std::{collections::BTreeSet, ops::Range};

use super::Exhibit;
use crate::words::{content_stems, coverage, words};

/// How alike a sentence and a span must be. Chosen by hand on the tables of `tests.rs` and the demo's questions.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SupportThresholds {
    /// Least share of the sentence's content words (by weight) that the span has.
    pub coverage: f32,
    /// Least cosine of sentence and span.
    pub similarity: f32,
    /// Least share of the shared words that come in the same order.
    pub order: f32,
}

impl Default for SupportThresholds {
    fn default() -> Self {
        Self { coverage: 0.8, similarity: 0.5, order: 0.5 }
    }
}

/// Up to three sentences of an exhibit, measured against a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub n: u32,
    /// Indices of the exhibit's sentences.
    pub sentences: Range<usize>,
    /// Length in bytes.
    pub length: usize,
    pub coverage: f32,
    /// 1.0 where no vectors were given.
    pub similarity: f32,
    pub order: f32,
}

impl Span {
    pub fn carries(&self, least: &SupportThresholds) -> bool {
        self.coverage >= least.coverage && self.similarity >= least.similarity && self.order >= least.order
    }

    fn score(&self, hints: &[u32]) -> f32 {
        let hinted = if hints.contains(&self.n) { 0.03 } else { 0.0 };
        self.coverage + 0.3 * self.similarity + hinted - self.length as f32 / 10_000.0
    }
}

const MOST_SENTENCES: usize = 3;

/// All spans that share a word with the claim, the best first. `hints` are the footnote numbers that the model wrote.
pub fn spans(claim: &str, claim_vector: Option<&[f32]>, exhibits: &[Exhibit], hints: &[u32]) -> Vec<Span> {
    let claim_order: Vec<String> = words(claim).into_iter().filter(|w| w.content).map(|w| w.stem).collect();
    let wanted: BTreeSet<String> = claim_order.iter().cloned().collect();
    let mut spans: Vec<Span> = exhibits
        .iter()
        .flat_map(|e| windows(e).map(move |w| (e, w)))
        .map(|(e, w)| measure(&claim_order, &wanted, claim_vector, e, w))
        .collect();
    spans.retain(|s| s.coverage > 0.0);
    spans.sort_by(|a, b| b.score(hints).total_cmp(&a.score(hints)));
    spans
}

/// A question states nothing, so none is in a window; and a line that stands above others, by itself, is of what follows it.
fn windows(exhibit: &Exhibit) -> impl Iterator<Item = Range<usize>> {
    let count = exhibit.sentences.len();
    let asks = |at: usize| exhibit.plain(&(at..at + 1)).trim_end_matches(['"', '\u{201d}', ')', '*']).ends_with(['?', '？']);
    (0..count)
        .flat_map(move |start| (start + 1..=count.min(start + MOST_SENTENCES)).map(move |end| start..end))
        .filter(move |window| !window.clone().any(asks) && !(window.start + 1..window.end).any(|at| exhibit.is_heading(at)))
}

fn measure(
    claim_order: &[String],
    wanted: &BTreeSet<String>,
    claim_vector: Option<&[f32]>,
    exhibit: &Exhibit,
    window: Range<usize>,
) -> Span {
    let text = exhibit.governed(&window);
    let text_order: Vec<String> = words(&text).into_iter().filter(|w| w.content).map(|w| w.stem).collect();
    let in_text: BTreeSet<String> = text_order.iter().cloned().collect();
    let mut found = in_text.clone();
    found.extend(content_stems(&exhibit.context));
    let shared: Vec<&String> = claim_order.iter().filter(|s| in_text.contains(*s)).collect();
    let order = if shared.is_empty() { 1.0 } else { common_subsequence(&shared, &text_order) as f32 / shared.len() as f32 };
    Span {
        n: exhibit.n,
        coverage: coverage(wanted, &found),
        similarity: similarity(claim_vector, exhibit, window.clone()),
        order,
        length: exhibit.plain(&window).len(),
        sentences: window,
    }
}

/// The closest of its sentences, or all of them together where the claim draws on several.
fn similarity(claim: Option<&[f32]>, exhibit: &Exhibit, window: Range<usize>) -> f32 {
    let (Some(claim), Some(vectors)) = (claim, exhibit.vectors.get(window)) else { return 1.0 };
    let together: Vec<f32> = (0..claim.len()).map(|i| vectors.iter().filter_map(|v| v.get(i)).sum()).collect();
    let alone = vectors.iter().map(|v| cosine(claim, v)).fold(0.0, f32::max);
    alone.max(cosine(claim, &together))
}

pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths == 0.0 { 0.0 } else { dot(a, b) / lengths }
}

/// Length of the longest sequence of words that both have in this order.
fn common_subsequence(a: &[&String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if *x == y { diagonal + 1 } else { above.max(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}
