//! How the server is, for the administrators' page.

use std::{path::PathBuf, sync::Arc};

use assistant::Writer;
use catalog::{Catalog, Counts};
use futures::FutureExt;
use generation::{Generator, Health};
use search::SearchIndex;
use web::{Grade, Vital, VitalKind, VitalState, Vitals, Writing};

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
    writing: (bool, Writing),
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
    let vital = |well: bool, state: VitalState| Vital { well, state };
    let unknown = |of: VitalKind, error: &dyn std::error::Error| vital(false, VitalState::Unknown { of, reason: error.to_string() });
    let documents = match known.catalog.system().counts().await {
        Ok(Counts { documents, pages, passages, .. }) => vital(true, VitalState::Documents { documents, pages, passages }),
        Err(error) => unknown(VitalKind::Documents, &error),
    };
    let state = known.index.completeness();
    let lacking = i64::try_from(state.lacking).unwrap_or(i64::MAX);
    let writing = match known.generator.as_ref().map(Generator::health) {
        Some(Health::Down(reason)) => (false, Writing::Down(reason)),
        _ => known.writing.clone(),
    };
    let free = rustix::fs::statvfs(&known.data_dir).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    let disk = match free {
        Ok(bytes) => vital(bytes >= FREE_BYTES, VitalState::Disk(bytes)),
        Err(error) => unknown(VitalKind::Disk, &error),
    };
    vec![
        vital(true, VitalState::Version(env!("CARGO_PKG_VERSION").to_owned())),
        documents,
        vital(lacking == 0, VitalState::Index { lacking, mending: state.mending }),
        vital(writing.0, VitalState::LanguageModel(writing.1)),
        vital(true, VitalState::EmbeddingModel(known.embedding.clone())),
        disk,
    ]
}

/// Who writes the answers, and whether that is as it should be.
fn writing(config: &Config, writer: &Writer) -> (bool, Writing) {
    // What is known of the model that comes along is in docs/models.md.
    let grade = grades::kept(config).map(|kept| Grade { right: kept.right, wrong: kept.wrong });
    let passed = grades::passed(config);
    match writer {
        Writer::Model(generator) => (passed == Some(true), Writing::Model { name: generator.identity().name.clone(), passed, grade }),
        Writer::Nobody(Some(reason)) => (false, Writing::Down(reason.clone())),
        Writer::Nobody(None) if passed == Some(false) && config.generation.write == Write::IfPassed && config.generation.enabled => {
            (true, Writing::NotPassed { name: config.generation.model.display().to_string(), grade })
        }
        Writer::Nobody(None) => (true, Writing::Off),
    }
}
