use std::{collections::HashSet, time::Instant};

use catalog::{
    AnswerId, AnswerRecord, Catalog, Circumstances, CollectionId, DocumentFilter, DocumentId, Error, ErrorKind, Filter, Format, JobStatus,
    NewPassage, NewRevision, Outcome, Page, PageLayout, PassageId, PlacedWord, Principal, RevisionId, Scope,
};
use chrono::NaiveDate;
use serde_json::json;

const ME: Principal = Principal::LocalOperator;
pub const ALL: Filter = Filter { formats: Vec::new(), languages: Vec::new(), since: None, until: None };

pub fn revision(collection: CollectionId, path: &str, content: &str) -> NewRevision {
    let text = format!("Überschrift\n\n{content}");
    let passage = |start: usize, end: usize| NewPassage {
        page: 1,
        start: i32::try_from(start).unwrap(),
        end: i32::try_from(end).unwrap(),
        headings: vec!["Überschrift".into(), "§ 2".into()],
        text: text.chars().skip(start).take(end - start).collect(),
        confidence: (start > 0).then_some(87),
    };
    let end = text.chars().count();
    NewRevision {
        collection_id: collection,
        path: path.into(),
        title: format!("Title of {path}"),
        format: Format::Pdf,
        paged: true,
        language: Some("de".into()),
        dated: day("2024-02-29"),
        content_hash: format!("hash of {content}"),
        pipeline: "1".into(),
        byte_count: 5_000_000_000,
        passages: vec![passage(0, 11), passage(13, end)],
        pages: vec![Page { number: 1, label: Some("iv".into()), text: text.clone() }, Page { number: 2, label: None, text: String::new() }],
        layouts: vec![layout()],
    }
}

fn day(written: &str) -> Option<NaiveDate> {
    Some(written.parse().unwrap())
}

fn layout() -> PageLayout {
    let words = vec![PlacedWord { start: 0, end: 3, place: [720, 700, 900, 820], confidence: None }];
    PageLayout { size: Some((5950, 8420)), words, ..PageLayout::default() }
}

