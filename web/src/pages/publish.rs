//! Publishing: files go into a collection, and a job reads each of them.

use std::time::Duration;

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, Query, State, multipart::Field},
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{Html, IntoResponse, Json, Redirect, Response},
};
use catalog::{CollectionId, Incoming, Job, JobId, JobStatus, PUBLISH, Session, TIDY, Upload, WATCH};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::document::find;
use crate::{
    AppState,
    asker::{Asker, Visitor},
    assets,
    error::PageError,
    frame::Frame,
    view::said_of_setback,
};

/// Files of one form.
const MAX_FILES: usize = 1000;
/// Bytes of a field that is no file.
const MAX_TEXT: usize = 1000;
/// A sender that says nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// Jobs that are looked through for those to show.
const RECENT: u32 = 500;
const SHOWN: usize = 50;
/// Files of a folder that are named with what is wrong with them.
const MOST_FAILURES: usize = 10;

#[derive(Template)]
#[template(path = "publish.html")]
struct Publish<'a> {
    frame: &'a Frame,
    error: Option<String>,
    collections: Vec<String>,
    chosen: String,
    refused: Vec<(String, String)>,
    limit: i64,
    jobs: Vec<Row>,
    unfinished: bool,
}

#[derive(Template)]
#[template(path = "publish_jobs.html")]
struct JobList<'a> {
    frame: &'a Frame,
    jobs: Vec<Row>,
    unfinished: bool,
}

/// A file that was published, and how far it is.
pub(crate) struct Row {
    pub(crate) id: JobId,
    pub(crate) name: String,
    pub(crate) collection: String,
    pub(crate) when: String,
    pub(crate) state: String,
    pub(crate) is_failure: bool,
    /// Whether an administrator may have it done again.
    pub(crate) can_retry: bool,
    pub(crate) href: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    collection: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    frame: Frame,
    Query(Chosen { collection }): Query<Chosen>,
) -> Result<Html<String>, PageError> {
    page(&state, &session, &frame, collection, Vec::new(), None).await
}

async fn page(
    state: &AppState,
    session: &Session,
    frame: &Frame,
    chosen: String,
    refused: Vec<(String, String)>,
    error: Option<String>,
) -> Result<Html<String>, PageError> {
    let editable = session.editable().await?;
    if editable.is_empty() && !frame.administers() {
        return Err(catalog::Error::Forbidden.into());
    }
    let (jobs, unfinished) = jobs(state, frame, &editable).await?;
    let collections = editable.into_iter().map(|known| known.1).collect();
    let limit = i64::try_from(state.max_file_bytes() >> 20).unwrap_or(i64::MAX);
    Ok(Html(Publish { frame, error, collections, chosen, refused, limit, jobs, unfinished }.render()?))
}

/// The list alone, for the script that keeps it up to date.
pub(crate) async fn list(State(state): State<AppState>, Visitor(session): Visitor, frame: Frame) -> Result<Html<String>, PageError> {
    let (jobs, unfinished) = jobs(&state, &frame, &session.editable().await?).await?;
    Ok(Html(JobList { frame: &frame, jobs, unfinished }.render()?))
}

async fn jobs(state: &AppState, frame: &Frame, editable: &[(CollectionId, String)]) -> Result<(Vec<Row>, bool), PageError> {
    let mut rows = Vec::new();
    let mut unfinished = false;
    for job in state.catalog.jobs().recent(RECENT).await?.into_iter().filter(|job| job.kind == PUBLISH) {
        let Ok(upload) = serde_json::from_value::<Upload>(job.payload.0.clone()) else { continue };
        let Some((_, collection)) = editable.iter().find(|known| known.0 == upload.collection) else { continue };
        unfinished |= matches!(job.status, JobStatus::Available | JobStatus::Running);
        if rows.len() < SHOWN {
            rows.push(row(frame, &job, &upload, collection));
        }
    }
    Ok((rows, unfinished))
}

