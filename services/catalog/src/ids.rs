//! Identifiers: UUIDv7 newtypes, so that a passage's id can't be handed over as a document's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id; ids made later sort later (UUIDv7).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

id!(
    /// A named set of documents with the same readers.
    CollectionId
);
id!(
    /// A document: stays the same while its content changes.
    DocumentId
);
id!(
    /// One content of a document.
    RevisionId
);
id!(
    /// One retrievable stretch of a page of a revision.
    PassageId
);
id!(
    /// A recorded answer.
    AnswerId
);
id!(
    /// A piece of background work.
    JobId
);
id!(
    /// Somebody who may sign in.
    PersonId
);
id!(
    /// People who are given rights together.
    GroupId
);
id!(
    /// One browser, signed in.
    SessionId
);
id!(
    /// Questions that follow each other.
    ConversationId
);
id!(
    /// What a program shows to act for somebody.
    TokenId
);
id!(
    /// A question that the documents did not answer, whoever asked it.
    QuestionId
);
id!(
    /// An answer that an editor gave.
    VerifiedId
);
id!(
    /// A request to tell who a pseudonym is.
    DisclosureId
);
