//! Which files there are: paths given by a person become a list of files, and a list of what could not be looked at.

use std::{
    collections::BTreeSet,
    io,
    path::{Component, Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

/// What the given paths hold.
#[derive(Debug, Default)]
pub struct Sources {
    /// Files to read, absolute, sorted, each once.
    pub files: Vec<String>,
    /// What could not be looked at, and why.
    pub failures: Vec<(String, String)>,
    /// Files of kinds that hold no text to read (images, programs …), met in folders.
    pub skipped: usize,
    /// The given folders that could be looked at, absolute: what the catalog knows below them and is not in
    /// `files` has been deleted.
    pub folders: Vec<String>,
}

/// Looks at files and folders. Hidden files (".git", "~$letter.docx") are left out; links are followed, loops named.
#[must_use]
pub fn discover(paths: &[PathBuf]) -> Sources {
    let mut sources = Sources::default();
    let mut files = BTreeSet::new();
    for path in paths {
        let absolute = match std::path::absolute(path).map(|p| without_dots(&p)) {
            Ok(absolute) => absolute,
            Err(e) => {
                sources.failures.push((path.display().to_string(), e.to_string()));
                continue;
            }
        };
        match absolute.metadata() {
            Ok(found) if found.is_dir() => walk(&absolute, &mut files, &mut sources),
            Ok(_) => add_file(&absolute, &mut files, &mut sources),
            Err(e) => sources.failures.push((absolute.display().to_string(), cannot_look(&e))),
        }
    }
    sources.files = files.into_iter().collect();
    sources
}

fn walk(folder: &Path, files: &mut BTreeSet<String>, sources: &mut Sources) {
    let before = sources.failures.len();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(e)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                if extraction::is_supported(entry.path()) {
                    add_file(entry.path(), files, sources);
                } else {
                    sources.skipped += 1;
                }
            }
            // Folders are walked into; sockets, pipes and devices hold no document.
            Ok(_) => {}
            Err(e) => {
                let path = e.path().unwrap_or(folder).display().to_string();
                let reason = match (e.loop_ancestor(), e.io_error()) {
                    (Some(ancestor), _) => format!("is a link that leads back to {}: remove the link", ancestor.display()),
                    (None, Some(error)) => cannot_look(error),
                    (None, None) => e.to_string(),
                };
                sources.failures.push((path, reason));
            }
        }
    }
    let unreadable = sources.failures[before..].iter().any(|(path, _)| Path::new(path) == folder);
    if !unreadable && let Some(folder) = folder.to_str() {
        sources.folders.push(folder.to_owned());
    }
}

fn add_file(path: &Path, files: &mut BTreeSet<String>, sources: &mut Sources) {
    match path.to_str() {
        Some(path) => _ = files.insert(path.to_owned()),
        None => sources.failures.push((path.display().to_string(), "has a name that is not valid UTF-8: rename it".into())),
    }
}

fn cannot_look(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist: check the path".into(),
        io::ErrorKind::PermissionDenied => "may not be read: give the user that runs footnote the right to read it".into(),
        _ => format!("cannot be looked at: {error}"),
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

/// `std::path::absolute` keeps "..": the same file must have one path. Links are not resolved: a document is known
/// by the path that people know.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = clean.pop(),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn folders_are_walked_each_file_once_and_hidden_ones_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("b/.git")).unwrap();
        for name in ["a.md", "b/c.txt", "b/.git/d.txt", "b/~$e.docx", "picture.png"] {
            fs::write(root.join(name), "x").unwrap();
        }
        let found = discover(&[root.to_owned(), root.join("b/../a.md")]);
        assert_eq!(found.files, [root.join("a.md"), root.join("b/c.txt")].map(|p| p.to_str().unwrap().to_owned()));
        assert_eq!(found.skipped, 1);
        assert!(found.failures.is_empty());
        assert_eq!(found.folders, [root.to_str().unwrap()]);
    }

    #[test]
    fn a_loop_and_a_missing_path_are_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.md"), "x").unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("again")).unwrap();
        let found = discover(&[dir.path().to_owned(), dir.path().join("absent")]);
        assert_eq!(found.files.len(), 1);
        let reasons: Vec<&str> = found.failures.iter().map(|f| f.1.as_str()).collect();
        assert!(reasons.iter().any(|r| r.contains("leads back to")), "{reasons:?}");
        assert!(reasons.iter().any(|r| r.contains("does not exist")), "{reasons:?}");
    }
}
