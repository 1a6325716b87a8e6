//! What styles mean: a title, hidden text, a list with which marks.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::xml;

/// Programs write styles' chains a few deep; a cycle must end.
const MAX_CHAIN: usize = 12;
pub(super) const LEVELS: usize = 10;
/// A mark is a number with a word or two.
const MAX_MARK: usize = 60;

#[derive(Debug, Default)]
pub(super) struct Styles {
    paragraphs: HashMap<String, Style>,
    spans: HashMap<String, Style>,
    lists: HashMap<String, Marks>,
    /// The numbers of headings.
    pub(super) outline: Marks,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    list: Option<String>,
    bold: Option<bool>,
    hidden: Option<bool>,
    struck: Option<bool>,
}

pub(super) type Marks = [Mark; LEVELS];

/// What stands before the items of a level.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    pub(super) is_bullet: bool,
    /// "1", "a", "A", "i", "I"; empty for no number.
    pub(super) format: String,
    pub(super) prefix: String,
    pub(super) suffix: String,
    /// How many levels the number shows: 2 for "3.1".
    pub(super) shown: usize,
    pub(super) start: u32,
}

/// Which style is open.
#[derive(Default)]
enum Open {
    #[default]
    None,
    Paragraph(String),
    Span(String),
    List(String),
    Outline,
}

impl Styles {
    /// Adds the styles of a part.
    pub(super) fn parse(&mut self, source: &str) {
        let mut reader = xml::reader(source);
        let mut open = Open::None;
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) => self.element(e.local_name().into_inner(), &e, &mut open),
                Ok(Event::End(e)) if matches!(e.local_name().into_inner(), "style" | "list-style" | "outline-style") => open = Open::None,
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn element(&mut self, name: &str, e: &BytesStart<'_>, open: &mut Open) {
        let value = |name: &str| xml::attribute(e, name);
        let short = |name: &str| value(name).unwrap_or_default().chars().take(MAX_MARK).collect();
        match name {
            "style" => {
                let style = Style { parent: value("parent-style-name"), list: value("list-style-name"), ..Style::default() };
                let id = value("name").unwrap_or_default();
                *open = match value("family").as_deref() {
                    Some("paragraph") => {
                        self.paragraphs.insert(id.clone(), style);
                        Open::Paragraph(id)
                    }
                    Some("text") => {
                        self.spans.insert(id.clone(), style);
                        Open::Span(id)
                    }
                    _ => Open::None,
                };
            }
            "list-style" => {
                let id = value("name").unwrap_or_default();
                self.lists.insert(id.clone(), Marks::default());
                *open = Open::List(id);
            }
            "outline-style" => *open = Open::Outline,
            "text-properties" => {
                let style = match open {
                    Open::Paragraph(id) => self.paragraphs.get_mut(id),
                    Open::Span(id) => self.spans.get_mut(id),
                    _ => None,
                };
                if let Some(style) = style {
                    style.bold = value("font-weight").map(|weight| matches!(weight.as_str(), "bold" | "600" | "700" | "800" | "900"));
                    style.hidden = value("display").map(|display| display == "none");
                    style.struck = value("text-line-through-style").or(value("text-line-through-type")).map(|line| line != "none");
                }
            }
            "list-level-style-number" | "list-level-style-bullet" | "list-level-style-image" | "outline-level-style" => {
                let marks = match open {
                    Open::List(id) => self.lists.get_mut(id),
                    Open::Outline => Some(&mut self.outline),
                    _ => None,
                };
                let level = value("level").and_then(|level| level.parse::<usize>().ok()).and_then(|level| level.checked_sub(1));
                if let Some(mark) = marks.zip(level).and_then(|(marks, level)| marks.get_mut(level)) {
                    *mark = Mark {
                        is_bullet: matches!(name, "list-level-style-bullet" | "list-level-style-image"),
                        format: short("num-format"),
                        prefix: short("num-prefix"),
                        suffix: short("num-suffix"),
                        shown: value("display-levels").and_then(|v| v.parse().ok()).unwrap_or(1),
                        start: value("start-value").and_then(|v| v.parse().ok()).unwrap_or(1),
                    };
                }
            }
            _ => {}
        }
    }

    fn chain<'s>(styles: &'s HashMap<String, Style>, id: &'s str) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let next = |(_, style): &(&'s str, &'s Style)| {
            let parent = style.parent.as_deref()?;
            Some((parent, styles.get(parent)?))
        };
        std::iter::successors(styles.get(id).map(|style| (id, style)), next).take(MAX_CHAIN)
    }

    /// Whether the style is, or is made from, the one that programs have by this name.
    fn is_based_on(&self, id: &str, known: &str) -> bool {
        id == known || Self::chain(&self.paragraphs, id).any(|(id, style)| id == known || style.parent.as_deref() == Some(known))
    }

    pub(super) fn is_title(&self, id: &str) -> bool {
        self.is_based_on(id, "Title")
    }

    pub(super) fn is_bold(&self, id: &str) -> bool {
        self.is_based_on(id, "Table_20_Heading") || Self::chain(&self.paragraphs, id).find_map(|(_, s)| s.bold).unwrap_or(false)
    }

    /// What is not shown, or struck: no longer said.
    pub(super) fn is_hidden(&self, id: &str) -> bool {
        let first = |told: &dyn Fn(&Style) -> Option<bool>| Self::chain(&self.paragraphs, id).find_map(|(_, s)| told(s)).unwrap_or(false);
        first(&|style| style.hidden) || first(&|style| style.struck)
    }

    /// Whether a span is bold, and whether it is hidden, where it says so itself.
    pub(super) fn span(&self, id: &str) -> (Option<bool>, bool) {
        let first = |told: &dyn Fn(&Style) -> Option<bool>| Self::chain(&self.spans, id).find_map(|(_, s)| told(s));
        (first(&|style| style.bold), first(&|style| style.hidden) == Some(true) || first(&|style| style.struck) == Some(true))
    }

    pub(super) fn list_of_paragraph<'a>(&'a self, id: &'a str) -> Option<&'a str> {
        Self::chain(&self.paragraphs, id).find_map(|(_, style)| style.list.as_deref())
    }

    pub(super) fn list(&self, id: &str) -> Option<&Marks> {
        self.lists.get(id)
    }
}
