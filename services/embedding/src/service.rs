//! One thread owns the model. Questions overtake passages: somebody waits for them.

use std::{fs, sync::Arc, thread};

use tokio::sync::oneshot;

use crate::{
    EmbedderConfig, Error, ModelSettings, Result, batch,
    detailed::Detailed,
    onnx::Row,
    queue::{Lane, Queue, Work},
    session::{Embedded, Model},
    tokens::Tokens,
};

/// Fewer don't tell whether a model knows the language.
const MIN_LETTERS: usize = 12;
/// A model that knows the language needs less than a token for so many letters. Of MiniLM, which is English, on the questions of
/// XQuAD: English 3.9 letters a token (the least: 1.75), German and Spanish 2.5 (1.6), Arabic 0.98 (the most: 1.5), Hindi 0.79 (1.6).
const LETTERS_PER_TOKEN: f32 = 1.5;

/// Tokens of one batch, padding included: large enough to keep both cores busy, small enough that a waiting
/// question gets its turn within a fraction of a second.
pub(crate) const BATCH_TOKENS: usize = 4096;

/// A handle to the embedding model. Cheap to clone; the thread ends with the last handle.
#[derive(Clone)]
pub struct Embedder {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Arc<Queue<Embedded>>,
    tokens: Tokens,
    settings: ModelSettings,
    dimensions: usize,
    fingerprint: String,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Embedder {
    /// Loads the model and starts its thread. Blocks for the time of loading (some 0.2 s for MiniLM).
    ///
    /// # Errors
    /// A missing or damaged file, or an ONNX Runtime library that can't be loaded.
    pub fn load(config: &EmbedderConfig) -> Result<Self> {
        let settings = config.settings()?;
        let tokens = Tokens::load(&config.tokenizer_path()?, settings.max_tokens)?;
        let mut model = Model::load(config, &settings)?;
        let probe = tokens.encode(vec!["dimensions".into()])?;
        let dimensions = model.embed(&probe.iter().collect::<Vec<_>>())?.first().map_or(0, |embedded| embedded.vector.len());
        let fingerprint = fingerprint(config, &settings)?;
        let queue = Arc::new(Queue::default());
        let work = Arc::clone(&queue);
        thread::Builder::new()
            .name("embedding".into())
            .spawn(move || serve(&mut model, &work))
            .map_err(|e| Error::Inference(format!("its thread could not be started: {e}")))?;
        Ok(Self { shared: Arc::new(Shared { queue, tokens, settings, dimensions, fingerprint }) })
    }

    /// Length of every vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.shared.dimensions
    }

