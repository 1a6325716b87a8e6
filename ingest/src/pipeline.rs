//! The way of documents into the catalog and the index:
//! files -> prepared revisions -> embedded passages -> written, not yet visible -> live.
//!
//! Documents travel in groups: one embedding run, one index commit and one catalog transaction for a few hundred
//! passages. Whatever is interrupted before that transaction is swept up by the next run.

use std::{collections::HashSet, path::PathBuf, sync::Arc, time::Instant};

use catalog::{Actor, Catalog, Clock, CollectionId, Document, KnownSource, NewPassage, NewRevision, Originals, System};
use embedding::Embedder;
use extraction::isolation::Workers;
use futures::{StreamExt, stream};
use search::{Completeness, IndexedPassage, SearchIndex};
use tokio::sync::mpsc;

use crate::{
    Differences, Error, Event, Outcome, Progress, Status, Summary, chunk, embedded_text, mend, on_a_thread,
    prepare::{Preparation, Prepared, Source, Text},
    source::{self, Sources},
};

/// Changes whenever the same bytes would give other passages or vectors, or would tell more of a document.
const VERSION: &str = "8";
/// Passages of a group: enough to sort by length and to share one commit, few enough to lose little to a crash.
const GROUP_PASSAGES: usize = 384;
/// Documents of a group: a folder of tiny files becomes visible as it goes, too.
const GROUP_DOCUMENTS: usize = 64;
/// Files that are prepared at once; each is held in memory.
const PREPARED_AHEAD: usize = 4;

/// Settings of a run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// A larger file is not read.
    pub max_file_bytes: u64,
    /// Model tokens of a passage, about.
    pub target_tokens: usize,
}

/// Brings documents into the catalog and the index. One run at a time for an index.
#[derive(Clone)]
pub struct Ingest {
    catalog: Catalog,
    index: Arc<SearchIndex>,
    embedder: Embedder,
    originals: Originals,
    workers: Workers,
    settings: Settings,
    actor: Actor,
    /// Whether what has not changed is read again.
    anew: bool,
}

/// What ingest works with.
pub struct IngestParts {
    pub catalog: Catalog,
    pub index: Arc<SearchIndex>,
    pub embedder: Embedder,
    pub originals: Originals,
    /// The processes that read files.
    pub workers: Workers,
}

impl Ingest {
    #[must_use]
    pub fn new(parts: IngestParts, settings: Settings) -> Self {
        let IngestParts { catalog, index, embedder, originals, workers } = parts;
        Self { catalog, index, embedder, originals, workers, settings, actor: Actor::Operator, anew: false }
    }

