//! Measures the verifier by itself.
//!
//!     cargo run --release -p assistant --example verifier -- MINILM_DIR LIBONNXRUNTIME FAITHFULNESS_DIR [JUDGED]
//!
//! First the score: does it tell claims that their sources support from those that they do not? AttributionBench by macro-F1, WiCE and
//! SummEdits by balanced accuracy (SummEdits as the mean over its domains), and what a sentence costs once the sources are embedded.
//!
//! Then what answers live by: written by a large model, how many of the sentences that their sources carry would be shown, and how many of the
//! others. The file JUDGED gets a line of JSON for each sentence, to be read: labels are wrong now and then.
#![expect(clippy::print_stdout, reason = "prints its figures")]

mod score;
mod sets;
mod shown;

use std::{error::Error, path::Path};

use embedding::{Embedder, EmbedderConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (models, library, data, judged) = match arguments.as_slice() {
        [models, library, data] => (models, library, data, None),
        [models, library, data, judged] => (models, library, data, Some(judged)),
        _ => return Err("usage: verifier MINILM_DIR LIBONNXRUNTIME FAITHFULNESS_DIR [JUDGED]".into()),
    };
    let config =
        EmbedderConfig { directory: models.into(), model_file: "model_int8.onnx".into(), runtime_library: library.into(), threads: 0 };
    let embedder = Embedder::load(&config)?;
    let sets = sets::read(Path::new(data))?;
    for set in sets.iter().filter(|set| set.is_scored) {
        score::measure(&embedder, set).await?;
    }
    println!("\nshown as answer, of the sentences that the sources carry, and of the others");
    let mut found = Vec::new();
    for set in &sets {
        found.extend(shown::measure(&embedder, set).await?);
    }
    if let Some(path) = judged {
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        std::fs::write(path, lines.join("\n"))?;
    }
    Ok(())
}
