//! `footnote eval`: what an administrator runs before and after a change.

use std::{fs, path::Path};

use footnote_tests::{Footnote, write};
use serde_json::Value;

const QUESTIONS: &str = r#"{"id": "leave", "question": "How many days of paid vacation do staff receive?", "document": "leave.md", "must_contain": ["twenty-eight days"], "answers": ["Twenty-eight days every year."]}
{"id": "form", "question": "Which form does the payroll desk file?", "document": "code.md", "must_contain": ["QX-7731"]}
{"id": "pets", "question": "May I bring my parrot to the office?", "answerable": false}
"#;

fn suite(folder: &Path, more: &str) -> String {
    write(&folder.join("documents/leave.md"), "# Time off\n\nStaff receive twenty-eight days of paid vacation every year.\n");
    write(&folder.join("documents/code.md"), "# Codes\n\nForm QX-7731 is filed by the payroll desk.\n");
    write(&folder.join("questions.jsonl"), QUESTIONS);
    let suite = folder.join("suite.toml");
    write(&suite, format!("title = \"Small\"\nquestions = \"questions.jsonl\"\n{more}\n"));
    suite.to_str().unwrap().to_owned()
}

fn row<'r>(result: &'r Value, mode: &str, target: &str) -> &'r Value {
    let rows = result["retrieval"].as_array().unwrap();
    rows.iter().find(|row| row["mode"] == mode && row["target"] == target).unwrap()
}

#[test]
fn figures_are_measured_compared_and_gated() {
    let (footnote, folder) = (Footnote::new(), tempfile::tempdir().unwrap());
    let suite = suite(folder.path(), "documents = [\"documents\"]");
    let out = folder.path().join("before");
    let result = footnote.run(&["eval", &suite, "--json", "--out", out.to_str().unwrap()]).ok().json();
    for mode in ["hybrid", "lexical", "dense"] {
        assert_eq!(row(&result, mode, "document")["hit_at_1"], 1.0, "{mode}");
    }
    assert_eq!(row(&result, "hybrid", "words")["questions"], 2);
    assert_eq!(result["setup"]["documents"], 2);
    let answers = &result["answers"];
    assert_eq!((&answers["missed"], &answers["false_answers"]), (&0.0.into(), &0.0.into()), "{answers}");
    assert_eq!((&answers["contains"], &answers["cites_gold"]), (&1.0.into(), &1.0.into()), "{answers}");
    assert!(answers["total_ms"]["p50"].as_f64().unwrap() > 0.0);

    let files: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    let page = files.iter().find(|path| path.extension().unwrap() == "html").unwrap();
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<svg") && page.contains("2 questions with an answer") && !page.contains("<script"), "{page}");
    let baseline = files.iter().find(|path| path.extension().unwrap() == "json").unwrap().to_str().unwrap();

    let gated = footnote.run(&["eval", &suite, "--gate", baseline]).ok();
    assert!(gated.stdout.contains("0 questions came out worse"), "{}", gated.stdout);

    // A document is gone: its question is missed, and the gate says by which measures.
    fs::remove_file(folder.path().join("documents/leave.md")).unwrap();
    let failed = footnote.run(&["eval", &suite, "--no-answers", "--gate", baseline]);
    assert_eq!(failed.code, 1);
    assert!(failed.stderr.contains("worse than the baseline: Hit@1, right document: 100.0%, now 50.0%"), "{}", failed.stderr);
    assert!(failed.stdout.contains("right document: not found, was rank 1"), "{}", failed.stdout);
}

#[test]
fn the_live_index_and_a_corpus_are_asked_too_and_nothing_is_recorded() {
    let (footnote, folder) = (Footnote::new(), tempfile::tempdir().unwrap());
    let live = suite(folder.path(), "collection = \"hr\"");
    let documents = folder.path().join("documents");
    let _ = footnote.run(&["ingest", "--collection", "hr", documents.to_str().unwrap()]).ok();
    let result = footnote.run(&["eval", &live, "--json", "--no-answers"]).ok().json();
    assert_eq!(row(&result, "hybrid", "document")["hit_at_1"], 1.0);
    assert!(result["answers"].is_null());

    let corpus = r#"{"id": 1, "title": "Time off", "text": "Staff receive twenty-eight days of paid vacation every year."}
{"id": "b/2", "title": "Codes", "text": "Form QX-7731 is filed by the payroll desk."}
{"id": 3, "text": ""}
"#;
    write(&folder.path().join("corpus.jsonl"), corpus);
    let questions = r#"{"id": "a", "question": "How long is the vacation?", "gold_ids": [1], "must_contain": ["twenty-eight days", "yes"]}
{"id": "b", "question": "Who files QX-7731?", "gold_ids": ["b/2"], "gold_passages": [7, {"document": "1", "text": "No such text."}]}
{"id": "c", "question": "Which desk files form QX-7731?", "gold_ids": ["b/2"], "must_contain": ["payroll desk"]}
"#;
    write(&folder.path().join("passages.jsonl"), r#"{"id": 7, "document": "b/2", "text": "Form QX-7731 is filed by the payroll desk"}"#);
    write(&folder.path().join("questions.jsonl"), questions);
    let suite = folder.path().join("corpus.toml");
    write(&suite, "corpus = \"corpus.jsonl\"\npassages = \"passages.jsonl\"\nquestions = \"questions.jsonl\"\nanswers = false\n");
    let result = footnote.run(&["eval", suite.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!((&result["setup"]["documents"], &row(&result, "hybrid", "document")["hit_at_1"]), (&2.into(), &1.0.into()));
    let passage = row(&result, "hybrid", "passage");
    assert_eq!(
        (&passage["hit_at_1"], &passage["recall_at_10"], &passage["all_at_10"]),
        (&1.0.into(), &0.5.into(), &0.0.into()),
        "{passage}"
    );
    let each = row(&result, "hybrid", "each");
    assert_eq!((&each["recall_at_1"], &each["all_at_10"]), (&0.75.into(), &0.5.into()), "{each}");
    let found = |target| row(&result, "hybrid", target);
    assert_eq!((&found("words")["questions"], &found("words")["hit_at_1"]), (&2.into(), &0.5.into()));
    assert_eq!((&found("findable")["questions"], &found("findable")["hit_at_1"]), (&1.into(), &1.0.into()), "no page says \"yes\"");
}

#[test]
fn a_suite_that_is_wrong_says_what_to_do() {
    let (footnote, folder) = (Footnote::new(), tempfile::tempdir().unwrap());
    let suite = suite(folder.path(), "documents = [\"absent\"]");
    let failed = footnote.run(&["eval", &suite, "--no-answers"]);
    assert_eq!(failed.code, 1);
    assert!(failed.stderr.contains("absent: does not exist") && failed.stderr.contains("check its paths"), "{}", failed.stderr);
    write(&folder.path().join("questions.jsonl"), "{\"question\": 1}\n");
    let failed = footnote.run(&["eval", &suite]);
    assert!(failed.code == 1 && failed.stderr.contains("questions.jsonl line 1"), "{}", failed.stderr);
    let failed = footnote.run(&["eval", &suite, "--gate", &suite]);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
}
