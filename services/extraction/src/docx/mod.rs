//! DOCX: paragraphs with their styles and numbers, tables, footnotes, comments. It knows no pages: those are Word's to make.

mod body;
mod chunk;
mod notes;
mod numbering;
mod styles;
mod symbols;
mod tables;
#[cfg(test)]
mod tests;

use catalog::Format;

use crate::{
    ExtractError, Extracted, clean, dated, drawing,
    embedded::Embedded,
    package::Package,
    page::PageBuilder,
    relations::Relations,
    slide::{self, Piece},
    unpaged, xml,
};
use body::Body;
use notes::{Notes, Sources};
use numbering::Numbering;
use styles::Styles;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    read(bytes, true)
}

/// `chunks` is false for a document within one, so that documents within documents end.
fn read(bytes: &[u8], chunks: bool) -> Result<Extracted, ExtractError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part("word/document.xml");
    let document = package.part(&main)?.ok_or_else(|| ExtractError::damaged("its main text is missing"))?;
    let relations = package.relations(&main)?;
    let core = package.part("docProps/core.xml")?.unwrap_or_default();

    let mut styles = Styles::default();
    let mut body = body(&mut package, &main, &relations, &mut styles)?;
    body.read(&document)?;
    let (mut pieces, own_title) = (body.pieces, body.title);
    body.notes.waiting.finish(&mut pieces);
    let mut page = PageBuilder::default();
    for piece in &pieces {
        slide::push(piece, &mut page);
        if let Piece::Part(id) = piece
            && let Some(relation) = relations.get(id)
        {
            drawing::read(&mut package, relation)?.iter().for_each(|piece| slide::push(piece, &mut page));
            if chunks && relation.kind == "aFChunk" {
                chunk::push(&mut package, &relation.target, &mut page)?;
            }
        }
    }
    let mut embedded = Embedded::default();
    embedded.take(&mut package, &relations)?;
    let title = xml::text_of(&core, "title").as_deref().and_then(clean::title);
    let title = title.or(own_title).or_else(|| page.first_heading().map(str::to_owned));
    Ok(Extracted { dated: dated::office(&core), attachments: embedded.into_attachments(), ..unpaged(Format::Docx, title, page)? })
}
/// The reader with all that it needs of other parts.
fn body<'s>(package: &mut Package<'_>, main: &str, relations: &Relations, styles: &'s mut Styles) -> Result<Body<'s>, ExtractError> {
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut part = |kind: &str| {
        let usual = format!("{folder}/{kind}.xml");
        package.part(relations.first(kind).unwrap_or(&usual)).map(Option::unwrap_or_default)
    };
    *styles = Styles::parse(&part("styles")?);
    let numbering = Numbering::parse(&part("numbering")?);
    let sources = Sources { feet: part("footnotes")?, ends: part("endnotes")?, comments: part("comments")? };
    let notes = Notes::parse(&sources, styles, &numbering)?;
    Ok(Body::new(styles, numbering, notes))
}
