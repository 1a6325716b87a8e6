use super::*;
use crate::{BlockKind, package::packed};

fn document(body: &str) -> String {
    format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>")
}

fn para(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn read(parts: &[(&str, &str)]) -> (Option<String>, Vec<(BlockKind, String)>) {
    let mut extracted = extract(&packed(parts)).unwrap();
    let page = extracted.pages.remove(0);
    (extracted.title, page.blocks.iter().map(|b| (b.kind, page.text[b.range.clone()].to_owned())).collect())
}

#[test]
fn headings_by_style_name_and_outline_level() {
    let styles = "<w:styles><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>\
        <w:style w:styleId=\"Mine\"><w:basedOn w:val=\"berschrift1\"/><w:name w:val=\"My heading\"/></w:style>\
        <w:style w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style></w:styles>";
    let body = document(
        &[
            para("<w:pStyle w:val=\"T\"/>", "The &amp; handbook"),
            para("<w:pStyle w:val=\"berschrift1\"/>", "Leave"),
            para("<w:pStyle w:val=\"Mine\"/>", "Other"),
            para("<w:outlineLvl w:val=\"1\"/>", "Deeper"),
            para("<w:pStyle w:val=\"Heading3\"/>", "Third"),
            para("", "Text."),
        ]
        .concat(),
    );
    let (title, blocks) = read(&[("word/document.xml", &body), ("word/styles.xml", styles)]);
    assert_eq!(title.as_deref(), Some("The & handbook"));
    let kinds: Vec<BlockKind> = blocks.iter().map(|b| b.0).collect();
    use BlockKind::{Heading, Paragraph};
    assert_eq!(kinds, [Heading(1), Heading(1), Heading(1), Heading(2), Heading(3), Paragraph]);
}

#[test]
fn numbers_of_lists_and_headings_are_computed() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId=\"7\">\
        <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl>\
        <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"lowerLetter\"/><w:lvlText w:val=\"%1.%2)\"/></w:lvl></w:abstractNum>\
        <w:abstractNum w:abstractNumId=\"8\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"o\"/></w:lvl></w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num></w:numbering>";
    let at = |level: u8, num: u8| format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{num}\"/></w:numPr>");
    let body = document(
        &[
            para(&format!("<w:pStyle w:val=\"Heading1\"/>{}", at(0, 1)), "Leave"),
            para(&at(1, 1), "first"),
            para(&at(1, 1), "second"),
            para(&at(0, 1), "Travel"),
            para(&at(1, 1), "third"),
            para(&at(0, 2), "point"),
            para(&at(0, 0), "none"),
        ]
        .concat(),
    );
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/numbering.xml", numbering)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["1. Leave", "1.a) first", "1.b) second", "2. Travel", "2.a) third", "• point", "none"]);
    assert_eq!(blocks[0].0, BlockKind::Heading(1));
    assert_eq!(blocks[1].0, BlockKind::ListItem);
}

#[test]
fn tables_row_by_row_with_merged_cells() {
    let cell = |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", para("", text));
    let body = document(&format!(
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("", "Class"),
        cell("", "Limit"),
        cell("<w:vMerge w:val=\"restart\"/>", "A"),
        cell("", "10"),
        cell("<w:vMerge/>", ""),
        cell("", "20"),
    ));
    let (_, blocks) = read(&[("word/document.xml", &body)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["Class | Limit", "A | Limit: 10", "A | Limit: 20"]);
}

#[test]
fn only_what_is_visible_is_read() {
    let body = document(
        "<w:p><w:r><w:t>You get </w:t></w:r><w:del><w:r><w:delText>20</w:delText></w:r></w:del><w:ins><w:r><w:t>25</w:t></w:r></w:ins>\
         <w:hyperlink><w:r><w:t xml:space=\"preserve\"> days</w:t></w:r></w:hyperlink><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>\
         <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>struck</w:t></w:r><w:r><w:tab/><w:t>a</w:t><w:br/><w:t>year</w:t><w:noBreakHyphen/><w:instrText>PAGE</w:instrText><w:footnoteReference w:id=\"1\"/></w:r></w:p>\
         <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:p><w:r><w:t>Box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    );
    let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"1\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/footnotes.xml", notes)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["You get 25 days a\nyear-", "A note.", "Box"]);
}

