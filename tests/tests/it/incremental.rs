use std::fs;

use footnote_tests::{Footnote, write};
use serde_json::Value;

fn statuses(outcomes: &[Value]) -> Vec<(&str, &str)> {
    let mut statuses: Vec<_> = outcomes
        .iter()
        .map(|o| {
            let path = o["path"].as_str().unwrap();
            (path.rsplit('/').next().unwrap(), o["status"].as_str().unwrap())
        })
        .collect();
    statuses.sort_unstable();
    statuses
}

#[test]
fn only_what_changed_is_read_again_and_what_is_gone_is_forgotten() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write(&path("leave.md"), "# Leave\n\nEverybody has 28 days of leave.\n");
    write(&path("travel.md"), "# Travel\n\nTrains are preferred to planes.\n");
    write(&path("pets.md"), "# Pets\n\nDogs may come on Fridays.\n");
    let first = footnote.ingest(folder.path());
    assert_eq!(statuses(&first), [("leave.md", "indexed"), ("pets.md", "indexed"), ("travel.md", "indexed")]);
    for outcome in &first {
        assert!(outcome["document"].is_string() && outcome["revision"].is_string() && outcome["error"].is_null());
        assert!(outcome["pages"] == 1 && outcome["passages"] == 1, "{outcome}");
    }
    assert_eq!(
        statuses(&footnote.ingest(folder.path())),
        [("leave.md", "unchanged"), ("pets.md", "unchanged"), ("travel.md", "unchanged")]
    );

    write(&path("leave.md"), "# Leave\n\nEverybody has 30 days of leave.\n");
    fs::remove_file(path("pets.md")).unwrap();
    let third = footnote.ingest(folder.path());
    assert_eq!(statuses(&third), [("leave.md", "indexed"), ("pets.md", "deleted"), ("travel.md", "unchanged")]);
    let leave = |outcomes: &[Value]| outcomes.iter().find(|o| o["path"].as_str().unwrap().ends_with("leave.md")).cloned().unwrap();
    assert_eq!(leave(&first)["document"], leave(&third)["document"], "the same document");
    assert_ne!(leave(&first)["revision"], leave(&third)["revision"], "in another revision");

    let texts = |query: &str| footnote.run(&["search", query, "--json"]).ok().json()["hits"].to_string();
    assert!(texts("days of leave").contains("30 days") && !texts("days of leave").contains("28 days"));
    assert!(!texts("dogs").contains("Fridays"), "a deleted document is not found");
}

#[test]
fn a_folder_that_is_suddenly_empty_deletes_nothing() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("a.md"), "# Rule\n\nKeep the door closed.\n");
    footnote.ingest(folder.path());
    fs::remove_file(folder.path().join("a.md")).unwrap();
    let run = footnote.run(&["ingest", folder.path().to_str().unwrap()]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("is it mounted"), "{}", run.stderr);
    assert_eq!(footnote.run(&["documents", "list", "--json"]).ok().json_lines().len(), 1);
}

#[test]
fn documents_can_be_listed_shown_read_and_deleted() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("gifts.md"), "# Gifts\n\nGifts above 50 euros are declared.\n");
    footnote.ingest(folder.path());
    let listed = footnote.run(&["documents", "list"]).ok().stdout;
    assert!(listed.contains("Gifts") && listed.contains("gifts.md"), "{listed}");
    let shown = footnote.run(&["documents", "show", "gifts.md", "--json"]).ok().json();
    assert_eq!(shown["title"], "Gifts");
    let text = footnote.run(&["documents", "text", "Gifts"]).ok().stdout;
    assert!(text.contains("Gifts above 50 euros are declared."), "{text}");
    let missing = footnote.run(&["documents", "text", "absent.md"]);
    assert!(missing.code == 1 && missing.stderr.contains("documents list"), "{}", missing.stderr);
    let _ = footnote.run(&["documents", "delete", "gifts.md"]).ok();
    assert!(footnote.run(&["documents", "list", "--json"]).ok().json_lines().is_empty());
    assert_eq!(footnote.run(&["search", "gifts", "--json"]).ok().json()["hits"].as_array().unwrap().len(), 0);
    assert_eq!(footnote.run(&["doctor", "--json"]).ok().json()["extra"], 0);
}

/// Files below the folder of originals.
fn originals(footnote: &Footnote) -> usize {
    let folders = fs::read_dir(footnote.data.join("originals")).unwrap();
    folders.map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
}

#[test]
fn the_bytes_of_a_deleted_document_are_deleted_too() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Copies of one file are read at the same time and kept once.
    for name in ["a.md", "b.md", "c.md", "d.md"] {
        write(&path(name), "# Keys\n\nKeys are returned on the last day.\n");
    }
    write(&path("e.md"), "# Desks\n\nDesks are cleared every evening.\n");
    write(&path("empty.md"), "\n");
    let outcomes = footnote.ingest(folder.path());
    let statuses = statuses(&outcomes);
    assert_eq!(statuses.iter().filter(|(_, status)| *status == "indexed").count(), 5, "{statuses:?}");
    assert_eq!(originals(&footnote), 2, "one for each content; none for a file without text");
    let _ = footnote.run(&["documents", "delete", "e.md"]).ok();
    assert_eq!(originals(&footnote), 1);
    for file in ["catalog.sqlite", "catalog.sqlite-wal"] {
        let bytes = fs::read(footnote.data.join(file)).unwrap_or_default();
        assert!(!bytes.windows(13).any(|w| w == b"Desks are cle"), "{file} still holds the text");
    }
    for name in ["a.md", "e.md"] {
        fs::remove_file(path(name)).unwrap();
    }
    footnote.ingest(folder.path());
    assert_eq!(originals(&footnote), 1, "three copies are left");
}

