//! What a paragraph style means: a heading of which level, an item of which list.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::xml;

/// Word writes styles' chains a few deep; a cycle must end.
const MAX_CHAIN: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    bold: bool,
    list: (Option<u32>, Option<usize>),
}

impl Styles {
    pub(super) fn parse(source: &str) -> Self {
        let mut styles = Self::default();
        let mut reader = xml::reader(source);
        let mut open: Option<(String, Style)> = None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) => match (e.local_name().into_inner(), &mut open) {
                    ("style", _) => open = xml::attribute(&e, "styleId").map(|id| (id, Style::default())),
                    ("name", Some((_, style))) => style.name = xml::val(&e).unwrap_or_default().to_lowercase(),
                    ("basedOn", Some((_, style))) => style.based_on = xml::val(&e),
                    ("outlineLvl", Some((_, style))) => style.outline = xml::val(&e).and_then(|v| v.parse().ok()),
                    ("numId", Some((_, style))) => style.list.0 = xml::val(&e).and_then(|v| v.parse().ok()),
                    ("ilvl", Some((_, style))) => style.list.1 = xml::val(&e).and_then(|v| v.parse().ok()),
                    ("b", Some((_, style))) => style.bold = xml::is_on(&e),
                    _ => {}
                },
                Ok(Event::End(e)) if e.local_name().into_inner() == "style" => styles.by_id.extend(open.take()),
                Ok(Event::Eof) | Err(_) => return styles,
                Ok(_) => {}
            }
        }
    }

    fn chain<'s>(&'s self, id: &'s str) -> impl Iterator<Item = &'s Style> {
        let next = |style: &&'s Style| self.by_id.get(style.based_on.as_deref()?);
        std::iter::successors(self.by_id.get(id), next).take(MAX_CHAIN)
    }

    /// 1 to 9 for headings. A style may look like a heading and say that it is none, as that of "Contents" does.
    pub(super) fn heading_level(&self, id: &str) -> Option<u8> {
        if !self.by_id.contains_key(id) {
            return heading_name(&id.to_lowercase());
        }
        let told = self.chain(id).find_map(|style| heading_name(&style.name).or(style.outline.map(|level| level.saturating_add(1))));
        told.filter(|level| *level <= 9)
    }

    /// A line of a table of contents.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        let level = self.by_id.get(id).and_then(|style| style.name.strip_prefix("toc "));
        level.is_some_and(|level| level.parse::<u8>().is_ok())
    }

    pub(super) fn is_title(&self, id: &str) -> bool {
        self.by_id.get(id).map_or(id == "Title", |style| style.name == "title")
    }

    pub(super) fn is_bold(&self, id: &str) -> bool {
        self.chain(id).any(|style| style.bold)
    }

    /// Number and level of the list that the style puts its paragraphs in.
    pub(super) fn list(&self, id: &str) -> (Option<u32>, Option<usize>) {
        (self.chain(id).find_map(|s| s.list.0), self.chain(id).find_map(|s| s.list.1))
    }

    /// Word's own list styles mean a list even where no numbering is given.
    pub(super) fn is_bullet(&self, id: &str) -> bool {
        self.by_id.get(id).map_or(id.starts_with("ListBullet"), |style| style.name.starts_with("list bullet"))
    }
}

/// "heading 2", "Heading2", "heading2".
fn heading_name(name: &str) -> Option<u8> {
    let level: u8 = name.strip_prefix("heading")?.trim().parse().ok()?;
    (1..=9).contains(&level).then_some(level)
}
