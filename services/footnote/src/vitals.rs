//! How the server is, for the administrators' page.

use std::{path::PathBuf, sync::Arc};

use assistant::Writer;
use catalog::Catalog;
use futures::FutureExt;
use generation::{Generator, Health};
use search::SearchIndex;
use web::{Vital, VitalKind, Vitals};

use crate::{
    app::App,
    config::{Config, Write},
    grades,
};

/// Less free space than this is too little for the next documents: copies, index and catalog grow with them.
const FREE_BYTES: u64 = 2 << 30;

struct Known {
    catalog: Catalog,
    index: Arc<SearchIndex>,
    generator: Option<Generator>,
    writing: (bool, String),
    embedding: String,
    data_dir: PathBuf,
}

pub fn vitals(app: &App, config: &Config, writer: &Writer) -> Vitals {
    let known = Arc::new(Known {
        catalog: app.catalog.clone(),
        index: Arc::clone(&app.index),
        generator: writer.model().cloned(),
        writing: writing(config, writer),
        embedding: format!("{} ({})", config.embedding.directory.display(), app.embedder.fingerprint()),
        data_dir: config.data_dir.clone(),
    });
    Arc::new(move || look(Arc::clone(&known)).boxed())
}

async fn look(known: Arc<Known>) -> Vec<Vital> {
    let vital = |of: VitalKind, well: bool, said: String| Vital { of, well, said };
    let documents = match known.catalog.system().counts().await {
        Ok(counts) => (true, format!("{} documents, {} pages, {} passages", counts.documents, counts.pages, counts.passages)),
        Err(error) => (false, error.to_string()),
    };
    let state = known.index.completeness();
    let index = match (state.lacking, state.mending) {
        (0, _) => (true, "complete".to_owned()),
        (lacking, true) => (false, format!("{lacking} passages are being put back; questions wait until then")),
        (lacking, false) => (false, format!("{lacking} passages are missing: stop the portal and run `footnote doctor`")),
    };
    let writing = match known.generator.as_ref().map(Generator::health) {
        Some(Health::Down(reason)) => (false, format!("{}. Answers are quotes until then", reason.trim_end_matches('.'))),
        _ => known.writing.clone(),
    };
    let free = rustix::fs::statvfs(&known.data_dir).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    let disk = match free {
        Ok(bytes) => (bytes >= FREE_BYTES, format!("{:.1} GiB free in the data directory", bytes as f64 / f64::from(1 << 30))),
        Err(error) => (false, format!("the data directory cannot be looked at: {error}")),
    };
    vec![
        vital(VitalKind::Version, true, env!("CARGO_PKG_VERSION").to_owned()),
        vital(VitalKind::Documents, documents.0, documents.1),
        vital(VitalKind::Index, index.0, index.1),
        vital(VitalKind::LanguageModel, writing.0, writing.1),
        vital(VitalKind::EmbeddingModel, true, known.embedding.clone()),
        vital(VitalKind::Disk, disk.0, disk.1),
    ]
}

/// Which language model there is, and how it did in the exam.
fn writing(config: &Config, writer: &Writer) -> (bool, String) {
    let grade = match grades::kept(config) {
        Some(kept) => format!(" ({:.0}% right, {:.0}% wrong)", 100.0 * kept.right, 100.0 * kept.wrong),
        // What is known of the model that comes along is in docs/models.md.
        None => String::new(),
    };
    match (writer, grades::passed(config)) {
        (Writer::Model(generator), Some(true)) => (true, format!("{} writes answers; exam passed{grade}", generator.identity().name)),
        (Writer::Model(generator), Some(false)) => {
            (false, format!("{} writes answers, though it has not passed the exam{grade}", generator.identity().name))
        }
        (Writer::Model(generator), None) => {
            (false, format!("{} writes answers and has not taken the exam: run `footnote eval exam`", generator.identity().name))
        }
        (Writer::Nobody(Some(reason)), _) => (false, format!("answers are quotes until this is mended: {reason}")),
        (Writer::Nobody(None), Some(false)) if config.generation.write == Write::IfPassed && config.generation.enabled => {
            (true, format!("{} has not passed the exam{grade}, so answers are quotes", config.generation.model.display()))
        }
        (Writer::Nobody(None), _) => (true, "switched off: answers are quotes".to_owned()),
    }
}
