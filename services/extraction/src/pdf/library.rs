//! PDFium, which is loaded while the program runs.

use std::{path::Path, sync::OnceLock};

use pdfium_render::prelude::{PdfDocument, Pdfium, PdfiumError, PdfiumInternalError};

use super::file;
use crate::ExtractError;

/// The loaded library. There is one in a process.
#[derive(Debug)]
pub struct PdfLibrary {
    pdfium: Pdfium,
}

impl PdfLibrary {
    /// Loads `libpdfium.so`. Later calls in a process give what the first one gave.
    ///
    /// # Errors
    /// Why it can't be loaded, and what to do.
    pub fn load(path: &Path) -> Result<&'static Self, String> {
        static LIBRARY: OnceLock<Result<PdfLibrary, String>> = OnceLock::new();
        let loaded = LIBRARY.get_or_init(|| match Pdfium::bind_to_library(path) {
            Ok(bindings) => Ok(Self { pdfium: Pdfium::new(bindings) }),
            Err(error) => Err(format!(
                "PDFium cannot be loaded from {}: {error}; run `make setup`, or set lib_dir to the folder that holds it",
                path.display()
            )),
        });
        loaded.as_ref().map_err(Clone::clone)
    }

    pub(super) fn open<'b>(&'b self, bytes: &'b [u8]) -> Result<PdfDocument<'b>, ExtractError> {
        self.pdfium.load_pdf_from_byte_slice(bytes, None).map_err(|error| match error {
            PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError) => {
                ExtractError::Encrypted
            }
            _ => ExtractError::damaged(if file::is_cut_off(bytes) { file::CUT_OFF } else { "its structure cannot be read" }),
        })
    }
}
