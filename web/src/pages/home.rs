use askama::Template;
use axum::{extract::State, response::Html};
use catalog::DocumentFilter;
use search::WrittenFilter;

use super::ask_form::AskForm;
use crate::{AppState, asker::Asker, assets, error::PageError};

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    form: AskForm,
    pub(crate) documents: i64,
    /// Titles to show what can be asked about.
    pub(crate) titles: Vec<String>,
}

const TITLES: u32 = 6;

pub(crate) async fn show(State(state): State<AppState>, asker: Asker) -> Result<Html<String>, PageError> {
    let filter = DocumentFilter { limit: TITLES, ..DocumentFilter::default() };
    let page = Home {
        form: AskForm::new(&state, &asker, "", WrittenFilter::default()).await?,
        documents: asker.reader.document_count(&filter).await?,
        titles: asker.reader.documents(&filter).await?.into_iter().map(|d| d.title).collect(),
    };
    Ok(Html(page.render()?))
}

/// Names to choose from; none where there is nothing to choose.
pub(crate) async fn collections(state: &AppState) -> Result<Vec<String>, PageError> {
    let collections = state.catalog.system().collections().await?;
    Ok(if collections.len() > 1 { collections.into_iter().map(|c| c.name).collect() } else { Vec::new() })
}
