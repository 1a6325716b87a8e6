use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::QueryBuilder;

use super::{Accounts, Administration, Person, Program, Role, SessionLimits, check_password, password, person::PEOPLE};
use crate::{
    Clock, CollectionId, Desk, Error, PersonId, Principal, Result, SessionId,
    access::READABLE,
    audit::{Action, Actor, AuditTrail, Circumstances, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
};

/// Somebody who is signed in, and the doors that their role opens.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) id: SessionId,
    pub(super) person: Person,
    pub(super) viewing_as: Option<Person>,
    pub(super) created_at: DateTime<Utc>,
    /// Where a program acts for them.
    pub(super) program: Option<Program>,
}

/// One of somebody's sessions, for a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionInfo {
    pub id: SessionId,
    /// What the browser calls itself.
    pub agent: String,
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub seen_at: DateTime<Utc>,
}

impl Session {
    #[must_use]
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// Who is signed in.
    #[must_use]
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// Whose view an administrator has taken on.
    #[must_use]
    pub const fn viewing_as(&self) -> Option<&Person> {
        self.viewing_as.as_ref()
    }

    /// The program that acts for them, where it is not themselves.
    #[must_use]
    pub const fn program(&self) -> Option<Program> {
        self.program
    }

    #[must_use]
    pub const fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// Whose rights count: of whoever is viewed as, or of whoever is signed in.
    #[must_use]
    pub fn effective(&self) -> &Person {
        self.viewing_as.as_ref().filter(|_| self.person.role == Role::Administrator).unwrap_or(&self.person)
    }

    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal::Person(self.effective().id)
    }

    /// For the trail: who is signed in, whomever they view as.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Person(self.person.id)
    }

    /// For the trail, too: whether it is themselves who act.
    #[must_use]
    pub fn circumstances(&self) -> Circumstances {
        Circumstances { viewing_as: self.viewing_as.as_ref().map(|person| person.id), token: self.program.map(|program| program.token) }
    }

    /// # Errors
    /// [`Error::Forbidden`] for others than administrators, while viewing as somebody, and for programs.
    pub fn administration(&self) -> Result<Administration> {
        self.allowed(&[Role::Administrator])?;
        self.in_person()?;
        Ok(Administration { db: self.db.clone(), clock: self.clock, actor: self.actor() })
    }

    /// # Errors
    /// [`Error::Forbidden`] for others than auditors and administrators.
    pub fn trail(&self) -> Result<AuditTrail> {
        self.allowed(&[Role::Auditor, Role::Administrator])?;
        Ok(AuditTrail { db: self.db.clone(), clock: self.clock, actor: self.actor(), opens: self.opens() })
    }

    /// The questions that are to be answered.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others than editors and administrators, while viewing as somebody, and for programs.
    pub fn desk(&self) -> Result<Desk> {
        self.allowed(&[Role::Editor, Role::Administrator])?;
        self.in_person()?;
        Ok(Desk { db: self.db.clone(), clock: self.clock, person: self.person.clone() })
    }

    /// Who may have a hand in opening a pseudonym.
    fn opens(&self) -> Option<PersonId> {
        (self.person.role == Role::Administrator && self.program.is_none()).then_some(self.person.id)
    }

    fn in_person(&self) -> Result<()> {
        if self.program.is_none() { Ok(()) } else { Err(Error::Forbidden) }
    }

    fn allowed(&self, roles: &[Role]) -> Result<()> {
        if self.viewing_as.is_none() && roles.contains(&self.person.role) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Collections that may be published in, by name.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn editable(&self) -> Result<Vec<(CollectionId, String)>> {
        let person = self.effective();
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new("SELECT c.id, c.name FROM collections c ");
            match person.role {
                Role::Administrator => {}
                Role::Editor => {
                    query.push("WHERE c.id IN (").push(READABLE).push_bind(person.id).push(" AND g.access = 'edit')");
                }
                Role::Reader | Role::Auditor => {
                    query.push("WHERE 1 = 0");
                }
            }
            query.push(" ORDER BY c.name");
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// A collection that may be published in, by its name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where it may not be, or there is none of that name; while viewing as somebody; for a program that may only read.
    pub async fn publishes_in(&self, name: &str) -> Result<CollectionId> {
        if self.viewing_as.is_some() || self.program.is_some_and(|program| !program.publishes) {
            return Err(Error::Forbidden);
        }
        self.editable().await?.into_iter().find(|known| known.1 == name).map(|known| known.0).ok_or(Error::Forbidden)
    }

    /// # Errors
    /// The database failed.
    pub async fn end(&self) -> Result<()> {
        let record = NewRecord::new(self.clock.now(), self.actor(), Action::SessionEnded, Object::Session(self.id), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM sessions WHERE id = $1").bind(self.id).execute(&mut *tx).await?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// Their own sessions, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn own_sessions(&self) -> Result<Vec<SessionInfo>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as("SELECT id, agent, created_at, seen_at FROM sessions WHERE person_id = $1 ORDER BY seen_at DESC, id DESC")
                .bind(self.person.id)
                .fetch_all(pool)
                .await?
        }))
    }

    /// Ends all their sessions but this one. Returns how many.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_others(&self) -> Result<u64> {
        let record = NewRecord::new(
            self.clock.now(),
            self.actor(),
            Action::SessionRevoked,
            Object::Person(self.person.id),
            &json!({ "all_but": self.id }),
        );
        Ok(in_transaction!(&self.db, |tx| {
            let ended = sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id <> $2")
                .bind(self.person.id)
                .bind(self.id)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
            ended.rows_affected()
        }))
    }

    /// Changes their own password and ends their other sessions.
    ///
    /// # Errors
    /// [`Error::Credentials`] where the present one is wrong, [`Error::WeakPassword`].
    pub async fn change_password(&self, present: String, new: String) -> Result<()> {
        check_password(&new, &self.person.name, &self.person.email)?;
        // Whoever found a browser that is signed in must not guess for ever, either.
        let accounts = Accounts { db: self.db.clone(), clock: self.clock, limits: SessionLimits::default() };
        accounts.attempt(&self.person.email).await?;
        let hash: Option<String> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT password_hash FROM people WHERE id = $1").bind(self.person.id).fetch_one(pool).await?
        });
        if hash.is_none() || !password::is_right(present, hash).await? {
            return Err(Error::Credentials);
        }
        let hash = password::hash(new).await?;
        let record = NewRecord::new(self.clock.now(), self.actor(), Action::PasswordChanged, Object::Person(self.person.id), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM sign_in_attempts WHERE email = $1").bind(&self.person.email).execute(&mut *tx).await?;
            sqlx::query("UPDATE people SET password_hash = $2 WHERE id = $1").bind(self.person.id).bind(&hash).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM sessions WHERE person_id = $1 AND id <> $2")
                .bind(self.person.id)
                .bind(self.id)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// Sets the language of the portal for them; `None`: that of the browser.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_language(&self, language: Option<&str>) -> Result<()> {
        on_db!(&self.db, |pool| {
            sqlx::query("UPDATE people SET language = $2 WHERE id = $1").bind(self.person.id).bind(language).execute(pool).await?;
        });
        Ok(())
    }

    /// Shows an administrator what somebody would get, until it is ended with `None`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others than administrators; [`Error::Missing`] where there is no such person.
    pub async fn view_as(&self, other: Option<PersonId>) -> Result<()> {
        if self.person.role != Role::Administrator {
            return Err(Error::Forbidden);
        }
        let (action, object) = match (other, &self.viewing_as) {
            (Some(id), _) => (Action::ViewAsStarted, id),
            (None, Some(person)) => (Action::ViewAsEnded, person.id),
            (None, None) => return Ok(()),
        };
        let known: Option<Person> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(PEOPLE);
            query.push("WHERE p.id = ").push_bind(object);
            query.build_query_as().fetch_optional(pool).await?
        });
        known.ok_or(Error::Missing)?;
        let record = NewRecord::new(self.clock.now(), self.actor(), action, Object::Person(object), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("UPDATE sessions SET viewing_as = $2 WHERE id = $1").bind(self.id).bind(other).execute(&mut *tx).await?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// Notes what they did.
    ///
    /// # Errors
    /// The database failed.
    pub async fn note(&self, action: Action, object: Object, details: &serde_json::Value) -> Result<()> {
        let mut details = if details.is_object() { details.clone() } else { json!({}) };
        self.circumstances().tell(&mut details);
        let record = NewRecord::new(self.clock.now(), self.actor(), action, object, &details);
        in_transaction!(&self.db, |tx| audit!(tx, [record]));
        Ok(())
    }
}
