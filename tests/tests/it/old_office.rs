//! Word and PowerPoint files of before 2007, which LibreOffice converts: with what gives them structure, wherever they lie.

use catalog::Format;
use extraction::{BlockKind, Extracted};
use footnote_tests::{Footnote, archive, saved_as, write};

const NAMESPACES: &str = r#"office:version="1.3" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
    xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
    xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0""#;

/// LibreOffice takes a frame for a slide's title only where the slide has a layout, and its style comes from the master's.
const LAYOUT: &str = r#"<office:styles><style:presentation-page-layout style:name="both"><presentation:placeholder
    presentation:object="title"/><presentation:placeholder presentation:object="outline"/></style:presentation-page-layout></office:styles>
    <office:automatic-styles><style:page-layout style:name="page"/><style:style style:name="title" style:family="presentation"
    style:parent-style-name="Default-title"/></office:automatic-styles>
    <office:master-styles><style:master-page style:name="Default" style:page-layout-name="page"/></office:master-styles>"#;

/// OpenDocument in one file.
fn flat(kind: &str, styles: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {NAMESPACES} \
         office:mimetype=\"application/vnd.oasis.opendocument.{kind}\">{styles}<office:body><office:{kind}>{body}\
         </office:{kind}></office:body></office:document>"
    )
}

fn letter() -> Vec<u8> {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: [&str; 2]| format!("<table:table-row>{}</table:table-row>", cells.map(cell).concat());
    let rows = [row(["Vessel", "Length"]), row(["Ketch", "fourteen metres"]), row(["Dinghy", "three metres"])].concat();
    let body = format!(
        "<text:h text:outline-level=\"1\">Harbour rules</text:h><text:p>Boats are moored at the eastern pier.</text:p>\
         <text:h text:outline-level=\"2\">Fees</text:h><text:p>The fee is due on Fridays<text:note text:note-class=\"footnote\">\
         <text:note-body><text:p>Members pay half.</text:p></text:note-body></text:note>.</text:p>\
         <text:list><text:list-item><text:p>Lamps are lit at dusk</text:p></text:list-item></text:list>\
         <table:table><table:table-column table:number-columns-repeated=\"2\"/>{rows}</table:table>"
    );
    saved_as(&flat("text", "", &body), "fodt", "doc")
}

fn slides() -> Vec<u8> {
    let frame = |class: &str, y: u8, text: &str| {
        format!(
            "<draw:frame presentation:class=\"{class}\" presentation:style-name=\"{class}\" draw:layer=\"layout\" \
             svg:x=\"2cm\" svg:y=\"{y}cm\" svg:width=\"20cm\" svg:height=\"3cm\">\
             <draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
        )
    };
    let slide = |title: &str, body: &str, notes: &str| {
        let frames = [frame("title", 1, title), frame("outline", 6, body)].concat();
        format!(
            "<draw:page draw:master-page-name=\"Default\" presentation:presentation-page-layout-name=\"both\">{frames}\
             <presentation:notes>{}</presentation:notes></draw:page>",
            frame("notes", 12, notes)
        )
    };
    let pages = [
        slide("Welcome", "The tour begins at the gate.", "Say hello."),
        slide("Rigging", "The mizzen is set before the jib.", "Ask who has sailed a ketch."),
    ];
    saved_as(&flat("presentation", LAYOUT, &pages.concat()), "fodp", "ppt")
}

fn blocks(read: &Extracted) -> Vec<(BlockKind, &str)> {
    read.pages.iter().flat_map(|page| page.blocks.iter().map(|block| (block.kind, &page.text[block.range.clone()]))).collect()
}

