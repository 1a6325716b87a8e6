//! Questions that follow each other, as whoever asked them finds them again.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use crate::{
    Clock, ConversationId, PersonId, Result,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
};

#[derive(Clone, Debug)]
pub struct Conversations {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
}

/// What is known of a conversation, but for its answers.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Conversation {
    pub id: ConversationId,
    pub person_id: PersonId,
    /// Whose it is.
    pub owner: String,
    /// Its first question.
    pub title: String,
    /// Since when everybody who is signed in and has the address may look at it, each with their own rights.
    pub shared_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

const CONVERSATIONS: &str = "SELECT c.id, c.person_id, p.name AS owner, c.title, c.shared_at, c.created_at FROM conversations c \
     JOIN people p ON p.id = c.person_id ";
const MAX_TITLE: usize = 200;

impl Conversations {
    /// Begins one with a question. `pending` is what waits to be answered, as whoever asks writes it.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn begin(&self, person: PersonId, question: &str, pending: Option<&serde_json::Value>) -> Result<ConversationId> {
        let id = ConversationId::new();
        let title: String = question.chars().take(MAX_TITLE).collect();
        on_db!(&self.db, |pool| {
            sqlx::query("INSERT INTO conversations (id, person_id, title, pending, created_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(person)
                .bind(&title)
                .bind(pending.map(Json))
                .bind(self.clock.now())
                .execute(pool)
                .await?;
        });
        Ok(id)
    }

    /// Puts a further question to one of somebody's own. False where it is not theirs.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ask(&self, id: ConversationId, person: PersonId, pending: &serde_json::Value) -> Result<bool> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query("UPDATE conversations SET pending = $3 WHERE id = $1 AND person_id = $2")
                .bind(id)
                .bind(person)
                .bind(Json(pending))
                .execute(pool)
                .await?
                .rows_affected()
                > 0
        }))
    }

    /// Takes the question that waits, so that it is answered once.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_pending(&self, id: ConversationId, person: PersonId) -> Result<Option<serde_json::Value>> {
        let taken: Option<Json<serde_json::Value>> = in_transaction!(&self.db, |tx| {
            let pending: Option<Option<Json<serde_json::Value>>> =
                sqlx::query_scalar("SELECT pending FROM conversations WHERE id = $1 AND person_id = $2")
                    .bind(id)
                    .bind(person)
                    .fetch_optional(&mut *tx)
                    .await?;
            let taken = sqlx::query("UPDATE conversations SET pending = NULL WHERE id = $1 AND person_id = $2 AND pending IS NOT NULL")
                .bind(id)
                .bind(person)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            pending.flatten().filter(|_| taken > 0)
        });
        Ok(taken.map(|pending| pending.0))
    }

    /// One that somebody may look at: their own, or one that is shared.
    ///
    /// # Errors
    /// The database failed.
    pub async fn get(&self, id: ConversationId, person: PersonId) -> Result<Option<Conversation>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = sqlx::QueryBuilder::new(CONVERSATIONS);
            query.push("WHERE c.id = ").push_bind(id).push(" AND (c.person_id = ").push_bind(person).push(" OR c.shared_at IS NOT NULL)");
            query.build_query_as().fetch_optional(pool).await?
        }))
    }

    /// Somebody's own, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(&self, person: PersonId, limit: u32, offset: u32) -> Result<Vec<Conversation>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = sqlx::QueryBuilder::new(CONVERSATIONS);
            query.push("WHERE c.person_id = ").push_bind(person).push(" ORDER BY c.id DESC LIMIT ").push_bind(i64::from(limit));
            query.push(" OFFSET ").push_bind(i64::from(offset));
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// Shares one of somebody's own, or ends that. False where it is not theirs.
    ///
    /// # Errors
    /// The database failed.
    pub async fn share(&self, id: ConversationId, person: PersonId, shared: bool) -> Result<bool> {
        let now = self.clock.now();
        let action = if shared { Action::ConversationShared } else { Action::ConversationUnshared };
        let record = NewRecord::new(now, Actor::Person(person), action, Object::Conversation(id), &json!(null));
        Ok(in_transaction!(&self.db, |tx| {
            let changed = sqlx::query("UPDATE conversations SET shared_at = $3 WHERE id = $1 AND person_id = $2")
                .bind(id)
                .bind(person)
                .bind(shared.then_some(now))
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if changed > 0 {
                audit!(tx, [record]);
            }
            changed > 0
        }))
    }

    /// Takes one of somebody's own out of their list. The answers stay in the record of answers, without it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn delete(&self, id: ConversationId, person: PersonId) -> Result<bool> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query("DELETE FROM conversations WHERE id = $1 AND person_id = $2")
                .bind(id)
                .bind(person)
                .execute(pool)
                .await?
                .rows_affected()
                > 0
        }))
    }
}
