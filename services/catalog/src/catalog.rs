use chrono::{DateTime, Utc};

use crate::{
    Accounts, Actor, Administration, Answers, AuditTrail, Clock, CollectionId, Conversations, Error, Jobs, Principal, Questions, Reader,
    Result, Role, Scope, SessionLimits, System,
    access::{self, Access},
    db::{Db, on_db},
};

/// The catalog of a data directory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Catalog {
    db: Db,
    clock: Clock,
}

impl Catalog {
    /// Opens a database and brings its tables up to date: `sqlite:///absolute/path` (made if it is missing) or
    /// `postgres://user@host/database`.
    ///
    /// # Errors
    /// The address is wrong, the database can't be reached, is damaged, or was made by a newer version.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_at(url, Clock::system()).await
    }

    /// As [`Self::open`], with a clock of the caller's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_at(url: &str, clock: Clock) -> Result<Self> {
        Ok(Self { db: Db::open(url).await?, clock })
    }

    /// The same catalog at another time.
    #[must_use]
    pub fn at(&self, clock: Clock) -> Self {
        Self { db: self.db.clone(), clock }
    }

    /// The time that it writes down.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// For upkeep: ingest, repair. Sees everything and checks no permission. What it changes is done by `actor`.
    #[must_use]
    pub fn system_for(&self, actor: Actor) -> System {
        System { db: self.db.clone(), clock: self.clock, actor }
    }

    /// The same for the command line.
    #[must_use]
    pub fn system(&self) -> System {
        self.system_for(Actor::Operator)
    }

    /// For whoever is not signed in.
    #[must_use]
    pub fn accounts(&self, limits: SessionLimits) -> Accounts {
        Accounts { db: self.db.clone(), clock: self.clock, limits }
    }

    /// People, groups and rights, for the command line. In the portal a [`crate::Session`] hands it out.
    #[must_use]
    pub fn administration(&self) -> Administration {
        Administration { db: self.db.clone(), clock: self.clock, actor: Actor::Operator }
    }

    /// The trail, for the command line. In the portal a [`crate::Session`] hands it out.
    #[must_use]
    pub fn trail(&self) -> AuditTrail {
        AuditTrail { db: self.db.clone(), clock: self.clock, actor: Actor::Operator, opens: None }
    }

    /// The door to text for somebody, in all collections that they may read or in one.
    ///
    /// # Errors
    /// [`Error::NoSuchCollection`] where the principal may read no collection of that name; [`Error::Forbidden`] for somebody who is
    /// not there any more, or may not sign in.
    pub async fn reader(&self, principal: &Principal, collection: Option<&str>) -> Result<Reader> {
        let access = match principal {
            Principal::LocalOperator => Access::Everything,
            Principal::Person(id) => {
                let role: Option<Role> = on_db!(&self.db, |pool| {
                    sqlx::query_scalar("SELECT role FROM people WHERE id = $1 AND disabled_at IS NULL")
                        .bind(*id)
                        .fetch_optional(pool)
                        .await?
                });
                match role.ok_or(Error::Forbidden)? {
                    Role::Administrator => Access::Everything,
                    role => Access::Person { id: *id, edits: role == Role::Editor },
                }
            }
        };
        let mut reader = Reader { db: self.db.clone(), access, only: None, scope: Scope::Everything };
        if let Some(name) = collection {
            let known = reader.collections().await?;
            let id: Option<CollectionId> = on_db!(&self.db, |pool| {
                sqlx::query_scalar("SELECT id FROM collections WHERE name = $1").bind(name).fetch_optional(pool).await?
            });
            match id.filter(|_| known.iter().any(|known| known == name)) {
                Some(id) => reader.only = Some(id),
                None => return Err(Error::NoSuchCollection { name: name.to_owned(), known }),
            }
        }
        reader.scope = access::scope(&self.db, reader.access, reader.only).await?;
        Ok(reader)
    }

    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers { db: self.db.clone(), clock: self.clock }
    }

    #[must_use]
    pub fn questions(&self) -> Questions {
        Questions { db: self.db.clone(), clock: self.clock }
    }

    #[must_use]
    pub fn conversations(&self) -> Conversations {
        Conversations { db: self.db.clone(), clock: self.clock }
    }

    #[must_use]
    pub fn jobs(&self) -> Jobs {
        Jobs { db: self.db.clone(), clock: self.clock }
    }
}
