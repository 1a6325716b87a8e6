//! The parts, opened and wired for a command.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use assistant::{Assistant, AssistantParts, Writer};
use catalog::{Catalog, Originals, Principal, Reader};
use embedding::{Embedder, Reranker};
use generation::Generator;
use ingest::{Ingest, IngestParts};
use search::{Completeness, Damage, Retriever, SearchIndex, Synonyms};

use crate::{
    config::{Config, Write},
    grades,
    lock::DataLock,
    output, reading,
};

/// A short command (a search) may be under way in another window: wait for it.
const WAIT: Duration = Duration::from_secs(10);
/// How often a long repair tells how far it is.
const BETWEEN_NOTES: Duration = Duration::from_secs(10);

/// Everything that needs catalog, index and embedding model.
pub struct App {
    pub catalog: Catalog,
    pub index: Arc<SearchIndex>,
    pub embedder: Embedder,
    synonyms: Arc<Synonyms>,
    /// And how many passages it reads.
    reranker: Option<(Reranker, usize)>,
    /// What of the index had to begin anew.
    pub damages: Vec<Damage>,
    _lock: DataLock,
}

impl App {
    /// Opens the data directory for a command that answers nothing.
    pub async fn open(config: &Config, command: &str) -> Result<Self> {
        Self::open_with(config, command, |path, dimensions| Ok((SearchIndex::open(path, dimensions)?, Vec::new()))).await
    }

    /// The same for repair: all of the index is read, and what is damaged of it begins anew, which is said.
    pub async fn open_to_repair(config: &Config, command: &str) -> Result<Self> {
        let app = Self::open_with(config, command, SearchIndex::open_mended).await?;
        app.damages.iter().for_each(told);
        Ok(app)
    }

    /// For an index that can be read, and not be made equal to the catalog: with a half by meaning that takes in what is written.
    pub async fn renewed(self, config: &Config) -> Result<Self> {
        let Self { catalog, index, embedder, synonyms, reranker, mut damages, _lock } = self;
        let (path, dimensions) = (config.index_dir(), embedder.dimensions());
        let renew = move || -> search::Result<_> {
            // It must not be open: the last handle is this one.
            drop(index);
            let damage = SearchIndex::renew(&path, dimensions)?;
            Ok((SearchIndex::open(&path, dimensions)?, damage))
        };
        let (index, damage) = tokio::task::spawn_blocking(renew).await??;
        told(&damage);
        damages.push(damage);
        Ok(Self { catalog, index: Arc::new(index), embedder, synonyms, reranker, damages, _lock })
    }

    async fn open_with(
        config: &Config,
        command: &str,
        open_index: impl FnOnce(&Path, usize) -> search::Result<(SearchIndex, Vec<Damage>)> + Send + 'static,
    ) -> Result<Self> {
        let synonyms = Arc::new(config.synonyms()?);
        let lock = DataLock::take(&config.data_dir, command, WAIT).await?;
        let settings = config.embedder();
        // The model loads while the catalog opens: together they are most of the start-up time.
        let embedder = tokio::task::spawn_blocking(move || Embedder::load(&settings));
        let catalog = Catalog::open(&config.catalog_url()?).await?;
        let embedder = embedder.await??;
        let (path, dimensions) = (config.index_dir(), embedder.dimensions());
        let (index, damages) = tokio::task::spawn_blocking(move || open_index(&path, dimensions)).await??;
        Ok(Self { catalog, index: Arc::new(index), embedder, synonyms, reranker: None, damages, _lock: lock })
    }

    /// For commands that answer from the index: it must be whole, and made with the configured model.
    pub async fn open_to_search(config: &Config, command: &str) -> Result<Self> {
        let app = Self::open(config, command).await?.with_reranker(config).await?;
        ingest::same_model(&app.catalog.system(), &app.embedder).await?;
        let lacking = Ingest::look_over(&app.catalog, &app.index).await?;
        if lacking > 0 {
            return Err(search::Error::Incomplete { lacking, mending: false }.into());
        }
        Ok(app)
    }

