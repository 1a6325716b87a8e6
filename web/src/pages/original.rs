//! The file that a document was read from.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use catalog::{Action, Object};
use serde::Deserialize;
use serde_json::json;

use super::document::find;
use crate::{AppState, asker::Asker, error::PageError, visit::escaped};

#[derive(Deserialize)]
pub(crate) struct Which {
    pub(crate) revision: Option<String>,
}

pub(crate) async fn download(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(which): Query<Which>,
    asker: Asker,
) -> Result<Response, PageError> {
    let (document, revision) = find(&asker.reader, &id, which.revision.as_deref()).await?;
    let missing = || PageError::not_found("error-no-original");
    let hash = asker.reader.content_hash(revision).await?.ok_or_else(missing)?;
    let file = tokio::fs::File::open(state.originals.path(&hash)).await.map_err(|error| {
        tracing::error!(%error, document = %document.id, "original.open");
        missing()
    })?;
    let length = file.metadata().await.map_err(|_| missing())?.len();
    asker
        .session
        .note(Action::DocumentDownloaded, Object::Document(document.id), &json!({ "revision": revision, "content": hash }))
        .await?;
    let name = document.path.rsplit('/').next().unwrap_or_default();
    // Never shown by the browser itself, in the portal's name: an HTML file would run there.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", escaped(name).replace('/', "%2F"))),
        (header::CONTENT_LENGTH, length.to_string()),
        (HeaderName::from_static("x-download-options"), "noopen".to_owned()),
    ];
    let body = axum::body::Body::from_stream(tokio_util::io::ReaderStream::new(file));
    Ok((headers, body).into_response())
}
