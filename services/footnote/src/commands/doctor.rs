use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use crate::{app::App, cli::DoctorArgs, config::Config, output};

pub async fn run(config: &Config, args: &DoctorArgs) -> Result<ExitCode> {
    let app = App::open(config, "doctor").await?;
    let ingest = app.ingest(config)?;
    let report = ingest.check_up().await?;
    let counts = app.catalog.system().counts().await?;
    if args.json {
        output::json(&json!({ "counts": counts, "missing": report.missing.len(), "extra": report.extra.len(), "mended": true }))?;
    } else {
        output::line(&format!("catalog  {} documents, {} pages, {} passages", counts.documents, counts.pages, counts.passages));
        match (report.missing.len(), report.extra.len()) {
            (0, 0) => output::line("index    complete"),
            (missing, extra) => output::line(&format!("index    {missing} passages were missing and {extra} too many: mended")),
        }
    }
    Ok(ExitCode::SUCCESS)
}
