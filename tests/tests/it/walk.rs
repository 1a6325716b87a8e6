//! The whole way of a company with the portal, in a real browser: set up, invite, publish, ask, read, audit. With scripts and without.

use std::{path::PathBuf, time::Duration};

use footnote_tests::{Browser, Footnote, PASSWORD, Portal, write};
use serde_json::json;
use thirtyfour::{By, WebDriver, prelude::*};

use crate::publish::{publish, read};

const PATIENCE: Duration = Duration::from_secs(120);

async fn appears(driver: &WebDriver, css: &str) -> WebElement {
    driver.query(By::Css(css.to_owned())).wait(PATIENCE, Duration::from_millis(50)).first().await.unwrap_or_else(|e| panic!("{css}: {e}"))
}

async fn fill(driver: &WebDriver, css: &str, text: &str) {
    let field = appears(driver, css).await;
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// A click, and the page that comes of it.
async fn click(driver: &WebDriver, css: &str) {
    appears(driver, css).await.click().await.unwrap();
}

async fn text(driver: &WebDriver, css: &str) -> String {
    appears(driver, css).await.text().await.unwrap()
}

/// Waits until a page that is on its way says so: a click does not wait for what comes of it.
async fn says(driver: &WebDriver, css: &str, wanted: &str) {
    let mut seen = String::new();
    for _ in 0..200 {
        // The element may belong to the page before, which is gone by now.
        if let Ok(element) = driver.find(By::Css(css.to_owned())).await {
            seen = element.text().await.unwrap_or_default();
        }
        if seen.contains(wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{css} does not say {wanted:?}: {seen}");
}

/// What axe-core has to say about a page, by WCAG 2.2 AA; and whether it fits.
async fn accessible(driver: &WebDriver, axe: &str) {
    let address = driver.current_url().await.unwrap();
    driver.execute(axe, vec![]).await.unwrap();
    let script = "const done = arguments[arguments.length - 1]; \
         axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }) \
         .then(found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('\\n'))), e => done(['' + e]));";
    let found = driver.execute_async(script, vec![]).await.unwrap();
    let findings: Vec<String> = found.convert().unwrap();
    assert!(findings.is_empty(), "{address}: {findings:#?}");
    let fits = driver.execute("return document.documentElement.scrollWidth <= innerWidth;", vec![]).await.unwrap();
    assert_eq!(fits.json(), &true, "{address} is wider than the screen");
}

fn axe() -> String {
    let libraries = std::env::var_os("FOOTNOTE_LIB_DIR").map_or_else(|| footnote_tests::root().join("lib"), PathBuf::from);
    let path = libraries.join("python/axe_playwright_python/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; run `deploy/setup/run --tests`", path.display()))
}

/// Pages that are looked at are kept as pictures where this names a folder.
async fn look(driver: &WebDriver, name: &str) {
    if let Some(folder) = std::env::var_os("TEST_SCREENSHOTS") {
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        // From top to bottom: the window is made as tall as the page. A phone's size is emulated, and so is its height.
        let script = "return [innerWidth, document.documentElement.scrollHeight, devicePixelRatio, innerHeight];";
        let size: (u32, u32, f64, u32) = driver.execute(script, vec![]).await.unwrap().convert().unwrap();
        let tools = driver.cdp();
        let whole = json!({ "width": size.0, "height": size.1, "deviceScaleFactor": size.2, "mobile": false });
        tools.send_raw("Emulation.setDeviceMetricsOverride", whole).await.unwrap();
        driver.screenshot(&folder.join(format!("{name}.png"))).await.unwrap();
        let before = json!({ "width": size.0, "height": size.3, "deviceScaleFactor": size.2, "mobile": size.0 < 500 });
        tools.send_raw("Emulation.setDeviceMetricsOverride", before).await.unwrap();
    }
}

async fn walk(scripts: bool) {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    let handbook = folder.path().join("leave.md");
    write(&handbook, "# Leave\n\nEmployees have 28 days of annual leave. Requests go to the line manager two weeks ahead.\n");
    let (portal, link) = Portal::start_bare(footnote);
    let link = link.expect("a link for the first administrator");
    let kind = if scripts { "with" } else { "without" };
    let browser = Browser::open(1280, 900, scripts).await.unwrap();
    let driver = &browser.driver;

    // First start: whoever has the link makes the first account.
    driver.goto(&portal.url).await.unwrap();
    says(driver, "main", "link on the console").await;
    driver.goto(&link).await.unwrap();
    appears(driver, "#name").await;
    look(driver, &format!("start-{kind}")).await;
    fill(driver, "#name", "Ada Moss").await;
    fill(driver, "#email", "ada@example.com").await;
    fill(driver, "#password", "password1234").await;
    click(driver, "main button").await;
    says(driver, ".failed", "easy to guess").await;
    look(driver, &format!("start-refused-{kind}")).await;
    fill(driver, "#password", PASSWORD).await;
    click(driver, "main button").await;
    says(driver, ".shelf", "Nothing to read yet").await;

    // A collection, a group that reads it, and somebody in that group.
    driver.goto(&format!("{}/admin/groups", portal.url)).await.unwrap();
    fill(driver, "#name", "Staff").await;
    click(driver, "form.row button").await;
    says(driver, "main", "Staff").await;
    driver.goto(&format!("{}/admin/collections", portal.url)).await.unwrap();
    fill(driver, "#name", "HR policies").await;
    click(driver, "form.row button").await;
    let selects = driver.query(By::Css(".grants select")).wait(PATIENCE, Duration::from_millis(50)).all_from_selector().await.unwrap();
    selects[1].send_keys("may read and publish").await.unwrap();
    click(driver, ".grants button").await;
    appears(driver, ".grants option[value=edit][selected]").await;
    look(driver, &format!("collections-{kind}")).await;
    driver.goto(&format!("{}/admin/people", portal.url)).await.unwrap();
    fill(driver, "#name", "Ben Hale").await;
    fill(driver, "#email", "ben@example.com").await;
    appears(driver, "#role").await.send_keys("Editor").await.unwrap();
    click(driver, "input[name=group]").await;
    click(driver, "form.form button").await;
    let invitation = appears(driver, "input.link").await.value().await.unwrap().unwrap();
    look(driver, &format!("invited-{kind}")).await;
    assert!(invitation.starts_with(&format!("{}/join/", portal.url)), "{invitation}");
    click(driver, "form[action='/sign-out'] button").await;
    appears(driver, "#password").await;

    // Invited, in the same browser: a password, and in.
    driver.goto(&invitation).await.unwrap();
    says(driver, "h1", "Ben Hale").await;
    look(driver, &format!("join-{kind}")).await;
    fill(driver, "#password", PASSWORD).await;
    click(driver, "main button").await;
    says(driver, ".shelf", "Nothing to read yet").await;
    driver.goto(&format!("{}/admin/people", portal.url)).await.unwrap();
    says(driver, "h1", "Not for you").await;
    look(driver, &format!("forbidden-{kind}")).await;

    // Published, read, asked.
    driver.goto(&format!("{}/publish", portal.url)).await.unwrap();
    appears(driver, "#file").await.send_keys(handbook.to_str().unwrap()).await.unwrap();
    click(driver, "form.publish button").await;
    // Whoever loads the page again before the file is sent takes it back.
    says(driver, "[data-jobs]", "leave.md").await;
    if !scripts {
        let mut waited = 0;
        while !text(driver, "[data-jobs]").await.contains("can be asked now") {
            waited += 1;
            assert!(waited < 300, "{}", text(driver, "main").await);
            tokio::time::sleep(Duration::from_millis(200)).await;
            // By its address, which waits for the page as a click does not.
            driver.goto(&format!("{}/publish", portal.url)).await.unwrap();
        }
    }
    says(driver, "[data-jobs]", "can be asked now").await;
    look(driver, &format!("published-{kind}")).await;
    driver.goto(&portal.url).await.unwrap();
    fill(driver, "#q", "How many days of annual leave are there?").await;
    click(driver, "form.ask button").await;
    says(driver, ".quotes blockquote p:not(.lead-in)", "28 days").await;
    appears(driver, ".verdict .status").await;
    look(driver, &format!("answer-{kind}")).await;
    click(driver, ".quotes a.source").await;
    says(driver, "mark#passage", "28 days").await;
    look(driver, &format!("document-{kind}")).await;
    // Where there is room and scripts run, beside the answer; closed, what was asked is still there.
    if scripts {
        assert!(driver.current_url().await.unwrap().path().starts_with("/conversations/"));
        appears(driver, ".beside-answer .bar a").await;
        click(driver, ".beside-answer .bar button").await;
        assert!(driver.find_all(By::Css(".beside-answer")).await.unwrap().is_empty());
        says(driver, ".quotes", "28 days").await;
    } else {
        assert!(driver.current_url().await.unwrap().path().starts_with("/documents/"));
    }

    // What no document says is refused.
    driver.goto(&portal.url).await.unwrap();
    fill(driver, "#q", "Who won the chess tournament in Reykjavik?").await;
    click(driver, "form.ask button").await;
    says(driver, ".verdict .status", "I did not find this").await;
    look(driver, &format!("refused-{kind}")).await;
    // It waits for the editors; whoever asks again gets what one of them answered, with its source.
    driver.goto(&format!("{}/questions", portal.url)).await.unwrap();
    says(driver, "ul.documents", "asked once without an answer").await;
    look(driver, &format!("questions-{kind}")).await;
    click(driver, "ul.documents a").await;
    says(driver, "h1", "chess tournament").await;
    click(driver, "input[name=passage]").await;
    fill(driver, "#text", "Requests go to the line manager two weeks ahead.").await;
    look(driver, &format!("question-{kind}")).await;
    click(driver, ".sources ~ .form button").await;
    says(driver, "main", "Answered by editors").await;
    driver.goto(&portal.url).await.unwrap();
    fill(driver, "#q", "Who won the chess tournament in Reykjavik?").await;
    click(driver, "form.ask button").await;
    says(driver, ".answer .sentence", "two weeks ahead").await;
    says(driver, ".verdict .status", "Answered by Ben Hale").await;
    look(driver, &format!("verified-{kind}")).await;
    driver.goto(&format!("{}/conversations", portal.url)).await.unwrap();
    assert_eq!(driver.find_all(By::Css(".documents li")).await.unwrap().len(), 3);
    click(driver, ".documents li:last-child a").await;
    says(driver, ".quotes", "28 days").await;
    click(driver, "form[action='/sign-out'] button").await;
    appears(driver, "#password").await;

    // The administrator sees in the trail what was done, and takes it along.
    fill(driver, "#email", "ada@example.com").await;
    fill(driver, "#password", PASSWORD).await;
    click(driver, "main button").await;
    appears(driver, "#q").await;
    driver.goto(&format!("{}/audit", portal.url)).await.unwrap();
    let rows = text(driver, ".list").await;
    for done in ["invited", "joined", "published", "asked", "was answered", "read", "answered as an editor", "signed out"] {
        assert!(rows.contains(done), "{done} is not in {rows}");
    }
    look(driver, &format!("audit-{kind}")).await;
    let cookie = driver.get_named_cookie("footnote").await.unwrap();
    let (status, exported) = portal.get_as(&format!("footnote={}", cookie.value), "/audit/export.csv").await;
    assert_eq!(status, 200);
    assert!(
        exported.starts_with("seq,at,actor,name,action,object,details,hash\r\n") && exported.contains("\"Ben Hale\",\"question.asked\""),
        "{exported}"
    );
    click(driver, "form[action='/sign-out'] button").await;
    appears(driver, "#password").await;
    assert_eq!(portal.get_as(&format!("footnote={}", cookie.value), "/audit").await.0, 303, "the session is over");
    browser.close().await.unwrap();
}

#[tokio::test]
async fn from_the_first_start_to_the_audit_with_scripts() {
    walk(true).await;
}

#[tokio::test]
async fn from_the_first_start_to_the_audit_without_scripts() {
    walk(false).await;
}

/// Every page, wide and narrow, in English and German, light and dark: nothing that axe-core finds, nothing that sticks out.
#[tokio::test]
async fn every_page_is_for_everyone() {
    let portal = Portal::start(footnote_tests::with_demo()).await;
    portal.join("Ben", "reader", "Staff").await;
    _ = portal.footnote.run(&["collections", "grant", "default", "Everyone", "read"]).ok();
    let (_, conversation) = portal.ask_as(&portal.cookie, "When am I allowed to fly business class?", &[]).await;
    let (_, refused) = portal.ask_as(&portal.cookie, "Who won the chess tournament in Reykjavik?", &[]).await;
    let (_, list) = portal.get("/documents?find=Travel").await;
    let document = list.split("href=\"/documents/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (_, questions) = portal.get("/questions").await;
    let question = questions.split("href=\"/questions/").nth(1).unwrap().split('"').next().unwrap();
    let question = format!("/questions/{question}");
    portal.token(&portal.cookie, true).await;
    _ = portal.footnote.run(&["audit", "privacy", "on"]).ok();
    portal.ask_as(&portal.cookie, "When am I allowed to fly business class?", &[]).await;
    let (_, trail) = portal.get("/audit?action=question.asked").await;
    let pseudonym = trail.split("<td>pseudonym ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(portal.send(&portal.cookie, "/audit/disclosures", &[("pseudonym", &pseudonym), ("reason", "Case 7")]).await.status(), 303);
    let (_, people) = portal.get("/admin/people").await;
    let person = people.split("href=\"/admin/people/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let files: [(&str, &[u8]); 2] = [("parking.md", b"# Parking\n\nVisitors park in bay 17.\n"), ("broken.pdf", b"this is no PDF")];
    publish(&portal, &portal.cookie, "default", &files).await;
    read(&portal, &portal.cookie).await;
    let invited = portal.footnote.run(&["users", "invite", "cara@example.com", "--name", "Cara", "--role", "editor"]).ok();
    let join = invited.stdout.split_whitespace().find(|word| word.contains("/join/")).unwrap();
    let join = format!("/join/{}", join.split("/join/").nth(1).unwrap());
    let answer = portal.footnote.run(&["answers", "list", "--json"]).ok().json_lines()[0]["id"].as_str().unwrap().to_owned();
    let pages = [
        ("home", "/".to_owned()),
        ("conversation", conversation),
        ("refused", refused),
        ("conversations", "/conversations".to_owned()),
        ("search", "/search?q=business+class".to_owned()),
        ("documents", "/documents".to_owned()),
        ("document", format!("/documents/{document}?page=1&start=0&end=40")),
        ("found", format!("/documents/{document}?find=class")),
        ("questions", "/questions".to_owned()),
        ("question", question),
        ("access", format!("/documents/{document}/access")),
        ("publish", "/publish".to_owned()),
        ("account", "/account".to_owned()),
        ("people", "/admin/people".to_owned()),
        ("person", format!("/admin/people/{person}")),
        ("groups", "/admin/groups".to_owned()),
        ("collections", "/admin/collections".to_owned()),
        ("usage", "/admin/usage".to_owned()),
        ("jobs", "/admin/jobs".to_owned()),
        ("health", "/admin/health".to_owned()),
        ("audit", "/audit".to_owned()),
        ("disclosures", "/audit/disclosures".to_owned()),
        ("record", format!("/audit/answers/{answer}")),
        ("missing", "/nowhere".to_owned()),
        ("sign-in", "/sign-in".to_owned()),
        ("join", join),
    ];
    let axe = axe();
    for (width, height, size) in [(1280, 900, "wide"), (390, 844, "narrow")] {
        for (language, dark) in [("en", false), ("de", true)] {
            let response = portal.send(&portal.cookie, "/account/language", &[("language", language)]).await;
            assert_eq!(response.status(), 303);
            let browser = Browser::open_in(width, height, true, dark).await.unwrap();
            browser.sign_in(&portal).await.unwrap();
            let driver = &browser.driver;
            for (name, path) in &pages {
                if *name == "sign-in" {
                    driver.delete_cookie("footnote").await.unwrap();
                }
                driver.goto(&format!("{}{path}", portal.url)).await.unwrap();
                appears(driver, "main h1").await;
                look(driver, &format!("{name}-{size}-{}", if dark { "dark" } else { "light" })).await;
                accessible(driver, &axe).await;
                if *name == "home" && size == "narrow" {
                    // The menu is folded, and is unfolded by a key.
                    assert!(!appears(driver, ".top nav .links").await.is_displayed().await.unwrap());
                    appears(driver, ".top nav summary").await.send_keys("\u{e007}").await.unwrap();
                    assert!(appears(driver, "a[href='/admin/people']").await.is_displayed().await.unwrap());
                    look(driver, &format!("menu-{size}-{}", if dark { "dark" } else { "light" })).await;
                    accessible(driver, &axe).await;
                }
            }
            browser.close().await.unwrap();
        }
    }
}
