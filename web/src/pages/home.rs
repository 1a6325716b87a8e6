use askama::Template;
use axum::{extract::Query, response::Html};
use catalog::DocumentFilter;
use search::WrittenFilter;
use serde::Deserialize;

use super::ask_form::AskForm;
use crate::{asker::Asker, assets, error::PageError, frame::Frame};

#[derive(Template)]
#[template(path = "home.html")]
pub(crate) struct Home<'a> {
    frame: &'a Frame,
    form: AskForm,
    pub(crate) documents: i64,
    /// Titles to show what can be asked about.
    pub(crate) titles: Vec<String>,
}

const TITLES: u32 = 6;

/// A question in the address is written into the form: it is asked when somebody says so.
#[derive(Deserialize)]
pub(crate) struct Prefilled {
    #[serde(default)]
    q: String,
}

pub(crate) async fn show(
    asker: Asker,
    frame: Frame,
    Query(Prefilled { q }): Query<Prefilled>,
    Query(written): Query<WrittenFilter>,
) -> Result<Html<String>, PageError> {
    let filter = DocumentFilter { limit: TITLES, ..DocumentFilter::default() };
    let page = Home {
        frame: &frame,
        form: AskForm::new(&frame, &asker, q.trim(), written, None).await?,
        documents: asker.reader.document_count(&filter).await?,
        titles: asker.reader.documents(&filter).await?.into_iter().map(|d| d.title).collect(),
    };
    Ok(Html(page.render()?))
}

/// Names to choose from; none where there is nothing to choose.
pub(crate) async fn collections(asker: &Asker) -> Result<Vec<String>, PageError> {
    let names = asker.reader.collections().await?;
    Ok(if names.len() > 1 { names } else { Vec::new() })
}
