use std::process::ExitCode;

use anyhow::{Result, bail};
use catalog::{Catalog, Document, DocumentFilter, Principal, Reader};

use crate::{app::App, cli::DocumentsCommand, config::Config, output};

/// Documents of one page of the list.
const PAGE: u32 = 500;

pub async fn run(config: &Config, command: DocumentsCommand) -> Result<ExitCode> {
    if let DocumentsCommand::Delete { documents } = command {
        return delete(config, &documents).await;
    }
    let catalog = super::catalog(config).await?;
    match command {
        DocumentsCommand::List { collection, json } => list(&catalog, collection, json).await?,
        DocumentsCommand::Show { document, json } => {
            let reader = catalog.reader(&Principal::LocalOperator, None).await?;
            show(&find(&reader, &document).await?, json)?;
        }
        DocumentsCommand::Text { document, page } => {
            let reader = catalog.reader(&Principal::LocalOperator, None).await?;
            text(&reader, &find(&reader, &document).await?, page).await?;
        }
        DocumentsCommand::Delete { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(catalog: &Catalog, collection: Option<String>, json: bool) -> Result<()> {
    let reader = catalog.reader(&Principal::LocalOperator, collection.as_deref()).await?;
    let mut filter = DocumentFilter { limit: PAGE, ..DocumentFilter::default() };
    loop {
        let documents = reader.documents(&filter).await?;
        for document in &documents {
            if json {
                output::json(document)?;
            } else {
                let pages = document.format.page_name().filter(|_| document.paged);
                let size = pages.map_or_else(
                    || format!("{} passages", document.passage_count),
                    |name| format!("{} {name}{}", document.page_count, if document.page_count == 1 { "" } else { "s" }),
                );
                let about = [document.language.clone(), document.dated.map(|day| day.to_string())].into_iter().flatten();
                let about: String = about.map(|value| format!(", {value}")).collect();
                let Document { id, title, collection, path, format, .. } = document;
                output::line(&output::one_line(&format!("{id}  {title}  ({collection}, {}, {size}{about})  {path}", format.as_str())));
            }
        }
        if documents.len() < PAGE as usize {
            return Ok(());
        }
        filter.offset += PAGE;
    }
}

fn show(document: &Document, json: bool) -> Result<()> {
    if json {
        return output::json(document);
    }
    for (name, value) in [
        ("title", document.title.clone()),
        ("document", document.id.to_string()),
        ("collection", document.collection.clone()),
        ("path", document.path.clone()),
        ("type", document.format.as_str().to_owned()),
        ("language", document.language.clone().unwrap_or_else(|| "does not show".into())),
        ("dated", document.dated.map_or_else(|| "without a date".into(), |day| day.to_string())),
        ("revision", document.revision_id.to_string()),
        ("live since", document.live_at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        ("content", format!("{} bytes, BLAKE3 {}", document.byte_count, document.content_hash)),
        ("pages", if document.paged { document.page_count.to_string() } else { "none in this format".into() }),
        ("passages", document.passage_count.to_string()),
    ] {
        output::line(&output::one_line(&format!("{name:<11} {value}")));
    }
    Ok(())
}

async fn text(reader: &Reader, document: &Document, page: Option<i32>) -> Result<()> {
    if let Some(number) = page {
        match reader.page(document.revision_id, number).await? {
            Some(page) => output::raw(&page.text),
            None => bail!("\"{}\" has no page {number}; its pages are 1 to {}", document.title, document.page_count),
        }
        return Ok(());
    }
    for (position, page) in reader.pages(document.revision_id).await?.iter().enumerate() {
        if position > 0 {
            // The form feed that separates pages in plain text.
            output::raw("\n\x0c");
        }
        output::raw(&page.text);
    }
    Ok(())
}

async fn delete(config: &Config, names: &[String]) -> Result<ExitCode> {
    let app = App::open(config, "documents delete").await?;
    let reader = app.reader(None).await?;
    let ingest = app.ingest(config)?;
    let mut failed = false;
    for name in names {
        match find(&reader, name).await {
            Ok(document) => {
                ingest.delete(&document).await?;
                output::line(&output::one_line(&format!("deleted  {}  {}", document.title, document.path)));
            }
            Err(error) => {
                output::note(&format!("footnote: {}", output::sentence(&error)));
                failed = true;
            }
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The one document that a name means.
async fn find(reader: &Reader, name: &str) -> Result<Document> {
    let mut found = reader.document_named(name).await?;
    if found.is_empty()
        && let Some(path) = std::path::absolute(name).ok().as_deref().and_then(|p| p.to_str())
    {
        found = reader.document_named(path).await?;
    }
    match <[Document; 1]>::try_from(found) {
        Ok([document]) => Ok(document),
        Err(found) if found.is_empty() => bail!("there is no document \"{name}\": `footnote documents list` shows what there is"),
        Err(found) => {
            let ids: Vec<String> = found.iter().map(|d| format!("{} ({})", d.id, d.path)).collect();
            bail!("\"{name}\" may mean {} documents, say which by id: {}", found.len(), ids.join(", "))
        }
    }
}
