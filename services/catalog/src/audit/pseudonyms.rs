//! A trail that names nobody. What people do as users is written down under pseudonyms: the same for the same person, and told by nobody who
//! lacks the key. Two administrators open one together, for a day. This binds whoever reads the trail in the portal; whoever runs the server
//! has the database, and so the key.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{Action, Actor, AuditTrail, NewRecord, Object, audit};
use crate::{
    AnswerId, CollectionId, DisclosureId, Error, GroupId, PersonId, Result,
    accounts::Token,
    db::{in_transaction, on_db},
};

/// How long an opened pseudonym can be read.
const OPEN_FOR: Duration = Duration::hours(24);
/// How long a request waits for a second administrator.
const WAITS_FOR: Duration = Duration::days(7);
/// Characters of a reason.
const MAX_REASON: usize = 500;
const LISTED: i64 = 50;

/// A pseudonym that somebody asked to open.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Disclosure {
    pub id: DisclosureId,
    /// As the trail writes it.
    pub pseudonym: String,
    pub reason: String,
    pub requested_by: PersonId,
    /// Name of whoever asked.
    pub requester: String,
    pub requested_at: DateTime<Utc>,
    /// Name of whoever agreed.
    pub approver: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
}

impl Disclosure {
    /// Whether it waits for a second administrator.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        self.approved_at.is_none()
    }
}

/// As the trail writes it.
pub(crate) fn pseudonym(key: &str, person: &str) -> String {
    format!("pseudonym:{}", keyed(key, person))
}

/// What stands for an id: the same for the same one. 64 bits: enough to tell them apart.
pub(crate) fn keyed(key: &str, id: &str) -> String {
    let key = blake3::derive_key("footnote 2026 pseudonyms of the trail", key.as_bytes());
    blake3::keyed_hash(&key, id.as_bytes()).to_hex()[..16].to_owned()
}

impl AuditTrail {
    pub(super) async fn key(&self) -> Result<(bool, Option<String>)> {
        Ok(on_db!(&self.db, |pool| { sqlx::query_as("SELECT pseudonymous, pseudonym_key FROM audit_ends").fetch_one(pool).await? }))
    }

