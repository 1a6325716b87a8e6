//! What people say of answers, the questions that the documents did not answer, and what editors answered to them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use sqlx::QueryBuilder;

use crate::{
    AnswerId, Clock, CollectionId, DocumentId, PersonId, QuestionId, Result, VerifiedId,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
};

#[derive(Clone, Debug)]
pub struct Questions {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

/// What somebody thinks of an answer that they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum FeedbackVerdict {
    Helpful,
    /// It says what is not so.
    Wrong,
    /// It lacks what was asked for.
    Missing,
}

impl FeedbackVerdict {
    pub const ALL: [Self; 3] = [Self::Helpful, Self::Wrong, Self::Missing];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Helpful => "helpful",
            Self::Wrong => "wrong",
            Self::Missing => "missing",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Feedback {
    pub verdict: FeedbackVerdict,
    pub comment: String,
    pub created_at: DateTime<Utc>,
}

/// Why a question is to be answered by an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// The documents did not answer it.
    Refused,
    Wrong,
    Missing,
}

impl Reason {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Wrong => "wrong",
            Self::Missing => "missing",
        }
    }
}

/// A question for the editors of what its asker may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The same for the same question: what finds the editors' answer later.
    pub key: String,
    pub question: String,
    /// Whoever asked, and the answer that they got.
    pub person: PersonId,
    pub answer: AnswerId,
    /// Where it was asked; `None`: in all that they may read.
    pub collection: Option<CollectionId>,
    pub reason: Reason,
}

/// An answer of an editor's. Whether it may be shown depends on its source.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VerifiedAnswer {
    pub id: VerifiedId,
    pub text: String,
    /// The document that carries it, and the passage that does, word for word.
    pub document: DocumentId,
    pub source: String,
    /// Who gave it.
    pub author: String,
    pub created_at: DateTime<Utc>,
}

/// Characters of what is said of an answer.
const MAX_COMMENT: usize = 1000;
/// Answers of editors to one question that are looked at.
const MOST_ANSWERS: i64 = 20;

impl Questions {
    /// Puts a question into the queue of the editors, once for each answer. Who asked is not shown to them.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn raise(&self, raised: &Raised) -> Result<QuestionId> {
        let now = self.clock.now();
        Ok(in_transaction!(&self.db, |tx| {
            let id: QuestionId = sqlx::query_scalar(
                "INSERT INTO open_questions (id, key, question, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (key) WHERE closed_at IS NULL DO UPDATE SET key = excluded.key RETURNING id",
            )
            .bind(QuestionId::new())
            .bind(&raised.key)
            .bind(&raised.question)
            .bind(now)
            .fetch_one(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO open_question_askers (question_id, answer_id, person_id, collection_id, reason, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (question_id, answer_id) DO UPDATE SET reason = \
                 CASE WHEN open_question_askers.reason = 'refused' THEN open_question_askers.reason ELSE excluded.reason END",
            )
            .bind(id)
            .bind(raised.answer)
            .bind(raised.person)
            .bind(raised.collection)
            .bind(raised.reason)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            id
        }))
    }

    /// Takes back that an answer was called wrong or incomplete. What nobody left open is in no queue.
    ///
    /// # Errors
    /// The database failed.
    pub async fn withdraw(&self, answer: AnswerId) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("DELETE FROM open_question_askers WHERE answer_id = $1 AND reason <> 'refused'").bind(answer).execute(pool).await?;
        });
        Ok(())
    }

    /// Keeps what somebody thinks of an answer that was given to them, in place of what they thought before.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] where it was given to somebody else.
    pub async fn say(&self, answer: AnswerId, person: PersonId, verdict: FeedbackVerdict, comment: &str) -> Result<()> {
        let now = self.clock.now();
        let comment: String = comment.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_COMMENT).collect();
        let details = json!({ "verdict": verdict, "comment": comment });
        let record = NewRecord::new(now, Actor::Person(person), Action::FeedbackGiven, Object::Answer(answer), &details);
        in_transaction!(&self.db, |tx| {
            let kept = sqlx::query(
                "INSERT INTO feedback (answer_id, person_id, verdict, comment, created_at) \
                 SELECT a.id, a.person_id, $3, $4, $5 FROM answers a WHERE a.id = $1 AND a.person_id = $2 \
                 ON CONFLICT (answer_id, person_id) DO UPDATE SET verdict = excluded.verdict, comment = excluded.comment, \
                 created_at = excluded.created_at",
            )
            .bind(answer)
            .bind(person)
            .bind(verdict)
            .bind(&comment)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            if kept.rows_affected() == 0 {
                return Err(crate::Error::Missing);
            }
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// What somebody said of an answer.
    ///
    /// # Errors
    /// The database failed.
    pub async fn feedback(&self, answer: AnswerId, person: PersonId) -> Result<Option<Feedback>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT verdict, comment, created_at FROM feedback WHERE answer_id = $1 AND person_id = $2")
                .bind(answer)
                .bind(person)
                .fetch_optional(pool)
                .await?
        }))
    }

    /// What editors answered to a question, the latest first. The source of each is still to be looked up with the reader's rights.
    ///
    /// # Errors
    /// The database failed.
    pub async fn verified(&self, key: &str) -> Result<Vec<VerifiedAnswer>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT v.id, v.text, v.document_id AS document, v.source, p.name AS author, v.created_at FROM verified_answers v \
                 JOIN people p ON p.id = v.author_id WHERE v.retired_at IS NULL AND v.key = ",
            );
            query.push_bind(key.to_owned()).push(" ORDER BY v.id DESC LIMIT ").push_bind(MOST_ANSWERS);
            query.build_query_as().fetch_all(pool).await?
        }))
    }
}
