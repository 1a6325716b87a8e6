use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Where the model is and how many threads it may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedderConfig {
    /// Holds the ONNX file, `tokenizer.json` and `embedding.json`.
    pub directory: PathBuf,
    /// File name of the ONNX model within `directory`.
    pub model_file: String,
    /// `libonnxruntime.so`.
    pub runtime_library: PathBuf,
    /// Threads of one inference; 0 takes one for each processor.
    pub threads: usize,
}

/// How token vectors become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The mean over all tokens (Sentence-BERT, Reimers and Gurevych 2019).
    Mean,
    /// The vector of the first token (BGE and others).
    Cls,
}

/// `embedding.json`: what a model needs that its ONNX file does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    pub pooling: Pooling,
    /// Scale vectors to length 1, so that a dot product is a cosine.
    pub normalize: bool,
    /// Longest input in model tokens, special tokens included.
    pub max_tokens: usize,
    /// Put before a question, as the model's training asks for ("query: ").
    #[serde(default)]
    pub query_prefix: String,
    /// Put before a passage.
    #[serde(default)]
    pub passage_prefix: String,
}

impl EmbedderConfig {
    pub(crate) fn model_path(&self) -> Result<PathBuf> {
        self.existing(&self.model_file)
    }

    pub(crate) fn tokenizer_path(&self) -> Result<PathBuf> {
        self.existing("tokenizer.json")
    }

    pub(crate) fn settings(&self) -> Result<ModelSettings> {
        let path = self.existing("embedding.json")?;
        let bad = |reason: String| Error::BadFile { path: path.clone(), what: "model settings", reason };
        let text = fs::read_to_string(&path).map_err(|e| bad(e.to_string()))?;
        let settings: ModelSettings = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
        if settings.max_tokens < 16 {
            return Err(bad(format!("max_tokens is {}, below 16", settings.max_tokens)));
        }
        Ok(settings)
    }

    fn existing(&self, name: &str) -> Result<PathBuf> {
        let path = self.directory.join(name);
        if path.is_file() { Ok(path) } else { Err(Error::MissingFile { path }) }
    }
}
