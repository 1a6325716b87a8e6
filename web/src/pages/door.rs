//! The ways in and out: signing in, the first administrator, invitations, signing out.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header::USER_AGENT},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use catalog::{LinkKind, Token};
use serde::Deserialize;

use crate::{
    AppState,
    asker::Visitor,
    assets,
    error::PageError,
    frame::Frame,
    visit::{cookie, own_address},
};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignIn<'a> {
    frame: &'a Frame,
    error: Option<String>,
    next: &'a str,
    email: &'a str,
}

#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    next: String,
}

pub(crate) async fn sign_in_page(frame: Frame, Query(Back { next }): Query<Back>) -> Result<Response, PageError> {
    if frame.session.is_some() {
        return Ok(Redirect::to(own_address(&next)).into_response());
    }
    Ok(Html(SignIn { frame: &frame, error: None, next: &next, email: "" }.render()?).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn sign_in(
    State(state): State<AppState>,
    frame: Frame,
    headers: HeaderMap,
    Form(Credentials { email, password, next }): Form<Credentials>,
) -> Result<Response, PageError> {
    match state.accounts().sign_in(&email, password, agent(&headers)).await.map_err(PageError::from) {
        Ok(token) => Ok(signed_in(&state, &token, own_address(&next))),
        Err(error) if error.is_of_form() => {
            let page = SignIn { frame: &frame, error: Some(error.sentence(&frame)), next: &next, email: &email }.render()?;
            Ok((StatusCode::BAD_REQUEST, Html(page)).into_response())
        }
        Err(error) => Err(error),
    }
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// A new session has a new cookie, whatever was there before.
fn signed_in(state: &AppState, token: &Token, next: &str) -> Response {
    (CookieJar::new().add(cookie(state, Some(token))), Redirect::to(next)).into_response()
}

pub(crate) async fn sign_out(State(state): State<AppState>, Visitor(session): Visitor) -> Result<Response, PageError> {
    session.end().await?;
    Ok((CookieJar::new().add(cookie(&state, None)), Redirect::to("/sign-in")).into_response())
}

#[derive(Template)]
#[template(path = "account/start.html")]
struct Start<'a> {
    frame: &'a Frame,
    error: Option<String>,
    name: &'a str,
    email: &'a str,
}

pub(crate) async fn start_page(State(state): State<AppState>, Path(token): Path<String>, frame: Frame) -> Result<Html<String>, PageError> {
    if state.accounts().open_link(&token).await?.kind != LinkKind::Start {
        return Err(catalog::Error::Link.into());
    }
    Ok(Html(Start { frame: &frame, error: None, name: "", email: "" }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct First {
    name: String,
    email: String,
    password: String,
}

pub(crate) async fn start(
    State(state): State<AppState>,
    Path(token): Path<String>,
    frame: Frame,
    headers: HeaderMap,
    Form(First { name, email, password }): Form<First>,
) -> Result<Response, PageError> {
    match state.accounts().start(&token, &name, &email, password, agent(&headers)).await.map_err(PageError::from) {
        Ok(token) => Ok(signed_in(&state, &token, "/")),
        Err(error) if error.is_of_form() => {
            let page = Start { frame: &frame, error: Some(error.sentence(&frame)), name: &name, email: &email }.render()?;
            Ok((StatusCode::BAD_REQUEST, Html(page)).into_response())
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "account/join.html")]
struct Join<'a> {
    frame: &'a Frame,
    error: Option<String>,
    name: &'a str,
    email: &'a str,
}

pub(crate) async fn join_page(State(state): State<AppState>, Path(token): Path<String>, frame: Frame) -> Result<Html<String>, PageError> {
    let person = state.accounts().open_link(&token).await?.person.ok_or(catalog::Error::Link)?;
    Ok(Html(Join { frame: &frame, error: None, name: &person.name, email: &person.email }.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    password: String,
}

pub(crate) async fn join(
    State(state): State<AppState>,
    Path(token): Path<String>,
    frame: Frame,
    headers: HeaderMap,
    Form(Chosen { password }): Form<Chosen>,
) -> Result<Response, PageError> {
    let accounts = state.accounts();
    let person = accounts.open_link(&token).await?.person.ok_or(catalog::Error::Link)?;
    match accounts.accept(&token, password, agent(&headers)).await.map_err(PageError::from) {
        Ok(token) => Ok(signed_in(&state, &token, "/")),
        Err(error) if error.is_of_form() => {
            let page = Join { frame: &frame, error: Some(error.sentence(&frame)), name: &person.name, email: &person.email }.render()?;
            Ok((StatusCode::BAD_REQUEST, Html(page)).into_response())
        }
        Err(error) => Err(error),
    }
}
