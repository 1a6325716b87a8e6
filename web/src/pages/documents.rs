use askama::Template;
use axum::{extract::Query, response::Html};
use catalog::{Document, DocumentFilter};
use serde::Deserialize;

use super::home::collections;
use crate::{asker::Asker, assets, error::PageError, frame::Frame};

const PER_PAGE: u32 = 50;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    find: String,
    #[serde(default)]
    list: u32,
}

#[derive(Template)]
#[template(path = "documents.html")]
pub(crate) struct Documents<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) rows: Vec<Row>,
    pub(crate) find: String,
    pub(crate) collections: Vec<String>,
    pub(crate) collection: String,
    pub(crate) total: i64,
    pub(crate) previous: Option<u32>,
    pub(crate) next: Option<u32>,
}

pub(crate) struct Row {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) file: String,
    pub(crate) collection: String,
    pub(crate) kind: String,
    pub(crate) size: String,
    pub(crate) since: String,
}

pub(crate) async fn list(Query(wanted): Query<Wanted>, asker: Asker, frame: Frame) -> Result<Html<String>, PageError> {
    let find = wanted.find.trim().to_owned();
    let list = wanted.list.min(1_000_000);
    let filter = DocumentFilter {
        title_contains: Some(find.clone()).filter(|f| !f.is_empty()),
        limit: PER_PAGE,
        offset: list * PER_PAGE,
        ..DocumentFilter::default()
    };
    let total = asker.reader.document_count(&filter).await?;
    let page = Documents {
        frame: &frame,
        rows: asker.reader.documents(&filter).await?.into_iter().map(|document| row(&frame, document)).collect(),
        find,
        collections: collections(&asker).await?,
        collection: asker.collection,
        total,
        previous: list.checked_sub(1),
        next: (i64::from(list + 1) * i64::from(PER_PAGE) < total).then_some(list + 1),
    };
    Ok(Html(page.render()?))
}

fn row(frame: &Frame, document: Document) -> Row {
    let pages =
        document.format.page_name().filter(|_| document.paged).map(|name| frame.say_n(&format!("count--{name}"), document.page_count));
    Row {
        href: format!("/documents/{}", document.id),
        file: document.path.rsplit('/').next().unwrap_or_default().to_owned(),
        title: document.title,
        collection: document.collection,
        kind: frame.say_of_name("format--", document.format.name()),
        size: pages.unwrap_or_default(),
        since: frame.say_s("since", &frame.day(document.live_at)),
    }
}
