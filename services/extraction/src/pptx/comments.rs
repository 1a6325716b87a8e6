//! Comments on slides, in the old form and in the one in which people answer each other.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use crate::{
    ExtractError, comment,
    package::Package,
    relations::Relations,
    xml::{self, Visitor},
};

/// More on one slide nobody reads.
const MAX_COMMENTS: usize = 2000;

/// Names of those who comment, by their ids.
#[derive(Default)]
pub(super) struct Authors(HashMap<String, String>);

impl Authors {
    pub(super) fn read(package: &mut Package<'_>, relations: &Relations) -> Result<Self, ExtractError> {
        let mut authors = Self::default();
        for part in relations.all().filter(|relation| matches!(relation.kind.as_str(), "commentAuthors" | "authors")) {
            let source = package.part(&part.target)?.unwrap_or_default();
            xml::visit(&source, "its list of authors", &mut authors)?;
        }
        Ok(authors)
    }
}

impl Visitor for Authors {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if matches!(name, "cmAuthor" | "author")
            && let Some(id) = xml::attribute(e, "id")
        {
            self.0.insert(id, xml::attribute(e, "name").unwrap_or_default());
        }
        true
    }
    fn text(&mut self, _text: &str) {}
    fn end(&mut self, _name: &str) {}
}

/// What was said, each with who said it; answers follow what they answer.
pub(super) fn read(source: &str, authors: &Authors) -> Result<Vec<String>, ExtractError> {
    let mut reader = Reader { authors, said: Vec::new(), open: Vec::new(), in_text: false };
    xml::visit(source, "the comments on a slide", &mut reader)?;
    let written = reader.said.into_iter().filter(|(_, text)| !text.trim().is_empty());
    Ok(written.map(|(author, text)| comment::said(author, text.trim())).collect())
}

struct Reader<'a> {
    authors: &'a Authors,
    /// Author and text.
    said: Vec<(&'a str, String)>,
    /// Places of the comments that are open: an answer stands in the file within what it answers, before its text.
    open: Vec<usize>,
    in_text: bool,
}

impl Visitor for Reader<'_> {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        match name {
            "cm" | "reply" => {
                if self.said.len() >= MAX_COMMENTS {
                    return false;
                }
                let author = xml::attribute(e, "authorId").and_then(|id| self.authors.0.get(&id));
                self.open.push(self.said.len());
                self.said.push((author.map_or("", String::as_str), String::new()));
            }
            "t" | "text" => self.in_text = true,
            "br" => self.push("\n"),
            _ => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.push(text);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "cm" | "reply" => drop(self.open.pop()),
            "t" | "text" => self.in_text = false,
            "p" => self.push("\n"),
            _ => {}
        }
    }
}

impl Reader<'_> {
    fn push(&mut self, text: &str) {
        if let Some((_, said)) = self.open.last().and_then(|at| self.said.get_mut(*at)) {
            said.push_str(text);
        }
    }
}
