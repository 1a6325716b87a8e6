//! How search behaves with many passages: `make bench` runs it and draws what it prints.
//!
//! `at_size load FOLDER PASSAGES CORPUS QUESTIONS VECTORS` makes a catalog and an index of so many passages in a new folder and prints how
//! long that took. The passages are made of a real corpus: each is parts of two of its texts, with the vector between those of the two, moved
//! a little. VECTORS is a file that keeps the vectors of the corpus between runs. Collections hold 50%, 10%, 1% and 0.1% of the passages.
//! While they are made, the ten nearest to each question are found by comparing all: what the index finds is measured by them.
//!
//! `at_size search FOLDER ROUNDS` opens that folder as the product would, asks the questions of each collection and of all, and prints times,
//! the share of the nearest that was found, and the memory in RAM.

use std::{
    collections::{BTreeMap, HashSet},
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use catalog::{Catalog, CollectionId, Filter, Format, NewPassage, NewRevision, Page, PassageId, Principal};
use embedding::{Embedder, EmbedderConfig};
use search::{IndexedPassage, Mode, Query, Retriever, SearchIndex};
use serde::{Deserialize, Serialize};
use serde_json::json;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Passages of a document, which is staged at once.
const DOCUMENT: usize = 500;
/// Passages between two commits of the index.
const COMMIT: usize = 50_000;
/// Questions that are asked.
const QUESTIONS: usize = 200;
/// How many nearest passages are compared.
const NEAREST: usize = 10;
/// Length of what moves a vector out of the plane of its two: about as far as two texts on one subject are apart.
const NOISE: f32 = 0.3;
/// Collections by their share of all passages, in thousandths. The last takes what is left.
const COLLECTIONS: [(&str, u64); 5] = [("half", 500), ("tenth", 100), ("hundredth", 10), ("thousandth", 1), ("rest", 389)];

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct Question {
    question: String,
}

/// What `load` leaves for `search`.
#[derive(Serialize, Deserialize)]
struct Truth {
    passages: usize,
    questions: Vec<String>,
    /// By collection, "" for all: the nearest passages of each question.
    nearest: BTreeMap<String, Vec<Vec<PassageId>>>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["load", folder, passages, corpus, questions, vectors] => load(folder, passages, corpus, questions, vectors).await,
        ["search", folder, rounds] => search(folder, rounds).await,
        _ => Err("usage: at_size load FOLDER PASSAGES CORPUS QUESTIONS VECTORS | at_size search FOLDER ROUNDS".into()),
    };
    match done {
        Ok(report) => {
            _ = writeln!(io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn load(folder: &str, passages: &str, corpus: &str, questions: &str, vectors: &str) -> Result<serde_json::Value, Failure> {
    let (folder, passages) = (Path::new(folder), passages.parse::<usize>()?);
    let texts: Vec<String> =
        lines::<Text>(corpus)?.into_iter().map(|t| t.text.replace('\0', " ")).filter(|t| !t.trim().is_empty()).collect();
    let questions: Vec<String> = lines::<Question>(questions)?.into_iter().map(|q| q.question).take(QUESTIONS).collect();
    let embedder = embedder()?;
    let vectors = corpus_vectors(&embedder, &texts, Path::new(vectors)).await?;
    let mut asked = Vec::new();
    for question in &questions {
        asked.push(embedder.embed_query(question).await?);
    }
    fs::create_dir(folder)?;
    let catalog = Catalog::open(&catalog_url(folder)).await?;
    let index = Arc::new(SearchIndex::open(&folder.join("index"), embedder.dimensions())?);
    let system = catalog.system();
    let mut collections = Vec::new();
    for (name, share) in COLLECTIONS {
        collections.push((name, share, system.ensure_collection(name).await?.id));
    }
    let mut nearest: BTreeMap<&str, Vec<Nearest>> =
        COLLECTIONS.iter().map(|c| c.0).chain([""]).map(|name| (name, vec![Nearest::default(); asked.len()])).collect();
    let mut random = Random(1);
    let (mut indexing, mut cataloguing, mut made, mut uncommitted) = (Duration::ZERO, Duration::ZERO, 0, 0);
    let mut revisions = Vec::new();
    while made < passages {
        // Documents of a collection that is due: small ones get their passages spread over the whole.
        let document = DOCUMENT.min(passages - made).min((passages / 1000).max(1));
        let (name, collection) = due(&collections, made / document.max(1));
        let new: Vec<(String, Vec<f32>)> = (0..document).map(|_| mixed(&texts, &vectors, &mut random)).collect();
        let started = Instant::now();
        let revision = revision(collection, made, &new);
        let staged = system.stage(&revision).await?;
        revisions.push(staged.revision_id);
        cataloguing += started.elapsed();
        for ((_, vector), id) in new.iter().zip(&staged.passage_ids) {
            for (number, question) in asked.iter().enumerate() {
                let cosine = dot(question, vector);
                for name in ["", name] {
                    if let Some(nearest) = nearest.get_mut(name) {
                        nearest[number].offer(*id, cosine);
                    }
                }
            }
        }
        let indexed: Vec<IndexedPassage> = new
            .into_iter()
            .zip(&staged.passage_ids)
            .map(|((text, vector), id)| IndexedPassage {
                id: *id,
                revision: staged.revision_id,
                collection,
                format: revision.format,
                language: None,
                dated: None,
                context: revision.title.clone(),
                text,
                vector,
            })
            .collect();
        made += document;
        uncommitted += document;
        let (writer, commits) = (Arc::clone(&index), uncommitted >= COMMIT || made >= passages);
        let started = Instant::now();
        tokio::task::spawn_blocking(move || {
            writer.add(&indexed)?;
            if commits { writer.commit() } else { Ok(()) }
        })
        .await??;
        indexing += started.elapsed();
        if commits {
            uncommitted = 0;
            _ = writeln!(io::stderr(), "bench: {made} of {passages} passages");
        }
    }
    let started = Instant::now();
    for revisions in revisions.chunks(1000) {
        system.publish(revisions).await?;
    }
    cataloguing += started.elapsed();
    let started = Instant::now();
    let writer = Arc::clone(&index);
    tokio::task::spawn_blocking(move || writer.optimize()).await??;
    let optimizing = started.elapsed();
    drop(index);
    let ids = |found: Vec<Nearest>| found.into_iter().map(|n| n.0.into_iter().map(|(id, _)| id).collect()).collect();
    let truth = Truth { passages, questions, nearest: nearest.into_iter().map(|(name, found)| (name.to_owned(), ids(found))).collect() };
    fs::write(folder.join("truth.json"), serde_json::to_vec(&truth)?)?;
    Ok(json!({
        "passages": passages, "index_passages_per_s": passages as f64 / indexing.as_secs_f64(), "catalog_s": cataloguing.as_secs_f64(),
        "index_s": indexing.as_secs_f64(), "optimize_s": optimizing.as_secs_f64(), "disk_mb": size_mb(folder)?,
        "index_mb": size_mb(&folder.join("index"))?, "peak_mb": memory_mb("VmHWM:"),
    }))
}

async fn search(folder: &str, rounds: &str) -> Result<serde_json::Value, Failure> {
    let (folder, rounds) = (Path::new(folder), rounds.parse::<usize>()?);
    let truth: Truth = serde_json::from_slice(&fs::read(folder.join("truth.json"))?)?;
    let started = Instant::now();
    let embedder = embedder()?;
    let loaded = started.elapsed();
    let before = memory_mb("VmRSS:");
    let started = Instant::now();
    let catalog = Catalog::open(&catalog_url(folder)).await?;
    let index = Arc::new(SearchIndex::open(&folder.join("index"), embedder.dimensions())?);
    let opened = started.elapsed();
    let everything = Filter::default();
    let asked = |text, mode| Query { text, mode, k: NEAREST, filter: &everything };
    let retriever = Retriever::new(Arc::clone(&index), embedder);
    let mut by_filter = BTreeMap::new();
    for (name, nearest) in &truth.nearest {
        let reader = catalog.reader(&Principal::LocalOperator, Some(name.as_str()).filter(|name| !name.is_empty())).await?;
        let (mut times, mut lexical, mut dense, mut embed, mut fetch) = (vec![], vec![], vec![], vec![], vec![]);
        // What a server that has been up for a while has in memory.
        for question in &truth.questions {
            retriever.retrieve(&reader, &asked(question, Mode::Hybrid)).await?;
        }
        for _ in 0..rounds {
            for question in &truth.questions {
                let started = Instant::now();
                let found = retriever.retrieve(&reader, &asked(question, Mode::Hybrid)).await?;
                times.push(started.elapsed().as_secs_f64() * 1000.0);
                lexical.push(found.timings.lexical);
                dense.push(found.timings.dense);
                embed.push(found.timings.embed);
                fetch.push(found.timings.fetch);
            }
        }
        let (mut hit, mut all) = (0, 0);
        for (question, nearest) in truth.questions.iter().zip(nearest) {
            let found = retriever.retrieve(&reader, &asked(question, Mode::Dense)).await?;
            // With words put right it is another question than the one whose nearest are known.
            if !found.corrections.is_empty() {
                continue;
            }
            let found: HashSet<PassageId> = found.hits.iter().map(|h| h.passage.id).collect();
            hit += nearest.iter().filter(|id| found.contains(id)).count();
            all += nearest.len();
        }
        let shown = if name.is_empty() { "all" } else { name.as_str() };
        by_filter.insert(
            shown,
            json!({
                "recall_at_10": hit as f64 / all.max(1) as f64, "p50_ms": at(&mut times, 0.5), "p99_ms": at(&mut times, 0.99),
                "lexical_p50_ms": at(&mut lexical, 0.5), "lexical_p99_ms": at(&mut lexical, 0.99), "dense_p50_ms": at(&mut dense, 0.5),
                "dense_p99_ms": at(&mut dense, 0.99), "embed_p50_ms": at(&mut embed, 0.5), "fetch_p50_ms": at(&mut fetch, 0.5),
            }),
        );
    }
    let (by_words, by_meaning) = index.counts()?;
    Ok(json!({
        "passages": truth.passages, "found_by_words": by_words, "found_by_meaning": by_meaning, "filters": by_filter,
        "model_load_ms": loaded.as_secs_f64() * 1000.0, "open_ms": opened.as_secs_f64() * 1000.0,
        "model_mb": before, "resident_mb": memory_mb("VmRSS:"), "anonymous_mb": memory_mb("RssAnon:"), "file_mb": memory_mb("RssFile:"),
    }))
}

/// The passages with the greatest cosines so far, greatest first.
#[derive(Clone, Default)]
struct Nearest(Vec<(PassageId, f32)>);

impl Nearest {
    fn offer(&mut self, id: PassageId, cosine: f32) {
        if self.0.len() == NEAREST && self.0.last().is_some_and(|last| last.1 >= cosine) {
            return;
        }
        let at = self.0.partition_point(|(_, other)| *other >= cosine);
        self.0.insert(at, (id, cosine));
        self.0.truncate(NEAREST);
    }
}

/// Which collection the next document belongs to: by turns within each thousand.
fn due<'c>(collections: &[(&'c str, u64, CollectionId)], document: usize) -> (&'c str, CollectionId) {
    // 619 and 1,000 have no common divisor, so each thousand documents hold each number once.
    let mut turn = (document as u64 * 619) % 1000;
    for (name, share, id) in collections {
        if turn < *share {
            return (name, *id);
        }
        turn -= share;
    }
    (collections[0].0, collections[0].2)
}

/// Parts of two texts, and a vector between theirs.
fn mixed(texts: &[String], vectors: &[Vec<f32>], random: &mut Random) -> (String, Vec<f32>) {
    let (one, other) = (random.below(texts.len()), random.below(texts.len()));
    let text = [half(&texts[one], random), half(&texts[other], random)].join(" ");
    let share = 0.5 + 0.5 * random.unit();
    let moved: Vec<f32> = (0..vectors[one].len()).map(|_| random.unit() - 0.5).collect();
    let length = norm(&moved).max(f32::MIN_POSITIVE);
    let parts = vectors[one].iter().zip(&vectors[other]).zip(&moved);
    let mut vector: Vec<f32> = parts.map(|((a, b), m)| share * a + (1.0 - share) * b + NOISE * m / length).collect();
    let length = norm(&vector).max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|value| *value /= length);
    (text, vector)
}