#[test]
fn notes_stand_where_they_are_referred_to() {
    let item =
        |text: &str, note: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"ListBullet\"/></w:pPr><w:r><w:t>{text}</w:t>{note}</w:r></w:p>");
    let foot = "<w:footnoteReference w:id=\"2\"/>";
    let end = "<w:r><w:endnoteReference w:id=\"2\"/></w:r>";
    let body = document(
        &[
            item("a", foot),
            item("b", ""),
            para("", "Text."),
            para("", "More.").replace("</w:p>", &format!("{end}</w:p>")),
            para("", "Last."),
        ]
        .concat(),
    );
    let note = |kind: &str, text: &str| format!("<w:{kind}s><w:{kind} w:id=\"2\">{}</w:{kind}></w:{kind}s>", para("", text));
    let (feet, ends) = (note("footnote", "Foot."), note("endnote", "End."));
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/footnotes.xml", &feet), ("word/endnotes.xml", &ends)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["• a", "• b", "Foot.", "Text.", "More.", "Last.", "End."]);
}

#[test]
fn comments_say_whose_they_are() {
    let about = "<w:r><w:commentReference w:id=\"4\"/></w:r><w:r><w:commentReference w:id=\"5\"/></w:r>";
    let body = document(&(para("", "You get 25 days.").replace("</w:p>", &format!("{about}</w:p>")) + &para("", "Ask first.")));
    let comments = format!(
        "<w:comments><w:comment w:id=\"4\" w:author=\"Ann\" w:initials=\"A\">{}{}</w:comment>\
         <w:comment w:id=\"5\" w:author=\"Bo\"><w:p/></w:comment><w:comment w:id=\"6\" w:author=\"Bo\">{}</w:comment></w:comments>",
        para("", "Still right?"),
        para("", "See the law."),
        para("", "On nothing.")
    );
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/comments.xml", &comments)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["You get 25 days.", "Comment by Ann: Still right?", "See the law.", "Ask first."]);
}

#[test]
fn a_number_that_restarts_is_counted_on_by_its_definition() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId=\"7\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/>\
        <w:lvlText w:val=\"%1.\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num>\
        <w:num w:numId=\"2\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>\
        <w:num w:numId=\"3\"><w:abstractNumId w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>\
        <w:numFmt w:val=\"upperLetter\"/><w:lvlText w:val=\"%1)\"/></w:lvl></w:lvlOverride></w:num></w:numbering>";
    let item = |list: u8| para(&format!("<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr>"), "x");
    let body = document(&[1, 1, 2, 1, 3].map(item).concat());
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/numbering.xml", numbering)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["1. x", "2. x", "1. x", "2. x", "C) x"]);
}

#[test]
fn what_is_no_text_of_the_author_is_left_out() {
    let styles = "<w:styles><w:style w:styleId=\"H\"><w:name w:val=\"heading 1\"/></w:style><w:style w:styleId=\"T1\"><w:name w:val=\"toc 1\"/></w:style>\
        <w:style w:styleId=\"TH\"><w:name w:val=\"TOC Heading\"/><w:basedOn w:val=\"H\"/><w:pPr><w:outlineLvl w:val=\"9\"/></w:pPr></w:style></w:styles>";
    let control =
        |property: &str, text: &str| format!("<w:sdt><w:sdtPr>{property}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", para("", text));
    let body = document(
        &[
            para("<w:pStyle w:val=\"TH\"/>", "Contents"),
            para("<w:pStyle w:val=\"T1\"/>", "Leave 3"),
            control("<w:showingPlcHdr/>", "Click here"),
            control("<w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/></w:docPartObj>", "Leave 3"),
            control("", "Filled in"),
            para("<w:framePr w:dropCap=\"drop\"/>", "O"),
            para("", "nce"),
            para("<w:rPr><w:del/></w:rPr>", "One"),
            para("<w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>", "sentence."),
        ]
        .concat(),
    );
    let (_, blocks) = read(&[("word/document.xml", &body), ("word/styles.xml", styles)]);
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["Contents", "Filled in", "Once", "One sentence."]);
    assert_eq!(blocks[0].0, BlockKind::Paragraph);
}

