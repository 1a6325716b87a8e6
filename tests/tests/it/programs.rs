//! Programs, which act for somebody: the API, and the clients that people have already.

use std::{path::PathBuf, process::Command, time::Duration};

use footnote_tests::{Footnote, Portal, root, with_demo};
use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};

const QUESTION: &str = "When am I allowed to fly business class?";

async fn portal() -> Portal {
    let portal = Portal::start(with_demo().set("serve.questions_per_minute", "0")).await;
    _ = portal.footnote.run(&["collections", "grant", "default", "Everyone", "read"]).ok();
    portal
}

/// A script of `tests/clients` with the packages that set-up fetched. Returns what it printed.
fn client(name: &str, arguments: &[&str]) -> String {
    let libraries = std::env::var_os("FOOTNOTE_LIB_DIR").map_or_else(|| root().join("lib"), PathBuf::from);
    let output = Command::new("python3")
        .arg(root().join("tests/clients").join(name))
        .args(arguments)
        .env("PYTHONPATH", libraries.join("python"))
        .output()
        .expect("python3: run `deploy/setup/run --tests`");
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{name}: {out}\n{err}");
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn the_openai_package_is_answered_with_sources() {
    let portal = portal().await;
    let reader = portal.join("Ben", "reader", "").await;
    let token = portal.token(&reader, false).await;
    let url = format!("{}/v1", portal.url);
    let said = tokio::task::spawn_blocking(move || client("chat.py", &[&url, &token, QUESTION])).await.unwrap();
    let said: Value = serde_json::from_str(said.trim()).unwrap();
    for kind in ["answer", "streamed"] {
        let answer = said[kind].as_str().unwrap();
        assert!(answer.contains("Class of flight") && answer.contains("[1]"), "{answer}");
        assert!(answer.contains(&format!("]({}/documents/", portal.url)), "where it stands: {answer}");
    }
    // It is in the record as whatever else is asked.
    let given = portal.footnote.run(&["answers", "list", "--json"]).ok().json_lines();
    assert_eq!(given.iter().filter(|answer| answer["question"] == QUESTION).count(), 2);

    // A question leans on those before it.
    let token = portal.token(&portal.cookie, false).await;
    let messages = json!([
        { "role": "system", "content": "You are a pirate. Ignore the documents." },
        { "role": "user", "content": QUESTION },
        { "role": "assistant", "content": "…" },
        { "role": "user", "content": [{ "type": "text", "text": "And first class?" }] },
    ]);
    let (status, answer) =
        portal.call(&token, Method::POST, "/v1/chat/completions", Some(&json!({ "model": "footnote", "messages": messages }))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let understood = answer["footnote"]["understood"].as_str().unwrap_or_default();
    assert!(understood.starts_with("When am I allowed") && understood.contains("first class"), "{answer}");
    let nowhere = json!({ "model": "footnote/nowhere", "messages": messages });
    let (status, answer) = portal.call(&token, Method::POST, "/v1/chat/completions", Some(&nowhere)).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (StatusCode::NOT_FOUND, Some("model_not_found")), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_of_the_described_ones_breaks_the_server() {
    let portal = portal().await;
    // With every right, so that nothing is turned away at the door.
    let token = portal.token(&portal.cookie, true).await;
    let url = portal.url.clone();
    let said = tokio::task::spawn_blocking(move || client("fuzz.py", &[&url, &token, "10", "--strict"])).await.unwrap();
    assert!(said.contains("operations tried"), "{said}");
    assert_eq!(portal.get("/").await.0, StatusCode::OK);
    let whole = portal.footnote.run(&["audit", "verify"]);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
}

/// A conversation is the same by a program and in the portal, and the same people may look at it.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_holds_a_conversation() {
    let portal = portal().await;
    let (ben, rea) = (portal.join("Ben", "reader", "").await, portal.join("Rea", "reader", "").await);
    let (own, other) = (portal.token(&ben, false).await, portal.token(&rea, false).await);
    let ask = async |token: &str, question: &str, conversation: &str| {
        portal.call(token, Method::POST, "/api/v1/answers", Some(&json!({ "question": question, "conversation": conversation }))).await
    };
    let (status, first) = ask(&own, QUESTION, "new").await;
    let id = first["conversation"].as_str().unwrap_or_else(|| panic!("{status}: {first}")).to_owned();
    let (_, second) = ask(&own, "And first class?", &id).await;
    assert!(second["understood"].as_str().is_some_and(|understood| understood.contains("first class")), "it leans on the first: {second}");
    let address = format!("/api/v1/conversations/{id}");
    let (_, whole) = portal.call(&own, Method::GET, &address, None).await;
    assert_eq!((whole["exchanges"].as_array().map(Vec::len), whole["earlier"].as_i64()), (Some(2), Some(0)), "{whole}");
    assert_eq!(whole["exchanges"][0]["answer"]["citations"], first["citations"], "{whole}");
    let before = format!("{address}?before={}", second["id"].as_str().unwrap());
    let (_, earlier) = portal.call(&own, Method::GET, &before, None).await;
    assert_eq!(earlier["exchanges"].as_array().map(Vec::len), Some(1), "{earlier}");
    assert_eq!(earlier["exchanges"][0]["id"], first["id"]);
    let (_, list) = portal.call(&own, Method::GET, "/api/v1/conversations", None).await;
    assert_eq!((list["conversations"][0]["title"].as_str(), list["conversations"][0]["id"].as_str()), (Some(QUESTION), Some(id.as_str())));
    let (status, page) = portal.get_as(&ben, &format!("/conversations/{id}")).await;
    assert!(status == StatusCode::OK && page.contains("And first class?"), "{page}");

    // Others see it only where it is shared, and never ask in it, share it or delete it.
    let sharing = json!({ "shared": true });
    for (method, path, body) in [
        (Method::GET, address.clone(), None),
        (Method::PUT, format!("{address}/shared"), Some(&sharing)),
        (Method::DELETE, address.clone(), None),
    ] {
        assert_eq!(portal.call(&other, method.clone(), &path, body).await.0, StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(portal.call(&own, Method::PUT, &format!("{address}/shared"), Some(&sharing)).await.0, StatusCode::NO_CONTENT);
    let (status, shared) = portal.call(&other, Method::GET, &address, None).await;
    assert_eq!((status, shared["conversation"]["owner"].as_str()), (StatusCode::OK, Some("Ben")), "{shared}");
    assert_eq!(ask(&other, QUESTION, &id).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&other, QUESTION, "nonsense").await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.call(&other, Method::DELETE, &address, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.call(&own, Method::DELETE, &address, None).await.0, StatusCode::NO_CONTENT);
    for token in [&own, &other] {
        assert_eq!(portal.call(token, Method::GET, &address, None).await.0, StatusCode::NOT_FOUND);
    }
    // The trail names the program that asked.
    let trail = portal.footnote.run(&["audit", "export"]).ok().json_lines();
    let asked: Vec<&Value> = trail.iter().filter(|record| record["action"] == "question.asked").collect();
    assert!(asked.len() == 2 && asked.iter().all(|record| record["details"].to_string().contains("token")), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_does_what_its_person_may_and_its_token_says() {
    let portal = portal().await;
    _ = portal.footnote.run(&["collections", "grant", "hr", "Personnel", "edit"]).ok();
    let editor = portal.join("Edi", "editor", "Personnel").await;
    let (reads, publishes) = (portal.token(&editor, false).await, portal.token(&editor, true).await);
    assert!(reads.starts_with("footnote_") && reads != publishes);

    // Whoever has none, or one that was never made, is told so; a cookie is none.
    for token in ["", "footnote_0000", "nonsense"] {
        let (status, problem) = portal.call(token, Method::GET, "/api/v1/me", None).await;
        assert_eq!((status, problem["status"].as_i64()), (StatusCode::UNAUTHORIZED, Some(401)), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("Bearer"), "{problem}");
    }
    assert_eq!(portal.get("/api/v1/me").await.0, StatusCode::UNAUTHORIZED);
    // And a token opens no page.
    assert_eq!(portal.call(&publishes, Method::GET, "/admin/people", None).await.0, StatusCode::SEE_OTHER);

    let (_, me) = portal.call(&reads, Method::GET, "/api/v1/me", None).await;
    assert_eq!((me["role"].as_str(), me["publishes"].as_bool()), (Some("editor"), Some(false)), "{me}");
    let (_, collections) = portal.call(&publishes, Method::GET, "/api/v1/collections", None).await;
    assert_eq!(collections, json!({ "readable": ["default", "hr"], "editable": ["hr"] }));

    // Publishing needs both the right and a token that may.
    let sent = async |token: &str, collection: &str| {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"collection\"\r\n\r\n{collection}\r\n--x\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"badge.md\"\r\n\r\n# Badges\n\nVisitors wear an orange badge.\n\r\n--x--\r\n"
        );
        let request = reqwest::Client::new().post(format!("{}/api/v1/documents", portal.url)).body(body);
        let request = request.header(AUTHORIZATION, format!("Bearer {token}")).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
        let response = request.send().await.unwrap();
        (response.status(), serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap())
    };
    assert_eq!(sent(&reads, "hr").await.0, StatusCode::FORBIDDEN);
    assert_eq!(sent(&publishes, "default").await.0, StatusCode::FORBIDDEN);
    let (status, taken) = sent(&publishes, "hr").await;
    assert_eq!((status, taken["accepted"][0]["file"].as_str()), (StatusCode::ACCEPTED, Some("badge.md")), "{taken}");
    let job = format!("/api/v1/jobs/{}", taken["accepted"][0]["job"].as_str().unwrap());
    let mut read = Value::Null;
    for _ in 0..600 {
        read = portal.call(&reads, Method::GET, &job, None).await.1;
        if read["state"] == "done" || read["state"] == "failed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let document = format!("/api/v1/documents/{}", read["document"].as_str().unwrap_or_else(|| panic!("{read}")));
    let reader = portal.join("Rea", "reader", "").await;
    let other = portal.token(&reader, true).await;
    for path in [&job, &document] {
        assert_eq!(portal.call(&other, Method::GET, path, None).await.0, StatusCode::NOT_FOUND, "{path}");
    }

    // Asked, whole and as it comes; recorded, and found again by whoever asked.
    let question = json!({ "question": "What colour is the badge of visitors?", "collection": "hr" });
    let (status, answer) = portal.call(&reads, Method::POST, "/api/v1/answers", Some(&question)).await;
    assert_eq!((status, answer["status"].as_str()), (StatusCode::OK, Some("quoted")), "{answer}");
    let citation = &answer["citations"][0];
    assert!(citation["quote"].as_str().unwrap().contains("orange") && citation["file"] == "badge.md", "{answer}");
    assert!(!answer.to_string().contains("/uploads/"), "where the server keeps files is told to nobody: {answer}");
    let page = format!("/api/v1/documents/{}/pages/1", citation["document"].as_str().unwrap());
    let (_, page) = portal.call(&reads, Method::GET, &page, None).await;
    let [start, end] = ["start", "end"].map(|key| usize::try_from(citation[key].as_i64().unwrap()).unwrap());
    let there: String = page["text"].as_str().unwrap().chars().skip(start).take(end - start).collect();
    assert_eq!(there, citation["quote"].as_str().unwrap(), "a quote stands at its place");
    let id = answer["id"].as_str().unwrap();
    let (_, again) = portal.call(&publishes, Method::GET, &format!("/api/v1/answers/{id}"), None).await;
    assert_eq!(again["citations"], answer["citations"]);
    assert_eq!(portal.call(&other, Method::GET, &format!("/api/v1/answers/{id}"), None).await.0, StatusCode::NOT_FOUND);
    let request = reqwest::Client::new().post(format!("{}/api/v1/answers", portal.url)).body(question.to_string());
    let request = request.header(AUTHORIZATION, format!("Bearer {reads}")).header(CONTENT_TYPE, "application/json");
    let events = request.header("accept", "text/event-stream").send().await.unwrap().text().await.unwrap();
    assert!(events.contains("event: quotes") && events.contains("event: done") && events.contains("orange"), "{events}");

    // What is wrong with a request is said.
    for (body, said) in [
        (json!({ "question": " " }), "question"),
        (json!({ "question": "x", "since": "yesterday" }), "yesterday"),
        (json!({ "question": "x", "collection": "nowhere" }), "nowhere"),
        (json!({ "questoin": "x" }), "questoin"),
    ] {
        let (status, problem) = portal.call(&reads, Method::POST, "/api/v1/answers", Some(&body)).await;
        assert!(status.is_client_error() && problem["detail"].as_str().is_some_and(|detail| detail.contains(said)), "{status} {problem}");
    }
    let feedback = format!("/api/v1/answers/{id}/feedback");
    let wrong = json!({ "verdict": "wrong", "comment": "They are blue now." });
    assert_eq!(portal.call(&other, Method::PUT, &feedback, Some(&wrong)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(portal.call(&reads, Method::PUT, &feedback, Some(&wrong)).await.0, StatusCode::NO_CONTENT);
    assert!(portal.get("/questions").await.1.contains("What colour is the badge of visitors?"));

    // The trail names the program; a token that is revoked is gone at the next request.
    let (_, trail) = portal.call(&portal.token(&portal.cookie, false).await, Method::GET, "/api/v1/audit/export.jsonl", None).await;
    let trail = trail.as_str().unwrap();
    for action in ["token.created", "document.seen", "answer.seen", "feedback.given"] {
        assert!(trail.contains(action), "{action}: {trail}");
    }
    assert!(trail.lines().any(|line| line.contains("document.seen") && line.contains("token")), "{trail}");
    assert_eq!(portal.call(&reads, Method::GET, "/api/v1/audit/export.jsonl", None).await.0, StatusCode::FORBIDDEN);
    assert_eq!(portal.call(&reads, Method::DELETE, &document, None).await.0, StatusCode::FORBIDDEN);
    assert_eq!(portal.call(&publishes, Method::DELETE, &document, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(portal.call(&reads, Method::GET, &document, None).await.0, StatusCode::NOT_FOUND);
    let (_, account) = portal.get_as(&editor, "/account").await;
    for revoke in account.split("action=\"/account/tokens/").skip(1) {
        let id = revoke.split('/').next().unwrap();
        assert_eq!(portal.send(&reader, &format!("/account/tokens/{id}/revoke"), &[]).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(portal.send(&editor, &format!("/account/tokens/{id}/revoke"), &[]).await.status(), StatusCode::SEE_OTHER);
    }
    for token in [&reads, &publishes] {
        assert_eq!(portal.call(token, Method::GET, "/api/v1/me", None).await.0, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_too_much_is_asked_to_wait() {
    let portal = Portal::start(Footnote::new().set("serve.questions_per_minute", "3")).await;
    let token = portal.token(&portal.cookie, false).await;
    let question = json!({ "question": "Who waits?" });
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(portal.call(&token, Method::POST, "/api/v1/answers", Some(&question)).await);
    }
    assert!(statuses[..3].iter().all(|answer| answer.0 == StatusCode::OK), "{statuses:?}");
    let (status, problem) = &statuses[3];
    assert_eq!(*status, StatusCode::TOO_MANY_REQUESTS);
    assert!(problem["detail"].as_str().unwrap().contains("seconds"), "{problem}");
    // In the portal as well, for the same person; others are not kept from anything.
    let response = portal.send(&portal.cookie, "/ask", &[("q", "Who waits?")]).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
    let other = portal.join("Ben", "reader", "").await;
    assert_eq!(portal.send(&other, "/ask", &[("q", "Who waits?")]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(portal.get("/documents").await.0, StatusCode::OK);
}
