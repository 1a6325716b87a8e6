//! Given answers, kept so that it can be shown later who was told what and from which text.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{QueryBuilder, types::Json};

use crate::{
    AnswerId, Clock, ConversationId, DocumentId, PersonId, Result,
    audit::{Action, Actor, Circumstances, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
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
    /// Who asked; `None` on the command line.
    pub person: Option<PersonId>,
    pub conversation: Option<ConversationId>,
    pub question: String,
    pub collection: Option<String>,
    pub status: String,
    /// Name and hash of the language model, where one was asked.
    pub model: Option<String>,
    pub record: serde_json::Value,
    /// Set by [`Answers::begin`].
    pub created_at: DateTime<Utc>,
}

/// What the charts count of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub total_ms: i32,
    /// The documents that it cites.
    pub cited: Vec<DocumentId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AnswerId,
    person_id: Option<PersonId>,
    conversation_id: Option<ConversationId>,
    question: String,
    collection: Option<String>,
    status: String,
    model: Option<String>,
    record: Json<serde_json::Value>,
    created_at: DateTime<Utc>,
}

const ANSWERS: &str = "SELECT id, person_id, conversation_id, question, collection, status, model, record, created_at FROM answers WHERE ";

impl From<Row> for AnswerRecord {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            conversation: row.conversation_id,
            question: row.question,
            collection: row.collection,
            status: row.status,
            model: row.model,
            record: row.record.0,
            created_at: row.created_at,
        }
    }
}

impl AnswerRecord {
    /// Status of an answer that is being given. What was shown of it by then is in its record.
    pub const OPEN: &str = "open";

    fn actor(&self) -> Actor {
        self.person.map_or(Actor::Operator, Actor::Person)
    }
}