pub async fn life(catalog: Catalog) {
    let system = catalog.system();
    let collection = system.ensure_collection("hr").await.unwrap();
    assert_eq!(system.ensure_collection("hr").await.unwrap(), collection, "made once");
    assert_eq!(system.collections().await.unwrap(), std::slice::from_ref(&collection));
    let reader = catalog.reader(&ME, None).await.unwrap();
    let all = DocumentFilter::default();

    let first = system.stage(&revision(collection.id, "/h/leave.pdf", "28 days")).await.unwrap();
    assert!(reader.documents(&all).await.unwrap().is_empty(), "staged is not visible");
    assert_eq!(reader.page_layout(first.revision_id, 1).await.unwrap(), None, "staged is not visible");
    assert!(reader.passages(&first.passage_ids, &ALL).await.unwrap().is_empty());
    assert!(reader.page(first.revision_id, 1).await.unwrap().is_none());
    assert!(reader.pages(first.revision_id).await.unwrap().is_empty());
    assert!(reader.page_headings(first.revision_id, 1).await.unwrap().is_empty());
    assert_eq!(reader.page_count(first.revision_id).await.unwrap(), 0);
    assert!(reader.revision_document(first.revision_id).await.unwrap().is_none());
    system.publish(&[first.revision_id]).await.unwrap();

    let documents = reader.documents(&all).await.unwrap();
    let document = &documents[0];
    assert_eq!((documents.len(), reader.document_count(&all).await.unwrap()), (1, 1));
    assert_eq!((document.id, document.revision_id), (first.document_id, first.revision_id));
    assert_eq!((document.title.as_str(), document.format, document.paged), ("Title of /h/leave.pdf", Format::Pdf, true));
    assert_eq!((document.language.as_deref(), document.dated), (Some("de"), day("2024-02-29")));
    assert_eq!((document.byte_count, document.page_count, document.passage_count), (5_000_000_000, 2, 2));
    assert_eq!(document.live_at.timestamp_subsec_nanos(), 123_456_000, "microseconds, as they went in");
    assert_eq!(reader.document(first.document_id).await.unwrap().as_ref(), Some(document));

    let backwards: Vec<PassageId> = first.passage_ids.iter().rev().copied().chain([PassageId::new()]).collect();
    let passages = reader.passages(&backwards, &ALL).await.unwrap();
    assert_eq!(passages.iter().map(|p| p.id).collect::<Vec<_>>(), backwards[..2], "in the order of the ids, unknown left out");
    let passage = &passages[0];
    assert_eq!((passage.text.as_str(), passage.start, passage.ordinal), ("28 days", 13, 1));
    assert_eq!(passage.headings, ["Überschrift", "§ 2"]);
    assert_eq!((passage.format, passage.language.as_deref(), passage.dated), (Format::Pdf, Some("de"), day("2024-02-29")));
    let page = reader.page(first.revision_id, 1).await.unwrap().unwrap();
    let cut: String = page.text.chars().skip(passage.start as usize).take((passage.end - passage.start) as usize).collect();
    assert_eq!((cut.as_str(), page.label.as_deref()), ("28 days", Some("iv")));
    assert_eq!(passages.iter().map(|p| p.confidence).collect::<Vec<_>>(), [Some(87), None]);
    assert_eq!(reader.page_layout(first.revision_id, 1).await.unwrap(), Some(layout()));
    assert_eq!(reader.content_hash(first.revision_id).await.unwrap().as_deref(), Some("hash of 28 days"));
    assert_eq!(reader.page_layout(first.revision_id, 2).await.unwrap(), None, "none was stored");
    assert_eq!(reader.pages(first.revision_id).await.unwrap().len(), 2);
    assert_eq!(reader.page_count(first.revision_id).await.unwrap(), 2);
    assert_eq!(reader.passages_around(passage, 5, 5).await.unwrap().len(), 2);
    let after = reader.passages_after(&passages.iter().collect::<Vec<_>>()).await.unwrap();
    assert_eq!(after.iter().map(|p| p.id).collect::<Vec<_>>(), [passage.id], "the first one's; nothing follows the second");
    assert!(reader.passages_after(&[]).await.unwrap().is_empty());
    assert_eq!(reader.page_headings(first.revision_id, 1).await.unwrap(), HashSet::from(["Überschrift", "§ 2"].map(str::to_owned)));
    assert!(reader.page_headings(first.revision_id, 2).await.unwrap().is_empty());

    let known = system.known_sources(collection.id, "/h").await.unwrap();
    assert_eq!((known.len(), known[0].content_hash.as_str()), (1, "hash of 28 days"));

    let second = system.stage(&revision(collection.id, "/h/leave.pdf", "30 days")).await.unwrap();
    assert_eq!(second.document_id, first.document_id);
    system.publish(&[second.revision_id]).await.unwrap();
    assert!(reader.passages(&first.passage_ids, &ALL).await.unwrap().is_empty(), "superseded passages are not found");
    assert_eq!(reader.passages(&second.passage_ids, &ALL).await.unwrap().len(), 2);
    let page = reader.page(first.revision_id, 1).await.unwrap().unwrap();
    assert!(page.text.contains("28 days"), "an old citation stays true");
    assert_eq!(reader.page_headings(first.revision_id, 1).await.unwrap().len(), 2, "with the headings that it had");
    let (document, is_live) = reader.revision_document(first.revision_id).await.unwrap().unwrap();
    assert_eq!((document.revision_id, is_live), (second.revision_id, false));
    assert_eq!(system.superseded_in_index().await.unwrap(), [first.revision_id]);
    system.removed_from_index(&[first.revision_id]).await.unwrap();
    assert!(system.superseded_in_index().await.unwrap().is_empty());

    assert_eq!(system.live_pipelines().await.unwrap(), [("1".to_owned(), 1, "/h/leave.pdf".to_owned())]);
    let hashes = ["hash of 28 days", "hash of 30 days"].map(str::to_owned);
    assert_eq!(system.content_hashes().await.unwrap(), HashSet::from(hashes), "those of earlier revisions too");
    let counts = system.counts().await.unwrap();
    assert_eq!((counts.documents, counts.pages, counts.passages), (1, 2, 2));
    let live = system.live_passages(None, 1).await.unwrap();
    let rest = system.live_passages(Some(live[0].id), 10).await.unwrap();
    assert_eq!([live[0].id, rest[0].id], second.passage_ids[..]);

    assert!(system.delete_document(first.document_id).await.unwrap());
    assert!(!system.delete_document(first.document_id).await.unwrap(), "gone already");
    for revision in [first.revision_id, second.revision_id] {
        assert!(reader.page(revision, 1).await.unwrap().is_none(), "no text of a deleted document is left");
        assert!(reader.revision_document(revision).await.unwrap().is_none());
    }
    assert_eq!(system.superseded_in_index().await.unwrap(), [first.revision_id, second.revision_id]);
    assert_eq!(system.counts().await.unwrap().passages, 0);
    assert!(system.live_pipelines().await.unwrap().is_empty() && system.content_hashes().await.unwrap().is_empty());

    let mut over_the_page = revision(collection.id, "/h/over.pdf", "31 days");
    over_the_page.passages[1].page = 2;
    let mut other_section = revision(collection.id, "/h/other.pdf", "31 days");
    other_section.passages[1] = NewPassage { page: 2, headings: vec!["§ 3".into()], ..other_section.passages[1].clone() };
    let over = system.stage(&over_the_page).await.unwrap();
    let mut all = over.passage_ids.clone();
    for other in [other_section, revision(collection.id, "/h/same.pdf", "31 days")] {
        all.extend(system.stage(&other).await.unwrap().passage_ids);
    }
    assert_eq!(system.texts_after(&all).await.unwrap(), [(over.passage_ids[0], "31 days".to_owned())].into());
}