/// All that were published lately, for whoever sees every collection.
pub(crate) async fn rows_of_all(state: &AppState, frame: &Frame, collections: &[(CollectionId, String)]) -> Result<Vec<Row>, PageError> {
    let mut rows = Vec::new();
    for job in state.catalog.jobs().recent(RECENT).await? {
        if job.kind == WATCH {
            rows.push(row_of_folder(frame, &job, collections));
            continue;
        }
        let Ok(upload) = serde_json::from_value::<Upload>(job.payload.0.clone()) else { continue };
        // A collection may be gone.
        let collection = collections.iter().find(|known| known.0 == upload.collection).map_or("", |known| known.1.as_str());
        let row = row(frame, &job, &upload, collection);
        rows.push(Row { can_retry: row.can_retry && state.uploads.holds(&upload.path), ..row });
    }
    Ok(rows)
}

/// A look at a folder that found something.
fn row_of_folder(frame: &Frame, job: &Job, collections: &[(CollectionId, String)]) -> Row {
    let id: Option<CollectionId> = serde_json::from_value(job.payload.0["collection"].clone()).ok();
    let count = |key: &str| job.result.as_ref().and_then(|result| result.0[key].as_i64()).unwrap_or_default();
    let counts = [
        ("watch-indexed", count("indexed")),
        ("watch-deleted", count("deleted")),
        ("watch-held", count("held")),
        ("watch-failed", count("failed")),
    ];
    let told = counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| frame.say_n(key, n)).collect::<Vec<_>>().join(", ");
    let failures = job.result.as_ref().and_then(|result| result.0["failures"].as_array().cloned()).unwrap_or_default();
    let failures: Vec<String> = failures
        .iter()
        .take(MOST_FAILURES)
        .filter_map(|failure| {
            let reason = said_of_setback(frame, Some(&failure["setback"]), failure["error"].as_str()?);
            Some(format!("{}: {reason}", failure["path"].as_str()?.rsplit('/').next()?))
        })
        .collect();
    let said = job.error.as_ref().map_or(told, |reason| format!("{} {reason}", frame.say("watch-not-looked")));
    Row {
        id: job.id,
        name: job.payload.0["path"].as_str().unwrap_or_default().to_owned(),
        collection: collections.iter().find(|known| Some(known.0) == id).map_or_else(String::new, |known| known.1.clone()),
        when: frame.moment(job.created_at),
        state: std::iter::once(said).chain(failures).collect::<Vec<_>>().join(" \u{b7} "),
        is_failure: job.error.is_some(),
        can_retry: false,
        href: None,
    }
}

fn row(frame: &Frame, job: &Job, upload: &Upload, collection: &str) -> Row {
    let result = job.result.as_ref().map(|result| &result.0);
    let state = match job.status {
        JobStatus::Available => frame.say("job-waiting"),
        JobStatus::Running if job.total > 0 => format!("{} {}", frame.say_n("job-page", job.done), frame.say_n("steps-of", job.total)),
        JobStatus::Running => frame.say("job-running"),
        JobStatus::Succeeded if result.is_some_and(|result| result["replaced"] == true) => frame.say("job-replaced"),
        JobStatus::Succeeded if result.is_some_and(|result| result["unchanged"] == true) => frame.say("job-unchanged"),
        JobStatus::Succeeded => match result.and_then(|result| result["failed"].as_i64()).unwrap_or_default() {
            0 => frame.say("job-done"),
            failed => frame.say_n("job-partly", failed),
        },
        JobStatus::Failed => said_of_setback(frame, result, job.error.as_deref().unwrap_or_default()),
    };
    let document = result.and_then(|result| result["document"].as_str());
    Row {
        id: job.id,
        when: frame.moment(job.created_at),
        name: upload.path.rsplit('/').next().unwrap_or_default().to_owned(),
        collection: collection.to_owned(),
        state,
        is_failure: job.status == JobStatus::Failed,
        can_retry: job.status == JobStatus::Failed,
        href: document.map(|document| format!("/documents/{document}")),
    }
}

