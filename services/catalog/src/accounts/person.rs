use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Error, GroupId, PersonId, Result};

/// What somebody may do in the portal. Each reads what their groups may read; an administrator reads everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Asks and reads.
    Reader,
    /// Publishes, too, in the collections that one of their groups may edit.
    Editor,
    /// Sees, too, who did what: the trail and every answer that was given.
    Auditor,
    /// May do all of it, and decides about people, groups and collections.
    Administrator,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Reader, Self::Editor, Self::Auditor, Self::Administrator];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Person {
    pub id: PersonId,
    /// In lower case; what they sign in with.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Of the portal, as ISO 639-1 code; `None`: that of the browser.
    pub language: Option<String>,
    /// Whether a password was chosen: until then nobody can sign in.
    pub joined: bool,
    /// Since when they may not sign in any more.
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

pub(super) const PEOPLE: &str =
    "SELECT p.id, p.email, p.name, p.role, p.language, p.password_hash IS NOT NULL AS joined, p.disabled_at, p.created_at FROM people p ";

/// Somebody to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Beside the one of everybody.
    pub groups: Vec<GroupId>,
}

/// RFC 5321: no longer address can be delivered to.
pub(super) const MAX_EMAIL: usize = 254;
const MAX_NAME: usize = 100;

/// The address as it is kept.
pub(super) fn address(written: &str) -> Result<String> {
    let email = written.trim().to_lowercase();
    let whole = email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'));
    if !whole || email.len() > MAX_EMAIL || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::Email(written.trim().chars().take(MAX_EMAIL).collect()));
    }
    Ok(email)
}

/// A name as it is kept: of a person, a group or a collection.
pub(super) fn name(written: &str) -> Result<String> {
    let name = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::Name { most: MAX_NAME });
    }
    Ok(name)
}
