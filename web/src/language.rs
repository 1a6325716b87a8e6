//! What the portal says, in the languages that it knows: one Fluent file each in `web/languages`.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// Code, own name, and what is said. The first is taken where no other fits, and for what another lacks.
const FILES: [(&str, &str, &str); 2] =
    [("en", "English", include_str!("../languages/en.ftl")), ("de", "Deutsch", include_str!("../languages/de.ftl"))];

struct Spoken {
    code: &'static str,
    name: &'static str,
    bundle: FluentBundle<FluentResource>,
}

static SPOKEN: LazyLock<Vec<Spoken>> = LazyLock::new(|| FILES.iter().map(|(code, name, file)| spoken(code, name, file)).collect());

fn spoken(code: &'static str, name: &'static str, file: &str) -> Spoken {
    let identifier: LanguageIdentifier = code.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Marks of direction around what is put in would be found by nobody who searches the page.
    bundle.set_use_isolating(false);
    // A line that can't be read is left out; a test sees to it that there is none.
    let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(read, _)| read);
    bundle.add_resource_overriding(resource);
    Spoken { code, name, bundle }
}

/// One of the languages of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Language(usize);

impl Language {
    /// The one with that code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        FILES.iter().position(|(known, ..)| *known == code).map(Self)
    }

    /// The first that a browser asks for and that there is.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .map(|part| {
                let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
                (quality.trim().parse().unwrap_or(0.0), tag.trim())
            })
            .filter(|(quality, _)| *quality > 0.0)
            .collect();
        // Stable: of equals the first.
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        wanted.iter().find_map(|(_, tag)| Self::of(&primary(tag))).unwrap_or_default()
    }

    pub(crate) fn code(self) -> &'static str {
        SPOKEN[self.0].code
    }

    /// Code and own name of each.
    pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        SPOKEN.iter().map(|spoken| (spoken.code, spoken.name))
    }

    /// What is said under a key. An unknown key is said itself: a test sees to it that there is none.
    pub(crate) fn say(self, key: &str, args: &FluentArgs<'_>) -> String {
        let of = |spoken: &'static Spoken| {
            let pattern = spoken.bundle.get_message(key)?.value()?;
            Some(spoken.bundle.format_pattern(pattern, Some(args), &mut Vec::new()))
        };
        of(&SPOKEN[self.0]).or_else(|| of(&SPOKEN[0])).unwrap_or(Cow::Borrowed(key)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    fn keys(file: &str) -> BTreeSet<String> {
        let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        drop(resource);
        file.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0.to_owned()))
            .collect()
    }

    #[test]
    fn every_language_says_the_same_things() {
        let first = keys(FILES[0].2);
        assert!(first.len() > 100);
        for (code, _, file) in &FILES[1..] {
            let missing: Vec<_> = first.symmetric_difference(&keys(file)).cloned().collect();
            assert!(missing.is_empty(), "{code}: {missing:?}");
        }
    }

    /// Keys are written as literals where they are said.
    #[test]
    fn what_is_said_is_in_the_file_and_what_is_in_the_file_is_said() {
        fn read(folder: &Path, text: &mut String) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, text);
                } else {
                    text.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut text = String::new();
        read(&root.join("templates"), &mut text);
        read(&root.join("src"), &mut text);
        let known = keys(FILES[0].2);
        for key in &known {
            let family = key.split_once("--").map_or_else(|| format!("\"{key}\""), |(family, _)| format!("\"{family}--"));
            assert!(text.contains(&family), "{key} is said nowhere");
        }
        for call in ["say(\"", "say_n(\"", "say_s(\"", "PageError::said(\"", "Said::new(\""] {
            for piece in text.split(call).skip(1) {
                let key = piece.split('"').next().unwrap();
                assert!(known.contains(key) || key.ends_with("--") || key.starts_with(')'), "{key} is in no file");
            }
        }
    }

    #[test]
    fn a_browser_gets_the_first_language_that_there_is() {
        for (header, code) in
            [("de-AT,en;q=0.8", "de"), ("fr,en;q=0.5,de;q=0.7", "de"), ("fr", "en"), ("", "en"), ("en-GB", "en"), ("de;q=0", "en")]
        {
            assert_eq!(Language::accepted(header).code(), code, "{header}");
        }
    }
}
