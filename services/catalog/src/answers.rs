//! Given answers, kept so that it can be shown later who was told what and from which text.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::{
    AnswerId, Clock, Result,
    db::{Db, on_db},
};

#[derive(Clone, Debug)]
pub struct Answers {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

/// A given answer. `record` holds passages, revisions, prompt hash and the verdict on each sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerRecord {
    pub id: AnswerId,
    pub question: String,
    pub collection: Option<String>,
    pub status: String,
    /// Name and hash of the language model, where one was asked.
    pub model: Option<String>,
    pub record: serde_json::Value,
    /// Set by [`Answers::record`].
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AnswerId,
    question: String,
    collection: Option<String>,
    status: String,
    model: Option<String>,
    record: Json<serde_json::Value>,
    created_at: DateTime<Utc>,
}

impl From<Row> for AnswerRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            question: row.question,
            collection: row.collection,
            status: row.status,
            model: row.model,
            record: row.record.0,
            created_at: row.created_at,
        }
    }
}

impl Answers {
    /// Keeps an answer, with the time of now.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn record(&self, answer: &AnswerRecord) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query(
                "INSERT INTO answers (id, question, collection, status, model, record, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(answer.id)
            .bind(&answer.question)
            .bind(&answer.collection)
            .bind(&answer.status)
            .bind(&answer.model)
            .bind(Json(&answer.record))
            .bind(self.clock.now())
            .execute(pool)
            .await?;
        });
        Ok(())
    }

    /// # Errors
    /// The database failed.
    pub async fn get(&self, id: AnswerId) -> Result<Option<AnswerRecord>> {
        let row: Option<Row> = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT id, question, collection, status, model, record, created_at FROM answers WHERE id = $1")
                .bind(id)
                .fetch_optional(pool)
                .await?
        });
        Ok(row.map(AnswerRecord::from))
    }

    /// The latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recent(&self, limit: u32) -> Result<Vec<AnswerRecord>> {
        let rows: Vec<Row> = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT id, question, collection, status, model, record, created_at FROM answers ORDER BY id DESC LIMIT $1")
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        Ok(rows.into_iter().map(AnswerRecord::from).collect())
    }
}
