//! Conversations: one's own, and those that others share.

use assistant::recall;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use catalog::{Action, AnswerId, Conversation, ConversationId, Object};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::model::{ApiAnswer, Problem};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
};

/// Answers of a conversation in one response.
const ANSWERS: u32 = 50;

#[derive(Serialize, ToSchema)]
pub(super) struct ApiConversation {
    id: String,
    /// Its first question.
    title: String,
    /// Name of whoever asks in it.
    owner: String,
    /// Whether everybody who is signed in may look at it, each with their own rights.
    shared: bool,
    since: DateTime<Utc>,
    /// Where the portal shows it.
    href: String,
}

impl ApiConversation {
    fn of(known: Conversation, portal: &str) -> Self {
        Self {
            href: format!("{portal}/conversations/{}", known.id),
            id: known.id.to_string(),
            title: known.title,
            owner: known.owner,
            shared: known.shared_at.is_some(),
            since: known.created_at,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listed {
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: u32,
    #[serde(default)]
    #[param(maximum = 1_000_000_000)]
    offset: u32,
}

const fn twenty() -> u32 {
    20
}

#[derive(Serialize, ToSchema)]
pub(super) struct Conversations {
    conversations: Vec<ApiConversation>,
}

/// One's own conversations, the latest first
///
/// One begins with a question: `POST /api/v1/answers` with `"conversation": "new"`.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(Listed),
    responses((status = 200, body = Conversations), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Query(listed): Query<Listed>,
) -> Result<Json<Conversations>, PageError> {
    let offset = listed.offset.min(1_000_000_000);
    let known = state.catalog.conversations().of(session.person().id, listed.limit.clamp(1, 100), offset).await?;
    let conversations = known.into_iter().map(|known| ApiConversation::of(known, state.address())).collect();
    Ok(Json(Conversations { conversations }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Only what was asked before this answer.
    before: Option<String>,
}

/// A question, and what was answered.
#[derive(Serialize, ToSchema)]
pub(super) struct Exchange {
    /// Of the answer.
    id: String,
    question: String,
    at: DateTime<Utc>,
    /// Missing where it was never finished.
    answer: Option<ApiAnswer>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Whole {
    conversation: ApiConversation,
    /// The last 50, in their order.
    exchanges: Vec<Exchange>,
    /// How many were asked before the first of them.
    earlier: i64,
}

/// A conversation, with what may be read of it now
///
/// One's own, or one that is shared: its sources are those that the token may read.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}", tag = "conversations",
    params(("conversation" = String, Path, description = "Its id"), Page),
    responses((status = 200, body = Whole), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn show(
    State(state): State<AppState>,
    asker: Asker,
    Path(id): Path<String>,
    Query(Page { before }): Query<Page>,
) -> Result<Json<Whole>, PageError> {
    let id = parsed(&id)?;
    let before = before.map(|id| id.parse::<AnswerId>().map_err(|_| missing())).transpose()?;
    let conversation = state.catalog.conversations().get(id, asker.session.person().id).await?.ok_or_else(missing)?;
    let (answers, earlier) = state.catalog.answers().of_conversation(id, before, ANSWERS).await?;
    let mut exchanges = Vec::new();
    for known in answers {
        let recalled = recall(&asker.reader, &known).await?;
        let answer = recalled.map(|recalled| ApiAnswer::of(recalled, Some(id), state.address()));
        exchanges.push(Exchange { id: known.id.to_string(), question: known.question, at: known.created_at, answer });
    }
    // Nothing is shown that is not written down.
    asker.session.note(Action::AnswerSeen, Object::Conversation(id), &json!(null)).await?;
    Ok(Json(Whole { conversation: ApiConversation::of(conversation, state.address()), exchanges, earlier }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sharing {
    shared: bool,
}

/// Shares one's own conversation inside the company, or ends that
#[utoipa::path(put, path = "/api/v1/conversations/{conversation}/shared", tag = "conversations", request_body = Sharing,
    params(("conversation" = String, Path, description = "Its id")),
    responses((status = 204, description = "Done"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn share(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
    Json(Sharing { shared }): Json<Sharing>,
) -> Result<StatusCode, PageError> {
    let done = state.catalog.conversations().share(parsed(&id)?, session.person().id, shared).await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}

/// Takes one's own conversation out of the list
///
/// The answers stay in the record of answers, for auditors.
#[utoipa::path(delete, path = "/api/v1/conversations/{conversation}", tag = "conversations",
    params(("conversation" = String, Path, description = "Its id")),
    responses((status = 204, description = "Done"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, PageError> {
    let done = state.catalog.conversations().delete(parsed(&id)?, session.person().id).await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(missing()) }
}

fn missing() -> PageError {
    PageError::not_found("error-no-conversation")
}

fn parsed(id: &str) -> Result<ConversationId, PageError> {
    id.parse().map_err(|_| missing())
}
