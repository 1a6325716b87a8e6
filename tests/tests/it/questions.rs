//! What the documents do not answer goes to their editors, whose answer is found first from then on.

use footnote_tests::{Footnote, Portal, write};
use reqwest::StatusCode;

const QUESTION: &str = "Who won the chess tournament in Reykjavik?";

/// A portal with a document of the works council that only its members read, one of everybody's, an editor of each, and a reader of each.
struct Office {
    portal: Portal,
    folder: tempfile::TempDir,
    /// Edits "council".
    council_editor: String,
    /// Edits "open".
    open_editor: String,
    /// Reads both.
    member: String,
    /// Reads "open".
    reader: String,
}

impl Office {
    async fn new() -> Self {
        let footnote = Footnote::new();
        let folder = tempfile::tempdir().unwrap();
        write(
            &folder.path().join("open/leave.md"),
            "# Leave\n\nEmployees have 28 days of annual leave. Requests go to the line manager.\n",
        );
        write(
            &folder.path().join("council/games.md"),
            "# Games\n\nThe council holds a board game evening on the first Thursday of each month. In March, Ms Kvist took the cup.\n",
        );
        for collection in ["open", "council"] {
            _ = footnote.run(&["ingest", folder.path().join(collection).to_str().unwrap(), "--collection", collection]).ok();
        }
        let portal = Portal::start(footnote).await;
        let council_editor = portal.join("Cor", "editor", "Council desk").await;
        let open_editor = portal.join("Ole", "editor", "Open desk").await;
        let member = portal.join("Mem", "reader", "Council").await;
        let reader = portal.join("Zoe", "reader", "").await;
        for (collection, group, access) in [
            ("open", "Everyone", "read"),
            ("open", "Open desk", "edit"),
            ("council", "Council", "read"),
            ("council", "Council desk", "edit"),
        ] {
            _ = portal.footnote.run(&["collections", "grant", collection, group, access]).ok();
        }
        Self { portal, folder, council_editor, open_editor, member, reader }
    }

    /// The page of a question that waits, as an editor finds it; none where it is not in their list.
    async fn open(&self, editor: &str, question: &str) -> Option<(String, String)> {
        let (status, list) = self.portal.get_as(editor, "/questions").await;
        assert_eq!(status, StatusCode::OK);
        let (before, _) = list.split_once(&format!("\">{question}</a>"))?;
        let path = before.rsplit_once("href=\"").unwrap().1.to_owned();
        let (status, page) = self.portal.get_as(editor, &path).await;
        assert_eq!(status, StatusCode::OK);
        Some((path, page))
    }
}

