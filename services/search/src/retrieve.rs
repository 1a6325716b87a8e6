//! From a question to passages that the asker may read.

use std::{
    collections::HashSet,
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use catalog::{Filter, Passage, PassageId, Reader, Scope};
use embedding::{Embedder, Reranker};
use serde::{Deserialize, Serialize};

use crate::{
    Completeness, Error, Result, SearchIndex, Synonyms, fusion,
    lexical::spelling::{self, Correction},
    page_ends,
};

/// How deep each half is asked before the lists are merged. On ObliQA dev, 100 gave the same ten best.
const DEPTH: usize = 64;

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

/// How long each step took, in milliseconds. The words are searched while the question is embedded and its vector searched, so the total is
/// less than their sum.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Timings {
    pub embed: f64,
    pub lexical: f64,
    pub dense: f64,
    pub fetch: f64,
    /// By the cross-encoder, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rerank: Option<f64>,
    pub total: f64,
}

#[derive(Clone, Debug)]
pub struct Retrieved {
    /// Best first.
    pub hits: Vec<Hit>,
    /// Words of the question that no document has, and what was looked for instead.
    pub corrections: Vec<Correction>,
    /// The question with these in their places.
    pub question: String,
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
    reranking: Option<Reranking>,
}

/// A cross-encoder and how many passages it reads, from the first on.
#[derive(Clone)]
struct Reranking {
    reranker: Reranker,
    passages: usize,
}

impl Retriever {
    #[must_use]
    pub fn new(index: Arc<SearchIndex>, embedder: Embedder) -> Self {
        Self { index, embedder, synonyms: Arc::default(), reranking: None }
    }

    /// Puts so many of the first passages in the order that a cross-encoder gives them, where both halves are asked.
    #[must_use]
    pub fn with_reranker(self, reranker: Reranker, passages: usize) -> Self {
        Self { reranking: Some(Reranking { reranker, passages }), ..self }
    }

    /// The words of a text that a query looks for, in their order, in bytes: for whoever reads what was found.
    #[must_use]
    pub fn marks(&self, query: &str, text: &str) -> Vec<Range<usize>> {
        self.index.marks(query, text)
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
        let reranking = self.reranking.as_ref().filter(|_| mode == Mode::Hybrid);
        let wanted = reranking.map_or(k, |reranking| reranking.passages.max(k));
        let started = Instant::now();
        let (written, scope, embedder, synonyms) =
            (visible(text), reader.scope().clone(), self.embedder.clone(), Arc::clone(&self.synonyms));
        let (text, corrections) = self
            .blocking(move |index| {
                let (rank, is_name) = (|word: &str| embedder.token(word), |word: &str| synonyms.have(word));
                let corrections = index.lexical.corrections(&written, &scope, rank, is_name)?;
                Ok((spelling::corrected(&written, &corrections), corrections))
            })
            .await?;
        let asked = Arc::new(Asked {
            synonyms: self.synonyms.of(&text),
            // Dense alone, there is nothing else to go by.
            understood: mode == Mode::Dense || self.embedder.has_words_for(&text),
            text,
            scope: reader.scope().clone(),
            filter: filter.clone(),
            depth: DEPTH.max(2 * wanted),
        });
        // The halves need nothing of each other, so a second processor halves the wait.
        let (by_words, by_meaning) = tokio::join!(self.by_words(mode, &asked), self.by_meaning(mode, &asked));
        let ((by_words, lexical), (by_meaning, query_vector, embed, dense)) = (by_words?, by_meaning?);
        let merging = Instant::now();
        let vector = query_vector.clone();
        let question = Arc::clone(&asked);
        let ranked = self.blocking(move |index| merge(index, &question, mode, &by_words, by_meaning, &vector)).await?;
        let dense = dense + merging.elapsed();
        let fetching = Instant::now();
        let mut hits = fetch(reader, &ranked, filter, wanted).await?;
        let fetch = fetching.elapsed();
        let mut rerank = None;
        if let Some(reranking) = reranking {
            let started = Instant::now();
            hits = reranked(reader, reranking, &asked.text, hits).await?;
            rerank = Some(milliseconds(started.elapsed()));
        }
        hits.truncate(k);
        let timings = Timings {
            embed: milliseconds(embed),
            lexical: milliseconds(lexical),
            dense: milliseconds(dense),
            fetch: milliseconds(fetch),
            rerank,
            total: milliseconds(started.elapsed()),
        };
        Ok(Retrieved { hits, corrections, question: asked.text.clone(), query_vector, timings })
    }

