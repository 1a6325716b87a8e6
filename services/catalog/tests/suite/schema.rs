//! The two sets of migrations describe the same tables.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// Table -> its column names, read from the CREATE TABLE statements of a folder of migrations.
fn tables(database: &str) -> BTreeMap<String, Vec<String>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(database);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut tables = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for statement in text.split(';').filter_map(|s| s.split_once("CREATE TABLE ").map(|(_, s)| s)) {
            let (name, body) = statement.split_once(" (").unwrap();
            let column = |line: &str| {
                let word = line.split_whitespace().next()?;
                word.chars().all(|c| c.is_ascii_lowercase() || c == '_').then(|| word.to_owned())
            };
            tables.insert(name.to_owned(), body.lines().filter_map(|l| column(l.trim())).collect());
        }
    }
    tables
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let sqlite = tables("sqlite");
    assert!(sqlite.len() >= 9 && sqlite["passages"].contains(&"headings".to_owned()), "{sqlite:?}");
    assert_eq!(sqlite, tables("postgres"));
    let names = |database: &str| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(database);
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
