use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Html,
};
use catalog::{Action, Document, Object, Reader, RevisionId};
use serde::Deserialize;
use serde_json::json;

use crate::{
    asker::Asker,
    assets,
    error::PageError,
    frame::Frame,
    view::{Block, Parts, Rows, Sheet},
};

#[derive(Deserialize)]
pub(crate) struct Place {
    revision: Option<String>,
    page: Option<i32>,
    start: Option<usize>,
    end: Option<usize>,
    /// Part of a long page, or of a text without pages; from 1.
    part: Option<usize>,
}

#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) title: String,
    pub(crate) file: String,
    pub(crate) collection: String,
    pub(crate) kind: &'static str,
    pub(crate) since: String,
    /// Where it is deleted, by whom it may be.
    pub(crate) delete: Option<String>,
    /// Where the file itself is, and where it is decided who may read it.
    pub(crate) original: Option<String>,
    pub(crate) access: Option<String>,
    /// Address of the live revision, where another one is shown.
    pub(crate) superseded: bool,
    pub(crate) live: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) has_mark: bool,
    /// Some table needs more room than text does.
    pub(crate) has_wide_table: bool,
    /// The image of the page, where there is one.
    pub(crate) sheet: Option<Sheet>,
    pub(crate) number: i32,
    /// Through the pages, and through the parts of one.
    pub(crate) steps: Vec<Steps>,
}

/// The way through pages or parts.
pub(crate) struct Steps {
    pub(crate) unit: &'static str,
    /// "Page", "Sheet", "Part".
    pub(crate) name: String,
    pub(crate) current: i64,
    pub(crate) count: i64,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) action: String,
    pub(crate) revision: String,
    /// The page whose parts these are.
    pub(crate) page: Option<i32>,
    pub(crate) label: Option<String>,
}

pub(crate) async fn show(
    Path(id): Path<String>,
    Query(place): Query<Place>,
    asker: Asker,
    frame: Frame,
) -> Result<Html<String>, PageError> {
    let (document, revision) = find(&asker.reader, &id, place.revision.as_deref()).await?;
    let seen = (document.id, json!({ "revision": revision, "page": place.page.unwrap_or(1) }));
    let may_delete = frame.publishes() && asker.session.publishes_in(&document.collection).await.is_ok();
    let page = page(&frame, &asker.reader, document, revision, &place, may_delete).await?.render()?;
    // Nothing is shown that is not written down.
    asker.session.note(Action::DocumentSeen, Object::Document(seen.0), &seen.1).await?;
    Ok(Html(page))
}

/// A document that the reader may see, and which of its revisions is meant.
pub(crate) async fn find(reader: &Reader, id: &str, revision: Option<&str>) -> Result<(Document, RevisionId), PageError> {
    let missing = || PageError::not_found("error-no-document");
    let document = reader.document(id.parse().map_err(|_| missing())?).await?.ok_or_else(missing)?;
    let revision = match revision {
        None => document.revision_id,
        Some(text) => {
            let revision: RevisionId = text.parse().map_err(|_| missing())?;
            let (owner, _) = reader.revision_document(revision).await?.ok_or_else(missing)?;
            if owner.id != document.id {
                return Err(missing());
            }
            revision
        }
    };
    Ok((document, revision))
}

async fn page<'a>(
    frame: &'a Frame,
    reader: &Reader,
    document: Document,
    revision: RevisionId,
    place: &Place,
    may_delete: bool,
) -> Result<DocumentPage<'a>, PageError> {
    let number = place.page.unwrap_or(1);
    let pages = reader.page_count(revision).await?;
    let page = reader.page(revision, number).await?;
    let name = document.format.page_name().unwrap_or("page");
    let page = page.ok_or_else(|| PageError::not_found("error-no-such-page").with(i64::from(pages), &number.to_string()))?;
    let layout = reader.page_layout(revision, number).await?.unwrap_or_default();
    let marked = place.start.zip(place.end).filter(|(start, end)| start < end);
    let address = format!("/documents/{}", document.id);
    let sheet = Sheet::of(frame, &layout, format!("{address}/pages/{number}/image?revision={revision}"), marked);
    let parts = Parts::of(&page.text, &layout);
    let part = place.part.or_else(|| marked.map(|(start, _)| parts.holding(start))).unwrap_or(1).clamp(1, parts.count());
    let blocks = parts.blocks(part, marked);

    let way = Way { frame, address: &address, revision, page: document.paged.then_some(number) };
    let mut steps = vec![Steps { label: parts.rows(part).map(|rows| said_of_rows(frame, rows)), ..way.through_parts(part, parts.count()) }];
    if document.paged {
        let said =
            |label: String| if name == "page" { frame.say_s("document-printed", &label) } else { format!("\u{201c}{label}\u{201d}") };
        steps.insert(0, Steps { label: page.label.map(said), ..way.through_pages(name, number, pages) });
    }
    steps.retain(|steps| steps.count > 1);
    Ok(DocumentPage {
        frame,
        original: Some(format!("{address}/original?revision={revision}")),
        delete: may_delete.then(|| format!("{address}/delete")),
        access: frame.administers().then(|| format!("{address}/access")),
        file: document.path.rsplit('/').next().unwrap_or_default().to_owned(),
        title: document.title,
        collection: document.collection,
        kind: document.format.name(),
        since: frame.say_s("since", &frame.day(document.live_at)),
        superseded: revision != document.revision_id,
        live: address.clone(),
        has_mark: blocks.iter().any(Block::has_target),
        has_wide_table: blocks.iter().any(Block::is_wide),
        blocks,
        sheet,
        number,
        steps,
    })
}

/// Where links lead, but for the page or the part.
struct Way<'a> {
    frame: &'a Frame,
    address: &'a str,
    revision: RevisionId,
    page: Option<i32>,
}

impl Way<'_> {
    fn through_pages(&self, name: &str, current: i32, count: i32) -> Steps {
        let way = Way { page: None, ..*self };
        way.steps("page", name, current.into(), count.into())
    }

    fn through_parts(&self, current: usize, count: usize) -> Steps {
        self.steps("part", "part", i64::try_from(current).unwrap_or(i64::MAX), i64::try_from(count).unwrap_or(i64::MAX))
    }

    fn steps(&self, unit: &'static str, name: &str, current: i64, count: i64) -> Steps {
        let Self { frame, address, revision, page } = self;
        let page_part = page.map(|page| format!("&page={page}")).unwrap_or_default();
        let link = |n: i64| format!("{address}?revision={revision}{page_part}&{unit}={n}");
        Steps {
            unit,
            name: frame.say_of("unit--", name),
            current,
            count,
            previous: (current > 1).then(|| link(current - 1)),
            next: (current < count).then(|| link(current + 1)),
            action: (*address).to_owned(),
            revision: revision.to_string(),
            page: *page,
            label: None,
        }
    }
}

fn said_of_rows(frame: &Frame, Rows { first, last, count }: Rows) -> String {
    let rows = format!("{}\u{2013}{}", in_thousands(first), in_thousands(last));
    format!("{} {}", frame.say_s("rows", &rows), frame.say_s("rows-of", &in_thousands(count)))
}

/// 53,211
fn in_thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_said_in_thousands() {
        assert_eq!(
            said_of_rows(&Frame::default(), Rows { first: 999, last: 2000, count: 1_053_211 }),
            "rows 999\u{2013}2,000 of 1,053,211"
        );
    }
}
