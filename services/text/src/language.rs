//! Which language a text is in: of a passage, whose words are to be searched, and of a document, for those who want it in theirs.

use std::sync::LazyLock;

use whatlang::Detector;
pub use whatlang::{Info, Lang, Script};

/// Those that are told apart, with their ISO 639-1 codes: what companies write in. More would be taken for one another.
const LANGUAGES: [(Lang, &str); 34] = [
    (Lang::Eng, "en"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Spa, "es"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Dan, "da"),
    (Lang::Swe, "sv"),
    (Lang::Nob, "nb"),
    (Lang::Fin, "fi"),
    (Lang::Hun, "hu"),
    (Lang::Ron, "ro"),
    (Lang::Tur, "tr"),
    (Lang::Rus, "ru"),
    (Lang::Ell, "el"),
    (Lang::Ara, "ar"),
    (Lang::Tam, "ta"),
    (Lang::Pol, "pl"),
    (Lang::Ces, "cs"),
    (Lang::Slk, "sk"),
    (Lang::Hrv, "hr"),
    (Lang::Vie, "vi"),
    (Lang::Ind, "id"),
    (Lang::Cat, "ca"),
    (Lang::Ukr, "uk"),
    (Lang::Bul, "bg"),
    (Lang::Srp, "sr"),
    (Lang::Pes, "fa"),
    (Lang::Urd, "ur"),
    (Lang::Hin, "hi"),
    (Lang::Cmn, "zh"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
];

/// What is looked at of a long document, in bytes: a language shows in far less, but a document may begin with a page in another.
const SAMPLE: usize = 32_000;
/// Taken from so many places of it.
const PLACES: usize = 16;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::with_allowlist(LANGUAGES.map(|(lang, _)| lang).to_vec()));

/// What a text shows of its language; `None` for one without letters.
#[must_use]
pub fn detect(text: &str) -> Option<Info> {
    DETECTOR.detect(text)
}

/// The language of a document as an ISO 639-1 code; `None` where it doesn't show. Of a long one, stretches from all over it are read.
#[must_use]
pub fn of_document<'t>(pages: impl Iterator<Item = &'t str> + Clone) -> Option<&'static str> {
    let length: usize = pages.clone().map(str::len).sum();
    let info = detect(&sample(pages, length)).filter(Info::is_reliable)?;
    LANGUAGES.iter().find(|(lang, _)| *lang == info.lang()).map(|(_, code)| *code)
}

/// The codes of all languages that are told apart, in the order of the alphabet.
#[must_use]
pub fn codes() -> Vec<&'static str> {
    let mut codes = LANGUAGES.map(|(_, code)| code).to_vec();
    codes.sort_unstable();
    codes
}

/// The code of a language as people write it: by ISO 639-1 ("de", and with a region "de-AT"), ISO 639-3 ("deu") or its English name.
#[must_use]
pub fn code(written: &str) -> Option<&'static str> {
    let written = written.trim().to_lowercase();
    let own = written.split(['-', '_']).next().unwrap_or_default();
    // Norwegian has a code for both of its forms, and one for each.
    let own = if matches!(own, "no" | "nn" | "norwegian") { "nb" } else { own };
    let is_it = |lang: Lang| lang.code() == own || lang.eng_name().to_lowercase() == own;
    LANGUAGES.iter().find(|(lang, code)| *code == own || is_it(*lang)).map(|(_, code)| *code)
}

/// The English name of a language by its code.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(_, own)| *own == code).map(|(lang, _)| lang.eng_name())
}

fn sample<'t>(pages: impl Iterator<Item = &'t str>, length: usize) -> String {
    let (stretch, step) = if length <= SAMPLE { (length, length.max(1)) } else { (SAMPLE / PLACES, length / PLACES) };
    let mut sample = String::new();
    let (mut at, mut next) = (0, 0);
    for page in pages {
        let end = at + page.len();
        while next < end {
            let from = page.ceil_char_boundary(next - at);
            let to = page.ceil_char_boundary((next - at).saturating_add(stretch));
            sample.push_str(&page[from..to]);
            sample.push('\n');
            next = if length <= SAMPLE { end } else { next + step };
        }
        at = end;
    }
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "Employees receive twenty-eight days of paid leave every year. ";
    const GERMAN: &str = "Die Beschäftigten erhalten jedes Jahr achtundzwanzig Tage bezahlten Urlaub. ";

    fn of(pages: &[&str]) -> Option<&'static str> {
        of_document(pages.iter().copied())
    }

    #[test]
    fn a_document_has_the_language_of_most_of_it() {
        assert_eq!((of(&[ENGLISH]), of(&[GERMAN, GERMAN])), (Some("en"), Some("de")));
        let long = GERMAN.repeat(5000);
        assert_eq!(of(&[&ENGLISH.repeat(30), &long]), Some("de"), "a cover in another language");
        assert_eq!(of(&["员工每年享有二十八天带薪休假。"]), Some("zh"));
    }

    #[test]
    fn what_does_not_show_is_not_guessed() {
        assert_eq!((of(&[]), of(&[""]), of(&["12 345,00 | 7"]), of(&["QX-7731"])), (None, None, None, None));
    }

    #[test]
    fn a_sample_has_all_of_a_short_text_and_stretches_of_a_long_one() {
        assert_eq!(sample(["ab", "", "cé"].into_iter(), 5), "ab\ncé\n");
        let pages = vec!["é".repeat(999); 500];
        let length = pages.iter().map(String::len).sum();
        let taken = sample(pages.iter().map(String::as_str), length);
        assert!(taken.len() <= SAMPLE + 4 * PLACES && taken.lines().count() >= PLACES, "{} bytes", taken.len());
    }

    #[test]
    fn languages_are_known_by_what_people_call_them() {
        for written in ["de", " DE ", "deu", "German", "de-AT", "de_CH"] {
            assert_eq!(code(written), Some("de"), "{written}");
        }
        assert_eq!((code("no"), code("zh-CN"), code("xx"), code("")), (Some("nb"), Some("zh"), None, None));
        assert_eq!(name("de"), Some("German"));
        assert!(codes().iter().all(|own| code(own) == Some(own)) && codes().is_sorted());
    }
}