    /// The same in somebody's name: the trail tells who published.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same, reading again what has not changed: with other settings it may give another text.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self { anew: true, ..self.clone() }
    }

    /// Reads files and folders into a collection, which is made if there is none of that name. Only what is new or
    /// changed is embedded; what is gone from a given folder is deleted. Can be stopped at any moment by dropping
    /// the future, and killed: the next run goes on.
    ///
    /// # Errors
    /// What keeps the whole run from going on; a bad file is an [`Outcome`] and the run goes on.
    pub async fn run(&self, paths: &[PathBuf], collection: &str, on_event: impl FnMut(Event) + Send) -> Result<Summary, Error> {
        let paths = paths.to_vec();
        let found = on_a_thread(move || source::discover(&paths)).await?;
        let sources = found.files.iter().cloned().map(Source::File).collect();
        self.run_sources(found, sources, collection, on_event).await
    }

    /// As [`Self::run`], for texts that are in no file: what the collection holds besides them is deleted.
    ///
    /// # Errors
    /// What keeps the whole run from going on.
    pub async fn run_texts(&self, texts: Vec<Text>, collection: &str, on_event: impl FnMut(Event) + Send) -> Result<Summary, Error> {
        let files = texts.iter().map(|text| text.path.clone()).collect();
        let found = Sources { files, folders: vec!["/".into()], ..Sources::default() };
        self.run_sources(found, texts.into_iter().map(Source::Text).collect(), collection, on_event).await
    }

    async fn run_sources(
        &self,
        sources: Sources,
        to_prepare: Vec<Source>,
        collection: &str,
        mut on_event: impl FnMut(Event) + Send,
    ) -> Result<Summary, Error> {
        let system = self.catalog.system_for(self.actor);
        mend::sweep(&system, &self.index).await?;
        // Vectors of two models can't be compared. What another model made is made anew by this run, if it is among the paths.
        let mended = match same_model(&system, &self.embedder).await {
            Ok(()) => self.mend(&system, &mut on_event).await.map(|()| true)?,
            Err(Error::OtherModel { .. }) => false,
            Err(error) => return Err(error),
        };
        let collection = system.ensure_collection(collection).await?.id;
        on_event(Event::Discovered { files: sources.files.len(), skipped: sources.skipped });
        let mut run =
            Run { ingest: self, system, on_event, summary: Summary { skipped: sources.skipped, ..Summary::default() }, embedded: 0 };
        for (path, reason) in &sources.failures {
            run.tell(Outcome::failed(path.clone(), reason.clone()));
        }
        run.delete_missing(collection, &sources).await?;
        run.index(collection, to_prepare, &sources.files).await?;
        mend::sweep(&run.system, &self.index).await?;
        mend::sweep_originals(&run.system, &self.originals).await?;
        let Run { system, mut on_event, summary, .. } = run;
        if !mended {
            match same_model(&system, &self.embedder).await {
                Ok(()) => self.mend(&system, &mut on_event).await?,
                Err(error @ Error::OtherModel { .. }) => on_event(Event::Notice(format!("{error}; until then nothing is answered"))),
                Err(error) => return Err(error),
            }
        } else {
            self.optimize(&mut on_event).await?;
            mend::agree(&system, &self.index).await?;
        }
        Ok(summary)
    }

    /// Brings what was added into the form that is fast to search.
    async fn optimize(&self, on_event: &mut (impl FnMut(Event) + Send)) -> Result<(), Error> {
        if self.index.is_due() {
            on_event(Event::Notice("many passages are new: arranging the index so that it stays fast to search".into()));
        }
        let index = Arc::clone(&self.index);
        Ok(on_a_thread(move || index.optimize()).await??)
    }

    /// Whether the index is being made whole.
    pub(crate) fn is_mending(&self) -> bool {
        self.index.completeness().mending
    }

    /// Clears away what deleted documents left in the index and among the originals.
    ///
    /// # Errors
    /// Index, catalog or folder fail.
    pub async fn tidy(&self) -> Result<(), Error> {
        let system = self.catalog.system();
        mend::sweep(&system, &self.index).await?;
        mend::sweep_originals(&system, &self.originals).await?;
        mend::agree(&system, &self.index).await
    }

    /// Deletes a document with all that is stored of it. False where it is gone already.
    ///
    /// # Errors
    /// Catalog, index or originals can't be written.
    pub async fn delete(&self, document: &Document) -> Result<bool, Error> {
        let system = self.catalog.system();
        let was_equal = mend::compare(&system, &self.index, false).await?.is_empty();
        let deleted = system.delete_document(document.id).await?;
        mend::sweep(&system, &self.index).await?;
        mend::sweep_originals(&system, &self.originals).await?;
        if was_equal {
            mend::agree(&system, &self.index).await?;
        }
        Ok(deleted)
    }

    /// Compares index and catalog passage by passage and mends what differs; returns what differed. `on_mended` is told how many of how
    /// many missing passages are back.
    ///
    /// # Errors
    /// Catalog or index can't be read or written, the model failed, or [`Error::OtherModel`].
    pub async fn check_up(&self, mut on_mended: impl FnMut(usize, usize) + Send) -> Result<Differences, Error> {
        let system = self.catalog.system();
        same_model(&system, &self.embedder).await?;
        mend::sweep(&system, &self.index).await?;
        mend::sweep_originals(&system, &self.originals).await?;
        let differences = mend::compare(&system, &self.index, true).await?;
        let all = differences.missing.len();
        if differences.is_empty() {
            mend::agree(&system, &self.index).await?;
        } else {
            mend::mend(&system, &self.index, &self.embedder, differences.clone(), |done| on_mended(done, all)).await?;
        }
        Ok(differences)
    }

    /// Finds out what the index lacks of the catalog, which searches then go by; mends nothing. Quick where they were equal before and
    /// neither has changed since.
    ///
    /// # Errors
    /// Catalog or index can't be read.
    pub async fn look_over(catalog: &Catalog, index: &Arc<SearchIndex>) -> Result<usize, Error> {
        let system = catalog.system();
        let Differences { missing, extra } = mend::compare(&system, index, false).await?;
        let lacking = missing.len();
        index.set_completeness(Completeness { lacking, mending: false });
        if missing.is_empty() && !extra.is_empty() {
            // What a run that was killed left; while it is there, each start would compare everything.
            let writer = Arc::clone(index);
            on_a_thread(move || writer.remove_passages(&extra).and_then(|()| writer.commit())).await??;
        }
        if lacking == 0 {
            mend::agree(&system, index).await?;
        }
        Ok(lacking)
    }

    /// Mends an index that differs from the catalog.
    async fn mend(&self, system: &System, on_event: &mut (impl FnMut(Event) + Send)) -> Result<(), Error> {
        let differences = mend::compare(system, &self.index, false).await?;
        if !differences.is_empty() {
            on_event(Event::Notice(format!(
                "the index lacks {} passages and holds {} too many: mending it from the catalog",
                differences.missing.len(),
                differences.extra.len()
            )));
            mend::mend(system, &self.index, &self.embedder, differences, |_| {}).await?;
        }
        Ok(())
    }

    fn pipeline(&self) -> String {
        format!("{VERSION}/{}/{}", self.embedder.fingerprint(), self.settings.target_tokens)
    }
}

