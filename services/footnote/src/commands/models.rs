use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use generation::{GeneratorConfig, Origin, Report, Step};

use crate::{cli::ModelsCommand, config::Config, output};

pub async fn run(config: &Config, command: ModelsCommand) -> Result<ExitCode> {
    let ModelsCommand::Check { file, json } = command;
    check(config, file, json).await
}

/// With the context and the threads that are configured. Fails, after the report, where the model can't be used.
async fn check(config: &Config, file: PathBuf, json: bool) -> Result<ExitCode> {
    let config = GeneratorConfig { model: file, ..config.generator() };
    let bar = output::bar(3, "reading the file");
    let report = generation::check(&config, |step| {
        bar.inc(1);
        bar.set_message(match step {
            Step::Loading => "loading the model",
            Step::Measuring => "measuring its speed",
        });
    })
    .await;
    bar.finish_and_clear();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        for (what, found) in lines(&report) {
            output::line(&output::one_line(&format!("{what:<12}{found}")));
        }
    }
    report.usable(&config)?;
    Ok(ExitCode::SUCCESS)
}

fn lines(report: &Report) -> Vec<(&'static str, String)> {
    let memory = &report.memory;
    let prompt = match &report.prompt {
        Origin::File => "laid out by the chat template in the file".to_owned(),
        Origin::KnownFamily { layout } => format!("laid out as {layout}: the file has no chat template, but shows its family"),
        Origin::PlainCompletion => "plain text to be completed: the file has no chat template".to_owned(),
    };
    let system = if report.takes_system_messages { "instructions in a message of their own" } else { "instructions before the question" };
    let trained = report.trained_context_tokens.map_or_else(|| "an unknown number of".to_owned(), |tokens| tokens.to_string());
    let mut lines = vec![
        ("model", report.name.clone().unwrap_or_else(|| report.file.clone())),
        ("kind", format!("{}, {} parameters, {}", report.architecture, count(report.parameters), report.quantization)),
        ("file", size(report.file_bytes)),
        ("context", format!("{} tokens, of {trained} that it was trained on", report.context_tokens)),
        (
            "memory",
            format!(
                "needs about {}: weights {}, and by estimate {} for the context and {} to work in",
                size(memory.total_bytes),
                size(memory.weights_bytes),
                size(memory.cache_bytes),
                size(memory.work_bytes)
            ),
        ),
        ("free", report.free_bytes.map_or_else(|| "not known on this system".to_owned(), size)),
        ("prompt", format!("{prompt}; {system}")),
    ];
    if !report.end_tokens.is_empty() {
        lines.push(("ends with", report.end_tokens.join(" ")));
    }
    if let Some(speed) = &report.speed {
        let written = speed.answer_tokens_per_second.map_or_else(|| "no".to_owned(), |tokens| format!("{tokens:.0}"));
        let read = speed.prompt_tokens_per_second;
        lines.push(("speed", format!("reads {read:.0} and writes {written} tokens a second here, with {}", speed.instructions)));
    }
    lines
}

/// "8.0 billion", "135 million".
fn count(number: u64) -> String {
    match number {
        0..1_000_000 => number.to_string(),
        1_000_000..1_000_000_000 => format!("{:.0} million", number as f64 / 1e6),
        _ => format!("{:.1} billion", number as f64 / 1e9),
    }
}

fn size(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1024.0 { format!("{mebibytes:.0} MiB") } else { format!("{:.1} GiB", mebibytes / 1024.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([999, 135_000_000, 8_030_000_000].map(count), ["999", "135 million", "8.0 billion"]);
        assert_eq!([98_000_000, 4_900_000_000].map(size), ["93 MiB", "4.6 GiB"]);
    }
}
