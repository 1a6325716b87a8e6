//! A question on its way into a conversation, where it is answered.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, header::ACCEPT},
    response::{IntoResponse, Json, Redirect, Response},
};
use catalog::{AnswerId, ConversationId};
use search::WrittenFilter;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
};

/// What a form asks.
#[derive(Deserialize)]
pub(crate) struct Asked {
    q: String,
    #[serde(default)]
    collection: String,
    #[serde(default)]
    conversation: String,
    #[serde(default, rename = "type")]
    formats: String,
    #[serde(default, rename = "language")]
    languages: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
}

/// A question that waits in its conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) question: String,
    pub(crate) collection: String,
    pub(crate) filter: WrittenFilter,
    /// The answer that it follows.
    pub(crate) after: Option<AnswerId>,
}

/// Takes the question in, and sends on to its conversation. A script gets the conversation's name instead.
pub(crate) async fn ask(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    // Said now, rather than in a conversation that has nothing else to show.
    let question = assistant::question::understand(&asked.q)?.text;
    let filter = WrittenFilter { formats: asked.formats, languages: asked.languages, since: asked.since, until: asked.until };
    filter.clone().read()?;
    state.limits().question(session.person().id)?;
    Asker::of(&state, session.clone(), asked.collection.clone()).await?;
    let conversations = state.catalog.conversations();
    let person = session.person().id;
    let known: Option<ConversationId> = asked.conversation.parse().ok();
    let after = match known {
        Some(id) => state.catalog.answers().last_of_conversation(id, person).await?,
        None => None,
    };
    let pending = json!(Pending { question: question.clone(), collection: asked.collection, filter, after });
    let id = match known {
        Some(id) if conversations.ask(id, person, &pending).await? => id,
        Some(_) => return Err(PageError::not_found("error-no-conversation")),
        None => conversations.begin(person, &question, Some(&pending)).await?,
    };
    if headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json") {
        return Ok(Json(json!({ "conversation": id })).into_response());
    }
    Ok(Redirect::to(&format!("/conversations/{id}")).into_response())
}
