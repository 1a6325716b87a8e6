//! Searching: the passages themselves, without an answer.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Html,
};
use catalog::{Action, Object};
use search::{Correction, Mode, Segment, WrittenFilter};
use serde::Deserialize;
use serde_json::json;

use super::ask_form::AskForm;
use crate::{
    AppState,
    asker::Asker,
    assets,
    error::PageError,
    frame::Frame,
    view::{MarkedLine, marked_lines, passage_address, place_line},
};

/// Passages that are looked for; those that follow each other are shown as one.
const PASSAGES: usize = 20;
/// Characters of a query, as of a question.
pub(crate) const MAX_QUERY: usize = 2000;

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    frame: &'a Frame,
    form: AskForm,
    asked: bool,
    hits: Vec<Hit>,
    corrected: Vec<Correction>,
}

struct Hit {
    title: String,
    place: String,
    /// With the words that were looked for.
    lines: Vec<MarkedLine>,
    href: String,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    asker: Asker,
    frame: Frame,
    Query(Wanted { q }): Query<Wanted>,
    Query(written): Query<WrittenFilter>,
) -> Result<Html<String>, PageError> {
    let text: String = q.trim().chars().take(MAX_QUERY).collect();
    let form = AskForm::new(&frame, &asker, &text, written.clone(), None).await?;
    let asked = !text.is_empty();
    let (mut hits, mut corrected) = (Vec::new(), Vec::new());
    if asked {
        let (segments, corrections) = find(&state, &asker, &text, &written, PASSAGES, Action::SearchMade).await?;
        // Words that were put right are in the passages as they should be.
        let wanted = corrections.iter().fold(text.clone(), |wanted, word| format!("{wanted} {}", word.taken));
        hits = segments.iter().map(|segment| hit(&state, &frame, segment, &wanted)).collect();
        corrected = corrections;
    }
    Ok(Html(Search { frame: &frame, form, asked, hits, corrected }.render()?))
}

/// The passages that fit a text best, those that follow each other as one, and the words of it that were put right.
pub(crate) async fn find(
    state: &AppState,
    asker: &Asker,
    text: &str,
    written: &WrittenFilter,
    passages: usize,
    action: Action,
) -> Result<(Vec<Segment>, Vec<Correction>), PageError> {
    let filter = written.read()?;
    let query = search::Query { text, mode: Mode::Hybrid, k: passages, filter: &filter };
    let found = state.retriever.retrieve(&asker.reader, &query).await?;
    let segments = search::segments(&asker.reader, &found.hits).await?;
    // Nothing is shown that is not written down.
    let shown: Vec<_> = segments.iter().flat_map(Segment::passages).map(|passage| passage.id).collect();
    asker.session.note(action, Object::Nothing, &json!({ "query": text, "passages": shown })).await?;
    Ok((segments, found.corrections))
}

fn hit(state: &AppState, frame: &Frame, segment: &Segment, wanted: &str) -> Hit {
    let first = segment.first();
    let text = segment.text();
    Hit {
        title: first.title.clone(),
        place: place_line(frame, &first.title, first.page_name().as_deref(), &first.headings),
        lines: marked_lines(&text, &state.retriever.marks(wanted, &text)),
        href: passage_address(first.document_id, first.revision_id, first.page, first.start..segment.first_page_end()),
    }
}
