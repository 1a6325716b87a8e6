use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use assistant::{Replay, Writer};
use catalog::{AnswerId, AnswerRecord, Catalog};
use serde_json::json;

use crate::{app::App, cli::AnswersCommand, config::Config, output};

pub async fn run(config: &Config, command: AnswersCommand) -> Result<ExitCode> {
    if let AnswersCommand::Replay { answer, json } = command {
        return replay(config, &answer, json).await;
    }
    let catalog = super::catalog(config).await?;
    match command {
        AnswersCommand::List { count, json } => list(&catalog, count, json).await?,
        AnswersCommand::Show { answer } => output::json(&find(&catalog, &answer).await?.record)?,
        AnswersCommand::Replay { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer that somebody means: by its id, or the latest.
pub async fn find(catalog: &Catalog, named: &str) -> Result<AnswerRecord> {
    let answers = catalog.answers();
    let found = match (named, named.parse::<AnswerId>()) {
        ("last", _) => answers.recent(None, 1).await?.pop(),
        (_, Ok(id)) => answers.get(id).await?,
        (_, Err(_)) => bail!("{named} is no answer: give its id, or \"last\"; `footnote answers list` shows them"),
    };
    found.with_context(|| format!("there is no answer {named}: `footnote answers list` shows them"))
}

async fn list(catalog: &Catalog, count: u32, json: bool) -> Result<()> {
    for AnswerRecord { id, question, status, model, created_at, .. } in catalog.answers().recent(None, count).await? {
        if json {
            output::json(&json!({"id": id, "question": question, "status": status, "model": model, "created_at": created_at}))?;
        } else {
            output::line(&output::one_line(&format!("{id}  {}  {status:<9}  {question}", created_at.format("%Y-%m-%d %H:%M"))));
        }
    }
    Ok(())
}

async fn replay(config: &Config, named: &str, json: bool) -> Result<ExitCode> {
    let app = App::open(config, "answers").await?;
    let id = find(&app.catalog, named).await?.id;
    let reader = app.reader(None).await?;
    let assistant = app.assistant_with(Writer::Nobody(None), false);
    let replay = assistant.replay(&reader, id).await?.with_context(|| format!("there is no answer {named}"))?;
    if json {
        output::json(&replay)?;
    } else {
        print(&replay);
    }
    Ok(if replay.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(replay: &Replay) {
    output::line(&output::strong(&output::one_line(&replay.question)));
    for quote in &replay.quotes {
        let stands = match quote.stands {
            Some(true) => "stands",
            Some(false) => "is not at its place",
            None => "is gone: its document was deleted",
        };
        let place = quote.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
        let hash: String = quote.revision_hash.iter().flat_map(|hash| hash.chars().take(12)).collect();
        output::line(&output::one_line(&format!("[{}] {}{place} ({hash}) {stands}", quote.n, quote.title)));
    }
    for sentence in &replay.sentences {
        let (then, now) = (&sentence.then["verdict"], &sentence.now["verdict"]);
        let verdict = if sentence.same { then.to_string() } else { format!("{then}, now {now}") };
        output::line(&output::one_line(&format!("{}: {}", verdict.replace('"', ""), sentence.text)));
    }
    for (same, what) in
        [(replay.same_prompt, "the prompt"), (replay.same_settings, "the settings"), (replay.same_embedding, "the embedding model")]
    {
        if !same {
            output::line(&format!("{what} has changed since"));
        }
    }
    output::line(if replay.holds { "The answer holds." } else { "The answer does not hold any more." });
}
