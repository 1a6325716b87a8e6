//! Names of files within a file: safe to show, to join to a path and to tell apart.

use std::collections::HashMap;

use crate::clean;

/// What file systems allow is 255; some is left for " (2)".
const MAX_BYTES: usize = 200;
/// More names than this that are all alike are no honest file's.
const MAX_ALIKE: usize = 100_000;

/// The names that a file's attachments have so far.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// In lower case, with how often each was asked for.
    used: HashMap<String, usize>,
}

impl Names {
    /// A name without folders; `instead` where nothing is left of it.
    pub(crate) fn file(&mut self, raw: &str, instead: &str) -> String {
        let windows_path = raw.get(1..3) == Some(":\\") || raw.starts_with("\\\\");
        let raw = if windows_path { raw.rsplit('\\').next().unwrap_or(raw) } else { raw };
        let name = part(&raw.replace(['/', '\\'], "_")).unwrap_or_else(|| instead.to_owned());
        self.unique(&shortened(&name, MAX_BYTES))
    }

    /// A path within an archive, without what leads out of it; `None` where nothing is left.
    pub(crate) fn path(&mut self, raw: &str) -> Option<String> {
        let parts: Vec<String> = raw.split(['/', '\\']).filter_map(part).collect();
        let (name, mut folders) = parts.split_last()?;
        let name = shortened(name, MAX_BYTES);
        // The inner folders tell more than the outer ones.
        while !folders.is_empty() && folders.iter().map(|f| f.len() + 1).sum::<usize>() + name.len() > MAX_BYTES {
            folders = folders.get(1..).unwrap_or_default();
        }
        let path: Vec<&str> = folders.iter().map(String::as_str).chain([name.as_str()]).collect();
        Some(self.unique(&path.join("/")))
    }

    /// Windows and macOS take names for the same that differ only in case.
    fn unique(&mut self, name: &str) -> String {
        let count = self.used.entry(name.to_lowercase()).or_default();
        *count += 1;
        if *count == 1 {
            return name.to_owned();
        }
        for number in *count..MAX_ALIKE {
            let suffix = format!(" ({number})");
            let short = shortened(name, MAX_BYTES - suffix.len());
            let (stem, ending) = split_ending(&short);
            let other = format!("{stem}{suffix}{ending}");
            if !self.used.contains_key(&other.to_lowercase()) {
                self.used.insert(name.to_lowercase(), number);
                self.used.insert(other.to_lowercase(), 1);
                return other;
            }
        }
        name.to_owned()
    }
}

/// One folder's or file's name: on one line, without characters that nobody sees.
fn part(raw: &str) -> Option<String> {
    let name = clean::line(raw);
    let name = name.trim();
    (!name.is_empty() && name != "." && name != "..").then(|| name.to_owned())
}

/// Cut before its ending: that says what the file is.
fn shortened(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let (stem, ending) = split_ending(name);
    let mut end = limit.saturating_sub(ending.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", stem.get(..end).unwrap_or_default().trim_end())
}

/// "report" and ".pdf".
fn split_ending(name: &str) -> (&str, &str) {
    let at = name.rfind('.').filter(|at| *at > 0 && name.len() - at <= 16 && !name[*at..].contains('/'));
    name.split_at(at.unwrap_or(name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        let mut names = Names::default();
        assert_eq!(names.file(" leave\u{0}\n2024.pdf ", "x"), "leave 2024.pdf");
        assert_eq!(names.file("a/b\\c.pdf", "x"), "a_b_c.pdf");
        assert_eq!(names.file("C:\\Users\\me\\plan.docx", "x"), "plan.docx");
        assert_eq!(names.file("..", "attachment.txt"), "attachment.txt");
        assert_eq!(names.file("\u{202e}fdp.exe", "x"), "fdp.exe");
        assert_eq!(names.path("../../etc/./hr\\leave.docx").as_deref(), Some("etc/hr/leave.docx"));
        assert_eq!(names.path("/.././"), None);
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        let mut names = Names::default();
        let all: Vec<String> = ["a.pdf", "A.pdf", "a (2).pdf", "a.pdf", "b/a.pdf"].iter().filter_map(|n| names.path(n)).collect();
        assert_eq!(all, ["a.pdf", "A (2).pdf", "a (2) (2).pdf", "a (3).pdf", "b/a.pdf"]);
    }

    #[test]
    fn long_names_keep_their_ending() {
        let mut names = Names::default();
        let long = format!("{}.docx", "ä".repeat(300));
        for _ in 0..3 {
            let name = names.file(&long, "x");
            assert!(name.len() <= MAX_BYTES && name.ends_with(".docx"), "{name}");
        }
        let path = names.path(&format!("{}/{long}", "folder/".repeat(50))).unwrap();
        assert!(path.len() <= MAX_BYTES && path.ends_with(".docx"));
        assert_eq!(names.path(&format!("{}/inner/a.pdf", "x".repeat(300))).unwrap(), "inner/a.pdf");
    }
}
