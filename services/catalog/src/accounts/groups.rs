use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::GroupId;

/// The group of everybody; each new person is in it, and nobody can leave it.
pub(crate) const EVERYONE: GroupId = GroupId::from_uuid(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// People who are given rights together.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    /// The one that everybody is in.
    pub everyone: bool,
    pub members: i64,
    pub created_at: DateTime<Utc>,
}

/// What a group may do in a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum GrantAccess {
    Read,
    /// Read, and publish for those of its members who are editors.
    Edit,
}

impl GrantAccess {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Edit => "edit",
        }
    }
}

/// A right of a group in a collection.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Grant {
    pub group_id: GroupId,
    /// Name of the group.
    pub group: String,
    pub access: GrantAccess,
}
