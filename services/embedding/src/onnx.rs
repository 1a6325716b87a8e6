//! An ONNX model that reads tokens: rows of token ids in, its first output back.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
};

use ort::{
    environment::Environment,
    session::{Session, SessionInputValue, builder::GraphOptimizationLevel},
    value::TensorRef,
};

use crate::{Error, Result};

/// ONNX Runtime allows one environment a process.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// A text as a model reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) ids: Vec<i64>,
    /// Tokens of the first of two texts; all of them where there is one.
    pub(crate) first: usize,
    /// Whether the vectors of its tokens are wanted, beside that of the whole.
    pub(crate) detailed: bool,
}

impl Row {
    pub(crate) fn single(ids: Vec<i64>) -> Self {
        Self { first: ids.len(), ids, detailed: false }
    }
}

/// What a model made of rows.
pub(crate) struct Output {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

pub(crate) struct OnnxModel {
    session: Session,
    wants_token_types: bool,
}

impl OnnxModel {
    pub(crate) fn load(path: &Path, library: &Path, threads: usize) -> Result<Self> {
        let threads = match threads {
            0 => thread::available_parallelism().map_or(1, usize::from),
            n => n,
        };
        let environment = environment(library)?;
        let bad = |reason: String| Error::BadFile { path: path.to_owned(), what: "an ONNX model", reason };
        let session = Session::builder(&environment)
            .and_then(|b| Ok(b.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|b| Ok(b.with_intra_threads(threads)?))
            // Spinning threads would take the processor from the language model between two batches.
            .and_then(|b| Ok(b.with_intra_op_spinning(false)?))
            .and_then(|mut b| b.commit_from_file(path))
            .map_err(|e| bad(e.to_string()))?;
        for needed in ["input_ids", "attention_mask"] {
            if !session.inputs().iter().any(|i| i.name() == needed) {
                return Err(bad(format!("it has no input named {needed}")));
            }
        }
        let wants_token_types = session.inputs().iter().any(|i| i.name() == "token_type_ids");
        Ok(Self { session, wants_token_types })
    }

    /// Shorter rows are padded to the longest.
    pub(crate) fn run(&mut self, rows: &[&Row]) -> Result<Output> {
        let width = rows.iter().map(|row| row.ids.len()).max().unwrap_or(0);
        if width == 0 {
            return Err(Error::Inference("a batch without tokens".into()));
        }
        let mut ids = vec![0i64; rows.len() * width];
        let mut mask = vec![0i64; rows.len() * width];
        let mut types = vec![0i64; if self.wants_token_types { rows.len() * width } else { 0 }];
        for (at, row) in rows.iter().enumerate() {
            let own = at * width..at * width + row.ids.len();
            ids[own.clone()].copy_from_slice(&row.ids);
            mask[own.clone()].fill(1);
            if self.wants_token_types {
                types[own.start + row.first.min(row.ids.len())..own.end].fill(1);
            }
        }
        let shape = [rows.len(), width];
        let failed = |e: ort::Error| Error::Inference(e.to_string());
        let mut inputs: Vec<(&str, SessionInputValue<'_>)> = vec![
            ("input_ids", TensorRef::from_array_view((shape, ids.as_slice())).map_err(failed)?.into()),
            ("attention_mask", TensorRef::from_array_view((shape, mask.as_slice())).map_err(failed)?.into()),
        ];
        if self.wants_token_types {
            inputs.push(("token_type_ids", TensorRef::from_array_view((shape, types.as_slice())).map_err(failed)?.into()));
        }
        let outputs = self.session.run(inputs).map_err(failed)?;
        let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        let shape = shape.iter().map(|&size| usize::try_from(size).unwrap_or_default()).collect();
        Ok(Output { shape, values: values.to_vec() })
    }
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
