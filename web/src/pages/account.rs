//! What somebody decides about themselves.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::{ApiToken, Person, Session, TokenId};
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
    tokens: Vec<OwnToken>,
    /// Shown this once.
    token: Option<String>,
}

struct OwnToken {
    id: TokenId,
    name: String,
    publishes: bool,
    /// When it was made, used and will end.
    facts: Vec<String>,
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
        "token" => Some(frame.say("token-revoked")),
        _ => None,
    };
    page(&session, &frame, None, done, None).await
}

async fn page(
    session: &Session,
    frame: &Frame,
    error: Option<String>,
    done: Option<String>,
    token: Option<String>,
) -> Result<Html<String>, PageError> {
    let sessions = session.own_sessions().await?.into_iter().map(|known| OwnSession {
        own: known.id == session.id(),
        since: frame.moment(known.created_at),
        agent: known.agent,
    });
    let sessions = sessions.collect();
    let tokens = session.api_tokens().await?.into_iter().map(|token| own_token(frame, token)).collect();
    let (person, languages) = (session.person(), Language::all().collect());
    Ok(Html(Account { frame, error, done, person, languages, sessions, tokens, token }.render()?))
}

fn own_token(frame: &Frame, token: ApiToken) -> OwnToken {
    let made = frame.say_s("token-since", &frame.day(token.created_at));
    let used = token.used_at.map_or_else(|| frame.say("token-unused"), |at| frame.say_s("token-used", &frame.moment(at)));
    let ends = token.expires_at.map_or_else(|| frame.say("token-for-ever"), |at| frame.say_s("token-until", &frame.day(at)));
    OwnToken { id: token.id, name: token.name, publishes: token.publishes, facts: vec![made, used, ends] }
}

#[derive(Deserialize)]
pub(crate) struct NewToken {
    name: String,
    /// Empty: it lasts until it is revoked.
    days: String,
    #[serde(default)]
    publishes: String,
}

pub(crate) async fn create_token(
    Visitor(session): Visitor,
    frame: Frame,
    Form(NewToken { name, days, publishes }): Form<NewToken>,
) -> Result<Response, PageError> {
    let days = match days.as_str() {
        "" => None,
        written => Some(written.parse().map_err(|_| PageError::not_found("error-missing"))?),
    };
    let made = session.create_api_token(&name, publishes == "yes" && frame.publishes(), days).await;
    match made.map_err(PageError::from) {
        Ok(token) => Ok(page(&session, &frame, None, None, Some(token.reveal().to_owned())).await?.into_response()),
        Err(error) if error.is_of_form() => {
            Ok((StatusCode::BAD_REQUEST, page(&session, &frame, Some(error.sentence(&frame)), None, None).await?).into_response())
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn revoke_token(Visitor(session): Visitor, Path(id): Path<String>) -> Result<Redirect, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found("error-missing"))?;
    session.revoke_api_token(id).await?;
    Ok(Redirect::to("/account?done=token"))
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
            Ok((StatusCode::BAD_REQUEST, page(&session, &frame, Some(error.sentence(&frame)), None, None).await?).into_response())
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
