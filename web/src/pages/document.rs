use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use catalog::{Action, Document, Object, OutlineEntry, Reader, RevisionId};
use serde::Deserialize;
use serde_json::json;

use crate::{
    AppState,
    asker::Asker,
    assets,
    error::PageError,
    frame::Frame,
    view::{Block, Parts, Rows, Searched, Sheet, Snippet, passage_address},
    visit::escaped,
};

#[derive(Deserialize)]
pub(crate) struct Place {
    revision: Option<String>,
    page: Option<i32>,
    start: Option<usize>,
    end: Option<usize>,
    /// Part of a long page, or of a text without pages; from 1.
    part: Option<usize>,
    /// What to look for in all of the document.
    #[serde(default)]
    find: String,
}

/// Places that a search within a document shows.
const MOST_FOUND: usize = 200;
/// Characters that are looked for.
const MOST_WANTED: usize = 200;
/// Documents with more passages have no list of contents: it would be longer than what it leads to.
const MOST_OUTLINED: i32 = 3000;
/// Headings in headings that the list of contents shows.
const DEPTH: usize = 4;
/// Characters that are marked where a heading leads.
const MARKED: i32 = 60;

/// A heading in the list of contents.
pub(crate) struct Heading {
    /// From 1.
    pub(crate) depth: usize,
    pub(crate) text: String,
    pub(crate) href: String,
}

/// Where the document says what was looked for.
pub(crate) struct FoundAt {
    pub(crate) label: Option<String>,
    pub(crate) snippet: Snippet,
    pub(crate) href: String,
}

/// What whoever may publish in its collection can do with a document.
pub(crate) struct Upkeep {
    pub(crate) delete: String,
    /// Where its file is read again, or moved: where it was published through the portal.
    pub(crate) file: Option<(String, String)>,
    /// Other collections that it can be moved to.
    pub(crate) collections: Vec<String>,
}

#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) title: String,
    pub(crate) file: String,
    pub(crate) collection: String,
    pub(crate) kind: String,
    pub(crate) since: String,
    /// For whoever may publish in its collection.
    pub(crate) upkeep: Option<Upkeep>,
    pub(crate) find: String,
    pub(crate) found: Vec<FoundAt>,
    pub(crate) outline: Vec<Heading>,
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
    pub(crate) revision: RevisionId,
    /// Through the pages, and through the parts of one.
    pub(crate) steps: Vec<Steps>,
}

/// The way through pages or parts.
pub(crate) struct Steps {
    pub(crate) unit: &'static str,
    /// "Page", "Sheet", "Part".
    pub(crate) name: String,
    /// "Previous page", "Next page".
    pub(crate) before: String,
    pub(crate) after: String,
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
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(place): Query<Place>,
    asker: Asker,
    frame: Frame,
) -> Result<Html<String>, PageError> {
    let (document, revision) = find(&asker.reader, &id, place.revision.as_deref()).await?;
    let mut seen = (document.id, json!({ "revision": revision, "page": place.page.unwrap_or(1) }));
    // What is found is shown of all pages.
    if !place.find.trim().is_empty() {
        seen.1["find"] = json!(place.find.trim().chars().take(MOST_WANTED).collect::<String>());
    }
    let upkeep = upkeep(&state, &asker, &frame, &document).await?;
    let page = page(&frame, &asker.reader, document, revision, &place, upkeep).await?.render()?;
    // Nothing is shown that is not written down.
    asker.session.note(Action::DocumentSeen, Object::Document(seen.0), &seen.1).await?;
    Ok(Html(page))
}

async fn upkeep(state: &AppState, asker: &Asker, frame: &Frame, document: &Document) -> Result<Option<Upkeep>, PageError> {
    if !frame.publishes() || asker.session.publishes_in(&document.collection).await.is_err() {
        return Ok(None);
    }
    let address = format!("/documents/{}", document.id);
    let is_here = state.uploads.holds(&document.path);
    let others = if is_here { asker.session.editable().await? } else { Vec::new() };
    Ok(Some(Upkeep {
        delete: format!("{address}/delete"),
        file: is_here.then(|| (format!("{address}/again"), format!("{address}/move"))),
        collections: others.into_iter().map(|known| known.1).filter(|name| *name != document.collection).collect(),
    }))
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
    upkeep: Option<Upkeep>,
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
    let wanted: String = place.find.trim().chars().take(MOST_WANTED).collect();
    let wanted = wanted.as_str();
    let found = if wanted.is_empty() { Vec::new() } else { found_within(frame, reader, &document, revision, name, wanted).await? };
    let outline = if document.passage_count <= MOST_OUTLINED { outline(reader, &document, revision).await? } else { Vec::new() };
    Ok(DocumentPage {
        frame,
        find: wanted.to_owned(),
        found,
        outline,
        upkeep,
        original: Some(format!("{address}/original?revision={revision}")),
        access: frame.administers().then(|| format!("{address}/access")),
        file: document.path.rsplit('/').next().unwrap_or_default().to_owned(),
        title: document.title,
        collection: document.collection,
        kind: frame.say_of_name("format--", document.format.name()),
        since: frame.say_s("since", &frame.day(document.live_at)),
        superseded: revision != document.revision_id,
        live: address.clone(),
        has_mark: blocks.iter().any(Block::has_target),
        has_wide_table: blocks.iter().any(Block::is_wide),
        blocks,
        sheet,
        number,
        revision,
        steps,
    })
}

/// Where a document says something, page by page.
async fn found_within(
    frame: &Frame,
    reader: &Reader,
    document: &Document,
    revision: RevisionId,
    name: &str,
    wanted: &str,
) -> Result<Vec<FoundAt>, PageError> {
    let mut found = Vec::new();
    for page in reader.pages(revision).await? {
        // A page can be a whole book: others are not kept waiting.
        let (searched, ranges) = tokio::task::block_in_place(|| {
            let searched = Searched::new(&page.text);
            let ranges = searched.find(wanted, MOST_FOUND - found.len());
            (searched, ranges)
        });
        for range in ranges {
            found.push(FoundAt {
                label: document.paged.then(|| format!("{} {}", frame.say_of("unit--", name), page.number)),
                snippet: searched.snippet(&range),
                href: format!(
                    "/documents/{}?revision={revision}&page={}&start={}&end={}&find={}#passage",
                    document.id,
                    page.number,
                    range.start,
                    range.end,
                    escaped(wanted)
                ),
            });
        }
        if found.len() >= MOST_FOUND {
            break;
        }
    }
    Ok(found)
}

/// The headings of a document, without its title above all of them. None where there is nothing to choose from.
async fn outline(reader: &Reader, document: &Document, revision: RevisionId) -> Result<Vec<Heading>, PageError> {
    let entries = reader.outline(revision).await?;
    let heading = |OutlineEntry { page, start, headings }: OutlineEntry| {
        let below_title = headings.first().is_some_and(|first| *first == document.title);
        let depth = headings.len() - usize::from(below_title);
        let text = headings.into_iter().next_back().filter(|_| (1..=DEPTH).contains(&depth))?;
        let href = passage_address(document.id, revision, page, start..start + MARKED);
        Some(Heading { depth, text, href })
    };
    let outline: Vec<Heading> = entries.into_iter().filter_map(heading).collect();
    Ok(if outline.len() > 1 { outline } else { Vec::new() })
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
            before: frame.say_of("previous--", name),
            after: frame.say_of("next--", name),
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
    let rows = format!("{}\u{2013}{}", frame.thousands(first), frame.thousands(last));
    format!("{} {}", frame.say_s("rows", &rows), frame.say_s("rows-of", &frame.thousands(count)))
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
