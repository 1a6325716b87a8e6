//! Measures how well the strength of the evidence tells answerable questions from unanswerable ones, and finds the line
//! of `abstain::LEAST_STRENGTH`.
//!
//!     cargo run --release -p assistant --example calibrate -- MINILM_DIR LIBONNXRUNTIME QA_DIR
//!
//! Each question is asked twice: of the whole corpus, and of the corpus without the document that answers it, where every
//! passage that looks near is beside the point. Questions that a data set marks as unanswerable are added.
//!
//! With MiniLM (int8), from a cosine of 0.55 on (balanced accuracy 0.784):
//!
//! | set | answered of answerable | of unanswerable |
//! | --- | --- | --- |
//! | xquad (en) | 0.80 | 0.01 |
//! | conditionalqa | 0.79 | 0.56 |
//! | mtrag_un | 0.81 | 0.12 |
//!
//! docs/decisions/0007 tells what else was tried.
#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::{
    collections::{BTreeSet, HashMap},
    error::Error,
    fs,
    path::Path,
};

use assistant::{
    abstain::{LEAST_STRENGTH, strength},
    evidence::{Source, candidates, score, text_to_embed},
    question::understand,
    verify::cosine,
    words::{content_stems, coverage},
};
use embedding::{Embedder, EmbedderConfig};
use serde::Deserialize;

#[derive(Deserialize)]
struct Passage {
    id: String,
    #[serde(default)]
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Query {
    question: String,
    #[serde(default)]
    scenario: String,
    #[serde(default)]
    gold_ids: Vec<String>,
    #[serde(default)]
    answerability: Vec<String>,
}

struct Corpus {
    passages: Vec<Passage>,
    stems: Vec<BTreeSet<String>>,
    vectors: Vec<Vec<f32>>,
}

struct Sample {
    set: &'static str,
    strength: f32,
    answerable: bool,
}

/// Questions of each set, evenly spread over it.
const QUESTIONS: usize = 90;
const PASSAGES: usize = 12;
const CANDIDATES: usize = 48;
/// Lines whose balanced accuracies differ by less than this are not told apart by so few questions.
const NOISE: f32 = 0.015;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [models, library, data] = arguments.as_slice() else { return Err("usage: calibrate MINILM_DIR LIBONNXRUNTIME QA_DIR".into()) };
    let config =
        EmbedderConfig { directory: models.into(), model_file: "model_int8.onnx".into(), runtime_library: library.into(), threads: 0 };
    let embedder = Embedder::load(&config)?;
    let data = Path::new(data);
    let mut samples = Vec::new();
    for (set, corpus, queries) in [
        ("xquad", "xquad/en.corpus.jsonl", "xquad/en.queries.dev.jsonl"),
        ("conditionalqa", "conditionalqa/corpus.evidence_pool.jsonl", "conditionalqa/queries.dev.jsonl"),
        ("mtrag_un", "mtrag_un/corpus.jsonl", "mtrag_un/queries.dev.jsonl"),
    ] {
        samples.extend(measure(&embedder, set, &data.join(corpus), &data.join(queries)).await?);
    }
    report(&samples, LEAST_STRENGTH, "as it is");
    report(&samples, fit(&samples), "fitted");
    Ok(())
}

