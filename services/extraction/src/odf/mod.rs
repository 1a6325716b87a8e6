//! OpenDocument: texts (one page: the rest is the program's to make) and presentations (a page for each slide). Both
//! come in a package, or flat in one XML file.

mod lists;
mod read;
mod slides;
mod styles;
#[cfg(test)]
mod tests;

use catalog::Format;

use crate::{
    BlockKind, ExtractError, Extracted, clean, dated, decode,
    package::Package,
    page::PageBuilder,
    slide::{self, Piece},
    unpaged, xml,
};
use read::Reader;
use slides::Slide;
use styles::Styles;

pub(crate) fn extract(bytes: &[u8], format: Format) -> Result<Extracted, ExtractError> {
    let parts = if bytes.starts_with(b"PK") { packed(bytes)? } else { flat(bytes)? };
    let mut styles = Styles::default();
    styles.parse(&parts.styles);
    styles.parse(&parts.content);
    let mut reader = Reader::new(&styles);
    xml::visit(&parts.content, "its text", &mut reader)?;
    reader.budget.check()?;
    let title = xml::text_of(&parts.meta, "title").as_deref().and_then(clean::title);
    let dated = dated::open_document(&parts.meta);
    if format == Format::Odp {
        return Ok(Extracted { dated, ..presentation(title, std::mem::take(&mut reader.slides.done))? });
    }
    let title = title.or(reader.title.take());
    let mut page = PageBuilder::default();
    reader.into_pieces().iter().for_each(|piece| slide::push(piece, &mut page));
    let title = title.or_else(|| page.first_heading().map(str::to_owned));
    Ok(Extracted { dated, ..unpaged(format, title, page)? })
}

struct Parts {
    content: String,
    styles: String,
    meta: String,
}

fn packed(bytes: &[u8]) -> Result<Parts, ExtractError> {
    let mut package = Package::open(bytes)?;
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(ExtractError::Encrypted);
    }
    let content = package.part("content.xml")?.ok_or_else(|| ExtractError::damaged("its main text is missing"))?;
    let mut part = |name: &str| package.part(name).map(Option::unwrap_or_default);
    Ok(Parts { content, styles: part("styles.xml")?, meta: part("meta.xml")? })
}

fn flat(bytes: &[u8]) -> Result<Parts, ExtractError> {
    let content = decode::decode(bytes)?.into_owned();
    let meta = content.split_once("<office:meta").and_then(|(_, rest)| rest.split_once("</office:meta>"));
    let meta = meta.map(|(meta, _)| format!("<office:meta{meta}</office:meta>")).unwrap_or_default();
    Ok(Parts { content, styles: String::new(), meta })
}

fn presentation(title: Option<String>, slides: Vec<Slide>) -> Result<Extracted, ExtractError> {
    let mut pages = Vec::new();
    let mut first_title = None;
    for (number, slide) in (1..).zip(slides) {
        let mut page = PageBuilder::default();
        for shape in slide::in_reading_order(slide.shapes) {
            page.apart();
            shape.pieces.iter().for_each(|piece| slide::push(piece, &mut page));
        }
        first_title = first_title.or_else(|| page.first_heading().map(str::to_owned));
        if slide.notes.iter().any(|piece| matches!(piece, Piece::Text(..))) {
            page.push(BlockKind::Paragraph, "Notes:");
            slide.notes.iter().for_each(|piece| slide::push(piece, &mut page));
        }
        pages.push(page.finish(number, None)?);
    }
    if pages.is_empty() {
        return Err(ExtractError::NoText);
    }
    let title = title.or_else(|| first_title.as_deref().and_then(clean::title));
    Ok(Extracted { paged: true, pages, ..Extracted::empty(Format::Odp, title) })
}
