//! The ONNX model: token ids in, one pooled vector a text out.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use ort::{
    environment::Environment,
    session::{Session, SessionInputValue, builder::GraphOptimizationLevel},
    value::TensorRef,
};

use crate::{EmbedderConfig, Error, ModelSettings, Pooling, Result};

/// ONNX Runtime allows one environment a process.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

pub(crate) struct Model {
    session: Session,
    pooling: Pooling,
    normalize: bool,
    wants_token_types: bool,
}

impl Model {
    pub(crate) fn load(config: &EmbedderConfig, settings: &ModelSettings) -> Result<Self> {
        let path = config.model_path()?;
        let threads = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        };
        let environment = environment(&config.runtime_library)?;
        let bad = |reason: String| Error::BadFile { path: path.clone(), what: "an ONNX model", reason };
        let session = Session::builder(&environment)
            .and_then(|b| Ok(b.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|b| Ok(b.with_intra_threads(threads)?))
            // Spinning threads would take the processor from the language model between two batches.
            .and_then(|b| Ok(b.with_intra_op_spinning(false)?))
            .and_then(|mut b| b.commit_from_file(&path))
            .map_err(|e| bad(e.to_string()))?;
        let wants_token_types = session.inputs().iter().any(|i| i.name() == "token_type_ids");
        for needed in ["input_ids", "attention_mask"] {
            if !session.inputs().iter().any(|i| i.name() == needed) {
                return Err(bad(format!("it has no input named {needed}")));
            }
        }
        Ok(Self { session, pooling: settings.pooling, normalize: settings.normalize, wants_token_types })
    }

    /// Vectors of texts given as token ids, in their order. Shorter texts are padded to the longest.
    pub(crate) fn embed(&mut self, texts: &[&[i64]]) -> Result<Vec<Vec<f32>>> {
        let width = texts.iter().map(|t| t.len()).max().unwrap_or(0);
        if width == 0 {
            return Err(Error::Inference("a batch without tokens".into()));
        }
        let mut ids = vec![0i64; texts.len() * width];
        let mut mask = vec![0i64; texts.len() * width];
        for (row, text) in texts.iter().enumerate() {
            ids[row * width..][..text.len()].copy_from_slice(text);
            mask[row * width..][..text.len()].fill(1);
        }
        let token_types = vec![0i64; if self.wants_token_types { ids.len() } else { 0 }];
        let shape = [texts.len(), width];
        let run = |e: ort::Error| Error::Inference(e.to_string());
        let mut inputs: Vec<(&str, SessionInputValue<'_>)> = vec![
            ("input_ids", TensorRef::from_array_view((shape, ids.as_slice())).map_err(run)?.into()),
            ("attention_mask", TensorRef::from_array_view((shape, mask.as_slice())).map_err(run)?.into()),
        ];
        if self.wants_token_types {
            inputs.push(("token_type_ids", TensorRef::from_array_view((shape, token_types.as_slice())).map_err(run)?.into()));
        }
        let outputs = self.session.run(inputs).map_err(run)?;
        let (shape, hidden) = outputs[0].try_extract_tensor::<f32>().map_err(run)?;
        let dimensions = match shape.iter().as_slice() {
            &[rows, tokens, dimensions] if rows as usize == texts.len() && tokens as usize == width => dimensions as usize,
            other => return Err(Error::Inference(format!("expected [texts, tokens, dimensions] as first output, got {other:?}"))),
        };
        let (pooling, normalize) = (self.pooling, self.normalize);
        let rows = hidden.chunks_exact(width * dimensions).zip(texts);
        Ok(rows
            .map(|(row, text)| {
                let mut vector = pool(pooling, &row[..text.len() * dimensions], dimensions);
                if normalize {
                    scale_to_length_one(&mut vector);
                }
                vector
            })
            .collect())
    }
}

/// `tokens` holds the vectors of one text's own tokens, padding left out.
fn pool(pooling: Pooling, tokens: &[f32], dimensions: usize) -> Vec<f32> {
    match pooling {
        Pooling::Cls => tokens[..dimensions].to_vec(),
        Pooling::Mean => {
            let mut mean = vec![0f32; dimensions];
            for token in tokens.chunks_exact(dimensions) {
                mean.iter_mut().zip(token).for_each(|(m, t)| *m += t);
            }
            let count = (tokens.len() / dimensions) as f32;
            mean.iter_mut().for_each(|m| *m /= count);
            mean
        }
    }
}

fn scale_to_length_one(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= norm);
}

fn environment(library: &Path) -> Result<Environment> {
    let failed = |reason: String| Error::Runtime { path: library.to_owned(), reason };
    let mut current = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = &*current {
        return Ok(environment.clone());
    }
    if !library.is_file() {
        return Err(failed("there is no such file".into()));
    }
    let environment = ort::init_from(library)
        .map_err(|e| failed(e.to_string()))?
        .with_name("footnote")
        .with_telemetry(false)
        .build()
        .map_err(|e| failed(e.to_string()))?;
    *current = Some(environment.clone());
    Ok(environment)
}