fn rows<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    Ok(fs::read_to_string(path)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

async fn measure(embedder: &Embedder, set: &'static str, corpus: &Path, queries: &Path) -> Result<Vec<Sample>, Box<dyn Error>> {
    let passages: Vec<Passage> = rows::<Passage>(corpus)?.into_iter().filter(|p| !p.text.trim().is_empty()).collect();
    let vectors = embedder.embed_passages(passages.iter().map(|p| format!("{}\n{}", p.title, p.text)).collect(), |_| {}).await?;
    let stems = passages.iter().map(|p| content_stems(&format!("{} {}", p.title, p.text))).collect();
    let corpus = Corpus { passages, stems, vectors };
    let group: HashMap<&str, &str> = corpus.passages.iter().map(|p| (p.id.as_str(), p.title.as_str())).collect();
    let queries: Vec<Query> = rows(queries)?;
    let step = (queries.len() / QUESTIONS).max(1);
    let mut samples = Vec::new();
    for query in queries.into_iter().step_by(step) {
        // ConditionalQA's question needs its scenario; its end is nearest to the question.
        let scenario: String = query.scenario.split_inclusive(". ").last().unwrap_or("").to_owned();
        let Ok(question) = understand(&format!("{scenario} {}", query.question)) else { continue };
        let marked = query.answerability.iter().any(|a| a == "UNANSWERABLE");
        if query.answerability.iter().any(|a| a == "UNDERSPECIFIED" || a == "PARTIAL") {
            continue;
        }
        let known = query.gold_ids.iter().any(|g| group.contains_key(g.as_str()));
        let vector = embedder.embed_query(&question.text).await?;
        if known || marked {
            samples.push(Sample { set, strength: ask(embedder, &corpus, &question.stems, &vector, |_| true).await?, answerable: !marked });
        }
        // Where passages have no titles, the neighbours of the one taken out would still answer.
        if known && !marked && set != "mtrag_un" {
            let titles: BTreeSet<&str> =
                query.gold_ids.iter().filter_map(|g| group.get(g.as_str()).copied()).filter(|t| !t.is_empty()).collect();
            let other = |p: &Passage| !query.gold_ids.contains(&p.id) && !titles.contains(p.title.as_str());
            samples.push(Sample { set, strength: ask(embedder, &corpus, &question.stems, &vector, other).await?, answerable: false });
        }
    }
    println!("{set}: {} passages, {} samples", corpus.passages.len(), samples.len());
    Ok(samples)
}

async fn ask(
    embedder: &Embedder,
    corpus: &Corpus,
    stems: &BTreeSet<String>,
    vector: &[f32],
    keep: impl Fn(&Passage) -> bool,
) -> Result<f32, Box<dyn Error>> {
    let mut ranked: Vec<(f32, usize)> = (0..corpus.passages.len())
        .filter(|i| keep(&corpus.passages[*i]))
        .map(|i| (cosine(vector, &corpus.vectors[i]) + 0.5 * coverage(stems, &corpus.stems[i]), i))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let source = |i: &(f32, usize)| {
        let passage = &corpus.passages[i.1];
        Source::new(passage.text.clone(), passage.title.clone(), vec![])
    };
    let sources: Vec<Source> = ranked.iter().take(PASSAGES).map(source).collect();
    let chosen = candidates(&sources, stems, CANDIDATES);
    let texts = chosen.iter().map(|c| text_to_embed(&sources[c.source], c.sentence)).collect();
    let similarities: Vec<f32> = embedder.embed_sentences(texts).await?.iter().map(|v| cosine(v, vector)).collect();
    let scored = score(&sources, &chosen, &similarities, stems);
    Ok(strength(&scored))
}

/// The lowest line whose balanced accuracy, averaged over the sets, is the best up to noise: of lines that can't be told
/// apart, the one that misses fewer answers, since what it shows is quotes that the reader can judge.
fn fit(samples: &[Sample]) -> f32 {
    let lines: Vec<(f32, f32)> = (40..=70_u8).map(|i| f32::from(i) / 100.0).map(|line| (line, mean_accuracy(samples, line))).collect();
    let best = lines.iter().map(|l| l.1).fold(0.0, f32::max);
    lines.iter().find(|l| l.1 >= best - NOISE).map_or(LEAST_STRENGTH, |l| l.0)
}

fn sets(samples: &[Sample]) -> BTreeSet<&'static str> {
    samples.iter().map(|s| s.set).collect()
}

fn mean_accuracy(samples: &[Sample], line: f32) -> f32 {
    let sets = sets(samples);
    sets.iter().map(|set| balanced_accuracy(samples, line, set)).sum::<f32>() / sets.len() as f32
}

fn balanced_accuracy(samples: &[Sample], line: f32, set: &str) -> f32 {
    f32::midpoint(rate(samples, line, true, set), 1.0 - rate(samples, line, false, set))
}

/// Share of the answerable (or unanswerable) questions that are answered.
fn rate(samples: &[Sample], line: f32, answerable: bool, set: &str) -> f32 {
    let asked: Vec<&Sample> = samples.iter().filter(|s| s.answerable == answerable && s.set == set).collect();
    asked.iter().filter(|s| s.strength >= line).count() as f32 / asked.len().max(1) as f32
}

fn report(samples: &[Sample], line: f32, name: &str) {
    println!("{name}: from {line}; balanced accuracy {:.3}", mean_accuracy(samples, line));
    for set in sets(samples) {
        let (answered, falsely) = (rate(samples, line, true, set), rate(samples, line, false, set));
        println!("  {set:<14} answered {answered:.2} of answerable, {falsely:.2} of unanswerable");
    }
}
