use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Action, Actor, Object,
    pseudonyms::{keyed, pseudonym},
};
use crate::{PersonId, TokenId};

/// What is to be written into the trail.
#[derive(Debug)]
pub(crate) struct NewRecord {
    at: String,
    actor: String,
    is_personal: bool,
    action: &'static str,
    object: String,
    details: String,
}

/// How somebody does something who does not do it as themselves, with their own hands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whose view an administrator has taken on.
    pub viewing_as: Option<PersonId>,
    /// The token of the program that acts for them.
    pub token: Option<TokenId>,
}

impl Circumstances {
    /// Says so in the details of a record.
    pub(crate) fn tell(self, details: &mut Value) {
        if let Some(person) = self.viewing_as {
            details["viewing_as"] = json!(person);
        }
        if let Some(token) = self.token {
            details["token"] = json!(token);
        }
    }
}

/// A record of the trail, each field exactly as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct AuditRecord {
    /// From 1, without gaps.
    pub seq: i64,
    /// RFC 3339, in UTC, with microseconds.
    pub at: String,
    /// As [`Actor`] is written.
    pub actor: String,
    /// As [`Action`] is written.
    pub action: String,
    /// As [`Object`] is written; empty where there is none.
    pub object: String,
    /// A JSON object.
    pub details: String,
    /// BLAKE3 of all of it and of the hash before, as hex.
    pub hash: String,
}

impl NewRecord {
    /// `details` is an object, or null where there is nothing to say.
    pub(crate) fn new(at: DateTime<Utc>, actor: Actor, action: Action, object: Object, details: &Value) -> Self {
        let details = if details.is_null() { json!({}) } else { details.clone() };
        Self {
            at: at.to_rfc3339_opts(SecondsFormat::Micros, true),
            actor: actor.to_string(),
            is_personal: action.is_personal(),
            action: action.as_str(),
            object: object.to_string(),
            // PostgreSQL can't hold it.
            details: details.to_string().replace("\\u0000", ""),
        }
    }

    /// With pseudonyms by that key in place of people who act as users, where the trail is written so.
    pub(crate) fn under(mut self, key: Option<&str>, pseudonymous: bool) -> Self {
        let Some(key) = key.filter(|_| self.is_personal) else { return self };
        // The question may have been asked when the trail was written in the other way: neither the answer's id nor what stands for it may join the two.
        let looks_back = [Action::AnswerSeen.as_str(), Action::FeedbackGiven.as_str()].contains(&self.action);
        if let Some(answer) = self.object.strip_prefix("answer:").filter(|_| looks_back) {
            let way = if pseudonymous { "pseudonym" } else { "name" };
            self.object = format!("answer:{}", keyed(key, &format!("{way} {answer}")));
        }
        if !pseudonymous {
            return self;
        }
        let mut details: Value = serde_json::from_str(&self.details).unwrap_or_default();
        // An administrator who views as somebody, or ends somebody's sessions, does that in office: the pseudonym of neither may stand beside
        // the name of the other.
        let of_another = self.object.starts_with("person:") && self.object != self.actor;
        if details.get("viewing_as").is_some() || (of_another && self.actor.starts_with("person:")) {
            return self;
        }
        let hidden = |written: &str| match written.split_once(':') {
            Some(("person", person)) => pseudonym(key, person),
            // They stand beside names elsewhere: in what was written before, and in addresses.
            Some((kind @ ("session" | "token" | "conversation"), id)) => format!("{kind}:{}", keyed(key, id)),
            _ => written.to_owned(),
        };
        for kind in ["conversation", "token", "all_but"] {
            if let Some(id) = details[kind].as_str() {
                details[kind] = json!(keyed(key, id));
            }
        }
        // What a browser calls itself, and what somebody calls a program, may tell who they are.
        if let Some(details) = details.as_object_mut() {
            details.retain(|name, value| !matches!(name.as_str(), "agent" | "name") && !value.is_null());
        }
        // Whom somebody tried to sign in as is told to nobody.
        let object = if of_another { String::new() } else { hidden(&self.object) };
        Self { actor: hidden(&self.actor), object, details: details.to_string(), ..self }
    }

    pub(crate) fn after(self, seq: i64, previous: &str) -> AuditRecord {
        let Self { at, actor, action, object, details, .. } = self;
        let mut record = AuditRecord { seq, at, actor, action: action.to_owned(), object, details, hash: String::new() };
        record.hash = record.hash_after(previous);
        record
    }
}

impl AuditRecord {
    /// The hash that it must have after a record with that hash.
    pub(super) fn hash_after(&self, previous: &str) -> String {
        let Self { seq, at, actor, action, object, details, .. } = self;
        // As a JSON array, no text of one field can pass for another's.
        let all = json!([previous, seq, at, actor, action, object, details]).to_string();
        blake3::hash(all.as_bytes()).to_hex().to_string()
    }
}