pub async fn scope(catalog: Catalog) {
    let system = catalog.system();
    let hr = system.ensure_collection("hr").await.unwrap().id;
    let legal = system.ensure_collection("legal").await.unwrap().id;
    let open = system.stage(&revision(hr, "/hr/a.pdf", "open")).await.unwrap();
    let secret = system.stage(&revision(legal, "/legal/b.pdf", "secret")).await.unwrap();
    system.publish(&[open.revision_id, secret.revision_id]).await.unwrap();
    assert_eq!(*catalog.reader(&ME, None).await.unwrap().scope(), Scope::Everything);
    let secret_passage = catalog.reader(&ME, None).await.unwrap().passages(&secret.passage_ids, &ALL).await.unwrap().remove(0);

    let reader = catalog.reader(&ME, Some("hr")).await.unwrap();
    assert_eq!(*reader.scope(), Scope::Within { collections: vec![hr], except: Vec::new() });
    let ids: Vec<PassageId> = open.passage_ids.iter().chain(&secret.passage_ids).copied().collect();
    assert_eq!(reader.passages(&ids, &ALL).await.unwrap().len(), 2);
    assert!(reader.passages_around(&secret_passage, 5, 5).await.unwrap().is_empty());
    assert!(reader.page_headings(secret.revision_id, 1).await.unwrap().is_empty());
    assert_eq!(reader.page_count(secret.revision_id).await.unwrap(), 0);
    assert!(reader.document(secret.document_id).await.unwrap().is_none());
    assert!(reader.document_named("/legal/b.pdf").await.unwrap().is_empty());
    assert!(reader.document_named(&secret.document_id.to_string()).await.unwrap().is_empty());
    assert!(reader.page(secret.revision_id, 1).await.unwrap().is_none());
    assert!(reader.pages(secret.revision_id).await.unwrap().is_empty());
    assert!(reader.revision_document(secret.revision_id).await.unwrap().is_none());
    let everything = DocumentFilter::default();
    assert_eq!(reader.documents(&everything).await.unwrap().len(), 1);
    assert_eq!(reader.document_count(&everything).await.unwrap(), 1);
    let theirs = DocumentFilter { collection: Some("legal".into()), ..DocumentFilter::default() };
    assert_eq!(reader.document_count(&theirs).await.unwrap(), 0);

    let missing = catalog.reader(&ME, Some("absent")).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert!(missing.to_string().contains("hr, legal"), "{missing}");
}

