//! Measures how well the strength of the evidence tells answerable questions from unanswerable ones, and finds the line
//! of `abstain::LEAST_STRENGTH`.
//!
//!     cargo run --release -p assistant --example calibrate -- MINILM_DIR LIBONNXRUNTIME QA_DIR
//!
//! Each question is asked twice: of the whole corpus, and of the corpus without the document that answers it, where every
//! passage that looks near is beside the point. Questions that a data set marks as unanswerable are added.
//!
//! With MiniLM (int8), from 1.43 on (balanced accuracy 0.805):
//!
//! | set | answered of answerable | of unanswerable |
//! | --- | --- | --- |
//! | xquad (en) | 0.97 | 0.03 |
//! | conditionalqa | 0.43 | 0.13 |
//! | mtrag_un | 0.79 | 0.20 |
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
    abstain::{LEAST_STRENGTH, lead, nearness, strength},
    evidence::{Source, candidates, text_to_embed},
    question::{Question, understand},
    verify::cosine,
    words::words,
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
    /// Of each passage, its content words with their counts, and how many there are.
    stems: Vec<(HashMap<String, f32>, f32)>,
    /// In how many passages a word is.
    spread: HashMap<String, f32>,
    vectors: Vec<Vec<f32>>,
}

impl Corpus {
    fn new(passages: Vec<Passage>, vectors: Vec<Vec<f32>>) -> Self {
        let mut spread: HashMap<String, f32> = HashMap::new();
        let mut stems = Vec::new();
        for passage in &passages {
            let mut counts: HashMap<String, f32> = HashMap::new();
            for word in words(&format!("{} {}", passage.title, passage.text)).into_iter().filter(|word| word.content) {
                *counts.entry(word.stem).or_default() += 1.0;
            }
            counts.keys().for_each(|stem| *spread.entry(stem.clone()).or_default() += 1.0);
            let length = counts.values().sum();
            stems.push((counts, length));
        }
        Self { passages, stems, spread, vectors }
    }

    /// BM25 with the search's own parameters.
    fn bm25(&self, question: &BTreeSet<String>) -> Vec<f32> {
        let (k1, b) = (0.9, 0.4);
        let count = self.passages.len() as f32;
        let mean = self.stems.iter().map(|(_, length)| length).sum::<f32>() / count;
        let score = |(counts, length): &(HashMap<String, f32>, f32)| {
            let of = |stem: &String| {
                let (Some(times), Some(spread)) = (counts.get(stem), self.spread.get(stem)) else { return 0.0 };
                let idf = (1.0 + (count - spread + 0.5) / (spread + 0.5)).ln();
                idf * times * (k1 + 1.0) / (times + k1 * (1.0 - b + b * length / mean))
            };
            question.iter().map(of).sum()
        };
        self.stems.iter().map(score).collect()
    }
}

struct Sample {
    set: &'static str,
    strength: f32,
    answerable: bool,
}

/// Questions of each set, evenly spread over it.
const QUESTIONS: usize = 200;
const PASSAGES: usize = 12;
const CANDIDATES: usize = 32;

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
    let corpus = Corpus::new(passages, vectors);
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
        if known || marked {
            samples.push(Sample { set, strength: ask(embedder, &corpus, &question, |_| true).await?, answerable: !marked });
        }
        // Where passages have no titles, the neighbours of the one taken out would still answer.
        if known && !marked && set != "mtrag_un" {
            let titles: BTreeSet<&str> =
                query.gold_ids.iter().filter_map(|g| group.get(g.as_str()).copied()).filter(|t| !t.is_empty()).collect();
            let other = |p: &Passage| !query.gold_ids.contains(&p.id) && !titles.contains(p.title.as_str());
            samples.push(Sample { set, strength: ask(embedder, &corpus, &question, other).await?, answerable: false });
        }
    }
    println!("{set}: {} passages, {} samples", corpus.passages.len(), samples.len());
    Ok(samples)
}

async fn ask(embedder: &Embedder, corpus: &Corpus, question: &Question, keep: impl Fn(&Passage) -> bool) -> Result<f32, Box<dyn Error>> {
    let asked = embedder.embed_query_in_detail(&question.text).await?;
    let by_words = corpus.bm25(&question.stems);
    let kept: Vec<usize> = (0..corpus.passages.len()).filter(|at| keep(&corpus.passages[*at])).collect();
    let best = kept.iter().map(|at| by_words[*at]).fold(f32::MIN_POSITIVE, f32::max);
    // As `search::fusion` sums.
    let mut ranked: Vec<(f32, usize)> =
        kept.into_iter().map(|at| (by_words[at] / best + 1.5 * cosine(&asked.vector, &corpus.vectors[at]), at)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut known = BTreeSet::new();
    ranked.retain(|(_, at)| known.len() < PASSAGES && known.insert(corpus.passages[*at].text.clone()));
    let source = |(_, at): &(f32, usize)| {
        let passage = &corpus.passages[*at];
        Source::new(passage.text.clone(), passage.title.clone(), vec![], passage.id.clone())
    };
    let sources: Vec<Source> = ranked.iter().map(source).collect();
    let chosen = candidates(&sources, &question.stems, CANDIDATES);
    let texts = chosen.iter().map(|c| text_to_embed(&sources[c.source], c.sentence)).collect();
    let sentences = embedder.embed_sentences_in_detail(texts).await?;
    let scores: Vec<f32> = ranked.iter().map(|(score, _)| *score).collect();
    Ok(strength(nearness(question, &asked, &chosen, &sentences), Some(lead(&scores))))
}

/// The line whose balanced accuracy, averaged over the sets, is the best: to answer falsely weighs as much as to miss an answer.
fn fit(samples: &[Sample]) -> f32 {
    let lines = (100..=170_u8).map(|i| f32::from(i) / 100.0).map(|line| (line, mean_accuracy(samples, line)));
    lines.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.total_cmp(&a.0))).map_or(LEAST_STRENGTH, |best| best.0)
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
