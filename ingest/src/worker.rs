//! What the portal queues, done one after another: files that were published are read, and what deleted documents left is cleared away.

use std::{
    collections::HashSet,
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use catalog::{Actor, Catalog, Job, JobStatus, Jobs, PUBLISH, PersonId, TIDY, Upload, Uploads};
use serde_json::json;
use tokio::{
    sync::{Notify, mpsc},
    time::timeout,
};

use crate::{Error, Event, Ingest, Outcome, Progress, Status};

/// Who runs the jobs: one process works with a data directory.
const NAME: &str = "portal";
/// How often it looks by itself: a job that another process queued tells nobody.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
const WHILE_MENDING: Duration = Duration::from_secs(1);
/// After a failure that is not the file's.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// How often a job is begun that fails for no fault of its file.
const ATTEMPTS: i32 = 5;

/// Runs jobs until it is dropped. What is cut short is done again by the next one.
pub struct Worker {
    catalog: Catalog,
    ingest: Ingest,
    uploads: Uploads,
    /// Told when there is a new job.
    wake: Arc<Notify>,
}

impl Worker {
    #[must_use]
    pub const fn new(catalog: Catalog, ingest: Ingest, uploads: Uploads, wake: Arc<Notify>) -> Self {
        Self { catalog, ingest, uploads, wake }
    }

    /// Runs for ever.
    pub async fn run(self) {
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
        loop {
            match jobs.claim(&[PUBLISH, TIDY], NAME).await {
                Ok(Some(job)) => {
                    if let Err(error) = self.work(&jobs, job).await {
                        tracing::error!(%error, "jobs.work");
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                }
                Ok(None) => _ = timeout(LOOK_AGAIN, self.wake.notified()).await,
                Err(error) => {
                    tracing::error!(%error, "jobs.claim");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    async fn work(&self, jobs: &Jobs, job: Job) -> Result<(), Error> {
        let done = if job.kind == TIDY { self.tidy(jobs).await } else { self.publish(jobs, &job).await };
        let is_cancelled = jobs.get(job.id).await?.is_none_or(|now| now.status != JobStatus::Running);
        if is_cancelled {
            return self.take_back(&job).await;
        }
        match done {
            Ok(Ok(result)) => jobs.succeed(job.id, result).await?,
            // The file's own fault: reading it again would give the same.
            Ok(Err(reason)) => jobs.fail(job.id, &reason, false).await?,
            Err(error) => {
                jobs.fail(job.id, &error.to_string(), job.attempts < ATTEMPTS).await?;
                return Err(error);
            }
        }
        Ok(())
    }

    /// A file was deleted while it was read: what came of it goes, too.
    async fn take_back(&self, job: &Job) -> Result<(), Error> {
        let Ok(Upload { collection, path, .. }) = serde_json::from_value(job.payload.0.clone()) else { return Ok(()) };
        let system = self.catalog.system();
        for known in system.known_sources(collection, &path).await?.into_iter().filter(|known| known.path == path) {
            system.delete_document(known.document_id).await?;
        }
        self.ingest.tidy().await
    }

    async fn publish(&self, jobs: &Jobs, job: &Job) -> Result<Result<serde_json::Value, String>, Error> {
        let Upload { collection, path, person } = match serde_json::from_value(job.payload.0.clone()) {
            Ok(upload) => upload,
            Err(error) => return Ok(Err(format!("this job cannot be read ({error}): publish the file again"))),
        };
        let collections = self.catalog.system().collections().await?;
        let Some(collection) = collections.into_iter().find(|known| known.id == collection) else {
            return Ok(Err("its collection is not there any more: publish the file in another".into()));
        };
        let outcomes = self.read(jobs, job, &path, &collection.name, person).await?;
        if let Some(outcome) = outcomes.iter().find(|outcome| outcome.path == path && outcome.status == Status::Failed) {
            return Ok(Err(outcome.error.clone().unwrap_or_default()));
        }
        let own = outcomes.iter().find(|outcome| outcome.path == path);
        Ok(Ok(json!({
            "document": own.and_then(|outcome| outcome.document),
            "unchanged": own.is_some_and(|outcome| outcome.status == Status::Unchanged),
            "documents": outcomes.len(),
            "failed": outcomes.iter().filter(|outcome| outcome.status == Status::Failed).count(),
        })))
    }

    /// Reads a file; how far it is, is told to whoever looks at the job.
    async fn read(&self, jobs: &Jobs, job: &Job, path: &str, collection: &str, person: PersonId) -> Result<Vec<Outcome>, Error> {
        let (sender, mut progress) = mpsc::channel::<Progress>(1);
        let mut outcomes: Vec<Outcome> = Vec::new();
        {
            let ingest = self.ingest.by(Actor::Person(person));
            let paths = [PathBuf::from(path)];
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

    async fn tidy(&self, jobs: &Jobs) -> Result<Result<serde_json::Value, String>, Error> {
        self.ingest.tidy().await?;
        let mut known: HashSet<String> = jobs.awaited_paths().await?.into_iter().collect();
        known.extend(self.catalog.system().document_paths().await?);
        let uploads = self.uploads.clone();
        crate::on_a_thread(move || uploads.retain(|path| known.contains(path), SystemTime::now())).await??;
        Ok(Ok(json!({})))
    }
}
