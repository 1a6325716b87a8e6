use crate::{Answers, Clock, Error, Jobs, Principal, Reader, Result, Scope, System, db::Db};

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

    /// For upkeep: ingest, repair, administration. Sees everything and checks no permission.
    #[must_use]
    pub fn system(&self) -> System {
        System { db: self.db.clone(), clock: self.clock }
    }

    /// The door to text for somebody, in all collections or in one.
    ///
    /// # Errors
    /// [`Error::NoSuchCollection`] where the principal may read no collection of that name.
    pub async fn reader(&self, principal: &Principal, collection: Option<&str>) -> Result<Reader> {
        let Principal::LocalOperator = principal;
        let scope = match collection {
            None => Scope::Everything,
            Some(name) => {
                let collections = self.system().collections().await?;
                match collections.iter().find(|c| c.name == name) {
                    Some(found) => Scope::Collections(vec![found.id]),
                    None => {
                        let known = collections.into_iter().map(|c| c.name).collect();
                        return Err(Error::NoSuchCollection { name: name.to_owned(), known });
                    }
                }
            }
        };
        Ok(Reader { db: self.db.clone(), scope })
    }

    #[must_use]
    pub fn answers(&self) -> Answers {
        Answers { db: self.db.clone(), clock: self.clock }
    }

    #[must_use]
    pub fn jobs(&self) -> Jobs {
        Jobs { db: self.db.clone(), clock: self.clock }
    }
}
