//! What Word says of rows and cells.

use quick_xml::events::BytesStart;

use crate::{grid::Grid, xml};

pub(super) fn property(table: &mut Grid, name: &str, e: &BytesStart<'_>) {
    let number = || xml::val(e).and_then(|v| v.parse().ok()).unwrap_or(1);
    match name {
        "tr" => table.start_row(false),
        "tc" => table.start_cell(1, 1),
        "tblHeader" => table.mark_header(xml::is_on(e)),
        "gridSpan" => table.set_columns(number()),
        "gridBefore" => table.skip_columns(number()),
        "vMerge" => table.continue_above(xml::val(e).as_deref() != Some("restart")),
        _ => {}
    }
}
