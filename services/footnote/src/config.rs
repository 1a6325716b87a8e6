//! Configuration: defaults, then the file, then FOOTNOTE_* variables, then flags.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Catalog, index and originals.
    pub data_dir: PathBuf,
    /// Where set-up put the models.
    pub models_dir: PathBuf,
    /// Where set-up put libonnxruntime.so.
    pub lib_dir: PathBuf,
    pub embedding: Embedding,
    pub generation: Generation,
    pub ingest: Ingest,
    pub serve: Serve,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// Folder of the model, within models_dir unless absolute.
    pub directory: PathBuf,
    /// ONNX file in that folder.
    pub model_file: String,
    /// Threads of one inference; 0: one for each processor.
    pub threads: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    /// Off: answers are quotes only.
    pub enabled: bool,
    /// GGUF file, within models_dir unless absolute.
    pub model: PathBuf,
    /// Prompt and answer together, in model tokens.
    pub context_tokens: u32,
    /// Threads; 0: one for each processor.
    pub threads: usize,
    /// Questions that may wait for the model.
    pub queue: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// Larger files are not read.
    pub max_file_mib: u64,
    /// Model tokens of a passage, about.
    pub passage_tokens: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    pub listen: SocketAddr,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            models_dir: installed("models"),
            lib_dir: installed("lib"),
            embedding: Embedding { directory: "minilm".into(), model_file: "model_int8.onnx".into(), threads: 0 },
            generation: Generation {
                enabled: true,
                model: "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf".into(),
                context_tokens: 2048,
                threads: 0,
                queue: 16,
            },
            ingest: Ingest { max_file_mib: 100, passage_tokens: 200 },
            serve: Serve { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)) },
        }
    }
}

impl Config {
    /// # Errors
    /// A file that is missing or wrong, with the place in it.
    pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<(Self, Figment)> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                bail!("the configuration file {} does not exist: check --config", file.display());
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment.merge(Env::prefixed("FOOTNOTE_").ignore(&["offline_dir"]).split("__"));
        if let Some(data_dir) = data_dir {
            figment = figment.merge(Serialized::default("data_dir", data_dir));
        }
        let config: Self = figment.extract().context("the configuration is not valid")?;
        Ok((config, figment))
    }

    pub fn catalog_url(&self) -> Result<String> {
        let path = std::path::absolute(self.data_dir.join("catalog.sqlite"))?;
        Ok(format!("sqlite://{}", path.display()))
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    pub fn originals_dir(&self) -> PathBuf {
        self.data_dir.join("originals")
    }

    pub fn embedder(&self) -> embedding::EmbedderConfig {
        embedding::EmbedderConfig {
            directory: self.models_dir.join(&self.embedding.directory),
            model_file: self.embedding.model_file.clone(),
            runtime_library: self.lib_dir.join("libonnxruntime.so"),
            threads: self.embedding.threads,
        }
    }

    pub fn generator(&self) -> generation::GeneratorConfig {
        generation::GeneratorConfig {
            context_tokens: self.generation.context_tokens,
            threads: self.generation.threads,
            queue: self.generation.queue,
            ..generation::GeneratorConfig::new(self.models_dir.join(&self.generation.model))
        }
    }

    pub fn ingest(&self) -> ingest::Settings {
        ingest::Settings { max_file_bytes: self.ingest.max_file_mib << 20, target_tokens: self.ingest.passage_tokens }
    }
}

/// A folder that set-up fills: beside the working directory, else beside the binary, where a build or an
/// installation puts it.
fn installed(name: &str) -> PathBuf {
    let here = PathBuf::from(name);
    let beside_binary = env::current_exe().ok().and_then(|exe| {
        let above: Vec<PathBuf> = exe.ancestors().skip(1).take(3).map(|a| a.join(name)).collect();
        above.into_iter().find(|p| p.is_dir())
    });
    if here.is_dir() { here } else { beside_binary.unwrap_or(here) }
}