#[tokio::test]
async fn their_structure_is_kept() {
    let workers = Footnote::new().workers();
    let read = workers.extract("rules.doc", letter()).await.unwrap();
    assert_eq!((read.format, read.paged), (Format::Doc, false));
    let found = blocks(&read);
    let has = |kind: BlockKind, text: &str| assert!(found.iter().any(|(k, t)| *k == kind && t.contains(text)), "{text}: {found:?}");
    has(BlockKind::Heading(1), "Harbour rules");
    has(BlockKind::Heading(2), "Fees");
    has(BlockKind::ListItem, "Lamps are lit at dusk");
    let row = found.iter().find(|(_, text)| text.contains("Ketch")).unwrap();
    assert!(matches!(row.0, BlockKind::TableRow) && row.1.contains("fourteen metres"), "{found:?}");
    assert!(found.iter().any(|(_, text)| text.contains("Members pay half")), "{found:?}");

    let read = workers.extract("tour.ppt", slides()).await.unwrap();
    assert_eq!((read.format, read.paged, read.pages.len()), (Format::Ppt, true, 2));
    let second = &read.pages[1];
    let title = second.blocks.first().map(|block| (block.kind, &second.text[block.range.clone()]));
    assert_eq!(title, Some((BlockKind::Heading(1), "Rigging")));
    assert!(second.text.contains("The mizzen is set before the jib.") && second.text.contains("Ask who has sailed a ketch."), "{second:?}");
}

/// As mail programs write what is attached.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().chain(&[0, 0]).take(3).fold(0usize, |bits, byte| bits << 8 | usize::from(*byte));
        (0..4).map(|n| if n > three.len() { '=' } else { DIGITS[bits >> (18 - 6 * n) & 63].into() }).collect::<String>()
    };
    bytes.chunks(57).map(|line| line.chunks(3).map(group).collect::<String>() + "\r\n").collect()
}

#[test]
fn they_are_found_and_cited_wherever_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let (letter, slides) = (letter(), slides());
    write(&folder.path().join("rules.doc"), &letter);
    write(&folder.path().join("bundle.zip"), archive(&[("boats/rules.doc", &letter)]));
    let mail = format!(
        "From: Ada <ada@example.org>\r\nTo: all@example.org\r\nDate: Tue, 12 Mar 2024 09:30:00 +0100\r\nSubject: The tour\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"part\"\r\n\r\n--part\r\nContent-Type: text/plain\r\n\r\n\
         The slides are attached.\r\n--part\r\nContent-Type: application/vnd.ms-powerpoint\r\n\
         Content-Disposition: attachment; filename=\"tour.ppt\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--part--\r\n",
        base64(&slides)
    );
    write(&folder.path().join("tour.eml"), mail);
    let footnote = Footnote::new();
    let outcomes = footnote.ingest(folder.path());
    for path in ["rules.doc", "bundle.zip/boats/rules.doc", "tour.eml", "tour.eml/tour.ppt"] {
        let found = outcomes.iter().find(|o| o["path"].as_str().unwrap().ends_with(&format!("/{path}")));
        assert!(found.is_some_and(|o| o["status"] == "indexed"), "{path}: {outcomes:?}");
    }
    let answer = footnote.run(&["ask", "When is the mizzen set?", "--json"]).ok().json();
    let cited = answer["citations"].as_array().unwrap().iter().find(|c| c["quote"].as_str().unwrap().contains("mizzen"));
    let cited = cited.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(cited["place"], "slide 2");
    assert!(cited["path"].as_str().unwrap().ends_with("tour.eml/tour.ppt"), "{cited}");
}

#[test]
fn without_libre_office_it_is_said_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("rules.doc"), letter());
    write(&folder.path().join("note.md"), "# Note\n\nThe canteen opens at eleven.\n");
    let nothing = tempfile::tempdir().unwrap();
    let footnote = Footnote::new();
    let output = footnote.command(&["ingest", "--json", folder.path().to_str().unwrap()]).env("PATH", nothing.path()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let outcomes: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failed = outcomes.iter().find(|o| o["path"].as_str().unwrap().ends_with("rules.doc")).unwrap();
    let error = failed["error"].as_str().unwrap();
    assert!(failed["status"] == "failed" && error.contains("LibreOffice") && error.contains("installed on the server"), "{failed}");
    assert!(outcomes.iter().any(|o| o["status"] == "indexed"), "{said}");

    // Nothing is remembered of it: as soon as LibreOffice is there, the file is read.
    let outcomes = footnote.ingest(folder.path());
    assert!(outcomes.iter().any(|o| o["path"].as_str().unwrap().ends_with("rules.doc") && o["status"] == "indexed"), "{outcomes:?}");
}
