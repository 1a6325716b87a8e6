//! Scanned pages: read as well as print, also when they lie on their side or askew, and cited at their place.

use std::{collections::HashMap, path::Path};

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

    let portal = Portal::start(footnote);
    let address = format!(
        "{}/documents/{}?page={}&start={}&end={}",
        portal.url,
        cited["document"].as_str().unwrap(),
        cited["page"],
        cited["start"],
        cited["end"]
    );
    let shown = reqwest::get(&address).await.unwrap().text().await.unwrap();
    assert!(shown.contains("was read from a scan"), "{shown}");
    let marks = marks(&shown);
    let over = |(x, y): &(f32, f32)| marks.iter().any(|m| (m[0]..=m[0] + m[2]).contains(x) && (m[1]..=m[1] + m[3]).contains(y));
    assert!(places.iter().any(over), "{places:?} is marked by none of {marks:?}");

    let image = shown.split("<image href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let image = image.replace("&amp;", "&").replace("&#38;", "&");
    let response = reqwest::get(format!("{}{image}", portal.url)).await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    let picture = Picture::of_png(&response.bytes().await.unwrap());
    assert!(picture.width > picture.height && picture.pixels.iter().any(|pixel| *pixel < 80), "the page lies on its side and shows print");
    assert!(Path::new(&cited["path"].as_str().unwrap()).ends_with("travel-scan.pdf"));
}

/// Left, top, width and height of the marks on a page's image, in points.
fn marks(page: &str) -> Vec<[f32; 4]> {
    let number = |rect: &str, name: &str| {
        let value = rect.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        value.parse::<f32>().unwrap() / 10.0
    };
    page.split("<rect ").skip(1).map(|rect| ["x", " y", "width", "height"].map(|name| number(&format!(" {rect}"), name))).collect()
}
