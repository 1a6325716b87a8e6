//! What is known: documents, revisions, pages, passages, jobs and answers; people, their rights and the trail. The one truth; indexes are
//! copies of it.
//!
//! [`Catalog`] opens the database and hands out the doors to it: [`Reader`], made only from a [`Principal`], is the
//! one way to text, and `access` decides what it shows; [`Accounts`] and [`Session`] hand out the doors for people; [`System`] is for upkeep; [`Jobs`] and [`Answers`] keep background work and given answers.
//! All SQL is in this crate, written once for SQLite and PostgreSQL; `db` is the only file that names a driver.

mod access;
mod accounts;
mod answers;
mod audit;
mod catalog;
mod clock;
mod conversations;
mod db;
mod desk;
mod error;
mod filter;
mod format;
mod ids;
mod jobs;
mod layout;
mod model;
mod originals;
mod publish;
mod questions;
mod reader;
mod rows;
mod stage;
mod system;
mod uploads;
mod usage;

pub use access::Scope;
pub use accounts::{
    Accounts, Administration, ApiToken, Grant, GrantAccess, Group, Link, LinkKind, NewPerson, OpenLink, Person, Program, Role, Session,
    SessionInfo, SessionLimits, Token, Weakness, check_password,
};
pub use answers::{AnswerRecord, Answers, Outcome};
pub use audit::{Action, Actor, AuditFilter, AuditRecord, AuditTrail, Circumstances, Disclosure, Fault, Object, Verified};
pub use catalog::Catalog;
pub use clock::Clock;
pub use conversations::{Conversation, Conversations};
pub use desk::{Desk, NewVerified, OpenQuestion, OwnVerified};
pub use error::{Error, ErrorKind};
pub use filter::Filter;
pub use format::Format;
pub use ids::{
    AnswerId, CollectionId, ConversationId, DisclosureId, DocumentId, GroupId, JobId, PassageId, PersonId, QuestionId, RevisionId,
    SessionId, TokenId, VerifiedId,
};
pub use jobs::{Job, JobStatus, Jobs, Setback};
pub use layout::{PageBlock, PageBlockKind, PageLayout, PlacedWord};
pub use model::{Collection, Document, KnownSource, NewPassage, NewRevision, Page, Passage, Principal, StagedRevision};
pub use originals::Originals;
pub use questions::{Feedback, FeedbackVerdict, Questions, Raised, Reason, VerifiedAnswer};
pub use reader::{DocumentFilter, Kinds, OutlineEntry, Reader};
pub use system::{Counts, System};
pub use uploads::{Incoming, PUBLISH, TIDY, Upload, Uploads, WATCH};
pub use usage::{DayOfUse, SLOW_MS, Usage};

pub type Result<T, E = Error> = std::result::Result<T, E>;
