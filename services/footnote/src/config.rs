//! Configuration: defaults, then the file, then FOOTNOTE_* variables, then flags.

use std::{
    env,
    fs::File,
    io::Read,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use figment::{
    Figment, Metadata, Source,
    error::Kind,
    providers::{Env, Format, Serialized, Toml},
};
use search::Synonyms;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Catalog, index and originals.
    pub data_dir: PathBuf,
    /// Where set-up put the models.
    pub models_dir: PathBuf,
    /// Where set-up put libonnxruntime.so and libpdfium.so.
    pub lib_dir: PathBuf,
    pub embedding: Embedding,
    pub generation: Generation,
    pub ingest: Ingest,
    pub reranking: Reranking,
    pub search: Search,
    pub serve: Serve,
    pub accounts: Accounts,
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
    /// Whether the model writes answers: "if_passed" (not if it failed the exam) or "always".
    pub write: Write,
    /// GGUF file, within models_dir unless absolute.
    pub model: PathBuf,
    /// Prompt and answer together, in model tokens.
    pub context_tokens: u32,
    /// Questions that are answered at the same time.
    pub parallel: usize,
    /// Model tokens that the memory holds of all of them together.
    pub cache_tokens: u32,
    /// LoRA adapter (GGUF), within models_dir unless absolute.
    pub adapter: Option<PathBuf>,
    /// How strongly it is applied; 1 is as it was trained.
    pub adapter_scale: f32,
    /// Threads; 0: one for each processor.
    pub threads: usize,
    /// Instructions of the processor: "auto" or "baseline" (AVX2, what nearly every server has).
    pub instructions: Instructions,
    /// Questions that may wait for the model.
    pub queue: usize,
    /// A model on another machine of the network, in place of the one in this process.
    pub server: Option<Server>,
}

/// When a language model may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// Unless it is known to fail the exam. What it writes is verified either way.
    IfPassed,
    Always,
}

/// Which instructions of the processor the language model is computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instructions {
    /// The fastest that it has and Footnote was compiled for.
    Auto,
    /// To find out whether a fault lies in the others.
    Baseline,
}

/// An OpenAI-compatible server: llama-server, vLLM, Ollama.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Up to and with the version: http://gpu-1:8000/v1.
    pub url: String,
    /// As the server calls it.
    pub model: String,
    /// Sent as a bearer token; never shown.
    #[serde(default)]
    pub api_key: Option<String>,
    /// Certificate authority (PEM) to trust beside those of the system.
    #[serde(default)]
    pub certificate: Option<PathBuf>,
    /// Seconds until the first word, and between two words, after which it counts as down.
    #[serde(default = "Server::first_token_seconds")]
    pub first_token_seconds: u64,
    #[serde(default = "Server::between_tokens_seconds")]
    pub between_tokens_seconds: u64,
}

impl Server {
    const fn first_token_seconds() -> u64 {
        30
    }

    const fn between_tokens_seconds() -> u64 {
        15
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingest {
    /// Larger files are not read.
    pub max_file_mib: u64,
    /// Model tokens of a passage, about.
    pub passage_tokens: usize,
    /// Files that are read at a time, each in a process of its own; 0: one for each processor.
    pub processes: usize,
    /// Languages of scanned pages, as Tesseract names them ("eng", "deu"); each must be installed.
    pub scan_languages: Vec<String>,
    /// Folders that the portal reads by itself, each into a collection.
    pub folders: Vec<Folder>,
    /// Minutes between two looks at them.
    pub look_minutes: u32,
}

/// A folder that the portal reads by itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// Absolute.
    pub path: PathBuf,
    /// Made if there is none of that name.
    pub collection: String,
}

/// A cross-encoder that puts the first passages of each search in a better order; slower by the time that it reads them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reranking {
    /// Folder with the model and its tokenizer.json, within models_dir unless absolute; without one the search's own order stays.
    pub directory: Option<PathBuf>,
    /// ONNX file in that folder.
    pub model_file: String,
    /// Threads of one inference; 0: one for each processor.
    pub threads: usize,
    /// Longest input in model tokens, question and passage together.
    pub max_tokens: usize,
    /// How many of the first passages it reads.
    pub passages: usize,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Text file with other names of things: a group a line, commas between ("PTO, paid time off"), # for comments.
    pub synonyms: Option<PathBuf>,
    /// The abbreviations that come along (PTO, GDPR, AGB …).
    pub builtin_synonyms: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    pub listen: SocketAddr,
    /// How people reach the portal, where something stands before it: "https://footnote.example.com". With https, cookies never go by http.
    pub address: Option<String>,
    /// Certificate of the portal, with those between it and the authority (PEM); with it and its key people reach the portal by https.
    pub certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub key: Option<PathBuf>,
    /// Questions a minute that one person or their programs may ask; 0: as many as they like.
    pub questions_per_minute: u32,
    /// Addresses of the proxies before the portal, which say in X-Forwarded-For whom a request comes from: all who are not signed in would
    /// otherwise share one limit.
    pub proxies: Vec<IpAddr>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which it ends in any case.
    pub session_hours: u32,
}

