use std::{process::ExitCode, time::Duration};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use ingest::{Event, Outcome, Progress, Status, Summary};
use serde_json::json;

use crate::{app::App, cli::IngestArgs, config::Config, output};

pub async fn run(config: &Config, args: IngestArgs) -> Result<ExitCode> {
    if args.collection.trim().is_empty() {
        bail!("the collection needs a name");
    }
    let app = App::open(config, "ingest").await?;
    let ingest = app.ingest(config)?;
    let mut view = View::new(args.json);
    let running = ingest.run(&args.paths, args.collection.trim(), |event| view.show(event));
    let summary = tokio::select! {
        summary = running => summary?,
        _ = tokio::signal::ctrl_c() => bail!("stopped; what is indexed stays, and the same command goes on from there"),
    };
    view.finish(&summary);
    Ok(if summary.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Characters of a file's name beside the bar.
const MAX_NAME: usize = 40;

/// How a run is shown: a bar on a terminal, lines for failures, JSON lines for programs.
struct View {
    json: bool,
    bar: ProgressBar,
    done: u64,
    passages: usize,
}

impl View {
    fn new(json: bool) -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} documents  {msg}  {elapsed}, {eta} left") {
            bar.set_style(style);
        }
        bar.set_message("looking for files");
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { json, bar, done: 0, passages: 0 }
    }

    fn show(&mut self, event: Event) {
        match event {
            Event::Notice(what) => self.note(&what),
            Event::Discovered { files, .. } => {
                self.bar.set_length(files as u64);
                self.bar.set_message("reading");
            }
            Event::Embedded { passages } => {
                self.passages = passages;
                self.bar.set_message(format!("{passages} passages"));
            }
            Event::Reading(progress) => self.reading(&progress),
            Event::Document(outcome) => self.document(&outcome),
        }
    }

    fn reading(&self, Progress { path, page, pages }: &Progress) {
        if self.json {
            self.bar.suspend(|| told(output::json(&json!({ "path": path, "status": "reading", "page": page, "pages": pages }))));
        }
        let name: String = output::one_line(path.rsplit('/').next().unwrap_or_default()).chars().take(MAX_NAME).collect();
        self.bar.set_message(format!("{name}: page {page} of {pages}"));
    }

    fn document(&mut self, outcome: &Outcome) {
        self.done += 1;
        self.bar.set_position(self.done);
        self.bar.set_message(format!("{} passages", self.passages));
        if self.json {
            self.bar.suspend(|| told(output::json(outcome)));
        }
        if let Some(error) = &outcome.error {
            self.note(&output::one_line(&format!("{}: {error}", outcome.path)));
        } else if outcome.status == Status::Deleted && !self.json {
            self.note(&output::one_line(&format!("{}: its file is gone, so it was deleted", outcome.path)));
        }
    }

    /// A line above the bar.
    fn note(&self, text: &str) {
        self.bar.suspend(|| output::note(text));
    }

    fn finish(&self, summary: &Summary) {
        self.bar.finish_and_clear();
        if self.json {
            return;
        }
        let mut parts =
            vec![format!("{} indexed ({} passages)", summary.indexed, summary.passages), format!("{} unchanged", summary.unchanged)];
        for (count, what) in [(summary.deleted, "deleted"), (summary.failed, "failed"), (summary.skipped, "skipped (not documents)")] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        output::line(&format!("{} in {:.1} s", parts.join(", "), self.bar.elapsed().as_secs_f64()));
    }
}

fn told(result: Result<()>) {
    if let Err(error) = result {
        output::note(&format!("footnote: {error}"));
    }
}
