//! No way leads to what somebody may not read: people, documents and ways are multiplied out, on the real portal.

use std::collections::BTreeMap;

use footnote_tests::{Footnote, Portal, escaped, pdf, write};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// A document, and what only those who may read it may ever see.
struct Paper {
    collection: &'static str,
    file: &'static str,
    /// In its title and in its text. Nobody asks with these words.
    secrets: [&'static str; 2],
    question: &'static str,
    /// One letter away from a word that only this document has: putting it right would tell that the word is there.
    misspelled: (&'static str, &'static str),
    /// Of those who may read it, without administrators.
    readers: &'static [&'static str],
}

const PAPERS: [Paper; 5] = [
    Paper {
        collection: "open",
        file: "marbelo.md",
        secrets: ["Marbelo", "4711-OPAL"],
        question: "What is the door code of the canteen?",
        misspelled: ("samovaar", "samovar"),
        readers: &["Rea", "Hera", "Cora", "Edi", "Aud"],
    },
    Paper {
        collection: "hr",
        file: "zintharp.md",
        secrets: ["Zintharp", "5822-ONYX"],
        question: "What is the door code of the payroll room?",
        misspelled: ("stipendiumm", "stipendium"),
        readers: &["Hera", "Cora", "Edi"],
    },
    Paper {
        collection: "hr",
        file: "quorvex.pdf",
        secrets: ["Quorvex", "6933-RUBY"],
        question: "What is the door code of the council chamber?",
        misspelled: ("arbitrationn", "arbitration"),
        readers: &["Cora"],
    },
    Paper {
        collection: "legal",
        file: "blemoryn.csv",
        secrets: ["blemoryn", "7044-JADE"],
        question: "What is the door code of the notary vault?",
        misspelled: ("escroww", "escrow"),
        readers: &["Edi"],
    },
    Paper {
        collection: "legal",
        file: "dravunter.txt",
        secrets: ["Dravunter", "8155-AMBER"],
        question: "Wie lautet der T\u{fc}rcode der Kanzlei?",
        misspelled: ("Mandantschafft", "mandantschaft"),
        readers: &["Edi"],
    },
];

/// Name, role and groups.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("Rea", "reader", ""),
    ("Hera", "reader", "Personnel"),
    ("Cora", "reader", "Personnel,Council"),
    ("Edi", "editor", "Personnel,Legal"),
    ("Aud", "auditor", ""),
];

/// Collections, who may read each of them, and how.
const GRANTS: [(&str, &str, &str); 3] = [("open", "Everyone", "read"), ("hr", "Personnel", "read"), ("legal", "Legal", "edit")];

impl Paper {
    fn content(&self) -> Vec<u8> {
        let [title, code] = self.secrets;
        let word = self.misspelled.1;
        match self.file.rsplit_once('.').unwrap().1 {
            "md" => {
                let place = if title == "Marbelo" { "canteen" } else { "payroll room" };
                format!("# {title}\n\nThe door code of the {place} is {code}. Ask for the {word} at the desk.\n").into_bytes()
            }
            "pdf" => pdf(&[&format!("{title}: The door code of the council chamber is {code}. It is kept for the {word}.")]),
            "csv" => format!("Place,Door code,Remark\nnotary vault,{code},{word} of {title}\nlobby,none,open\n").into_bytes(),
            _ => format!(
                "{title}\n\nDer T\u{fc}rcode der Kanzlei lautet {code}. Die {word} wird dar\u{fc}ber nicht unterrichtet, und wer ihn \
                 weitergibt, verliert den Zugang zu allen R\u{e4}umen des Hauses.\n"
            )
            .into_bytes(),
        }
    }

    fn tells(&self, page: &str) -> Option<&'static str> {
        let page = page.to_lowercase();
        let word = self.misspelled.1;
        self.secrets.into_iter().chain([word]).find(|secret| page.contains(&secret.to_lowercase()))
    }
}

struct World {
    portal: Portal,
    /// By the file's name.
    documents: BTreeMap<&'static str, (String, String)>,
    cookies: BTreeMap<&'static str, String>,
    /// Of a program that acts for each.
    tokens: BTreeMap<&'static str, String>,
}