/// A filter takes away, and gives nothing that the reader may not read.
pub async fn filters(catalog: Catalog) {
    let system = catalog.system();
    let (hr, legal) = (system.ensure_collection("hr").await.unwrap().id, system.ensure_collection("legal").await.unwrap().id);
    let mut passages = Vec::new();
    let mut stage = async |collection, path: &str, format, language: Option<&str>, dated| {
        let new = NewRevision { format, language: language.map(str::to_owned), dated, ..revision(collection, path, path) };
        let staged = system.stage(&new).await.unwrap();
        system.publish(&[staged.revision_id]).await.unwrap();
        passages.push(staged.passage_ids[0]);
    };
    stage(hr, "old.pdf", Format::Pdf, Some("de"), day("2019-12-31")).await;
    stage(hr, "new.docx", Format::Docx, Some("en"), day("2024-01-01")).await;
    stage(hr, "bare.txt", Format::Text, None, None).await;
    stage(legal, "secret.pdf", Format::Pdf, Some("de"), day("2024-01-01")).await;
    let passing = async |reader: Option<&str>, filter: Filter| {
        let found = catalog.reader(&ME, reader).await.unwrap().passages(&passages, &filter).await.unwrap();
        found.into_iter().map(|passage| passage.path).collect::<Vec<_>>()
    };
    let languages = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(passing(None, ALL).await.len(), 4);
    assert_eq!(passing(None, Filter { formats: vec![Format::Pdf], ..ALL }).await, ["old.pdf", "secret.pdf"]);
    assert_eq!(passing(Some("hr"), Filter { formats: vec![Format::Pdf], ..ALL }).await, ["old.pdf"]);
    assert_eq!(passing(Some("hr"), Filter { formats: vec![Format::Text, Format::Docx], ..ALL }).await, ["new.docx", "bare.txt"]);
    assert_eq!(passing(Some("hr"), Filter { languages: languages(&["de", "fr"]), ..ALL }).await, ["old.pdf"]);
    assert_eq!(passing(Some("hr"), Filter { since: day("2019-12-31"), ..ALL }).await, ["old.pdf", "new.docx"]);
    assert_eq!(passing(None, Filter { since: day("2020-01-01"), until: day("2024-01-01"), ..ALL }).await, ["new.docx", "secret.pdf"]);
    assert_eq!(passing(None, Filter { until: day("2023-12-31"), ..ALL }).await, ["old.pdf"]);
    let all_of_it = Filter { formats: vec![Format::Pdf], languages: languages(&["de"]), since: day("2024-01-01"), until: None };
    assert_eq!(passing(None, all_of_it.clone()).await, ["secret.pdf"]);
    assert!(passing(Some("hr"), all_of_it).await.is_empty());

    let kinds = catalog.reader(&ME, Some("hr")).await.unwrap().kinds().await.unwrap();
    assert_eq!((kinds.formats.len(), kinds.languages), (3, languages(&["de", "en"])));
    let kinds = catalog.reader(&ME, Some("legal")).await.unwrap().kinds().await.unwrap();
    assert_eq!((kinds.formats, kinds.languages), (vec![Format::Pdf], languages(&["de"])));
}

pub async fn leftovers(catalog: Catalog) {
    let system = catalog.system();
    let collection = system.ensure_collection("hr").await.unwrap().id;
    let live = system.stage(&revision(collection, "/a", "one")).await.unwrap();
    system.publish(&[live.revision_id]).await.unwrap();
    let changed = system.stage(&revision(collection, "/a", "two")).await.unwrap();
    let new = system.stage(&revision(collection, "/b", "three")).await.unwrap();
    assert_eq!(system.unpublished().await.unwrap(), [changed.revision_id, new.revision_id]);
    // A live revision in the list is a mistake that must not cost a document.
    system.discard(&[changed.revision_id, new.revision_id, live.revision_id]).await.unwrap();
    assert!(system.unpublished().await.unwrap().is_empty());
    let reader = catalog.reader(&ME, None).await.unwrap();
    assert_eq!(reader.document_count(&DocumentFilter::default()).await.unwrap(), 1);
    let again = system.stage(&revision(collection, "/b", "three")).await.unwrap();
    assert_ne!(again.document_id, new.document_id, "a document that never was live leaves nothing");
    let nul = system.stage(&revision(collection, "/c", "a\0b")).await.unwrap_err();
    assert!(matches!(nul, Error::Nul(_)), "{nul}");
}

