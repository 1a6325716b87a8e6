//! Killed at any moment, the next run completes: nothing lost, nothing twice, nothing half visible.

use std::{
    fmt::Write as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use footnote_tests::{Footnote, write};

/// Enough text for several groups and several seconds of embedding.
fn make(folder: &Path, documents: usize) {
    for number in 0..documents {
        let mut text = format!("# Policy {number}\n\n");
        for section in 0..6 {
            let _ = write!(text, "## Section {section} of policy {number}\n\n");
            for rule in 0..12 {
                let _ = write!(
                    text,
                    "Rule {rule} of section {section} says that request {} must be approved by desk {} within {} days. ",
                    number * 1000 + section * 100 + rule,
                    (number * 7 + rule) % 23,
                    (section * 5 + rule) % 19 + 1
                );
            }
            text.push_str("\n\n");
        }
        write(&folder.join(format!("policy-{number:03}.md")), text);
    }
}

#[test]
fn kill_9_at_ten_moments_leaves_what_the_next_run_completes() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 60);
    let path = folder.path().to_str().unwrap();
    let undisturbed = Footnote::new();
    let started = Instant::now();
    undisturbed.ingest(folder.path());
    let whole = started.elapsed();
    let expected = undisturbed.contents();
    assert_eq!(expected.len(), 60);

    let disturbed = Footnote::new();
    for attempt in 0..10u32 {
        let mut child = disturbed.start(&["ingest", path]);
        // Spread over the run, from the first moments to beyond its end.
        let moment = whole.mul_f64(f64::from(attempt * 37 % 100) / 90.0) + Duration::from_millis(30);
        let deadline = Instant::now() + moment;
        while Instant::now() < deadline && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(2));
        }
        let _ = child.kill();
        let _ = child.wait();
        // Whatever is visible in between is whole.
        for document in disturbed.contents() {
            assert!(expected.contains(&document), "{} is half visible", document.0);
        }
    }
    disturbed.ingest(folder.path());
    assert!(disturbed.contents() == expected, "the same passages as an undisturbed run");
    let report = disturbed.run(&["doctor", "--json"]).ok().json();
    assert_eq!((&report["missing"], &report["extra"]), (&0.into(), &0.into()), "the index equals the catalog");
    let hits = disturbed.run(&["search", "request 59511", "-k", "1000", "--json"]).ok().json();
    let mut passages: Vec<_> = hits["hits"].as_array().unwrap().iter().map(|h| h["passage"].to_string()).collect();
    let all = passages.len();
    passages.sort();
    passages.dedup();
    assert_eq!(passages.len(), all, "no passage twice");
}

/// Half an index would give wrong answers: it says so instead.
fn refuses(footnote: &Footnote, what: &str) {
    for command in ["search", "ask"] {
        let asked = footnote.run(&[command, "policy", "--json"]);
        assert_eq!(asked.code, 1, "{what}, {command}: {}", asked.stdout);
        assert!(asked.stderr.contains("lacks") && asked.stderr.contains("footnote doctor"), "{what}, {command}: {}", asked.stderr);
        assert!(asked.stdout.is_empty(), "{what}, {command}: {}", asked.stdout);
    }
}

#[test]
fn an_index_that_is_older_than_the_catalog_is_told_even_where_the_numbers_agree() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("leave.md"), "# Leave\n\nEmployees have 25 days of annual leave.\n");
    let footnote = Footnote::new();
    footnote.ingest(folder.path());
    let (index, kept) = (footnote.data.join("index"), footnote.data.join("kept"));
    copy_all(&index, &kept);
    write(&folder.path().join("leave.md"), "# Leave\n\nEmployees have 30 days of annual leave.\n");
    footnote.ingest(folder.path());
    // As a backup brings it back.
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::rename(&kept, &index).unwrap();
    refuses(&footnote, "an older index");
    let report = footnote.run(&["doctor", "--json"]).ok().json();
    assert_eq!((&report["missing"], &report["extra"]), (&1.into(), &1.into()), "{report}");
    let hits = footnote.run(&["search", "annual leave", "--json"]).ok().json();
    assert!(hits["hits"][0]["text"].as_str().unwrap().contains("30 days"), "{hits}");
}