impl World {
    async fn new() -> Self {
        // More is asked here than anybody asks.
        let footnote = Footnote::new().set("serve.questions_per_minute", "0");
        let folder = tempfile::tempdir().unwrap();
        for paper in &PAPERS {
            write(&folder.path().join(paper.collection).join(paper.file), paper.content());
        }
        let mut documents = BTreeMap::new();
        for collection in ["open", "hr", "legal"] {
            let path = folder.path().join(collection);
            let lines = footnote.run(&["ingest", "--json", path.to_str().unwrap(), "--collection", collection]).ok().json_lines();
            for line in lines.iter().filter(|line| line["status"] == "indexed") {
                let path = line["path"].as_str().unwrap();
                let paper = PAPERS.iter().find(|paper| path.ends_with(paper.file)).unwrap();
                let [document, revision] = ["document", "revision"].map(|key| line[key].as_str().unwrap().to_owned());
                documents.insert(paper.file, (document, revision));
            }
        }
        assert_eq!(documents.len(), PAPERS.len());
        let portal = Portal::start(footnote).await;
        let mut cookies = BTreeMap::from([("Ada", portal.cookie.clone())]);
        for (name, role, groups) in PEOPLE {
            cookies.insert(name, portal.join(name, role, groups).await);
        }
        for (collection, group, access) in GRANTS {
            _ = portal.footnote.run(&["collections", "grant", collection, group, access]).ok();
        }
        let mut tokens = BTreeMap::new();
        for (who, cookie) in &cookies {
            tokens.insert(*who, portal.token(cookie, true).await);
        }
        let world = Self { portal, documents, cookies, tokens };
        world.restrict("quorvex.pdf", "Council").await;
        world
    }

    /// By the administrator's form.
    async fn restrict(&self, file: &str, group: &str) {
        let path = format!("/documents/{}/access", self.documents[file].0);
        let (_, page) = self.portal.get(&path).await;
        let (before, _) = page.split_once(&format!("> {group}</label>")).expect("the group");
        let id = before.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap();
        let response = self.portal.send(&self.portal.cookie, &path, &[("restricted", "yes"), ("group", id)]).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
    }

    async fn page(&self, who: &str, path: &str) -> String {
        let response = self.portal.request(Method::GET, &self.cookies[who], path, None).await;
        assert!(!response.status().is_server_error(), "{who} {path}: {}", response.status());
        String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned()
    }

    /// Everything that somebody can call up about a document, by every way: its name, and what came back.
    async fn ways(&self, who: &str, paper: &Paper) -> Vec<(String, String)> {
        let (document, revision) = &self.documents[paper.file];
        let title = escaped(paper.secrets[0]);
        let addresses = [
            ("home", "/".to_owned()),
            ("list", "/documents".to_owned()),
            ("list by collection", format!("/documents?collection={}", paper.collection)),
            ("document", format!("/documents/{document}")),
            ("revision", format!("/documents/{document}?revision={revision}&page=1&start=0&end=20")),
            ("image", format!("/documents/{document}/pages/1/image?revision={revision}")),
            ("original", format!("/documents/{document}/original")),
            ("access", format!("/documents/{document}/access")),
            ("conversations", "/conversations".to_owned()),
            ("people", "/admin/people".to_owned()),
            ("collections", "/admin/collections".to_owned()),
            ("trail", format!("/audit?object=document:{document}")),
            ("export", "/audit/export.jsonl".to_owned()),
        ];
        let mut ways = Vec::new();
        for (way, address) in addresses {
            ways.push((way.to_owned(), self.page(who, &address).await));
        }
        // What was typed is shown again; what was found is not to be.
        let found = self.page(who, &format!("/documents?find={title}")).await;
        ways.push(("find".into(), found.split("<ul class=\"documents\">").nth(1).unwrap_or_default().to_owned()));
        let words = paper.question.replace(' ', "+").replace('?', "").replace('\u{fc}', "%C3%BC");
        for (way, address) in [
            ("search", format!("/search?q={words}")),
            ("search in the collection", format!("/search?q={words}&collection={}", paper.collection)),
            ("misspelled search", format!("/search?q={}", paper.misspelled.0)),
        ] {
            ways.push((way.into(), self.page(who, &address).await));
        }
        for (way, question, form) in [
            ("ask", paper.question.to_owned(), Vec::new()),
            ("ask in the collection", paper.question.to_owned(), vec![("collection", paper.collection)]),
            ("misspelled", format!("What is a {}?", paper.misspelled.0), Vec::new()),
        ] {
            let form: Vec<(&str, &str)> = form.into_iter().chain([("q", question.as_str())]).collect();
            let response = self.portal.send(&self.cookies[who], "/ask", &form).await;
            let place = response.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
            let page = match place {
                Some(place) => self.page(who, &place).await,
                None => response.text().await.unwrap(),
            };
            let question = question.replace('\u{fc}', "&#252;");
            ways.push((way.into(), page.replace(&question, "")));
        }
        ways.extend(self.ways_of_programs(who, paper).await);
        // Their own words are shown to them again, in titles of conversations, too.
        ways.into_iter().map(|(way, page)| (way, page.replace(paper.misspelled.0, ""))).collect()
    }

