//! PDF: the text of each page by its positions, headings from the outline or from type sizes.
//!
//! `walk` follows the drawing operators of a page, `font` turns codes into characters, `lines` puts characters
//! together to lines, `rows` finds tables, `layout` makes paragraphs; `outline` and `info` read what the file says about itself.

mod cmap;
mod document;
mod font;
mod headings;
mod hyphens;
mod info;
mod layout;
mod lines;
mod matrix;
mod outline;
mod rows;
mod running;
mod walk;
mod widths;

use catalog::Format;

pub(crate) use document::names_its_table;

use super::{BlockKind, ExtractError, Extracted, ExtractedPage, clean, page::PageBuilder};

const MAX_TITLE_CHARS: usize = 120;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let document = document::open(bytes)?;
    let ids: Vec<lopdf::ObjectId> = document.page_iter().take(document::MAX_PAGES).collect();
    if ids.is_empty() {
        return Err(ExtractError::damaged("no page can be found in it"));
    }
    let mut fonts = font::Fonts::default();
    let mut budget = walk::Budget::default();
    let mut pages = Vec::with_capacity(ids.len());
    for id in &ids {
        pages.push(lines::lines(walk::walk(&document, *id, &mut fonts, &mut budget)?));
    }
    let words = hyphens::Vocabulary::of(pages.iter().flatten());
    let mut laid: Vec<Vec<layout::Laid>> = pages.iter().map(|lines| layout::layout(lines, &words)).collect();
    running::remove(&mut laid);
    let outline = outline::read(&document, &ids);
    headings::mark(&mut laid, &outline);
    let labels = info::labels(&document, ids.len());

    let mut read = Vec::with_capacity(laid.len());
    let mut number = 0;
    for (blocks, label) in laid.into_iter().zip(labels) {
        number += 1;
        let mut page = PageBuilder::default();
        for block in blocks {
            if block.apart {
                page.apart();
            }
            page.push(block.kind, &block.text);
        }
        read.push(page.finish(number, label)?);
    }
    let title = info::title(&document).or_else(|| read.first().and_then(printed_title));
    let title = title.and_then(|t| clean::title(&t));
    Ok(Extracted { title, format: Format::Pdf, paged: true, pages: read, attachments: Vec::new() })
}

/// What the first page has in the largest type. A cover has the publisher's name and the title, in either order: both count.
fn printed_title(first: &ExtractedPage) -> Option<String> {
    let at = first.blocks.iter().position(|b| b.kind == BlockKind::Heading(1))?;
    let is_cover = first.text.chars().count() <= MAX_TITLE_CHARS;
    let lines = first.blocks[at..].iter().take(if is_cover { 2 } else { 1 }).take_while(|b| matches!(b.kind, BlockKind::Heading(_)));
    let title = lines.filter_map(|b| first.text.get(b.range.clone())).collect::<Vec<_>>().join(": ");
    (title.chars().count() <= MAX_TITLE_CHARS).then_some(title)
}

#[cfg(test)]
mod tests;
