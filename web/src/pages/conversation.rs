//! A conversation: what was asked and answered, and the question that waits, which is answered as the page is read.

use std::{convert::Infallible, pin::pin, time::Duration};

use askama::Template;
use assistant::{Asked, Recalled, recall};
use async_stream::stream;
use axum::{
    Form,
    body::Body,
    extract::{Path, Query, State},
    http::{
        Method,
        header::{CONTENT_TYPE, HeaderName},
    },
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use catalog::{Action, AnswerId, AnswerRecord, Conversation, ConversationId, FeedbackVerdict, Object};
use futures::{Stream, StreamExt};
use search::WrittenFilter;
use serde::Deserialize;
use serde_json::json;

use super::{ask::Pending, ask_form::AskForm};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    assets,
    error::PageError,
    frame::Frame,
    opinion,
    stream::{Opinion, Piece, Renderer},
};

/// The page up to where the answer comes; what is below is written as it arrives.
#[derive(Template)]
#[template(path = "conversation.html")]
struct ConversationPage<'a> {
    frame: &'a Frame,
    id: ConversationId,
    title: &'a str,
    owner: &'a str,
    own: bool,
    shared: bool,
    link: String,
    exchanges: Vec<String>,
    /// The first that is shown, where there are others before it.
    earlier: Option<AnswerId>,
    /// Whether those before are shown.
    is_earlier: bool,
    pending: Option<&'a str>,
    form: AskForm,
}

#[derive(Template)]
#[template(path = "exchange.html")]
struct Exchange<'a> {
    frame: &'a Frame,
    id: AnswerId,
    question: &'a str,
    answer: Option<Vec<String>>,
    withheld: bool,
    /// Whether an editor has answered the question since.
    since: bool,
}

/// Answers of one page.
const SHOWN: u32 = 50;
/// Splits the rendered page: before it the head and what was answered, after it the form.
const ANSWER_GOES_HERE: &str = "<!-- answer -->";

/// One that whoever asks may look at.
async fn find(state: &AppState, asker: &Asker, id: &str) -> Result<Conversation, PageError> {
    let missing = || PageError::not_found("error-no-conversation");
    let id: ConversationId = id.parse().map_err(|_| missing())?;
    state.catalog.conversations().get(id, asker.session.person().id).await?.ok_or_else(missing)
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Only what was asked before this answer.
    #[serde(default)]
    before: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(Wanted { before }): Query<Wanted>,
    method: Method,
    asker: Asker,
    frame: Frame,
) -> Result<Response, PageError> {
    let conversation = find(&state, &asker, &id).await?;
    let own = conversation.person_id == asker.session.person().id;
    let before = before.parse().ok();
    let (answers, earlier) = state.catalog.answers().of_conversation(conversation.id, before, SHOWN).await?;
    let mut exchanges = Vec::new();
    for (nth, known) in (earlier..).zip(&answers) {
        exchanges.push(exchange(&state, &frame, &asker, known, nth).await?);
    }
    // Nothing is shown that is not written down.
    if !answers.is_empty() {
        asker.session.note(Action::AnswerSeen, Object::Conversation(conversation.id), &json!(null)).await?;
    }
    // Asked for its head alone, or for what came before, it is not read.
    let pending = if own && method == Method::GET && before.is_none() { take(&state, &asker, conversation.id).await? } else { None };
    let form = AskForm::new(&frame, &asker, "", WrittenFilter::default(), Some(conversation.id)).await?;
    let page = ConversationPage {
        frame: &frame,
        id: conversation.id,
        title: &conversation.title,
        owner: &conversation.owner,
        own,
        shared: conversation.shared_at.is_some(),
        link: format!("{}/conversations/{}", state.address(), conversation.id),
        pending: pending.as_ref().map(|pending| pending.question.as_str()),
        earlier: answers.first().filter(|_| earlier > 0).map(|first| first.id),
        is_earlier: before.is_some(),
        exchanges,
        form,
    };
    let page = page.render()?;
    let (head, foot) = page.split_once(ANSWER_GOES_HERE).unwrap_or((&page, ""));
    let (head, foot) = (head.to_owned(), foot.to_owned());
    let nth = earlier + i64::try_from(answers.len()).unwrap_or(i64::MAX);
    let pieces = pending.map(|pending| pieces(&state, &asker, conversation.id, pending, frame.clone(), nth));
    let body = stream! {
        yield Ok::<_, Infallible>(head);
        if let Some(pieces) = pieces {
            let mut pieces = pin!(pieces);
            while let Some(piece) = pieces.next().await {
                yield Ok(piece.html);
            }
        }
        yield Ok(foot);
    };
    // A proxy in between must not wait for the end of the page.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8"), unbuffered], Body::from_stream(body)).into_response())
}

/// The same pieces, for the script.
pub(crate) async fn events(
    State(state): State<AppState>,
    Path(id): Path<String>,
    asker: Asker,
    frame: Frame,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let conversation = find(&state, &asker, &id).await?;
    let pending = take(&state, &asker, conversation.id).await?.ok_or_else(|| PageError::not_found("error-nothing-asked"))?;
    let (_, nth) = state.catalog.answers().of_conversation(conversation.id, None, 0).await?;
    let pieces = pieces(&state, &asker, conversation.id, pending, frame, nth);
    let events = pieces.map(|piece| Ok(Event::default().event(piece.event).data(piece.html)));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10))))
}

