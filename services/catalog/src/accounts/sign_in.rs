//! For whoever is not signed in yet.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{
    Token, password,
    person::{MAX_EMAIL, PEOPLE},
    session::Session,
    token,
};
use crate::{
    Clock, Error, PersonId, Result, SessionId,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
};

/// The door for whoever is not signed in.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) limits: SessionLimits,
}

/// How long somebody stays signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Since the last request.
    pub idle: Duration,
    /// Since signing in.
    pub whole: Duration,
}

impl SessionLimits {
    #[must_use]
    pub fn of(idle_minutes: u32, whole_hours: u32) -> Self {
        Self { idle: Duration::minutes(idle_minutes.into()), whole: Duration::hours(whole_hours.into()) }
    }
}

impl Default for SessionLimits {
    /// ASVS 3.3.2 for level 2.
    fn default() -> Self {
        Self::of(30, 12)
    }
}

/// How exactly it is known when somebody was last here: writing it down at each request would be a transaction each.
const SEEN_EVERY: Duration = Duration::minutes(1);
const MAX_AGENT: usize = 200;

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: SessionId,
    person_id: PersonId,
    viewing_as: Option<PersonId>,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
}

impl Accounts {
    /// Whether there is an administrator who can sign in.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn has_administrator(&self) -> Result<bool> {
        let count: i64 = on_db!(&self.db, |pool| {
            sqlx::query_scalar(
                "SELECT count(*) FROM people WHERE role = 'administrator' AND password_hash IS NOT NULL AND disabled_at IS NULL",
            )
            .fetch_one(pool)
            .await?
        });
        Ok(count > 0)
    }

    /// Signs somebody in. `agent` is what the browser calls itself.
    ///
    /// # Errors
    /// [`Error::Credentials`] whatever of the two is wrong; [`Error::Locked`] after too many attempts.
    pub async fn sign_in(&self, email: &str, password: String, agent: &str) -> Result<Token> {
        let email = email.trim().to_lowercase();
        // Nobody has such an address: there is nothing to count.
        if email.len() > MAX_EMAIL || email.chars().any(char::is_control) {
            return Err(Error::Credentials);
        }
        self.attempt(&email).await?;
        let known: Option<(PersonId, Option<String>, bool)> = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT id, password_hash, disabled_at IS NULL FROM people WHERE email = $1")
                .bind(&email)
                .fetch_optional(pool)
                .await?
        });
        let (person, hash, enabled) = known.map_or((None, None, false), |(id, hash, enabled)| (Some(id), hash, enabled));
        let has_password = hash.is_some();
        let is_right = password::is_right(password, hash).await? && has_password && enabled;
        let Some(person) = person.filter(|_| is_right) else {
            // What was typed is not written down: it may be a password in the wrong field.
            let object = person.map_or(Object::Nothing, Object::Person);
            let record = NewRecord::new(self.clock.now(), Actor::Nobody, Action::SessionRefused, object, &json!(null));
            in_transaction!(&self.db, |tx| audit!(tx, [record]));
            return Err(Error::Credentials);
        };
        on_db!(&self.db, |pool| {
            sqlx::query("DELETE FROM sign_in_attempts WHERE email = $1").bind(&email).execute(pool).await?;
        });
        self.start_session(person, agent).await
    }

    pub(super) async fn start_session(&self, person: PersonId, agent: &str) -> Result<Token> {
        let (token, id, now) = (Token::new()?, SessionId::new(), self.clock.now());
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
        let record = NewRecord::new(now, Actor::Person(person), Action::SessionStarted, Object::Session(id), &json!({ "agent": agent }));
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM sessions WHERE created_at < $1").bind(now - self.limits.whole).execute(&mut *tx).await?;
            sqlx::query("INSERT INTO sessions (id, token_hash, person_id, agent, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)")
                .bind(id)
                .bind(token::hash(token.reveal()))
                .bind(person)
                .bind(&agent)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(token)
    }

    /// Who a token belongs to; none where it is of no session that still lasts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session(&self, token: &str) -> Result<Option<Session>> {
        let now = self.clock.now();
        let row: Option<SessionRow> = on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT s.id, s.person_id, s.viewing_as, s.created_at, s.seen_at FROM sessions s JOIN people p ON p.id = s.person_id \
                 WHERE s.token_hash = $1 AND p.disabled_at IS NULL AND s.created_at > $2 AND s.seen_at > $3",
            )
            .bind(token::hash(token))
            .bind(now - self.limits.whole)
            .bind(now - self.limits.idle)
            .fetch_optional(pool)
            .await?
        });
        let Some(SessionRow { id, person_id, viewing_as, created_at, seen_at }) = row else { return Ok(None) };
        if now - seen_at > SEEN_EVERY {
            on_db!(&self.db, |pool| {
                sqlx::query("UPDATE sessions SET seen_at = $2 WHERE id = $1").bind(id).bind(now).execute(pool).await?;
            });
        }
        let Some(person) = self.person(person_id).await? else { return Ok(None) };
        let viewing_as = match viewing_as {
            Some(other) => self.person(other).await?,
            None => None,
        };
        Ok(Some(Session { db: self.db.clone(), clock: self.clock, id, person, viewing_as, created_at, program: None }))
    }

    pub(super) async fn person(&self, id: PersonId) -> Result<Option<super::Person>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = sqlx::QueryBuilder::new(PEOPLE);
            query.push("WHERE p.id = ").push_bind(id);
            query.build_query_as().fetch_optional(pool).await?
        }))
    }
}