/// What became of the files of a form.
#[derive(Default)]
pub(crate) struct TakenIn {
    /// The collection that was named.
    chosen: String,
    /// Names with the jobs that read them.
    pub(crate) accepted: Vec<(String, JobId)>,
    /// Names with what is wrong.
    pub(crate) refused: Vec<(String, PageError)>,
}

/// Takes files in. Each that is accepted is on the disk and has its job before this returns; what is refused is said, file by file.
pub(crate) async fn take_in(state: &AppState, session: &Session, mut form: Multipart) -> Result<TakenIn, PageError> {
    // Before anything is read: who may publish nowhere sends nothing.
    if session.editable().await?.is_empty() {
        return Err(catalog::Error::Forbidden.into());
    }
    let mut taken = TakenIn::default();
    let mut collection = None;
    while let Some(field) = timeout(PATIENCE, form.next_field()).await.map_err(|_| lost())?.map_err(|_| lost())? {
        match field.name() {
            Some("collection") => {
                taken.chosen = short_text(field).await?;
                collection = Some(session.publishes_in(&taken.chosen).await?);
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                // An empty field of a form is an empty file.
                if name.is_empty() {
                    continue;
                }
                let id = collection.ok_or_else(|| PageError::said("error-no-collection-chosen", StatusCode::BAD_REQUEST))?;
                if taken.accepted.len() + taken.refused.len() >= MAX_FILES {
                    return Err(PageError::said("error-too-many-files", StatusCode::BAD_REQUEST));
                }
                match receive(state, id, &name, field).await? {
                    Ok(path) => {
                        let upload = Upload::new(id, path, session.person().id);
                        let job = state.catalog.jobs().enqueue(PUBLISH, json!(upload)).await?;
                        state.wake_worker();
                        taken.accepted.push((name, job));
                    }
                    Err(error) => taken.refused.push((name, error)),
                }
            }
            _ => {}
        }
    }
    Ok(taken)
}

pub(crate) async fn publish(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    frame: Frame,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, PageError> {
    let TakenIn { chosen, accepted, refused } = take_in(&state, &session, form).await?;
    let refused: Vec<_> = refused.into_iter().map(|(name, error)| (name, error.sentence(&frame))).collect();
    if headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json") {
        let refused: Vec<_> = refused.iter().map(|(name, reason)| json!({ "name": name, "reason": reason })).collect();
        return Ok(Json(json!({ "accepted": accepted.len(), "refused": refused })).into_response());
    }
    if accepted.is_empty() && refused.is_empty() {
        let nothing = Some(frame.say("publish-nothing"));
        return Ok((StatusCode::BAD_REQUEST, page(&state, &session, &frame, chosen, refused, nothing).await?).into_response());
    }
    if refused.is_empty() {
        return Ok(Redirect::to("/publish").into_response());
    }
    Ok((StatusCode::BAD_REQUEST, page(&state, &session, &frame, chosen, refused, None).await?).into_response())
}

/// A field that is no file.
async fn short_text(mut field: Field<'_>) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = timeout(PATIENCE, field.chunk()).await.map_err(|_| lost())?.map_err(|_| lost())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_TEXT {
            return Err(lost());
        }
    }
    String::from_utf8(bytes).map_err(|_| lost())
}

fn lost() -> PageError {
    PageError::said("error-upload-lost", StatusCode::BAD_REQUEST)
}

