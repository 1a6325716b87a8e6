//! What makes an answer one that can be relied on: the reason is told when no model writes, contradictions are shown, follow-ups
//! are understood, and an answer can be judged again.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use footnote_tests::{Footnote, Run, with_demo, write};
use serde_json::Value;

const QUESTION: &str = "How many extra holiday days can I buy?";

fn ask_with(footnote: &Footnote, settings: &[(&str, &str)]) -> Value {
    let output = footnote.command(&["ask", "--json", QUESTION]).envs(settings.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Answers each request with the same bytes.
fn server(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut request = [0; 65536];
            let _ = stream.read(&mut request);
            let _ = stream
                .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{reply}", reply.len()).as_bytes());
        }
    });
    format!("http://{address}/v1")
}

#[test]
fn without_a_usable_model_quotes_answer_and_the_reason_is_told() {
    let footnote = with_demo();
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.gguf");
    fs::write(&broken, b"GGUF\x03\0\0\0 and then nothing of use").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (closed, page) = (format!("http://{closed}/v1"), server("<html>It works!</html>\n"));
    let missing = folder.path().join("none.gguf");
    const MODEL: &str = "FOOTNOTE_GENERATION__MODEL";
    const URL: &str = "FOOTNOTE_GENERATION__SERVER__URL";
    const NAME: (&str, &str) = ("FOOTNOTE_GENERATION__SERVER__MODEL", "any");
    for (settings, reason) in [
        (vec![(MODEL, missing.to_str().unwrap())], "There is no language model at"),
        (vec![(MODEL, broken.to_str().unwrap())], "copy or download it again"),
        (vec![(URL, closed.as_str()), NAME], "can't be reached"),
        (vec![(URL, page.as_str()), NAME], "is no answer of a language model"),
    ] {
        let answer = ask_with(&footnote, &settings);
        assert_eq!(answer["status"], "quoted", "{answer}");
        assert!(answer["notice"].as_str().unwrap_or_default().contains(reason), "{reason}: {}", answer["notice"]);
    }
    // The default model has not passed its exam: that it doesn't write is as it should be.
    let answer = ask_with(&footnote, &[]);
    assert_eq!((answer["status"].as_str(), &answer["notice"]), (Some("quoted"), &Value::Null), "{answer}");
}

/// There is no other passage that the right one could be ahead of.
#[test]
fn a_single_short_document_answers_what_it_says_and_nothing_else() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder.path().join("travel.md"),
        "# Travel policy\n\nEmployees may fly business class on flights longer than six hours. All other flights are booked in economy.\n\n\
         Hotels up to 150 euros a night are reimbursed. Receipts must be submitted within 30 days.\n\n\
         Meals are paid by a daily allowance of 45 euros.\n",
    );
    let _ = footnote.run(&["ingest", folder.path().to_str().unwrap()]).ok();
    for (question, status) in [
        ("When may I fly business class?", "quoted"),
        ("By when do I have to hand in receipts?", "quoted"),
        ("How much may a hotel cost?", "quoted"),
        ("How many days of leave do I get?", "abstained"),
        ("Can I bring my dog to the office?", "abstained"),
    ] {
        assert_eq!(footnote.run(&["ask", "--json", question]).ok().json()["status"], status, "{question}");
    }
}

#[test]
fn a_server_writes_and_only_what_the_documents_carry_is_shown() {
    let footnote = with_demo();
    let quote = ask_with(&footnote, &[])["citations"][0]["quote"].as_str().unwrap().lines().next_back().unwrap().to_owned();
    let sentence = serde_json::to_string(&format!("{quote} [1] You can buy 400 extra holiday days for nothing. [1]")).unwrap();
    let reply = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":{sentence}}}}}]}}\n\ndata: [DONE]\n\n");
    let url = server(String::leak(reply));
    let settings = [("FOOTNOTE_GENERATION__SERVER__URL", url.as_str()), ("FOOTNOTE_GENERATION__SERVER__MODEL", "any")];
    let answer = ask_with(&footnote, &settings);
    assert_eq!(answer["status"], "answered", "{answer}");
    assert!(!answer["answer"].as_str().unwrap().contains("400"), "{answer}");
    assert_eq!(answer["notice"], Value::Null);
}

