//! The text of an item: as HTML, as RTF or plain, and often in several of these.

use super::{
    encapsulated, lzfu,
    properties::{Container, Properties},
};
use crate::{
    ExtractError, ExtractedPage, decode, html,
    mail::{
        bodies, charset,
        header::Header,
        letter::{self, Lines},
    },
    page::PageBuilder,
    rtf,
    table::RowText,
};

/// The body below the header lines.
pub(super) fn read(container: &mut Container<'_>, root: &Properties, header: &Header) -> Result<ExtractedPage, ExtractError> {
    let rtf = root.binary(container, 0x1009).and_then(|packed| lzfu::unpacked(&packed));
    let html = html_source(container, root).or_else(|| encapsulated::html(rtf.as_deref()?));
    let text = root.string(container, 0x1000);
    let mut forms = Vec::new();
    if let Some(html) = &html {
        let mut page = header.page();
        forms.push(html::body(html, &mut page).and_then(|()| page.finish(1, None)));
    } else if let Some(rtf) = rtf {
        forms.push(rtf::extract(&rtf).and_then(|read| from_rtf(read.pages, header.page())));
    }
    let mut page = header.page();
    let plain = letter::read(text.as_deref().unwrap_or_default(), Lines::Fixed, &mut page);
    forms.push(plain.and_then(|()| page.finish(1, None)));
    bodies::choose(forms)
}

fn html_source(container: &mut Container<'_>, root: &Properties) -> Option<String> {
    let Some(bytes) = root.binary(container, 0x1013) else {
        return root.string(container, 0x1013);
    };
    let bytes = bytes.trim_ascii_end();
    let valid = std::str::from_utf8(bytes).is_ok();
    match root.internet_encoding() {
        Some(encoding) if !valid => charset::decode_as(bytes, Some(encoding)),
        _ => decode::decode_html(bytes).ok().map(std::borrow::Cow::into_owned),
    }
}

/// What was read of the RTF, below the header lines.
fn from_rtf(pages: Vec<ExtractedPage>, mut page: PageBuilder) -> Result<ExtractedPage, ExtractError> {
    for read in pages {
        for block in read.blocks {
            let text = read.text.get(block.range.clone()).unwrap_or_default();
            if block.cells.is_empty() {
                page.push(block.kind, text);
                continue;
            }
            let mut cells = block.cells;
            for cell in &mut cells {
                cell.range = cell.range.start.saturating_sub(block.range.start)..cell.range.end.saturating_sub(block.range.start);
            }
            page.push_row(&RowText { head: block.kind == crate::BlockKind::TableHead, text: text.to_owned(), cells });
        }
    }
    page.finish(1, None)
}
