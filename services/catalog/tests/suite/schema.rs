//! The two sets of migrations describe the same tables.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// The folder of a database's migrations: asked at run time, because a build folder may be shared by checkouts.
fn migrations(database: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../migrations").join(database)
}

/// Table -> its column names, read from the CREATE TABLE statements of a folder of migrations.
fn tables(database: &str) -> BTreeMap<String, Vec<String>> {
    let mut files: Vec<_> = fs::read_dir(migrations(database)).unwrap().map(|e| e.unwrap().path()).collect();
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
        let mut names: Vec<_> = fs::read_dir(migrations(database)).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}
