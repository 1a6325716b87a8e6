//! Searching and asking among documents of a type, a language, a time.

use std::{
    fs::File,
    path::Path,
    time::{Duration, SystemTime},
};

use footnote_tests::{Footnote, packed, write};

const MODES: [&str; 3] = ["hybrid", "lexical", "dense"];

fn docx(text: &str, modified: &str) -> Vec<u8> {
    let main = format!("<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>");
    let core = format!("<c:coreProperties xmlns:c='c' xmlns:t='t'><t:modified>{modified}</t:modified></c:coreProperties>");
    packed(&[("word/document.xml", &main), ("docProps/core.xml", &core)])
}

/// Two types, two languages, days of the documents' own and of their files.
fn with_documents(folder: &Path) -> Footnote {
    let html = "<!doctype html><meta property=article:modified_time content=2019-05-01T12:00:00Z><title>Travel</title>\
        <p>Travel by train is booked in the portal, and the manager approves it before the ticket is bought.</p>";
    write(&folder.join("travel.html"), html);
    let german =
        "Reisen (travel) mit dem Zug werden im Portal gebucht, und die Führungskraft genehmigt sie, bevor die Fahrkarte gekauft wird.";
    write(&folder.join("reise.docx"), docx(german, "2024-03-12T08:00:00Z"));
    let english = "Travel by plane is booked by the travel desk, and only if a train would take more than six hours.";
    write(&folder.join("plane.docx"), docx(english, "2099-01-01T00:00:00Z"));
    // 1 July 2022.
    let summer = SystemTime::UNIX_EPOCH + Duration::from_secs(1_656_676_800);
    File::options().write(true).open(folder.join("plane.docx")).unwrap().set_modified(summer).unwrap();
    let footnote = Footnote::new();
    let outcomes = footnote.ingest(folder);
    assert!(outcomes.len() == 3 && outcomes.iter().all(|o| o["status"] == "indexed"), "{outcomes:?}");
    footnote
}

/// File names of what is found, sorted.
fn found(footnote: &Footnote, args: &[&str]) -> Vec<String> {
    let hits = footnote.run(&[&["search", "travel by train portal", "--json"], args].concat()).ok().json();
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let mut found: Vec<_> = hits["hits"].as_array().unwrap().iter().map(|hit| name(hit["path"].as_str().unwrap())).collect();
    found.sort();
    found
}

#[test]
fn only_what_passes_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let footnote = with_documents(folder.path());
    let (travel, reise, plane) = ("travel.html", "reise.docx", "plane.docx");
    let cases: [(&[&str], &[&str]); 12] = [
        (&[], &[plane, reise, travel]),
        (&["--type", "html"], &[travel]),
        (&["--type", "html,Word"], &[plane, reise, travel]),
        (&["--type", "pdf"], &[]),
        (&["--language", "de"], &[reise]),
        (&["--language", "English", "--type", "docx"], &[plane]),
        (&["--since", "2020-01-01"], &[plane, reise]),
        (&["--until", "2019-05-01"], &[travel]),
        (&["--until", "2019-04-30"], &[]),
        (&["--since", "2022-07-01", "--until", "2022-07-01"], &[plane]),
        (&["--since", "2024-03-12"], &[reise]),
        (&["--since", "2020-01-01", "--language", "de", "--collection", "default"], &[reise]),
    ];
    for (args, expected) in cases {
        for mode in MODES {
            assert_eq!(found(&footnote, &[args, &["--mode", mode]].concat()), expected, "{args:?} {mode}");
        }
    }
    let hit = footnote.run(&["search", "Reisen", "--language", "de", "--json"]).ok().json()["hits"][0].clone();
    assert_eq!((&hit["format"], &hit["language"], &hit["dated"]), (&"docx".into(), &"de".into(), &"2024-03-12".into()));
    let none = footnote.run(&["search", "travel", "--type", "pdf"]).ok().stdout;
    assert!(none.contains("Widen it"), "{none}");

    let listed = footnote.run(&["documents", "list"]).ok().stdout;
    assert!(listed.contains("docx") && listed.contains(", de, 2024-03-12)") && listed.contains(", en, 2022-07-01)"), "{listed}");
    let shown = footnote.run(&["documents", "show", "travel.html", "--json"]).ok().json();
    assert_eq!((&shown["language"], &shown["dated"]), (&"en".into(), &"2019-05-01".into()));
}

#[test]
fn an_answer_comes_from_what_passes() {
    let folder = tempfile::tempdir().unwrap();
    let footnote = with_documents(folder.path());
    for (args, expected) in [(&["--type", "html"][..], "travel.html"), (&["--since", "2020-01-01", "--until", "2023-12-31"], "plane.docx")]
    {
        let answer = footnote.run(&[&["ask", "How is travel booked?", "--json"], args].concat()).ok().json();
        let shown = [&answer["citations"], &answer["nearest"]].map(|list| list.as_array().cloned().unwrap_or_default()).concat();
        let paths: Vec<&str> = shown.iter().map(|citation| citation["path"].as_str().unwrap()).collect();
        assert!(!paths.is_empty() && paths.iter().all(|path| path.ends_with(expected)), "{args:?}: {answer}");
    }
    let answer = footnote.run(&["ask", "How is travel booked?", "--language", "fr", "--json"]).ok().json();
    assert_eq!((&answer["status"], answer["citations"].as_array().unwrap().len()), (&"abstained".into(), 0));
}

#[test]
fn what_is_no_filter_is_said_in_a_sentence() {
    let footnote = Footnote::new();
    for (args, said) in [
        (&["--type", "picture"][..], "there is no document type \"picture\": use one or several of pdf, docx,"),
        (&["--type", " ,"], "--type is empty: say what is to pass, or leave it out"),
        (&["--until", ""], "--until is empty: "),
        (&["--language", "xx"], "there is no language \"xx\""),
        (&["--since", "31.12.2024"], "\"31.12.2024\" is no date: write year, month and day, as in 2024-12-31"),
        (&["--until", "2024-02-30"], "\"2024-02-30\" is no date"),
        (&["--since", "2024-12-31", "--until", "2024-01-01"], "no day is both since 2024-12-31 and until 2024-01-01"),
    ] {
        for command in ["search", "ask"] {
            let run = footnote.run(&[&[command, "travel"], args].concat());
            assert_eq!(run.code, 2, "{command} {args:?}: {}", run.stderr);
            assert!(run.stderr.starts_with(&format!("footnote: {said}")) && run.stderr.trim_end().lines().count() == 1, "{}", run.stderr);
        }
    }
}
