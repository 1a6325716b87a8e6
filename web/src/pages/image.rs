//! The image of a page, drawn when it is asked for.

use std::time::Duration;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use catalog::{Action, ErrorKind, Format, Object};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::document::find;
use crate::{AppState, asker::Asker, error::PageError};

/// Enough for a page that fills half of a wide screen, or all of a sharp phone.
const WIDTH: u16 = 1400;

#[derive(Deserialize)]
pub(crate) struct Which {
    pub(crate) revision: Option<String>,
}

/// A reader who waits longer for a turn has gone on.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, i32)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
    asker: Asker,
) -> Result<Response, PageError> {
    let (document, revision) = find(&asker.reader, &id, which.revision.as_deref()).await?;
    let missing = || PageError::not_found("error-no-image");
    if document.format != Format::Pdf || asker.reader.page(revision, number).await?.is_none() {
        return Err(missing());
    }
    let hash = asker.reader.content_hash(revision).await?.ok_or_else(missing)?;
    // Its image never changes, but who may see it does: a browser asks each time, and is told that it has it already.
    let tag = format!("\"{hash}-{number}-{WIDTH}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let caching = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    // Nothing is shown that is not written down.
    asker.session.note(Action::DocumentSeen, Object::Document(document.id), &json!({ "revision": revision, "image": number })).await?;
    // The file is in memory only for whose turn it is.
    let busy = || PageError::said("error-drawing-busy", StatusCode::SERVICE_UNAVAILABLE);
    let _turn = timeout(PATIENCE, state.drawing.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    // Kept by its hash, so that what is read is what was cited.
    let bytes = tokio::fs::read(state.originals.path(&hash)).await.map_err(|error| {
        tracing::error!(%error, document = %document.id, "image.original");
        missing()
    })?;
    let image = state
        .workers
        .draw(bytes, number, WIDTH)
        .await
        .map_err(|reason| PageError::new(ErrorKind::Unavailable, format!("This page could not be drawn: the file {reason}.")))?;
    Ok(([(header::CONTENT_TYPE, "image/png")], caching, image).into_response())
}
