use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use catalog::{PageBlock, PageBlockKind, PlacedWord};
use extraction::{Block, BlockKind, Extracted, ExtractedPage};
use serde_json::{Value, json};

use crate::{cli::ExtractArgs, config::Config, output, reading};

pub async fn run(config: &Config, args: ExtractArgs) -> Result<ExitCode> {
    let path = args.file.to_str().with_context(|| format!("{} is not valid UTF-8: rename it", args.file.display()))?;
    let size = std::fs::metadata(&args.file).with_context(|| format!("{path} cannot be read"))?.len();
    let limit = config.ingest.max_file_mib;
    if size > limit << 20 {
        bail!("{path} is {} MiB, over the limit of {limit} MiB: split it, or raise ingest.max_file_mib", size.div_ceil(1 << 20));
    }
    let bytes = std::fs::read(&args.file).with_context(|| format!("{path} cannot be read"))?;
    let extracted = match reading::workers(config)?.extract(path, bytes).await {
        Ok(extracted) => extracted,
        Err(reason) => bail!("{path} {reason}"),
    };
    extracted.warnings.iter().for_each(|warning| output::note(&output::one_line(&format!("{path}: {warning}"))));
    if args.json {
        output::json(&whole(path, &extracted))?
    } else {
        print(&extracted)
    }
    Ok(ExitCode::SUCCESS)
}

/// As a person reads it: headings marked, tables with their cells side by side, a line between pages.
fn print(extracted: &Extracted) {
    if let Some(title) = &extracted.title {
        output::line(&format!("Title: {title}\n"));
    }
    for page in &extracted.pages {
        if let Some(name) = extracted.format.page_name().filter(|_| extracted.paged) {
            let label = page.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
            output::line(&format!("── {name} {}{label} ──\n", page.number));
        }
        let mut before: Option<BlockKind> = None;
        for block in &page.blocks {
            let row = |kind| matches!(kind, BlockKind::TableHead | BlockKind::TableRow);
            let together = |kind| (row(kind) && row(block.kind)) || (kind == BlockKind::ListItem && block.kind == BlockKind::ListItem);
            if before.is_some_and(|kind| !together(kind)) {
                output::line("");
            }
            output::line(&shown(page, block));
            before = Some(block.kind);
        }
        output::line("");
    }
    for attachment in &extracted.attachments {
        output::line(&format!("Attachment: {} ({} bytes)", attachment.name, attachment.bytes.len()));
    }
}

fn shown(page: &ExtractedPage, block: &Block) -> String {
    let part = |range: &std::ops::Range<usize>| page.text.get(range.clone()).unwrap_or_default().to_owned();
    let text = part(&block.range);
    match block.kind {
        BlockKind::Heading(level) => format!("{} {text}", "#".repeat(usize::from(level))),
        BlockKind::TableHead | BlockKind::TableRow if !block.cells.is_empty() => {
            let cells: Vec<String> = block.cells.iter().map(|cell| part(&cell.range)).collect();
            format!("| {} |", cells.join(" | "))
        }
        _ => text,
    }
}

fn whole(path: &str, extracted: &Extracted) -> Value {
    json!({
        "path": path,
        "title": extracted.title,
        "format": extracted.format,
        "dated": extracted.dated,
        "paged": extracted.paged,
        "pages": extracted.pages.iter().map(page).collect::<Vec<_>>(),
        "warnings": extracted.warnings,
        "attachments": extracted.attachments.iter().map(|a| json!({ "name": a.name, "bytes": a.bytes.len() })).collect::<Vec<_>>(),
    })
}

/// Places are characters (Unicode scalar values) of the page's text; boxes are left, top, right, bottom in points.
fn page(page: &ExtractedPage) -> Value {
    let layout = ingest::page_layout(page);
    let chars: Vec<char> = page.text.chars().collect();
    let text = |start: i32, end: i32| -> String {
        let at = |place: i32| usize::try_from(place).unwrap_or(0).min(chars.len());
        chars.get(at(start)..at(end)).unwrap_or_default().iter().collect()
    };
    let points = |tenths: i32| f64::from(tenths) / 10.0;
    let block = |block: &PageBlock| {
        let (kind, level) = kind(block.kind);
        let cell =
            |(column, start, end): &(u16, i32, i32)| json!({ "column": column, "start": start, "end": end, "text": text(*start, *end) });
        let cells: Vec<Value> = block.cells.iter().map(cell).collect();
        json!({ "kind": kind, "level": level, "start": block.start, "end": block.end, "text": text(block.start, block.end), "cells": cells })
    };
    let word = |word: &PlacedWord| {
        let place = word.place.map(points);
        json!({ "start": word.start, "end": word.end, "text": text(word.start, word.end), "box": place, "confidence": word.confidence })
    };
    json!({
        "number": page.number, "label": page.label, "text": page.text, "plain": page.plain_text(),
        "width": layout.size.map(|size| points(size.0)), "height": layout.size.map(|size| points(size.1)),
        "blocks": layout.blocks.iter().map(block).collect::<Vec<_>>(), "words": layout.words.iter().map(word).collect::<Vec<_>>(),
    })
}

fn kind(kind: PageBlockKind) -> (&'static str, Option<u8>) {
    match kind {
        PageBlockKind::Heading(level) => ("heading", Some(level)),
        PageBlockKind::Paragraph => ("paragraph", None),
        PageBlockKind::ListItem => ("list_item", None),
        PageBlockKind::TableHead => ("table_head", None),
        PageBlockKind::TableRow => ("table_row", None),
        PageBlockKind::Code => ("code", None),
    }
}
