//! The portal over HTTP, as a browser without scripts and as a program sees it.

use footnote_tests::{Footnote, Portal, with_demo, write};
use reqwest::{StatusCode, header::HOST};

async fn get(portal: &Portal, path: &str) -> (StatusCode, String) {
    let response = reqwest::get(format!("{}{path}", portal.url)).await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// What stands between two marks, with character references resolved.
fn between<'a>(page: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(page.split_once(before)?.1.split_once(after)?.0)
}

#[tokio::test]
async fn an_answer_is_a_whole_page_whose_footnotes_open_their_passage() {
    let portal = Portal::start(with_demo());
    let (status, page) = get(&portal, "/ask?q=How+many+extra+holiday+days+can+I+buy%3F").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.ends_with("</html>\n") || page.ends_with("</html>"), "the page is complete");
    let quote = between(&page, "<blockquote><p>", "</p>").expect("a quote");
    let source = between(&page, "class=\"source\" href=\"", "\"").expect("a source").replace("&amp;", "&").replace("&#38;", "&");

    let (status, document) = get(&portal, source.split('#').next().unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{source}");
    let marked = between(&document, "<mark id=\"passage\" tabindex=\"-1\">", "</mark>").expect("a marked passage");
    // Of a table's row the first cell is marked first.
    let cited = marked.starts_with(quote) || quote.starts_with(&format!("{marked} | "));
    assert!(cited, "{marked:?} is marked, {quote:?} is cited");
}

#[tokio::test]
async fn events_come_in_order_and_end() {
    let portal = Portal::start(with_demo());
    let response = reqwest::get(format!("{}/ask/events?q=When+am+I+allowed+to+fly+business+class%3F", portal.url)).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let body = response.text().await.unwrap();
    let events: Vec<&str> = body.lines().filter_map(|l| l.strip_prefix("event: ")).collect();
    assert_eq!(events.first(), Some(&"quotes"), "{body}");
    assert_eq!(events.last(), Some(&"done"), "{body}");
    assert!(events[1..events.len() - 1].iter().all(|e| *e == "sentence"), "{events:?}");
}

#[tokio::test]
async fn what_is_not_there_gets_a_page_that_says_so() {
    let portal = Portal::start(with_demo());
    for path in ["/nowhere", "/documents/nonsense", "/documents/00000000-0000-7000-8000-000000000000", "/assets/nothing.js"] {
        let (status, page) = get(&portal, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("<h1>Not found</h1>"), "{path}: {page}");
    }
    let (status, page) = get(&portal, "/documents?collection=nonsense").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("nonsense"), "the name that was not found is said: {page}");
    let document = between(&get(&portal, "/documents").await.1, "<a href=\"/documents/", "\"").expect("a document").to_owned();
    let (status, page) = get(&portal, &format!("/documents/{document}?page=9999")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("no page 9999"), "{page}");
    let (status, _) = get(&portal, "/documents?list=x").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_this_machine_and_its_own_scripts() {
    let portal = Portal::start(with_demo());
    let response = reqwest::get(&portal.url).await.unwrap();
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

/// What a document says is text, whatever it looks like.
#[tokio::test]
async fn markup_in_documents_and_questions_stays_text() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let text = "# Parking <b>rules</b>\n\nVisitors park in bay <script>alert(1)</script> seven & pay nothing.\n";
    write(&folder.path().join("parking.txt"), text);
    let outcomes = footnote.ingest(folder.path());
    assert_eq!(outcomes[0]["status"], "indexed", "{outcomes:?}");
    let portal = Portal::start(footnote);
    let (_, page) = get(&portal, "/ask?q=Where+do+visitors+park%3F+%3Cimg+src%3Dx%3E").await;
    assert!(page.contains("bay &#60;script&#62;alert(1)") || page.contains("bay &lt;script&gt;alert(1)"), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
}
