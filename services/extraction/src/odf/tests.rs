use super::*;
use crate::package::packed;

fn content(styles: &str, body: &str) -> String {
    format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
}

fn read(styles: &str, body: &str, format: Format) -> Extracted {
    extract(&packed(&[("content.xml", &content(styles, body))]), format).unwrap()
}

fn blocks(extracted: &Extracted) -> Vec<(BlockKind, &str)> {
    extracted.pages.iter().flat_map(|page| page.blocks.iter().map(|b| (b.kind, &page.text[b.range.clone()]))).collect()
}

#[test]
fn texts_with_headings_and_hidden_words() {
    let styles = "<style:style style:name=\"P1\" style:family=\"paragraph\" style:parent-style-name=\"Title\"/>\
        <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties text:display=\"none\"/></style:style>\
        <text:outline-style><text:outline-level-style text:level=\"1\" style:num-format=\"1\"/>\
        <text:outline-level-style text:level=\"2\" style:num-format=\"a\" style:num-suffix=\")\" text:display-levels=\"2\"/></text:outline-style>";
    let body = "<office:text><text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>\
        <text:p text:style-name=\"P1\">The handbook</text:p><text:table-of-content><text:p>Leave 3</text:p></text:table-of-content>\
        <text:h text:outline-level=\"1\">Leave</text:h><text:h text:outline-level=\"2\">Annual</text:h>\
        <text:p>You\n get<text:s text:c=\"2\"/>25<text:span text:style-name=\"T1\">26</text:span> days<text:line-break/>a year.\
        <office:annotation><dc:creator>Ann</dc:creator><dc:date>2024</dc:date><text:p>Still right?</text:p><text:p>See the law.</text:p>\
        </office:annotation></text:p></office:text>";
    let extracted = read(styles, body, Format::Odt);
    use BlockKind::{Heading, Paragraph};
    assert_eq!(
        blocks(&extracted),
        [
            (Heading(1), "The handbook"),
            (Heading(1), "1 Leave"),
            (Heading(2), "1.a) Annual"),
            (Paragraph, "You get 25 days\na year."),
            (Paragraph, "Comment by Ann: Still right?"),
            (Paragraph, "See the law.")
        ]
    );
    assert_eq!(extracted.title.as_deref(), Some("The handbook"));
}

#[test]
fn lists_keep_their_marks() {
    let styles = "<text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\"/>\
        <text:list-level-style-bullet text:level=\"2\"/></text:list-style>";
    let item = |text: &str| format!("<text:list-item><text:p>{text}</text:p></text:list-item>");
    let list = |attributes: &str, items: &str| format!("<text:list text:style-name=\"L1\" {attributes}>{items}</text:list>");
    let inner =
        format!("<text:list-item><text:p>b</text:p><text:list>{}</text:list><text:p>more of b</text:p></text:list-item>", item("c"));
    let body = [
        list("", &(item("a") + &inner)),
        "<text:p>Between.</text:p>".into(),
        list("text:continue-numbering=\"true\"", &item("d")),
        list("", &item("e")),
    ];
    let extracted = read(styles, &format!("<office:text>{}</office:text>", body.concat()), Format::Odt);
    let texts: Vec<&str> = blocks(&extracted).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["1. a", "2. b", "◦ c", "more of b", "Between.", "3. d", "1. e"]);
}

#[test]
fn tables_with_notes() {
    let cell = |attributes: &str, text: &str| format!("<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>");
    let note = "10<text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>In euros.</text:p></text:note-body></text:note>";
    let body = format!(
        "<office:text><table:table><table:table-header-rows><table:table-row>{}{}</table:table-row></table:table-header-rows>\
         <table:table-row>{}{}</table:table-row><table:table-row><table:covered-table-cell/>{}</table:table-row></table:table></office:text>",
        cell("", "Class"),
        cell("", "Limit"),
        cell("table:number-rows-spanned=\"2\"", "A"),
        cell("", note),
        cell("", "20"),
    );
    let extracted = read("", &body, Format::Odt);
    assert_eq!(extracted.pages[0].text, "Class | Limit\nA | Limit: 10\nA | Limit: 20\n\nIn euros.");
}

#[test]
fn slides_are_pages() {
    let frame = |attributes: &str, text: &str| {
        format!("<draw:frame {attributes}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>")
    };
    let page = |shapes: &str| format!("<draw:page draw:master-page-name=\"Default\">{shapes}</draw:page>");
    let first = [
        frame("presentation:class=\"outline\" svg:x=\"1cm\" svg:y=\"20cm\"", "Below"),
        format!("<draw:g>{}</draw:g>", frame("svg:x=\"1cm\" svg:y=\"5cm\"", "Above")),
        frame("presentation:class=\"footer\"", "Company"),
        frame("presentation:class=\"subtitle\" presentation:placeholder=\"true\"", "Click to add"),
        frame("presentation:class=\"title\"", "Leave"),
        format!("<presentation:notes>{}</presentation:notes>", frame("presentation:class=\"notes\"", "Say it.")),
    ]
    .concat();
    let body = format!("<office:presentation>{}{}</office:presentation>", page(&first), page(&frame("", "Second")));
    let extracted = read("", &body, Format::Odp);
    let texts: Vec<(i32, &str)> = extracted.pages.iter().map(|page| (page.number, page.text.as_str())).collect();
    assert_eq!(texts, [(1, "Leave\n\nAbove\n\nBelow\n\nNotes:\n\nSay it."), (2, "Second")]);
    assert_eq!(extracted.title.as_deref(), Some("Leave"));
}

#[test]
fn flat_files_are_read_alike() {
    let flat = "<?xml version=\"1.0\"?><office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">\
        <office:meta><dc:title>Handbook</dc:title></office:meta><office:master-styles><text:p>Page header</text:p></office:master-styles>\
        <office:body><office:text><text:p>Text <text:title>Handbook</text:title>.</text:p></office:text></office:body></office:document>";
    let extracted = extract(flat.as_bytes(), Format::Odt).unwrap();
    assert_eq!((extracted.title.as_deref(), extracted.pages[0].text.as_str()), (Some("Handbook"), "Text Handbook."));
}

#[test]
fn what_cannot_be_read_is_named() {
    let encrypted = packed(&[("META-INF/manifest.xml", "<manifest:encryption-data/>"), ("content.xml", "?")]);
    assert_eq!(extract(&encrypted, Format::Odt), Err(ExtractError::Encrypted));
    let cut = packed(&[("content.xml", "<office:text><text:p>x")]);
    assert!(extract(&cut, Format::Odt).unwrap_err().to_string().contains("its text breaks off"));
    let deep = packed(&[("content.xml", &"<text:list>".repeat(100_000))]);
    assert!(matches!(extract(&deep, Format::Odt), Err(ExtractError::TooDeep { .. })));
}