/// Half of a text's words, from anywhere in it.
fn half(text: &str, random: &mut Random) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let length = words.len().div_ceil(2);
    let start = random.below(words.len() - length + 1);
    words[start..start + length].join(" ")
}

/// In eight sums at a time: the compiler may not reorder one.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

fn norm(vector: &[f32]) -> f32 {
    vector.iter().map(|v| v * v).sum::<f32>().sqrt()
}

/// SplitMix64 (Steele et al. 2014): the same passages in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

fn revision(collection: CollectionId, number: usize, passages: &[(String, Vec<f32>)]) -> NewRevision {
    let pages = (1..).zip(passages).map(|(number, (text, _))| Page { number, label: None, text: text.clone() });
    let passages = (1..).zip(passages).map(|(page, (text, _))| NewPassage {
        page,
        start: 0,
        end: i32::try_from(text.chars().count()).unwrap_or(i32::MAX),
        headings: Vec::new(),
        text: text.clone(),
        confidence: None,
    });
    NewRevision {
        collection_id: collection,
        path: format!("/{number}.txt"),
        title: format!("Document {number}"),
        format: Format::Text,
        paged: true,
        language: None,
        dated: None,
        content_hash: String::new(),
        pipeline: "bench".into(),
        byte_count: 0,
        pages: pages.collect(),
        layouts: Vec::new(),
        passages: passages.collect(),
    }
}

