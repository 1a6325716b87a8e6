use std::{convert::Infallible, pin::pin, time::Duration};

use askama::Template;
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
use serde::Deserialize;

use super::home::collections;
use crate::{AppState, asker::Asker, assets, error::PageError, stream::Renderer};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// The page up to where the answer comes; what is below is written as it arrives.
#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage<'a> {
    question: &'a str,
    collections: Vec<String>,
    collection: &'a str,
}

/// Splits the rendered page: before it the head and the form, after it the foot.
const ANSWER_GOES_HERE: &str = "<!-- answer -->";

/// The whole answer as one page that grows while it is written: needs no script.
pub(crate) async fn page(State(state): State<AppState>, Query(asked): Query<Asked>, asker: Asker) -> Result<Response, PageError> {
    let question = asked.q.trim().to_owned();
    let page = AnswerPage { question: &question, collections: collections(&state).await?, collection: &asker.collection }.render()?;
    let (head, foot) = page.split_once(ANSWER_GOES_HERE).unwrap_or((&page, ""));
    let (head, foot) = (head.to_owned(), foot.to_owned());
    let pieces = pieces(&state, asker, question);
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
    asker: Asker,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, PageError> {
    let pieces = pieces(&state, asker, asked.q.trim().to_owned());
    let events = pieces.map(|piece| Ok(Event::default().event(piece.event).data(piece.html)));
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10))))
}

#[derive(Template)]
#[template(path = "answer/failed.html")]
struct Failed<'a> {
    message: &'a str,
}

fn pieces(state: &AppState, asker: Asker, question: String) -> impl Stream<Item = crate::stream::Piece> + use<> {
    let answer = state.assistant.answer(asker.reader, question, catalog::Filter::default());
    stream! {
        let mut renderer = Renderer::default();
        let mut answer = pin!(answer);
        while let Some(event) = answer.next().await {
            let piece = event.map_err(PageError::from).and_then(|event| renderer.render(event));
            match piece {
                Ok(piece) => yield piece,
                Err(error) => {
                    // Part of the page is out already: the failure becomes its last piece.
                    let message = error.to_string();
                    let html = Failed { message: &message }.render().unwrap_or(message);
                    yield crate::stream::Piece { event: "failed", html };
                    break;
                }
            }
        }
    }
}
