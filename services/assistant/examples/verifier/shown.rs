//! What would be shown: each sentence is judged as one that a model wrote, with the sources as its quotes.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
};

use assistant::verify::{Case, Exhibit, SupportThresholds, Verdict, alone, verify};
use embedding::Embedder;
use serde_json::{Value, json};

use crate::sets::{Claim, Set};

#[derive(Clone, Copy, Default)]
struct Counts {
    all: usize,
    shown: usize,
}

/// Prints the counts, and returns how each sentence was judged. A sentence counts once for its sources.
pub async fn measure(embedder: &Embedder, set: &Set) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut groups: BTreeMap<&str, [Counts; 2]> = BTreeMap::new();
    let mut judged = Vec::new();
    let mut known: BTreeMap<&[String], Vec<Exhibit>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for claim in &set.claims {
        if !known.contains_key(claim.sources.as_slice()) {
            known.insert(&claim.sources, exhibits(embedder, &claim.sources).await?);
        }
        let exhibits = &known[claim.sources.as_slice()];
        let mut told = Told::default();
        for sentence in &claim.sentences {
            let mut verdict = judge(embedder, claim, &sentence.text, &told, exhibits).await?;
            if !verdict.is_supported()
                && let Some(alone) = alone(&sentence.text, &told.sentences)
            {
                verdict = judge(embedder, claim, &alone, &told, exhibits).await?;
            }
            let span = told.add(&sentence.text, &verdict, exhibits);
            let Some(carried) = sentence.carried.filter(|_| seen.insert((&claim.sources, &sentence.text))) else { continue };
            let counts = &mut groups.entry(&claim.group).or_default()[usize::from(!carried)];
            counts.all += 1;
            counts.shown += usize::from(span.is_some());
            judged.push(json!({
                "set": set.name, "group": claim.group, "carried": carried, "sentence": sentence.text, "verdict": verdict, "source": span,
            }));
        }
    }
    let line = |name: &str, [carried, others]: [Counts; 2]| {
        println!("  {name:<22} {:>4} of {:<5} {:>4} of {}", carried.shown, carried.all, others.shown, others.all);
    };
    let sum = |at: usize| {
        let of = |of: fn(&Counts) -> usize| groups.values().map(|counts| of(&counts[at])).sum();
        Counts { all: of(|counts| counts.all), shown: of(|counts| counts.shown) }
    };
    line(set.name, [sum(0), sum(1)]);
    for (group, counts) in groups.iter().filter(|(group, _)| !group.is_empty()) {
        line(&format!("  {group}"), *counts);
    }
    Ok(judged)
}

/// What of a claim was shown already.
#[derive(Default)]
struct Told {
    sentences: Vec<String>,
    last: Option<(u32, usize)>,
}

impl Told {
    /// Returns what the sentence rests on, if it is shown.
    fn add(&mut self, sentence: &str, verdict: &Verdict, exhibits: &[Exhibit]) -> Option<String> {
        let Verdict::Supported { n, until, .. } = *verdict else {
            self.last = None;
            return None;
        };
        self.sentences.push(sentence.to_owned());
        self.last = Some((n, until));
        let quote = exhibits.iter().find(|exhibit| exhibit.n == n);
        quote.map(|quote| quote.plain(&(until.saturating_sub(3)..until)).to_owned())
    }
}

async fn exhibits(embedder: &Embedder, sources: &[String]) -> Result<Vec<Exhibit>, Box<dyn Error>> {
    let mut exhibits = Vec::new();
    for (n, source) in (1..).zip(sources) {
        let mut exhibit = Exhibit::new(n, source.clone(), String::new(), None);
        let sentences = exhibit.sentences.iter().map(|range| source[range.clone()].to_owned()).collect();
        exhibit.vectors = embedder.embed_sentences(sentences).await?;
        exhibits.push(exhibit);
    }
    Ok(exhibits)
}

async fn judge(embedder: &Embedder, claim: &Claim, sentence: &str, told: &Told, exhibits: &[Exhibit]) -> Result<Verdict, Box<dyn Error>> {
    let mut texts = vec![sentence.to_owned()];
    texts.extend((!claim.question.is_empty()).then(|| claim.question.clone()));
    let vectors = embedder.embed_sentences(texts).await?;
    let case = Case {
        sentence,
        sentence_vector: vectors.first().map(Vec::as_slice),
        question: &claim.question,
        question_vector: vectors.get(1).map(Vec::as_slice),
        hints: &[],
        earlier: &told.sentences,
        last: told.last,
    };
    Ok(verify(&case, exhibits, &SupportThresholds::default()))
}