pub async fn publish_is_atomic(catalog: Catalog) {
    let system = catalog.system();
    let collection = system.ensure_collection("hr").await.unwrap().id;
    let staged = system.stage(&revision(collection, "/a", "one")).await.unwrap();
    assert!(system.publish(&[staged.revision_id, RevisionId::new()]).await.is_err());
    assert_eq!(system.counts().await.unwrap().documents, 0, "one of two failed, so none is live");
    assert_eq!(system.unpublished().await.unwrap(), [staged.revision_id]);
    system.publish(&[staged.revision_id]).await.unwrap();
    assert!(system.publish(&[staged.revision_id]).await.is_err(), "live already");
    assert_eq!(system.counts().await.unwrap().documents, 1);
}

pub async fn names(catalog: Catalog) {
    let system = catalog.system();
    let collection = system.ensure_collection("hr").await.unwrap().id;
    let mut ids = Vec::new();
    for path in ["/h/a_b/one.md", "/h/aXb/one.md", "/h/100%/two.md", "/h/a_b.md", "/H/A_B/one.md", "/h/ba\\ck/x.md"] {
        let staged = system.stage(&revision(collection, path, path)).await.unwrap();
        system.publish(&[staged.revision_id]).await.unwrap();
        ids.push(staged.document_id);
    }
    let under = async |path: &str| system.known_sources(collection, path).await.unwrap().into_iter().map(|k| k.path).collect::<Vec<_>>();
    assert_eq!(under("/h/a_b").await, ["/h/a_b/one.md"]);
    assert_eq!(under("/h/a_b/").await, ["/h/a_b/one.md"]);
    assert_eq!(under("/h/100%").await, ["/h/100%/two.md"]);
    assert_eq!(under("/h/ba\\ck").await, ["/h/ba\\ck/x.md"]);
    assert_eq!(under("/h/a_b.md").await, ["/h/a_b.md"]);
    assert_eq!(under("/").await.len(), 6);
    let reader = catalog.reader(&ME, None).await.unwrap();
    let named = async |name: &str| reader.document_named(name).await.unwrap().into_iter().map(|d| d.id).collect::<Vec<DocumentId>>();
    assert_eq!(named("/h/a_b.md").await, [ids[3]]);
    assert_eq!(named("two.md").await, [ids[2]]);
    assert_eq!(named("a_b/one.md").await, [ids[0]]);
    assert_eq!(named("one.md").await.len(), 3, "ambiguous");
    assert_eq!(named("Title of /h/100%/two.md").await, [ids[2]]);
    assert_eq!(named(&ids[4].to_string()).await, [ids[4]]);
    assert!(named("absent").await.is_empty());
    let filter = |part: &str| DocumentFilter { title_contains: Some(part.into()), ..DocumentFilter::default() };
    assert_eq!(reader.document_count(&filter("100%")).await.unwrap(), 1);
    assert_eq!(reader.document_count(&filter("TITLE OF")).await.unwrap(), 6);
    let second = DocumentFilter { limit: 1, offset: 1, ..DocumentFilter::default() };
    assert_eq!(reader.documents(&second).await.unwrap().len(), 1);
}

