//! The parts, opened and wired for a command.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use assistant::{Assistant, AssistantParts};
use catalog::{Catalog, Originals, Principal, Reader};
use embedding::Embedder;
use generation::Generator;
use ingest::{Ingest, IngestParts};
use search::{Retriever, SearchIndex};

use crate::{config::Config, lock::DataLock, output, reading};

/// A short command (a search) may be under way in another window: wait for it.
const WAIT: Duration = Duration::from_secs(10);

/// Everything that needs catalog, index and embedding model.
pub struct App {
    pub catalog: Catalog,
    pub index: Arc<SearchIndex>,
    pub embedder: Embedder,
    _lock: DataLock,
}

impl App {
    /// Opens the data directory for a command.
    pub async fn open(config: &Config, command: &str) -> Result<Self> {
        let lock = DataLock::take(&config.data_dir, command, WAIT).await?;
        let settings = config.embedder();
        // The model loads while the catalog opens: together they are most of the start-up time.
        let embedder = tokio::task::spawn_blocking(move || Embedder::load(&settings));
        let catalog = Catalog::open(&config.catalog_url()?).await?;
        let embedder = embedder.await??;
        let (path, dimensions) = (config.index_dir(), embedder.dimensions());
        let index = tokio::task::spawn_blocking(move || SearchIndex::open(&path, dimensions)).await??;
        Ok(Self { catalog, index: Arc::new(index), embedder, _lock: lock })
    }

    /// As [`Self::open`], for commands that answer from the index: it must have been made with the configured model.
    pub async fn open_to_search(config: &Config, command: &str) -> Result<Self> {
        let app = Self::open(config, command).await?;
        ingest::same_model(&app.catalog.system(), &app.embedder).await?;
        if app.lacks_passages().await? {
            output::note("footnote: the index lacks some passages, so answers may be incomplete: run `footnote doctor`");
        }
        Ok(app)
    }

    /// Whether one half of the index or both hold less than the catalog.
    pub async fn lacks_passages(&self) -> Result<bool> {
        let live = self.catalog.system().counts().await?.passages;
        let (lexical, dense) = self.index.counts()?;
        Ok(i64::try_from(lexical.min(dense)).is_ok_and(|indexed| indexed < live))
    }

    pub fn retriever(&self) -> Retriever {
        Retriever::new(Arc::clone(&self.index), self.embedder.clone())
    }

    pub fn ingest(&self, config: &Config) -> Result<Ingest> {
        let parts = IngestParts {
            catalog: self.catalog.clone(),
            index: Arc::clone(&self.index),
            embedder: self.embedder.clone(),
            originals: Originals::new(config.originals_dir()),
            workers: reading::workers(config)?,
        };
        Ok(Ingest::new(parts, config.ingest()))
    }

    /// The assistant, which keeps its answers. Without a language model it answers with quotes.
    pub async fn assistant(&self, config: &Config) -> Result<Assistant> {
        let generator = Self::generator(config).await?;
        Ok(self.assistant_with(generator, true))
    }

    /// The language model, if one is configured.
    pub async fn generator(config: &Config) -> Result<Option<Generator>> {
        let generator = if config.generation.enabled {
            let settings = config.generator();
            Some(tokio::task::spawn_blocking(move || Generator::load(&settings)).await??)
        } else {
            None
        };
        Ok(generator)
    }

    pub fn assistant_with(&self, generator: Option<Generator>, recorded: bool) -> Assistant {
        Assistant::new(AssistantParts {
            catalog: self.catalog.clone(),
            retriever: self.retriever(),
            embedder: self.embedder.clone(),
            generator,
            recorded,
        })
    }

    /// What whoever runs the command may read.
    pub async fn reader(&self, collection: Option<&str>) -> Result<Reader> {
        Ok(self.catalog.reader(&Principal::LocalOperator, collection).await?)
    }
}
