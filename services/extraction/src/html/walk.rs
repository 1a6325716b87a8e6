//! The elements of a page in order, as blocks of text.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::Node;

use super::{
    select::{is_invisible, is_left_out},
    table,
};
use crate::{BlockKind, page::PageBuilder};

/// The content below a node.
pub(super) fn walk(node: NodeRef<'_, Node>, page: &mut PageBuilder) {
    Walker::new(page, &HashSet::new()).all(node);
}

/// The same without some of the elements.
pub(super) fn walk_without(node: NodeRef<'_, Node>, dropped: &HashSet<NodeId>, page: &mut PageBuilder) {
    Walker::new(page, dropped).all(node);
}

/// The same with navigation, headers and footers.
pub(super) fn walk_all(node: NodeRef<'_, Node>, page: &mut PageBuilder) {
    Walker { everything: true, ..Walker::new(page, &HashSet::new()) }.all(node);
}

struct Walker<'p> {
    page: &'p mut PageBuilder,
    dropped: &'p HashSet<NodeId>,
    everything: bool,
    inline: String,
    kind: Option<BlockKind>,
    marker: String,
    lists: Vec<Option<i64>>,
    /// A `dt` that waits for its `dd`.
    term: String,
}

impl<'p> Walker<'p> {
    fn new(page: &'p mut PageBuilder, dropped: &'p HashSet<NodeId>) -> Self {
        Self {
            page,
            dropped,
            everything: false,
            inline: String::new(),
            kind: None,
            marker: String::new(),
            lists: Vec::new(),
            term: String::new(),
        }
    }

    fn all(mut self, node: NodeRef<'_, Node>) {
        self.children(node);
        self.flush();
        self.undefined();
    }

    // Recursion is bounded by the depth check before parsing and by the reader's stack.
    fn children(&mut self, node: NodeRef<'_, Node>) {
        for child in node.children() {
            self.node(child);
        }
    }

    fn node(&mut self, node: NodeRef<'_, Node>) {
        if let Some(text) = node.value().as_text() {
            push_collapsed(text, &mut self.inline);
            return;
        }
        if self.dropped.contains(&node.id()) {
            return;
        }
        let Some(element) = node.value().as_element() else {
            if !node.value().is_comment() {
                self.children(node);
            }
            return;
        };
        if is_invisible(element) || !self.everything && is_left_out(element) {
            return;
        }
        match element.name() {
            "br" => self.inline.push('\n'),
            "wbr" | "img" => {}
            "hr" => self.flush(),
            "pre" => self.code(node),
            "ul" | "menu" => self.list(node, None),
            "ol" => self.list(node, Some(element.attr("start").and_then(|s| s.trim().parse().ok()).unwrap_or(1))),
            "li" => self.item(node),
            "dt" => {
                self.flush();
                self.term(&line_of(node));
            }
            "dl" => {
                self.block(node, None);
                self.undefined();
            }
            "dd" => {
                self.flush();
                if !self.term.is_empty() {
                    self.inline = format!("{}: ", std::mem::take(&mut self.term).trim().trim_end_matches(':'));
                    self.kind = Some(BlockKind::ListItem);
                }
                self.children(node);
                self.flush();
            }
            "table" if table::is_data(node) => {
                self.flush();
                self.page.push_table(&table::read(node));
            }
            "td" | "th" | "tr" | "table" | "tbody" | "thead" | "tfoot" => self.block(node, None),
            "rt" | "rp" => {}
            name if heading_level(name).is_some() => self.block(node, heading_level(name).map(BlockKind::Heading)),
            name if is_block(name) => self.block(node, None),
            _ => self.children(node),
        }
    }

    fn block(&mut self, node: NodeRef<'_, Node>, kind: Option<BlockKind>) {
        // The first paragraph of a list item is the item.
        if !(self.kind == Some(BlockKind::ListItem) && self.inline.trim().is_empty() && kind.is_none()) {
            self.flush();
        }
        if kind.is_some() {
            self.kind = kind;
        }
        self.children(node);
        self.flush();
    }

    fn list(&mut self, node: NodeRef<'_, Node>, first: Option<i64>) {
        self.flush();
        if self.lists.is_empty() {
            self.page.apart();
        }
        self.lists.push(first);
        self.children(node);
        self.flush();
        self.lists.pop();
        if self.lists.is_empty() {
            self.page.apart();
        }
    }

    fn item(&mut self, node: NodeRef<'_, Node>) {
        self.flush();
        let nested = self.lists.len() > 1;
        self.marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{}. ", number.saturating_sub(1))
            }
            _ if nested => "◦ ".into(),
            _ => "• ".into(),
        };
        self.kind = Some(BlockKind::ListItem);
        self.children(node);
        self.flush();
        self.kind = None;
        self.marker.clear();
    }

    fn code(&mut self, node: NodeRef<'_, Node>) {
        self.flush();
        let mut text = String::new();
        for part in node.descendants() {
            match part.value() {
                Node::Text(piece) => text.push_str(piece),
                Node::Element(e) if e.name() == "br" => text.push('\n'),
                _ => {}
            }
        }
        self.page.push(BlockKind::Code, &text);
    }

    /// Terms that follow each other share their definition.
    fn term(&mut self, term: &str) {
        if !self.term.is_empty() && !term.is_empty() {
            self.term.push_str(", ");
        }
        self.term.push_str(term);
    }

    /// Writes a term that no definition came for.
    fn undefined(&mut self) {
        if !self.term.is_empty() {
            let term = std::mem::take(&mut self.term);
            self.page.push(BlockKind::ListItem, &term);
        }
    }

    fn flush(&mut self) {
        if self.inline.trim().is_empty() {
            self.inline.clear();
            if self.kind != Some(BlockKind::ListItem) {
                self.kind = None;
            }
            return;
        }
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        let text = std::mem::take(&mut self.inline);
        let marker = if kind == BlockKind::ListItem { std::mem::take(&mut self.marker) } else { String::new() };
        self.page.push(kind, &format!("{marker}{}", text.trim_start()));
    }
}

/// From 1, the outermost.
pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

pub(super) fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "details",
        "dir",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "html",
        "legend",
        "main",
        "nav",
        "p",
        "section",
        "summary",
        "caption",
        "title",
        "optgroup",
        "option",
    ];
    BLOCKS.contains(&name)
}

/// Source line breaks are spaces; only `br` breaks a line.
fn push_collapsed(text: &str, out: &mut String) {
    for c in text.chars() {
        if !c.is_ascii_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// Visible text on one line, without markers of lists.
fn line_of(node: NodeRef<'_, Node>) -> String {
    let mut line = String::new();
    let mut skipped = None;
    for edge in node.traverse() {
        match edge {
            Edge::Open(at) if skipped.is_none() => match at.value() {
                Node::Text(text) => push_collapsed(text, &mut line),
                Node::Element(element) if is_invisible(element) => skipped = Some(at.id()),
                Node::Element(element) if is_block(element.name()) || element.name() == "br" => line.push(' '),
                _ => {}
            },
            Edge::Close(at) if skipped == Some(at.id()) => skipped = None,
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
