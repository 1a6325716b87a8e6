//! Files published through the portal: accepted is kept, whatever happens next.

use std::{process::Command, time::Duration};

use footnote_tests::{Footnote, Portal, long_sheet, pdf, write};
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE},
};
use serde_json::Value;

const BOUNDARY: &str = "footnote-tests-boundary";

/// Sends files as the script of the page does.
pub(crate) async fn publish(portal: &Portal, cookie: &str, collection: &str, files: &[(&str, &[u8])]) -> (StatusCode, Value) {
    let mut body = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"collection\"\r\n\r\n{collection}\r\n").into_bytes();
    for (name, content) in files {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let response = reqwest::Client::new()
        .post(format!("{}/publish", portal.url))
        .header(COOKIE, cookie)
        .header(ACCEPT, "application/json")
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(body)
        .send()
        .await
        .unwrap();
    let status = response.status();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// Waits until all is read; returns the list of what was published.
pub(crate) async fn read(portal: &Portal, cookie: &str) -> String {
    for _ in 0..600 {
        let (status, page) = portal.get_as(cookie, "/publish/jobs").await;
        assert_eq!(status, StatusCode::OK);
        if !page.contains("data-unfinished") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the files are not read after a minute");
}

async fn portal_with_editor() -> (Portal, String) {
    let portal = Portal::start(Footnote::new()).await;
    _ = portal.footnote.run(&["collections", "grant", "hr", "Personnel", "edit"]).ok();
    let editor = portal.join("Edi", "editor", "Personnel").await;
    (portal, editor)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_can_be_asked_and_what_is_deleted_is_gone() {
    let (portal, editor) = portal_with_editor().await;
    let note = b"# Parking\n\nVisitors park in bay 17 of the east garage.\n";
    let large = vec![b'x'; 101 << 20];
    let files: [(&str, &[u8]); 5] = [
        ("parking.md", note),
        ("badge.pdf", &pdf(&["Visitors wear an orange badge with the number 4411."])),
        ("photo.raw", b"not a document"),
        ("empty.txt", b""),
        ("large.txt", &large),
    ];
    let (status, answer) = publish(&portal, &editor, "hr", &files).await;
    assert_eq!((status, answer["accepted"].as_i64()), (StatusCode::OK, Some(2)), "{answer}");
    let reasons: Vec<&str> = answer["refused"].as_array().unwrap().iter().map(|r| r["reason"].as_str().unwrap()).collect();
    assert!(
        reasons[0].contains("can\u{2019}t be read as a document") && reasons[1].contains("empty") && reasons[2].contains("100 MB"),
        "{reasons:?}"
    );
    let list = read(&portal, &editor).await;
    assert_eq!(list.matches("can be asked now").count(), 2, "{list}");
    let (page, place) = portal.ask_as(&editor, "Where do visitors park?", &[]).await;
    assert!(page.contains("bay 17"), "{page}");

    // A file that says it is what it is not fails by itself, and says why.
    let (_, answer) = publish(&portal, &editor, "hr", &[("broken.pdf", b"this is no PDF")]).await;
    assert_eq!(answer["accepted"], 1, "{answer}");
    let list = read(&portal, &editor).await;
    assert!(list.contains("The file is not what its name says, but plain text."), "{list}");
    assert_eq!(portal.send(&editor, "/account/language", &[("language", "de")]).await.status(), StatusCode::SEE_OTHER);
    let list = read(&portal, &editor).await;
    assert!(list.contains("Die Datei ist nicht das, was ihr Name sagt"), "{list}");
    assert_eq!(portal.send(&editor, "/account/language", &[("language", "en")]).await.status(), StatusCode::SEE_OTHER);

    // A file of the same name is the next version.
    publish(&portal, &editor, "hr", &[("parking.md", b"# Parking\n\nVisitors park in bay 23 of the west garage.\n")]).await;
    read(&portal, &editor).await;
    let page = portal.ask_as(&editor, "Where do visitors park?", &[]).await.0;
    assert!(page.contains("bay 23") && !page.contains("bay 17"), "{page}");

    // Not by others, and not elsewhere.
    let reader = portal.join("Rea", "reader", "Personnel").await;
    assert_eq!(publish(&portal, &reader, "hr", &[("x.md", note)]).await.0, StatusCode::FORBIDDEN);
    assert_eq!(portal.get_as(&reader, "/publish").await.0, StatusCode::FORBIDDEN);
    assert_eq!(publish(&portal, &editor, "legal", &[("x.md", note)]).await.0, StatusCode::FORBIDDEN);
    assert_eq!(publish(&portal, "", "hr", &[("x.md", note)]).await.0, StatusCode::UNAUTHORIZED);
    let (_, documents) = portal.get_as(&editor, "/documents?find=parking").await;
    let address = documents.split("href=\"/documents/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let delete = format!("/documents/{address}/delete");
    assert_eq!(portal.send(&reader, &delete, &[]).await.status(), StatusCode::FORBIDDEN);

    assert_eq!(portal.send(&editor, &delete, &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(portal.get_as(&editor, &format!("/documents/{address}")).await.0, StatusCode::NOT_FOUND);
    let page = portal.ask_as(&editor, "Where do visitors park?", &[]).await.0;
    assert!(!page.contains("bay 23"), "{page}");
    let (_, before) = portal.get_as(&editor, &place).await;
    assert!(!before.contains("bay 17"), "not in what was answered before, either: {before}");
    let files = walk(&portal.footnote.data.join("uploads"));
    assert!(files.iter().all(|file| !file.ends_with("parking.md")), "{files:?}");
    let response = portal.request(Method::GET, &portal.cookie, "/audit/export.jsonl?action=document.published", None).await;
    let trail = response.text().await.unwrap();
    assert!(trail.lines().all(|line| line.contains("\"name\":\"Edi\"")) && trail.lines().count() == 3, "{trail}");
}

fn walk(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path.display().to_string()] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_no_accepted_file_and_no_record() {
    let (mut portal, editor) = portal_with_editor().await;
    for round in 0..3 {
        let names: Vec<String> = (0..6).map(|n| format!("note-{round}-{n}.md")).collect();
        let contents: Vec<String> =
            (0..6).map(|n| format!("# Note\n\nThe key of locker {round}{n} hangs on hook {round}{n}7.\n")).collect();
        let files: Vec<(&str, &[u8])> = names.iter().zip(&contents).map(|(name, content)| (name.as_str(), content.as_bytes())).collect();
        let (status, answer) = publish(&portal, &editor, "hr", &files).await;
        assert_eq!((status, answer["accepted"].as_i64()), (StatusCode::OK, Some(6)), "{answer}");
        let (_, trail) = portal.get("/audit/export.jsonl").await;
        // Somewhere on the way.
        tokio::time::sleep(Duration::from_millis(150 * round)).await;
        let (restarted, link) = Portal::start_bare(portal.killed());
        assert_eq!(link, None, "somebody administers it");
        portal = restarted;
        portal.cookie = portal.sign_in(footnote_tests::ADMINISTRATOR).await;
        let (_, after) = portal.get("/audit/export.jsonl").await;
        assert!(after.starts_with(&trail), "no record is lost: {trail}\n{after}");
    }
    // A session outlives the server.
    read(&portal, &editor).await;
    let (_, documents) = portal.get_as(&editor, "/documents").await;
    assert!(documents.contains("18 documents"), "{documents}");
    let whole = portal.footnote.run(&["audit", "verify"]);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
}

#[tokio::test]
async fn one_byte_changed_in_the_trail_is_found_and_named() {
    let portal = Portal::start(Footnote::new()).await;
    portal.join("Rea", "reader", "Personnel").await;
    let footnote = portal.killed();
    let whole = footnote.run(&["audit", "verify"]).ok();
    let kept = whole.stdout.trim().rsplit_once(' ').unwrap().1.to_owned();
    assert_eq!(footnote.run(&["audit", "verify", "--known", &kept]).code, 0);
    let records = footnote.run(&["audit", "export"]).ok().json_lines();
    // In the file itself, as somebody would who has the disk: the group's name in the record that tells that it was made.
    let made = records.iter().find(|record| record["action"] == "group.created").expect("the group");
    let file = footnote.data.join("catalog.sqlite");
    let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)')";
    let status = Command::new("python3").args(["-c", script]).arg(&file).status().unwrap();
    assert!(status.success(), "all of it is in the one file");
    let mut bytes = std::fs::read(&file).unwrap();
    let wanted = b"{\"name\":\"Personnel\"}";
    let places: Vec<usize> = (0..bytes.len() - wanted.len()).filter(|at| bytes[*at..].starts_with(wanted)).collect();
    assert!(!places.is_empty(), "the record is in the file");
    for place in places {
        bytes[place + 9] = b'Q';
    }
    std::fs::write(&file, bytes).unwrap();
    let changed = footnote.run(&["audit", "verify"]);
    assert_eq!(changed.code, 1);
    assert!(changed.stdout.starts_with(&format!("record {}: it is not what was written", made["seq"])), "{}", changed.stdout);
    assert_eq!(changed.stdout.matches("record ").count(), 1, "that one alone: {}", changed.stdout);
}

/// The address of a document that somebody may read, by words of its title.
async fn address(portal: &Portal, cookie: &str, find: &str) -> Option<String> {
    let (_, documents) = portal.get_as(cookie, &format!("/documents?find={find}")).await;
    let id = documents.split("href=\"/documents/").nth(1)?.split('"').next()?;
    Some(format!("/documents/{id}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_read_again_and_moved_by_whoever_edits_both_collections() {
    let (portal, editor) = portal_with_editor().await;
    _ = portal.footnote.run(&["collections", "grant", "legal", "Personnel", "edit"]).ok();
    _ = portal.footnote.run(&["collections", "grant", "closed", "Council", "edit"]).ok();
    publish(&portal, &editor, "hr", &[("parking.md", b"# Parking\n\nVisitors park in bay 17 of the east garage.\n")]).await;
    read(&portal, &editor).await;
    let before = address(&portal, &editor, "parking").await.unwrap();
    let (_, page) = portal.get_as(&editor, &before).await;
    assert!(
        page.contains("<option>legal</option>") && !page.contains("<option>closed</option>") && !page.contains("<option>hr</option>"),
        "{page}"
    );
    assert_eq!(portal.send(&editor, &format!("{before}/again"), &[]).await.status(), StatusCode::SEE_OTHER);
    let list = read(&portal, &editor).await;
    assert!(!list.contains("unchanged"), "read, though nothing has changed: {list}");

    let reader = portal.join("Rea", "reader", "Personnel").await;
    let to = format!("{before}/move");
    for (who, collection) in [(&reader, "legal"), (&editor, "closed"), (&editor, "nowhere")] {
        assert_eq!(portal.send(who, &to, &[("collection", collection)]).await.status(), StatusCode::FORBIDDEN, "{collection}");
    }
    // What is restricted would be open where it is moved to.
    let (_, access) = portal.get(&format!("{before}/access")).await;
    let group = access.split_once("> Council</label>").unwrap().0.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let restrict = async |restricted: &str| {
        portal.send(&portal.cookie, &format!("{before}/access"), &[("restricted", restricted), ("group", &group)]).await.status()
    };
    assert_eq!(restrict("yes").await, StatusCode::SEE_OTHER);
    assert_eq!(portal.send(&editor, &to, &[("collection", "legal")]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(restrict("no").await, StatusCode::SEE_OTHER);
    // Nor is another document of that name replaced.
    publish(&portal, &editor, "legal", &[("parking.md", b"# Parking\n\nThis is another text about parking.\n")]).await;
    read(&portal, &editor).await;
    assert_eq!(portal.send(&editor, &to, &[("collection", "legal")]).await.status(), StatusCode::BAD_REQUEST);
    let other = address(&portal, &editor, "parking&collection=legal").await.unwrap();
    assert_eq!(portal.send(&editor, &format!("{other}/delete"), &[]).await.status(), StatusCode::SEE_OTHER);
    read(&portal, &editor).await;

    assert_eq!(portal.send(&editor, &to, &[("collection", "legal")]).await.status(), StatusCode::SEE_OTHER);
    read(&portal, &editor).await;
    let after = address(&portal, &editor, "parking").await.unwrap();
    assert_ne!(after, before);
    assert_eq!(portal.get_as(&editor, &before).await.0, StatusCode::NOT_FOUND);
    let (_, page) = portal.get_as(&editor, &after).await;
    assert!(page.contains("bay 17") && page.contains("legal"), "{page}");
    let files = walk(&portal.footnote.data.join("uploads"));
    assert_eq!(files.iter().filter(|file| file.ends_with("parking.md")).count(), 1, "{files:?}");
    let page = portal.ask_as(&editor, "Where do visitors park?", &[]).await.0;
    assert_eq!(page.matches("<blockquote>").count(), 1, "once: {page}");
}

/// What was right when a document was to be moved may be wrong when its turn comes.
#[tokio::test(flavor = "multi_thread")]
async fn what_changes_while_a_job_waits_is_looked_at_again() {
    let (portal, editor) = portal_with_editor().await;
    let other = portal.join("Otto", "editor", "Personnel").await;
    _ = portal.footnote.run(&["collections", "grant", "legal", "Personnel", "edit"]).ok();
    _ = portal.footnote.run(&["collections", "grant", "closed", "Council", "edit"]).ok();
    let text = |about: &str| format!("# {about}\n\nEverything about {about} stands here.\n");
    let papers = ["salaries", "canteen", "parking"].map(|about| (format!("{about}.md"), text(about)));
    let files: Vec<(&str, &[u8])> = papers.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    publish(&portal, &editor, "hr", &files).await;
    read(&portal, &editor).await;
    let [salaries, canteen] = ["salaries", "canteen"].map(|about| address(&portal, &editor, about));
    let (salaries, canteen) = (salaries.await.unwrap(), canteen.await.unwrap());

    // Something long is read first.
    let long = long_sheet(6_000);
    publish(&portal, &editor, "hr", &[("stock.csv", long.as_bytes())]).await;
    for document in [&salaries, &canteen] {
        let moved = portal.send(&editor, &format!("{document}/move"), &[("collection", "legal")]).await;
        assert_eq!(moved.status(), StatusCode::SEE_OTHER);
    }
    let (_, access) = portal.get(&format!("{salaries}/access")).await;
    let group = access.split_once("> Council</label>").unwrap().0.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let restricted = portal.send(&portal.cookie, &format!("{salaries}/access"), &[("restricted", "yes"), ("group", &group)]).await;
    assert_eq!(restricted.status(), StatusCode::SEE_OTHER);
    publish(&portal, &other, "legal", &[("canteen.md", text("the other canteen").as_bytes())]).await;
    publish(&portal, &editor, "hr", &[("parking.md", text("bay 17").as_bytes())]).await;
    publish(&portal, &other, "hr", &[("parking.md", text("bay 23").as_bytes())]).await;
    let (_, waiting) = portal.get_as(&editor, "/publish/jobs").await;
    assert!(waiting.matches("waits to be read").count() >= 5, "they wait for the long one: {waiting}");
    let list = read(&portal, &editor).await;
    assert!(list.contains("was restricted to some groups meanwhile") && list.contains("Both documents stay"), "{list}");
    assert!(list.contains("was replaced by a newer version before it was read"), "{list}");

    // Nothing went where it must not, and nothing is lost.
    assert_eq!(portal.get(&salaries).await.0, StatusCode::OK);
    assert_eq!(portal.get_as(&editor, &salaries).await.0, StatusCode::OK, "editors read all of their collection");
    assert_eq!(address(&portal, &editor, "salaries&collection=legal").await, None);
    assert!(portal.get_as(&editor, &canteen).await.1.contains("about canteen"));
    let there = address(&portal, &editor, "canteen&collection=legal").await.unwrap();
    assert!(portal.get_as(&editor, &there).await.1.contains("the other canteen"));
    // What stopped it is mended, and it is moved: no copy is in the way.
    let lifted = portal.send(&portal.cookie, &format!("{salaries}/access"), &[("restricted", "no")]).await;
    assert_eq!(lifted.status(), StatusCode::SEE_OTHER);
    assert_eq!(portal.send(&editor, &format!("{salaries}/move"), &[("collection", "legal")]).await.status(), StatusCode::SEE_OTHER);
    read(&portal, &editor).await;
    assert!(address(&portal, &editor, "salaries&collection=legal").await.is_some());
    assert_eq!(portal.get(&salaries).await.0, StatusCode::NOT_FOUND);
    // The trail names who sent what is there.
    let parking = address(&portal, &editor, "parking").await.unwrap();
    assert!(portal.get_as(&editor, &parking).await.1.contains("bay 23"));
    let (_, trail) = portal.get(&format!("/audit?object=document:{}", parking.trim_start_matches("/documents/"))).await;
    let published: Vec<&str> = trail.split("<tr>").skip(1).filter(|row| row.contains("<td>published</td>")).collect();
    assert!(published.len() == 2 && published[0].contains("Otto") && published[1].contains("Edi"), "{trail}");
}

/// A name says neither where a file is kept nor what may be done with it, and what is kept is served by no address of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_where_the_server_says() {
    let (portal, editor) = portal_with_editor().await;
    let text = b"# Badges\n\nVisitors wear an orange badge with the number 4411.\n";
    let accepted =
        ["../../../badges-1.md", "C:\\Users\\Edi\\badges-2.md", "/etc/cron.d/badges-3.md", "badges 4 %2e%2e%2f.md", "b;rm -rf ~.md"];
    let refused = ["..", ".bashrc", "folder/.htaccess", "~$badges.docx", "badges.sh", "badges.md/..", &format!("{}.md", "b".repeat(300))];
    let files: Vec<(&str, &[u8])> = accepted.iter().chain(&refused).map(|name| (*name, text.as_slice())).collect();
    let (status, answer) = publish(&portal, &editor, "hr", &files).await;
    assert_eq!((status, answer["accepted"].as_i64()), (StatusCode::OK, Some(5)), "{answer}");
    assert_eq!(answer["refused"].as_array().map(Vec::len), Some(refused.len()), "{answer}");
    let uploads = portal.footnote.data.join("uploads");
    let kept = walk(&portal.footnote.data).into_iter().filter(|file| std::fs::read(file).is_ok_and(|bytes| bytes == text));
    let kept: Vec<std::path::PathBuf> = kept.map(std::path::PathBuf::from).filter(|file| file.starts_with(&uploads)).collect();
    assert_eq!(kept.len(), 5, "{kept:?}");
    for file in &kept {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.strip_prefix(&uploads).unwrap().components().count(), 2, "a folder for the collection, and the name: {file:?}");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o177, 0, "for the server alone: {file:?}");
        let below = file.strip_prefix(&portal.footnote.data).unwrap().to_str().unwrap();
        for address in [format!("/{below}"), format!("/assets/{below}"), format!("/assets/..%2f{below}"), format!("/documents/{below}")] {
            let (status, page) = portal.get_as(&editor, &address).await;
            assert!(status == StatusCode::NOT_FOUND && !page.contains("4411"), "{address}: {status}");
        }
    }
    read(&portal, &editor).await;
    assert_eq!(portal.get_as(&editor, "/documents").await.1.matches("href=\"/documents/").count(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_on_the_server_is_read_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let watched = folder.path().join("policies");
    write(&watched.join("parking.md"), "# Parking\n\nVisitors park in bay 17 of the east garage.\n");
    write(&watched.join("old/badges.md"), "# Badges\n\nVisitors wear an orange badge.\n");
    write(&watched.join("old/lockers.md"), "# Lockers\n\nLockers are in the basement.\n");
    write(&watched.join("broken.pdf"), "this is no PDF");
    let config = folder.path().join("footnote.toml");
    let path = watched.to_str().unwrap();
    write(&config, format!("[ingest]\nlook_minutes = 1\nfolders = [{{ path = {path:?}, collection = \"Policies\" }}]\n"));
    let portal = Portal::start(Footnote::new().set_file(&config)).await;
    let seen = async |find: &str| address(&portal, &portal.cookie, find).await.is_some();
    let mut waited = 0;
    while !(seen("parking").await && seen("badges").await) {
        waited += 1;
        assert!(waited < 300, "it is not read");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let page = portal.ask("Where do visitors park?").await;
    assert!(page.contains("bay 17"), "{page}");
    let mut jobs = String::new();
    for _ in 0..100 {
        jobs = portal.get("/admin/jobs").await.1;
        if jobs.contains(path) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(jobs.contains("3 documents are new or changed") && jobs.contains("broken.pdf") && jobs.contains("Policies"), "{jobs}");
    // The next look finds what changed; what is missing at two looks is gone, unless it is restricted, or nothing is left of its folder.
    let lockers = address(&portal, &portal.cookie, "lockers").await.unwrap();
    _ = portal.footnote.run(&["collections", "grant", "Policies", "Council", "read"]).ok();
    let (_, access) = portal.get(&format!("{lockers}/access")).await;
    let group = access.split_once("> Council</label>").unwrap().0.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let restricted = portal.send(&portal.cookie, &format!("{lockers}/access"), &[("restricted", "yes"), ("group", &group)]).await;
    assert_eq!(restricted.status(), StatusCode::SEE_OTHER);
    write(&watched.join("old/kept.md"), "# Kept\n\nThis one stays where it is.\n");
    std::fs::remove_file(watched.join("old/lockers.md")).unwrap();
    write(&watched.join("parking.md"), "# Parking\n\nVisitors park in bay 23 of the west garage, behind the bicycles.\n");
    std::fs::remove_file(watched.join("old/badges.md")).unwrap();
    let mut waited = 0;
    while seen("badges").await || !portal.ask("Where do visitors park?").await.contains("bay 23") {
        waited += 1;
        assert!(waited < 400, "it is not looked at again");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(seen("lockers").await, "what is restricted is not deleted because its file is missing");
    let relative = portal.footnote.data.join("relative.toml");
    write(&relative, "[ingest]\nfolders = [{ path = \"policies\", collection = \"Policies\" }]\n");
    let run = Footnote::new().set_file(&relative).run(&["config", "show"]);
    assert!(run.code != 0 && run.stderr.contains("write the whole path"), "{}", run.stderr);
}