    /// Whether what people do is written down under pseudonyms.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn is_pseudonymous(&self) -> Result<bool> {
        Ok(self.key().await?.0)
    }

    /// From now on, or no longer. What was written before stays as it is.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub async fn set_pseudonymous(&self, pseudonymous: bool) -> Result<()> {
        let key = Token::new()?;
        let details = json!({ "pseudonymous": pseudonymous });
        let record = NewRecord::new(self.clock.now(), self.actor, Action::PrivacyChanged, Object::Nothing, &details);
        in_transaction!(&self.db, |tx| {
            // One key for ever: the same person keeps their pseudonym.
            sqlx::query("UPDATE audit_ends SET pseudonymous = $1, pseudonym_key = COALESCE(pseudonym_key, $2)")
                .bind(pseudonymous)
                .bind(key.reveal())
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// Names by what the trail calls people: everybody's by their id, and those whose pseudonym is open.
    ///
    /// # Errors
    /// The database failed.
    pub async fn names(&self) -> Result<Vec<(String, String)>> {
        let people: Vec<(PersonId, String)> =
            on_db!(&self.db, |pool| { sqlx::query_as("SELECT id, name FROM people ORDER BY lower(name), email").fetch_all(pool).await? });
        let mut names: Vec<(String, String)> = people.iter().map(|(id, name)| (Actor::Person(*id).to_string(), name.clone())).collect();
        if let (_, Some(key)) = self.key().await? {
            let open: Vec<String> = on_db!(&self.db, |pool| {
                sqlx::query_scalar("SELECT DISTINCT pseudonym FROM disclosures WHERE approved_at > $1")
                    .bind(self.clock.now() - OPEN_FOR)
                    .fetch_all(pool)
                    .await?
            });
            let known = people.iter().map(|(id, name)| (pseudonym(&key, &id.to_string()), name.clone()));
            names.extend(known.filter(|(pseudonym, _)| open.contains(pseudonym)));
        }
        Ok(names)
    }

    /// Names of groups and collections by what the trail calls them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn things(&self) -> Result<Vec<(String, String)>> {
        let groups: Vec<(GroupId, String)> =
            on_db!(&self.db, |pool| { sqlx::query_as("SELECT id, name FROM user_groups").fetch_all(pool).await? });
        let collections: Vec<(CollectionId, String)> =
            on_db!(&self.db, |pool| { sqlx::query_as("SELECT id, name FROM collections").fetch_all(pool).await? });
        let groups = groups.into_iter().map(|(id, name)| (Object::Group(id).to_string(), name));
        Ok(groups.chain(collections.into_iter().map(|(id, name)| (Object::Collection(id).to_string(), name))).collect())
    }

    /// What the trail calls whoever asked for an answer, in the record of that; none where it has none.
    ///
    /// # Errors
    /// The database failed.
    pub async fn asker(&self, answer: AnswerId) -> Result<Option<String>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT actor FROM audit WHERE object = $1 AND action = $2 ORDER BY seq LIMIT 1")
                .bind(Object::Answer(answer).to_string())
                .bind(Action::QuestionAsked.as_str())
                .fetch_optional(pool)
                .await?
        }))
    }

    /// What was asked to be opened of late, the latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn disclosures(&self) -> Result<Vec<Disclosure>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT d.id, d.pseudonym, d.reason, d.requested_by, p.name AS requester, d.requested_at, q.name AS approver, d.approved_at \
                 FROM disclosures d JOIN people p ON p.id = d.requested_by LEFT JOIN people q ON q.id = d.approved_by \
                 WHERE d.approved_at > $1 OR (d.approved_at IS NULL AND d.requested_at > $2) ORDER BY d.id DESC LIMIT $3",
            )
            .bind(self.clock.now() - OPEN_FOR)
            .bind(self.clock.now() - WAITS_FOR)
            .bind(LISTED)
            .fetch_all(pool)
            .await?
        }))
    }

    /// Asks to open a pseudonym; another administrator must agree.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others than administrators; [`Error::Missing`] where the trail knows no such pseudonym; [`Error::Name`]
    /// without a reason.
    pub async fn request_disclosure(&self, pseudonym: &str, reason: &str) -> Result<DisclosureId> {
        let person = self.opens.ok_or(Error::Forbidden)?;
        let reason: String = reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_REASON).collect();
        if reason.is_empty() {
            return Err(Error::Name { most: MAX_REASON });
        }
        let known: Option<i64> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT seq FROM audit WHERE actor = $1 LIMIT 1").bind(pseudonym).fetch_optional(pool).await?
        });
        if known.is_none() || !pseudonym.starts_with("pseudonym:") {
            return Err(Error::Missing);
        }
        let (id, now) = (DisclosureId::new(), self.clock.now());
        let details = json!({ "pseudonym": pseudonym, "reason": reason });
        let record = NewRecord::new(now, self.actor, Action::DisclosureRequested, Object::Nothing, &details);
        in_transaction!(&self.db, |tx| {
            sqlx::query("INSERT INTO disclosures (id, pseudonym, reason, requested_by, requested_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(pseudonym)
                .bind(&reason)
                .bind(person)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(id)
    }

    /// Agrees: from now on, and for a day, the trail tells who it is.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for others than administrators; [`Error::SecondAdministrator`] for whoever asked; [`Error::Missing`] where no such
    /// request waits.
    pub async fn approve_disclosure(&self, id: DisclosureId) -> Result<()> {
        let person = self.opens.ok_or(Error::Forbidden)?;
        let now = self.clock.now();
        let request = self.disclosures().await?.into_iter().find(|known| known.id == id && known.is_waiting()).ok_or(Error::Missing)?;
        if request.requested_by == person {
            return Err(Error::SecondAdministrator);
        }
        // Whoever asked must still be one who may.
        let asks: Option<bool> = on_db!(&self.db, |pool| {
            sqlx::query_scalar("SELECT role = 'administrator' AND disabled_at IS NULL FROM people WHERE id = $1")
                .bind(request.requested_by)
                .fetch_optional(pool)
                .await?
        });
        if asks != Some(true) {
            return Err(Error::Missing);
        }
        let details = json!({ "pseudonym": request.pseudonym, "reason": request.reason, "requested_by": request.requested_by });
        let record = NewRecord::new(now, self.actor, Action::DisclosureApproved, Object::Nothing, &details);
        in_transaction!(&self.db, |tx| {
            let approved = sqlx::query("UPDATE disclosures SET approved_by = $2, approved_at = $3 WHERE id = $1 AND approved_at IS NULL")
                .bind(id)
                .bind(person)
                .bind(now)
                .execute(&mut *tx)
                .await?;
            if approved.rows_affected() == 0 {
                return Err(Error::Missing);
            }
            audit!(tx, [record]);
        });
        Ok(())
    }
}