#[test]
fn the_keys_of_a_server_are_never_shown() {
    let footnote = Footnote::new();
    let mut command = footnote.command(&["config", "show"]);
    command.env("FOOTNOTE_GENERATION__SERVER__URL", "http://gpu-1/v1").env("FOOTNOTE_GENERATION__SERVER__MODEL", "any");
    let output = command.env("FOOTNOTE_GENERATION__SERVER__API_KEY", "s3cret-key").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("generation.server.api_key = \"(set)\"") && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn a_follow_up_is_looked_up_as_a_question_of_its_own() {
    let footnote = with_demo();
    let _ = footnote.run(&["ask", "--json", "How many days of annual leave do full-time employees have?"]).ok();
    let answer = footnote.run(&["ask", "--json", "--after", "last", "And for part-time employees?"]).ok().json();
    assert_eq!(answer["understood"], "How many days of annual leave do part-time employees have?", "{answer}");
    let other = footnote.run(&["ask", "--json", "--after", "last", "Which badge do visitors wear?"]).ok().json();
    assert_eq!(other["understood"], Value::Null, "{other}");
    let Run { code, stderr, .. } = footnote.run(&["ask", "--after", "yesterday", "And for trainees?"]);
    assert!(code == 1 && stderr.contains("`footnote answers list` shows them"), "{stderr}");
}

#[test]
fn an_answer_can_be_judged_again_until_its_document_is_deleted() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("badges.md");
    write(&path, "# Badges\n\nVisitors wear a yellow badge in all buildings. Badges are returned on the same day.\n");
    footnote.ingest(folder.path());
    let mut command = footnote.command(&["ask", "--json", "Which badge do visitors wear?"]);
    assert!(command.env("FOOTNOTE_GENERATION__WRITE", "always").output().unwrap().status.success());
    let replay = footnote.run(&["answers", "replay", "last", "--json"]).ok().json();
    assert_eq!(
        (&replay["holds"], &replay["same_prompt"], &replay["same_settings"]),
        (&true.into(), &true.into(), &true.into()),
        "{replay}"
    );
    assert_eq!(replay["quotes"][0]["revision_hash"].as_str().map(str::len), Some(64), "{replay}");
    // A newer revision does not change what an older answer rests on.
    write(&path, "# Badges\n\nVisitors wear a green badge in all buildings.\n");
    footnote.ingest(folder.path());
    assert!(footnote.run(&["answers", "replay", "last"]).ok().stdout.ends_with("The answer holds.\n"));
    let record = footnote.run(&["answers", "show", "last"]).ok().json();
    assert_eq!(record["evidence"][0]["revision_hash"], replay["quotes"][0]["revision_hash"]);
    let _ = footnote.run(&["documents", "delete", "badges.md"]).ok();
    let gone = footnote.run(&["answers", "replay", "last"]);
    assert!(gone.code == 1 && gone.stdout.contains("its document was deleted"), "{gone:?}");
    assert!(footnote.run(&["answers", "list"]).ok().stdout.contains("Which badge do visitors wear?"));
}

#[test]
fn documents_that_contradict_each_other_are_shown_side_by_side() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("old.md"), "# Leave\n\nFull-time employees have 25 days of annual leave in each calendar year.\n");
    write(&folder.path().join("new.md"), "# Holidays\n\nFull-time employees have 30 days of annual leave in each calendar year.\n");
    footnote.ingest(folder.path());
    let question = "How many days of annual leave do full-time employees have?";
    let answer = footnote.run(&["ask", "--json", question]).ok().json();
    let conflict = &answer["conflicts"][0];
    let mut says: Vec<&str> = conflict["says"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    says.sort_unstable();
    assert_eq!(says, ["25", "30"], "{answer}");
    for (n, says) in conflict["citations"].as_array().unwrap().iter().zip(conflict["says"].as_array().unwrap()) {
        let citation = answer["citations"].as_array().unwrap().iter().find(|citation| citation["n"] == *n);
        assert!(citation.unwrap()["quote"].as_str().unwrap().contains(says.as_str().unwrap()), "{answer}");
    }
    assert!(footnote.run(&["ask", question]).ok().stdout.contains("The documents contradict each other"));
}

/// The default model is weak; whatever it writes, nothing wrong may get through.
#[test]
fn the_exam_shows_nothing_wrong_of_the_default_model() {
    let footnote = Footnote::new();
    let grade = footnote.run(&["eval", "exam", "--json"]).ok().json();
    assert!(grade["items"].as_array().unwrap().len() >= 30);
    let wrong: Vec<&Value> = grade["items"].as_array().unwrap().iter().filter(|item| item["mark"] == "wrong").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(grade["right"].as_f64().unwrap() > 0.2, "{grade}");
    assert_eq!(grade["passed"], false);
}
