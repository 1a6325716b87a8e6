//! Retrieval over a real catalog: what is stale or out of scope is not returned, and never takes a place.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{path::PathBuf, sync::Arc};

use catalog::{Catalog, CollectionId, Format, NewPassage, NewRevision, Page, Principal, StagedRevision};
use embedding::{Embedder, EmbedderConfig};
use search::{IndexedPassage, Mode, Retriever, SearchIndex};

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
            format: Format::Pdf,
            paged: true,
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
        let reader = self.catalog.reader(&Principal::LocalOperator, collection).await.unwrap();
        let retriever = Retriever::new(Arc::clone(&self.index), self.embedder.clone());
        let found = retriever.retrieve(&reader, query, mode, k).await.unwrap();
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
