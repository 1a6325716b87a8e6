//! Small sheets made in memory.

use std::io::{Cursor, Write};

use super::*;

fn ods(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(format!("<office:document-content>{body}</office:document-content>").as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

fn cell(attributes: &str, text: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>")
}

#[test]
fn cells_as_they_are_shown() {
    let body = format!(
        "<style:style style:name=\"h\"><style:table-properties table:display=\"false\"/></style:style>\
         <table:table table:name=\"Leave\"><table:table-row>{}{}</table:table-row><table:table-row>{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\">{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         </table:table><table:table table:name=\"Other\" table:style-name=\"h\"><table:table-row>{}</table:table-row></table:table>",
        cell("", "Leave"),
        cell("", "Days"),
        cell("table:number-rows-spanned=\"2\"", "Annual<text:line-break/>leave"),
        cell("office:value-type=\"float\" office:value=\"25\"", "25 d"),
        "<table:covered-table-cell/>",
        "<table:table-cell office:value-type=\"float\" office:value=\"3.0\"><office:annotation><dc:creator>Ann</dc:creator>\
         <dc:date>2024</dc:date><text:p>Why?</text:p></office:annotation></table:table-cell>",
        cell("", "gone"),
    );
    let workbook = read(&ods(&body)).unwrap();
    assert_eq!(workbook.pages.len(), 1);
    assert_eq!(
        workbook.pages[0].text,
        "Leave\n\nLeave | Days\nAnnual leave | Days: 25 d\nAnnual leave | Days: 3\nDays: 3\n\nB3, Ann: Why?"
    );
}

#[test]
fn repeated_cells_are_counted() {
    let row = format!(
        "<table:table-row table:number-rows-repeated=\"1048576\">{}</table:table-row>",
        cell("table:number-columns-repeated=\"16384\"", "x")
    );
    let body = format!("<table:table table:name=\"S\">{row}</table:table>");
    assert!(matches!(read(&ods(&body)), Err(ExtractError::TooManyCells { .. })));
}
