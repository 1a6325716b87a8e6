//! PPTX: a page for each slide, in the order of the show. Hidden slides are among them: their authors keep them for
//! what they say, and PowerPoint counts them.

mod bullets;
mod comments;
mod read;
mod sheet;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, rc::Rc};

use catalog::Format;
use quick_xml::events::BytesStart;

use crate::{
    BlockKind, ExtractError, Extracted, ExtractedPage, clean, dated, drawing,
    embedded::Embedded,
    package::Package,
    page::PageBuilder,
    relations::Relations,
    slide::{self, Piece},
    xml::{self, Visitor},
};
use sheet::{Inherited, Sheet};

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part("ppt/presentation.xml");
    let presentation = package.part(&main)?.ok_or_else(|| ExtractError::damaged("its list of slides is missing"))?;
    let mut ids = SlideIds::default();
    xml::visit(&presentation, "its list of slides", &mut ids)?;
    let relations = package.relations(&main)?;
    let core = package.part("docProps/core.xml")?.unwrap_or_default();

    let authors = comments::Authors::read(&mut package, &relations)?;
    let mut reader = Reader { package, authors, shared: HashMap::new(), embedded: Embedded::default(), first_title: None };
    let mut pages = Vec::new();
    for id in &ids.0 {
        // A slide that is listed but not there: PowerPoint repairs such files without it.
        let Some(part) = relations.get(id).map(|relation| relation.target.clone()) else { continue };
        let number = i32::try_from(pages.len() + 1).unwrap_or(i32::MAX);
        pages.extend(reader.slide(&part, number)?);
    }
    if pages.is_empty() {
        return Err(ExtractError::NoText);
    }
    let title = xml::text_of(&core, "title").as_deref().and_then(clean::title).filter(|title| !is_default_title(title));
    let title = title.or_else(|| reader.first_title.as_deref().and_then(clean::title));
    let attachments = reader.embedded.into_attachments();
    Ok(Extracted { dated: dated::office(&core), paged: true, pages, attachments, ..Extracted::empty(Format::Pptx, title) })
}

/// "PowerPoint Presentation", as each language says it.
fn is_default_title(title: &str) -> bool {
    title.to_lowercase().contains("powerpoint") && title.split_whitespace().count() <= 2
}

/// The slides as the presentation lists them.
#[derive(Default)]
struct SlideIds(Vec<String>);

impl Visitor for SlideIds {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if name == "sldId" {
            self.0.extend(xml::reference(e, "id"));
        }
        true
    }
    fn text(&mut self, _text: &str) {}
    fn end(&mut self, _name: &str) {}
}

/// No layout has more; they are searched for each paragraph.
const MAX_PLACEHOLDERS: usize = 200;

/// A layout or master.
#[derive(Default)]
struct Shared {
    sheet: Sheet,
    relations: Relations,
}

struct Reader<'b> {
    package: Package<'b>,
    authors: comments::Authors,
    /// Layouts and masters, by their part: many slides share few.
    shared: HashMap<String, Rc<Shared>>,
    embedded: Embedded,
    first_title: Option<String>,
}

impl Reader<'_> {
    fn slide(&mut self, part: &str, number: i32) -> Result<Option<ExtractedPage>, ExtractError> {
        let Some(source) = self.package.part(part)? else { return Ok(None) };
        let relations = self.package.relations(part)?;
        let layout = self.shared(relations.first("slideLayout"), "a layout")?;
        let master = self.shared(layout.relations.first("slideMaster"), "a master")?;
        let inherited = Inherited { layout: Some(&layout.sheet), master: Some(&master.sheet) };
        let sheet = read::sheet(&source, &format!("slide {number}"), inherited)?;

        let mut page = PageBuilder::default();
        self.push(sheet, &relations, &mut page)?;
        if let Some(title) = page.first_heading()
            && self.first_title.is_none()
        {
            self.first_title = Some(title.to_owned());
        }
        if let Some(part) = relations.first("notesSlide") {
            self.notes(part, &mut page)?;
        }
        for part in relations.all().filter(|relation| relation.kind == "comments") {
            let source = self.package.part(&part.target)?.unwrap_or_default();
            comments::read(&source, &self.authors)?.iter().for_each(|said| page.push(BlockKind::Paragraph, said));
        }
        self.embedded.take(&mut self.package, &relations)?;
        page.finish(number, None).map(Some)
    }

    /// Reads a layout or master, once.
    fn shared(&mut self, part: Option<&str>, what: &str) -> Result<Rc<Shared>, ExtractError> {
        let Some(part) = part else { return Ok(Rc::default()) };
        if let Some(known) = self.shared.get(part) {
            return Ok(Rc::clone(known));
        }
        let source = self.package.part(part)?.unwrap_or_default();
        let mut sheet = read::sheet(&source, what, Inherited::default())?;
        sheet.shapes.retain(|shape| shape.placeholder.is_some());
        sheet.shapes.truncate(MAX_PLACEHOLDERS);
        let shared = Rc::new(Shared { sheet, relations: self.package.relations(part)? });
        self.shared.insert(part.to_owned(), Rc::clone(&shared));
        Ok(shared)
    }

    fn push(&mut self, sheet: Sheet, relations: &Relations, page: &mut PageBuilder) -> Result<(), ExtractError> {
        let shown = sheet.shapes.into_iter().filter(|shape| !shape.placeholder.as_ref().is_some_and(|p| p.is_running()));
        for shape in slide::in_reading_order(shown.map(|shape| shape.into_shape()).collect()) {
            for piece in shape.pieces {
                let parts = match &piece {
                    Piece::Part(id) => relations.get(id).map(|part| drawing::read(&mut self.package, part)).transpose()?,
                    _ => None,
                };
                slide::push(&piece, page);
                parts.iter().flatten().for_each(|piece| slide::push(piece, page));
            }
        }
        Ok(())
    }

    /// What the speaker says stands after what the slide shows, and nothing of it on the slide.
    fn notes(&mut self, part: &str, page: &mut PageBuilder) -> Result<(), ExtractError> {
        let Some(source) = self.package.part(part)? else { return Ok(()) };
        let sheet = read::sheet(&source, "the notes of a slide", Inherited::default())?;
        let bodies = sheet.shapes.into_iter().filter(|shape| shape.placeholder.as_ref().is_some_and(|p| p.kind == "body"));
        let pieces: Vec<Piece> = bodies.flat_map(|shape| shape.pieces).collect();
        if pieces.iter().any(|piece| matches!(piece, Piece::Text(..))) {
            page.push(BlockKind::Paragraph, "Notes:");
            pieces.iter().for_each(|piece| slide::push(piece, page));
        }
        Ok(())
    }
}