    /// Longest input in model tokens, special tokens included; what is longer loses its end.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.shared.settings.max_tokens
    }

    /// Names model and settings: vectors of another fingerprint can't be compared with this model's.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.shared.fingerprint
    }

    /// Model tokens of a text, without special tokens.
    #[must_use]
    pub fn count_tokens(&self, text: &str) -> usize {
        self.shared.tokens.count(text)
    }

    /// False where the model spells a text letter by letter, or knows not even the letters, because it has no words of that
    /// language: its vector says next to nothing. Not told of short texts, nor of scripts whose signs are words.
    #[must_use]
    pub fn has_words_for(&self, text: &str) -> bool {
        // Figures and signs cost tokens and are the same in all languages.
        let words: String = text.chars().map(|c| if c.is_ascii() && !c.is_ascii_alphabetic() { ' ' } else { c }).collect();
        let letters = words.chars().filter(|c| c.is_alphabetic()).count();
        if letters < MIN_LETTERS {
            return true;
        }
        let (tokens, unknown) = self.shared.tokens.count_unknown(&words);
        let is_word_sign = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
        let is_read = words.chars().any(is_word_sign) || letters as f32 >= LETTERS_PER_TOKEN * tokens as f32;
        unknown * 2 <= tokens && is_read
    }

    /// Where the model has a token of its own for this word, in small letters: its number. Common words have one, the more common mostly the
    /// lower; what is misspelled has none.
    #[must_use]
    pub fn token(&self, word: &str) -> Option<u32> {
        self.shared.tokens.number(word)
    }

    /// One vector for each passage, in their order; `on_progress` gets the number done so far.
    ///
    /// # Errors
    /// The model failed, or its thread has stopped.
    pub async fn embed_passages(&self, texts: Vec<String>, on_progress: impl FnMut(usize) + Send) -> Result<Vec<Vec<f32>>> {
        let ids = self.encode(texts, |s| &s.passage_prefix).await?;
        Ok(vectors(self.embed(Lane::Bulk, ids, on_progress).await?))
    }

    /// The vector of a question. Overtakes passages that wait.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many questions wait; otherwise as [`Self::embed_passages`].
    pub async fn embed_query(&self, text: &str) -> Result<Vec<f32>> {
        let ids = self.encode(vec![text.to_owned()], |s| &s.query_prefix).await?;
        let embedded = self.embed(Lane::Urgent, ids, |_| {}).await?.pop().ok_or(Error::Stopped)?;
        Ok(embedded.vector)
    }

    /// Vectors of the sentences that may answer a question: passages, but somebody waits for them.
    ///
    /// # Errors
    /// As [`Self::embed_query`].
    pub async fn embed_sentences(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>> {
        let ids = self.encode(texts, |s| &s.passage_prefix).await?;
        Ok(vectors(self.embed(Lane::Urgent, ids, |_| {}).await?))
    }

    /// The same, with the vectors of their tokens: what a text says of a single word.
    ///
    /// # Errors
    /// As [`Self::embed_query`].
    pub async fn embed_sentences_in_detail(&self, texts: Vec<String>) -> Result<Vec<Detailed>> {
        self.in_detail(texts, |s| &s.passage_prefix).await
    }

    /// A question with the vectors of its tokens.
    ///
    /// # Errors
    /// As [`Self::embed_query`].
    pub async fn embed_query_in_detail(&self, text: &str) -> Result<Detailed> {
        self.in_detail(vec![text.to_owned()], |s| &s.query_prefix).await?.pop().ok_or(Error::Stopped)
    }

    async fn in_detail(&self, texts: Vec<String>, prefix: fn(&ModelSettings) -> &String) -> Result<Vec<Detailed>> {
        let shared = Arc::clone(&self.shared);
        let skipped = prefix(&self.shared.settings).len();
        let work = move || {
            let prefix = prefix(&shared.settings);
            shared.tokens.encode_with_places(texts.into_iter().map(|text| format!("{prefix}{text}")).collect())
        };
        let encoded = tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)??;
        let (rows, places): (Vec<Row>, Vec<_>) = encoded.into_iter().unzip();
        let embedded = self.embed(Lane::Urgent, rows, |_| {}).await?;
        Ok(embedded.into_iter().zip(places).map(|(embedded, places)| Detailed::new(embedded, &places, skipped)).collect())
    }

    async fn encode(&self, texts: Vec<String>, prefix: fn(&ModelSettings) -> &String) -> Result<Vec<Row>> {
        let shared = Arc::clone(&self.shared);
        let work = move || {
            let prefix = prefix(&shared.settings);
            let texts = if prefix.is_empty() { texts } else { texts.into_iter().map(|t| format!("{prefix}{t}")).collect() };
            shared.tokens.encode(texts)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)?
    }

    /// One batch is under way at a time, so that another caller's work gets its turn between two of them.
    async fn embed(&self, lane: Lane, mut rows: Vec<Row>, mut on_progress: impl FnMut(usize) + Send) -> Result<Vec<Embedded>> {
        let lengths: Vec<usize> = rows.iter().map(|row| row.ids.len()).collect();
        let plan = batch::plan(&lengths, BATCH_TOKENS);
        let mut all: Vec<Embedded> = rows.iter().map(|_| Embedded::default()).collect();
        for range in plan.batches {
            let members = &plan.order[range.clone()];
            let (reply, answer) = oneshot::channel();
            let rows = members.iter().map(|&i| std::mem::take(&mut rows[i])).collect();
            self.shared.queue.push(lane, Work { rows, reply })?;
            let batch = answer.await.map_err(|_| Error::Stopped)??;
            for (&i, embedded) in members.iter().zip(batch) {
                all[i] = embedded;
            }
            on_progress(range.end);
        }
        Ok(all)
    }
}

fn vectors(embedded: Vec<Embedded>) -> Vec<Vec<f32>> {
    embedded.into_iter().map(|embedded| embedded.vector).collect()
}

fn serve(model: &mut Model, queue: &Queue<Embedded>) {
    while let Some(work) = queue.pop() {
        let rows: Vec<&Row> = work.rows.iter().collect();
        // The asker may have left meanwhile; nobody else wants the vectors.
        let _ = work.reply.send(model.embed(&rows));
    }
}

/// Size and modification time would miss a changed file that was copied with its time, so the content is hashed.
fn fingerprint(config: &EmbedderConfig, settings: &ModelSettings) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for path in [config.model_path()?, config.tokenizer_path()?] {
        let bad = |e: std::io::Error| Error::BadFile { path: path.clone(), what: "a model file", reason: e.to_string() };
        hasher.update_reader(fs::File::open(&path).map_err(bad)?).map_err(bad)?;
    }
    hasher.update(format!("{settings:?}").as_bytes());
    Ok(format!("{}:{}", config.model_file, &hasher.finalize().to_hex()[..16]))
}
