use std::process::ExitCode;

use anyhow::{Context, Result};
use assistant::{
    AssistantSettings,
    exam::{self, Grade, Mark},
};
use embedding::Embedder;

use crate::{app::App, config::Config, grades, output};

/// Sets the exam before the configured language model.
pub async fn run(config: &Config, json: bool) -> Result<ExitCode> {
    let generator = App::generator(config).await?.context("generation is switched off: there is no language model to examine")?;
    let settings = config.embedder();
    let embedder = tokio::task::spawn_blocking(move || Embedder::load(&settings)).await??;
    let bar = output::bar(exam::questions()? as u64, "questions");
    let grade = exam::sit(&generator, &embedder, &AssistantSettings::default(), || bar.inc(1)).await?;
    bar.finish_and_clear();
    grades::keep(config, &grade)?;
    if json {
        output::json(&grade)?;
    } else {
        print(&grade);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(grade: &Grade) {
    for item in &grade.items {
        let mark = match item.mark {
            Mark::Right => "right  ",
            Mark::Partial => "partial",
            Mark::Silent => "silent ",
            Mark::Wrong => "wrong  ",
        };
        output::line(&format!("{mark}  {}", item.question));
        for (said, sentences) in [("shown", &item.shown), ("written", &item.written)] {
            if !sentences.is_empty() && (said == "shown" || item.shown.is_empty()) {
                output::line(&output::faint(&output::one_line(&format!("         {said}: {}", sentences.join(" ")))));
            }
        }
    }
    let percent = |share: f32| format!("{:.0}%", share * 100.0);
    output::line("");
    output::line(&output::strong(&format!("{}: {}", grade.model, if grade.passed { "passed" } else { "not passed" })));
    output::line(&format!(
        "{} right, {} partly, {} silent; wrong {} of all; {} of the written sentences could be shown",
        percent(grade.right),
        percent(grade.partial),
        percent(grade.silent),
        percent(grade.wrong),
        percent(grade.kept)
    ));
    let (right, wrong) = (percent(exam::LEAST_RIGHT), percent(exam::MOST_WRONG));
    output::line(&format!("to pass: at least {right} right, at most {wrong} wrong"));
}
