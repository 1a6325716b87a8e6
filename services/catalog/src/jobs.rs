//! Background work: a queue in the catalog, and the record of what was done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, types::Json};

use crate::{
    Clock, DocumentId, JobId, PUBLISH, Result,
    db::{Db, on_db},
};

#[derive(Clone, Debug)]
pub struct Jobs {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum JobStatus {
    Available,
    Running,
    Succeeded,
    Failed,
}

#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub payload: Json<serde_json::Value>,
    pub status: JobStatus,
    /// Who runs it.
    pub worker: Option<String>,
    /// How often it was begun.
    pub attempts: i32,
    pub done: i64,
    pub total: i64,
    pub result: Option<Json<serde_json::Value>>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
}

/// Why a job failed, kept as its result beside the sentence: so that it can be told in other languages, too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setback {
    /// The file could not be read.
    Unread {
        /// As whoever reads files tells it.
        cause: serde_json::Value,
        /// Whether an earlier version of it stays.
        kept: bool,
    },
    /// The document was deleted meanwhile.
    Deleted,
    /// Its collection was.
    NoCollection,
    /// It was to be moved, and restricted to some groups meanwhile.
    Restricted,
    /// It was to be moved, and here or there is another file of its name now.
    OtherFile,
}

const COLUMNS: &str = "id, kind, payload, status, worker, attempts, done, total, result, error, created_at, finished_at";

impl Jobs {
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn enqueue(&self, kind: &str, payload: serde_json::Value) -> Result<JobId> {
        let id = JobId::new();
        on_db!(&self.db, |pool| {
            sqlx::query(
                "INSERT INTO jobs (id, kind, payload, status, attempts, done, total, created_at) VALUES ($1, $2, $3, 'available', 0, 0, 0, $4)",
            )
            .bind(id)
            .bind(kind)
            .bind(Json(&payload))
            .bind(self.clock.now())
            .execute(pool)
            .await?;
        });
        Ok(id)
    }

    /// Takes the oldest available job of these kinds; no two workers get the same.
    ///
    /// # Errors
    /// The database failed.
    pub async fn claim(&self, kinds: &[&str], worker: &str) -> Result<Option<Job>> {
        loop {
            let (claimed, waiting): (Option<Job>, bool) = on_db!(&self.db, |pool| {
                let mut query = QueryBuilder::new("UPDATE jobs SET status = 'running', attempts = attempts + 1, worker = ");
                query.push_bind(worker).push(" WHERE id = (SELECT id FROM jobs WHERE status = 'available' AND kind IN (");
                let mut list = query.separated(", ");
                for kind in kinds {
                    list.push_bind(*kind);
                }
                query.push(") ORDER BY id LIMIT 1) AND status = 'available' RETURNING ").push(COLUMNS);
                let claimed = query.build_query_as().fetch_optional(pool).await?;
                let mut query = QueryBuilder::new("SELECT count(*) FROM jobs WHERE status = 'available' AND kind IN (");
                let mut list = query.separated(", ");
                for kind in kinds {
                    list.push_bind(*kind);
                }
                query.push(")");
                let waiting: i64 = if claimed.is_some() { 0 } else { query.build_query_scalar().fetch_one(pool).await? };
                (claimed, waiting > 0)
            });
            // Another worker took the one that was chosen; there are more.
            if claimed.is_some() || !waiting {
                return Ok(claimed);
            }
        }
    }

