//! What a reply repeats of the message before, marked by ">" at the lines' beginnings.

use crate::{BlockKind, ExtractError, page::PageBuilder};

/// Deeper quotes look all the same.
const MAX_DEPTH: usize = 8;

/// Runs of lines that are quoted equally deep, without their marks.
pub(super) fn split(text: &str) -> Vec<(usize, String)> {
    let mut runs: Vec<(usize, String)> = Vec::new();
    for line in text.split('\n') {
        let (depth, line) = unquoted(line);
        match runs.last_mut() {
            Some((last, run)) if *last == depth => {
                run.push('\n');
                run.push_str(line);
            }
            _ => runs.push((depth, line.to_owned())),
        }
    }
    runs
}

/// How deep the line is quoted, and its text: "> > text" and ">> text" are the same.
fn unquoted(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix('>').or_else(|| rest.strip_prefix(" >").filter(|_| depth > 0)) {
        depth += 1;
        rest = inner;
    }
    let text = if depth > 0 { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
    (depth.min(MAX_DEPTH), text)
}

/// Adds a run's blocks with a mark at each line.
pub(super) fn push(depth: usize, part: PageBuilder, page: &mut PageBuilder) -> Result<(), ExtractError> {
    let marks = "> ".repeat(depth);
    let part = part.finish(1, None)?;
    for block in &part.blocks {
        // A heading within a quote heads nothing of what follows it.
        let kind = if matches!(block.kind, BlockKind::Heading(_)) { BlockKind::Paragraph } else { block.kind };
        let text = part.text.get(block.range.clone()).unwrap_or_default();
        page.push(kind, &format!("{marks}{}", text.replace('\n', &format!("\n{marks}"))));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_counted() {
        assert_eq!(unquoted("> > a"), (2, "a"));
        assert_eq!(unquoted(">>  a"), (2, " a"));
        assert_eq!(unquoted(" > a"), (0, " > a"));
        assert_eq!(unquoted(&">".repeat(50_000)), (MAX_DEPTH, ""));
    }
}