/// The name of the passage with these words in a form.
fn passage(page: &str, words: &str) -> String {
    let choice =
        page.split("class=\"choice-of-source\"").find(|choice| choice.contains(words)).unwrap_or_else(|| panic!("{words}: {page}"));
    choice.split_once("name=\"passage\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editors_answer_is_found_first_by_whoever_may_read_its_source() {
    let office = Office::new().await;
    let portal = &office.portal;
    let (page, _) = portal.ask_as(&office.reader, QUESTION, &[]).await;
    assert!(page.contains("I did not find this") && page.contains("without your name"), "{page}");
    // Asked by whoever reads "open" alone: it is for the editors of "open".
    assert!(office.open(&office.council_editor, QUESTION).await.is_none());
    let (_, own) = office.open(&office.open_editor, QUESTION).await.expect("in the list");
    assert!(own.contains("asked once without an answer") && !own.contains("Zoe"), "{own}");
    let (page, place) = portal.ask_as(&office.member, "who won a chess tournament in Reykjavik", &[]).await;
    assert!(page.contains("I did not find this"), "{page}");
    let (path, own) = office.open(&office.council_editor, QUESTION).await.expect("asked by whoever reads it, too");
    assert!(own.contains("asked once"), "the times that it was asked by whoever reads what they edit: {own}");
    let (_, both) = office.open(&office.open_editor, QUESTION).await.expect("in the list");
    assert!(both.contains("asked 2 times"), "{both}");
    for (who, expected) in [(&office.reader, StatusCode::FORBIDDEN), (&office.member, StatusCode::FORBIDDEN)] {
        assert_eq!(portal.get_as(who, "/questions").await.0, expected);
        assert_eq!(portal.get_as(who, &path).await.0, expected);
    }

    // An answer needs a source that carries it, of a collection that they may edit.
    let (_, page) = portal.get_as(&office.council_editor, &format!("{path}?find=board+game+evening+cup")).await;
    let source = passage(&page, "Ms Kvist");
    assert!(!page.contains("28 days"), "what they may not edit is no source: {page}");
    let answer = format!("{path}/answer");
    let send = async |who: &str, form: &[(&str, &str)]| {
        let response = portal.send(who, &answer, form).await;
        (response.status(), response.text().await.unwrap())
    };
    let said = "In March, Ms Kvist took the cup.";
    let (status, page) = send(&office.council_editor, &[("text", said)]).await;
    assert!(status == StatusCode::BAD_REQUEST && page.contains("Choose a passage") && page.contains(said), "{page}");
    let (status, page) = send(&office.council_editor, &[("text", "She won 500 euros in 1987."), ("passage", &source)]).await;
    assert!(status == StatusCode::BAD_REQUEST && page.contains("does not seem to carry this") && page.contains("1987"), "{page}");
    let (status, page) = send(&office.open_editor, &[("text", said), ("passage", &source), ("sure", "yes")]).await;
    assert!(status.is_client_error(), "a passage that they may not read: {page}");
    let (status, page) = send(&office.council_editor, &[("text", said), ("passage", &source)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    assert!(office.open(&office.council_editor, QUESTION).await.is_none(), "it waits no longer");

    // Whoever may read the source gets it first, in the editor's words, with the source; where they were refused they are told.
    let (_, earlier) = portal.get_as(&office.member, &place).await;
    assert!(earlier.contains("An editor has answered this question since"), "{earlier}");
    for question in [QUESTION, "Who won the chess tournaments in Reykjavik, please?"] {
        let (page, _) = portal.ask_as(&office.member, question, &[]).await;
        assert!(page.contains(said) && page.contains("Answered by Cor") && page.contains("board game evening"), "{page}");
    }
    let (page, _) = portal.ask_as(&office.member, "When was the chess tournament in Reykjavik won?", &[]).await;
    assert!(!page.contains("Answered by"), "another question: {page}");
    // Others do not, nor are they told that there is one.
    let (page, place) = portal.ask_as(&office.reader, QUESTION, &[]).await;
    assert!(page.contains("I did not find this") && !page.contains("Kvist"), "{page}");
    let (_, earlier) = portal.get_as(&office.reader, &place).await;
    assert!(!earlier.contains("An editor has answered"), "{earlier}");
    let (path, _) = office.open(&office.open_editor, QUESTION).await.expect("for them it waits again");

    // Where the source has changed, the answer is not shown any more.
    write(
        &office.folder.path().join("council/games.md"),
        "# Games\n\nThe council holds no board game evenings any more. The cup was stolen.\n",
    );
    drop(path);
    let Office { portal, folder, member, council_editor, .. } = office;
    let footnote = portal.killed();
    _ = footnote.run(&["ingest", folder.path().join("council").to_str().unwrap(), "--collection", "council"]).ok();
    let (portal, _) = Portal::start_bare(footnote);
    let (page, _) = portal.ask_as(&member, QUESTION, &[]).await;
    assert!(!page.contains("Kvist") && !page.contains("Answered by"), "{page}");
    let (_, list) = portal.get_as(&council_editor, "/questions").await;
    assert!(list.contains("not shown any more"), "{list}");
    let retire = list.split_once("action=\"/questions/verified/").unwrap().1.split('"').next().unwrap();
    assert_eq!(portal.send(&member, &format!("/questions/verified/{retire}"), &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(portal.send(&council_editor, &format!("/questions/verified/{retire}"), &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(!portal.get_as(&council_editor, "/questions").await.1.contains("not shown any more"));
    assert_eq!(portal.footnote.run(&["audit", "verify"]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_of_answers_reaches_the_editors() {
    let office = Office::new().await;
    let portal = &office.portal;
    let question = "How many days of annual leave are there?";
    let (page, place) = portal.ask_as(&office.reader, question, &[]).await;
    assert!(page.contains("28 days") && page.contains("Did this help?"), "{page}");
    let answer = page.split_once("action=\"/answers/").unwrap().1.split('/').next().unwrap().to_owned();
    let say = async |who: &str, verdict: &str, comment: &str| {
        portal.send(who, &format!("/answers/{answer}/feedback"), &[("verdict", verdict), ("comment", comment)]).await.status()
    };
    assert_eq!(say(&office.member, "wrong", "").await, StatusCode::NOT_FOUND, "it was not answered to them");
    assert_eq!(say(&office.reader, "nonsense", "").await, StatusCode::NOT_FOUND);
    assert_eq!(say(&office.reader, "wrong", "Since May it is 30.").await, StatusCode::SEE_OTHER);
    let (_, page) = portal.get_as(&office.reader, &place).await;
    assert!(page.contains("You said that this is wrong") && page.contains("Since May it is 30."), "{page}");
    let (_, open) = office.open(&office.open_editor, question).await.expect("in the list");
    assert!(open.contains("an answer was called wrong") && open.contains("Since May it is 30.") && !open.contains("Zoe"), "{open}");
    // Whoever thinks better of it takes it out again.
    assert_eq!(say(&office.reader, "helpful", "").await, StatusCode::SEE_OTHER);
    assert!(office.open(&office.open_editor, question).await.is_none());
    assert_eq!(say(&office.reader, "missing", "").await, StatusCode::SEE_OTHER);
    let (path, _) = office.open(&office.open_editor, question).await.expect("in the list");
    assert_eq!(portal.send(&office.council_editor, &format!("{path}/dismiss"), &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(portal.send(&office.open_editor, &format!("{path}/dismiss"), &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(office.open(&office.open_editor, question).await.is_none());
    // Whoever reads along in a shared conversation is not asked what they think.
    assert_eq!(portal.send(&office.reader, &format!("{place}/share"), &[("shared", "yes")]).await.status(), StatusCode::SEE_OTHER);
    let (_, page) = portal.get_as(&office.member, &place).await;
    assert!(page.contains("28 days") && !page.contains("Did this help?"), "{page}");
}
