//! Questions, and the answers that were given to them.

use std::{convert::Infallible, pin::pin, time::Duration};

use assistant::{AnswerEvent, Asked, Recalled, recall};
use async_stream::stream;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, StatusCode, header::ACCEPT},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use catalog::{Action, AnswerId, AnswerRecord, ConversationId, FeedbackVerdict, Object, PersonId};
use futures::{Stream, StreamExt};
use search::WrittenFilter;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::model::{ApiAnswer, ApiCitation, ApiSentence, Problem};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
    frame::Frame,
    opinion,
};

/// A proxy in between must neither wait for the end, nor take silence for it.
pub(super) const UNBUFFERED: [(HeaderName, &str); 1] = [(HeaderName::from_static("x-accel-buffering"), "no")];
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(10);

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[schema(min_length = 1, max_length = 2000)]
    question: String,
    /// Only in this collection.
    #[serde(default)]
    collection: String,
    /// One's own conversation, or "new" for a new one. The question follows what was asked in it last.
    #[serde(default)]
    conversation: Option<String>,
    /// The answer that this question follows, where it is another: "and for part-time staff?"
    #[serde(default)]
    after: Option<String>,
    /// Types of documents, separated by commas: "pdf,docx".
    #[serde(default)]
    r#type: String,
    /// Languages, separated by commas: "de,en".
    #[serde(default)]
    language: String,
    /// Not before this day: "2024-01-31".
    #[serde(default)]
    since: String,
    /// Not after this day.
    #[serde(default)]
    until: String,
}

