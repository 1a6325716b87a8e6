//! Scanned pages: read as well as print, also when they lie on their side or askew, and cited at their place.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use extraction::{Extracted, isolation::Workers};
use footnote_tests::{Footnote, Picture, Portal, demo_documents, scanned_pdf, write};

const RESOLUTION: u32 = 200;
/// A4 is 8.27 inches wide.
const WIDTH: u16 = 1654;

struct Handbook {
    workers: Workers,
    digital: Extracted,
    pictures: Vec<Picture>,
}

/// The travel policy of the demo, printed to pictures.
async fn printed() -> Handbook {
    let workers = Footnote::new().workers();
    let bytes = std::fs::read(demo_documents().join("travel.pdf")).unwrap();
    let digital = workers.extract("travel.pdf", bytes.clone()).await.unwrap();
    let mut pictures = Vec::new();
    for page in 1..=i32::try_from(digital.pages.len()).unwrap() {
        pictures.push(Picture::of_png(&workers.draw(bytes.clone(), page, WIDTH).await.unwrap()));
    }
    Handbook { workers, digital, pictures }
}

fn words(read: &Extracted) -> HashMap<String, usize> {
    let text: String = read.pages.iter().map(|page| page.plain_text() + "\n").collect();
    let mut counts = HashMap::new();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.for_each(|word| *counts.entry(word.to_lowercase()).or_default() += 1);
    counts
}

/// The harmonic mean of precision and recall over words, each as often as it occurs.
fn f1(a: &HashMap<String, usize>, b: &HashMap<String, usize>) -> f64 {
    let common: usize = a.iter().map(|(word, count)| count.min(b.get(word).unwrap_or(&0))).sum();
    2.0 * common as f64 / (a.values().sum::<usize>() + b.values().sum::<usize>()) as f64
}

#[tokio::test]
async fn words_are_read_whichever_way_the_paper_lies() {
    let Handbook { workers, digital, pictures } = printed().await;
    let turned: Vec<Picture> = pictures.iter().map(Picture::turned).collect();
    let askew: Vec<Picture> = pictures.iter().map(|picture| picture.askew(2.0)).collect();
    for (how, pictures) in [("straight", pictures), ("on its side", turned), ("askew", askew)] {
        let scan = scanned_pdf(&pictures, RESOLUTION);
        let read = workers.extract("scan.pdf", scan).await.unwrap();
        let f1 = f1(&words(&read), &words(&digital));
        println!("{how}: word F1 {f1:.4}");
        // Running headers may be taken out of the one and not of the other.
        assert!(f1 >= 0.97, "{how}: {f1}");
        let words: Vec<_> = read.pages.iter().flat_map(|page| &page.layout.as_ref().unwrap().words).collect();
        assert!(words.len() > 500 && words.iter().all(|word| word.confidence.is_some()), "how sure it is of each word is known");
        assert!(read.pages.iter().any(|page| page.text.contains("30 minutes")), "{how}");
    }
}

#[tokio::test]
async fn an_answer_out_of_a_scan_opens_at_its_page_and_place() {
    let Handbook { digital, pictures, .. } = printed().await;
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("travel-scan.pdf"), scanned_pdf(&pictures.iter().map(Picture::turned).collect::<Vec<_>>(), RESOLUTION));
    let outcomes = footnote.ingest(folder.path());
    assert_eq!(outcomes[0]["status"], "indexed", "{outcomes:?}");
    let answer = footnote.run(&["ask", "When are taxis allowed?", "--json"]).ok().json();
    assert_ne!(answer["status"], "abstained", "{answer}");
    let citations = answer["citations"].as_array().unwrap();
    let cited = citations.iter().find(|c| c["quote"].as_str().unwrap().contains("Taxis")).expect("a citation about taxis");
    assert!(cited["confidence"].as_i64().unwrap() > 60, "{cited}");

    // The page of the printed policy that says it, and where on it.
    let page = digital.pages.iter().find(|page| page.number == i32::try_from(cited["page"].as_i64().unwrap()).unwrap()).unwrap();
    let layout = page.layout.as_ref().unwrap();
    let is_meant = |text: &str| text == "Taxis";
    let expected = layout.words.iter().filter(|word| is_meant(&page.text[word.range.clone()]));
    // Turned against the clock: what was right is up now.
    let places: Vec<(f32, f32)> =
        expected.map(|word| ((word.top + word.bottom) / 2.0, layout.width - (word.left + word.right) / 2.0)).collect();
    assert!(!places.is_empty(), "page {} speaks of taxis", page.number);

    let portal = Portal::start(footnote).await;
    let document = cited["document"].as_str().unwrap();
    let (_, shown) =
        portal.get(&format!("/documents/{document}?page={}&start={}&end={}", cited["page"], cited["start"], cited["end"])).await;
    assert!(shown.contains("was read from a scan"), "{shown}");
    let marks = marks(&shown);
    let over = |(x, y): &(f32, f32)| marks.iter().any(|m| (m[0]..=m[0] + m[2]).contains(x) && (m[1]..=m[1] + m[3]).contains(y));
    assert!(places.iter().any(over), "{places:?} is marked by none of {marks:?}");

    let image = shown.split("<image href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let image = image.replace("&amp;", "&").replace("&#38;", "&");
    let response = portal.request(reqwest::Method::GET, &portal.cookie, &image, None).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    let picture = Picture::of_png(&response.bytes().await.unwrap());
    assert!(picture.width > picture.height && picture.pixels.iter().any(|pixel| *pixel < 80), "the page lies on its side and shows print");
    assert!(Path::new(&cited["path"].as_str().unwrap()).ends_with("travel-scan.pdf"));
}