    /// For the portal: what the index lacks is added while it runs, and until then no question is answered.
    pub async fn open_to_serve(config: &Config, command: &str) -> Result<Self> {
        let app = Self::open(config, command).await?.with_reranker(config).await?;
        ingest::same_model(&app.catalog.system(), &app.embedder).await?;
        let lacking = Ingest::look_over(&app.catalog, &app.index).await?;
        if lacking > 0 {
            output::note(&format!("footnote: the index lacks {lacking} passages: it is made whole, and questions wait until then"));
            let (ingest, index) = (app.ingest(config)?, Arc::clone(&app.index));
            index.set_completeness(Completeness { lacking, mending: true });
            tokio::spawn(async move {
                let mut said = Instant::now();
                let done = ingest.check_up(|done, all| {
                    if said.elapsed() >= BETWEEN_NOTES || done == all {
                        said = Instant::now();
                        output::note(&format!("footnote: {done} of {all} passages are back in the index"));
                    }
                });
                if let Err(error) = done.await {
                    index.set_completeness(Completeness { mending: false, ..index.completeness() });
                    tracing::error!(error = &error as &dyn std::error::Error, "the index could not be made whole");
                }
            });
        }
        Ok(app)
    }

    /// With the cross-encoder, if one is configured.
    pub async fn with_reranker(self, config: &Config) -> Result<Self> {
        let Some(settings) = config.reranker() else { return Ok(self) };
        let reranker = tokio::task::spawn_blocking(move || Reranker::load(&settings)).await??;
        Ok(Self { reranker: Some((reranker, config.reranking.passages)), ..self })
    }

    pub fn retriever(&self) -> Retriever {
        let retriever = Retriever::new(Arc::clone(&self.index), self.embedder.clone()).with_synonyms(Arc::clone(&self.synonyms));
        match &self.reranker {
            Some((reranker, passages)) => retriever.with_reranker(reranker.clone(), *passages),
            None => retriever,
        }
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

    /// The assistant, which keeps its answers.
    pub async fn assistant(&self, config: &Config) -> Assistant {
        self.assistant_with(Self::writer(config).await, true)
    }

    /// Who writes answers. Where the language model can't be used nobody does, and the reason is known; one that failed the exam
    /// is not even loaded.
    pub async fn writer(config: &Config) -> Writer {
        if config.generation.write == Write::IfPassed && grades::passed(config) == Some(false) {
            return Writer::Nobody(None);
        }
        match Self::generator(config).await {
            Ok(Some(generator)) => Writer::Model(generator),
            Ok(None) => Writer::Nobody(None),
            Err(error) => Writer::Nobody(Some(error.to_string())),
        }
    }

    /// The language model, if one is configured.
    ///
    /// # Errors
    /// It can't be used.
    pub async fn generator(config: &Config) -> Result<Option<Generator>> {
        if !config.generation.enabled {
            return Ok(None);
        }
        if let Some(server) = config.server() {
            return Ok(Some(Generator::on_server(server)?));
        }
        let settings = config.generator();
        Ok(Some(tokio::task::spawn_blocking(move || Generator::load(&settings)).await??))
    }

    pub fn assistant_with(&self, writer: Writer, recorded: bool) -> Assistant {
        Assistant::new(AssistantParts {
            catalog: self.catalog.clone(),
            retriever: self.retriever(),
            embedder: self.embedder.clone(),
            writer,
            recorded,
        })
    }

    /// What whoever runs the command may read.
    pub async fn reader(&self, collection: Option<&str>) -> Result<Reader> {
        Ok(self.catalog.reader(&Principal::LocalOperator, collection).await?)
    }
}

fn told(Damage { half, reason, kept }: &Damage) {
    let said = format!(
        "footnote: the half of the index by {half} is damaged and is made anew: {reason}; its files are kept in {} for now, delete them when all \
         is well",
        kept.display()
    );
    output::note(&output::one_line(&said));
}
