//! From a question to passages that the asker may read.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use catalog::{Filter, Passage, PassageId, Reader, Scope};
use embedding::Embedder;
use serde::{Deserialize, Serialize};

use crate::{Completeness, Error, Result, SearchIndex, Synonyms, fusion};

/// How deep each half is asked before the lists are merged.
const DEPTH: usize = 100;

/// Which halves of the index are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    #[default]
    Hybrid,
    /// By words alone (BM25).
    Lexical,
    /// By meaning alone (cosine).
    Dense,
}

impl Mode {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hybrid => "hybrid",
            Self::Lexical => "lexical",
            Self::Dense => "dense",
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Query<'q> {
    pub text: &'q str,
    pub mode: Mode,
    /// How many passages, at most.
    pub k: usize,
    /// Only among the passages of these documents.
    pub filter: &'q Filter,
}

/// A passage that was found. Scores compare within one answer only.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    pub passage: Passage,
    pub score: f32,
}

/// How long each step took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timings {
    pub embed: f64,
    pub lexical: f64,
    pub dense: f64,
    pub fetch: f64,
    pub total: f64,
}

#[derive(Clone, Debug)]
pub struct Retrieved {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The question's vector; empty in lexical mode.
    pub query_vector: Vec<f32>,
    pub timings: Timings,
}

/// Asks both halves of the index and the catalog. Cheap to clone.
#[derive(Clone)]
pub struct Retriever {
    index: Arc<SearchIndex>,
    embedder: Embedder,
    synonyms: Arc<Synonyms>,
}

impl Retriever {
    #[must_use]
    pub fn new(index: Arc<SearchIndex>, embedder: Embedder) -> Self {
        Self { index, embedder, synonyms: Arc::default() }
    }

    /// Looks for other names of what a question names, too.
    #[must_use]
    pub fn with_synonyms(self, synonyms: Arc<Synonyms>) -> Self {
        Self { synonyms, ..self }
    }

    /// The best passages for a question among those that the reader may read and the filter lets pass.
    ///
    /// # Errors
    /// [`Error::Incomplete`] while the index lacks passages; the index, the model or the catalog could not answer.
    pub async fn retrieve(&self, reader: &Reader, query: &Query<'_>) -> Result<Retrieved> {
        let Completeness { lacking, mending } = self.index.completeness();
        if lacking > 0 {
            return Err(Error::Incomplete { lacking, mending });
        }
        let Query { text, mode, k, filter } = *query;
        let started = Instant::now();
        let query_vector = match mode {
            Mode::Lexical => Vec::new(),
            Mode::Hybrid | Mode::Dense => self.embedder.embed_query(text).await?,
        };
        let embed = started.elapsed();
        let index = Arc::clone(&self.index);
        // Dense alone, there is nothing else to go by.
        let understood = mode == Mode::Dense || self.embedder.has_words_for(text);
        let synonyms = self.synonyms.of(text);
        let (text, vector, scope, filter_asked) = (text.to_owned(), query_vector.clone(), reader.scope().clone(), filter.clone());
        let asked = Asked { text, synonyms, vector, understood, scope, filter: filter_asked, mode, depth: DEPTH.max(2 * k) };
        let ranked = tokio::task::spawn_blocking(move || rank(&index, &asked)).await.map_err(|e| {
            Error::Query(format!("the search stopped early ({e}); `footnote doctor` finds out whether the index is damaged"))
        })??;
        let fetching = Instant::now();
        let hits = fetch(reader, &ranked.passages, filter, k).await?;
        let timings = Timings {
            embed: milliseconds(embed),
            lexical: milliseconds(ranked.lexical),
            dense: milliseconds(ranked.dense),
            fetch: milliseconds(fetching.elapsed()),
            total: milliseconds(started.elapsed()),
        };
        Ok(Retrieved { hits, query_vector, timings })
    }
}

struct Ranked {
    passages: Vec<(PassageId, f32)>,
    lexical: Duration,
    dense: Duration,
}

/// A question on its way to the index.
struct Asked {
    text: String,
    /// Other names of what it names.
    synonyms: Vec<String>,
    vector: Vec<f32>,
    /// Whether the embedding model has words for it.
    understood: bool,
    scope: Scope,
    filter: Filter,
    mode: Mode,
    depth: usize,
}

fn rank(index: &SearchIndex, asked: &Asked) -> Result<Ranked> {
    let Asked { text, synonyms, vector, understood, scope, filter, mode, depth } = asked;
    let started = Instant::now();
    let by_words = if *mode == Mode::Dense { Vec::new() } else { index.lexical.search(text, synonyms, scope, filter, *depth)? };
    let lexical = started.elapsed();
    let mut by_meaning = if *mode == Mode::Lexical { Vec::new() } else { index.dense.search(vector, scope, filter, *depth)? };
    if *mode == Mode::Hybrid {
        let known: HashSet<PassageId> = by_meaning.iter().map(|m| m.0).collect();
        let unknown: Vec<PassageId> = by_words.iter().map(|w| w.0).filter(|id| !known.contains(id)).collect();
        by_meaning.extend(index.dense.cosines(vector, &unknown)?);
    }
    let dense = started.elapsed() - lexical;
    Ok(Ranked { passages: fusion::fuse(&by_words, &by_meaning, *understood), lexical, dense })
}

/// The catalog decides what is live and readable and passes the filter: what it does not give back is not a hit, and the next
/// takes its place.
async fn fetch(reader: &Reader, ranked: &[(PassageId, f32)], filter: &Filter, k: usize) -> Result<Vec<Hit>> {
    let mut hits = Vec::with_capacity(k);
    for candidates in ranked.chunks(k.max(1)) {
        let ids: Vec<PassageId> = candidates.iter().map(|c| c.0).collect();
        for passage in reader.passages(&ids, filter).await? {
            let score = candidates.iter().find(|c| c.0 == passage.id).map_or(0.0, |c| c.1);
            hits.push(Hit { passage, score });
        }
        if hits.len() >= k {
            hits.truncate(k);
            break;
        }
    }
    Ok(hits)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
