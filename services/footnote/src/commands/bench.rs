//! Embedding and search over a corpus of ready passages, in a temporary index: for comparing with other pipelines.

use std::{fs, process::ExitCode, sync::Arc, time::Instant};

use anyhow::{Context, Result, bail};
use catalog::{Catalog, Filter, Format, NewPassage, NewRevision, Page, Principal};
use embedding::Embedder;
use search::{IndexedPassage, Mode, Query, Retriever, SearchIndex};
use serde::Deserialize;
use serde_json::json;

use crate::{cli::BenchArgs, config::Config, output};

#[derive(Deserialize)]
struct Text {
    id: serde_json::Value,
    text: String,
}

#[derive(Deserialize)]
struct Question {
    question: String,
    #[serde(default)]
    gold_ids: Vec<serde_json::Value>,
}

pub async fn run(config: &Config, args: BenchArgs) -> Result<ExitCode> {
    let texts: Vec<Text> = lines(&args.set.join("corpus.jsonl"))?;
    let texts: Vec<Text> = texts.into_iter().filter(|t| !t.text.trim().is_empty()).take(args.passages.unwrap_or(usize::MAX)).collect();
    let questions: Vec<Question> = lines(&args.set.join("queries.dev.jsonl"))?;
    let questions: Vec<Question> =
        questions.into_iter().filter(|q| !q.gold_ids.is_empty()).take(args.queries.unwrap_or(usize::MAX)).collect();
    if texts.is_empty() {
        bail!("{} holds no passage with a text", args.set.display());
    }
    let mut settings = config.embedder();
    settings.model_file = args.model.unwrap_or(settings.model_file);
    let embedder = tokio::task::spawn_blocking(move || Embedder::load(&settings)).await??;

    let started = Instant::now();
    let vectors = embedder.embed_passages(texts.iter().map(|t| t.text.clone()).collect(), |_| {}).await?;
    let per_second = texts.len() as f64 / started.elapsed().as_secs_f64();

    let folder = args.keep.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("footnote-bench-{}", std::process::id())));
    fs::create_dir(&folder).with_context(|| format!("{} cannot be made: name a folder that is not there yet", folder.display()))?;
    let mut config = config.clone();
    config.data_dir.clone_from(&folder);
    let measured = search_times(&config, &embedder, &texts, vectors, &questions).await;
    if args.keep.is_none() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} stays: delete it", folder.display()))?;
    }
    let search = measured?;
    let report = json!({
        "passages": texts.len(), "questions": questions.len(), "embedding_passages_per_s": per_second,
        "query_median_ms": search.median_ms, "query_p99_ms": search.p99_ms, "recall_at_10": search.recall_at_10,
        "map_at_10": search.map_at_10, "resident_mb": resident_mb(),
    });
    if args.json {
        output::json(&report)?;
    } else {
        output::line(&serde_json::to_string_pretty(&report)?);
    }
    Ok(ExitCode::SUCCESS)
}

struct Search {
    median_ms: f64,
    p99_ms: f64,
    recall_at_10: f64,
    map_at_10: f64,
}

async fn search_times(
    config: &Config,
    embedder: &Embedder,
    texts: &[Text],
    vectors: Vec<Vec<f32>>,
    questions: &[Question],
) -> Result<Search> {
    let catalog = Catalog::open(&config.catalog_url()?).await?;
    let index = Arc::new(SearchIndex::open(&config.index_dir(), embedder.dimensions())?);
    let ids = load(&catalog, &index, texts, vectors, embedder.fingerprint()).await?;
    let retriever = Retriever::new(index, embedder.clone()).with_synonyms(Arc::new(config.synonyms()?));
    let reader = catalog.reader(&Principal::LocalOperator, None).await?;
    let everything = Filter::default();
    let mut times = Vec::with_capacity(questions.len());
    let (mut recall, mut map) = (0.0, 0.0);
    for question in questions {
        let query = Query { text: &question.question, mode: Mode::Hybrid, k: 10, filter: &everything };
        let started = Instant::now();
        let found = retriever.retrieve(&reader, &query).await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        let is_gold: Vec<bool> = found.hits.iter().map(|h| question.gold_ids.contains(&ids[&h.passage.ordinal])).collect();
        let gold = question.gold_ids.len() as f64;
        recall += is_gold.iter().filter(|&&g| g).count() as f64 / gold;
        let mut met = 0.0;
        for (rank, _) in (1..).zip(&is_gold).filter(|(_, gold)| **gold) {
            met += 1.0;
            map += met / f64::from(rank) / gold;
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied().unwrap_or(0.0);
    let asked = questions.len().max(1) as f64;
    Ok(Search { median_ms: at(0.5), p99_ms: at(0.99), recall_at_10: recall / asked, map_at_10: map / asked })
}

/// All texts as passages of one document; returns their ids in the corpus by ordinal.
async fn load(
    catalog: &Catalog,
    index: &Arc<SearchIndex>,
    texts: &[Text],
    vectors: Vec<Vec<f32>>,
    model: &str,
) -> Result<std::collections::HashMap<i32, serde_json::Value>> {
    let system = catalog.system();
    let collection = system.ensure_collection("bench").await?.id;
    let pages = (1..).zip(texts).map(|(number, t)| Page { number, label: None, text: t.text.replace('\0', " ") }).collect::<Vec<_>>();
    let passages = pages
        .iter()
        .map(|p| NewPassage {
            page: p.number,
            start: 0,
            end: i32::try_from(p.text.chars().count()).unwrap_or(i32::MAX),
            headings: vec![],
            text: p.text.clone(),
            confidence: None,
        })
        .collect::<Vec<_>>();
    let revision = NewRevision {
        collection_id: collection,
        path: "/corpus.jsonl".into(),
        title: "corpus".into(),
        format: Format::Text,
        paged: true,
        language: None,
        dated: None,
        content_hash: String::new(),
        // In the form of ingest's, so that `search` sees which model it was.
        pipeline: format!("bench/{model}/0"),
        byte_count: 0,
        pages,
        layouts: Vec::new(),
        passages,
    };
    let staged = system.stage(&revision).await?;
    let indexed: Vec<IndexedPassage> = staged
        .passage_ids
        .iter()
        .zip(revision.passages)
        .zip(vectors)
        .map(|((&id, passage), vector)| IndexedPassage {
            id,
            revision: staged.revision_id,
            collection,
            format: Format::Text,
            language: None,
            dated: None,
            context: String::new(),
            text: passage.text,
            vector,
        })
        .collect();
    let writer = Arc::clone(index);
    tokio::task::spawn_blocking(move || {
        writer.add(&indexed)?;
        writer.commit()
    })
    .await??;
    system.publish(&[staged.revision_id]).await?;
    Ok((0..).zip(texts.iter().map(|t| t.id.clone())).collect())
}

fn lines<T: for<'a> Deserialize<'a>>(path: &std::path::Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let parse = |(number, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{} line {} is not of the expected form", path.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

/// Memory of this process that is in RAM, in MiB; 0 where the system does not tell.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|l| l.strip_prefix("VmRSS:")).and_then(|v| v.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
