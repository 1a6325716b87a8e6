//! Bytes of a file to pages of text with their structure.
//!
//! `kind` tells what a file is, `decode` turns bytes into characters, one module a format reads it, and
//! `page` puts the clean text together, so that all formats come out alike.

mod archive;
mod attachment;
mod clean;
mod codepage;
mod comment;
mod counting;
mod dated;
mod decode;
mod delimited;
mod docx;
mod drawing;
mod embedded;
mod error;
mod grid;
mod guard;
mod html;
pub mod isolation;
mod kind;
mod mail;
mod markdown;
mod model;
mod notes;
mod odf;
mod office97;
mod omml;
mod package;
mod page;
mod pdf;
mod plain;
mod pptx;
mod relations;
mod rtf;
mod sheet;
mod slide;
mod summary;
mod table;
mod xml;

use std::path::Path;

use catalog::Format;
use isolation::{Done, GrayImage, Link, OldOffice, Task};

pub use error::ExtractError;
pub use kind::is_supported;
pub use model::{Attachment, Block, BlockKind, CellRange, Extracted, ExtractedPage, Layout, WordBox};
pub use pdf::PdfLibrary;

/// What reading needs beside the file.
#[derive(Clone, Copy, Default)]
pub struct Tools<'t> {
    /// Without it no PDF can be read.
    pub pdf: Option<&'static PdfLibrary>,
    /// Finds the words in images of pages. Without it scanned pages stay empty.
    pub recognize: Option<pdf::Recognize<'t>>,
    /// Converts old Word and PowerPoint files. Without it they can't be read.
    pub convert: Option<office97::Convert<'t>>,
    /// Is told how far it is where reading takes long.
    pub progress: Option<Progress<'t>>,
}

/// Takes the page that is read now, from 1, and how many there are.
pub type Progress<'p> = &'p (dyn Fn(u32, u32) + Send + Sync);

/// Reads a document. Blocks; takes milliseconds for most files and seconds for very large ones.
///
/// The content decides what the file is, its name only where the content leaves it open (text formats).
///
/// # Errors
/// One plain sentence that continues "FILE …". A parser that panics is an error of the file, not of the caller.
pub fn extract(name: &Path, bytes: &[u8], tools: &Tools<'_>) -> Result<Extracted, ExtractError> {
    guard::contained(|| read(name, bytes, tools))
}

fn read(name: &Path, bytes: &[u8], tools: &Tools<'_>) -> Result<Extracted, ExtractError> {
    let format = kind::format(name, bytes)?;
    let extracted = match format {
        Format::Pdf => {
            tools.pdf.ok_or(ExtractError::Missing { tool: "PDFium".into() }).and_then(|library| pdf::extract(bytes, library, tools))
        }
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
        Format::Doc => office97::word(bytes, tools.convert),
        Format::Ppt => office97::power_point(bytes, tools.convert),
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

/// What a child does with a task of its parent.
#[must_use]
pub fn perform(task: Task, link: &Link, library: &Result<&'static PdfLibrary, String>) -> Done {
    let missing = || ExtractError::Missing { tool: "PDFium".to_owned() };
    match task {
        Task::Extract { name, bytes } => {
            let recognize = |images: Vec<GrayImage>| {
                let count = images.len();
                link.recognize(images).unwrap_or_else(|_| vec![Err(ExtractError::Stopped); count])
            };
            let convert = |from: OldOffice, bytes: Vec<u8>| link.convert(from, bytes).unwrap_or(Err(ExtractError::Stopped));
            let progress = |page, pages| {
                // A parent that is gone is noticed when it gets the result.
                let _ = link.progress(page, pages);
            };
            let tools = Tools {
                pdf: library.as_ref().ok().copied(),
                recognize: Some(&recognize),
                convert: Some(&convert),
                progress: Some(&progress),
            };
            Done::Extracted(Box::new(extract(Path::new(&name), &bytes, &tools)))
        }
        Task::Draw { bytes, page, width } => {
            let drawn =
                guard::contained(|| library.as_ref().map_err(|_| missing()).and_then(|library| pdf::png(&bytes, library, page, width)));
            Done::Drawn(drawn.map(serde_bytes::ByteBuf::from))
        }
    }
}

/// A document without pages, from its one page.
fn unpaged(format: Format, title: Option<String>, page: page::PageBuilder) -> Result<Extracted, ExtractError> {
    let page = page.finish(1, None)?;
    Ok(Extracted { pages: vec![page], ..Extracted::empty(format, title.and_then(|t| clean::title(&t))) })
}
