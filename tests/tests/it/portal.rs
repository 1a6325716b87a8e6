//! The portal over HTTP, as a browser without scripts and as a program sees it.

use std::time::Duration;

use footnote_tests::{Footnote, LONG_SHEET_QUESTION, Portal, escaped, long_sheet, with_demo, write};
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST},
};
use serde_json::Value;

/// Asks as the script does; returns the conversation.
async fn asked(portal: &Portal, question: &str) -> String {
    let response = reqwest::Client::new()
        .post(format!("{}/ask", portal.url))
        .header(COOKIE, &portal.cookie)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("q={}", escaped(question)));
    let body = response.send().await.unwrap().text().await.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap_or_else(|e| panic!("{e} in {body}"));
    body["conversation"].as_str().unwrap().to_owned()
}

/// What stands between two marks, with character references resolved.
fn between<'a>(page: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(page.split_once(before)?.1.split_once(after)?.0)
}

#[tokio::test]
async fn an_answer_is_a_whole_page_whose_footnotes_open_their_passage() {
    let portal = Portal::start(with_demo()).await;
    let page = portal.ask("How many extra holiday days can I buy?").await;
    assert!(page.ends_with("</html>\n") || page.ends_with("</html>"), "the page is complete");
    let quote = between(&page, "<blockquote><p>", "</p>").expect("a quote");
    let source = between(&page, "class=\"source\" href=\"", "\"").expect("a source").replace("&amp;", "&").replace("&#38;", "&");

    let (status, document) = portal.get(source.split('#').next().unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{source}");
    let marked = between(&document, "<mark id=\"passage\" tabindex=\"-1\">", "</mark>").expect("a marked passage");
    // Of a table's row the first cell is marked first.
    let cited = marked.starts_with(quote) || quote.starts_with(&format!("{marked} | "));
    assert!(cited, "{marked:?} is marked, {quote:?} is cited");
}

/// Of a page that is not the first: what is kept of a citation must lead where it led.
#[tokio::test]
async fn an_answer_that_is_opened_again_leads_to_the_same_passages() {
    let portal = Portal::start(with_demo()).await;
    let (page, place) = portal.ask_as(&portal.cookie, "When am I allowed to fly business class?", &[]).await;
    let (_, again) = portal.get(&place).await;
    let source = |page: &str| between(page, "class=\"source\" href=\"", "\"").expect("a source").to_owned();
    assert_eq!(source(&page), source(&again));
    assert!(source(&again).contains("page=2"), "{}", source(&again));
}

/// Whole passages, with the words that were looked for: by the rules of the passage's language.
#[tokio::test]
async fn a_search_marks_the_words_that_were_looked_for() {
    let footnote = with_demo();
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder.path().join("vertrag.md"),
        "# Vertrag\n\nNach der Probezeit gilt für beide Seiten dieselbe Kündigungsfrist: drei Monate zum Ende des Quartals.\n",
    );
    footnote.ingest(folder.path());
    let portal = Portal::start(footnote).await;
    let (_, page) = portal.get("/search?q=business+classes").await;
    assert!(page.contains("<strong>Class</strong>: <strong>Business</strong>, only if the flight is overnight"), "{page}");
    assert!(page.contains("6 hours, but less than 9 hours"), "the rest of the passage is there: {page}");
    let (_, page) = portal.get("/search?q=Fristen+f%C3%BCr+die+K%C3%BCndigungsfristen").await;
    assert!(page.contains("gilt für beide Seiten dieselbe <strong>Kündigungsfrist</strong>: drei Monate"), "{page}");
}

