use super::*;
use crate::package::packed;

const MASTER: &str = "<p:sldMaster><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr></p:sp>\
    <p:sp><p:nvSpPr><p:nvPr><p:ph type=\"body\" idx=\"1\"/></p:nvPr></p:nvSpPr></p:sp></p:spTree></p:cSld>\
    <p:txStyles><p:titleStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></p:titleStyle><p:bodyStyle><a:lvl1pPr><a:buChar char=\"•\"/></a:lvl1pPr>\
    <a:lvl2pPr><a:buAutoNum type=\"arabicPeriod\"/></a:lvl2pPr></p:bodyStyle></p:txStyles></p:sldMaster>";
const LAYOUT: &str = "<p:sldLayout><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph idx=\"1\"/></p:nvPr></p:nvSpPr>\
    <p:spPr><a:xfrm><a:off x=\"100\" y=\"2000000\"/></a:xfrm></p:spPr></p:sp></p:spTree></p:cSld></p:sldLayout>";

fn relations(listed: &[(&str, &str, &str)]) -> String {
    let each =
        |(id, kind, target): &(&str, &str, &str)| format!("<Relationship Id=\"{id}\" Type=\"http://x/{kind}\" Target=\"{target}\"/>");
    format!("<Relationships>{}</Relationships>", listed.iter().map(each).collect::<String>())
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<a:p><a:pPr {properties}</a:pPr><a:r><a:rPr lang=\"en\"/><a:t>{text}</a:t></a:r></a:p>")
}

fn shape(placeholder: &str, place: Option<(i64, i64)>, paragraphs: &str) -> String {
    let place = place.map(|(top, left)| format!("<a:xfrm><a:off x=\"{left}\" y=\"{top}\"/></a:xfrm>")).unwrap_or_default();
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"1\"/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody>{paragraphs}</p:txBody></p:sp>"
    )
}

/// A presentation with one slide of these shapes, and other parts.
fn read(shapes: &str, slide_relations: &[(&str, &str, &str)], parts: &[(&str, &str)]) -> Result<Extracted, ExtractError> {
    let slide = format!("<p:sld><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>");
    let own = relations(&[&[("l", "slideLayout", "../slideLayouts/l.xml")], slide_relations].concat());
    let listed =
        "<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"s1\"/><p:sldId id=\"257\" r:id=\"gone\"/></p:sldIdLst></p:presentation>";
    let usual = [
        ("ppt/presentation.xml", listed),
        ("ppt/_rels/presentation.xml.rels", &relations(&[("s1", "slide", "slides/s.xml"), ("gone", "slide", "slides/none.xml")])),
        ("ppt/slides/s.xml", &slide),
        ("ppt/slides/_rels/s.xml.rels", &own),
        ("ppt/slideLayouts/l.xml", LAYOUT),
        ("ppt/slideLayouts/_rels/l.xml.rels", &relations(&[("m", "slideMaster", "../slideMasters/m.xml")])),
        ("ppt/slideMasters/m.xml", MASTER),
    ];
    // A part that a test brings stands for the usual one.
    let usual = usual.into_iter().filter(|(name, _)| parts.iter().all(|(own, _)| own != name));
    extract(&packed(&usual.chain(parts.iter().copied()).collect::<Vec<_>>()))
}

fn blocks(extracted: &Extracted) -> Vec<(BlockKind, &str)> {
    extracted.pages.iter().flat_map(|page| page.blocks.iter().map(|b| (b.kind, &page.text[b.range.clone()]))).collect()
}

#[test]
fn a_slide_is_read_from_its_title_down() {
    let body =
        [paragraph(">", "First"), paragraph("lvl=\"1\">", "inner"), paragraph("lvl=\"1\">", "other"), paragraph("><a:buNone/>", "Plain")]
            .concat();
    let shapes = [
        shape("<p:ph type=\"ftr\" idx=\"9\"/>", None, &paragraph(">", "Company")),
        shape("", Some((3_000_000, 0)), &paragraph(">", "Below")),
        shape("<p:ph idx=\"1\"/>", None, &body),
        shape("", Some((1_000_000, 5_000_000)), &paragraph(">", "Above")),
        shape("<p:ph type=\"title\"/>", None, &[paragraph(">", "Leave"), paragraph(">", "policy")].concat()),
    ]
    .concat();
    let extracted = read(&shapes, &[], &[("docProps/core.xml", "<c><dc:title>PowerPoint Presentation</dc:title></c>")]).unwrap();
    use BlockKind::{Heading, ListItem, Paragraph};
    assert_eq!(
        blocks(&extracted),
        [
            (Heading(1), "Leave policy"),
            (Paragraph, "Above"),
            (ListItem, "• First"),
            (ListItem, "1. inner"),
            (ListItem, "2. other"),
            (Paragraph, "Plain"),
            (Paragraph, "Below"),
        ]
    );
    assert_eq!((extracted.title.as_deref(), extracted.paged), (Some("Leave policy"), true));
}

