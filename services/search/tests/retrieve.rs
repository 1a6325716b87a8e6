//! Retrieval over a real catalog: what is stale or out of scope is not returned, and never takes a place.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{path::PathBuf, sync::Arc};

use catalog::{Catalog, CollectionId, Filter, Format, NewPassage, NewRevision, Page, Principal, StagedRevision};
use chrono::NaiveDate;
use embedding::{Embedder, EmbedderConfig};
use search::{IndexedPassage, Mode, Query, Retriever, SearchIndex};

fn folder(variable: &str, default: &str) -> PathBuf {
    let repository = || PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..");
    std::env::var_os(variable).map_or_else(|| repository().join(default), PathBuf::from)
}

fn embedder() -> Embedder {
    let config = EmbedderConfig {
        directory: folder("FOOTNOTE_MODELS_DIR", "models").join("minilm"),
        model_file: "model_int8.onnx".into(),
        runtime_library: folder("FOOTNOTE_LIB_DIR", "lib").join("libonnxruntime.so"),
        threads: 2,
    };
    Embedder::load(&config).unwrap_or_else(|e| panic!("{e}"))
}

/// What filters look at.
#[derive(Clone)]
struct Kind {
    format: Format,
    language: Option<String>,
    dated: Option<NaiveDate>,
    /// What the index was told, where that is something else.
    indexed_as: Option<Format>,
}

impl Default for Kind {
    fn default() -> Self {
        Self { format: Format::Pdf, language: None, dated: None, indexed_as: None }
    }
}

struct World {
    catalog: Catalog,
    index: Arc<SearchIndex>,
    embedder: Embedder,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&format!("sqlite://{}/c.sqlite", folder.path().display())).await.unwrap();
        let embedder = embedder();
        let index = Arc::new(SearchIndex::open(&folder.path().join("index"), embedder.dimensions()).unwrap());
        Self { catalog, index, embedder, _folder: folder }
    }

    /// Stages and indexes, but does not publish.
    async fn stage(&self, collection: CollectionId, path: &str, texts: &[&str]) -> StagedRevision {
        self.stage_of(collection, path, texts, &Kind::default()).await
    }

    async fn stage_of(&self, collection: CollectionId, path: &str, texts: &[&str], kind: &Kind) -> StagedRevision {
        let Kind { format, language, dated, .. } = kind.clone();
        let pages = (1..).zip(texts).map(|(number, t)| Page { number, label: None, text: (*t).to_owned() });
        let passages = (1..).zip(texts).map(|(page, t)| NewPassage {
            page,
            start: 0,
            end: i32::try_from(t.chars().count()).unwrap(),
            headings: vec!["Heading".into()],
            text: (*t).to_owned(),
            confidence: None,
        });
        let new = NewRevision {
            collection_id: collection,
            path: path.into(),
            title: path.into(),
            format,
            paged: true,
            language: language.clone(),
            dated,
            content_hash: "h".into(),
            pipeline: "p".into(),
            byte_count: 1,
            pages: pages.collect(),
            layouts: Vec::new(),
            passages: passages.collect(),
        };
        let staged = self.catalog.system().stage(&new).await.unwrap();
        let vectors = self.embedder.embed_passages(texts.iter().map(|t| (*t).to_owned()).collect(), |_| {}).await.unwrap();
        let passages: Vec<_> = staged
            .passage_ids
            .iter()
            .zip(texts)
            .zip(vectors)
            .map(|((&id, text), vector)| IndexedPassage {
                id,
                revision: staged.revision_id,
                collection,
                format: kind.indexed_as.unwrap_or(format),
                language: language.clone(),
                dated,
                context: "Heading".into(),
                text: (*text).to_owned(),
                vector,
            })
            .collect();
        self.index.add(&passages).unwrap();
        self.index.commit().unwrap();
        staged
    }

    async fn found(&self, collection: Option<&str>, query: &str, mode: Mode, k: usize) -> Vec<String> {
        self.found_within(collection, query, mode, k, &Filter::default()).await
    }

    async fn found_within(&self, collection: Option<&str>, query: &str, mode: Mode, k: usize, filter: &Filter) -> Vec<String> {
        let reader = self.catalog.reader(&Principal::LocalOperator, collection).await.unwrap();
        let retriever = Retriever::new(Arc::clone(&self.index), self.embedder.clone());
        let found = retriever.retrieve(&reader, &Query { text: query, mode, k, filter }).await.unwrap();
        assert!(found.hits.windows(2).all(|h| h[0].score >= h[1].score), "best first");
        found.hits.into_iter().map(|h| h.passage.text).collect()
    }
}

