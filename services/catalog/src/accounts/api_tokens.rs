//! What programs show to act for somebody: with that person's rights, and no more than reading unless it is said so.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{Accounts, Session, Token, person, token};
use crate::{
    Error, PersonId, Result, SessionId, TokenId,
    audit::{Action, NewRecord, Object, audit},
    db::{in_transaction, on_db},
};

/// A program that acts for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    pub token: TokenId,
    /// Whether it may publish and delete where they may.
    pub publishes: bool,
}

/// One of somebody's tokens, for a list. The token itself is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ApiToken {
    pub id: TokenId,
    pub name: String,
    pub publishes: bool,
    pub created_at: DateTime<Utc>,
    /// `None`: it lasts until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    pub used_at: Option<DateTime<Utc>>,
}

/// Of one person, so that a program that makes them in a loop is noticed.
const MOST: i64 = 50;
const USED_EVERY: Duration = Duration::minutes(1);

#[derive(sqlx::FromRow)]
struct Row {
    id: TokenId,
    person_id: PersonId,
    publishes: bool,
    created_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

impl Session {
    /// Makes a token for a program of theirs. `days`: after how many it ends.
    ///
    /// # Errors
    /// [`Error::Name`]; [`Error::TooManyTokens`]; [`Error::Forbidden`] for a program, and while viewing as somebody.
    pub async fn create_api_token(&self, name: &str, publishes: bool, days: Option<u16>) -> Result<Token> {
        if self.program.is_some() || self.viewing_as.is_some() {
            return Err(Error::Forbidden);
        }
        let (name, id, token, now) = (person::name(name)?, TokenId::new(), Token::for_program()?, self.clock.now());
        let expires = days.map(|days| now + Duration::days(days.into()));
        let details = json!({ "name": name, "publishes": publishes, "expires_at": expires });
        let record = NewRecord::new(now, self.actor(), Action::TokenCreated, Object::Token(id), &details);
        in_transaction!(&self.db, |tx| {
            let known: i64 =
                sqlx::query_scalar("SELECT count(*) FROM api_tokens WHERE person_id = $1").bind(self.person.id).fetch_one(&mut *tx).await?;
            if known >= MOST {
                return Err(Error::TooManyTokens { most: MOST });
            }
            sqlx::query(
                "INSERT INTO api_tokens (id, token_hash, person_id, name, publishes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(token::hash(token.reveal()))
            .bind(self.person.id)
            .bind(&name)
            .bind(publishes)
            .bind(now)
            .bind(expires)
            .execute(&mut *tx)
            .await?;
            audit!(tx, [record]);
        });
        Ok(token)
    }

    /// Their own tokens, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT id, name, publishes, created_at, expires_at, used_at FROM api_tokens WHERE person_id = $1 ORDER BY id DESC",
            )
            .bind(self.person.id)
            .fetch_all(pool)
            .await?
        }))
    }

    /// Ends one of their own tokens.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn revoke_api_token(&self, id: TokenId) -> Result<()> {
        let record = NewRecord::new(self.clock.now(), self.actor(), Action::TokenRevoked, Object::Token(id), &json!(null));
        in_transaction!(&self.db, |tx| {
            let gone = sqlx::query("DELETE FROM api_tokens WHERE id = $1 AND person_id = $2").bind(id).bind(self.person.id);
            if gone.execute(&mut *tx).await?.rows_affected() == 0 {
                return Err(Error::Missing);
            }
            audit!(tx, [record]);
        });
        Ok(())
    }
}

impl Accounts {
    /// Whom a program acts for; none where its token is none, or lasts no more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn program(&self, token: &str) -> Result<Option<Session>> {
        let now = self.clock.now();
        let row: Option<Row> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT t.id, t.person_id, t.publishes, t.created_at, t.used_at FROM api_tokens t JOIN people p ON p.id = t.person_id \
                 WHERE t.token_hash = $1 AND p.disabled_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2)",
            )
            .bind(token::hash(token))
            .bind(now)
            .fetch_optional(pool)
            .await?
        });
        let Some(Row { id, person_id, publishes, created_at, used_at }) = row else { return Ok(None) };
        if used_at.is_none_or(|used| now - used > USED_EVERY) {
            on_db!(&self.db, |pool| {
                sqlx::query("UPDATE api_tokens SET used_at = $2 WHERE id = $1").bind(id).bind(now).execute(pool).await?;
            });
        }
        let Some(person) = self.person(person_id).await? else { return Ok(None) };
        let program = Some(Program { token: id, publishes });
        // No session of that name exists: what ends sessions ends nothing of a program's.
        let session = SessionId::from_uuid(id.as_uuid());
        Ok(Some(Session { db: self.db.clone(), clock: self.clock, id: session, person, viewing_as: None, created_at, program }))
    }
}