    /// The same by a program, which is told no more.
    async fn ways_of_programs(&self, who: &str, paper: &Paper) -> Vec<(String, String)> {
        // Whoever is viewed as gets no program.
        let Some(token) = self.tokens.get(who) else { return Vec::new() };
        let (document, revision) = &self.documents[paper.file];
        let words = escaped(paper.question);
        let addresses = [
            ("list", "/api/v1/documents".to_owned()),
            ("find", format!("/api/v1/documents?find={}", escaped(paper.secrets[0]))),
            ("document", format!("/api/v1/documents/{document}")),
            ("page", format!("/api/v1/documents/{document}/pages/1")),
            ("revision", format!("/api/v1/documents/{document}/pages/1?revision={revision}")),
            ("image", format!("/api/v1/documents/{document}/pages/1/image")),
            ("original", format!("/api/v1/documents/{document}/original")),
            ("search", format!("/api/v1/search?q={words}")),
            ("search in the collection", format!("/api/v1/search?q={words}&collection={}", paper.collection)),
            ("misspelled search", format!("/api/v1/search?q={}", paper.misspelled.0)),
            ("answers", "/api/v1/answers".to_owned()),
            ("trail", "/api/v1/audit/export.jsonl".to_owned()),
            ("models", "/v1/models".to_owned()),
        ];
        let mut ways = Vec::new();
        let mut told = async |way: &str, method: Method, path: &str, body: Option<Value>| {
            let (status, answer) = self.portal.call(token, method, path, body.as_ref()).await;
            assert!(!status.is_server_error(), "{who} {path}: {status} {answer}");
            // What was asked is told again.
            let answer = answer.to_string().replace(&json!(paper.question).to_string(), "").replace(paper.question, "");
            ways.push((format!("program: {way}"), answer));
        };
        for (way, path) in addresses {
            told(way, Method::GET, &path, None).await;
        }
        let misspelled = format!("What is a {}?", paper.misspelled.0);
        for (way, question, collection) in
            [("ask", paper.question, ""), ("ask in the collection", paper.question, paper.collection), ("misspelled", &misspelled, "")]
        {
            told(way, Method::POST, "/api/v1/answers", Some(json!({ "question": question, "collection": collection }))).await;
        }
        let asked = json!({ "question": paper.question, "conversation": "new" });
        let (_, asked) = self.portal.call(token, Method::POST, "/api/v1/answers", Some(&asked)).await;
        let conversation = format!("/api/v1/conversations/{}", asked["conversation"].as_str().unwrap());
        told("conversation", Method::GET, &conversation, None).await;
        told("conversations", Method::GET, "/api/v1/conversations", None).await;
        for (way, model) in [("chat", "footnote".to_owned()), ("chat in the collection", format!("footnote/{}", paper.collection))] {
            let request = json!({ "model": model, "messages": [{ "role": "user", "content": paper.question }] });
            told(way, Method::POST, "/v1/chat/completions", Some(request)).await;
        }
        let request = json!({ "model": "footnote", "stream": true, "messages": [{ "role": "user", "content": paper.question }] });
        told("chat, streamed", Method::POST, "/v1/chat/completions", Some(request)).await;
        ways
    }

