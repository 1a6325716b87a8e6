//! Bytes of a file to pages of text with their structure.
//!
//! `kind` tells what a file is, [`decode`] turns bytes into characters, one module a format reads it, and
//! `page` puts the clean text together, so that all formats come out alike.

mod clean;
mod counting;
mod decode;
mod docx;
mod error;
mod guard;
mod html;
mod kind;
mod markdown;
mod page;
mod pdf;
mod plain;
mod table;

use std::{ops::Range, path::Path};

use catalog::Format;

pub use error::ExtractError;
pub use kind::is_supported;

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The title that the document gives itself; `None` where it gives none worth showing.
    pub title: Option<String>,
    pub format: Format,
    /// False where the format knows no pages: all text is then in one page with number 1.
    pub paged: bool,
    /// In order, numbered from 1 without gaps. A page without text is there, with an empty one.
    pub pages: Vec<ExtractedPage>,
}

/// The text of a page: composed (NFC), without control characters but line break and tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractedPage {
    pub number: i32,
    /// The name printed on the page ("iv", "A-3") where the file gives one other than the number.
    pub label: Option<String>,
    /// Blocks separated by an empty line; rows of a table and items of a list by a line break.
    pub text: String,
    /// In order, not overlapping; between them is only white space.
    pub blocks: Vec<Block>,
}

/// A piece of a page's text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Bytes of the page's text.
    pub range: Range<usize>,
    pub kind: BlockKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// The level counts from 1, the outermost.
    Heading(u8),
    Paragraph,
    ListItem,
    TableRow,
    Code,
}

/// Reads a document. Blocks; takes milliseconds for most files and seconds for very large ones.
///
/// The content decides what the file is, its name only where the content leaves it open (text formats).
///
/// # Errors
/// One plain sentence that continues "FILE …". A parser that panics is an error of the file, not of the caller.
pub fn extract(name: &Path, bytes: &[u8]) -> Result<Extracted, ExtractError> {
    guard::contained(|| read(name, bytes))
}

fn read(name: &Path, bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let extracted = match kind::kind(name, bytes)? {
        kind::Kind::Pdf => pdf::extract(bytes)?,
        kind::Kind::Docx => docx::extract(bytes)?,
        kind::Kind::Html => html::extract(&decode::decode_html(bytes)?)?,
        kind::Kind::Markdown { mdx } => markdown::extract(&decode::decode(bytes)?, mdx)?,
        kind::Kind::Text => plain::extract(&decode::decode(bytes)?)?,
    };
    if extracted.pages.iter().all(|page| page.text.is_empty()) {
        return Err(match extracted.paged {
            true if !pdf::names_its_table(bytes) => ExtractError::damaged("its table of objects is missing"),
            true => ExtractError::NoTextLayer,
            false => ExtractError::NoText,
        });
    }
    Ok(extracted)
}

/// A document without pages, from its one page.
fn unpaged(format: Format, title: Option<String>, page: page::PageBuilder) -> Result<Extracted, ExtractError> {
    let page = page.finish(1, None)?;
    Ok(Extracted { title: title.and_then(|t| clean::title(&t)), format, paged: false, pages: vec![page] })
}
