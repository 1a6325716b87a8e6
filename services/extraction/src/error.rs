//! Why a file could not be read, in words for the person who gave it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Each message continues "FILE …" and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum ExtractError {
    #[error("is empty: there is nothing to read")]
    Empty,
    #[error("is named .{extension} but holds {found}: give it its right ending, or replace it by the document it should be")]
    Misnamed { extension: String, found: String },
    #[error("is {found}, which cannot be read: save it as PDF, in a current Office format, as HTML, Markdown or plain text")]
    Unsupported { found: String },
    #[error(
        "is {found}, which LibreOffice is needed to read: have it installed on the server, or save the file in a current Office format"
    )]
    NeedsLibreOffice { found: String },
    #[error("could not be converted by LibreOffice: open it in the program it comes from and save it in a current Office format")]
    NotConverted,
    #[error("took LibreOffice more than {seconds} seconds to convert, and was given up: save it in a current Office format")]
    TooSlowToConvert { seconds: u64 },
    #[error("is damaged ({detail}): open it in the program it comes from, save it again and ingest that copy")]
    Damaged { detail: String },
    #[error("is encrypted: save a copy without a password and ingest that")]
    Encrypted,
    #[error("holds no text: its pages are empty, or pictures in which no words were found; check that it is the right file")]
    NoTextLayer,
    #[error("holds no text to read: check that it is the right file")]
    NoText,
    #[error("holds binary data, not text: check that it is the right file")]
    Binary,
    #[error("unpacks to more than {limit_mib} MiB: split it into smaller documents")]
    TooLarge { limit_mib: usize },
    #[error("holds more than {limit} files: split it into smaller ones")]
    TooManyFiles { limit: usize },
    #[error("holds more than {limit} filled cells: split it into smaller documents")]
    TooManyCells { limit: usize },
    #[error("nests its elements more than {limit} deep, which no ordinary document does: save it again from its program")]
    TooDeep { limit: usize },
    #[error("needs {tool}, which is not installed: run `make setup`, then ingest it again")]
    Missing { tool: String },
    #[error(
        "took more than {seconds} seconds of {of} to read, and was given up: split it into smaller documents, or save it again from its program"
    )]
    TooSlow { seconds: u64, of: String },
    #[error("needs more than {limit_mib} MiB of memory to read, which no ordinary document does: save it again from its program")]
    TooMuchMemory { limit_mib: u64 },
    #[error("holds scanned pages, and Tesseract, which reads them, failed ({reason}): install tesseract-ocr with the configured languages")]
    NoRecognition { reason: String },
    #[error("could not be read: the process that reads files could not be started ({reason})")]
    NoReader { reason: String },
    #[error("could not be read because the reader stopped unexpectedly: open it in the program it comes from and save it again")]
    Stopped,
}

impl ExtractError {
    /// Whether it is one sentence that can be printed.
    pub(crate) fn is_sound(&self) -> bool {
        let said = self.to_string();
        said.len() < 1000 && !said.contains(char::is_control)
    }

    pub(crate) fn too_slow(limit: Duration, of: &str) -> Self {
        Self::TooSlow { seconds: limit.as_secs(), of: of.to_owned() }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged { detail: detail.into() }
    }
}
