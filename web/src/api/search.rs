//! Passages, without an answer.

use axum::{
    Json,
    extract::{Query, State},
};
use catalog::Action;
use search::WrittenFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{ApiCorrection, ApiHit, Problem};
use crate::{
    AppState,
    asker::Asker,
    error::PageError,
    pages::search::{MAX_QUERY, find},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// What is looked for.
    #[param(min_length = 1, max_length = 2000)]
    q: String,
    /// Only in this collection.
    #[expect(dead_code, reason = "read by the extractor of the asker")]
    collection: Option<String>,
    /// Types of documents, separated by commas: "pdf,docx".
    #[serde(default)]
    r#type: String,
    /// Languages, separated by commas: "de,en".
    #[serde(default)]
    language: String,
    /// Not before this day: "2024-01-31".
    #[serde(default)]
    since: String,
    /// Not after this day.
    #[serde(default)]
    until: String,
    /// Passages to look for; those that follow each other are one hit.
    #[serde(default = "twenty")]
    #[param(default = 20, minimum = 1, maximum = 100)]
    limit: usize,
}

const fn twenty() -> usize {
    20
}

#[derive(Serialize, ToSchema)]
pub(super) struct Found {
    /// Best first.
    hits: Vec<ApiHit>,
    corrected: Vec<ApiCorrection>,
}

/// The passages that fit best
#[utoipa::path(get, path = "/api/v1/search", tag = "answers", params(Wanted),
    responses((status = 200, body = Found), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn search(State(state): State<AppState>, asker: Asker, Query(wanted): Query<Wanted>) -> Result<Json<Found>, PageError> {
    let text = wanted.q.trim();
    if text.is_empty() || text.chars().count() > MAX_QUERY {
        return Err(PageError::invalid(format!("q has 1 to {MAX_QUERY} characters.")));
    }
    let filter = WrittenFilter { formats: wanted.r#type, languages: wanted.language, since: wanted.since, until: wanted.until };
    let (segments, corrections) = find(&state, &asker, text, &filter, wanted.limit.clamp(1, 100), Action::SearchMade).await?;
    let hits = segments.iter().map(|segment| ApiHit::of(segment, state.address())).collect();
    Ok(Json(Found { hits, corrected: corrections.into_iter().map(ApiCorrection::from).collect() }))
}
