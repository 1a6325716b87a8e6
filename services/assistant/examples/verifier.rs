//! Measures the verifier by itself: does it tell claims that their sources support from those that they do not?
//!
//!     cargo run --release -p assistant --example verifier -- MINILM_DIR LIBONNXRUNTIME FAITHFULNESS_DIR
//!
//! AttributionBench by macro-F1, WiCE and SummEdits by balanced accuracy (SummEdits as the mean over its domains), and what a
//! sentence costs once the sources are embedded. A claim is supported where its score reaches the line and it does not contradict
//! what is like it; SummEdits, whose claims are edited in a word or two, is also told by names and numbers that are missing.
#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::{collections::BTreeMap, error::Error, fs, path::Path, time::Instant};

use assistant::verify::score::{Evidence, Features, LEAST_SCORE};
use embedding::{Embedder, EmbedderConfig};
use serde_json::Value;

/// A claim with its sources, and whether they support it.
struct Claim {
    group: String,
    claims: Vec<String>,
    sources: Vec<String>,
    supported: bool,
}

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

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [models, library, data] = arguments.as_slice() else {
        return Err("usage: verifier MINILM_DIR LIBONNXRUNTIME FAITHFULNESS_DIR".into());
    };
    let config =
        EmbedderConfig { directory: models.into(), model_file: "model_int8.onnx".into(), runtime_library: library.into(), threads: 0 };
    let embedder = Embedder::load(&config)?;
    let data = Path::new(data);
    for (name, file, read) in [
        ("attributionbench", "attributionbench/dev.jsonl", attribution as fn(&Value) -> Claim),
        ("wice", "wice/claim.dev.jsonl", wice),
        ("summedits", "summedits/samples.dev.jsonl", summedits),
    ] {
        let rows: Vec<Value> = fs::read_to_string(data.join(file))?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        measure(&embedder, name, rows.iter().map(read).collect()).await?;
    }
    Ok(())
}

async fn measure(embedder: &Embedder, name: &str, claims: Vec<Claim>) -> Result<(), Box<dyn Error>> {
    let mut groups: BTreeMap<String, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    let (mut spent, mut sentences) = (0.0, 0);
    let strict = name == "summedits";
    for claim in claims {
        let texts: Vec<String> = claim.sources.iter().flat_map(|source| Evidence::sentences(source)).collect();
        let vectors = embedder.embed_passages(texts.clone(), |_| {}).await?;
        let evidence = Evidence::new(texts.into_iter().zip(vectors).collect());
        let started = Instant::now();
        let mut said = true;
        for sentence in &claim.claims {
            let vector = embedder.embed_query(sentence).await?;
            said &= evidence.measure(sentence, &vector).is_some_and(|features| supports(&features, strict));
        }
        spent += started.elapsed().as_secs_f64();
        sentences += claim.claims.len();
        groups.entry(claim.group).or_default().add(claim.supported, said);
        all.add(claim.supported, said);
    }
    let mean = groups.values().map(Counts::balanced_accuracy).sum::<f64>() / groups.len().max(1) as f64;
    println!(
        "{name}: macro-F1 {:.3}, balanced accuracy {:.3} (mean of groups {mean:.3}); {:.1} ms a sentence",
        all.macro_f1(),
        all.balanced_accuracy(),
        1000.0 * spent / f64::from(u32::try_from(sentences.max(1))?)
    );
    for (group, counts) in groups {
        println!("  {group:<22} {:.3} {:.3}", counts.macro_f1(), counts.balanced_accuracy());
    }
    Ok(())
}

fn supports(features: &Features, strict: bool) -> bool {
    if strict { !features.contradicts() && features.missing == 0.0 } else { features.score() >= LEAST_SCORE && !features.contradicts() }
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn texts(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn attribution(row: &Value) -> Claim {
    let claim = without_marks(&text(row, "claim"));
    Claim { group: text(row, "src"), claims: vec![claim], sources: texts(row, "references"), supported: row["label"] == "attributable" }
}

fn wice(row: &Value) -> Claim {
    Claim {
        group: String::new(),
        claims: vec![text(row, "claim")],
        sources: texts(row, "evidence"),
        supported: row["label"] == "supported",
    }
}

fn summedits(row: &Value) -> Claim {
    let claims = Evidence::sentences(&text(row, "summary"));
    Claim { group: text(row, "domain"), claims, sources: vec![text(row, "doc")], supported: row["label"] == 1 }
}

/// Footnote marks and markdown are no part of a claim.
fn without_marks(claim: &str) -> String {
    let mut clean = String::new();
    let mut rest = claim;
    while let Some(at) = rest.find('[') {
        let mark = rest[at + 1..].split_once(']').filter(|(inside, _)| !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit()));
        clean.push_str(&rest[..at]);
        match mark {
            Some((_, after)) => rest = after,
            None => {
                clean.push('[');
                rest = &rest[at + 1..];
            }
        }
    }
    clean.push_str(rest);
    clean.replace("**", "").trim_start_matches(['-', '*', ' ', '\u{2022}']).to_owned()
}
