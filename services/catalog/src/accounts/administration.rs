//! What administrators decide, each change with its record in the trail.

use serde_json::json;
use sqlx::QueryBuilder;

use super::{
    Grant, GrantAccess, Group, Link, LinkKind, NewPerson, Person, Role, Token,
    groups::EVERYONE,
    person::{self, PEOPLE},
    token,
};
use crate::{
    Clock, Collection, CollectionId, DocumentId, Error, GroupId, PersonId, Result,
    audit::{Action, Actor, NewRecord, Object, audit},
    db::{Db, in_transaction, on_db},
    rows::like_literal,
};

/// The door for administrators and the command line.
#[derive(Clone, Debug)]
pub struct Administration {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) actor: Actor,
}

impl Administration {
    fn record(&self, action: Action, object: Object, details: &serde_json::Value) -> NewRecord {
        NewRecord::new(self.clock.now(), self.actor, action, object, details)
    }

    /// Everybody, by name.
    ///
    /// # Errors
    /// The database failed; so for all functions here.
    pub async fn people(&self) -> Result<Vec<Person>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(PEOPLE);
            query.push("ORDER BY lower(p.name), p.email");
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// # Errors
    /// [`Error::Missing`].
    pub async fn person(&self, id: PersonId) -> Result<Person> {
        let found: Option<Person> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(PEOPLE);
            query.push("WHERE p.id = ").push_bind(id);
            query.build_query_as().fetch_optional(pool).await?
        });
        found.ok_or(Error::Missing)
    }

    /// By the address that they sign in with.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn person_with_email(&self, email: &str) -> Result<Person> {
        let email = email.trim().to_lowercase();
        let found: Option<Person> = on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(PEOPLE);
            query.push("WHERE p.email = ").push_bind(email);
            query.build_query_as().fetch_optional(pool).await?
        });
        found.ok_or(Error::Missing)
    }

    /// Adds somebody, who sets a password by the link.
    ///
    /// # Errors
    /// [`Error::Email`], [`Error::EmailTaken`], [`Error::Name`]; [`Error::Missing`] for a group.
    pub async fn invite(&self, new: &NewPerson) -> Result<(PersonId, Link)> {
        let (name, email) = (person::name(&new.name)?, person::address(&new.email)?);
        let (id, now) = (PersonId::new(), self.clock.now());
        let link = Link { token: Token::new()?, expires_at: now + LinkKind::Invitation.lasts() };
        let record = self.record(Action::PersonInvited, Object::Person(id), &json!({ "role": new.role, "groups": new.groups }));
        in_transaction!(&self.db, |tx| {
            let added = sqlx::query(
                "INSERT INTO people (id, email, name, role, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING",
            )
            .bind(id)
            .bind(&email)
            .bind(&name)
            .bind(new.role)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            if added.rows_affected() == 0 {
                return Err(Error::EmailTaken(email));
            }
            for group in new.groups.iter().filter(|group| **group != EVERYONE).chain([&EVERYONE]) {
                let joined = sqlx::query("INSERT INTO memberships (person_id, group_id) SELECT $1, id FROM user_groups WHERE id = $2")
                    .bind(id)
                    .bind(*group)
                    .execute(&mut *tx)
                    .await?;
                if joined.rows_affected() == 0 {
                    return Err(Error::Missing);
                }
            }
            sqlx::query("INSERT INTO links (token_hash, kind, person_id, expires_at) VALUES ($1, $2, $3, $4)")
                .bind(token::hash(link.token.reveal()))
                .bind(LinkKind::Invitation)
                .bind(id)
                .bind(link.expires_at)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok((id, link))
    }

    /// A new link to set a password by, in place of any earlier one; what was set before holds until it is used.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn new_link(&self, id: PersonId) -> Result<Link> {
        let person = self.person(id).await?;
        let (kind, action) =
            if person.joined { (LinkKind::Reset, Action::ResetLinkMade) } else { (LinkKind::Invitation, Action::PersonInvited) };
        let link = Link { token: Token::new()?, expires_at: self.clock.now() + kind.lasts() };
        let record = self.record(action, Object::Person(id), &json!(null));
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM links WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
            sqlx::query("INSERT INTO links (token_hash, kind, person_id, expires_at) VALUES ($1, $2, $3, $4)")
                .bind(token::hash(link.token.reveal()))
                .bind(kind)
                .bind(id)
                .bind(link.expires_at)
                .execute(&mut *tx)
                .await?;
            audit!(tx, [record]);
        });
        Ok(link)
    }

    /// Changes name and role.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Name`]; [`Error::LastAdministrator`].
    pub async fn change(&self, id: PersonId, name: &str, role: Role) -> Result<()> {
        let name = person::name(name)?;
        let record = self.record(Action::PersonChanged, Object::Person(id), &json!({ "name": name, "role": role }));
        in_transaction!(&self.db, |tx| {
            // First, because it lets one such change through at a time: of two administrators one stays.
            audit!(tx, [record]);
            let before = sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *tx).await?;
            let changed = sqlx::query("UPDATE people SET name = $2, role = $3 WHERE id = $1")
                .bind(id)
                .bind(&name)
                .bind(role)
                .execute(&mut *tx)
                .await?;
            found(changed.rows_affected())?;
            administered(before, sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *tx).await?)?;
        });
        Ok(())
    }

    /// Ends their sessions and the tokens of their programs; they can't sign in until they are enabled again.
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::LastAdministrator`].
    pub async fn set_enabled(&self, id: PersonId, enabled: bool) -> Result<()> {
        let action = if enabled { Action::PersonEnabled } else { Action::PersonDisabled };
        let record = self.record(action, Object::Person(id), &json!(null));
        let since = (!enabled).then(|| self.clock.now());
        in_transaction!(&self.db, |tx| {
            // First, because it lets one such change through at a time: of two administrators one stays.
            audit!(tx, [record]);
            let before = sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *tx).await?;
            let changed = sqlx::query("UPDATE people SET disabled_at = $2 WHERE id = $1").bind(id).bind(since).execute(&mut *tx).await?;
            found(changed.rows_affected())?;
            administered(before, sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *tx).await?)?;
            if !enabled {
                sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
                sqlx::query("DELETE FROM links WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
                sqlx::query("DELETE FROM api_tokens WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// Ends all sessions of somebody, and the tokens of their programs. Returns how many sessions there were.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_sessions(&self, id: PersonId) -> Result<u64> {
        let record = self.record(Action::SessionRevoked, Object::Person(id), &json!(null));
        Ok(in_transaction!(&self.db, |tx| {
            let ended = sqlx::query("DELETE FROM sessions WHERE person_id = $1").bind(id).execute(&mut *tx).await?.rows_affected();
            sqlx::query("DELETE FROM api_tokens WHERE person_id = $1").bind(id).execute(&mut *tx).await?;
            audit!(tx, [record]);
            ended
        }))
    }

    /// The groups that somebody is in, or all of them, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn groups(&self, of: Option<PersonId>) -> Result<Vec<Group>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(
                "SELECT u.id, u.name, u.everyone, (SELECT count(*) FROM memberships n WHERE n.group_id = u.id) AS members, u.created_at FROM user_groups u",
            );
            if let Some(person) = of {
                query.push(" JOIN memberships m ON m.group_id = u.id AND m.person_id = ").push_bind(person);
            }
            query.push(" ORDER BY NOT u.everyone, lower(u.name)");
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// # Errors
    /// [`Error::Name`], [`Error::NameTaken`].
    pub async fn create_group(&self, name: &str) -> Result<GroupId> {
        let (name, id) = (person::name(name)?, GroupId::new());
        let record = self.record(Action::GroupCreated, Object::Group(id), &json!({ "name": name }));
        in_transaction!(&self.db, |tx| {
            let added = sqlx::query(
                "INSERT INTO user_groups (id, name, everyone, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
            )
            .bind(id)
            .bind(&name)
            .bind(false)
            .bind(self.clock.now())
            .execute(&mut *tx)
            .await?;
            if added.rows_affected() == 0 {
                return Err(Error::NameTaken(name));
            }
            audit!(tx, [record]);
        });
        Ok(id)
    }

    /// # Errors
    /// [`Error::Missing`], also for the group of everybody: it stays. What it alone could read, nobody but editors and administrators can.
    pub async fn delete_group(&self, id: GroupId) -> Result<()> {
        let record = self.record(Action::GroupDeleted, Object::Group(id), &json!(null));
        in_transaction!(&self.db, |tx| {
            let gone = sqlx::query("DELETE FROM user_groups WHERE id = $1 AND NOT everyone").bind(id).execute(&mut *tx).await?;
            found(gone.rows_affected())?;
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// The group of that name, made if there is none.
    ///
    /// # Errors
    /// [`Error::Name`].
    pub async fn ensure_group(&self, name: &str) -> Result<GroupId> {
        let name = person::name(name)?;
        match self.groups(None).await?.into_iter().find(|group| group.name == name) {
            Some(group) => Ok(group.id),
            None => self.create_group(&name).await,
        }
    }

    /// Who is in a group, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn members(&self, group: GroupId) -> Result<Vec<Person>> {
        Ok(on_db!(&self.db, |pool| {
            let mut query = QueryBuilder::new(PEOPLE);
            query
                .push("JOIN memberships m ON m.person_id = p.id WHERE m.group_id = ")
                .push_bind(group)
                .push(" ORDER BY lower(p.name), p.email");
            query.build_query_as().fetch_all(pool).await?
        }))
    }

    /// Puts somebody into these groups and no others, but for the one of everybody.
    ///
    /// # Errors
    /// [`Error::Missing`] for the person or a group.
    pub async fn set_groups(&self, person: PersonId, groups: &[GroupId]) -> Result<()> {
        let record = self.record(Action::MembersChanged, Object::Person(person), &json!({ "groups": groups }));
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM memberships WHERE person_id = $1 AND group_id <> $2")
                .bind(person)
                .bind(EVERYONE)
                .execute(&mut *tx)
                .await?;
            for group in groups.iter().filter(|group| **group != EVERYONE) {
                let joined = sqlx::query(
                    "INSERT INTO memberships (person_id, group_id) SELECT p.id, u.id FROM people p CROSS JOIN user_groups u WHERE p.id = $1 AND u.id = $2",
                )
                .bind(person)
                .bind(*group)
                .execute(&mut *tx)
                .await?;
                found(joined.rows_affected())?;
            }
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// All collections, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn collections(&self) -> Result<Vec<Collection>> {
        Ok(on_db!(&self.db, |pool| sqlx::query_as("SELECT id, name, created_at FROM collections ORDER BY name").fetch_all(pool).await?))
    }

    /// # Errors
    /// [`Error::Name`], [`Error::NameTaken`].
    pub async fn create_collection(&self, name: &str) -> Result<CollectionId> {
        let (name, id) = (person::name(name)?, CollectionId::new());
        let record = self.record(Action::CollectionCreated, Object::Collection(id), &json!({ "name": name }));
        in_transaction!(&self.db, |tx| {
            let added = sqlx::query("INSERT INTO collections (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING")
                .bind(id)
                .bind(&name)
                .bind(self.clock.now())
                .execute(&mut *tx)
                .await?;
            if added.rows_affected() == 0 {
                return Err(Error::NameTaken(name));
            }
            audit!(tx, [record]);
        });
        Ok(id)
    }

    /// The rights in a collection, by name of the group.
    ///
    /// # Errors
    /// The database failed.
    pub async fn grants(&self, collection: CollectionId) -> Result<Vec<Grant>> {
        Ok(on_db!(&self.db, |pool| {
            sqlx::query_as(
                "SELECT g.group_id, u.name AS \"group\", g.access FROM collection_grants g JOIN user_groups u ON u.id = g.group_id \
                 WHERE g.collection_id = $1 ORDER BY NOT u.everyone, lower(u.name)",
            )
            .bind(collection)
            .fetch_all(pool)
            .await?
        }))
    }

    /// Gives a group a right in a collection, or takes it away with `None`. It holds from the next request on.
    ///
    /// # Errors
    /// [`Error::Missing`] for the collection or the group.
    pub async fn set_grant(&self, collection: CollectionId, group: GroupId, access: Option<GrantAccess>) -> Result<()> {
        let details = json!({ "group": group, "access": access.map(GrantAccess::as_str) });
        let record = self.record(Action::GrantChanged, Object::Collection(collection), &details);
        in_transaction!(&self.db, |tx| {
            sqlx::query("DELETE FROM collection_grants WHERE collection_id = $1 AND group_id = $2")
                .bind(collection)
                .bind(group)
                .execute(&mut *tx)
                .await?;
            if let Some(access) = access {
                let given = sqlx::query(
                    "INSERT INTO collection_grants (collection_id, group_id, access) SELECT c.id, u.id, $3 FROM collections c CROSS JOIN user_groups u \
                     WHERE c.id = $1 AND u.id = $2",
                )
                .bind(collection)
                .bind(group)
                .bind(access)
                .execute(&mut *tx)
                .await?;
                found(given.rows_affected())?;
            }
            audit!(tx, [record]);
        });
        Ok(())
    }

    /// The groups that a document is restricted to; `None` where whoever may read its collection may read it.
    ///
    /// # Errors
    /// [`Error::Missing`].
    pub async fn restriction(&self, document: DocumentId) -> Result<Option<Vec<GroupId>>> {
        let (restricted, groups): (Option<bool>, Vec<GroupId>) = on_db!(&self.db, |pool| {
            let restricted =
                sqlx::query_scalar("SELECT restricted FROM documents WHERE id = $1").bind(document).fetch_optional(pool).await?;
            let groups =
                sqlx::query_scalar("SELECT group_id FROM document_grants WHERE document_id = $1").bind(document).fetch_all(pool).await?;
            (restricted, groups)
        });
        Ok(restricted.ok_or(Error::Missing)?.then_some(groups))
    }

    /// Lets only these groups read a document and what its file holds, of those who may read its collection; or all of them, with `None`.
    /// Editors of the collection always may.
    ///
    /// # Errors
    /// [`Error::Missing`] for the document or a group.
    pub async fn restrict(&self, document: DocumentId, groups: Option<&[GroupId]>) -> Result<()> {
        let record = self.record(Action::DocumentRestricted, Object::Document(document), &json!({ "groups": groups }));
        in_transaction!(&self.db, |tx| {
            let own: Option<(CollectionId, String)> =
                sqlx::query_as("SELECT collection_id, path FROM documents WHERE id = $1").bind(document).fetch_optional(&mut *tx).await?;
            let (collection, path) = own.ok_or(Error::Missing)?;
            let within = format!("{path}/");
            let below: Vec<(DocumentId, String)> =
                sqlx::query_as("SELECT id, path FROM documents WHERE collection_id = $1 AND path LIKE $2 ESCAPE '\\'")
                    .bind(collection)
                    .bind(format!("{}%", like_literal(&within)))
                    .fetch_all(&mut *tx)
                    .await?;
            // LIKE ignores case on one of the databases.
            let below = below.into_iter().filter(|(_, path)| path.starts_with(&within)).map(|(document, _)| document);
            for document in std::iter::once(document).chain(below) {
                sqlx::query("UPDATE documents SET restricted = $2 WHERE id = $1")
                    .bind(document)
                    .bind(groups.is_some())
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("DELETE FROM document_grants WHERE document_id = $1").bind(document).execute(&mut *tx).await?;
                for group in groups.unwrap_or_default() {
                    let given =
                        sqlx::query("INSERT INTO document_grants (document_id, group_id) SELECT $1, id FROM user_groups WHERE id = $2")
                            .bind(document)
                            .bind(*group)
                            .execute(&mut *tx)
                            .await?;
                    found(given.rows_affected())?;
                }
            }
            audit!(tx, [record]);
        });
        Ok(())
    }
}

const ADMINISTRATORS: &str =
    "SELECT count(*) FROM people WHERE role = 'administrator' AND disabled_at IS NULL AND password_hash IS NOT NULL";

/// Somebody must be able to put things right.
fn administered(before: i64, after: i64) -> Result<()> {
    if after > 0 || before == 0 { Ok(()) } else { Err(Error::LastAdministrator) }
}

fn found(rows: u64) -> Result<()> {
    if rows > 0 { Ok(()) } else { Err(Error::Missing) }
}