#[test]
fn a_damaged_index_is_named_and_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 3);
    let footnote = Footnote::new();
    footnote.ingest(folder.path());
    let lexical = footnote.data.join("index/lexical");
    let cut = std::fs::read_dir(&lexical).unwrap().map(|e| e.unwrap().path()).find(|p| p.extension().is_some_and(|e| e == "idx")).unwrap();
    std::fs::File::options().write(true).open(&cut).unwrap().set_len(40).unwrap();
    let search = footnote.run(&["search", "policy", "--json"]);
    assert!(search.code == 1 && search.stderr.contains("footnote doctor"), "{}{}", search.stdout, search.stderr);
    let report = footnote.run(&["doctor", "--json"]).ok().json();
    assert_eq!(report["damaged"][0]["half"], "words", "{report}");
    assert!(report["missing"].as_i64().unwrap() > 0, "{report}");
    assert!(!footnote.run(&["search", "policy", "--json"]).ok().json()["hits"].as_array().unwrap().is_empty());
}

/// Without it the operations are counted from the beginning again, and what is written is taken for old.
#[test]
fn a_log_that_lost_a_file_is_named_and_what_is_written_then_counts_again() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 4);
    let first = Footnote::new();
    first.ingest(folder.path());
    let log = |footnote: &Footnote| footnote.data.join("index/dense/wal");
    let files: Vec<_> = std::fs::read_dir(log(&first)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let mut damaged = 0;
    for file in files {
        let footnote = Footnote::with_data(&first.data);
        std::fs::remove_file(log(&footnote).join(file)).unwrap();
        // It says so where it is noticed; the catalog forgets the document all the same.
        let _ = footnote.run(&["documents", "delete", "policy-001.md"]);
        let report = footnote.run(&["doctor", "--json"]).ok().json();
        damaged += usize::from(report["damaged"][0]["half"] == "meaning");
        let hits = footnote.run(&["search", "policy 1", "-k", "50", "--json"]).ok().json();
        assert!(!hits.to_string().contains("policy-001.md") && hits.to_string().contains("policy-002.md"), "{hits}");
        // From now on all is as it was.
        let _ = footnote.run(&["documents", "delete", "policy-002.md"]).ok();
        let report = footnote.run(&["doctor", "--json"]).ok().json();
        assert_eq!(
            (&report["damaged"], &report["missing"], &report["extra"]),
            (&Vec::<i32>::new().into(), &0.into(), &0.into()),
            "{report}"
        );
    }
    assert!(damaged > 0, "no file of the log was missed");
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_all(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).unwrap();
        }
    }
}

#[test]
fn a_deleted_index_is_built_again_from_the_catalog() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path(), 5);
    let footnote = Footnote::new();
    footnote.ingest(folder.path());
    std::fs::remove_dir_all(footnote.data.join("index")).unwrap();
    refuses(&footnote, "nothing of the index");
    let report = footnote.run(&["doctor", "--json"]).ok().json();
    assert!(report["missing"].as_i64().unwrap() > 0);
    let hits = footnote.run(&["search", "request 4511", "--json"]).ok().json();
    assert!(!hits["hits"].as_array().unwrap().is_empty());
    assert!(footnote.ingest(folder.path()).iter().all(|o| o["status"] == "unchanged"));
    let passages =
        |found: &serde_json::Value| found["hits"].as_array().unwrap().iter().map(|hit| hit["passage"].clone()).collect::<Vec<_>>();
    // One half alone, and the other's words are not doubled by it.
    for half in ["lexical", "dense"] {
        std::fs::remove_dir_all(footnote.data.join("index").join(half)).unwrap();
        refuses(&footnote, half);
        assert!(footnote.run(&["doctor", "--json"]).ok().json()["missing"].as_i64().unwrap() > 0, "{half}");
        let again = footnote.run(&["search", "request 4511", "--json"]).ok().json();
        assert_eq!(passages(&again), passages(&hits), "{half}");
        assert_eq!(footnote.run(&["doctor", "--json"]).ok().json()["missing"], 0, "{half}");
    }
}
