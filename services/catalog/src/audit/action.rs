use std::fmt;

use crate::{AnswerId, CollectionId, ConversationId, DocumentId, GroupId, PersonId, QuestionId, SessionId, TokenId, VerifiedId};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run commands on the data directory.
    Operator,
    Person(PersonId),
    /// Nobody who is known: an attempt to sign in, a link that was opened.
    Nobody,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

/// What something was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    Nothing,
    Person(PersonId),
    Session(SessionId),
    Group(GroupId),
    Collection(CollectionId),
    Document(DocumentId),
    Conversation(ConversationId),
    Answer(AnswerId),
    Token(TokenId),
    Question(QuestionId),
    Verified(VerifiedId),
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Session(id) => write!(f, "session:{id}"),
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Collection(id) => write!(f, "collection:{id}"),
            Self::Document(id) => write!(f, "document:{id}"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Answer(id) => write!(f, "answer:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::Question(id) => write!(f, "question:{id}"),
            Self::Verified(id) => write!(f, "verified_answer:{id}"),
        }
    }
}

macro_rules! actions {
    ($($name:ident => $written:literal,)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($name),+ }

        impl Action {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// As it is kept: what it is done to, and what is done.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $written),+ }
            }
        }
    };
}

actions! {
    SessionStarted => "session.started",
    SessionRefused => "session.refused",
    SessionEnded => "session.ended",
    SessionRevoked => "session.revoked",
    ViewAsStarted => "view_as.started",
    ViewAsEnded => "view_as.ended",
    PersonInvited => "person.invited",
    PersonJoined => "person.joined",
    PersonChanged => "person.changed",
    PersonDisabled => "person.disabled",
    PersonEnabled => "person.enabled",
    PasswordChanged => "password.changed",
    ResetLinkMade => "reset_link.made",
    TokenCreated => "token.created",
    TokenRevoked => "token.revoked",
    GroupCreated => "group.created",
    GroupDeleted => "group.deleted",
    MembersChanged => "group.members_changed",
    CollectionCreated => "collection.created",
    GrantChanged => "collection.grant_changed",
    DocumentPublished => "document.published",
    DocumentDeleted => "document.deleted",
    DocumentRestricted => "document.restricted",
    DocumentSeen => "document.seen",
    DocumentDownloaded => "document.downloaded",
    QuestionAsked => "question.asked",
    AnswerGiven => "answer.given",
    AnswerSeen => "answer.seen",
    FeedbackGiven => "feedback.given",
    QuestionClosed => "question.closed",
    AnswerVerified => "verified_answer.given",
    VerifiedRetired => "verified_answer.retired",
    ConversationShared => "conversation.shared",
    ConversationUnshared => "conversation.unshared",
    SearchMade => "search.made",
    SourceSought => "search.source_sought",
    TrailRead => "audit.read",
    RecordRead => "audit.record_read",
    TrailExported => "audit.exported",
    TrailCut => "audit.cut",
    PrivacyChanged => "audit.privacy_changed",
    DisclosureRequested => "pseudonym.requested",
    DisclosureApproved => "pseudonym.opened",
}

impl Action {
    /// Whether somebody does it as a user. What is done in office (publishing, editing, administration, looking at the trail) is done by name.
    #[must_use]
    pub(crate) const fn is_personal(self) -> bool {
        matches!(
            self,
            Self::SessionStarted
                | Self::SessionRefused
                | Self::SessionEnded
                | Self::SessionRevoked
                | Self::PasswordChanged
                | Self::TokenCreated
                | Self::TokenRevoked
                | Self::DocumentSeen
                | Self::DocumentDownloaded
                | Self::QuestionAsked
                | Self::AnswerGiven
                | Self::AnswerSeen
                | Self::FeedbackGiven
                | Self::ConversationShared
                | Self::ConversationUnshared
                | Self::SearchMade
        )
    }
}