async fn take(state: &AppState, asker: &Asker, id: ConversationId) -> Result<Option<Pending>, PageError> {
    let taken = state.catalog.conversations().take_pending(id, asker.session.person().id).await?;
    Ok(taken.and_then(|pending| serde_json::from_value(pending).ok()))
}

/// A given answer, with what this reader may see of it.
async fn exchange(state: &AppState, frame: &Frame, asker: &Asker, known: &AnswerRecord, nth: i64) -> Result<String, PageError> {
    let recalled = recall(&asker.reader, known).await?;
    let person = asker.session.person().id;
    let opinion = match opinion::is_asked_of(known, &asker.session) {
        true => Some(state.catalog.questions().feedback(known.id, person).await?.into()),
        false => None,
    };
    let (answer, withheld) = match recalled {
        None => (None, false),
        Some(Recalled { answer, withheld }) => {
            let pieces = Renderer::new(frame.clone(), nth, known.conversation, opinion).whole(&answer)?;
            (Some(pieces.into_iter().map(|piece| piece.html).collect()), withheld)
        }
    };
    let since = state.assistant.was_answered_since(&asker.reader, known).await?;
    Ok(Exchange { frame, id: known.id, question: &known.question, answer, withheld, since }.render()?)
}

#[derive(Template)]
#[template(path = "answer/failed.html")]
struct Failed<'a> {
    frame: &'a Frame,
    message: &'a str,
}

/// Part of the page is out already: a failure becomes its last piece.
fn failed(frame: &Frame, error: &PageError) -> Piece {
    let message = error.sentence(frame);
    let html = Failed { frame, message: &message }.render().unwrap_or(message);
    Piece { event: "failed", html }
}

fn pieces(
    state: &AppState,
    asker: &Asker,
    conversation: ConversationId,
    pending: Pending,
    frame: Frame,
    nth: i64,
) -> impl Stream<Item = Piece> + use<> {
    let (state, session) = (state.clone(), asker.session.clone());
    let person = session.person().id;
    stream! {
        let Pending { question, collection, filter, after } = pending;
        let asker = Asker::of(&state, session, collection).await;
        let (asker, filter) = match (asker, filter.read().map_err(PageError::from)) {
            (Ok(asker), Ok(filter)) => (asker, filter),
            (Err(error), _) | (_, Err(error)) => {
                yield failed(&frame, &error);
                return;
            }
        };
        let circumstances = asker.session.circumstances();
        let hands_on = circumstances.viewing_as.is_none();
        let mut renderer = Renderer::new(frame.clone(), nth, Some(conversation), hands_on.then(Opinion::default));
        let asked = Asked {
            question,
            filter,
            after,
            person: Some(person),
            circumstances,
            conversation: Some(conversation),
            hands_on,
            ..Asked::default()
        };
        let mut answer = pin!(state.assistant.answer(asker.reader, asked));
        while let Some(event) = answer.next().await {
            let piece = event.map_err(PageError::from).and_then(|event| renderer.render(event));
            match piece {
                Ok(piece) => yield piece,
                Err(error) => {
                    yield failed(&frame, &error);
                    break;
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Shared {
    shared: String,
}

pub(crate) async fn share(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
    Form(Shared { shared }): Form<Shared>,
) -> Result<Redirect, PageError> {
    let missing = || PageError::not_found("error-no-conversation");
    let conversation: ConversationId = id.parse().map_err(|_| missing())?;
    // Of one's own only, not of whom one views as.
    if !state.catalog.conversations().share(conversation, session.person().id, shared == "yes").await? {
        return Err(missing());
    }
    Ok(Redirect::to(&format!("/conversations/{conversation}")))
}

pub(crate) async fn delete(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    let missing = || PageError::not_found("error-no-conversation");
    let conversation: ConversationId = id.parse().map_err(|_| missing())?;
    if !state.catalog.conversations().delete(conversation, session.person().id).await? {
        return Err(missing());
    }
    Ok(Redirect::to("/conversations"))
}

#[derive(Deserialize)]
pub(crate) struct Said {
    verdict: String,
    #[serde(default)]
    comment: String,
}

/// What whoever asked thinks of an answer.
pub(crate) async fn feedback(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
    Form(Said { verdict, comment }): Form<Said>,
) -> Result<Redirect, PageError> {
    let missing = || PageError::not_found("error-missing");
    let id: AnswerId = id.parse().map_err(|_| missing())?;
    // Of one's own only, not of whom one views as.
    if session.viewing_as().is_some() {
        return Err(catalog::Error::Forbidden.into());
    }
    let conversation = opinion::keep(&state, &session, id, FeedbackVerdict::named(&verdict).ok_or_else(missing)?, &comment).await?;
    Ok(match conversation {
        Some(conversation) => Redirect::to(&format!("/conversations/{conversation}#answer-{id}")),
        None => Redirect::to("/"),
    })
}