#[test]
fn frames_and_deleted_rows_are_no_rows() {
    let row = |property: &str, cells: &[String]| {
        let cells: String = cells.iter().map(|cell| format!("<w:tc>{cell}</w:tc>")).collect();
        format!("<w:tr><w:trPr>{property}</w:trPr>{cells}</w:tr>")
    };
    let frame = row("", &[para("", "Note:") + &para("<w:pStyle w:val=\"ListBullet\"/>", "Ask first.")]);
    let table = row("", &[para("", "a"), para("", "b")]) + &row("<w:del/>", &[para("", "c"), para("", "d")]);
    let body = document(&format!("<w:tbl>{frame}</w:tbl><w:tbl>{table}</w:tbl>"));
    let (_, blocks) = read(&[("word/document.xml", &body)]);
    assert_eq!(
        blocks,
        [
            (BlockKind::Paragraph, "Note:".to_owned()),
            (BlockKind::ListItem, "• Ask first.".to_owned()),
            (BlockKind::TableRow, "a | b".to_owned())
        ]
    );
}

#[test]
fn parts_are_read_where_they_stand() {
    let relation = |id: &str, kind: &str, target: &str| format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>");
    let relations = format!(
        "<Relationships>{}{}{}</Relationships>",
        relation("r1", "aFChunk", "part.html"),
        relation("r2", "chart", "charts/c.xml"),
        relation("r3", "package", "embeddings/Book.xlsx")
    );
    let chart = "<c:chart><c:ser><c:tx><c:v>Staff</c:v></c:tx><c:cat><c:pt idx=\"0\"><c:v>2020</c:v></c:pt></c:cat>\
        <c:val><c:pt idx=\"0\"><c:v>12</c:v></c:pt></c:val></c:ser></c:chart>";
    let body = document(
        "<w:altChunk r:id=\"r1\"/><w:p><w:r><w:t>After.</w:t><w:drawing><c:chart r:id=\"r2\"/></w:drawing></w:r></w:p>\
         <w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></w:p>",
    );
    let extracted = extract(&packed(&[
        ("word/document.xml", &body),
        ("word/_rels/document.xml.rels", &relations),
        ("word/part.html", "<html><body><h1>Chunk</h1><table><tr><td>x</td><td>y</td></tr></table></body></html>"),
        ("word/charts/c.xml", chart),
        ("word/embeddings/Book.xlsx", "PK"),
    ]))
    .unwrap();
    assert_eq!(extracted.pages[0].text, "Chunk\n\nx | y\n\nStaff\n2020 | Staff: 12\n\nAfter.\n\na/b");
    assert_eq!(extracted.attachments.len(), 1);
    assert_eq!(extracted.pages[0].plain_text(), "Chunk\n\nx | y\n\nStaff\n2020 | 12\n\nAfter.\n\na/b");
}

#[test]
fn damage_is_named() {
    assert!(matches!(extract(&packed(&[("word/other.xml", "<x/>")])), Err(ExtractError::Damaged { .. })));
    let cut = document(&para("", "x")).replace("</w:body></w:document>", "<w:p");
    assert!(matches!(extract(&packed(&[("word/document.xml", &cut)])), Err(ExtractError::Damaged { .. })));
    let tables = document(&("<w:tbl><w:tr><w:tc>".repeat(30) + &para("", "x") + &"</w:tc></w:tr></w:tbl>".repeat(30)));
    assert_eq!(extract(&packed(&[("word/document.xml", &tables)])), Err(ExtractError::TooDeep { limit: 20 }));
    let deep = document(&"<w:sdt>".repeat(100_000));
    assert!(matches!(extract(&packed(&[("word/document.xml", &deep)])), Err(ExtractError::TooDeep { .. } | ExtractError::Damaged { .. })));
}