/// Asks a question
///
/// With `Accept: text/event-stream` the answer comes as it is found: `quotes` (the evidence), `waiting`, `sentence` (verified; its numbers are
/// those of `quotes`), `abstained` (what comes nearest), at last `done` with the whole answer, or `failed` with a problem.
#[utoipa::path(post, path = "/api/v1/answers", tag = "answers", request_body = Question,
    responses((status = 200, description = "The answer, recorded", body = ApiAnswer), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn ask(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    headers: HeaderMap,
    Json(question): Json<Question>,
) -> Result<Response, PageError> {
    let Question { question, collection, conversation, after, r#type, language, since, until } = question;
    let filter = WrittenFilter { formats: r#type, languages: language, since, until }.read()?;
    // Said now, with a status that tells it.
    assistant::question::understand(&question)?;
    let no_answer = || PageError::not_found("error-missing");
    let after = after.map(|id| id.parse::<AnswerId>()).transpose().map_err(|_| no_answer())?;
    let person = session.person().id;
    if let Some(id) = after {
        state.catalog.answers().get(id).await?.filter(|known| known.person == Some(person)).ok_or_else(no_answer)?;
    }
    state.limits().question(person)?;
    let asker = Asker::of(&state, session, collection).await?;
    let (conversation, last) = place(&state, person, conversation.as_deref(), &question).await?;
    let circumstances = asker.session.circumstances();
    let after = after.or(last);
    let asked = Asked { question, filter, after, person: Some(person), circumstances, conversation, hands_on: true, ..Asked::default() };
    let streamed = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/event-stream"));
    let events = state.assistant.answer(asker.reader, asked);
    let portal = state.address().to_owned();
    if streamed {
        let events = told(events, conversation, portal)
            .map(|(event, data)| Ok::<_, Infallible>(Event::default().event(event).data(data.to_string())));
        let events = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
        return Ok((UNBUFFERED, events).into_response());
    }
    let answer = whole(events).await?;
    Ok(Json(ApiAnswer::of(Recalled { answer, withheld: false }, conversation, &portal)).into_response())
}

/// The answer at the end of its events.
pub(super) async fn whole(events: impl Stream<Item = assistant::Result<AnswerEvent>>) -> Result<assistant::Answer, PageError> {
    let mut events = pin!(events);
    while let Some(event) = events.next().await {
        if let AnswerEvent::Done(answer) = event? {
            return Ok(*answer);
        }
    }
    Err(PageError::said("error-internal", StatusCode::INTERNAL_SERVER_ERROR))
}

/// The conversation that was named, or a new one; and the answer that was given in it last.
async fn place(
    state: &AppState,
    person: PersonId,
    wanted: Option<&str>,
    question: &str,
) -> Result<(Option<ConversationId>, Option<AnswerId>), PageError> {
    let conversations = state.catalog.conversations();
    let missing = || PageError::not_found("error-no-conversation");
    match wanted {
        None => Ok((None, None)),
        Some("new") => Ok((Some(conversations.begin(person, question, None).await?), None)),
        Some(id) => {
            let id: ConversationId = id.parse().map_err(|_| missing())?;
            // Others may look at one that is shared, and ask in their own.
            conversations.get(id, person).await?.filter(|known| known.person_id == person).ok_or_else(missing)?;
            Ok((Some(id), state.catalog.answers().last_of_conversation(id, person).await?))
        }
    }
}

fn told(
    events: impl Stream<Item = assistant::Result<AnswerEvent>>,
    conversation: Option<ConversationId>,
    portal: String,
) -> impl Stream<Item = (&'static str, Value)> {
    stream! {
        let mut events = pin!(events);
        while let Some(event) = events.next().await {
            let cited = |quotes: &[assistant::Citation]| json!(quotes.iter().map(|quote| ApiCitation::of(quote, &portal)).collect::<Vec<_>>());
            match event {
                Ok(AnswerEvent::Quotes(quotes)) => yield ("quotes", cited(&quotes)),
                Ok(AnswerEvent::Waiting { ahead }) => yield ("waiting", json!({ "ahead": ahead })),
                Ok(AnswerEvent::Sentence(s)) => yield ("sentence", json!(ApiSentence { text: s.text, citations: s.citations })),
                Ok(AnswerEvent::Abstained { nearest }) => yield ("abstained", cited(&nearest)),
                Ok(AnswerEvent::Done(answer)) => {
                    yield ("done", json!(ApiAnswer::of(Recalled { answer: *answer, withheld: false }, conversation, &portal)));
                }
                Err(error) => {
                    yield ("failed", json!({ "detail": PageError::from(error).sentence(&Frame::default()) }));
                    return;
                }
            }
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listed {
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: u32,
}

const fn twenty() -> u32 {
    20
}

#[derive(Serialize, ToSchema)]
pub(super) struct Given {
    id: String,
    question: String,
    /// "answered", "quoted", "abstained", or "open": it was never finished.
    status: String,
    at: chrono::DateTime<chrono::Utc>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Answers {
    answers: Vec<Given>,
}

/// What was answered to oneself, the latest first
#[utoipa::path(get, path = "/api/v1/answers", tag = "answers", params(Listed),
    responses((status = 200, body = Answers), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Query(listed): Query<Listed>,
) -> Result<Json<Answers>, PageError> {
    let known = state.catalog.answers().recent(Some(session.person().id), listed.limit.clamp(1, 100)).await?;
    let given =
        |known: AnswerRecord| Given { id: known.id.to_string(), question: known.question, status: known.status, at: known.created_at };
    Ok(Json(Answers { answers: known.into_iter().map(given).collect() }))
}

/// An answer that was given to oneself, with what may be read of it now
#[utoipa::path(get, path = "/api/v1/answers/{answer}", tag = "answers", params(("answer" = String, Path, description = "Its id")),
    responses((status = 200, body = ApiAnswer), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn show(State(state): State<AppState>, asker: Asker, Path(id): Path<String>) -> Result<Json<ApiAnswer>, PageError> {
    let missing = || PageError::not_found("error-missing");
    let id: AnswerId = id.parse().map_err(|_| missing())?;
    let known = state.catalog.answers().get(id).await?.filter(|known| known.person == Some(asker.session.person().id));
    let known = known.ok_or_else(missing)?;
    let conversation = known.conversation;
    let recalled = recall(&asker.reader, &known).await?.ok_or_else(missing)?;
    // Nothing is shown that is not written down.
    asker.session.note(Action::AnswerSeen, Object::Answer(id), &json!(null)).await?;
    Ok(Json(ApiAnswer::of(recalled, conversation, state.address())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Opinion {
    /// "helpful", "wrong" or "missing"; what is not helpful goes to the editors of the documents.
    verdict: String,
    #[serde(default)]
    #[schema(max_length = 1000)]
    comment: String,
}

/// Says what one thinks of an answer
#[utoipa::path(put, path = "/api/v1/answers/{answer}/feedback", tag = "answers", request_body = Opinion,
    params(("answer" = String, Path, description = "Its id")),
    responses((status = 204, description = "Kept, in place of what was said before"), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn feedback(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
    Json(Opinion { verdict, comment }): Json<Opinion>,
) -> Result<StatusCode, PageError> {
    let id: AnswerId = id.parse().map_err(|_| PageError::not_found("error-missing"))?;
    let verdict =
        FeedbackVerdict::named(&verdict).ok_or_else(|| PageError::invalid("verdict is \"helpful\", \"wrong\" or \"missing\"."))?;
    opinion::keep(&state, &session, id, verdict, &comment).await?;
    Ok(StatusCode::NO_CONTENT)
}
