//! The image of a page, drawn when it is asked for.

use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use catalog::{ErrorKind, Format};
use serde::Deserialize;

use super::document::find;
use crate::{AppState, asker::Asker, error::PageError};

/// Enough for a page that fills half of a wide screen, or all of a sharp phone.
const WIDTH: u16 = 1400;

#[derive(Deserialize)]
pub(crate) struct Which {
    revision: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, i32)>,
    Query(which): Query<Which>,
    asker: Asker,
) -> Result<impl IntoResponse + use<>, PageError> {
    let (document, revision) = find(&asker.reader, &id, which.revision.as_deref()).await?;
    let missing = || PageError::not_found("There is no image of this page.");
    if document.format != Format::Pdf || asker.reader.page(revision, number).await?.is_none() {
        return Err(missing());
    }
    let hash = asker.reader.content_hash(revision).await?.ok_or_else(missing)?;
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
    // A revision never changes; whoever may no longer read it must not find it in a shared cache.
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=3600")], image))
}
