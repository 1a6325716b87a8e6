//! DOCX: paragraphs with their styles and numbers, tables, footnotes. It knows no pages: those are Word's to make.

mod body;
mod numbering;
mod styles;

use catalog::Format;

use super::{ExtractError, Extracted, clean, page::PageBuilder, unpaged, xml};
use crate::package::Package;
use body::Body;

pub(crate) fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part("word/document.xml");
    let document = package.part(&main)?.ok_or_else(|| ExtractError::damaged("its main text is missing"))?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut part = |name: &str| package.part(&format!("{folder}/{name}")).map(Option::unwrap_or_default);
    let styles = styles::Styles::parse(&part("styles.xml")?);
    let numbering = numbering::Numbering::parse(&part("numbering.xml")?);
    let notes = [part("footnotes.xml")?, part("endnotes.xml")?];
    let core = package.part("docProps/core.xml")?.unwrap_or_default();

    let mut body = Body::new(&styles, numbering, PageBuilder::default());
    body.read(&document)?;
    for notes in notes {
        body.read_notes(&notes)?;
    }
    let (page, own_title) = body.finish();
    let title = xml::text_of(&core, "title").as_deref().and_then(clean::title);
    let title = title.or(own_title).or_else(|| page.first_heading().map(str::to_owned));
    unpaged(Format::Docx, title, page)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;
    use crate::BlockKind;

    fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn document(body: &str) -> String {
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>")
    }

    fn para(properties: &str, text: &str) -> String {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
    }

    fn read(parts: &[(&str, &str)]) -> (Option<String>, Vec<(BlockKind, String)>) {
        let mut extracted = extract(&docx(parts)).unwrap();
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
             <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>struck</w:t></w:r><w:r><w:tab/><w:t>a</w:t><w:br/><w:t>year</w:t><w:noBreakHyphen/><w:instrText>PAGE</w:instrText></w:r></w:p>\
             <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
             <mc:Fallback><w:p><w:r><w:t>Box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        );
        let notes = "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>\
            <w:footnote w:id=\"1\"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>";
        let (_, blocks) = read(&[("word/document.xml", &body), ("word/footnotes.xml", notes)]);
        let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
        assert_eq!(texts, ["You get 25 days a\nyear-", "Box", "A note."]);
    }

    #[test]
    fn damage_is_named() {
        assert!(matches!(extract(&docx(&[("word/other.xml", "<x/>")])), Err(ExtractError::Damaged { .. })));
        let cut = document(&para("", "x")).replace("</w:body></w:document>", "<w:p");
        assert!(matches!(extract(&docx(&[("word/document.xml", &cut)])), Err(ExtractError::Damaged { .. })));
        let deep = document(&"<w:sdt>".repeat(100_000));
        assert!(matches!(
            extract(&docx(&[("word/document.xml", &deep)])),
            Err(ExtractError::TooDeep { .. } | ExtractError::Damaged { .. })
        ));
    }
}