/// A scan of so many pages.
async fn long_scan(pages: usize) -> Vec<u8> {
    let Handbook { pictures, .. } = printed().await;
    scanned_pdf(&pictures.into_iter().cycle().take(pages).collect::<Vec<_>>(), RESOLUTION)
}

#[tokio::test]
async fn a_long_scan_says_how_far_it_is() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("scan.pdf"), long_scan(12).await);
    let lines = footnote.run(&["ingest", "--json", folder.path().to_str().unwrap()]).ok().json_lines();
    let (last, before) = lines.split_last().unwrap();
    assert_eq!((&last["status"], &last["pages"]), (&"indexed".into(), &12.into()), "{lines:?}");
    assert!(!before.is_empty(), "it takes seconds, and nothing was told of it");
    let pages: Vec<u64> = before.iter().map(|line| line["page"].as_u64().unwrap()).collect();
    assert!(pages.is_sorted() && pages.iter().all(|page| (1..=12).contains(page)), "{pages:?}");
    assert!(before.iter().all(|line| line["status"] == "reading" && line["pages"] == 12 && line["path"] == last["path"]), "{before:?}");
}

/// Ctrl-C on a terminal reaches all processes of the group.
#[tokio::test]
async fn a_long_scan_can_be_stopped_and_started_again() {
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("scan.pdf"), long_scan(24).await);
    let arguments = ["ingest", "--json", folder.path().to_str().unwrap()];
    let mut command = footnote.command(&arguments);
    let mut child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.next().expect("a line").unwrap();
    assert!(told.contains("\"reading\""), "{told}");
    let id = rustix::process::Pid::from_child(&child);
    let children = descendants(child.id());
    assert!(!children.is_empty(), "pages are read in processes of their own");

    let stopped = Instant::now();
    rustix::process::kill_process_group(id, rustix::process::Signal::INT).unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let output = child.wait_with_output().unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(3), "it took {:?} to stop", stopped.elapsed());
    assert_eq!((output.status.code(), output.status.signal()), (Some(1), None));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("stopped; what is indexed stays") && !said.contains("scan.pdf"), "{said}");
    assert!(!rest.iter().any(|line| line.contains("failed")), "{rest:?}");
    let deadline = Instant::now() + Duration::from_secs(3);
    while children.iter().any(is_alive) {
        assert!(Instant::now() < deadline, "its processes go on without it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // What was begun is done anew and leaves nothing behind.
    let outcomes = footnote.ingest(folder.path());
    assert_eq!((&outcomes[0]["status"], &outcomes[0]["pages"]), (&"indexed".into(), &24.into()), "{outcomes:?}");
    let report = footnote.run(&["doctor", "--json"]).ok().json();
    assert_eq!((&report["missing"], &report["extra"]), (&0.into(), &0.into()), "{report}");
}

/// Processes that a process has started, and those that they have, as the folders of the table of processes.
fn descendants(of: u32) -> Vec<String> {
    let all: Vec<String> = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let mut found = vec![of.to_string()];
    let mut at = 0;
    while let Some(parent) = found.get(at).cloned() {
        at += 1;
        let line = format!("PPid:\t{parent}\n");
        found.extend(
            all.iter().filter(|id| fs::read_to_string(format!("/proc/{id}/status")).is_ok_and(|status| status.contains(&line))).cloned(),
        );
    }
    found.split_off(1)
}

/// One that has ended and that nobody has asked after is none.
fn is_alive(id: &String) -> bool {
    fs::read_to_string(format!("/proc/{id}/status")).is_ok_and(|status| !status.contains("State:\tZ"))
}

/// Left, top, width and height of the marks on a page's image, in points.
fn marks(page: &str) -> Vec<[f32; 4]> {
    let number = |rect: &str, name: &str| {
        let value = rect.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        value.parse::<f32>().unwrap() / 10.0
    };
    page.split("<rect ").skip(1).map(|rect| ["x", " y", "width", "height"].map(|name| number(&format!(" {rect}"), name))).collect()
}
