//! What belongs to a sheet beside its cells: notes and comments, text boxes, titles of charts, its named tables.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::{Relations, strings::rich_text};
use crate::{
    ExtractError,
    package::Package,
    sheet::grid::{self, Sheet},
    xml,
};

/// More on one sheet nobody reads, and each is a part of the package.
const MAX_PARTS: usize = 500;

pub(super) fn read(
    package: &mut Package<'_>,
    part: &str,
    persons: &HashMap<String, String>,
    sheet: &mut Sheet,
) -> Result<(), ExtractError> {
    let relations = Relations::of(package, part)?;
    for target in relations.of_kind("/table").take(MAX_PARTS) {
        table(&package.part(target)?.unwrap_or_default(), sheet);
    }
    for target in relations.of_kind("/drawing").take(MAX_PARTS) {
        sheet.texts.extend(texts(&package.part(target)?.unwrap_or_default(), "txBody", ""));
        let charts = Relations::of(package, target)?;
        for chart in charts.of_kind("/chart").take(MAX_PARTS) {
            sheet.texts.extend(texts(&package.part(chart)?.unwrap_or_default(), "title", "plotArea"));
        }
    }
    let mut answered = false;
    for target in relations.of_kind("/threadedComment").take(MAX_PARTS) {
        answered |= threaded(&package.part(target)?.unwrap_or_default(), persons, sheet);
    }
    for target in relations.of_kind("/comments").take(MAX_PARTS) {
        notes(&package.part(target)?.unwrap_or_default(), answered, sheet);
    }
    Ok(())
}

/// The first row of a named table holds its headings, unless it says that there are none.
fn table(source: &str, sheet: &mut Sheet) {
    let mut reader = xml::reader(source);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) | Event::Empty(e) if e.local_name().into_inner() == "table" => {
                if xml::attribute(&e, "headerRowCount").as_deref() != Some("0") {
                    let area = xml::attribute(&e, "ref").as_deref().and_then(grid::area);
                    sheet.head(area.map(|area| area.rows.0));
                }
                return;
            }
            Event::Eof => return,
            _ => {}
        }
    }
}

/// The paragraphs of drawn text within elements of that name, but not beyond the other: axes have titles as well.
fn texts(source: &str, within: &str, beyond: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut reader = xml::reader(source);
    let (mut depth, mut in_text, mut text) = (0usize, false, String::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) => match e.local_name().into_inner() {
                name if name == beyond => return found,
                name if name == within => depth += 1,
                "t" => in_text = depth > 0,
                _ => {}
            },
            Event::End(e) => match e.local_name().into_inner() {
                name if name == within => depth = depth.saturating_sub(1),
                "t" => in_text = false,
                "p" if !text.trim().is_empty() => found.push(std::mem::take(&mut text)),
                _ => {}
            },
            Event::Empty(e) if depth > 0 && e.local_name().into_inner() == "br" => text.push('\n'),
            Event::Text(piece) if in_text => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if in_text => text.extend(xml::entity(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    found
}

/// Notes with their authors. Where comments are there as well, Excel has written those into notes for old versions.
fn notes(source: &str, answered: bool, sheet: &mut Sheet) {
    let mut reader = xml::reader(source);
    let mut authors = Vec::new();
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) if e.local_name().into_inner() == "author" => {
                authors.push(reader.read_text(e.name()).map(|t| t.xml10_content().into_owned()).unwrap_or_default());
            }
            Event::Empty(e) if e.local_name().into_inner() == "author" => authors.push(String::new()),
            Event::Start(e) if e.local_name().into_inner() == "comment" => {
                let place = xml::attribute(&e, "ref").as_deref().and_then(grid::place);
                let author = xml::attribute(&e, "authorId").and_then(|id| id.parse().ok()).and_then(|id: usize| authors.get(id));
                let Ok(text) = rich_text(&mut reader, "comment") else { return };
                let author = author.map(String::as_str).unwrap_or_default();
                let repeats = answered && (author.starts_with("tc={") || text.starts_with("[Threaded comment]"));
                if let Some(place) = place.filter(|_| !repeats) {
                    sheet.note(place, author.strip_prefix("tc=").map_or(author, |_| ""), &text);
                }
            }
            Event::Eof => return,
            _ => {}
        }
    }
}

/// Comments that people answer to each other; whether there are any.
fn threaded(source: &str, persons: &HashMap<String, String>, sheet: &mut Sheet) -> bool {
    let mut reader = xml::reader(source);
    let (mut open, mut in_text, mut text, mut found) = (None, false, String::new(), false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) => match e.local_name().into_inner() {
                "threadedComment" => {
                    let place = xml::attribute(&e, "ref").as_deref().and_then(grid::place);
                    let author = xml::attribute(&e, "personId").and_then(|id| persons.get(&id));
                    open = place.map(|place| (place, author.cloned().unwrap_or_default()));
                }
                "text" => in_text = true,
                _ => {}
            },
            Event::End(e) => match e.local_name().into_inner() {
                "text" => in_text = false,
                "threadedComment" => {
                    if let Some((place, author)) = open.take() {
                        sheet.note(place, &author, &text);
                        found = true;
                    }
                    text.clear();
                }
                _ => {}
            },
            Event::Text(piece) if in_text => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if in_text => text.extend(xml::entity(&reference)),
            Event::Eof => break,
            _ => {}
        }
    }
    found
}

/// Names of those who comment, by id.
pub(super) fn persons(source: &str) -> HashMap<String, String> {
    let mut persons = HashMap::new();
    let mut reader = xml::reader(source);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(e) | Event::Empty(e) if e.local_name().into_inner() == "person" => {
                let value = |name| xml::attribute(&e, name).unwrap_or_default();
                persons.insert(value("id"), value("displayName"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    persons
}