    async fn check(&self, readable: impl Fn(&str, &Paper) -> bool) {
        for who in PEOPLE.iter().map(|person| person.0).chain(["Ada"]) {
            for paper in &PAPERS {
                let may = who == "Ada" || readable(who, paper);
                let ways = self.ways(who, paper).await;
                if may {
                    let ways_in =
                        ["list", "document", "find", "ask", "ask in the collection", "search", "search in the collection", "original"];
                    let by_program =
                        ["page", "conversation", "chat", "chat in the collection", "chat, streamed"].into_iter().chain(ways_in);
                    let by_program = by_program.filter(|_| self.tokens.contains_key(who)).map(|way| format!("program: {way}"));
                    for way in ways_in.into_iter().map(str::to_owned).chain(by_program) {
                        let page = &ways.iter().find(|known| known.0 == way).unwrap().1;
                        // Files of PDF are compressed by nobody here, so that their text shows in the original.
                        assert!(paper.tells(page).is_some(), "{who} may read {} but not by {way}: {page}", paper.file);
                    }
                    continue;
                }
                for (way, page) in &ways {
                    // An auditor sees in the trail what was published, by its path: that is what the role is for.
                    if who == "Aud" && matches!(way.as_str(), "trail" | "export" | "program: trail") {
                        continue;
                    }
                    assert_eq!(paper.tells(page), None, "{who} must not see {} by {way}: {page}", paper.file);
                }
            }
            let count = PAPERS.iter().filter(|paper| who == "Ada" || readable(who, paper)).count();
            let said = match count {
                1 => "One document".to_owned(),
                count => format!("{count} documents"),
            };
            assert!(self.page(who, "/documents").await.contains(&said), "{who}: {said}");
            let home = self.page(who, "/").await;
            assert_eq!(home.contains(&format!("{said} can be asked")), count > 0, "{who}: {said}");
            // Not by what there is to choose from, either.
            let names: Vec<&str> = ["open", "hr", "legal"]
                .into_iter()
                .filter(|name| PAPERS.iter().any(|paper| paper.collection == *name && (who == "Ada" || readable(who, paper))))
                .collect();
            for name in ["open", "hr", "legal"] {
                let offered = home.contains(&format!("<option value=\"{name}\""));
                assert_eq!(offered, names.contains(&name) && names.len() > 1, "{who} is offered {name}");
            }
            let legal = names.contains(&"legal");
            assert_eq!(home.contains(">German</option>"), legal, "{who} sees a language");
            assert_eq!(home.contains(">CSV") || home.contains("csv"), legal, "{who} sees a format");
        }
    }
}