/// Checks that all live documents were embedded with this model: vectors of two models can't be compared.
///
/// # Errors
/// [`Error::OtherModel`], or the catalog can't be read.
pub async fn same_model(system: &System, embedder: &Embedder) -> Result<(), Error> {
    for (pipeline, documents, example) in system.live_pipelines().await? {
        if model_of(&pipeline) != Some(embedder.fingerprint()) {
            let model = model_of(&pipeline).unwrap_or(&pipeline).to_owned();
            return Err(Error::OtherModel { documents, model, example });
        }
    }
    Ok(())
}

/// The fingerprint within what [`Ingest::pipeline`] wrote; it may hold a slash itself.
fn model_of(pipeline: &str) -> Option<&str> {
    pipeline.split_once('/').and_then(|(_, rest)| rest.rsplit_once('/')).map(|(model, _)| model)
}

struct Run<'a, F> {
    ingest: &'a Ingest,
    system: System,
    on_event: F,
    summary: Summary,
    embedded: usize,
}

impl<F: FnMut(Event) + Send> Run<'_, F> {
    async fn index(&mut self, collection: CollectionId, sources: Vec<Source>, files: &[String]) -> Result<(), Error> {
        let (progress, mut told) = mpsc::channel(PREPARED_AHEAD);
        let preparation = Arc::new(self.preparation(collection, files, progress).await?);
        let mut prepared = stream::iter(sources)
            .map(|source| {
                let preparation = Arc::clone(&preparation);
                async move { (source.path().to_owned(), preparation.prepare(source).await) }
            })
            .buffered(PREPARED_AHEAD);
        let mut group = Vec::new();
        let mut passages = 0;
        loop {
            let next = tokio::select! {
                next = prepared.next() => next,
                Some(progress) = told.recv() => {
                    (self.on_event)(Event::Reading(progress));
                    continue;
                }
            };
            let Some((path, next)) = next else { break };
            let Prepared { revisions, outcomes, skipped, warnings, is_gone, members } = next?;
            warnings.into_iter().for_each(|warning| (self.on_event)(Event::Notice(warning)));
            outcomes.into_iter().for_each(|outcome| self.tell(outcome));
            self.summary.skipped += skipped;
            for revision in revisions {
                passages += revision.passages.len();
                group.push(revision);
                if passages >= GROUP_PASSAGES || group.len() >= GROUP_DOCUMENTS {
                    self.index_group(std::mem::take(&mut group)).await?;
                    passages = 0;
                }
            }
            if let Some(members) = members {
                let below = format!("{path}/");
                let is_left_out =
                    |k: &KnownSource| (is_gone && k.path == path) || (k.path.starts_with(&below) && !members.contains(&k.path));
                let gone = preparation.known.values().filter(|known| is_left_out(known));
                for source in gone {
                    self.delete(source).await?;
                }
            }
        }
        self.index_group(group).await
    }

    async fn delete(&mut self, source: &KnownSource) -> Result<(), Error> {
        self.system.delete_document(source.document_id).await?;
        self.tell(Outcome { document: Some(source.document_id), ..Outcome::new(source.path.clone(), Status::Deleted) });
        Ok(())
    }

    async fn preparation(
        &self,
        collection: CollectionId,
        files: &[String],
        progress: mpsc::Sender<Progress>,
    ) -> Result<Preparation, Error> {
        // One query for everything: a folder of thousands of files asks once, not once a file.
        let wanted: HashSet<&str> = files.iter().map(String::as_str).collect();
        let known = self.system.known_sources(collection, "/").await?;
        let known = known.into_iter().filter(|k| is_of(&wanted, &k.path)).map(|k| (k.path.clone(), k)).collect();
        Ok(Preparation {
            collection,
            known,
            pipeline: self.ingest.pipeline(),
            embedder: self.ingest.embedder.clone(),
            originals: self.ingest.originals.clone(),
            workers: self.ingest.workers.clone(),
            max_file_bytes: self.ingest.settings.max_file_bytes,
            target_tokens: self.ingest.settings.target_tokens,
            clock: Clock::system(),
            anew: self.ingest.anew,
            progress,
        })
    }

    async fn index_group(&mut self, group: Vec<NewRevision>) -> Result<(), Error> {
        if group.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        let vectors = self.embed(&group).await?;
        let mut vectors = vectors.into_iter();
        let mut staged = Vec::with_capacity(group.len());
        let mut passages = Vec::new();
        for revision in &group {
            let ids = self.system.stage(revision).await?;
            let new = ids.passage_ids.iter().zip(&revision.passages).zip(searched_texts(revision)).zip(vectors.by_ref());
            passages.extend(new.map(|(((&id, passage), text), vector)| IndexedPassage {
                id,
                revision: ids.revision_id,
                collection: revision.collection_id,
                format: revision.format,
                language: revision.language.clone(),
                dated: revision.dated,
                context: chunk::context_header(&revision.title, &passage.headings),
                text,
                vector,
            }));
            staged.push(ids);
        }
        let index = Arc::clone(&self.ingest.index);
        on_a_thread(move || {
            index.add(&passages)?;
            index.commit()
        })
        .await??;
        // The commit point: from here on the documents are live, and their earlier revisions are not.
        let live: Vec<_> = staged.iter().map(|s| s.revision_id).collect();
        self.system.publish(&live).await?;
        if self.ingest.index.is_due() {
            self.ingest.optimize(&mut self.on_event).await?;
        }
        tracing::debug!(documents = group.len(), elapsed_ms = started.elapsed().as_millis(), "group is live");
        for (revision, staged) in group.into_iter().zip(staged) {
            self.tell(Outcome {
                document: Some(staged.document_id),
                revision: Some(staged.revision_id),
                pages: i32::try_from(revision.pages.len()).ok(),
                passages: i32::try_from(revision.passages.len()).ok(),
                ..Outcome::new(revision.path, Status::Indexed)
            });
        }
        Ok(())
    }

    async fn embed(&mut self, group: &[NewRevision]) -> Result<Vec<Vec<f32>>, Error> {
        let of_revision = |r: &NewRevision| {
            let texts = searched_texts(r).into_iter().zip(&r.passages);
            texts.map(|(text, passage)| embedded_text(&r.title, &passage.headings, &text)).collect::<Vec<_>>()
        };
        let texts: Vec<String> = group.iter().flat_map(of_revision).collect();
        let before = self.embedded;
        self.embedded += texts.len();
        let on_event = &mut self.on_event;
        let embedder = &self.ingest.embedder;
        Ok(embedder.embed_passages(texts, |done| on_event(Event::Embedded { passages: before + done })).await?)
    }

    /// Deletes documents whose files are gone. Only below folders that could be looked at in full depth: a folder
    /// that may not be read says nothing about its files, and an empty one may be a share that is not mounted.
    async fn delete_missing(&mut self, collection: CollectionId, sources: &Sources) -> Result<(), Error> {
        let present: HashSet<&str> = sources.files.iter().map(String::as_str).collect();
        for folder in &sources.folders {
            let known = self.system.known_sources(collection, folder).await?;
            let unseen = |path: &str| sources.failures.iter().any(|(failed, _)| path == failed || is_below(path, failed));
            let (here, gone): (Vec<_>, Vec<_>) = known.into_iter().partition(|k| is_of(&present, &k.path) || unseen(&k.path));
            if here.is_empty() && !gone.is_empty() && !sources.files.iter().any(|f| is_below(f, folder)) {
                let reason = format!(
                    "is empty now, and {} documents came from it: is it mounted? If they are to go, delete them with `footnote documents delete`",
                    gone.len()
                );
                self.tell(Outcome::failed(folder.clone(), reason));
                continue;
            }
            for source in gone {
                self.delete(&source).await?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, outcome: Outcome) {
        self.summary.count(&outcome);
        (self.on_event)(Event::Document(outcome));
    }
}

/// What each passage of a revision is found by.
fn searched_texts(revision: &NewRevision) -> Vec<String> {
    let following = revision.passages.iter().skip(1).map(Some).chain([None]);
    let of = |(passage, next): (&NewPassage, Option<&NewPassage>)| {
        let next = next.filter(|next| next.page == passage.page + 1 && next.headings == passage.headings).map(|next| next.text.as_str());
        search::searched_text(revision.format, &passage.text, next).into_owned()
    };
    revision.passages.iter().zip(following).map(of).collect()
}

/// Whether a path is one of these files, or lies within one.
pub(crate) fn is_of(files: &HashSet<&str>, path: &str) -> bool {
    let holders = path.match_indices('/').map(|(at, _)| &path[..at]);
    files.contains(path) || holders.into_iter().any(|holder| files.contains(holder))
}

pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') || folder.ends_with('/'))
}