/// What the command line sets.
#[derive(Serialize)]
struct Flags<'a> {
    data_dir: &'a Path,
}

/// Passages that a cross-encoder may be given: more take longer than anybody waits.
const RERANKED: RangeInclusive<usize> = 1..=100;
/// Questions at a time: more share a processor than anybody waits for.
const PARALLEL: RangeInclusive<usize> = 1..=64;
/// More threads than processors only slow each other down; this many do no harm.
const MOST_THREADS: usize = 16;
/// A day without a request, a month without signing in again: longer is not signing in.
const IDLE_MINUTES: RangeInclusive<u32> = 1..=1440;
const SESSION_HOURS: RangeInclusive<u32> = 1..=720;
const LOOK_MINUTES: RangeInclusive<u32> = 1..=1440;
const RERANKED_TOKENS: RangeInclusive<usize> = 16..=8192;

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            models_dir: installed("models"),
            lib_dir: installed("lib"),
            embedding: Embedding { directory: "minilm".into(), model_file: "model_int8.onnx".into(), threads: 0 },
            generation: Generation {
                enabled: true,
                write: Write::IfPassed,
                model: "smollm2/SmolLM2-135M-Instruct.Q8_0.gguf".into(),
                context_tokens: 2048,
                parallel: 8,
                cache_tokens: 6144,
                adapter: None,
                adapter_scale: 1.0,
                threads: 0,
                instructions: Instructions::Auto,
                queue: 16,
                server: None,
            },
            ingest: Ingest {
                max_file_mib: 100,
                passage_tokens: 200,
                processes: 0,
                scan_languages: vec!["eng".into()],
                folders: Vec::new(),
                look_minutes: 5,
            },
            reranking: Reranking { directory: None, model_file: "model.onnx".into(), threads: 0, max_tokens: 512, passages: 20 },
            search: Search { synonyms: None, builtin_synonyms: true },
            serve: Serve {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
                address: None,
                certificate: None,
                key: None,
                questions_per_minute: 60,
                proxies: Vec::new(),
            },
            accounts: Accounts { idle_minutes: 30, session_hours: 12 },
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
        figment = figment.merge(Env::prefixed(PREFIX).ignore(&["offline_dir"]).split("__"));
        if let Some(data_dir) = data_dir {
            figment = figment.merge(Serialized::defaults(Flags { data_dir }));
        }
        let config: Self = figment.extract().map_err(|e| anyhow!("{}", explained(&e)))?;
        let Reranking { passages, max_tokens, .. } = &config.reranking;
        if !RERANKED.contains(passages) {
            bail!("reranking.passages is {passages}: choose from {} to {}", RERANKED.start(), RERANKED.end());
        }
        if !RERANKED_TOKENS.contains(max_tokens) {
            bail!("reranking.max_tokens is {max_tokens}: choose from {} to {}", RERANKED_TOKENS.start(), RERANKED_TOKENS.end());
        }
        if !PARALLEL.contains(&config.generation.parallel) {
            bail!("generation.parallel is {}: choose from {} to {}", config.generation.parallel, PARALLEL.start(), PARALLEL.end());
        }
        let Accounts { idle_minutes, session_hours } = &config.accounts;
        if !IDLE_MINUTES.contains(idle_minutes) {
            bail!("accounts.idle_minutes is {idle_minutes}: choose from {} to {}", IDLE_MINUTES.start(), IDLE_MINUTES.end());
        }
        if !SESSION_HOURS.contains(session_hours) {
            bail!("accounts.session_hours is {session_hours}: choose from {} to {}", SESSION_HOURS.start(), SESSION_HOURS.end());
        }
        if !LOOK_MINUTES.contains(&config.ingest.look_minutes) {
            bail!("ingest.look_minutes is {}: choose from {} to {}", config.ingest.look_minutes, LOOK_MINUTES.start(), LOOK_MINUTES.end());
        }
        if let Some(folder) = config.ingest.folders.iter().find(|folder| !folder.path.is_absolute()) {
            bail!("ingest.folders has {:?}: write the whole path, from /", folder.path.display().to_string());
        }
        if let Some(address) = &config.serve.address
            && !(address.starts_with("https://") || address.starts_with("http://"))
        {
            bail!("serve.address is {address:?}: write it as people open it, https://footnote.example.com");
        }
        let most = std::thread::available_parallelism().map_or(1, usize::from).max(MOST_THREADS);
        for (key, threads) in [
            ("embedding.threads", config.embedding.threads),
            ("generation.threads", config.generation.threads),
            ("reranking.threads", config.reranking.threads),
        ] {
            if threads > most {
                bail!("{key} is {threads}: choose from 0 (one for each processor) to {most}");
            }
        }
        Ok((config, figment))
    }

    pub fn catalog_url(&self) -> Result<String> {
        let path = std::path::absolute(self.data_dir.join("catalog.sqlite"))?;
        // Percent signs and question marks mean something in an address.
        let path = path.to_str().with_context(|| format!("{} is not valid UTF-8: choose another data_dir", path.display()))?;
        Ok(format!("sqlite://{}", path.replace('%', "%25").replace('?', "%3F")))
    }

    /// What the portal shows by https, if it is to.
    ///
    /// # Errors
    /// A certificate without its key, or a key alone.
    pub fn tls(&self) -> Result<Option<web::Tls>> {
        match (&self.serve.certificate, &self.serve.key) {
            (Some(certificate), Some(key)) => Ok(Some(web::Tls { certificate: certificate.clone(), key: key.clone() })),
            (None, None) => Ok(None),
            (Some(_), None) => bail!("serve.certificate is set without serve.key: set both, or neither"),
            (None, Some(_)) => bail!("serve.key is set without serve.certificate: set both, or neither"),
        }
    }

    /// Of the portal that listens there.
    pub fn portal(&self, listening: SocketAddr) -> web::PortalSettings {
        let scheme = if self.serve.certificate.is_some() { "https" } else { "http" };
        let address = self.serve.address.clone().unwrap_or_else(|| format!("{scheme}://{listening}"));
        web::PortalSettings {
            limits: catalog::SessionLimits::of(self.accounts.idle_minutes, self.accounts.session_hours),
            secure: address.starts_with("https://"),
            address: address.trim_end_matches('/').to_owned(),
            max_file_bytes: self.ingest.max_file_mib << 20,
            questions_per_minute: self.serve.questions_per_minute,
            proxies: self.serve.proxies.iter().map(IpAddr::to_canonical).collect(),
        }
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    /// Files that were published through the portal; absolute, because it is part of each document's path.
    pub fn uploads_dir(&self) -> Result<PathBuf> {
        Ok(std::path::absolute(self.data_dir.join("uploads"))?)
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

    /// If one is configured.
    pub fn reranker(&self) -> Option<embedding::RerankerConfig> {
        let Reranking { directory, model_file, threads, max_tokens, .. } = &self.reranking;
        directory.as_ref().map(|directory| embedding::RerankerConfig {
            directory: self.models_dir.join(directory),
            model_file: model_file.clone(),
            runtime_library: self.lib_dir.join("libonnxruntime.so"),
            threads: *threads,
            max_tokens: *max_tokens,
        })
    }

    pub fn generator(&self) -> generation::GeneratorConfig {
        generation::GeneratorConfig {
            context_tokens: self.generation.context_tokens,
            parallel: self.generation.parallel,
            cache_tokens: self.generation.cache_tokens,
            adapter: self.generation.adapter.as_ref().map(|path| (self.models_dir.join(path), self.generation.adapter_scale)),
            threads: self.generation.threads,
            kernels: match self.generation.instructions {
                Instructions::Auto => generation::Kernels::fastest(),
                Instructions::Baseline => generation::Kernels::Baseline,
            },
            queue: self.generation.queue,
            ..generation::GeneratorConfig::new(self.models_dir.join(&self.generation.model))
        }
    }

    /// If the model is on a server.
    pub fn server(&self) -> Option<generation::RemoteConfig> {
        self.generation.server.as_ref().map(|server| generation::RemoteConfig {
            url: server.url.clone(),
            model: server.model.clone(),
            api_key: server.api_key.clone(),
            certificate: server.certificate.clone(),
            context_tokens: self.generation.context_tokens,
            parallel: self.generation.parallel,
            queue: self.generation.queue,
            first_token: Duration::from_secs(server.first_token_seconds),
            between_tokens: Duration::from_secs(server.between_tokens_seconds),
        })
    }

    /// # Errors
    /// The file cannot be read, or a line of it is wrong.
    pub fn synonyms(&self) -> Result<Synonyms> {
        let built_in = if self.search.builtin_synonyms { Synonyms::built_in()? } else { Synonyms::default() };
        let Some(path) = &self.search.synonyms else { return Ok(built_in) };
        let failed = || format!("the synonyms in {} cannot be read: check search.synonyms", path.display());
        // One byte more than is taken shows that there is too much.
        let mut list = Vec::new();
        let file = File::open(path).with_context(failed)?;
        file.take(Synonyms::MAX_BYTES as u64 + 1).read_to_end(&mut list).with_context(failed)?;
        let list = String::from_utf8_lossy(&list);
        if list.contains(char::REPLACEMENT_CHARACTER) && list.len() <= Synonyms::MAX_BYTES {
            bail!("the synonyms in {} are not in UTF-8: save the file as such", path.display());
        }
        built_in.and(&list).with_context(|| format!("the synonyms in {}", path.display()))
    }

    pub fn ingest(&self) -> ingest::Settings {
        ingest::Settings { max_file_bytes: self.ingest.max_file_mib << 20, target_tokens: self.ingest.passage_tokens }
    }
}

const PREFIX: &str = "FOOTNOTE_";

/// Where the value of a setting comes from, in the words of who set it.
pub fn origin(key: &str, source: Option<&Metadata>) -> String {
    let Some(source) = source else { return "default".into() };
    match &source.source {
        Some(Source::File(path)) => path.display().to_string(),
        _ if source.name.contains("Flags") => "command line".into(),
        _ if source.name.contains(PREFIX) => format!("{PREFIX}{}", key.to_uppercase().replace('.', "__")),
        _ => "default".into(),
    }
}

/// One sentence for each setting that is wrong.
fn explained(error: &figment::Error) -> String {
    let explain = |error: figment::Error| {
        let key = error.path.join(".").to_lowercase();
        let origin = origin(&key, error.metadata.as_ref());
        let place = match key.as_str() {
            _ if origin.starts_with(PREFIX) => origin,
            "" => origin,
            key => format!("{key} in {origin}"),
        };
        match &error.kind {
            Kind::UnknownField(..) => format!("{place} is not a setting: `footnote config show` lists them all"),
            // A TOML parser draws the place below its words: the words name it too.
            Kind::Message(reason) => {
                let words: Vec<&str> = reason.lines().filter(|l| !l.contains('|') && !l.is_empty()).collect();
                format!("{place}: {}", words.join(", "))
            }
            Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => {
                format!(
                    "{place} must be {}, not {actual}",
                    expected.replace("usize", "a whole number").replace("u32", "a whole number").replace("u64", "a whole number")
                )
            }
            other => format!("{place}: {other}"),
        }
    };
    error.clone().into_iter().map(explain).collect::<Vec<_>>().join("; ")
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
