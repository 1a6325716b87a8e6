//! One-time links: for the first administrator, for whoever is invited, and for whoever forgot the password.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{Accounts, Person, Role, Token, check_password, groups::EVERYONE, password, person, token};
use crate::{
    Error, PersonId, Result,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{in_transaction, on_db},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum LinkKind {
    /// Makes the first administrator.
    Start,
    Invitation,
    Reset,
}

impl LinkKind {
    /// How long it can be opened.
    pub(super) fn lasts(self) -> Duration {
        match self {
            Self::Start | Self::Reset => Duration::hours(24),
            Self::Invitation => Duration::days(7),
        }
    }
}

/// A link that was made: to be handed over once.
#[derive(Debug)]
pub struct Link {
    pub token: Token,
    pub expires_at: DateTime<Utc>,
}

/// A link that somebody holds.
#[derive(Clone, Debug)]
pub struct OpenLink {
    pub kind: LinkKind,
    /// Whom it is for; nobody yet where it makes the first administrator.
    pub person: Option<Person>,
}

impl Accounts {
    /// A link that makes the first administrator, in place of any earlier one; none where there is one already.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start_link(&self) -> Result<Option<Link>> {
        if self.has_administrator().await? {
            return Ok(None);
        }
        let link = Link { token: Token::new()?, expires_at: self.clock.now() + LinkKind::Start.lasts() };
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM links WHERE kind = 'start'").execute(&mut *tx).await?;
            sqlx::query("INSERT INTO links (token_hash, kind, expires_at) VALUES ($1, $2, $3)")
                .bind(token::hash(link.token.reveal()))
                .bind(LinkKind::Start)
                .bind(link.expires_at)
                .execute(&mut *tx)
                .await?;
        });
        Ok(Some(link))
    }

    /// What a link is for.
    ///
    /// # Errors
    /// [`Error::Link`]: there is no such link, it was used, or it is too old.
    pub async fn open_link(&self, token: &str) -> Result<OpenLink> {
        let found: Option<(LinkKind, Option<PersonId>)> = on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT kind, person_id FROM links WHERE token_hash = $1 AND expires_at > $2")
                .bind(token::hash(token))
                .bind(self.clock.now())
                .fetch_optional(pool)
                .await?
        });
        let (kind, person) = found.ok_or(Error::Link)?;
        let person = match person {
            Some(id) => Some(self.person(id).await?.filter(|person| person.disabled_at.is_none()).ok_or(Error::Link)?),
            None => None,
        };
        Ok(OpenLink { kind, person })
    }

    /// Makes the first administrator and signs them in.
    ///
    /// # Errors
    /// [`Error::Link`], [`Error::WeakPassword`], [`Error::Email`], [`Error::Name`].
    pub async fn start(&self, token: &str, name: &str, email: &str, password: String, agent: &str) -> Result<Token> {
        // It makes the first administrator, and no other.
        if self.open_link(token).await?.kind != LinkKind::Start || self.has_administrator().await? {
            return Err(Error::Link);
        }
        let (name, email) = (person::name(name)?, person::address(email)?);
        check_password(&password, &name, &email)?;
        let hash = password::hash(password).await?;
        let (id, now) = (PersonId::new(), self.clock.now());
        let record = NewRecord::new(
            now,
            Actor::Nobody,
            Action::PersonJoined,
            Object::Person(id),
            &json!({ "role": Role::Administrator, "by": "start link" }),
        );
        in_transaction!(&self.db, |tx| {
            self::used(
                sqlx::query("DELETE FROM links WHERE token_hash = $1").bind(token::hash(token)).execute(&mut *tx).await?.rows_affected(),
            )?;
            // Whoever was invited before and never came has no claim to the address.
            let taken: Option<PersonId> =
                sqlx::query_scalar("SELECT id FROM people WHERE email = $1").bind(&email).fetch_optional(&mut *tx).await?;
            if taken.is_some() {
                return Err(Error::EmailTaken(email));
            }
            sqlx::query("INSERT INTO people (id, email, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(id)
                .bind(&email)
                .bind(&name)
                .bind(Role::Administrator)
                .bind(&hash)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO memberships (person_id, group_id) VALUES ($1, $2)").bind(id).bind(EVERYONE).execute(&mut *tx).await?;
            audit!(tx, [record]);
        });
        self.start_session(id, agent).await
    }

    /// Sets the password of whom a link is for, ends their other sessions and signs them in.
    ///
    /// # Errors
    /// [`Error::Link`], [`Error::WeakPassword`].
    pub async fn accept(&self, token: &str, password: String, agent: &str) -> Result<Token> {
        let OpenLink { kind, person: Some(person) } = self.open_link(token).await? else { return Err(Error::Link) };
        check_password(&password, &person.name, &person.email)?;
        let hash = password::hash(password).await?;
        let action = if kind == LinkKind::Invitation { Action::PersonJoined } else { Action::PasswordChanged };
        let record =
            NewRecord::new(self.clock.now(), Actor::Person(person.id), action, Object::Person(person.id), &json!({ "by": "link" }));
        in_transaction!(&self.db, |tx| {
            self::used(
                sqlx::query("DELETE FROM links WHERE token_hash = $1").bind(token::hash(token)).execute(&mut *tx).await?.rows_affected(),
            )?;
            sqlx::query("DELETE FROM links WHERE person_id = $1").bind(person.id).execute(&mut *tx).await?;
            sqlx::query("UPDATE people SET password_hash = $2 WHERE id = $1").bind(person.id).bind(&hash).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(person.id).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM sign_in_attempts WHERE email = $1").bind(&person.email).execute(&mut *tx).await?;
            audit!(tx, [record]);
        });
        self.start_session(person.id, agent).await
    }
}

/// Of two who open a link at once one is too late.
fn used(deleted: u64) -> Result<()> {
    if deleted == 1 { Ok(()) } else { Err(Error::Link) }
}