pub async fn jobs(catalog: Catalog) {
    let jobs = catalog.jobs();
    for number in 0..200 {
        jobs.enqueue("ingest", json!({ "number": number })).await.unwrap();
    }
    let other = jobs.enqueue("other", json!(null)).await.unwrap();
    let claimers = (0..8).map(|worker| {
        let jobs = jobs.clone();
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            while let Some(job) = jobs.claim(&["ingest", "absent"], &format!("worker {worker}")).await.unwrap() {
                assert_eq!((job.status, job.attempts), (JobStatus::Running, 1));
                claimed.push(job.id);
            }
            claimed
        })
    });
    let mut claimed = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        claimed.extend(claimer.await.unwrap());
    }
    assert_eq!((claimed.len(), claimed.iter().collect::<HashSet<_>>().len()), (200, 200));

    let job = jobs.claim(&["other"], "me").await.unwrap().unwrap();
    assert_eq!(job.id, other);
    jobs.progress(other, 3, 10).await.unwrap();
    jobs.fail(other, "no room", None, true).await.unwrap();
    let job = jobs.get(other).await.unwrap().unwrap();
    assert_eq!((job.status, job.done, job.error.as_deref()), (JobStatus::Available, 3, Some("no room")));
    jobs.claim(&["other"], "me").await.unwrap().unwrap();
    assert_eq!(jobs.interrupted("me").await.unwrap(), 1);
    let job = jobs.claim(&["other"], "you").await.unwrap().unwrap();
    assert_eq!(job.attempts, 3);
    jobs.succeed(other, json!({ "documents": 2 })).await.unwrap();
    let job = jobs.get(other).await.unwrap().unwrap();
    assert_eq!((job.status, job.result.unwrap().0), (JobStatus::Succeeded, json!({ "documents": 2 })));
    assert!(job.finished_at.is_some());
    jobs.fail(claimed[0], "broken", None, false).await.unwrap();
    assert_eq!(jobs.get(claimed[0]).await.unwrap().unwrap().status, JobStatus::Failed);
    assert_eq!(jobs.recent(1).await.unwrap()[0].id, other);
}

pub async fn answers(catalog: Catalog) {
    let answers = catalog.answers();
    let record = AnswerRecord {
        id: AnswerId::new(),
        person: None,
        conversation: None,
        question: "Wie viele Tage?".into(),
        collection: Some("hr".into()),
        status: "answered".into(),
        model: None,
        record: json!({ "evidence": [{ "quote": "30 Tage", "start": 0, "revision_hash": "a" }], "prompt": 1.5 }),
        created_at: chrono::DateTime::UNIX_EPOCH,
    };
    answers.begin(&record, Circumstances::default()).await.unwrap();
    assert_eq!(answers.get(record.id).await.unwrap().unwrap().status, AnswerRecord::OPEN);
    answers.finish(&record, &Outcome { total_ms: 120, cited: Vec::new() }, Circumstances::default()).await.unwrap();
    let read = answers.get(record.id).await.unwrap().unwrap();
    assert_eq!(
        (&read.question, &read.record, &read.collection, &read.model),
        (&record.question, &record.record, &record.collection, &None)
    );
    assert_eq!(read.created_at.timestamp_subsec_micros(), 123_456);
    assert_eq!(answers.recent(None, 5).await.unwrap(), [read]);
    assert!(answers.get(AnswerId::new()).await.unwrap().is_none());
    let whole = catalog.trail().verify(None).await.unwrap();
    assert_eq!((whole.records, whole.faults.len()), (2, 0), "asked and given, as it is kept: {whole:?}");

    // Of one that was stopped, the evidence stands; what else is known of it may change.
    let mut stopped = AnswerRecord { id: AnswerId::new(), ..record };
    answers.begin(&stopped, Circumstances::default()).await.unwrap();
    stopped.record["evidence"][0]["revision_hash"] = json!(null);
    answers.go_on(&stopped).await.unwrap();
    assert_eq!(catalog.trail().verify(None).await.unwrap().faults.len(), 0);
    stopped.record["evidence"][0]["quote"] = json!("40 Tage");
    answers.go_on(&stopped).await.unwrap();
    let changed = catalog.trail().verify(None).await.unwrap();
    assert_eq!(changed.faults.iter().map(|fault| fault.seq).collect::<Vec<_>>(), [3], "{changed:?}");
}

pub async fn many(catalog: Catalog) {
    let system = catalog.system();
    let collection = system.ensure_collection("hr").await.unwrap().id;
    let mut new = revision(collection, "/long", "text");
    new.passages = (0..10_000).map(|_| new.passages[1].clone()).collect();
    let started = Instant::now();
    let staged = system.stage(&new).await.unwrap();
    system.publish(&[staged.revision_id]).await.unwrap();
    eprintln!("10,000 passages staged and published in {:?}", started.elapsed());
    let reader = catalog.reader(&ME, None).await.unwrap();
    assert_eq!(reader.passages(&staged.passage_ids, &ALL).await.unwrap().len(), 10_000);
}
