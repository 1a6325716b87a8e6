//! The default model, computed with no more than what nearly every server has, as a setting asks for. In a program of its own: the first
//! model that is loaded decides for all.

use std::{env, path::PathBuf};

use generation::{Generator, GeneratorConfig, Kernels, Message, Request, check};

#[tokio::test]
async fn it_answers_without_the_newest_instructions() {
    let repository = || PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../models");
    let models = env::var_os("FOOTNOTE_MODELS_DIR").map_or_else(repository, PathBuf::from);
    let model = models.join("smollm2/SmolLM2-135M-Instruct.Q8_0.gguf");
    assert!(model.exists(), "{} is missing: run `make setup`", model.display());
    let config = GeneratorConfig { kernels: Kernels::Baseline, ..GeneratorConfig::new(model) };
    let report = check(&config, |_| ()).await.unwrap();
    assert_eq!(report.speed.unwrap().instructions, if cfg!(target_arch = "x86_64") { "AVX2" } else { "baseline" });
    let generator = Generator::load(&config).unwrap();
    let messages = vec![
        Message::system("Answer in one short sentence, from the source alone."),
        Message::user("[1] Employees have 28 days of leave a year.\n\nHow many days of leave do employees have?"),
    ];
    let (text, _) = generator.generate(Request { messages, max_tokens: 40, stop: vec![], asker: None }).unwrap().text().await.unwrap();
    assert!(text.contains("28"), "{text}");
}
