use std::process::ExitCode;

use anyhow::{Result, bail};
use search::Query;
use serde_json::json;

use crate::{app::App, cli::SearchArgs, config::Config, output};

pub async fn run(config: &Config, args: SearchArgs) -> Result<ExitCode> {
    if args.query.trim().is_empty() {
        bail!("the query is empty: say what to look for");
    }
    let filter = match args.filter.read() {
        Ok(filter) => filter,
        Err(error) => return Ok(output::wrong_usage(&error)),
    };
    let app = App::open_to_search(config, "search").await?;
    let reader = app.reader(args.collection.as_deref()).await?;
    let query = Query { text: &args.query, mode: args.mode.into(), k: usize::from(args.k), filter: &filter };
    let found = app.retriever().retrieve(&reader, &query).await?;
    let segments = search::segments(&reader, &found.hits).await?;
    if args.json {
        let hits: Vec<_> = (1..)
            .zip(&segments)
            .map(|(rank, segment)| {
                let p = segment.first();
                let passages: Vec<_> = segment.passages().map(|passage| passage.id).collect();
                let pages: Vec<_> = segment.by_page().filter(|(p, _)| p.paged).map(|(p, _)| p.page).collect();
                json!({
                    "rank": rank, "score": segment.score, "document": p.document_id, "title": p.title, "path": p.path,
                    "page": p.paged.then_some(p.page), "pages": pages, "place": p.page_name(), "headings": p.headings, "text": segment.text(), "passage": p.id,
                    "passages": passages,
                    "format": p.format, "language": p.language, "dated": p.dated,
                })
            })
            .collect();
        let mut report = json!({ "hits": hits, "timings_ms": found.timings });
        if !found.corrections.is_empty() {
            report["corrected"] = json!(found.corrections);
        }
        output::json(&report)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::corrected(&found.corrections);
    if segments.is_empty() {
        output::line(if filter.is_open() {
            "Nothing found. Ingest documents with `footnote ingest PATH`, or try other words."
        } else {
            "Nothing found among the documents that pass your filter. Widen it, or try other words; `footnote documents list` shows what there is."
        });
    }
    for (rank, segment) in (1..).zip(&segments) {
        let p = segment.first();
        let page = p.page_name().map_or_else(String::new, |name| format!(", {name}"));
        output::line(&output::strong(&format!("{rank}. {}{page}", output::one_line(&p.title))));
        output::line(&output::faint(&format!(
            "   {}  ({:.2})",
            output::one_line(&[&p.headings.join(" > "), "  ", &p.path].concat()),
            segment.score
        )));
        for (nth, (passage, text)) in segment.by_page().enumerate() {
            if nth > 0 {
                output::line(&output::faint(&format!("   {}", passage.page_name().unwrap_or_default())));
            }
            output::line(&format!("   {}", text.replace('\n', "\n   ")));
        }
        output::line("");
    }
    Ok(ExitCode::SUCCESS)
}
