//! What somebody decides about themselves.

use askama::Template;
use axum::{
    Form,
    extract::Query,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::{Person, Session};
use serde::Deserialize;

use crate::{asker::Visitor, assets, error::PageError, frame::Frame, language::Language};

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account<'a> {
    frame: &'a Frame,
    error: Option<String>,
    done: Option<String>,
    person: &'a Person,
    languages: Vec<(&'static str, &'static str)>,
    sessions: Vec<OwnSession>,
}

struct OwnSession {
    agent: String,
    since: String,
    own: bool,
}

#[derive(Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

pub(crate) async fn show(Visitor(session): Visitor, frame: Frame, Query(Done { done }): Query<Done>) -> Result<Html<String>, PageError> {
    let done = match done.as_str() {
        "password" => Some(frame.say("password-changed")),
        "sessions" => Some(frame.say("sessions-ended")),
        _ => None,
    };
    page(&session, &frame, None, done).await
}

async fn page(session: &Session, frame: &Frame, error: Option<String>, done: Option<String>) -> Result<Html<String>, PageError> {
    let sessions = session.own_sessions().await?.into_iter().map(|known| OwnSession {
        own: known.id == session.id(),
        since: frame.moment(known.created_at),
        agent: known.agent,
    });
    let page = Account { frame, error, done, person: session.person(), languages: Language::all().collect(), sessions: sessions.collect() };
    Ok(Html(page.render()?))
}

#[derive(Deserialize)]
pub(crate) struct Passwords {
    present: String,
    new: String,
}

pub(crate) async fn change_password(
    Visitor(session): Visitor,
    frame: Frame,
    Form(Passwords { present, new }): Form<Passwords>,
) -> Result<Response, PageError> {
    match session.change_password(present, new).await.map_err(PageError::from) {
        Ok(()) => Ok(Redirect::to("/account?done=password").into_response()),
        Err(error) if error.is_of_form() => {
            Ok((StatusCode::BAD_REQUEST, page(&session, &frame, Some(error.sentence(&frame)), None).await?).into_response())
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub(crate) struct ChosenLanguage {
    language: String,
}

pub(crate) async fn set_language(
    Visitor(session): Visitor,
    Form(ChosenLanguage { language }): Form<ChosenLanguage>,
) -> Result<Redirect, PageError> {
    session.set_language(Language::of(&language).map(Language::code)).await?;
    Ok(Redirect::to("/account"))
}

pub(crate) async fn end_sessions(Visitor(session): Visitor) -> Result<Redirect, PageError> {
    session.end_others().await?;
    Ok(Redirect::to("/account?done=sessions"))
}
