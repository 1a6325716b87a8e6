//! Pseudonyms of the trail that are to be opened, by two administrators together.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::Disclosure;
use serde::Deserialize;

use crate::{asker::Auditor, assets, error::PageError, frame::Frame};

#[derive(Template)]
#[template(path = "disclosures.html")]
struct Disclosures<'a> {
    frame: &'a Frame,
    error: Option<String>,
    rows: Vec<Row>,
    pseudonym: String,
    reason: String,
    /// Whether whoever looks may have a hand in it.
    opens: bool,
}

struct Row {
    known: Disclosure,
    /// Who it is, where it is open.
    name: Option<String>,
    asked: String,
    /// Whether whoever looks may agree.
    waits_for_me: bool,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pseudonym: String,
}

pub(crate) async fn list(auditor: Auditor, frame: Frame, Query(Wanted { pseudonym }): Query<Wanted>) -> Result<Html<String>, PageError> {
    page(&auditor, &frame, pseudonym, String::new(), None).await
}

async fn page(
    auditor: &Auditor,
    frame: &Frame,
    pseudonym: String,
    reason: String,
    error: Option<String>,
) -> Result<Html<String>, PageError> {
    let names = auditor.trail.names().await?;
    let me = auditor.session.person().id;
    let row = |known: Disclosure| Row {
        name: names.iter().find(|(written, _)| *written == known.pseudonym).map(|(_, name)| name.clone()),
        asked: format!("{}, {}", known.requester, frame.moment(known.requested_at)),
        waits_for_me: known.is_waiting() && frame.administers() && known.requested_by != me,
        known,
    };
    let rows = auditor.trail.disclosures().await?.into_iter().map(row).collect();
    Ok(Html(Disclosures { frame, error, rows, pseudonym, reason, opens: frame.administers() }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    pseudonym: String,
    reason: String,
}

pub(crate) async fn request(auditor: Auditor, frame: Frame, Form(Asked { pseudonym, reason }): Form<Asked>) -> Result<Response, PageError> {
    // As the trail is shown in any language, or as it is exported.
    let written = format!("pseudonym:{}", pseudonym.trim().rsplit([' ', ':']).next().unwrap_or_default());
    let error = match auditor.trail.request_disclosure(&written, &reason).await {
        Ok(_) => return Ok(Redirect::to("/audit/disclosures").into_response()),
        Err(catalog::Error::Missing) => frame.say("error-no-pseudonym"),
        Err(catalog::Error::Name { .. }) => frame.say("error-no-reason"),
        Err(error) => return Err(error.into()),
    };
    Ok((StatusCode::BAD_REQUEST, page(&auditor, &frame, pseudonym, reason, Some(error)).await?).into_response())
}

pub(crate) async fn approve(auditor: Auditor, Path(id): Path<String>) -> Result<Redirect, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found("error-missing"))?;
    auditor.trail.approve_disclosure(id).await?;
    Ok(Redirect::to("/audit/disclosures"))
}
