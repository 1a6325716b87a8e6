//! Each bad file gets its own clear line, the rest is indexed, exit status 1, nothing lost.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    path::Path,
    process::Stdio,
};

use footnote_tests::{Footnote, pdf, write};
use serde_json::Value;

/// A PDF that can be opened with a password only: the standard security handler with made-up keys.
fn encrypted_pdf() -> Vec<u8> {
    let plain = String::from_utf8(pdf(&["Secret"])).unwrap();
    let key = "00".repeat(32);
    let encrypt = format!("/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<{key}>/U<{key}>>>/ID[<{0}><{0}>]", "11".repeat(16));
    plain.replacen("/Root 1 0 R", &format!("/Root 1 0 R{encrypt}"), 1).into_bytes()
}

/// Writes the folder of horrors and returns (part of the path, part of the message) for each bad one.
fn make(root: &Path) -> Vec<(&'static str, &'static str)> {
    write(&root.join("good.md"), "# Good\n\nThe canteen opens at eleven.\n");
    write(&root.join("good.pdf"), pdf(&["The archive closes at five in the afternoon."]));
    write(&root.join("empty.md"), "");
    write(&root.join("image.pdf"), b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10");
    let whole = pdf(&["One page of text that will be lost.", "And another page."]);
    write(&root.join("truncated.pdf"), &whole[..whole.len() / 3]);
    write(&root.join("locked.pdf"), encrypted_pdf());
    let mut huge = fs::File::create(root.join("huge.txt")).unwrap();
    let line = "All work and no play makes a long file. ".repeat(25_000);
    (0..300).for_each(|_| huge.write_all(line.as_bytes()).unwrap());
    symlink(root, root.join("again")).unwrap();
    // Any bytes are some text in some encoding: this one is read, not refused.
    write(&root.join("latin.txt"), b"Die Pr\xfcfung der B\xfccher erfolgt j\xe4hrlich und wird \xfcberwacht.");
    write(&root.join("binary.txt"), (0u8..=255).cycle().take(4096).collect::<Vec<u8>>());
    write(&root.join("line\nbreak.md"), "# Line break\n\nA name may hold anything.\n");
    fs::write(root.join(OsStr::from_bytes(b"bad\xffname.md")), "# Name\n\nText.\n").unwrap();
    vec![
        ("empty.md", "empty"),
        ("image.pdf", "PNG"),
        ("truncated.pdf", "damaged"),
        ("locked.pdf", "encrypted"),
        ("huge.txt", "over the limit"),
        ("again", "leads back to"),
        ("binary.txt", "text"),
        ("name.md", "not valid UTF-8"),
        ("absent", "does not exist"),
    ]
}

#[test]
fn each_bad_file_gets_its_own_line_and_the_rest_is_indexed() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let expected = make(folder.path());
    let absent = folder.path().join("absent");
    let run = footnote.run(&["ingest", "--json", folder.path().to_str().unwrap(), absent.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let outcomes = run.json_lines();
    for (name, reason) in &expected {
        let found = outcomes.iter().find(|o| o["path"].as_str().unwrap().ends_with(name) && o["status"] == "failed");
        let found = found.unwrap_or_else(|| panic!("nothing about {name} in {}", run.stdout));
        let error = found["error"].as_str().unwrap();
        assert!(error.contains(reason), "{name}: {error}");
        let lines = run.stderr.lines().filter(|l| l.contains(name) && l.contains(reason)).count();
        assert_eq!(lines, 1, "{name} has one line for people: {}", run.stderr);
    }
    let failed = outcomes.iter().filter(|o| o["status"] == "failed").count();
    assert_eq!(failed, expected.len(), "{}", run.stderr);
    let indexed: Vec<_> = outcomes.iter().filter(|o| o["status"] == "indexed").map(|o| o["path"].as_str().unwrap()).collect();
    assert_eq!(indexed.len(), 4, "{indexed:?}");
    let hits = footnote.run(&["search", "When does the archive close?", "--json"]).ok().json();
    assert!(hits["hits"][0]["text"].as_str().unwrap().contains("five in the afternoon"));
    assert_eq!(hits["hits"][0]["page"], 1);
    let hits = footnote.run(&["search", "Prüfung der Bücher", "--mode", "lexical", "--json"]).ok().json();
    assert!(hits["hits"][0]["text"].as_str().unwrap().contains("Prüfung der Bücher"), "an old encoding is read");
}

#[test]
fn a_folder_without_read_permission_is_named_and_its_documents_stay() {
    // Root may read everything: the command is run as somebody else.
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("open/a.md"), "# A\n\nThe gate is open.\n");
    write(&folder.path().join("closed/b.md"), "# B\n\nThe gate is closed.\n");
    footnote.ingest(folder.path());
    fs::set_permissions(folder.path().join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let mut command = footnote.command(&["ingest", "--json", folder.path().to_str().unwrap()]);
    let is_root = fs::read_dir(folder.path().join("closed")).is_ok();
    if is_root {
        let args: Vec<_> = command.get_args().map(OsStr::to_owned).collect();
        let mut unprivileged = std::process::Command::new("setpriv");
        unprivileged.args(["--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search", "--"]);
        unprivileged.arg(command.get_program()).args(args);
        unprivileged.envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
        command = unprivileged;
    }
    let output = command.output().unwrap();
    fs::set_permissions(folder.path().join("closed"), fs::Permissions::from_mode(0o755)).unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{stdout}{stderr}");
    assert!(stderr.contains("closed") && stderr.contains("may not be read"), "{stderr}");
    assert!(!stdout.contains("deleted"), "{stdout}");
    let listed = footnote.run(&["documents", "list", "--json"]).ok().json_lines();
    assert_eq!(listed.len(), 2, "what can't be seen is not taken for deleted");
}

#[test]
fn a_file_that_becomes_unreadable_keeps_its_earlier_version() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rule.md");
    write(&path, "# Rule\n\nKeys are returned at reception.\n");
    footnote.ingest(folder.path());
    write(&path, "");
    let run = footnote.run(&["ingest", folder.path().to_str().unwrap()]);
    assert!(run.code == 1 && run.stderr.contains("earlier version"), "{}", run.stderr);
    let hits = footnote.run(&["search", "keys", "--json"]).ok().json();
    assert_eq!(hits["hits"].as_array().unwrap().len(), 1);
}

#[test]
fn a_file_deleted_while_the_folder_is_read_costs_only_itself() {
    const OTHERS: usize = 300;
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    for n in 0..OTHERS {
        write(&folder.path().join(format!("{n:03}.md")), format!("# Rule {n}\n\nRule {n} is kept in cabinet {n}.\n"));
    }
    let doomed = folder.path().join("zzz.md");
    write(&doomed, "# Last\n\nThis one goes.\n");
    let mut child = footnote.start(&["ingest", "--json", folder.path().to_str().unwrap()]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The first groups are stored; the last files are known, but not read yet.
    let first = lines.next().unwrap().unwrap();
    fs::remove_file(&doomed).unwrap();
    let rest: Vec<String> = lines.map(|l| l.unwrap()).collect();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let outcomes: Vec<Value> = std::iter::once(first).chain(rest).map(|l| serde_json::from_str(&l).unwrap()).collect();
    assert_eq!(outcomes.iter().filter(|o| o["status"] == "indexed").count(), OTHERS);
    let failed: Vec<_> = outcomes.iter().filter(|o| o["status"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0]["path"].as_str().unwrap().ends_with("zzz.md"));
    assert!(failed[0]["error"].as_str().unwrap().contains("was deleted before it could be read"), "{failed:?}");
}

#[test]
fn wrong_usage_is_exit_status_2_and_a_failure_is_one_sentence() {
    let footnote = Footnote::new();
    assert_eq!(footnote.run(&["search"]).code, 2);
    assert_eq!(footnote.run(&["frobnicate"]).code, 2);
    for args in [&["search", "x", "--collection", "absent"][..], &["search", " "], &["ask", ""], &["documents", "show", "x"]] {
        let run = footnote.run(args);
        assert_eq!(run.code, 1, "{args:?}");
        assert_eq!(run.stderr.trim_end().lines().count(), 1, "{args:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("footnote: "), "{}", run.stderr);
    }
    for (variable, value, said) in [
        ("FOOTNOTE_MODELS_DIR", "/nonexistent", "make setup"),
        ("FOOTNOTE_LIB_DIR", "/nonexistent", "make setup"),
        ("FOOTNOTE_SPEED", "high", "FOOTNOTE_SPEED is not a setting"),
        ("FOOTNOTE_EMBEDDING__THREADS", "many", "FOOTNOTE_EMBEDDING__THREADS must be a whole number"),
        ("FOOTNOTE_SERVE__LISTEN", "nowhere", "FOOTNOTE_SERVE__LISTEN"),
    ] {
        let output = footnote.command(&["search", "x"]).env(variable, value).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(said) && message.trim_end().lines().count() == 1, "{message}");
    }
}

#[test]
fn output_that_nobody_reads_or_that_does_not_fit_is_no_panic() {
    let footnote = Footnote::new();
    let mut reader_gone = footnote.command(&["config", "show"]);
    let mut child = reader_gone.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));

    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = footnote.command(&["config", "show"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.starts_with("footnote: the output cannot be written: ") && message.lines().count() == 1, "{message}");
}
