//! What the command line prints. The one place with `println!`.

use std::{io::IsTerminal, process::ExitCode};

use serde::Serialize;

/// One plain sentence on standard error; exit status 1.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("footnote: {}", sentence(error));
    ExitCode::FAILURE
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
    println!("{text}");
}

pub fn note(text: &str) {
    eprintln!("{text}");
}

pub fn raw(text: &str) {
    print!("{text}");
}

pub fn json(value: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}

pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Bold where it is seen by a person.
pub fn strong(text: &str) -> String {
    if is_terminal() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

pub fn faint(text: &str) -> String {
    if is_terminal() { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
}
