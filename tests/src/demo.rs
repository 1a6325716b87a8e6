use std::{
    env,
    fs::{self, File},
    path::PathBuf,
    time::SystemTime,
};

use serde_json::Value;

use crate::{Footnote, footnote::copy_folder, root};

#[must_use]
pub fn demo_documents() -> PathBuf {
    root().join("deploy/demo/documents").canonicalize().expect("the demo documents")
}

/// The lines of the demo's questions.jsonl.
#[must_use]
pub fn demo_questions() -> Vec<Value> {
    let text = fs::read_to_string(root().join("deploy/demo/questions.jsonl")).expect("the demo questions");
    text.lines().filter(|l| !l.is_empty()).map(|l| serde_json::from_str(l).expect("JSON")).collect()
}

/// Footnote with the demo documents ingested. They are ingested once a build: each test gets a copy.
#[must_use]
pub fn with_demo() -> Footnote {
    let binary = env::current_exe().expect("this binary");
    let built = fs::metadata(&binary).and_then(|m| m.modified()).expect("a time");
    let stamp = built.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis();
    let folder = binary.ancestors().nth(2).expect("a build folder").join(format!("demo-data-{stamp}"));
    // Tests are processes of their own: the first makes it, the others wait.
    let lock = File::create(folder.with_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    if !folder.exists() {
        let footnote = Footnote::new();
        let outcomes = footnote.ingest(&demo_documents());
        assert!(outcomes.iter().all(|o| o["status"] == "indexed"), "{outcomes:?}");
        let unfinished = folder.with_extension("part");
        _ = fs::remove_dir_all(&unfinished);
        copy_folder(&footnote.data, &unfinished);
        fs::rename(unfinished, &folder).expect("a rename");
    }
    Footnote::with_data(&folder)
}