#[tokio::test]
async fn only_live_passages_in_scope_are_found_in_every_mode() {
    let world = World::new().await;
    let system = world.catalog.system();
    let (hr, legal) = (system.ensure_collection("hr").await.unwrap().id, system.ensure_collection("legal").await.unwrap().id);
    let live = world.stage(hr, "/leave.pdf", &["Staff have 28 days of annual leave.", "Leave is requested in the portal."]).await;
    let secret = world.stage(legal, "/case.pdf", &["The leave dispute of 2019 was settled."]).await;
    system.publish(&[live.revision_id, secret.revision_id]).await.unwrap();
    world.stage(hr, "/draft.pdf", &["Staff will have 40 days of annual leave."]).await;
    for mode in [Mode::Hybrid, Mode::Lexical, Mode::Dense] {
        let everywhere = world.found(None, "annual leave days", mode, 10).await;
        assert_eq!(everywhere[0], "Staff have 28 days of annual leave.", "{mode:?}");
        assert!(!everywhere.iter().any(|t| t.contains("40 days")), "{mode:?} shows what is not published");
        let in_hr = world.found(Some("hr"), "leave dispute settled", mode, 10).await;
        assert!(!in_hr.is_empty() && !in_hr.iter().any(|t| t.contains("2019")), "{mode:?} leaks {in_hr:?}");
    }
}

#[tokio::test]
async fn stale_entries_of_the_index_do_not_take_places() {
    let world = World::new().await;
    let system = world.catalog.system();
    let collection = system.ensure_collection("all").await.unwrap().id;
    let old = ["Rule one on parking bicycles.", "Rule two on parking bicycles.", "Rule three on parking bicycles."];
    let first = world.stage(collection, "/a.pdf", &old).await;
    system.publish(&[first.revision_id]).await.unwrap();
    let second = world.stage(collection, "/a.pdf", &["Bicycles are parked behind the canteen."]).await;
    system.publish(&[second.revision_id]).await.unwrap();
    // The old passages are still in the index: the catalog knows better.
    assert_eq!(world.found(None, "rule on parking bicycles", Mode::Hybrid, 1).await, ["Bicycles are parked behind the canteen."]);
}

fn day(written: &str) -> Option<NaiveDate> {
    Some(written.parse().unwrap())
}

