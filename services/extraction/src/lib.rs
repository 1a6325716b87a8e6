//! Bytes of a file to pages of text with their structure.
//!
//! `kind` tells what a file is, `decode` turns bytes into characters, one module a format reads it, and
//! `page` puts the clean text together, so that all formats come out alike.

mod archive;
mod clean;
mod codepage;
mod counting;
mod decode;
mod delimited;
mod docx;
mod error;
mod guard;
mod html;
mod kind;
mod mail;
mod markdown;
mod model;
mod odf;
mod package;
mod page;
mod pdf;
mod plain;
mod pptx;
mod rtf;
mod sheet;
mod table;
mod xml;

use std::path::Path;

use catalog::Format;

pub use error::ExtractError;
pub use kind::is_supported;
pub use model::{Attachment, Block, BlockKind, CellRange, Extracted, ExtractedPage, Layout, WordBox};

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
    let format = kind::format(name, bytes)?;
    let extracted = match format {
        Format::Pdf => pdf::extract(bytes),
        Format::Docx => docx::extract(bytes),
        Format::Pptx => pptx::extract(bytes),
        Format::Odt | Format::Odp => odf::extract(bytes, format),
        Format::Xlsx | Format::Xls | Format::Ods => sheet::extract(bytes, format),
        Format::Rtf => rtf::extract(bytes),
        Format::Eml => mail::eml::extract(bytes),
        Format::Msg => mail::msg::extract(bytes),
        Format::Csv => delimited::extract(&decode::decode(bytes)?),
        Format::Html => html::extract(&decode::decode_html(bytes)?),
        Format::Markdown => markdown::extract(&decode::decode(bytes)?, kind::is_mdx(name)),
        Format::Text => plain::extract(&decode::decode(bytes)?),
        Format::Zip => archive::extract(bytes),
        Format::Doc => Err(ExtractError::Unsupported { found: "an old Word document".into() }),
        Format::Ppt => Err(ExtractError::Unsupported { found: "an old PowerPoint presentation".into() }),
    }?;
    if extracted.pages.iter().all(|page| page.text.is_empty()) && extracted.attachments.is_empty() {
        return Err(match format {
            Format::Pdf if !pdf::names_its_table(bytes) => ExtractError::damaged("its table of objects is missing"),
            Format::Pdf => ExtractError::NoTextLayer,
            _ => ExtractError::NoText,
        });
    }
    Ok(extracted)
}

/// A document without pages, from its one page.
fn unpaged(format: Format, title: Option<String>, page: page::PageBuilder) -> Result<Extracted, ExtractError> {
    let page = page.finish(1, None)?;
    Ok(Extracted { title: title.and_then(|t| clean::title(&t)), format, paged: false, pages: vec![page], attachments: Vec::new() })
}
