//! The desk of the editors: what the documents did not answer, and what they answered to it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use catalog::{Action, Desk, NewVerified, OpenQuestion, OwnVerified, Passage, PassageId, QuestionId, VerifiedId};
use search::WrittenFilter;
use serde::Deserialize;

use super::search::{MAX_QUERY, find};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    assets,
    error::PageError,
    frame::Frame,
    view::{lines, passage_address, place_line},
};

/// Passages to choose a source from.
const PASSAGES: usize = 12;

#[derive(Template)]
#[template(path = "desk/questions.html")]
struct Questions<'a> {
    frame: &'a Frame,
    open: Vec<Row>,
    verified: Vec<Given>,
}

/// A question that waits.
struct Row {
    id: QuestionId,
    question: String,
    facts: Vec<String>,
}

/// An answer that was given.
struct Given {
    id: VerifiedId,
    question: String,
    text: String,
    title: String,
    href: String,
    by: String,
    live: bool,
}

#[derive(Template)]
#[template(path = "desk/question.html")]
struct QuestionPage<'a> {
    frame: &'a Frame,
    error: Option<String>,
    /// Sentences of the answer that the source does not carry.
    doubts: Vec<String>,
    id: QuestionId,
    question: &'a str,
    facts: Vec<String>,
    comments: Vec<String>,
    find: String,
    text: String,
    chosen: String,
    sources: Vec<Source>,
}

/// A passage to choose.
struct Source {
    id: PassageId,
    title: String,
    place: String,
    lines: Vec<String>,
    href: String,
}

pub(crate) async fn list(Visitor(session): Visitor, frame: Frame) -> Result<Html<String>, PageError> {
    let desk = session.desk()?;
    let row = |open: OpenQuestion| Row { facts: facts(&frame, &open), id: open.id, question: open.question };
    let open = desk.questions().await?.into_iter().map(row).collect();
    let verified = desk.verified().await?.into_iter().map(|known| given(&frame, known)).collect();
    Ok(Html(Questions { frame: &frame, open, verified }.render()?))
}

fn given(frame: &Frame, known: OwnVerified) -> Given {
    Given {
        id: known.id,
        question: known.question,
        text: known.text,
        title: known.title,
        href: format!("/documents/{}", known.document),
        by: format!("{}, {}", known.author, frame.day(known.created_at)),
        live: known.live,
    }
}

/// How often it was left open, and when at last.
fn facts(frame: &Frame, open: &OpenQuestion) -> Vec<String> {
    let times = [("open-refused", open.refused), ("open-wrong", open.wrong), ("open-missing", open.missing)];
    let times = times.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| frame.say_n(key, n));
    times.chain([frame.say_s("open-last", &frame.moment(open.last_at))]).collect()
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// Words to look for, in place of the question's own.
    #[serde(default)]
    find: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(Wanted { find }): Query<Wanted>,
    asker: Asker,
    frame: Frame,
) -> Result<Html<String>, PageError> {
    let desk = asker.session.desk()?;
    let open = desk.question(parsed(&id)?).await?;
    page(&state, &asker, &frame, &desk, &open, find, Written::default()).await
}

/// What was written before, where the form is shown again.
#[derive(Default)]
struct Written {
    text: String,
    chosen: String,
    doubts: Vec<String>,
    error: Option<String>,
}

async fn page(
    state: &AppState,
    asker: &Asker,
    frame: &Frame,
    desk: &Desk,
    open: &OpenQuestion,
    wanted: String,
    written: Written,
) -> Result<Html<String>, PageError> {
    let text: String = wanted.trim().chars().take(MAX_QUERY).collect();
    let looked_for = if text.is_empty() { &open.question } else { &text };
    let (segments, _) = find(state, asker, looked_for, &WrittenFilter::default(), PASSAGES, Action::SourceSought).await?;
    let editable = asker.session.editable().await?;
    let passages = segments.iter().flat_map(search::Segment::passages);
    let theirs = passages.filter(|passage| editable.iter().any(|known| known.0 == passage.collection_id));
    let page = QuestionPage {
        frame,
        error: written.error,
        doubts: written.doubts,
        id: open.id,
        question: &open.question,
        facts: facts(frame, open),
        comments: desk.comments(open.id).await?,
        sources: theirs.map(|passage| source(frame, passage)).collect(),
        find: text,
        text: written.text,
        chosen: written.chosen,
    };
    Ok(Html(page.render()?))
}

fn source(frame: &Frame, passage: &Passage) -> Source {
    Source {
        id: passage.id,
        title: passage.title.clone(),
        place: place_line(frame, &passage.title, passage.page_name().as_deref(), &passage.headings),
        lines: lines(&passage.text),
        href: passage_address(passage.document_id, passage.revision_id, passage.page, passage.start..passage.end),
    }
}

#[derive(Deserialize)]
pub(crate) struct Answered {
    text: String,
    #[serde(default)]
    passage: String,
    #[serde(default)]
    find: String,
    /// Whether it is to be kept although the source does not carry all of it.
    #[serde(default)]
    sure: String,
}

pub(crate) async fn answer(
    State(state): State<AppState>,
    Path(id): Path<String>,
    asker: Asker,
    frame: Frame,
    Form(answered): Form<Answered>,
) -> Result<Response, PageError> {
    let desk = asker.session.desk()?;
    let open = desk.question(parsed(&id)?).await?;
    let kept = keep(&state, &asker, &desk, &open, &answered).await;
    let Answered { text, passage, find, .. } = answered;
    let written = Written { text, chosen: passage, ..Written::default() };
    let written = match kept {
        Ok(doubts) if doubts.is_empty() => return Ok(Redirect::to("/questions").into_response()),
        Ok(doubts) => Written { doubts, ..written },
        Err(error) if error.is_of_form() => Written { error: Some(error.sentence(&frame)), ..written },
        Err(error) => return Err(error),
    };
    Ok((StatusCode::BAD_REQUEST, page(&state, &asker, &frame, &desk, &open, find, written).await?).into_response())
}

/// Keeps it; or else returns the sentences that the source does not carry.
async fn keep(state: &AppState, asker: &Asker, desk: &Desk, open: &OpenQuestion, answered: &Answered) -> Result<Vec<String>, PageError> {
    let no_source = || PageError::from(catalog::Error::NoSource);
    let passage: PassageId = answered.passage.parse().map_err(|_| no_source())?;
    let source = asker.reader.passages(&[passage], &catalog::Filter::default()).await?.pop().ok_or_else(no_source)?;
    if answered.sure != "yes" {
        let doubts = state.assistant.not_carried(&answered.text, &source).await?;
        if !doubts.is_empty() {
            return Ok(doubts);
        }
    }
    // As it was looked up, with misspelled words put right.
    desk.answer(
        Some(open.id),
        &NewVerified { key: open.key.clone(), question: open.question.clone(), text: answered.text.clone(), passage },
    )
    .await?;
    Ok(Vec::new())
}

pub(crate) async fn dismiss(Visitor(session): Visitor, Path(id): Path<String>) -> Result<Redirect, PageError> {
    session.desk()?.dismiss(parsed(&id)?).await?;
    Ok(Redirect::to("/questions"))
}

pub(crate) async fn retire(Visitor(session): Visitor, Path(id): Path<String>) -> Result<Redirect, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found("error-missing"))?;
    session.desk()?.retire(id).await?;
    Ok(Redirect::to("/questions"))
}

fn parsed(id: &str) -> Result<QuestionId, PageError> {
    id.parse().map_err(|_| PageError::not_found("error-missing"))
}