impl Answers {
    /// Keeps what is about to be shown, with the time of now: nothing is shown that is not written down. Status: [`AnswerRecord::OPEN`].
    /// The trail gets the hash of the evidence, which stands also where the answer is never finished.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn begin(&self, answer: &AnswerRecord, circumstances: Circumstances) -> Result<()> {
        let now = self.clock.now();
        in_transaction!(&self.db, |tx| {
            let kept: String = sqlx::query_scalar(
                "INSERT INTO answers (id, person_id, conversation_id, question, collection, status, model, record, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING CAST(record AS TEXT)",
            )
            .bind(answer.id)
            .bind(answer.person)
            .bind(answer.conversation)
            .bind(&answer.question)
            .bind(&answer.collection)
            .bind(AnswerRecord::OPEN)
            .bind(&answer.model)
            .bind(Json(&answer.record))
            .bind(now)
            .fetch_one(&mut *tx)
            .await?;
            let mut details = json!({ "conversation": answer.conversation, "evidence": evidence_hash(&answer.question, &kept) });
            circumstances.tell(&mut details);
            audit!(tx, [NewRecord::new(now, answer.actor(), Action::QuestionAsked, Object::Answer(answer.id), &details)]);
        });
        Ok(())
    }

    /// Keeps what else is about to be shown of an answer that is being given.
    ///
    /// # Errors
    /// The database failed.
    pub async fn go_on(&self, answer: &AnswerRecord) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE answers SET record = $2 WHERE id = $1").bind(answer.id).bind(Json(&answer.record)).execute(pool).await?;
        });
        Ok(())
    }

    /// Keeps the whole answer in place of what [`Self::begin`] kept. The trail gets its hash, so that a change shows.
    ///
    /// # Errors
    /// The database failed.
    pub async fn finish(&self, answer: &AnswerRecord, outcome: &Outcome, circumstances: Circumstances) -> Result<()> {
        let now = self.clock.now();
        in_transaction!(&self.db, |tx| {
            let kept: String = sqlx::query_scalar(
                "UPDATE answers SET status = $2, record = $3, total_ms = $4 WHERE id = $1 RETURNING CAST(record AS TEXT)",
            )
            .bind(answer.id)
            .bind(&answer.status)
            .bind(Json(&answer.record))
            .bind(outcome.total_ms)
            .fetch_one(&mut *tx)
            .await?;
            for document in &outcome.cited {
                // It may have been deleted meanwhile, and may be cited twice.
                sqlx::query(
                    "INSERT INTO answer_documents (answer_id, document_id) SELECT $1, id FROM documents WHERE id = $2 ON CONFLICT DO NOTHING",
                )
                .bind(answer.id)
                .bind(*document)
                .execute(&mut *tx)
                .await?;
            }
            let mut details = json!({ "status": answer.status, "record": record_hash(&answer.question, &answer.status, &kept) });
            circumstances.tell(&mut details);
            audit!(tx, [NewRecord::new(now, answer.actor(), Action::AnswerGiven, Object::Answer(answer.id), &details)]);
        });
        Ok(())
    }

    /// # Errors
    /// The database failed.
    pub async fn get(&self, id: AnswerId) -> Result<Option<AnswerRecord>> {
        let row: Option<Row> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(ANSWERS);
            query.push("id = ").push_bind(id);
            query.build_query_as().fetch_optional(pool).await?
        });
        Ok(row.map(AnswerRecord::from))
    }

    /// The latest first, of everybody or of one person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recent(&self, of: Option<PersonId>, limit: u32) -> Result<Vec<AnswerRecord>> {
        let rows: Vec<Row> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(ANSWERS);
            query.push("1 = 1");
            if let Some(person) = of {
                query.push(" AND person_id = ").push_bind(person);
            }
            query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
            query.build_query_as().fetch_all(pool).await?
        });
        Ok(rows.into_iter().map(AnswerRecord::from).collect())
    }

    /// The last ones of a conversation, in their order, of those before one of them where that is given; and how many come before.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of_conversation(
        &self,
        conversation: ConversationId,
        before: Option<AnswerId>,
        limit: u32,
    ) -> Result<(Vec<AnswerRecord>, i64)> {
        let (rows, all): (Vec<Row>, i64) = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(ANSWERS);
            query.push("conversation_id = ").push_bind(conversation);
            if let Some(before) = before {
                query.push(" AND id < ").push_bind(before);
            }
            query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
            let rows = query.build_query_as().fetch_all(pool).await?;
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM answers WHERE conversation_id = ");
            query.push_bind(conversation);
            if let Some(before) = before {
                query.push(" AND id < ").push_bind(before);
            }
            (rows, query.build_query_scalar().fetch_one(pool).await?)
        });
        let earlier = all - i64::try_from(rows.len()).unwrap_or(i64::MAX);
        Ok((rows.into_iter().rev().map(AnswerRecord::from).collect(), earlier))
    }

    /// The last one that was given to somebody in a conversation.
    ///
    /// # Errors
    /// The database failed.
    pub async fn last_of_conversation(&self, conversation: ConversationId, person: PersonId) -> Result<Option<AnswerId>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT id FROM answers WHERE conversation_id = $1 AND person_id = $2 ORDER BY id DESC LIMIT 1")
                .bind(conversation)
                .bind(person)
                .fetch_optional(pool)
                .await?
        }))
    }
}

/// BLAKE3 of an answer, as hex: what was asked, what became of it, and the record as the database has it. Not who asked: that is what the
/// trail's record says, and by a hash of few possible people it could be found out.
pub(crate) fn record_hash(question: &str, status: &str, kept: &str) -> String {
    blake3::hash(json!([question, status, kept]).to_string().as_bytes()).to_hex().to_string()
}

/// What makes up a piece of evidence. What else is kept of it may be another when the answer is finished: a document that was deleted
/// meanwhile has no hash any more.
const OF_EVIDENCE: [&str; 11] =
    ["document", "title", "path", "revision", "place", "page_number", "start", "end", "quote", "lead", "headings"];

/// BLAKE3 of a question and of the evidence that was shown for it, as hex; of the record as the database has it.
pub(crate) fn evidence_hash(question: &str, kept: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(kept).unwrap_or_default();
    let shown = record["evidence"].as_array().into_iter().flatten();
    let shown: Vec<Vec<&serde_json::Value>> = shown.map(|piece| OF_EVIDENCE.iter().map(|field| &piece[*field]).collect()).collect();
    blake3::hash(json!([question, shown]).to_string().as_bytes()).to_hex().to_string()
}