#[tokio::test]
async fn an_index_that_lacks_passages_is_made_whole_and_questions_wait_for_it() {
    let footnote = with_demo();
    std::fs::remove_dir_all(footnote.data.join("index")).unwrap();
    let portal = Portal::start(footnote).await;
    for _ in 0..600 {
        let page = portal.ask("How many extra holiday days can I buy?").await;
        if between(&page, "<blockquote><p>", "</p>").is_some() {
            return;
        }
        assert!(page.contains("is being made whole. Ask again in a few minutes."), "{page}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the index is not whole after two minutes");
}

#[tokio::test]
async fn events_come_in_order_and_end() {
    let portal = Portal::start(with_demo()).await;
    let asked = asked(&portal, "When am I allowed to fly business class?").await;
    let response = portal.request(Method::GET, &portal.cookie, &format!("/conversations/{asked}/events"), None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let body = response.text().await.unwrap();
    let events: Vec<&str> = body.lines().filter_map(|l| l.strip_prefix("event: ")).collect();
    assert_eq!(events.first(), Some(&"quotes"), "{body}");
    assert_eq!(events.last(), Some(&"done"), "{body}");
    assert!(events[1..events.len() - 1].iter().all(|e| *e == "sentence"), "{events:?}");
}

#[tokio::test]
async fn what_is_not_there_gets_a_page_that_says_so() {
    let portal = Portal::start(with_demo()).await;
    for path in ["/nowhere", "/documents/nonsense", "/documents/00000000-0000-7000-8000-000000000000", "/assets/nothing.js"] {
        let (status, page) = portal.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("<h1>Not found</h1>"), "{path}: {page}");
    }
    let (status, page) = portal.get("/documents?collection=nonsense").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("nonsense"), "the name that was not found is said: {page}");
    let document = between(&portal.get("/documents").await.1, "<a href=\"/documents/", "\"").expect("a document").to_owned();
    let (status, page) = portal.get(&format!("/documents/{document}?page=9999")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("no page 9999"), "{page}");
    let (status, _) = portal.get("/documents?list=x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_this_machine_and_its_own_scripts() {
    let portal = Portal::start(with_demo()).await;
    let response = portal.request(Method::GET, &portal.cookie, "/", None).await;
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let page = response.text().await.unwrap();
    for outside in ["http://", "https://", "//cdn", "<style", "style=\"", "onclick", "<script>"] {
        assert!(!page.contains(outside), "{outside} in {page}");
    }
    let rebound = reqwest::Client::new().get(&portal.url).header(HOST, "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_filter_in_the_address_holds_and_stays_in_the_form() {
    let portal = Portal::start(with_demo()).await;
    let question = "When am I allowed to fly business class?";
    let (status, page) = portal.get("/ask?q=When+am+I%3F&type=docx%2Cdoc&language=en&since=2020-01-01&until=").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(">When am I?</textarea>") && page.contains("<details class=\"filter\" open>"), "{page}");
    assert!(page.contains("<option value=\"docx,doc\" selected>Word</option>"), "{page}");
    assert!(page.contains("<option value=\"en\" selected>English</option>") && page.contains("value=\"2020-01-01\""), "{page}");
    let (_, page) = portal.get("/ask").await;
    assert!(page.contains("<details class=\"filter\">"), "closed where nothing is filtered: {page}");
    let word = [("type", "docx,doc"), ("language", "en"), ("since", "2020-01-01"), ("until", "")];
    let (page, _) = portal.ask_as(&portal.cookie, question, &word).await;
    assert!(!page.contains("<span class=\"name\">Travel Policy"), "{page}");
    let (page, _) = portal.ask_as(&portal.cookie, question, &[("type", "pdf")]).await;
    assert!(page.contains("<span class=\"name\">Travel Policy"), "{page}");
    for (wrong, said) in [
        (&[("since", "2024-12-31"), ("until", "2024-01-01")][..], "No day is both since 2024-12-31 and until 2024-01-01"),
        (&[("type", "picture")], "There is no document type"),
    ] {
        let form: Vec<_> = wrong.iter().copied().chain([("q", question)]).collect();
        let response = portal.send(&portal.cookie, "/ask", &form).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let page = response.text().await.unwrap();
        assert!(page.contains(said), "{page}");
    }
}

/// What a document says is text, whatever it looks like.
#[tokio::test]
async fn markup_in_documents_and_questions_stays_text() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let text = "# Parking <b>rules</b>\n\nVisitors park in bay <script>alert(1)</script> seven & pay nothing.\n";
    write(&folder.path().join("parking.txt"), text);
    let outcomes = footnote.ingest(folder.path());
    assert_eq!(outcomes[0]["status"], "indexed", "{outcomes:?}");
    let portal = Portal::start(footnote).await;
    let page = portal.ask("Where do visitors park? <img src=x>").await;
    assert!(page.contains("bay &#60;script&#62;alert(1)") || page.contains("bay &lt;script&gt;alert(1)"), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
}

/// A browser that is slow, or a phone, shows it at once.
const MAX_PART_BYTES: usize = 200_000;

/// A sheet is one page, however long, and so is a text.
#[tokio::test]
async fn a_long_page_is_shown_in_parts() {
    const ROWS: usize = 2000;
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("stock.csv"), long_sheet(ROWS));
    write(&folder.path().join("log.txt"), "The pump in hall 3 was switched on & off again.\n".repeat(4000));
    let outcomes = footnote.ingest(folder.path());
    assert!(outcomes.iter().all(|o| o["status"] == "indexed"), "{outcomes:?}");
    let document = |name: &str| {
        let outcome = outcomes.iter().find(|o| o["path"].as_str().unwrap().ends_with(name)).unwrap();
        format!("/documents/{}", outcome["document"].as_str().unwrap())
    };
    let (sheet, log) = (document("stock.csv"), document("log.txt"));
    let answer = footnote.run(&["ask", LONG_SHEET_QUESTION, "--json"]).ok().json();
    let cited = answer["citations"].as_array().unwrap().iter().find(|c| c["quote"].as_str().unwrap().contains("Quastenberg"));
    let cited = cited.unwrap_or_else(|| panic!("no citation of the row: {answer}")).clone();
    let portal = Portal::start(footnote).await;

    // From part to part by the links, each with the headings and the rows that follow those before.
    let (mut address, mut next_row, mut parts) = (Some(sheet.clone()), 1, 0);
    while let Some(part) = address {
        let (status, page) = portal.get(&part).await;
        assert_eq!(status, StatusCode::OK, "{part}");
        assert!(page.len() < MAX_PART_BYTES, "{part} has {} bytes", page.len());
        let table = between(&page, "<table><tr>", "</table>").expect("a table");
        assert!(table.starts_with("<th scope=\"col\">Item</th>"), "{table:.300}");
        let rows = table.matches("<tr>").count();
        let said = format!("rows {}\u{2013}{} of 2,000", thousands(next_row), thousands(next_row + rows - 1));
        assert!(page.contains(&said), "{said} is not said on {part}");
        next_row += rows;
        parts += 1;
        address = between(&page, "rel=\"next\" href=\"", "\"").map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
    }
    assert_eq!(next_row, ROWS + 1);
    assert!(parts > 2, "{parts} parts");

    let place = format!("{sheet}?page=1&start={}&end={}", cited["start"], cited["end"]);
    let (_, page) = portal.get(&place).await;
    assert!(page.contains("<mark id=\"passage\""), "the passage is marked in the part that is shown first");
    let row = page.split("<tr>").find(|row| row.contains("Quastenberg")).expect("the row is in this part");
    assert!(row.contains("<mark"), "{row}");

    let (_, page) = portal.get(&log).await;
    assert!(page.len() < MAX_PART_BYTES && page.contains("rel=\"next\""), "{} bytes", page.len());
}

