//! A citation into a table, a slide, a sheet, a mail and a scan opens at the right place.

use std::{path::Path, time::Duration};

use footnote_tests::{Browser, Footnote, Picture, Portal, packed, pdf, scanned_pdf, write};
use serde_json::Value;
use thirtyfour::{By, WebDriver, WebElement, prelude::*};

const PATIENCE: Duration = Duration::from_secs(30);
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

fn relations(kind: &str, target: &str) -> String {
    format!("<Relationships><Relationship Id=\"r1\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/></Relationships>")
}

fn presentation() -> Vec<u8> {
    let text = |placeholder: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let slide = |title: &str, body: &str| {
        let shapes = [text("<p:ph type=\"title\"/>", title), text("", body)].concat();
        format!("<p:sld><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>")
    };
    let listed =
        "<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"r1\"/><p:sldId id=\"257\" r:id=\"r2\"/></p:sldIdLst></p:presentation>";
    let both = relations("slide", "slides/a.xml").replace(
        "</Relationships>",
        &format!("<Relationship Id=\"r2\" Type=\"{RELATIONS}/slide\" Target=\"slides/b.xml\"/></Relationships>"),
    );
    packed(&[
        TYPES,
        ("_rels/.rels", &relations("officeDocument", "ppt/presentation.xml")),
        ("ppt/presentation.xml", listed),
        ("ppt/_rels/presentation.xml.rels", &both),
        ("ppt/slides/a.xml", &slide("Welcome", "The onboarding week begins on Monday.")),
        ("ppt/slides/b.xml", &slide("Parking", "Visitors park their bicycles in the yellow shed behind building seven.")),
    ])
}

fn workbook() -> Vec<u8> {
    let row = |number: usize, cells: &[&str]| {
        let cell = |(column, text): (char, &&str)| format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        format!("<row r=\"{number}\">{}</row>", ('A'..).zip(cells).map(cell).collect::<String>())
    };
    let rows = [
        row(1, &["Equipment", "Lifetime", "Replaced by"]),
        row(2, &["Laptop", "four years", "Service desk"]),
        row(3, &["Hydrophone", "eleven years", "Calibration lab"]),
    ];
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat());
    packed(&[
        TYPES,
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Inventory\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/s.xml")),
        ("xl/worksheets/s.xml", &sheet),
    ])
}

const MAIL: &str = "From: Ada Byron <ada@example.org>\r\nTo: all@example.org\r\nDate: Tue, 12 Mar 2024 09:30:00 +0100\r\n\
    Subject: Fire drill\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear all,\r\n\r\n\
    The fire drill takes place on the third Thursday of April, and the meeting point is the oak at the north gate.\r\n";

const TABLE: &str =
    "# Allowances\n\nThese apply from January.\n\n| Reason | Days |\n|---|---|\n| Moving house | 2 |\n| Wedding of a sibling | 1 |\n";

/// What is cited first for a question.
fn cited(footnote: &Footnote, question: &str) -> Value {
    let answer = footnote.run(&["ask", question, "--json"]).ok().json();
    let [citations, nearest] = ["citations", "nearest"].map(|key| answer[key].as_array().cloned().unwrap_or_default());
    citations.into_iter().chain(nearest).next().unwrap_or_else(|| panic!("nothing for {question:?}: {answer}"))
}

async fn appears(driver: &WebDriver, css: &str) -> WebElement {
    driver.query(By::Css(css.to_owned())).wait(PATIENCE, Duration::from_millis(50)).first().await.unwrap_or_else(|e| panic!("{css}: {e}"))
}

async fn scan(folder: &Path) {
    let printed = pdf(&["The archive keeps accident reports for thirty years in the red cabinet."]);
    let image = Footnote::new().workers().draw(printed, 1, 1654).await.unwrap();
    write(&folder.join("scan.pdf"), scanned_pdf(&[Picture::of_png(&image)], 200));
}

#[tokio::test]
async fn citations_open_where_they_were_cited() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("table.md"), TABLE);
    write(&folder.path().join("slides.pptx"), presentation());
    write(&folder.path().join("sheet.xlsx"), workbook());
    write(&folder.path().join("mail.eml"), MAIL);
    scan(folder.path()).await;
    let footnote = Footnote::new();
    let outcomes = footnote.ingest(folder.path());
    assert!(outcomes.len() == 5 && outcomes.iter().all(|o| o["status"] == "indexed"), "{outcomes:?}");
    // File, question, the place that is named, what is marked.
    let questions = [
        ("table.md", "How many days for the wedding of a sibling?", Value::Null, "Wedding of a sibling"),
        ("slides.pptx", "Where do visitors park their bicycles?", "slide 2".into(), "yellow shed"),
        ("sheet.xlsx", "What is the lifetime of a hydrophone?", "sheet Inventory".into(), "Hydrophone"),
        ("mail.eml", "When does the fire drill take place?", Value::Null, "third Thursday of April"),
        ("scan.pdf", "How long does the archive keep accident reports?", "page 1".into(), "thirty years"),
    ];
    let cited = questions.map(|(file, question, place, text)| (file, cited(&footnote, question), place, text));
    let portal = Portal::start(footnote).await;
    let browser = Browser::signed_in(&portal, 1280, 900, true).await.unwrap();
    let driver = &browser.driver;
    for (file, citation, place, text) in cited {
        assert!(citation["path"].as_str().unwrap().ends_with(file), "{file}: {citation}");
        assert_eq!(citation["place"], place, "{file}");
        let [document, revision] = ["document", "revision"].map(|key| citation[key].as_str().unwrap());
        let page = citation["page"].as_i64().unwrap_or(1);
        let (start, end) = (&citation["start"], &citation["end"]);
        driver
            .goto(&format!("{}/documents/{document}?revision={revision}&page={page}&start={start}&end={end}#passage", portal.url))
            .await
            .unwrap();
        appears(driver, "mark#passage").await;
        let mut marked = Vec::new();
        for mark in driver.find_all(By::Css(".text mark")).await.unwrap() {
            marked.push(mark.text().await.unwrap());
        }
        assert!(marked.join(" ").contains(text), "{file}: {marked:?}");
        let script = "const r = document.getElementById('passage').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight;";
        assert_eq!(driver.execute(script, vec![]).await.unwrap().json(), &true, "{file}: the passage is in view");
        let cells = driver.find_all(By::Css(".text td")).await.unwrap().len();
        assert_eq!(cells > 0, ["table.md", "sheet.xlsx"].contains(&file), "{file}: {cells} cells");
    }
    // The scan came last: its image is there, and the words are marked on it, within what is seen.
    let image =
        "const i = new Image(); i.src = document.querySelector('.sheet image').href.baseVal; await i.decode(); return i.naturalWidth;";
    assert!(driver.execute(image, vec![]).await.unwrap().json().as_i64().unwrap() > 500);
    let seen = "return [...document.querySelectorAll('.sheet rect')].some(m => { const r = m.getBoundingClientRect(); \
        return r.width > 20 && r.top >= 0 && r.bottom <= innerHeight; });";
    assert_eq!(driver.execute(seen, vec![]).await.unwrap().json(), &true, "the marked words are in view");
    browser.close().await.unwrap();
}
