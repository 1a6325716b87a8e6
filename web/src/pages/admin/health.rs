//! How the server is, and what it is at.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use catalog::{JobId, JobStatus, PUBLISH};
use serde::Deserialize;

use crate::{
    AppState, Vital,
    asker::Administrator,
    assets,
    error::PageError,
    frame::Frame,
    pages::publish::{Row, rows_of_all},
};

#[derive(Template)]
#[template(path = "admin/health.html")]
struct Health<'a> {
    frame: &'a Frame,
    vitals: Vec<Vital>,
}

pub(crate) async fn show(State(state): State<AppState>, _: Administrator, frame: Frame) -> Result<Html<String>, PageError> {
    let vitals = state.vitals().await;
    Ok(Html(Health { frame: &frame, vitals }.render()?))
}

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct Jobs<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
    failed_only: bool,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    show: String,
}

pub(crate) async fn jobs(
    State(state): State<AppState>,
    Administrator { administration, .. }: Administrator,
    frame: Frame,
    Query(Wanted { show }): Query<Wanted>,
) -> Result<Html<String>, PageError> {
    let failed_only = show == "failed";
    let collections = administration.collections().await?.into_iter().map(|known| (known.id, known.name)).collect::<Vec<_>>();
    let mut rows = rows_of_all(&state, &frame, &collections).await?;
    rows.retain(|row| !failed_only || row.is_failure);
    Ok(Html(Jobs { frame: &frame, rows, failed_only }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Reads a file again that could not be read.
pub(crate) async fn retry(
    State(state): State<AppState>,
    _: Administrator,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Redirect, PageError> {
    let missing = || PageError::not_found("error-missing");
    let id: JobId = id.parse().map_err(|_| missing())?;
    let job = state.catalog.jobs().get(id).await?.ok_or_else(missing)?;
    if job.kind != PUBLISH || job.status != JobStatus::Failed {
        return Err(missing());
    }
    state.catalog.jobs().enqueue(PUBLISH, job.payload.0).await?;
    state.wake_worker();
    Ok(Redirect::to("/admin/jobs"))
}