fn thousands(number: usize) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[tokio::test]
async fn a_document_is_searched_and_has_a_list_of_contents() {
    let portal = Portal::start(with_demo()).await;
    let (_, list) = portal.get("/documents?find=Travel").await;
    let document = format!("/documents/{}", list.split("href=\"/documents/").nth(1).unwrap().split('"').next().unwrap());
    let (_, page) = portal.get(&format!("{document}?find=CLASS++of+flight")).await;
    assert!(page.contains("Found at") && page.contains("<strong>Class of flight</strong>"), "{page}");
    let link = page.split("<ol class=\"plain-list found\">").nth(1).unwrap().split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let (_, there) = portal.get(&link.replace("&#38;", "&").replace("#passage", "")).await;
    assert!(there.contains("id=\"passage\" tabindex=\"-1\">Class of flight</mark>"), "{there}");
    let (_, page) = portal.get(&format!("{document}?find=unicorn%3Cb%3E")).await;
    assert!(page.contains("This document does not say that.") && page.contains("unicorn&#60;b&#62;"), "{page}");
    let outline = page.split("<details class=\"outline\">").nth(1).expect("a list of contents").split("</details>").next().unwrap();
    let headings: Vec<&str> = outline.split("<li class=\"depth-1\">").skip(1).collect();
    assert!(headings.len() > 3, "{outline}");
    let link = headings[2].split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("#passage", "");
    assert_eq!(portal.get(&link).await.0, StatusCode::OK);
}