/// Those of a file, or new ones, which are kept there.
async fn corpus_vectors(embedder: &Embedder, texts: &[String], kept: &Path) -> Result<Vec<Vec<f32>>, Failure> {
    let size = embedder.dimensions();
    if let Ok(bytes) = fs::read(kept)
        && bytes.len() == texts.len() * size * 4
    {
        let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        return Ok(values.chunks_exact(size).map(<[f32]>::to_vec).collect());
    }
    _ = writeln!(io::stderr(), "bench: embedding {} texts", texts.len());
    let vectors = embedder.embed_passages(texts.to_vec(), |_| {}).await?;
    fs::write(kept, vectors.iter().flatten().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())?;
    Ok(vectors)
}

fn embedder() -> Result<Embedder, Failure> {
    let folder = |variable: &str, default: &str| env::var_os(variable).map_or_else(|| PathBuf::from(default), PathBuf::from);
    Ok(Embedder::load(&EmbedderConfig {
        directory: folder("FOOTNOTE_MODELS_DIR", "models").join("minilm"),
        model_file: "model_int8.onnx".into(),
        runtime_library: folder("FOOTNOTE_LIB_DIR", "lib").join("libonnxruntime.so"),
        threads: std::thread::available_parallelism()?.get(),
    })?)
}

fn catalog_url(folder: &Path) -> String {
    format!("sqlite://{}/catalog.sqlite", folder.display())
}

fn lines<T: for<'a> Deserialize<'a>>(path: &str) -> Result<Vec<T>, Failure> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path} cannot be read: {e}"))?;
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

fn size_mb(folder: &Path) -> io::Result<f64> {
    let mut bytes = 0.0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size_mb(&entry.path())? } else { metadata.len() as f64 / 1e6 };
    }
    Ok(bytes)
}

/// A line of what the system tells of this process's memory, in MB.
fn memory_mb(line: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status.lines().find_map(|l| l.strip_prefix(line)).and_then(|v| v.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0 / 1e6
}