#[tokio::test]
async fn nobody_gets_what_they_may_not_read_by_any_way() {
    let world = World::new().await;
    world.check(|who, paper| paper.readers.contains(&who)).await;

    // A shared conversation shows each what they may read themselves.
    let council = &PAPERS[2];
    let (page, place) = world.portal.ask_as(&world.cookies["Cora"], council.question, &[]).await;
    assert!(council.tells(&page).is_some());
    for who in ["Rea", "Hera", "Edi", "Aud", "Ada"] {
        let (status, page) = world.portal.get_as(&world.cookies[who], &place).await;
        assert_eq!((status, council.tells(&page)), (StatusCode::NOT_FOUND, None), "{who}: not even that it is there");
        let (status, _) = world.portal.call(&world.tokens[who], Method::GET, &format!("/api/v1{place}"), None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{who}, by a program");
        let response = world.portal.send(&world.cookies[who], "/ask", &[("q", "And on Sundays?"), ("conversation", &place[15..])]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{who} asks in somebody else's conversation");
        for change in ["share", "delete"] {
            let response = world.portal.send(&world.cookies[who], &format!("{place}/{change}"), &[("shared", "yes")]).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{who}: {change}");
        }
    }
    let response = world.portal.send(&world.cookies["Cora"], &format!("{place}/share"), &[("shared", "yes")]).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    for who in ["Rea", "Hera", "Edi", "Aud"] {
        let (status, page) = world.portal.get_as(&world.cookies[who], &place).await;
        assert_eq!((status, council.tells(&page)), (StatusCode::OK, None), "{who}: {page}");
        assert!(page.contains("Something is left out here"), "{who}: {page}");
        let (status, shared) = world.portal.call(&world.tokens[who], Method::GET, &format!("/api/v1{place}"), None).await;
        assert_eq!((status, council.tells(&shared.to_string())), (StatusCode::OK, None), "{who}: {shared}");
        assert_eq!(shared["exchanges"][0]["answer"]["withheld"], true, "{who}: {shared}");
    }
    let (_, page) = world.portal.get(&place).await;
    assert!(council.tells(&page).is_some(), "who may read the source sees it");

    // An administrator who views as somebody gets what they would get, and nothing of their own rights.
    let people = world.portal.get("/admin/people").await.1;
    let hera = people.split(">Hera</a>").next().unwrap().rsplit_once("/admin/people/").unwrap().1.trim_end_matches('"').to_owned();
    let before = world.portal.sign_in(footnote_tests::ADMINISTRATOR).await;
    assert_eq!(world.portal.send(&before, "/admin/view-as", &[("person", &hera)]).await.status(), StatusCode::SEE_OTHER);
    let World { portal, documents, cookies, tokens } = world;
    let viewing = World { cookies: BTreeMap::from([("Hera", before.clone())]), tokens: BTreeMap::new(), portal, documents };
    for paper in &PAPERS {
        for (way, page) in viewing.ways("Hera", paper).await {
            assert!(paper.readers.contains(&"Hera") || paper.tells(&page).is_none(), "viewing as Hera, {} by {way}", paper.file);
        }
    }
    assert_eq!(viewing.portal.get_as(&before, "/admin/people").await.0, StatusCode::FORBIDDEN);
    // It takes no opinion, later either: that would be a record of the administrator's own.
    let (page, asked) = viewing.portal.ask_as(&before, PAPERS[0].question, &[]).await;
    assert!(!page.contains("/feedback"), "{page}");
    let answer = page.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(viewing.portal.send(&before, "/admin/view-as", &[]).await.status(), StatusCode::SEE_OTHER);
    assert!(!viewing.portal.get_as(&before, &asked).await.1.contains("/feedback"));
    let said = viewing.portal.send(&before, &format!("/answers/{answer}/feedback"), &[("verdict", "helpful")]).await;
    assert_eq!(said.status(), StatusCode::NOT_FOUND);
    let world = World { cookies, tokens, ..viewing };

    // What is taken away is gone at the next request of a session that goes on, in what was answered before as well.
    let hr = &PAPERS[1];
    let (page, place) = world.portal.ask_as(&world.cookies["Hera"], hr.question, &[]).await;
    assert!(hr.tells(&page).is_some());
    _ = world.portal.footnote.run(&["collections", "grant", "hr", "Personnel", "none"]).ok();
    let (status, page) = world.portal.get_as(&world.cookies["Hera"], &place).await;
    assert_eq!((status, hr.tells(&page)), (StatusCode::OK, None), "{page}");
    world.check(|who, paper| paper.readers.contains(&who) && paper.collection != "hr").await;
    _ = world.portal.footnote.run(&["users", "disable", "hera@example.com"]).ok();
    assert_eq!(world.portal.get_as(&world.cookies["Hera"], "/").await.0, StatusCode::SEE_OTHER, "to the page that signs in");
    assert_eq!(world.portal.call(&world.tokens["Hera"], Method::GET, "/api/v1/me", None).await.0, StatusCode::UNAUTHORIZED);
    let whole = world.portal.footnote.run(&["audit", "verify"]);
    assert_eq!(whole.code, 0, "{}", whole.stdout);
}

#[tokio::test]
async fn whoever_is_not_signed_in_gets_nothing() {
    let world = World::new().await;
    let (document, revision) = &world.documents["marbelo.md"];
    let (_, place) = world.portal.ask_as(&world.portal.cookie, PAPERS[0].question, &[]).await;
    for path in [
        "/".to_owned(),
        "/documents".to_owned(),
        format!("/documents/{document}"),
        format!("/documents/{document}/original?revision={revision}"),
        format!("/documents/{document}/pages/1/image"),
        place.clone(),
        format!("{place}/events"),
        "/conversations".to_owned(),
        "/audit".to_owned(),
        "/audit/export.csv".to_owned(),
        "/admin/people".to_owned(),
        "/account".to_owned(),
        "/nowhere".to_owned(),
    ] {
        for cookie in ["", "footnote=0000", "footnote="] {
            let (status, page) = world.portal.get_as(cookie, &path).await;
            assert!(matches!(status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED), "{path}: {status}");
            assert!(PAPERS.iter().all(|paper| paper.tells(&page).is_none()), "{path}: {page}");
        }
    }
    for path in ["/ask", "/admin/people", "/admin/groups", "/admin/view-as", "/account/password", "/sign-out"] {
        let form = [("q", "x"), ("name", "x"), ("email", "x@example.com"), ("role", "administrator"), ("present", "x"), ("new", "x")];
        let response = world.portal.send("", path, &form).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    // Roles are asked for by every page that needs one.
    for (who, path, expected) in [
        ("Rea", "/audit", StatusCode::FORBIDDEN),
        ("Edi", "/audit/export.csv", StatusCode::FORBIDDEN),
        ("Aud", "/audit", StatusCode::OK),
        ("Aud", "/admin/people", StatusCode::FORBIDDEN),
        ("Edi", "/admin/collections", StatusCode::FORBIDDEN),
        ("Rea", "/admin/groups", StatusCode::FORBIDDEN),
        ("Ada", "/admin/groups", StatusCode::OK),
    ] {
        assert_eq!(world.portal.get_as(&world.cookies[who], path).await.0, expected, "{who} {path}");
    }
    for (path, form) in [
        ("/admin/people", &[("name", "Eve"), ("email", "eve@example.com"), ("role", "administrator")][..]),
        ("/admin/groups", &[("name", "Mine")]),
        ("/admin/collections", &[("name", "Mine")]),
        ("/admin/view-as", &[("person", "00000000-0000-7000-8000-000000000009")]),
    ] {
        let response = world.portal.send(&world.cookies["Edi"], path, form).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
    }
}