/// A file, as it arrives. What is wrong with this one file leaves the others as they are.
async fn receive(
    state: &AppState,
    collection: CollectionId,
    name: &str,
    mut field: Field<'_>,
) -> Result<Result<String, PageError>, PageError> {
    let begun = state.uploads.receive(collection, name).map_err(PageError::from);
    let is_document = begun.as_ref().is_ok_and(|incoming| extraction::is_supported(incoming.path()));
    let mut incoming: Result<Incoming, PageError> = match begun {
        Ok(_) if !is_document => Err(PageError::said("error-no-document-type", StatusCode::BAD_REQUEST)),
        begun => begun,
    };
    let mut size: u64 = 0;
    // To its end also where it is refused: the next file comes after it.
    while let Some(chunk) = timeout(PATIENCE, field.chunk()).await.map_err(|_| lost())?.map_err(|_| lost())? {
        size += chunk.len() as u64;
        if size > state.max_file_bytes() {
            let limit = i64::try_from(state.max_file_bytes() >> 20).unwrap_or(i64::MAX);
            incoming = Err(PageError::said("error-file-too-large", StatusCode::BAD_REQUEST).with(limit, ""));
        }
        if let Ok(file) = &mut incoming
            && let Err(error) = tokio::task::block_in_place(|| file.write(&chunk))
        {
            incoming = Err(error.into());
        }
    }
    if size == 0 {
        return Ok(Err(PageError::said("error-file-empty", StatusCode::BAD_REQUEST)));
    }
    Ok(match incoming {
        Ok(incoming) => tokio::task::block_in_place(|| incoming.keep()).map_err(PageError::from),
        Err(error) => Err(error),
    })
}

pub(crate) async fn delete(State(state): State<AppState>, asker: Asker, Path(id): Path<String>) -> Result<Redirect, PageError> {
    remove(&state, &asker, &id).await?;
    Ok(Redirect::to("/documents"))
}

/// Deletes a document: from here on it is gone for everybody, and what is left of it is cleared away.
pub(crate) async fn remove(state: &AppState, asker: &Asker, id: &str) -> Result<(), PageError> {
    let (document, _) = find(&asker.reader, id, None).await?;
    asker.session.publishes_in(&document.collection).await?;
    // What clears away comes first: whatever happens next, it is done.
    state.catalog.jobs().enqueue(TIDY, json!({})).await?;
    state.catalog.jobs().cancel(&document.path, document.id).await?;
    state.catalog.system_for(asker.session.actor()).delete_document(document.id).await?;
    state.uploads.remove(&document.path)?;
    state.wake_worker();
    Ok(())
}

/// A document whose file is here, for whoever may publish in its collection.
async fn with_file(state: &AppState, asker: &Asker, id: &str) -> Result<catalog::Document, PageError> {
    let (document, _) = find(&asker.reader, id, None).await?;
    asker.session.publishes_in(&document.collection).await?;
    if !state.uploads.holds(&document.path) {
        return Err(PageError::said("error-not-published-here", StatusCode::BAD_REQUEST));
    }
    Ok(document)
}

/// Reads the file of a document again, though nothing of it has changed.
pub(crate) async fn again(State(state): State<AppState>, asker: Asker, Path(id): Path<String>) -> Result<Redirect, PageError> {
    let document = with_file(&state, &asker, &id).await?;
    let upload = Upload { anew: true, ..Upload::new(document.collection_id, document.path, asker.session.person().id) };
    state.catalog.jobs().enqueue(PUBLISH, json!(upload)).await?;
    state.wake_worker();
    Ok(Redirect::to("/publish"))
}

#[derive(Deserialize)]
pub(crate) struct Into {
    collection: String,
}

/// Moves a document: it is published in the other collection, and then gone from here.
pub(crate) async fn move_to(
    State(state): State<AppState>,
    asker: Asker,
    Path(id): Path<String>,
    Form(Into { collection }): Form<Into>,
) -> Result<Redirect, PageError> {
    let document = with_file(&state, &asker, &id).await?;
    let into = asker.session.publishes_in(&collection).await?;
    if into == document.collection_id {
        return Ok(Redirect::to("/publish"));
    }
    // In the other collection it would be open to all who read that.
    if asker.reader.is_restricted(document.id).await? {
        return Err(PageError::said("error-restricted-move", StatusCode::BAD_REQUEST));
    }
    let path = tokio::task::block_in_place(|| state.uploads.copy(&document.path, into))?;
    let upload = Upload { replaces: Some(document.id), ..Upload::new(into, path, asker.session.person().id) };
    state.catalog.jobs().enqueue(PUBLISH, json!(upload)).await?;
    state.wake_worker();
    Ok(Redirect::to("/publish"))
}
