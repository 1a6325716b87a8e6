//! Somebody's own conversations.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use catalog::ConversationId;
use serde::Deserialize;

use crate::{AppState, asker::Visitor, assets, error::PageError, frame::Frame};

const PER_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "conversations.html")]
struct Conversations<'a> {
    frame: &'a Frame,
    rows: Vec<Row>,
    previous: Option<u32>,
    next: Option<u32>,
}

struct Row {
    id: ConversationId,
    title: String,
    when: String,
    shared: bool,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    list: u32,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    frame: Frame,
    Query(Wanted { list }): Query<Wanted>,
) -> Result<Html<String>, PageError> {
    let list = list.min(1_000_000);
    // One more shows whether there is a next page.
    let mut known = state.catalog.conversations().of(session.person().id, PER_PAGE + 1, list * PER_PAGE).await?;
    let more = known.len() > PER_PAGE as usize;
    known.truncate(PER_PAGE as usize);
    let row = |c: catalog::Conversation| Row { id: c.id, title: c.title, when: frame.moment(c.created_at), shared: c.shared_at.is_some() };
    let rows = known.into_iter().map(row).collect();
    Ok(Html(Conversations { frame: &frame, rows, previous: list.checked_sub(1), next: more.then_some(list + 1) }.render()?))
}
