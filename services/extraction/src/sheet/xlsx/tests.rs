//! Small workbooks made in memory.

use std::io::{Cursor, Write};

use super::*;

const LIST: &str =
    "<workbook><sheets><sheet name=\"Leave\" r:id=\"r1\"/><sheet name=\"Old\" state=\"hidden\" r:id=\"r2\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
    <Relationship Id=\"s\" Type=\"x/styles\" Target=\"/xl/styles.xml\"/><Relationship Id=\"t\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";

fn xlsx(sheet: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let sheet = format!("<worksheet>{sheet}</worksheet>");
    let parts = [("xl/workbook.xml", LIST), ("xl/_rels/workbook.xml.rels", RELATIONS), ("xl/worksheets/sheet1.xml", &sheet)];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts.iter().chain(others) {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn text(sheet: &str, others: &[(&str, &str)]) -> String {
    let workbook = read(&xlsx(sheet, others)).unwrap();
    assert_eq!(workbook.pages.len(), 1);
    workbook.pages[0].text.clone()
}

#[test]
fn values_as_the_sheet_shows_them() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts><fonts><font/><font><b/></font></fonts>\
        <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/><xf numFmtId=\"0\" fontId=\"1\"/></cellXfs></styleSheet>";
    let strings = "<sst><si><t>Rate</t></si><si><r><t>Sin</t></r><r><t>ce</t></r></si></sst>";
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\" s=\"3\"><is><t>Kind</t></is></c><c r=\"B1\" t=\"s\" s=\"3\"><v>0</v></c>\
        <c t=\"s\" s=\"3\"><v>1</v></c></row><row><c t=\"str\"><f>A1&amp;A2</f><v>A &amp; B</v></c><c r=\"B2\" s=\"1\"><v>0.195</v></c><c s=\"2\"><v>45366</v></c></row>\
        <row r=\"3\"><c r=\"A3\" t=\"b\"><v>1</v></c><c r=\"B3\" t=\"e\"><v>#N/A</v></c><c r=\"C3\"><f>0.1+0.2</f><v>0.30000000000000004</v></c></row></sheetData>";
    assert_eq!(
        text(sheet, &[("xl/styles.xml", styles), ("xl/sharedStrings.xml", strings)]),
        "Leave\n\nKind | Rate | Since\nA & B | Rate: 19.5% | Since: 2024-03-15\nTRUE | Since: 0.3"
    );
}

#[test]
fn what_belongs_to_the_sheet_beside_its_cells() {
    let relations = "<Relationships><Relationship Id=\"1\" Type=\"x/comments\" Target=\"../comments1.xml\"/>\
        <Relationship Id=\"2\" Type=\"x/drawing\" Target=\"../drawings/drawing1.xml\"/><Relationship Id=\"3\" Type=\"x/table\" Target=\"../tables/table1.xml\"/></Relationships>";
    let charts = "<Relationships><Relationship Id=\"1\" Type=\"x/chart\" Target=\"../charts/chart1.xml\"/></Relationships>";
    let text = text(
        "<sheetData><row r=\"2\"><c r=\"B2\" t=\"str\"><v>Owner</v></c><c r=\"C2\" t=\"str\"><v>Place</v></c></row>\
         <row r=\"3\"><c r=\"B3\" t=\"str\"><v>HR</v></c><c r=\"C3\" t=\"str\"><v>Leeds</v></c></row></sheetData>",
        &[
            ("xl/worksheets/_rels/sheet1.xml.rels", relations),
            (
                "xl/comments1.xml",
                "<comments><authors><author>Ann</author></authors><comment ref=\"C3\" authorId=\"0\"><text><r><t>Ann:\n</t></r><r><t>Since 2020.</t></r></text></comment></comments>",
            ),
            ("xl/drawings/drawing1.xml", "<wsDr><sp><txBody><a:p><a:r><a:t>A box</a:t></a:r></a:p></txBody></sp></wsDr>"),
            ("xl/drawings/_rels/drawing1.xml.rels", charts),
            (
                "xl/charts/chart1.xml",
                "<chart><title><a:p><a:r><a:t>Growth</a:t></a:r></a:p></title><plotArea><title><a:p><a:t>Axis</a:t></a:p></title></plotArea></chart>",
            ),
            ("xl/tables/table1.xml", "<table ref=\"B2:C3\"/>"),
        ],
    );
    assert_eq!(text, "Leave\n\nOwner | Place\nHR | Place: Leeds\n\nA box\n\nGrowth\n\nC3, Ann: Since 2020.");
}

#[test]
fn the_declared_size_costs_nothing() {
    let sheet = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
        <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:XFD1048575\"/></mergeCells>";
    assert_eq!(text(sheet, &[]), "Leave\n\n1\n\n2");
}

#[test]
fn shared_texts_are_counted_each_time() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1 << 20));
    let sheet = format!("<sheetData><row>{}</row></sheetData>", "<c t=\"s\"><v>0</v></c>".repeat(100));
    let read = read(&xlsx(&sheet, &[("xl/sharedStrings.xml", &strings)]));
    assert!(matches!(read, Err(ExtractError::TooLarge { .. })));
}

#[test]
fn damage_is_named() {
    let told = |sheet: &str| read(&xlsx(sheet, &[])).unwrap_err().to_string();
    assert!(told("<sheetData><row><c><v>1").starts_with("is damaged (its sheet Leave breaks off"));
    assert!(told("<sheetData><row>").starts_with("is damaged (its sheet Leave breaks off"));
    let without = xlsx("", &[]);
    assert!(read(&without[..without.len() / 2]).is_err());
}
