//! A cross-encoder: reads question and passage together and says how well the one answers the other. Slower than comparing vectors by the
//! number of passages, so only the best are read.

use std::{path::PathBuf, sync::Arc, thread};

use tokio::sync::oneshot;

use crate::{
    Error, Result, batch,
    onnx::{OnnxModel, Row},
    queue::{Lane, Queue, Work},
    service::BATCH_TOKENS,
    tokens::PairTokens,
};

/// Of a question, about.
const CHARACTERS_PER_TOKEN: usize = 4;

/// Where the model is and how it is to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RerankerConfig {
    /// Holds the ONNX file and `tokenizer.json`.
    pub directory: PathBuf,
    /// File name of the ONNX model within `directory`.
    pub model_file: String,
    /// `libonnxruntime.so`.
    pub runtime_library: PathBuf,
    /// Threads of one inference; 0 takes one for each processor.
    pub threads: usize,
    /// Longest input in model tokens, question and passage together.
    pub max_tokens: usize,
}

/// A handle to the model, whose thread ends with the last handle. Cheap to clone.
#[derive(Clone)]
pub struct Reranker {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Arc<Queue<f32>>,
    tokens: PairTokens,
    /// Characters of a question that are read: with half of the tokens it leaves the passage the other half.
    longest_question: usize,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Reranker {
    /// Loads the model, tries it and starts its thread. Blocks.
    ///
    /// # Errors
    /// [`Error::Reranker`]: a file is missing or damaged, or is no model of this kind.
    pub fn load(config: &RerankerConfig) -> Result<Self> {
        let path = config.directory.join(&config.model_file);
        let unusable = |reason: String| Error::Reranker { path: path.clone(), reason };
        let tokenizer = config.directory.join("tokenizer.json");
        for needed in [&path, &tokenizer] {
            if !needed.is_file() {
                return Err(unusable(format!("{} is missing", needed.display())));
            }
        }
        let told = |error: Error| match error {
            Error::BadFile { path, what, reason } => unusable(format!("{} cannot be read as {what}: {reason}", path.display())),
            Error::Inference(reason) => unusable(reason),
            other => other,
        };
        let tokens = PairTokens::load(&tokenizer, config.max_tokens).map_err(told)?;
        let mut model = OnnxModel::load(&path, &config.runtime_library, config.threads).map_err(told)?;
        let probe = tokens.encode(vec![("question".into(), "passage".into())]).map_err(told)?;
        scores(&mut model, &probe).map_err(told)?;
        let queue = Arc::new(Queue::default());
        let work = Arc::clone(&queue);
        let serve = move || {
            while let Some(Work { rows, reply }) = work.pop() {
                // The asker may have left meanwhile.
                let _ = reply.send(scores(&mut model, &rows));
            }
        };
        thread::Builder::new()
            .name("reranking".into())
            .spawn(serve)
            .map_err(|e| Error::Inference(format!("its thread could not be started: {e}")))?;
        Ok(Self { shared: Arc::new(Shared { queue, tokens, longest_question: CHARACTERS_PER_TOKEN * config.max_tokens / 2 }) })
    }

    /// How well each text answers the question: the more, the better. Without a unit, and comparable within one question only.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many questions wait; the model failed, or its thread has stopped.
    pub async fn scores(&self, question: &str, texts: Vec<String>) -> Result<Vec<f32>> {
        let shared = Arc::clone(&self.shared);
        let question: String = question.chars().take(shared.longest_question).collect();
        let encode = move || shared.tokens.encode(texts.into_iter().map(|text| (question.clone(), text)).collect());
        let mut rows = tokio::task::spawn_blocking(encode).await.map_err(|_| Error::Stopped)??;
        let lengths: Vec<usize> = rows.iter().map(|row| row.ids.len()).collect();
        let plan = batch::plan(&lengths, BATCH_TOKENS);
        let mut all = vec![0.0; rows.len()];
        for range in plan.batches {
            let members = &plan.order[range];
            let (reply, answer) = oneshot::channel();
            let rows = members.iter().map(|&at| std::mem::take(&mut rows[at])).collect();
            self.shared.queue.push(Lane::Urgent, Work { rows, reply })?;
            for (&at, score) in members.iter().zip(answer.await.map_err(|_| Error::Stopped)??) {
                all[at] = score;
            }
        }
        Ok(all)
    }
}

/// One a row: the only number of it, or where a model tells "no" and "yes", how much more it is the second.
fn scores(model: &mut OnnxModel, rows: &[Row]) -> Result<Vec<f32>> {
    let output = model.run(&rows.iter().collect::<Vec<_>>())?;
    let scores = match output.shape.as_slice() {
        &[count] | &[count, 1] if count == rows.len() => output.values,
        &[count, 2] if count == rows.len() => output.values.chunks_exact(2).map(|pair| pair[1] - pair[0]).collect(),
        other => return Err(Error::Inference(format!("expected one score a pair as first output, got {other:?}"))),
    };
    match scores.iter().all(|score| score.is_finite()) {
        true => Ok(scores),
        false => Err(Error::Inference("a score is no number".into())),
    }
}
