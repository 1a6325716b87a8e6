//! Whole files that a document takes in as part of its text: programs put letters together so.

use std::path::Path;

use catalog::Format;

use crate::{ExtractError, Tools, package::Package, page::PageBuilder};

/// Adds the text of the file. What cannot be read is left out, as Word leaves it out.
pub(super) fn push(package: &mut Package<'_>, part: &str, page: &mut PageBuilder) -> Result<(), ExtractError> {
    let bytes = match package.bytes(part) {
        Err(ExtractError::Damaged { .. }) | Ok(None) => return Ok(()),
        Err(error) => return Err(error),
        Ok(Some(bytes)) => bytes,
    };
    let name = Path::new(part);
    let read = match crate::kind::format(name, &bytes) {
        Ok(Format::Docx) => super::read(&bytes, false),
        // A web page in one file comes as a mail.
        Ok(Format::Html | Format::Text | Format::Rtf | Format::Eml) => crate::read(name, &bytes, &Tools::default()),
        _ => return Ok(()),
    };
    match read {
        Err(error @ (ExtractError::TooLarge { .. } | ExtractError::TooDeep { .. })) => return Err(error),
        Err(_) => {}
        Ok(read) => read.pages.iter().for_each(|read| page.append(read)),
    }
    Ok(())
}
