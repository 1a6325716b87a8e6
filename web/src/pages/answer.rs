use std::{convert::Infallible, pin::pin, time::Duration};

use askama::Template;
use assistant::Asked as Question;
use async_stream::stream;
use axum::{
    body::Body,
    extract::{Query, State},
    http::header::{CONTENT_TYPE, HeaderName},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};
use search::WrittenFilter;
use serde::Deserialize;

use super::ask_form::AskForm;
use crate::{
    AppState,
    asker::Asker,
    assets,
    error::PageError,
    stream::{Piece, Renderer},
};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    /// The answer that this question follows.
    after: Option<String>,
}

/// The page up to where the answer comes; what is below is written as it arrives.
#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage<'a> {
    question: &'a str,
    form: AskForm,
}

/// Splits the rendered page: before it the head and the form, after it the foot.
const ANSWER_GOES_HERE: &str = "<!-- answer -->";

/// The whole answer as one page that grows while it is written: needs no script.
pub(crate) async fn page(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
    Query(filter): Query<WrittenFilter>,
    asker: Asker,
) -> Result<Response, PageError> {
    let question = asked.q.trim().to_owned();
    let form = AskForm::new(&state, &asker, &question, filter.clone()).await?;
    let page = AnswerPage { question: &question, form }.render()?;
    let (head, foot) = page.split_once(ANSWER_GOES_HERE).unwrap_or((&page, ""));
    let (head, foot) = (head.to_owned(), foot.to_owned());
    let pieces = pieces(&state, asker, question, asked.after, filter);
    let body = stream! {
        yield Ok::<_, Infallible>(head);
        let mut pieces = pin!(pieces);
        while let Some(piece) = pieces.next().await {
            yield Ok(piece.html);
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
    Query(asked): Query<Asked>,
    Query(filter): Query<WrittenFilter>,
    asker: Asker,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let pieces = pieces(&state, asker, asked.q.trim().to_owned(), asked.after, filter);
    let events = pieces.map(|piece| Ok(Event::default().event(piece.event).data(piece.html)));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10))))
}

#[derive(Template)]
#[template(path = "answer/failed.html")]
struct Failed<'a> {
    message: &'a str,
}

/// Part of the page is out already: a failure becomes its last piece.
fn failed(error: &PageError) -> Piece {
    let message = error.to_string();
    let html = Failed { message: &message }.render().unwrap_or(message);
    Piece { event: "failed", html }
}

fn pieces(
    state: &AppState,
    asker: Asker,
    question: String,
    after: Option<String>,
    filter: WrittenFilter,
) -> impl Stream<Item = Piece> + use<> {
    let assistant = state.assistant.clone();
    // An address that somebody has shortened is a question of its own.
    let after = after.and_then(|id| id.parse().ok());
    stream! {
        let filter = match filter.read() {
            Ok(filter) => filter,
            Err(error) => {
                yield failed(&error.into());
                return;
            }
        };
        let mut renderer = Renderer::default();
        let mut answer = pin!(assistant.answer(asker.reader, Question { question, filter, after, conversation: None }));
        while let Some(event) = answer.next().await {
            let piece = event.map_err(PageError::from).and_then(|event| renderer.render(event));
            match piece {
                Ok(piece) => yield piece,
                Err(error) => {
                    yield failed(&error);
                    break;
                }
            }
        }
    }
}
