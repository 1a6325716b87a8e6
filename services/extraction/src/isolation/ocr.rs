//! Text recognition by Tesseract, a page at a time, each in a process of its own.

use std::{ffi::OsString, process::Stdio, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Semaphore,
    time::timeout,
};

use super::{Program, protocol::GrayImage};
use crate::ExtractError;

/// A page with very much small print takes some ten seconds.
const PAGE_TIME: Duration = Duration::from_secs(120);
/// A full page has some thousand words, a line of the table each.
const MAX_TABLE_BYTES: u64 = 16 << 20;
/// A child sends so many at a time.
pub(super) const IMAGES: usize = 8;
/// Larger images are no pages.
const MAX_PIXELS: u64 = 100 << 20;

/// Finds words in images of pages.
#[derive(Clone, Debug)]
pub struct TextRecognition {
    program: Program,
    languages: Vec<String>,
    /// One for each page that is read at a time, whoever asks.
    turns: Arc<Semaphore>,
}

impl TextRecognition {
    /// Languages as Tesseract names them ("eng", "deu"); so many pages at a time.
    #[must_use]
    pub fn new(program: Program, languages: Vec<String>, parallel: usize) -> Self {
        Self { program, languages, turns: Arc::new(Semaphore::new(parallel.max(1))) }
    }

    /// For each image, in their order, the table that Tesseract writes, or why there is none.
    pub(super) async fn recognize(&self, images: Vec<GrayImage>) -> Vec<Result<String, ExtractError>> {
        stream::iter(images).map(|image| self.page(image)).buffered(IMAGES).collect().await
    }

    async fn page(&self, image: GrayImage) -> Result<String, ExtractError> {
        let size = u64::from(image.width) * u64::from(image.height);
        if size == 0 || size > MAX_PIXELS || size != image.pixels.len() as u64 {
            return Err(ExtractError::Stopped);
        }
        let _turn = self.turns.acquire().await.map_err(|_| ExtractError::Stopped)?;
        timeout(PAGE_TIME, self.run(&image)).await.map_err(|_| ExtractError::too_slow(PAGE_TIME, "text recognition"))?
    }

    async fn run(&self, image: &GrayImage) -> Result<String, ExtractError> {
        let resolution = image.resolution.to_string();
        let languages = self.languages.join("+");
        // Mode 1: finds out how the page is turned, then its blocks, lines and words.
        let arguments = ["tesseract", "stdin", "stdout", "--psm", "1", "--dpi", &resolution, "-l", &languages, "tsv"];
        let arguments: Vec<OsString> = self.program.tool.iter().cloned().chain(arguments.map(OsString::from)).collect();
        let mut command = self.program.command(&arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let failed = |reason: String| ExtractError::NoRecognition { reason };
        let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
        let (Some(mut input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
            return Err(ExtractError::Stopped);
        };
        let write = async {
            let head = format!("P5\n{} {}\n255\n", image.width, image.height);
            // A program that stops early says why on its standard error.
            if input.write_all(head.as_bytes()).await.is_ok() {
                let _ = input.write_all(&image.pixels).await;
            }
            drop(input);
        };
        let (mut table, mut said) = (Vec::new(), Vec::new());
        let (mut output, mut errors) = (output.take(MAX_TABLE_BYTES), errors.take(1 << 16));
        let (_, read, _) = tokio::join!(write, output.read_to_end(&mut table), errors.read_to_end(&mut said));
        let status = child.wait().await;
        match (status, read) {
            (Ok(status), Ok(_)) if status.success() => Ok(String::from_utf8_lossy(&table).into_owned()),
            _ => Err(failed(reason(&String::from_utf8_lossy(&said)))),
        }
    }
}

/// The line that says it, out of several.
fn reason(said: &str) -> String {
    let telling = ["Failed loading language", "No such file", "Error opening data file", "Error"];
    let line = telling.iter().find_map(|start| said.lines().find(|line| line.contains(start)));
    line.or_else(|| said.lines().last()).unwrap_or("it ended without a word").trim().to_owned()
}
