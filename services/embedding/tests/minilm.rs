//! The real model: what its vectors must be like, whatever batch a text travels in.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::PathBuf;

use embedding::{Embedder, EmbedderConfig, Error};

fn folder(variable: &str, default: &str) -> PathBuf {
    let repository = || PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..");
    std::env::var_os(variable).map_or_else(|| repository().join(default), PathBuf::from)
}

fn config(model_file: &str) -> EmbedderConfig {
    EmbedderConfig {
        directory: folder("FOOTNOTE_MODELS_DIR", "models").join("minilm"),
        model_file: model_file.into(),
        runtime_library: folder("FOOTNOTE_LIB_DIR", "lib").join("libonnxruntime.so"),
        threads: 2,
    }
}

fn load(model_file: &str) -> Embedder {
    Embedder::load(&config(model_file)).unwrap_or_else(|e| panic!("{e}"))
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[tokio::test]
async fn meaning_is_closer_than_words_and_vectors_have_length_one() {
    let embedder = load("model.onnx");
    assert_eq!(embedder.dimensions(), 384);
    let question = embedder.embed_query("How many days off do I get each year?").await.unwrap();
    let passages = ["Employees receive 28 days of annual leave.", "Each year the river floods the days before spring."];
    let vectors = embedder.embed_passages(passages.map(String::from).to_vec(), |_| {}).await.unwrap();
    assert!((cosine(&question, &question) - 1.0).abs() < 1e-4);
    assert!(cosine(&question, &vectors[0]) > cosine(&question, &vectors[1]) + 0.1);
}

#[tokio::test]
async fn a_vector_does_not_depend_on_its_batch_and_order_is_kept() {
    let embedder = load("model.onnx");
    let texts: Vec<String> = (1..40).map(|n| format!("Section {n}. {}", "The limit is reviewed every year. ".repeat(n % 13))).collect();
    let mut last = 0;
    let together = embedder.embed_passages(texts.clone(), |done| last = done).await.unwrap();
    assert_eq!(last, texts.len());
    for (text, vector) in texts.iter().zip(&together) {
        let alone = embedder.embed_passages(vec![text.clone()], |_| {}).await.unwrap();
        assert!(cosine(&alone[0], vector) > 0.9999, "{text}");
    }
}

#[tokio::test]
async fn int8_stays_close_to_fp32() {
    let (exact, small) = (load("model.onnx"), load("model_int8.onnx"));
    let texts: Vec<String> =
        ["Gifts above 50 euros must be declared.", "Laptops are replaced after four years.", "Call the security desk at once."]
            .map(String::from)
            .to_vec();
    let exact = exact.embed_passages(texts.clone(), |_| {}).await.unwrap();
    let small = small.embed_passages(texts, |_| {}).await.unwrap();
    for (a, b) in exact.iter().zip(&small) {
        assert!(cosine(a, b) > 0.97, "{}", cosine(a, b));
    }
}

#[tokio::test]
async fn a_text_over_the_limit_is_cut_not_refused() {
    let embedder = load("model_int8.onnx");
    let long = "word ".repeat(5_000);
    assert_eq!(embedder.count_tokens(&long), 5_000);
    assert_eq!(embedder.embed_query(&long).await.unwrap().len(), 384);
    assert!(embedder.embed_query("").await.unwrap().iter().all(|x| x.is_finite()));
}

#[test]
fn missing_files_are_named_with_a_way_out() {
    let missing = EmbedderConfig { directory: "/nonexistent".into(), ..config("model.onnx") };
    let error = Embedder::load(&missing).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("/nonexistent/embedding.json") && error.contains("make setup"), "{error}");
    assert!(matches!(Embedder::load(&config("absent.onnx")), Err(Error::MissingFile { .. })));
}
