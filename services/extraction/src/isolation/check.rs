//! What reading needs of the machine, for a person who can put it right.

use std::{ffi::OsString, process::Stdio, time::Duration};

use landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr};
use tokio::{io::AsyncReadExt, time::timeout};

use super::Program;
use crate::ExtractError;

/// It only lists the files of a folder.
const PATIENCE: Duration = Duration::from_secs(20);
/// All languages that there are take some hundred lines.
const MAX_LIST_BYTES: u64 = 1 << 16;

/// Whether the kernel can keep a process from opening files (Landlock). This process is not bound by asking.
#[must_use]
pub fn has_landlock() -> bool {
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(AccessFs::from_all(ABI::V1));
    ruleset.and_then(|ruleset| ruleset.create()).is_ok()
}

/// The languages that Tesseract is installed with, asked as it is for pages: in a process that is bound.
///
/// # Errors
/// Tesseract can't be started, or says nothing.
pub async fn scan_languages(program: &Program) -> Result<Vec<String>, ExtractError> {
    let arguments: Vec<OsString> = program.tool.iter().cloned().chain(["tesseract", "--list-langs"].map(OsString::from)).collect();
    let mut command = program.command(&arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let failed = |reason: String| ExtractError::NoRecognition { reason };
    let mut child = command.spawn().map_err(|e| failed(e.to_string()))?;
    let (Some(output), Some(errors)) = (child.stdout.take(), child.stderr.take()) else { return Err(ExtractError::Stopped) };
    let (mut listed, mut said) = (String::new(), String::new());
    let (mut output, mut errors) = (output.take(MAX_LIST_BYTES), errors.take(MAX_LIST_BYTES));
    let ended = timeout(PATIENCE, async {
        let read = tokio::join!(output.read_to_string(&mut listed), errors.read_to_string(&mut said));
        read.0.and(read.1)?;
        child.wait().await
    });
    let status = ended.await.map_err(|_| ExtractError::too_slow(PATIENCE, "text recognition"))?.map_err(|e| failed(e.to_string()))?;
    if !status.success() {
        return Err(failed(said.lines().last().unwrap_or("it ended without a word").trim().to_owned()));
    }
    // Old versions list them on the standard error.
    let lines = if listed.trim().is_empty() { said } else { listed };
    Ok(lines.lines().skip(1).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
