//! What the command line prints. The one place that writes to standard output and standard error.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    process::{self, ExitCode},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use search::Correction;
use serde::Serialize;

/// One plain sentence on standard error; exit status 1.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    note(&format!("footnote: {}", sentence(error)));
    ExitCode::FAILURE
}

/// The same for what the command line says wrongly; exit status 2.
pub fn wrong_usage(error: &impl std::fmt::Display) -> ExitCode {
    note(&format!("footnote: {}", one_line(&error.to_string())));
    ExitCode::from(2)
}

/// The chain of causes in one line; a cause that its effect already quotes is left out.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    one_line(&text)
}

/// Names of files may hold line breaks and control characters: shown escaped, so that one thing is one line.
pub fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] }).collect()
}

pub fn line(text: &str) {
    written(writeln!(io::stdout(), "{text}"));
}

/// Which words of a question were put right.
pub fn corrected(corrections: &[Correction]) {
    for Correction { written, taken, .. } in corrections {
        line(&format!(
            "\u{201c}{}\u{201d} is in no document that you may read: looked for \u{201c}{taken}\u{201d} instead. Put it in quotes to look for it as it is.",
            one_line(written)
        ));
    }
}

pub fn note(text: &str) {
    written(writeln!(io::stderr(), "{text}"));
}

pub fn raw(text: &str) {
    written(io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()));
}

pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?);
    Ok(())
}

/// Ends the process where nobody reads on (`footnote … | head`), which is no failure, or where a full disk takes no more.
/// Whatever was under way is left as a crash would leave it, which the next run completes.
fn written(result: io::Result<()>) {
    match result {
        Ok(()) => {}
        Err(e) if e.kind() == ErrorKind::BrokenPipe => process::exit(0),
        Err(e) => {
            // Standard error may be what failed: then there is nobody to tell but the caller, by the status.
            drop(writeln!(io::stderr(), "footnote: the output cannot be written: {e}"));
            process::exit(1);
        }
    }
}

pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A bar on a terminal, nothing elsewhere.
pub fn bar(length: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}  {elapsed}, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Bold where it is seen by a person.
pub fn strong(text: &str) -> String {
    if is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

pub fn faint(text: &str) -> String {
    if is_terminal() { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}
