//! Whether the configured language model has passed the exam, and so may write answers.

use std::{fs, path::PathBuf, time::UNIX_EPOCH};

use anyhow::{Context, Result};
use assistant::exam::{self, Grade};
use serde::{Deserialize, Serialize};

use crate::config::Config;

/// What is kept of a grade.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    pub model: String,
    pub passed: bool,
    pub right: f32,
    pub wrong: f32,
}

/// What set-up brings and brought before: name, bytes and grade. docs/models.md has the figures of the first.
const KNOWN: [(&str, u64, bool); 2] =
    [("SmolLM2-135M-Instruct.Q8_0.gguf", 144_811_072, false), ("SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432, false)];

/// Whether the model may write; none where nobody knows yet.
pub fn passed(config: &Config) -> Option<bool> {
    kept(config).map(|kept| kept.passed).or_else(|| known(config))
}

/// The grade that was kept here, if the model took the exam.
pub fn kept(config: &Config) -> Option<Kept> {
    serde_json::from_slice(&fs::read(path(config)).ok()?).ok()
}

fn known(config: &Config) -> Option<bool> {
    if config.generation.server.is_some() || config.generation.adapter.is_some() {
        return None;
    }
    let file = config.generator().model;
    let bytes = file.metadata().ok()?.len();
    let name = file.file_name()?.to_str()?;
    KNOWN.iter().find(|known| known.0 == name && known.1 == bytes).map(|known| known.2)
}

/// Keeps a grade, for this model and this prompt.
pub fn keep(config: &Config, grade: &Grade) -> Result<()> {
    let path = path(config);
    let kept = Kept { model: grade.model.clone(), passed: grade.passed, right: grade.right, wrong: grade.wrong };
    let folder = path.parent().context("the data directory has no folder for grades")?;
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made: check data_dir", folder.display()))?;
    let part = path.with_extension("part");
    fs::write(&part, serde_json::to_vec_pretty(&kept)?).with_context(|| format!("{} cannot be written", part.display()))?;
    fs::rename(&part, &path).with_context(|| format!("{} cannot be written", path.display()))
}

/// Another file, adapter, server, prompt or exam is another grade. A whole model is too large to be hashed each time.
fn path(config: &Config) -> PathBuf {
    let file = |path: &PathBuf| {
        let data = path.metadata().ok();
        let changed = data.as_ref().and_then(|data| data.modified().ok()).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        format!("{} {} {}", path.display(), data.map_or(0, |data| data.len()), changed.map_or(0, |time| time.as_nanos()))
    };
    let settings = config.generator();
    let model = match &config.generation.server {
        Some(server) => format!("{} {}", server.url, server.model),
        None => file(&settings.model),
    };
    let adapter = settings.adapter.as_ref().map_or_else(String::new, |(path, scale)| format!("{} {scale}", file(path)));
    let key = blake3::hash(format!("{model}\n{adapter}\n{}", exam::version()).as_bytes());
    config.data_dir.join("exam").join(format!("{}.json", &key.to_hex()[..16]))
}
