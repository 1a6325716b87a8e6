//! RTF: groups of control words and text. Every writer has its own dialect, so that nothing is an error but a text that
//! breaks off.

mod dated;
mod document;
mod fonts;
mod paragraphs;
mod state;
mod tokens;
mod words;

use catalog::Format;

use crate::{ExtractError, Extracted, clean, unpaged};

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let read = document::read(bytes)?;
    let title = clean::title(&read.title).or(read.own_title).or_else(|| read.page.first_heading().map(str::to_owned));
    Ok(Extracted { dated: dated::dated(bytes), ..unpaged(Format::Rtf, title, read.page)? })
}

#[cfg(test)]
mod tests;
