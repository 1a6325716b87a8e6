//! The arrows between the crates, as docs/architecture.md draws them.

use std::{collections::BTreeSet, process::Command};

use footnote_tests::root;
use serde_json::Value;

const ARROWS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("extraction", &["catalog", "text"]),
    ("catalog", &[]),
    ("embedding", &[]),
    ("kernels", &[]),
    ("generation", &["kernels"]),
    ("search", &["catalog", "embedding", "text"]),
    ("evaluation", &["assistant", "catalog", "search"]),
    ("assistant", &["catalog", "embedding", "generation", "search", "text"]),
    ("ingest", &["catalog", "embedding", "extraction", "search", "text"]),
    ("web", &["assistant", "catalog", "extraction", "search"]),
    ("footnote", &["assistant", "catalog", "embedding", "evaluation", "extraction", "generation", "ingest", "search", "web"]),
    ("footnote-tests", &["catalog", "extraction"]),
];

#[test]
fn dependencies_point_one_way() {
    let output = Command::new(std::env::var_os("CARGO").unwrap())
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(ours, ARROWS.iter().map(|a| a.0).collect(), "a crate is missing from the table above");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let allowed = ARROWS.iter().find(|a| a.0 == name).unwrap().1;
        for dependency in package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null()) {
            let dependency = dependency["name"].as_str().unwrap();
            assert!(!ours.contains(dependency) || allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}