/// More passages than are looked at of each list, and the few that pass among the worst of them: a filter that is only applied to
/// what was found finds nothing.
#[tokio::test]
async fn filters_are_part_of_the_question_to_both_halves_and_hold_with_the_scope() {
    let world = World::new().await;
    let system = world.catalog.system();
    let (hr, legal) = (system.ensure_collection("hr").await.unwrap().id, system.ensure_collection("legal").await.unwrap().id);
    let kind = |format, language: &str, dated| Kind { format, language: Some(language.into()), dated, indexed_as: None };
    let many: Vec<String> = (0..300).map(|n| format!("Annual leave is requested in the portal, rule {n}.")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let documents = [
        (hr, "/many.pdf", many.as_slice(), kind(Format::Pdf, "en", day("2024-01-01"))),
        (hr, "/old.docx", &["Annual leave: see the old handbook."], kind(Format::Docx, "en", day("2010-06-01"))),
        (hr, "/urlaub.pdf", &["Der Urlaub (annual leave) steht im Portal."], kind(Format::Pdf, "de", day("2024-01-02"))),
        (hr, "/bare.txt", &["Annual leave, as somebody noted it."], Kind { format: Format::Text, ..Kind::default() }),
        (legal, "/case.docx", &["Annual leave in the case of 2010."], kind(Format::Docx, "en", day("2010-06-02"))),
    ];
    let mut staged = Vec::new();
    for (collection, path, texts, kind) in documents {
        staged.push(world.stage_of(collection, path, texts, &kind).await.revision_id);
    }
    system.publish(&staged).await.unwrap();
    let all = Filter::default();
    let german = Filter { languages: vec!["de".into()], ..all.clone() };
    let (old, case) = ("Annual leave: see the old handbook.", "Annual leave in the case of 2010.");
    for mode in [Mode::Hybrid, Mode::Lexical, Mode::Dense] {
        let found = async |collection, filter: &Filter| {
            let mut found = world.found_within(collection, "annual leave requested in the portal", mode, 10, filter).await;
            found.sort();
            found
        };
        assert_eq!(found(None, &all).await.len(), 10, "{mode:?}");
        assert_eq!(found(None, &german).await, ["Der Urlaub (annual leave) steht im Portal."], "{mode:?}");
        let word = Filter { formats: vec![Format::Docx, Format::Doc], ..all.clone() };
        assert_eq!(found(None, &word).await, [case, old], "{mode:?}");
        assert_eq!(found(Some("hr"), &word).await, [old], "{mode:?}");
        assert_eq!(found(Some("legal"), &german).await, [""; 0], "{mode:?}");
        assert_eq!(found(None, &Filter { until: day("2010-06-01"), ..all.clone() }).await, [old], "{mode:?}");
        assert_eq!(found(None, &Filter { since: day("2010-06-02"), until: day("2023-12-31"), ..all.clone() }).await, [case], "{mode:?}");
        let german_of_the_day = Filter { since: day("2024-01-02"), until: day("2024-01-02"), ..german.clone() };
        assert_eq!(found(None, &german_of_the_day).await.len(), 1, "{mode:?}");
        assert_eq!(found(None, &Filter { since: day("2024-01-03"), ..german.clone() }).await, [""; 0], "{mode:?}");
    }
}

/// An index that is wrong shows nothing that the catalog knows better.
#[tokio::test]
async fn the_catalog_has_the_last_word_on_what_passes() {
    let world = World::new().await;
    let system = world.catalog.system();
    let collection = system.ensure_collection("all").await.unwrap().id;
    let mistaken = Kind { format: Format::Text, indexed_as: Some(Format::Pdf), ..Kind::default() };
    let one = world.stage_of(collection, "/a.txt", &["Bicycles are parked behind the canteen."], &mistaken).await;
    let two = world.stage(collection, "/b.pdf", &["Cars are parked below the canteen."]).await;
    system.publish(&[one.revision_id, two.revision_id]).await.unwrap();
    let pdf = Filter { formats: vec![Format::Pdf], ..Filter::default() };
    for mode in [Mode::Hybrid, Mode::Lexical, Mode::Dense] {
        assert_eq!(world.found_within(None, "parked", mode, 1, &pdf).await, ["Cars are parked below the canteen."], "{mode:?}");
    }
}

/// Each with others that are one figure or letter away, in a sentence that is the same for all.
const IDENTIFIERS: &[(&str, &str, &[&str])] = &[
    (
        "What does section 4.3.2 say?",
        "section 4.3.2",
        &["section 4.3.3", "section 4.2.3", "section 3.4.2", "section 4.3", "section 14.3.2"],
    ),
    ("when is form w-4 due", "Form W-4", &["Form W-2", "Form V-4", "Form W-8", "Form W-44"]),
    ("Was steht in § 12 Abs. 3?", "§ 12 Abs. 3", &["§ 12 Abs. 4", "§ 21 Abs. 3", "§ 13 Abs. 2", "§ 3 Abs. 12", "§ 12"]),
    ("What is asked for in Article 13?", "Article 13", &["Article 31", "Article 14", "Article 3", "Article 1"]),
    ("the purpose of Initiative 1.3", "Initiative 1.3", &["Initiative 1.2", "Initiative 3.1", "Initiative 1.13"]),
    ("Who is bound by clause 46(b)?", "clause 46 (b)", &["clause 46 (a)", "clause 64 (b)", "clause 46"]),
    ("Are we certified for ISO 27001?", "ISO 27001", &["ISO 27002", "ISO 9001", "ISO 27701"]),
    ("Is there a 401(k)?", "401(k)", &["403(b)", "401(a)", "410(k)"]),
    ("Where is A-12/b kept?", "A-12/b", &["A-12/a", "B-12/a", "A-21/b", "A-2/b"]),
    ("Who files an I-9?", "I-9", &["I-7", "J-9", "I-90"]),
    ("rules on COVID-19", "COVID-19", &["COVID-18", "COVID 2019"]),
    ("What does Annex A list?", "Annex A", &["Annex B", "Annex AB", "a big annex"]),
    ("Is vitamin C given out?", "vitamin C", &["vitamin D", "vitamin B"]),
    ("Who may write to IT?", "IT", &["it", "US"]),
];

#[tokio::test]
async fn an_identifier_is_found_before_what_differs_in_one_figure_or_letter() {
    let world = World::new().await;
    let system = world.catalog.system();
    let collection = system.ensure_collection("all").await.unwrap().id;
    let sentence = |name: &str| match name.contains('§') {
        true => format!("Nach {name} ist der Antrag beim zuständigen Amt zu stellen, das darüber entscheidet."),
        false => format!("According to {name}, the request goes to the office in charge, which decides about it."),
    };
    let texts: Vec<String> =
        IDENTIFIERS.iter().flat_map(|(_, name, others)| others.iter().chain([name])).map(|name| sentence(name)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let staged = world.stage(collection, "/all.pdf", &texts).await;
    system.publish(&[staged.revision_id]).await.unwrap();
    for (question, name, _) in IDENTIFIERS {
        for mode in [Mode::Lexical, Mode::Hybrid] {
            assert_eq!(world.found(None, question, mode, 3).await[0], sentence(name), "{mode:?}: {question}");
        }
    }
}

#[tokio::test]
async fn a_section_is_found_that_only_begins_with_its_number() {
    let world = World::new().await;
    let system = world.catalog.system();
    let collection = system.ensure_collection("all").await.unwrap().id;
    let mut texts: Vec<String> =
        (2..30).map(|n| format!("{n}. A licensed bank reports by section 1 of this Act what it has done.")).collect();
    texts.push("A licensed bank reports 12 of its branches by section 1 of this Act, and 12 of its shops.".to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let staged = world.stage(collection, "/act.pdf", &texts).await;
    system.publish(&[staged.revision_id]).await.unwrap();
    for mode in [Mode::Lexical, Mode::Hybrid] {
        assert_eq!(world.found(None, "What does section 12 of the Act say?", mode, 3).await[0], texts[10], "{mode:?}");
    }
}

#[tokio::test]
async fn a_misspelled_word_is_taken_for_the_nearest_that_the_reader_may_know_of() {
    let world = World::new().await;
    let system = world.catalog.system();
    let (hr, legal) = (system.ensure_collection("hr").await.unwrap().id, system.ensure_collection("legal").await.unwrap().id);
    let texts = [
        "Employees may carry over five days of vacation.",
        "Reimbursements are paid with the wages.",
        "Wages are paid monthly, and prices are not raised.",
        "The zorblat stays locked.",
        "The limit for nitrate is 50 milligrams.",
        "Whoever is processing data keeps it safe.",
    ];
    let open = world.stage(hr, "/leave.pdf", &texts).await;
    let secret = [
        "The Quandrix settlement stays confidential.",
        "Reimburesments were refused.",
        "The zorblet was sold.",
        "A zorblet is red.",
        "No zorblet is left.",
    ];
    let closed = world.stage(legal, "/case.pdf", &secret).await;
    system.publish(&[open.revision_id, closed.revision_id]).await.unwrap();
    let retriever = Retriever::new(Arc::clone(&world.index), world.embedder.clone());
    let corrected = async |collection: Option<&str>, text: &str| {
        let reader = world.catalog.reader(&Principal::LocalOperator, collection).await.unwrap();
        let query = Query { text, mode: Mode::Hybrid, k: 3, filter: &Filter::default() };
        let found = retriever.retrieve(&reader, &query).await.unwrap();
        let taken: Vec<String> = found.corrections.iter().map(|c| format!("{}>{}", c.written, c.taken)).collect();
        (taken.join(" "), found.question, found.hits.first().map(|hit| hit.passage.text.clone()).unwrap_or_default())
    };
    let (taken, question, first) = corrected(None, "How many Vacatoin days may an employe carry ovver?").await;
    assert_eq!((taken.as_str(), question.as_str()), ("Vacatoin>vacation ovver>over", "How many vacation days may an employe carry over?"));
    assert_eq!(first, texts[0]);
    assert_eq!(corrected(Some("hr"), "Who pays riembursements here?").await.0, "riembursements>reimbursements");
    assert_eq!(corrected(Some("hr"), "Who pays riembursementz here?").await.0, "", "what is further away is another word");
    // What a document outside of the reader's collections is of is not given away, neither by a correction nor by the lack of one.
    assert_eq!(corrected(Some("legal"), "the terms of the Quandrx settlement").await.0, "Quandrx>quandrix");
    assert_eq!(corrected(Some("hr"), "the wages of the Quandrx contract").await.0, "");
    assert_eq!(corrected(Some("hr"), "Who gets reimburesments of wages?").await.0, "reimburesments>reimbursements");
    assert_eq!(
        corrected(Some("hr"), "the key of the zorblit").await.0,
        "zorblit>zorblat",
        "the other word is the more frequent, elsewhere"
    );
    assert_eq!(corrected(None, "the key of the zorblit").await.0, "zorblit>zorblet");
    // A commoner word that is as near is meant, in whatever form the documents have it; if they don't have it, nothing is.
    assert_eq!(corrected(Some("hr"), "the proces for data").await.0, "proces>process");
    assert_eq!(corrected(Some("legal"), "the proces for the settlement").await.0, "");
    // What is a word, but a rare one, can be said to be meant; pasted signs that nobody sees are none of it.
    assert_eq!(corrected(None, "the limit for nitrite").await.0, "nitrite>nitrate");
    assert_eq!(corrected(None, "the limit for \"nitrite\"").await.0, "");
    assert_eq!(corrected(None, "vaca\u{ad}tion\u{202c} and heading").await.0, "");
    assert_eq!(corrected(Some("hr"), "what stands under headnig").await.0, "headnig>heading", "context counts");
    // Words of everyday language that no document has, abbreviations, names of forms, and another language are left as they are.
    for asked in
        ["Who may wage a war on vacations?", "What does the VACATOIN stand for?", "Is form W-44 about wagess4?", "Wer bezahlt Wagen?"]
    {
        assert_eq!(corrected(None, asked).await.0, "", "{asked}");
    }
}
