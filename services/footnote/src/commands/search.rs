use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::json;

use crate::{app::App, cli::SearchArgs, config::Config, output};

pub async fn run(config: &Config, args: SearchArgs) -> Result<ExitCode> {
    if args.query.trim().is_empty() {
        bail!("the query is empty: say what to look for");
    }
    let app = App::open_to_search(config, "search").await?;
    let reader = app.reader(args.collection.as_deref()).await?;
    let found = app.retriever().retrieve(&reader, &args.query, args.mode.into(), usize::from(args.k)).await?;
    if args.json {
        let hits: Vec<_> = (1..)
            .zip(&found.hits)
            .map(|(rank, hit)| {
                let p = &hit.passage;
                json!({
                    "rank": rank, "score": hit.score, "document": p.document_id, "title": p.title, "path": p.path,
                    "page": p.paged.then_some(p.page), "place": p.page_name(), "headings": p.headings, "text": p.text, "passage": p.id,
                })
            })
            .collect();
        output::json(&json!({ "hits": hits, "timings_ms": found.timings }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if found.hits.is_empty() {
        output::line("Nothing found. Ingest documents with `footnote ingest PATH`, or try other words.");
    }
    for (rank, hit) in (1..).zip(&found.hits) {
        let p = &hit.passage;
        let page = p.page_name().map_or_else(String::new, |name| format!(", {name}"));
        output::line(&output::strong(&format!("{rank}. {}{page}", output::one_line(&p.title))));
        output::line(&output::faint(&format!(
            "   {}  ({:.2})",
            output::one_line(&[&p.headings.join(" > "), "  ", &p.path].concat()),
            hit.score
        )));
        output::line(&format!("   {}\n", p.text.replace('\n', "\n   ")));
    }
    Ok(ExitCode::SUCCESS)
}
