use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Html,
};
use catalog::{Document, Reader, RevisionId};
use serde::Deserialize;

use crate::{
    asker::Asker,
    assets,
    error::PageError,
    view::{self, Block, Shape, Sheet},
};

/// Characters of a text without pages that are shown at once: about thirty printed pages.
const PART: usize = 60_000;

#[derive(Deserialize)]
pub(crate) struct Place {
    revision: Option<String>,
    page: Option<i32>,
    start: Option<usize>,
    end: Option<usize>,
    /// Part of a long text without pages, from 1.
    part: Option<usize>,
}

#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage {
    pub(crate) title: String,
    pub(crate) file: String,
    pub(crate) collection: String,
    pub(crate) kind: &'static str,
    pub(crate) since: String,
    /// Address of the live revision, where another one is shown.
    pub(crate) superseded: bool,
    pub(crate) live: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) has_mark: bool,
    /// The image of the page, where there is one.
    pub(crate) sheet: Option<Sheet>,
    pub(crate) number: i32,
    pub(crate) steps: Option<Steps>,
}

/// The way through pages, or through the parts of a long text.
pub(crate) struct Steps {
    pub(crate) unit: &'static str,
    pub(crate) name: String,
    pub(crate) current: i64,
    pub(crate) count: i64,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) action: String,
    pub(crate) revision: String,
    pub(crate) label: Option<String>,
}

pub(crate) async fn show(Path(id): Path<String>, Query(place): Query<Place>, asker: Asker) -> Result<Html<String>, PageError> {
    let (document, revision) = find(&asker.reader, &id, place.revision.as_deref()).await?;
    Ok(Html(page(&asker.reader, document, revision, &place).await?.render()?))
}

/// A document that the reader may see, and which of its revisions is meant.
pub(super) async fn find(reader: &Reader, id: &str, revision: Option<&str>) -> Result<(Document, RevisionId), PageError> {
    let missing = || PageError::not_found("There is no such document here. It may have been deleted since the link was made.");
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

async fn page(reader: &Reader, document: Document, revision: RevisionId, place: &Place) -> Result<DocumentPage, PageError> {
    let number = place.page.unwrap_or(1);
    let pages = reader.page_count(revision).await?;
    let page = reader.page(revision, number).await?;
    let name = document.format.page_name().unwrap_or("page");
    let page =
        page.ok_or_else(|| PageError::not_found(format!("This document has no {name} {number}; it has {pages}, counted from 1.")))?;
    let layout = reader.page_layout(revision, number).await?.unwrap_or_default();
    let marked = place.start.zip(place.end).filter(|(start, end)| start < end);
    let blocks = view::blocks(&page.text, &layout, marked);
    let address = format!("/documents/{}", document.id);
    let sheet = Sheet::of(&layout, format!("{address}/pages/{number}/image?revision={revision}"), marked);
    let (blocks, steps) = if document.paged {
        let steps = Steps::new("page", name, &address, revision, i64::from(number), i64::from(pages));
        let said =
            |label: String| if name == "page" { format!("printed \u{201c}{label}\u{201d}") } else { format!("\u{201c}{label}\u{201d}") };
        (blocks, Some(Steps { label: page.label.map(said), ..steps }))
    } else {
        part(blocks, &address, revision, place)
    };
    Ok(DocumentPage {
        file: document.path.rsplit('/').next().unwrap_or_default().to_owned(),
        title: document.title,
        collection: document.collection,
        kind: document.format.name(),
        since: document.live_at.format("%-d %B %Y").to_string(),
        superseded: revision != document.revision_id,
        live: address,
        has_mark: blocks.iter().any(Block::has_target),
        blocks,
        sheet,
        number,
        steps: steps.filter(|s| s.count > 1),
    })
}

/// The part of a long text that was asked for, or that holds the marked passage.
fn part(blocks: Vec<Block>, address: &str, revision: RevisionId, place: &Place) -> (Vec<Block>, Option<Steps>) {
    let part_of = |block: &Block| block.start / PART + 1;
    let count = blocks.last().map_or(1, part_of);
    let marked = || blocks.iter().find(|b| b.has_target()).map(part_of);
    let current = place.part.or_else(marked).unwrap_or(1).clamp(1, count);
    let steps = Steps::new("part", "part", address, revision, i64::try_from(current).unwrap_or(1), i64::try_from(count).unwrap_or(1));
    (blocks.into_iter().filter(|b| part_of(b) == current).collect(), Some(steps))
}

impl Steps {
    fn new(unit: &'static str, name: &str, address: &str, revision: RevisionId, current: i64, count: i64) -> Self {
        let link = |n: i64| format!("{address}?revision={revision}&{unit}={n}");
        Self {
            unit,
            name: format!("{}{}", name.get(..1).unwrap_or_default().to_uppercase(), name.get(1..).unwrap_or_default()),
            current,
            count,
            previous: (current > 1).then(|| link(current - 1)),
            next: (current < count).then(|| link(current + 1)),
            action: address.to_owned(),
            revision: revision.to_string(),
            label: None,
        }
    }
}
