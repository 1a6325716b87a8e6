use std::{pin::pin, process::ExitCode};

use anyhow::Result;
use assistant::{Answer, AnswerEvent, Asked, Citation, Conflict, Status};
use futures::StreamExt;

use super::answers;
use crate::{app::App, cli::AskArgs, config::Config, output};

pub async fn run(config: &Config, args: AskArgs) -> Result<ExitCode> {
    let filter = match args.filter.read() {
        Ok(filter) => filter,
        Err(error) => return Ok(output::wrong_usage(&error)),
    };
    let app = App::open_to_search(config, "ask").await?;
    let reader = app.reader(args.collection.as_deref()).await?;
    let assistant = app.assistant(config).await;
    let after = match &args.after {
        Some(named) => Some(answers::find(&app.catalog, named).await?.id),
        None => None,
    };
    let mut events = pin!(assistant.answer(reader, Asked { question: args.question, filter, after, ..Asked::default() }));
    let mut streamed = false;
    while let Some(event) = events.next().await {
        match event? {
            AnswerEvent::Sentence(sentence) if !args.json && output::is_terminal() => {
                output::line(&marked(&sentence.text, &sentence.citations));
                streamed = true;
            }
            AnswerEvent::Done(answer) if args.json => output::json(&answer)?,
            AnswerEvent::Done(answer) => print(&answer, streamed),
            _ => {}
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(answer: &Answer, streamed: bool) {
    if let Some(understood) = &answer.understood {
        output::line(&output::faint(&format!("Understood as: {understood}")));
    }
    output::corrected(&answer.corrected);
    if let Some(notice) = &answer.notice {
        output::note(&format!("footnote: no language model wrote this answer. {notice}"));
    }
    match answer.status {
        Status::Answered if streamed => {}
        Status::Answered => answer.sentences.iter().for_each(|s| output::line(&marked(&s.text, &s.citations))),
        Status::Quoted => {
            output::line("In the documents' own words:");
            for sentence in &answer.sentences {
                output::line(&format!("  \u{201c}{}\u{201d}{}", sentence.text.replace('\n', "\n  "), numbers(&sentence.citations)));
            }
        }
        Status::Abstained => output::line(&answer.answer),
    }
    for Conflict { citations: [a, b], says: [first, second] } in &answer.conflicts {
        output::line(&output::strong(&format!(
            "The documents contradict each other: [{a}] says \u{201c}{first}\u{201d}, [{b}] \u{201c}{second}\u{201d}."
        )));
    }
    if !answer.citations.is_empty() {
        output::line("");
        answer.citations.iter().for_each(source);
    }
    if !answer.nearest.is_empty() {
        output::line("\nNot an answer, but nearby:");
        answer.nearest.iter().for_each(source);
    }
}

fn source(citation: &Citation) {
    let page = citation.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
    let place = if citation.headings.is_empty() { String::new() } else { format!(" \u{2014} {}", citation.headings.join(" > ")) };
    output::line(&output::strong(&output::one_line(&format!("[{}] {}{page}{place}", citation.n, citation.title))));
    if let Some(lead) = &citation.lead {
        output::line(&output::faint(&format!("    {} [\u{2026}]", output::one_line(lead))));
    }
    output::line(&output::faint(&format!("    \u{201c}{}\u{201d}", citation.quote.replace('\n', "\n    "))));
    output::line(&output::faint(&format!("    {}", output::one_line(&citation.path))));
    if let Some(confidence) = citation.confidence {
        output::line(&output::faint(&format!("    read from a scan, {confidence}% sure")));
    }
}

fn marked(text: &str, citations: &[u32]) -> String {
    format!("{text}{}", numbers(citations))
}

fn numbers(citations: &[u32]) -> String {
    citations.iter().map(|n| format!(" [{n}]")).collect()
}