    /// # Errors
    /// The database failed.
    pub async fn progress(&self, id: JobId, done: i64, total: i64) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE jobs SET done = $2, total = $3 WHERE id = $1").bind(id).bind(done).bind(total).execute(pool).await?;
        });
        Ok(())
    }

    /// # Errors
    /// The database failed.
    pub async fn succeed(&self, id: JobId, result: serde_json::Value) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE jobs SET status = 'succeeded', result = $2, finished_at = $3 WHERE id = $1")
                .bind(id)
                .bind(Json(&result))
                .bind(self.clock.now())
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// Notes a failure, and what is known of it. With `retry` the job is available again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn fail(&self, id: JobId, error: &str, setback: Option<&Setback>, retry: bool) -> Result<()> {
        let (status, finished) = if retry { (JobStatus::Available, None) } else { (JobStatus::Failed, Some(self.clock.now())) };
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE jobs SET status = $2, error = $3, worker = NULL, finished_at = $4, result = $5 WHERE id = $1")
                .bind(id)
                .bind(status)
                .bind(error)
                .bind(finished)
                .bind(setback.map(Json))
                .execute(pool)
                .await?;
        });
        Ok(())
    }

    /// Keeps that something was done which nobody queued; `error` is what went wrong.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note(&self, kind: &str, payload: &serde_json::Value, result: &serde_json::Value, error: Option<&str>) -> Result<()> {
        let status = if error.is_some() { JobStatus::Failed } else { JobStatus::Succeeded };
        on_db!(&self.db, |pool| {
            sqlx::query(
                "INSERT INTO jobs (id, kind, payload, status, attempts, done, total, result, error, created_at, finished_at) \
                 VALUES ($1, $2, $3, $4, 1, 0, 0, $5, $6, $7, $7)",
            )
            .bind(JobId::new())
            .bind(kind)
            .bind(Json(payload))
            .bind(status)
            .bind(Json(result))
            .bind(error)
            .bind(self.clock.now())
            .execute(pool)
            .await?;
        });
        Ok(())
    }

    /// Makes the running jobs of a worker that has died available again. Returns how many.
    ///
    /// # Errors
    /// The database failed.
    pub async fn interrupted(&self, worker: &str) -> Result<u64> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query("UPDATE jobs SET status = 'available', worker = NULL WHERE status = 'running' AND worker = $1")
                .bind(worker)
                .execute(pool)
                .await?
                .rows_affected()
        }))
    }

    /// # Errors
    /// The database failed.
    pub async fn get(&self, id: JobId) -> Result<Option<Job>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT ");
            query.push(COLUMNS).push(" FROM jobs WHERE id = ").push_bind(id);
            query.build_query_as().fetch_optional(pool).await?
        }))
    }

    /// Ends the jobs that are to read a file, or to move its document, or are at it: it was deleted. Whoever runs one finds it ended.
    ///
    /// # Errors
    /// The database failed.
    pub async fn cancel(&self, path: &str, document: DocumentId) -> Result<()> {
        let open: Vec<(JobId, Json<serde_json::Value>)> = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT id, payload FROM jobs WHERE status IN ('available', 'running')").fetch_all(pool).await?
        });
        let moves = |payload: &serde_json::Value| payload["replaces"] == serde_json::json!(document);
        for (id, _) in open.into_iter().filter(|(_, payload)| payload.0["path"] == path || moves(&payload.0)) {
            self.fail(id, "was deleted before it was read", Some(&Setback::Deleted), false).await?;
        }
        Ok(())
    }

    /// Whether the file that a job is to read was replaced since by another one of its name, which has a job of its own.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_superseded(&self, id: JobId, path: &str) -> Result<bool> {
        let later: Vec<Json<serde_json::Value>> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT payload FROM jobs WHERE kind = $1 AND status = 'available' AND id > $2")
                .bind(PUBLISH)
                .bind(id)
                .fetch_all(pool)
                .await?
        });
        // One that reads the file anew brings no other.
        Ok(later.into_iter().any(|payload| payload.0["path"] == path && payload.0["anew"] != true))
    }

    /// The paths of files that jobs are still to read.
    ///
    /// # Errors
    /// The database failed.
    pub async fn awaited_paths(&self) -> Result<Vec<String>> {
        let payloads: Vec<Json<serde_json::Value>> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT payload FROM jobs WHERE status IN ('available', 'running')").fetch_all(pool).await?
        });
        Ok(payloads.into_iter().filter_map(|payload| payload.0["path"].as_str().map(str::to_owned)).collect())
    }

    /// The latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recent(&self, limit: u32) -> Result<Vec<Job>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT ");
            query.push(COLUMNS).push(" FROM jobs ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
            query.build_query_as().fetch_all(pool).await?
        }))
    }
}
