//! The score by itself: macro-F1, balanced accuracy, and what a sentence costs. A claim is supported where its score reaches the line and it
//! does not contradict what is like it; one that was edited in a word or two is told by names and numbers that are missing.

use std::{collections::BTreeMap, error::Error, time::Instant};

use assistant::verify::score::{Evidence, Features, LEAST_SCORE};
use embedding::Embedder;

use crate::sets::Set;

#[derive(Clone, Copy, Default)]
struct Counts {
    right: [usize; 2],
    all: [usize; 2],
    said: [usize; 2],
}

impl Counts {
    fn add(&mut self, supported: bool, said: bool) {
        self.all[usize::from(supported)] += 1;
        self.said[usize::from(said)] += 1;
        self.right[usize::from(supported)] += usize::from(supported == said);
    }

    fn balanced_accuracy(&self) -> f64 {
        (0..2).map(|i| self.right[i] as f64 / self.all[i].max(1) as f64).sum::<f64>() / 2.0
    }

    fn macro_f1(&self) -> f64 {
        (0..2).map(|i| 2.0 * self.right[i] as f64 / (self.all[i] + self.said[i]).max(1) as f64).sum::<f64>() / 2.0
    }
}

pub async fn measure(embedder: &Embedder, set: &Set) -> Result<(), Box<dyn Error>> {
    let mut groups: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    let (mut spent, mut sentences) = (0.0, 0);
    for claim in &set.claims {
        let texts: Vec<String> = claim.sources.iter().flat_map(|source| Evidence::sentences(source)).collect();
        let vectors = embedder.embed_passages(texts.clone(), |_| {}).await?;
        let evidence = Evidence::new(texts.into_iter().zip(vectors).collect());
        let started = Instant::now();
        let mut said = true;
        for sentence in &claim.sentences {
            let vector = embedder.embed_query(&sentence.text).await?;
            said &= evidence.measure(&sentence.text, &vector).is_some_and(|features| supports(&features, set.is_edited));
        }
        spent += started.elapsed().as_secs_f64();
        sentences += claim.sentences.len();
        groups.entry(&claim.group).or_default().add(claim.supported, said);
        all.add(claim.supported, said);
    }
    let mean = groups.values().map(Counts::balanced_accuracy).sum::<f64>() / groups.len().max(1) as f64;
    println!(
        "{}: macro-F1 {:.3}, balanced accuracy {:.3} (mean of groups {mean:.3}); {:.1} ms a sentence",
        set.name,
        all.macro_f1(),
        all.balanced_accuracy(),
        1000.0 * spent / f64::from(u32::try_from(sentences.max(1))?)
    );
    for (group, counts) in groups {
        println!("  {group:<22} {:.3} {:.3}", counts.macro_f1(), counts.balanced_accuracy());
    }
    Ok(())
}

fn supports(features: &Features, is_edited: bool) -> bool {
    if is_edited { !features.contradicts() && features.missing == 0.0 } else { features.score() >= LEAST_SCORE && !features.contradicts() }
}
