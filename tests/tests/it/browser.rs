//! The portal in a real browser: with scripts, without them, and with nothing but a keyboard.

use std::time::Duration;

use footnote_tests::{Browser, Footnote, LONG_SHEET_QUESTION, Portal, cut_in_two, long_sheet, with_demo, write};
use thirtyfour::{By, Key, WebDriver, prelude::*};

const QUESTION: &str = "When am I allowed to fly business class?";
/// The model shares two processor cores with the browser and with other tests.
const PATIENCE: Duration = Duration::from_secs(120);

async fn appears(driver: &WebDriver, css: &str) -> WebElement {
    driver.query(By::Css(css.to_owned())).wait(PATIENCE, Duration::from_millis(50)).first().await.unwrap_or_else(|e| panic!("{css}: {e}"))
}

/// Opens the first source and checks that the cited words are marked and in view.
async fn follow(driver: &WebDriver, link: &str, quote: &str) {
    appears(driver, link).await.click().await.unwrap();
    let mark = appears(driver, "mark#passage").await;
    let marked = mark.text().await.unwrap();
    assert!(begins_quote(&marked, quote), "{marked:?} is marked, {quote:?} is cited");
    let script = "const r = document.getElementById('passage').getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight;";
    // It scrolls there, and a long way takes a moment.
    for _ in 0..40 {
        if *driver.execute(script, vec![]).await.unwrap().json() == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the passage is not in view");
}

/// Of a table's row the first cell is marked first, the other cells by themselves.
fn begins_quote(marked: &str, quote: &str) -> bool {
    let start: String = quote.chars().take(40).collect();
    marked.starts_with(&start) || quote.starts_with(&format!("{marked} | "))
}

async fn ask(driver: &WebDriver, question: &str) {
    let field = appears(driver, "textarea#q").await;
    field.send_keys(question).await.unwrap();
    field.send_keys(Key::Enter + "").await.unwrap();
}

async fn first_quote(driver: &WebDriver) -> String {
    appears(driver, ".quotes blockquote p:not(.lead-in)").await.text().await.unwrap()
}

#[tokio::test]
async fn asked_by_keyboard_the_answer_streams_in_and_its_footnote_opens_the_passage() {
    let portal = Portal::start(with_demo()).await;
    let browser = Browser::signed_in(&portal, 1280, 900, true).await.unwrap();
    let driver = &browser.driver;
    driver.goto(&portal.url).await.unwrap();
    ask(driver, QUESTION).await;
    let quote = first_quote(driver).await;
    appears(driver, ".verdict .status").await;
    assert!(driver.current_url().await.unwrap().path().starts_with("/conversations/"), "it can be found again");
    assert!(driver.find_all(By::Css(".waiting")).await.unwrap().is_empty(), "nothing still waits");
    assert!(driver.find_all(By::Css("[aria-busy]")).await.unwrap().is_empty());

    // Each sentence has a footnote, and each footnote a source below.
    for sentence in driver.find_all(By::Css(".sentence")).await.unwrap() {
        let marks = sentence.find_all(By::Css(".mark")).await.unwrap();
        assert!(!marks.is_empty(), "{}", sentence.text().await.unwrap());
        for mark in marks {
            let n = mark.text().await.unwrap();
            assert!(driver.find(By::Id(format!("source-0-{n}"))).await.is_ok(), "footnote {n} has no source");
        }
    }
    follow(driver, ".quotes a.source", &quote).await;
    // It opened beside the answer, and is closed again.
    appears(driver, ".beside-answer .bar button").await.click().await.unwrap();
    assert!(driver.find_all(By::Css(".beside-answer")).await.unwrap().is_empty());
    appears(driver, ".verdict .status").await;
    browser.close().await.unwrap();
}

#[tokio::test]
async fn without_scripts_asking_works_the_same() {
    let portal = Portal::start(with_demo()).await;
    let browser = Browser::signed_in(&portal, 1280, 900, false).await.unwrap();
    let driver = &browser.driver;
    driver.goto(&portal.url).await.unwrap();
    appears(driver, "textarea#q").await.send_keys(QUESTION).await.unwrap();
    driver.find(By::Css("form.ask button")).await.unwrap().click().await.unwrap();
    let quote = first_quote(driver).await;
    appears(driver, ".verdict .status").await;
    appears(driver, ".quotes a.source").await.click().await.unwrap();
    let marked = appears(driver, "mark#passage").await.text().await.unwrap();
    assert!(begins_quote(&marked, &quote), "{marked:?}, {quote:?}");
    browser.close().await.unwrap();
}

#[tokio::test]
async fn on_a_phone_nothing_sticks_out() {
    let portal = Portal::start(with_demo()).await;
    let browser = Browser::signed_in(&portal, 390, 844, true).await.unwrap();
    let driver = &browser.driver;
    let fits = "return document.documentElement.scrollWidth <= innerWidth;";
    for address in [format!("{}/documents", portal.url), portal.url.clone()] {
        driver.goto(&address).await.unwrap();
        appears(driver, "main h1").await;
        assert_eq!(driver.execute(fits, vec![]).await.unwrap().json(), &true, "{address} is wider than the screen");
    }
    ask(driver, QUESTION).await;
    let quote = first_quote(driver).await;
    appears(driver, ".verdict .status").await;
    assert_eq!(driver.execute(fits, vec![]).await.unwrap().json(), &true, "an answer is wider than the screen");
    follow(driver, ".quotes a.source", &quote).await;
    assert_eq!(driver.execute(fits, vec![]).await.unwrap().json(), &true, "a document is wider than the screen");
    browser.close().await.unwrap();
}

/// As it comes in, and when it is opened again.
#[tokio::test]
async fn a_sentence_over_two_pages_is_one_quote_with_a_source_on_each() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let (bytes, whole, question) = cut_in_two();
    write(&folder.path().join("journeys.pdf"), bytes);
    footnote.ingest(folder.path());
    let portal = Portal::start(footnote).await;
    let browser = Browser::signed_in(&portal, 1280, 900, true).await.unwrap();
    let driver = &browser.driver;
    driver.goto(&portal.url).await.unwrap();
    ask(driver, question).await;
    for time in ["first", "again"] {
        appears(driver, ".verdict .status").await;
        let quote = first_quote(driver).await;
        assert!(quote.starts_with(whole), "{time}: {quote}");
        let sources = driver.find_all(By::Css(".quotes li:first-child a.source")).await.unwrap();
        let mut places = Vec::new();
        for source in &sources {
            places.push(source.text().await.unwrap().replace('\n', " "));
        }
        assert!(places.len() == 2 && places[0].contains("page 1") && places[1].contains("page 2"), "{time}: {places:?}");
        if let Some(shots) = std::env::var_os("TEST_SCREENSHOTS") {
            driver.screenshot(&std::path::Path::new(&shots).join(format!("two-pages-{time}.png"))).await.unwrap();
        }
        let address = driver.current_url().await.unwrap();
        driver.set_window_rect(0, 0, 500, 900).await.unwrap();
        driver.goto(address.as_str()).await.unwrap();
    }
    appears(driver, ".verdict .status").await;
    follow(driver, ".quotes li:first-child a.source:nth-of-type(2)", "listed as dangerous by the foreign ministry.").await;
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_citation_opens_a_long_sheet_at_its_row() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("stock.csv"), long_sheet(2000));
    let outcomes = footnote.ingest(folder.path());
    assert_eq!(outcomes[0]["status"], "indexed", "{outcomes:?}");
    let portal = Portal::start(footnote).await;
    let browser = Browser::signed_in(&portal, 1280, 900, true).await.unwrap();
    let driver = &browser.driver;
    driver.goto(&portal.url).await.unwrap();
    ask(driver, LONG_SHEET_QUESTION).await;
    let quote = first_quote(driver).await;
    assert!(quote.contains("Quastenberg"), "{quote}");
    appears(driver, ".verdict .status").await;
    follow(driver, ".quotes a.source", &quote).await;
    let place = appears(driver, ".beside-answer .bar a").await.attr("href").await.unwrap().unwrap();
    driver.goto(&place).await.unwrap();
    driver.set_window_rect(0, 0, 500, 900).await.unwrap();
    let fits = "return document.documentElement.scrollWidth <= innerWidth;";
    assert_eq!(driver.execute(fits, vec![]).await.unwrap().json(), &true, "a table is wider than the screen");
    browser.close().await.unwrap();

    // The same on a phone, without scripts; and from there to the part before.
    let browser = Browser::signed_in(&portal, 390, 844, false).await.unwrap();
    let driver = &browser.driver;
    driver.goto(place.as_str()).await.unwrap();
    let mark = appears(driver, "mark#passage").await;
    assert!(begins_quote(&mark.text().await.unwrap(), &quote));
    let said = appears(driver, ".steps").await.text().await.unwrap();
    assert!(said.contains("of 2,000"), "{said}");
    let before = driver.find(By::Css(".steps a[rel=prev]")).await.unwrap().attr("href").await.unwrap().unwrap();
    driver.goto(&format!("{}{before}", portal.url)).await.unwrap();
    assert_eq!(appears(driver, ".text tr:first-child th").await.text().await.unwrap(), "Item");
    browser.close().await.unwrap();
}