    async fn by_words(&self, mode: Mode, asked: &Arc<Asked>) -> Result<(Scored, Duration)> {
        if mode == Mode::Dense {
            return Ok(Default::default());
        }
        let asked = Arc::clone(asked);
        self.blocking(move |index| {
            let started = Instant::now();
            let found = index.lexical.search(&asked.text, &asked.synonyms, &asked.scope, &asked.filter, asked.depth)?;
            Ok((found, started.elapsed()))
        })
        .await
    }

    /// With the question's vector, and how long that took.
    async fn by_meaning(&self, mode: Mode, asked: &Arc<Asked>) -> Result<(Scored, Vec<f32>, Duration, Duration)> {
        if mode == Mode::Lexical {
            return Ok(Default::default());
        }
        let started = Instant::now();
        let vector = self.embedder.embed_query(&asked.text).await?;
        let embed = started.elapsed();
        let asked = Arc::clone(asked);
        self.blocking(move |index| {
            let started = Instant::now();
            let found = index.dense.search(&vector, &asked.scope, &asked.filter, asked.depth)?;
            Ok((found, vector, embed, started.elapsed()))
        })
        .await
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&SearchIndex) -> Result<T> + Send + 'static) -> Result<T> {
        let index = Arc::clone(&self.index);
        tokio::task::spawn_blocking(move || work(&index)).await.map_err(|e| {
            Error::Query(format!("the search stopped early ({e}); `footnote doctor` finds out whether the index is damaged"))
        })?
    }
}

/// Passages with scores, best first.
type Scored = Vec<(PassageId, f32)>;

/// A question on its way to the index.
struct Asked {
    text: String,
    /// Other names of what it names.
    synonyms: Vec<String>,
    /// Whether the embedding model has words for it.
    understood: bool,
    scope: Scope,
    filter: Filter,
    depth: usize,
}

/// One list of both, with the cosines of what only the words found.
fn merge(index: &SearchIndex, asked: &Asked, mode: Mode, by_words: &Scored, mut by_meaning: Scored, vector: &[f32]) -> Result<Scored> {
    if mode == Mode::Hybrid {
        let known: HashSet<PassageId> = by_meaning.iter().map(|m| m.0).collect();
        let unknown: Vec<PassageId> = by_words.iter().map(|w| w.0).filter(|id| !known.contains(id)).collect();
        by_meaning.extend(index.dense.cosines(vector, &unknown)?);
    }
    Ok(fusion::fuse(by_words, &by_meaning, asked.understood))
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

/// The first hits in the cross-encoder's order, then the others. Where it fails, all stay where they are: a worse order is better than none.
async fn reranked(reader: &Reader, reranking: &Reranking, question: &str, hits: Vec<Hit>) -> Result<Vec<Hit>> {
    let mut first = hits;
    let mut others = first.split_off(reranking.passages.min(first.len()));
    let passages: Vec<&Passage> = first.iter().map(|hit| &hit.passage).collect();
    let next = page_ends::continuations(reader, &passages).await?;
    let texts = passages.into_iter().map(|passage| {
        let heading = passage.headings.last().unwrap_or(&passage.title);
        let next = next.get(&passage.id).map(|next| next.text.as_str());
        format!("{heading}\n{}", page_ends::searched_text(passage.format, &passage.text, next))
    });
    let scores = match reranking.reranker.scores(question, texts.collect()).await {
        Ok(scores) => scores,
        Err(error) => {
            tracing::warn!(%error, "the reranking model does not answer; passages stay in the order of the search");
            first.append(&mut others);
            return Ok(first);
        }
    };
    first.iter_mut().zip(scores).for_each(|(hit, score)| hit.score = score);
    first.sort_by(|a, b| b.score.total_cmp(&a.score));
    // The logistic function, as the models are trained with it. Far from zero it no longer tells two apart, so it comes after the order.
    first.iter_mut().for_each(|hit| hit.score = 1.0 / (1.0 + (-hit.score).exp()));
    let least = first.last().map_or(0.0, |hit| hit.score);
    for (place, hit) in (2u16..).zip(&mut others) {
        hit.score = least / f32::from(place);
    }
    first.append(&mut others);
    Ok(first)
}

/// Without the signs that show nothing and come along in what is pasted: soft hyphens, marks of direction and the like. Those that join
/// letters are part of words.
fn visible(text: &str) -> String {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
