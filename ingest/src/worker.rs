//! What the portal queues, done one after another: files that were published are read, what deleted documents left is cleared away; and, when
//! nothing waits, a look at the folders that are watched.

use std::{
    collections::HashSet,
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use catalog::{Actor, Catalog, DocumentId, Job, JobStatus, Jobs, PUBLISH, Setback, TIDY, Upload, Uploads, WATCH};
use serde_json::json;
use tokio::{
    sync::{Notify, mpsc},
    time::timeout,
};

use crate::{
    Error, Event, Ingest, Outcome, Progress, Status,
    watch::{self, Found, Gone, Watched, WatchedFolder},
};

/// Who runs the jobs: one process works with a data directory.
const NAME: &str = "portal";
/// How often it looks by itself: a job that another process queued tells nobody.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
const WHILE_MENDING: Duration = Duration::from_secs(1);
/// After a failure that is not the file's.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// How often a job is begun that fails for no fault of its file.
const ATTEMPTS: i32 = 5;
/// Files that a look at a folder names with the reason why they were not read.
const MOST_FAILURES: usize = 100;
/// Jobs that are looked through for the latest of a folder.
const RECENT: u32 = 500;

/// Runs jobs until it is dropped. What is cut short is done again by the next one.
pub struct Worker {
    catalog: Catalog,
    ingest: Ingest,
    uploads: Uploads,
    /// Told when there is a new job.
    wake: Arc<Notify>,
    watched: Vec<Watched>,
    /// Between two looks at a folder.
    look_every: Duration,
}

/// Why nothing was moved.
const OTHER_FILE: &str = "another file of that name was published there, or a new version here, meanwhile: both documents stay";

/// What is to be told of a job that failed for good.
struct Failure {
    said: String,
    setback: Option<Setback>,
}

impl Failure {
    fn of(setback: Setback, said: &str) -> Self {
        Self { said: said.to_owned(), setback: Some(setback) }
    }
}

impl Worker {
    #[must_use]
    pub const fn new(catalog: Catalog, ingest: Ingest, uploads: Uploads, wake: Arc<Notify>) -> Self {
        Self { catalog, ingest, uploads, wake, watched: Vec::new(), look_every: Duration::MAX }
    }

    /// With folders that are looked at now and then.
    #[must_use]
    pub fn watching(self, folders: Vec<WatchedFolder>, look_every: Duration) -> Self {
        Self { watched: folders.into_iter().map(Watched::new).collect(), look_every, ..self }
    }

    /// Runs for ever.
    pub async fn run(mut self) {
        let jobs = self.catalog.jobs();
        match jobs.interrupted(NAME).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "jobs that were cut short are done again"),
            Err(error) => tracing::error!(%error, "jobs.interrupted"),
        }
        // One run at a time for an index.
        while self.ingest.is_mending() {
            tokio::time::sleep(WHILE_MENDING).await;
        }
        let mut watched = std::mem::take(&mut self.watched);
        loop {
            self.work_off(&jobs).await;
            match watched.iter_mut().find(|folder| folder.is_due()) {
                Some(folder) => {
                    if let Err(error) = self.look(&jobs, folder).await {
                        tracing::error!(%error, folder = %folder.folder.path.display(), "watch");
                    }
                    folder.next_in(self.look_every);
                }
                None => _ = timeout(LOOK_AGAIN, self.wake.notified()).await,
            }
        }
    }

    /// Does what waits, until nothing does.
    async fn work_off(&self, jobs: &Jobs) {
        loop {
            match jobs.claim(&[PUBLISH, TIDY], NAME).await {
                Ok(None) => return,
                Ok(Some(job)) => {
                    if let Err(error) = self.work(jobs, job).await {
                        tracing::error!(%error, "jobs.work");
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "jobs.claim");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    /// Looks at a folder; what was found is noted among the jobs.
    async fn look(&self, jobs: &Jobs, watched: &mut Watched) -> Result<(), Error> {
        let WatchedFolder { path, collection } = watched.folder.clone();
        let known = self.catalog.system().ensure_collection(&collection).await?;
        let about = json!({ "collection": known.id, "path": path });
        let below = path.to_str().unwrap_or_default();
        let known_files = self.catalog.system().known_sources(known.id, below).await?;
        let plan = match watched.plan(!known_files.is_empty()).await? {
            Ok(plan) => plan,
            Err(reason) => {
                tracing::warn!(reason, folder = %path.display(), "watch");
                return self.note_once(jobs, &about, &reason).await;
            }
        };
        let mut found = Found::default();
        for part in &plan.parts {
            watch::run(&self.ingest, part, &collection, &mut found).await?;
            self.work_off(jobs).await;
        }
        let system = self.catalog.system();
        for gone in watched.gone(&plan, known_files) {
            match gone {
                // It would be open to all who read the collection if it came back, or under another name.
                Gone::For(document) if system.is_restricted(document).await? => found.held += 1,
                Gone::For(document) => {
                    system.delete_document(document).await?;
                    found.deleted += 1;
                }
                Gone::Perhaps => found.held += 1,
            }
        }
        if found.deleted > 0 {
            self.ingest.tidy().await?;
        }
        watched.done(plan);
        // What stays is told once, and again when it is more or less.
        let held_before = std::mem::replace(&mut watched.held, found.held);
        if found.is_nothing() && found.held == held_before {
            return Ok(());
        }
        tracing::info!(indexed = found.indexed, deleted = found.deleted, failed = found.failed.len(), folder = %path.display(), "watch");
        let failed = found.failed.iter().take(MOST_FAILURES);
        let failed: Vec<_> =
            failed.map(|outcome| json!({ "path": outcome.path, "error": outcome.error, "setback": outcome.setback() })).collect();
        let result = json!({ "indexed": found.indexed, "deleted": found.deleted, "held": found.held, "failed": found.failed.len(), "failures": failed });
        jobs.note(WATCH, &about, &result, None).await?;
        Ok(())
    }

    /// Notes that a folder can't be looked at, unless that is the latest that is known of it.
    async fn note_once(&self, jobs: &Jobs, about: &serde_json::Value, reason: &str) -> Result<(), Error> {
        let latest = jobs.recent(RECENT).await?.into_iter().find(|job| job.kind == WATCH && job.payload.0 == *about);
        if latest.is_none_or(|job| job.error.as_deref() != Some(reason)) {
            jobs.note(WATCH, about, &json!({}), Some(reason)).await?;
        }
        Ok(())
    }

    async fn work(&self, jobs: &Jobs, job: Job) -> Result<(), Error> {
        let done = if job.kind == TIDY { self.tidy(jobs).await } else { self.publish(jobs, &job).await };
        let is_cancelled = jobs.get(job.id).await?.is_none_or(|now| now.status != JobStatus::Running);
        if is_cancelled {
            return self.take_back(jobs, &job).await;
        }
        match done {
            Ok(Ok(result)) => jobs.succeed(job.id, result).await?,
            // The file's own fault: reading it again would give the same.
            Ok(Err(Failure { said, setback })) => jobs.fail(job.id, &said, setback.as_ref(), false).await?,
            Err(error) => {
                jobs.fail(job.id, &error.to_string(), None, job.attempts < ATTEMPTS).await?;
                return Err(error);
            }
        }
        Ok(())
    }

    /// A file was deleted while it was read: what came of it goes, too.
    async fn take_back(&self, jobs: &Jobs, job: &Job) -> Result<(), Error> {
        let Ok(upload) = serde_json::from_value::<Upload>(job.payload.0.clone()) else { return Ok(()) };
        let Upload { collection, path, .. } = &upload;
        let system = self.catalog.system();
        for known in system.known_sources(*collection, path).await?.into_iter().filter(|known| known.path == *path) {
            system.delete_document(known.document_id).await?;
        }
        // Of what was to be moved there is a copy.
        if upload.replaces.is_some() {
            self.discard(jobs, job, &upload).await?;
        }
        self.ingest.tidy().await
    }

    /// Removes the file that a job was to read and that nothing came of, unless another job is to read it, or a document is of it.
    async fn discard(&self, jobs: &Jobs, job: &Job, upload: &Upload) -> Result<(), Error> {
        let known = self.catalog.system().known_sources(upload.collection, &upload.path).await?;
        if !known.iter().any(|known| known.path == upload.path) && !jobs.is_superseded(job.id, &upload.path).await? {
            self.uploads.remove(&upload.path)?;
        }
        Ok(())
    }

    async fn publish(&self, jobs: &Jobs, job: &Job) -> Result<Result<serde_json::Value, Failure>, Error> {
        let upload: Upload = match serde_json::from_value(job.payload.0.clone()) {
            Ok(upload) => upload,
            Err(error) => {
                return Ok(Err(Failure { said: format!("this job cannot be read ({error}): publish the file again"), setback: None }));
            }
        };
        let collections = self.catalog.system().collections().await?;
        let Some(collection) = collections.into_iter().find(|known| known.id == upload.collection) else {
            return Ok(Err(Failure::of(Setback::NoCollection, "its collection is not there any more: publish the file in another")));
        };
        if let Some(moved) = upload.replaces
            && self.catalog.system().is_restricted(moved).await?
        {
            self.discard(jobs, job, &upload).await?;
            return Ok(Err(Failure::of(
                Setback::Restricted,
                "the document was restricted to some groups meanwhile, and stays where it is: lift the restriction first",
            )));
        }
        // What is there now is not what this one's sender sent: it is read, and noted in the trail, as what whoever replaced it published.
        if jobs.is_superseded(job.id, &upload.path).await? {
            let moved = upload.replaces.map(|_| Failure::of(Setback::OtherFile, OTHER_FILE));
            return Ok(moved.map_or_else(|| Ok(json!({ "replaced": true })), Err));
        }
        let outcomes = self.read(jobs, job, &upload, &collection.name).await?;
        let path = &upload.path;
        if let Some(outcome) = outcomes.iter().find(|outcome| outcome.path == *path && outcome.status == Status::Failed) {
            return Ok(Err(Failure { said: outcome.error.clone().unwrap_or_default(), setback: outcome.setback() }));
        }
        let own = outcomes.iter().find(|outcome| outcome.path == *path);
        if let (Some(document), Some(moved)) = (own.and_then(|outcome| outcome.document), upload.replaces)
            && let Err(failure) = self.replace(jobs, &upload, moved, document).await?
        {
            return Ok(Err(failure));
        }
        Ok(Ok(json!({
            "document": own.and_then(|outcome| outcome.document),
            "unchanged": own.is_some_and(|outcome| outcome.status == Status::Unchanged),
            "documents": outcomes.len(),
            "failed": outcomes.iter().filter(|outcome| outcome.status == Status::Failed).count(),
        })))
    }

    /// Reads a file; how far it is, is told to whoever looks at the job.
    async fn read(&self, jobs: &Jobs, job: &Job, upload: &Upload, collection: &str) -> Result<Vec<Outcome>, Error> {
        let (sender, mut progress) = mpsc::channel::<Progress>(1);
        let mut outcomes: Vec<Outcome> = Vec::new();
        {
            let ingest = self.ingest.by(Actor::Person(upload.person));
            let ingest = if upload.anew { ingest.anew() } else { ingest };
            let paths = [PathBuf::from(&upload.path)];
            let mut running = pin!(ingest.run(&paths, collection, |event| match event {
                Event::Document(outcome) => outcomes.push(outcome),
                // Told too fast, some of it is left out.
                Event::Reading(progress) => _ = sender.try_send(progress),
                Event::Notice(what) => tracing::info!(what, "publish.notice"),
                Event::Discovered { .. } | Event::Embedded { .. } => {}
            }));
            loop {
                tokio::select! {
                    done = &mut running => break done.map(drop)?,
                    Some(Progress { page, pages, .. }) = progress.recv() => jobs.progress(job.id, page.into(), pages.into()).await?,
                }
            }
        }
        Ok(outcomes)
    }

    /// What a file was moved from goes, once it is read where it was moved to; with it goes its file, unless a new version of it waits there.
    async fn replace(&self, jobs: &Jobs, upload: &Upload, moved: DocumentId, document: DocumentId) -> Result<Result<(), Failure>, Error> {
        let system = self.catalog.system_for(Actor::Person(upload.person));
        let Some(path) = system.document_path(moved).await? else { return Ok(Ok(())) };
        if system.live_hash(moved).await? != system.live_hash(document).await? {
            return Ok(Err(Failure::of(Setback::OtherFile, OTHER_FILE)));
        }
        system.move_verified(moved, document).await?;
        system.delete_document(moved).await?;
        if !jobs.awaited_paths().await?.contains(&path) {
            self.uploads.remove(&path)?;
        }
        self.ingest.tidy().await?;
        Ok(Ok(()))
    }

    async fn tidy(&self, jobs: &Jobs) -> Result<Result<serde_json::Value, Failure>, Error> {
        self.ingest.tidy().await?;
        let mut known: HashSet<String> = jobs.awaited_paths().await?.into_iter().collect();
        known.extend(self.catalog.system().document_paths().await?);
        let uploads = self.uploads.clone();
        crate::on_a_thread(move || uploads.retain(|path| known.contains(path), SystemTime::now())).await??;
        Ok(Ok(json!({})))
    }
}