#[test]
fn vectors_of_two_models_are_never_compared() {
    let footnote = Footnote::new();
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&one.path().join("keys.md"), "# Keys\n\nKeys are returned on the last day.\n");
    write(&two.path().join("desks.md"), "# Desks\n\nDesks are cleared every evening.\n");
    footnote.ingest(one.path());
    footnote.ingest(two.path());
    let with_other_model = |args: &[&str]| {
        let output = footnote.command(args).env("FOOTNOTE_EMBEDDING__MODEL_FILE", "model.onnx").output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let refused = |(ok, said): (bool, String), documents: &str| {
        assert!(!ok && said.contains("embedded with another model"), "{said}");
        assert!(said.contains(documents), "{said}");
    };
    refused(with_other_model(&["search", "keys"]), "2 of the documents");
    refused(with_other_model(&["doctor"]), "2 of the documents");
    let (ok, said) = with_other_model(&["ingest", one.path().to_str().unwrap()]);
    assert!(ok && said.contains("1 of the documents were embedded with another model"), "{said}");
    refused(with_other_model(&["search", "keys"]), "1 of the documents");
    let (ok, said) = with_other_model(&["ingest", two.path().to_str().unwrap()]);
    assert!(ok, "{said}");
    let (ok, said) = with_other_model(&["search", "keys"]);
    assert!(ok && said.contains("last day"), "{said}");
}

#[test]
fn a_data_directory_may_have_any_name() {
    let mut footnote = Footnote::new();
    footnote.data = footnote.data.join("100% sure? #1 & ü");
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("keys.md"), "# Keys\n\nKeys are returned on the last day.\n");
    footnote.ingest(folder.path());
    assert!(footnote.data.join("catalog.sqlite").is_file());
    assert_eq!(footnote.run(&["documents", "list", "--json"]).ok().json_lines().len(), 1);
}

/// Outcomes as "status name", without the folder.
fn told(outcomes: &[serde_json::Value], folder: &std::path::Path) -> Vec<String> {
    let name = |path: &str| path.strip_prefix(folder.to_str().unwrap()).unwrap().trim_start_matches('/').to_owned();
    let mut told: Vec<String> =
        outcomes.iter().map(|o| format!("{} {}", o["status"].as_str().unwrap(), name(o["path"].as_str().unwrap()))).collect();
    told.sort();
    told
}

const NOTE: &str = "# Parking\n\nBicycles are parked behind the mill.\n";

/// A mail with a text and a Markdown file.
fn mail(attached: &str) -> String {
    format!(
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: Canteen\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe canteen closes at three.\r\n\
         --x\r\nContent-Type: text/markdown; name=menu.md\r\nContent-Disposition: attachment; filename=menu.md\r\n\r\n{attached}\r\n--x--\r\n"
    )
}

#[test]
fn files_within_files_are_documents_that_come_and_go_with_them() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let archive = |parts: &[(&str, &str)]| write(&root.join("hr.zip"), footnote_tests::packed(parts));
    let menu = mail("# Menu\n\nThere is soup on Mondays.");
    archive(&[("rules/parking.md", NOTE), ("mail.eml", &menu), ("logo.png", "no text")]);
    let first = ["indexed hr.zip/mail.eml", "indexed hr.zip/mail.eml/menu.md", "indexed hr.zip/rules/parking.md"];
    assert_eq!(told(&footnote.ingest(root), root), first);
    let found = footnote.run(&["search", "soup on Mondays", "--json"]).ok().json();
    assert!(found["hits"][0]["path"].as_str().unwrap().ends_with("hr.zip/mail.eml/menu.md"), "{found}");
    let again = told(&footnote.ingest(root), root);
    assert_eq!(again, ["unchanged hr.zip/mail.eml", "unchanged hr.zip/rules/parking.md"]);

    // One member changes, one is gone.
    archive(&[("mail.eml", &mail("# Menu\n\nThere is fish on Fridays."))]);
    let changed = told(&footnote.ingest(root), root);
    assert_eq!(changed, ["deleted hr.zip/rules/parking.md", "indexed hr.zip/mail.eml", "indexed hr.zip/mail.eml/menu.md"]);

    // What can't be read now stays as it was, and is tried again.
    write(&root.join("hr.zip"), &footnote_tests::packed(&[("mail.eml", &menu)])[..100]);
    assert_eq!(told(&footnote.ingest(root), root), ["failed hr.zip"]);
    assert_eq!(footnote.contents().len(), 2);
    std::fs::remove_file(root.join("hr.zip")).unwrap();
    write(&root.join("other.md"), NOTE);
    let gone = told(&footnote.ingest(root), root);
    assert_eq!(gone, ["deleted hr.zip/mail.eml", "deleted hr.zip/mail.eml/menu.md", "indexed other.md"]);
}

#[test]
fn a_file_with_something_in_it_that_failed_is_tried_again() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("mail.eml"), mail("no PDF").replace("menu.md", "menu.pdf"));
    let failed = ["failed mail.eml/menu.pdf", "indexed mail.eml"];
    assert_eq!(told(&footnote.ingest(folder.path()), folder.path()), failed);
    assert_eq!(told(&footnote.ingest(folder.path()), folder.path()), failed, "not taken for unchanged");
}