/// The trail under pseudonyms, through the pages: names come back only when two administrators agree.
#[tokio::test(flavor = "multi_thread")]
async fn a_pseudonym_is_opened_by_two_administrators_in_the_portal() {
    let footnote = with_demo();
    _ = footnote.run(&["audit", "privacy", "on"]).ok();
    let portal = Portal::start(footnote).await;
    let [reader, auditor, other] =
        [portal.join("Rhea", "reader", "").await, portal.join("Aud", "auditor", "").await, portal.join("Eve", "administrator", "").await];
    portal.ask_as(&reader, "May I park here?", &[]).await;
    let (_, page) = portal.get_as(&auditor, "/audit?action=question.asked").await;
    let pseudonym = page.split("<td>pseudonym ").nth(1).unwrap_or_else(|| panic!("{page}")).split('<').next().unwrap().to_owned();
    let rows = page.split("<tbody>").nth(1).unwrap();
    assert!(!rows.contains("Rhea"), "{rows}");
    let answer = rows.split("href=\"/audit/answers/").nth(1).unwrap().split('"').next().unwrap();
    let (_, record) = portal.get_as(&auditor, &format!("/audit/answers/{answer}")).await;
    assert!(record.contains(&pseudonym) && !record.contains("Rhea"), "{record}");
    let (_, exported) = portal.get_as(&auditor, "/audit/export.csv?action=question.asked").await;
    assert!(exported.contains(&pseudonym) && !exported.contains("Rhea"), "{exported}");

    let form = [("pseudonym", format!("pseudonym {pseudonym}")), ("reason", "Case 7".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(portal.send(&auditor, "/audit/disclosures", &form).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        portal.send(&portal.cookie, "/audit/disclosures", &[("pseudonym", "0000"), ("reason", "x")]).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(portal.send(&portal.cookie, "/audit/disclosures", &form).await.status(), StatusCode::SEE_OTHER);
    let (_, own) = portal.get("/audit/disclosures").await;
    assert!(own.contains("waits for a second administrator") && !own.contains("/approve"), "not by whoever asked: {own}");
    let (_, page) = portal.get_as(&other, "/audit/disclosures").await;
    let approve = page.split("action=\"/audit/disclosures/").nth(1).unwrap().split('"').next().unwrap();
    let approve = format!("/audit/disclosures/{approve}");
    assert_eq!(portal.send(&portal.cookie, &approve, &[]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(portal.send(&auditor, &approve, &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(portal.send(&other, &approve, &[]).await.status(), StatusCode::SEE_OTHER);
    let (_, page) = portal.get_as(&auditor, "/audit?action=question.asked").await;
    assert!(page.split("<tbody>").nth(1).unwrap().contains("Rhea"), "{page}");
    assert_eq!(portal.footnote.run(&["audit", "verify"]).code, 0);
}
