//! Publishing, for a token that may.

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::StatusCode,
};
use catalog::{JobId, JobStatus, PUBLISH, Upload};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Problem;
use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
    frame::Frame,
    pages::publish,
};

/// The collection's name first, then files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what a form holds, which is read field by field")]
pub(super) struct Form {
    collection: String,
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Accepted {
    file: String,
    /// Tells how far it is.
    job: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Refused {
    file: String,
    reason: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TakenIn {
    accepted: Vec<Accepted>,
    refused: Vec<Refused>,
}

/// Publishes files
///
/// What is accepted is on the disk, and is read in a moment; a file of the same name is a new version of the same document.
#[utoipa::path(post, path = "/api/v1/documents", tag = "publishing", request_body(content = Form, content_type = "multipart/form-data"),
    responses((status = 202, body = TakenIn), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 413, body = Problem)))]
pub(super) async fn publish(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    frame: Frame,
    form: Multipart,
) -> Result<(StatusCode, Json<TakenIn>), PageError> {
    let mut taken = publish::take_in(&state, &session, form).await?;
    // Where nothing was taken the whole has failed.
    if let (true, Some((_, error))) = (taken.accepted.is_empty(), taken.refused.pop()) {
        return Err(error);
    }
    if taken.accepted.is_empty() {
        return Err(PageError::said("publish-nothing", StatusCode::BAD_REQUEST));
    }
    let accepted = taken.accepted.into_iter().map(|(file, job)| Accepted { file, job: job.to_string() });
    let refused = taken.refused.into_iter().map(|(file, error)| Refused { file, reason: error.sentence(&frame) });
    Ok((StatusCode::ACCEPTED, Json(TakenIn { accepted: accepted.collect(), refused: refused.collect() })))
}

#[derive(Serialize, ToSchema)]
pub(super) struct ApiJob {
    id: String,
    file: String,
    /// "waiting", "running", "done", "failed", or "replaced": a newer version came before it was read, and has a job of its own.
    state: String,
    /// Pages that are read, of how many; 0 of 0 before it is known.
    done: i64,
    total: i64,
    /// What went wrong.
    error: Option<String>,
    /// The document, once it can be asked.
    document: Option<String>,
}

/// How far the reading of a file is
#[utoipa::path(get, path = "/api/v1/jobs/{job}", tag = "publishing", params(("job" = String, Path, description = "As publishing told it")),
    responses((status = 200, body = ApiJob), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn job(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Path(id): Path<String>,
) -> Result<Json<ApiJob>, PageError> {
    let missing = || PageError::not_found("error-missing");
    let id: JobId = id.parse().map_err(|_| missing())?;
    let job = state.catalog.jobs().get(id).await?.filter(|job| job.kind == PUBLISH).ok_or_else(missing)?;
    let upload: Upload = serde_json::from_value(job.payload.0).map_err(|_| missing())?;
    // As in the portal: whoever may publish in the collection sees what is published there.
    if !session.editable().await?.iter().any(|known| known.0 == upload.collection) {
        return Err(missing());
    }
    let state = match job.status {
        JobStatus::Available => "waiting",
        JobStatus::Running => "running",
        JobStatus::Succeeded if job.result.as_ref().is_some_and(|result| result.0["replaced"] == true) => "replaced",
        JobStatus::Succeeded => "done",
        JobStatus::Failed => "failed",
    };
    Ok(Json(ApiJob {
        id: id.to_string(),
        file: upload.path.rsplit('/').next().unwrap_or_default().to_owned(),
        state: state.to_owned(),
        done: job.done,
        total: job.total,
        error: job.error,
        document: job.result.and_then(|result| result.0["document"].as_str().map(str::to_owned)),
    }))
}

/// Deletes a document
#[utoipa::path(delete, path = "/api/v1/documents/{document}", tag = "publishing", params(("document" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone for everybody"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub(super) async fn delete(State(state): State<AppState>, asker: Asker, Path(id): Path<String>) -> Result<StatusCode, PageError> {
    publish::remove(&state, &asker, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