#[test]
fn tables_groups_and_parts_are_in_place() {
    let cell = |properties: &str, text: &str| format!("<a:tc {properties}><a:txBody>{}</a:txBody></a:tc>", paragraph(">", text));
    let table = format!(
        "<p:graphicFrame><p:xfrm><a:off x=\"0\" y=\"9000000\"/></p:xfrm><a:tbl><a:tblPr firstRow=\"1\"/><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr><a:tr>{}{}</a:tr></a:tbl></p:graphicFrame>",
        cell("", "Class"),
        cell("", "Limit"),
        cell("rowSpan=\"2\"", "A"),
        cell("", "10"),
        cell("vMerge=\"1\"", ""),
        cell("", "20"),
    );
    let group = format!(
        "<p:grpSp><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"500\"/></a:xfrm></p:grpSpPr>{}{}</p:grpSp>",
        shape("", Some((7_000_000, 0)), &paragraph(">", "two")),
        shape("", Some((6_000_000, 0)), &paragraph(">", "one")),
    );
    let hidden = shape("", None, &paragraph(">", "hidden")).replace("id=\"1\"", "id=\"1\" hidden=\"1\"");
    let chart = "<p:graphicFrame><p:xfrm><a:off x=\"0\" y=\"1000000\"/></p:xfrm><c:chart r:id=\"c\"/></p:graphicFrame>";
    let notes = format!(
        "<p:notes>{}{}</p:notes>",
        shape("<p:ph type=\"sldNum\"/>", None, &paragraph(">", "1")),
        shape("<p:ph type=\"body\"/>", None, &paragraph(">", "Say it."))
    );
    let numbers = "<c:ser><c:tx><c:v>Staff</c:v></c:tx><c:cat><c:pt idx=\"0\"><c:v>2020</c:v></c:pt></c:cat><c:val><c:pt idx=\"0\"><c:v>12</c:v></c:pt></c:val></c:ser>";
    let extracted = read(
        &[table.as_str(), hidden.as_str(), chart, group.as_str()].concat(),
        &[("n", "notesSlide", "../notes.xml"), ("c", "chart", "../chart.xml"), ("e", "package", "../embeddings/a.docx")],
        &[("ppt/notes.xml", &notes), ("ppt/chart.xml", numbers), ("ppt/embeddings/a.docx", "PK")],
    )
    .unwrap();
    assert_eq!(
        extracted.pages[0].text,
        "one\n\ntwo\n\nStaff\n2020 | Staff: 12\n\nClass | Limit\nA | Limit: 10\nA | Limit: 20\n\nNotes:\n\nSay it."
    );
    assert_eq!(extracted.attachments[0].name, "a.docx");
}

#[test]
fn comments_say_whose_they_are() {
    let old = "<p:cmLst><p:cm authorId=\"0\"><p:pos x=\"1\" y=\"2\"/><p:text>Still right?</p:text></p:cm></p:cmLst>";
    let answered = "<x:cmLst><x:cm authorId=\"{A}\"><x:replyLst><x:reply authorId=\"0\"><x:txBody><a:p><a:r><a:t>Yes.</a:t></a:r></a:p></x:txBody></x:reply></x:replyLst>\
        <x:txBody><a:p><a:r><a:t>Who </a:t></a:r><a:r><a:t>says?</a:t></a:r></a:p></x:txBody></x:cm></x:cmLst>";
    let presentation = relations(&[("s1", "slide", "slides/s.xml"), ("a", "commentAuthors", "a.xml"), ("b", "authors", "b.xml")]);
    let extracted = read(
        &shape("", None, &paragraph(">", "25 days")),
        &[("c", "comments", "../c.xml"), ("d", "comments", "../d.xml")],
        &[
            ("ppt/_rels/presentation.xml.rels", &presentation),
            ("ppt/a.xml", "<p:cmAuthorLst><p:cmAuthor id=\"0\" name=\"Ann\"/></p:cmAuthorLst>"),
            ("ppt/b.xml", "<x:authorLst><x:author id=\"{A}\" name=\"Bo\"/></x:authorLst>"),
            ("ppt/c.xml", old),
            ("ppt/d.xml", answered),
        ],
    );
    assert_eq!(
        extracted.unwrap().pages[0].text,
        "25 days\n\nComment by Ann: Still right?\n\nComment by Bo: Who says?\n\nComment by Ann: Yes."
    );
}

#[test]
fn damage_is_named() {
    assert!(matches!(extract(&packed(&[("ppt/other.xml", "<x/>")])), Err(ExtractError::Damaged { .. })));
    let broken = read("<p:sp><!--", &[], &[]).unwrap_err().to_string();
    assert!(broken.contains("slide 1 breaks off"), "{broken}");
    assert!(matches!(read(&"<p:grpSp>".repeat(100_000), &[], &[]), Err(ExtractError::TooDeep { .. })));
}
