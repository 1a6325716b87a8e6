use std::process::ExitCode;

use anyhow::Result;
use extraction::isolation;
use generation::{Message, Request};
use serde_json::json;

use crate::{
    app::App,
    cli::DoctorArgs,
    config::{Config, Write},
    grades, output, reading,
};

/// Finds out how a scanned page is turned.
const ORIENTATION: &str = "osd";

pub async fn run(config: &Config, args: &DoctorArgs) -> Result<ExitCode> {
    let mut app = App::open_to_repair(config, "doctor").await?;
    let bar = output::bar(0, "passages are back in the index");
    let show = |done: usize, all: usize| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    };
    // What is mended to no avail is damaged itself, though it can be read.
    let mut first = app.ingest(config)?.check_up(&show).await;
    if let Err(ingest::Error::NotMended { .. }) = first {
        app = app.renewed(config).await?;
        first = app.ingest(config)?.check_up(&show).await;
    }
    let report = first?;
    bar.finish_and_clear();
    let counts = app.catalog.system().counts().await?;
    let damages = app.damages.clone();
    let isolation = isolation(isolation::has_landlock());
    let scans = scans(config).await?;
    let reranking = match app.with_reranker(config).await {
        Ok(_) if config.reranking.directory.is_none() => Ok("the search's own order stays".to_owned()),
        Ok(_) => Ok("a cross-encoder orders what is found".to_owned()),
        Err(error) => Err(output::sentence(&error)),
    };
    let writing = writing(config).await;
    if args.json {
        let warnings: Vec<&String> =
            [&isolation, &scans, &reranking, &writing].into_iter().filter_map(|found| found.as_ref().err()).collect();
        output::json(&json!({
            "counts": counts,
            "missing": report.missing.len(),
            "extra": report.extra.len(),
            "damaged": damages,
            "mended": true,
            "warnings": warnings,
        }))?;
    } else {
        output::line(&format!("catalog  {} documents, {} pages, {} passages", counts.documents, counts.pages, counts.passages));
        match (report.missing.len(), report.extra.len()) {
            (0, 0) => output::line("index    complete"),
            (missing, extra) => output::line(&format!("index    {missing} passages were missing and {extra} too many: mended")),
        }
        for (what, found) in [("reading", isolation), ("scans", scans), ("order", reranking), ("writing", writing)] {
            let said = found.unwrap_or_else(|warning| format!("warning: {warning}"));
            output::line(&output::one_line(&format!("{what:<9}{said}")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Which language model writes, asked for a word; a warning where it can't.
async fn writing(config: &Config) -> Result<String, String> {
    let generator = match App::generator(config).await {
        Ok(Some(generator)) => generator,
        Ok(None) => return Ok("switched off: answers are quotes".to_owned()),
        Err(error) => return Err(format!("answers are quotes until this is mended: {error}")),
    };
    let name = &generator.identity().name;
    let passed = grades::passed(config);
    if passed == Some(false) && config.generation.write == Write::IfPassed {
        return Ok(format!("{name} has not passed the exam, so answers are quotes: docs/models.md tells which models to choose"));
    }
    let request = Request { messages: vec![Message::user("Say yes.")], max_tokens: 4, stop: Vec::new(), asker: None };
    let said = async { generator.generate(request)?.text().await };
    match said.await {
        Ok(_) if passed.is_none() => Err(format!("{name} has not taken the exam: run `footnote eval exam` to see how it does")),
        Ok(_) => Ok(format!("{name} writes answers")),
        Err(error) => Err(format!("answers are quotes until this is mended: {error}")),
    }
}

/// How the processes are bound that read files; a warning where they are not bound in full.
fn isolation(has_landlock: bool) -> Result<String, String> {
    if has_landlock {
        return Ok("files are read in processes that can open no others".to_owned());
    }
    Err("this kernel has no Landlock, so a file that takes over the process that reads it could have it read your other files and pass them \
         off as its text: use Linux 5.13 or later with landlock in its lsm= setting, or ingest only files that you trust"
        .to_owned())
}

/// Whether scanned pages can be read.
async fn scans(config: &Config) -> Result<Result<String, String>> {
    let installed = isolation::scan_languages(&reading::program(config)?).await;
    Ok(match installed {
        Ok(installed) => languages(&config.ingest.scan_languages, &installed),
        Err(error) => {
            tracing::debug!(%error, "doctor.scans");
            Err(format!(
                "Tesseract cannot be started, so scanned pages are not read: install {} (on Debian and Ubuntu)",
                packages(config.ingest.scan_languages.iter().map(String::as_str))
            ))
        }
    })
}

/// Whether Tesseract has the languages that it is asked for.
fn languages(wanted: &[String], installed: &[String]) -> Result<String, String> {
    let needed = wanted.iter().map(String::as_str).chain([ORIENTATION]);
    let missing: Vec<&str> = needed.filter(|language| !installed.iter().any(|there| there == language)).collect();
    if missing.is_empty() {
        return Ok(format!("read by Tesseract in {}", wanted.join(", ")));
    }
    Err(format!(
        "Tesseract lacks {}, so scanned pages are not read as they should be: install {} (on Debian and Ubuntu), or change \
         ingest.scan_languages",
        missing.join(", "),
        packages(missing.iter().copied())
    ))
}

/// "tesseract-ocr-chi-sim" for "chi_sim".
fn packages<'l>(languages: impl Iterator<Item = &'l str>) -> String {
    let names: Vec<String> = languages.map(|language| format!("tesseract-ocr-{}", language.replace('_', "-").to_lowercase())).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_languages_are_named_with_what_brings_them() {
        let there = ["eng", "osd"].map(str::to_owned);
        let wanted = ["eng", "chi_sim"].map(str::to_owned);
        assert_eq!(languages(&wanted[..1], &there), Ok("read by Tesseract in eng".to_owned()));
        let warning = languages(&wanted, &there).unwrap_err();
        assert!(warning.contains("lacks chi_sim,") && warning.contains("install tesseract-ocr-chi-sim "), "{warning}");
        assert!(languages(&wanted[..1], &there[..1]).unwrap_err().contains("lacks osd"));
    }

    #[test]
    fn a_kernel_without_landlock_is_a_warning() {
        assert!(isolation(true).is_ok());
        assert!(isolation(false).unwrap_err().contains("Linux 5.13"));
    }
}
