//! What is asked of a model.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug)]
pub struct Request {
    /// In order; the last one is usually the user's.
    pub messages: Vec<Message>,
    /// The answer's length at most. It is set aside in the context, so a prompt may be that much shorter.
    pub max_tokens: usize,
    /// The answer ends before any of these; they are never let out.
    pub stop: Vec<String>,
    /// Who asks, by any name. Requests of one asker take turns with those of others; one without a name counts as somebody else's.
    pub asker: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

impl Message {
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: Role::System, content: content.into() }
    }

    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }

    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}
