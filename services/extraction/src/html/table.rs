//! Tables of an HTML page.

use ego_tree::NodeRef;
use scraper::Node;

use super::{select::is_invisible, walk::walk};
use crate::{
    page::PageBuilder,
    table::{Cell, Table},
};

/// Tables that hold headings, tables or just one cell are there for the layout.
pub(super) fn is_data(node: NodeRef<'_, Node>) -> bool {
    let mut cells = 0;
    for below in node.descendants().skip(1) {
        match below.value().as_element().map(|e| e.name()) {
            Some("table" | "h1" | "h2" | "h3" | "h4") => return false,
            Some("td" | "th") => cells += 1,
            _ => {}
        }
    }
    cells > 1
}

pub(super) fn read(node: NodeRef<'_, Node>) -> Table {
    let mut table = Table::default();
    let mut first = true;
    let rows = node.descendants().filter(|d| d.value().as_element().is_some_and(|e| e.name() == "tr"));
    let caption = node.children().find(|c| c.value().as_element().is_some_and(|e| e.name() == "caption"));
    if let Some(caption) = caption {
        table.set_caption(plain_text(caption));
    }
    for row in rows {
        let mut cells = Vec::new();
        let mut headings = true;
        for cell in row.children() {
            let Some(element) = cell.value().as_element().filter(|e| matches!(e.name(), "td" | "th") && !is_invisible(e)) else {
                continue;
            };
            headings &= element.name() == "th";
            let extent = |name: &str| element.attr(name).and_then(|v| v.trim().parse().ok()).unwrap_or(1);
            cells.push(Cell { text: plain_text(cell), columns: extent("colspan"), rows: extent("rowspan") });
        }
        if cells.is_empty() {
            continue;
        }
        if first {
            let in_head = row.parent().is_some_and(|p| p.value().as_element().is_some_and(|e| e.name() == "thead"));
            table.set_headed(headings || in_head);
            first = false;
        }
        table.push_row(cells);
    }
    table
}

/// Visible text on one line, blocks separated by spaces.
fn plain_text(node: NodeRef<'_, Node>) -> String {
    let mut page = PageBuilder::default();
    walk(node, &mut page);
    page.finish(1, None).map(|page| page.text.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}
