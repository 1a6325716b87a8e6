//! Which language a text is in, as far as searching for its words depends on it.

use std::sync::LazyLock;

use tantivy::tokenizer::Language;
use whatlang::{Detector, Info, Lang, Script};

/// Those that are told apart: with a stemmer, and some without that would be taken for one of these.
const LANGUAGES: [(Lang, Option<Language>); 34] = [
    (Lang::Eng, Some(Language::English)),
    (Lang::Deu, Some(Language::German)),
    (Lang::Fra, Some(Language::French)),
    (Lang::Spa, Some(Language::Spanish)),
    (Lang::Ita, Some(Language::Italian)),
    (Lang::Por, Some(Language::Portuguese)),
    (Lang::Nld, Some(Language::Dutch)),
    (Lang::Dan, Some(Language::Danish)),
    (Lang::Swe, Some(Language::Swedish)),
    (Lang::Nob, Some(Language::Norwegian)),
    (Lang::Fin, Some(Language::Finnish)),
    (Lang::Hun, Some(Language::Hungarian)),
    (Lang::Ron, Some(Language::Romanian)),
    (Lang::Tur, Some(Language::Turkish)),
    (Lang::Rus, Some(Language::Russian)),
    (Lang::Ell, Some(Language::Greek)),
    (Lang::Ara, Some(Language::Arabic)),
    (Lang::Tam, Some(Language::Tamil)),
    (Lang::Pol, None),
    (Lang::Ces, None),
    (Lang::Slk, None),
    (Lang::Hrv, None),
    (Lang::Vie, None),
    (Lang::Ind, None),
    (Lang::Cat, None),
    (Lang::Ukr, None),
    (Lang::Bul, None),
    (Lang::Srp, None),
    (Lang::Pes, None),
    (Lang::Urd, None),
    (Lang::Hin, None),
    (Lang::Cmn, None),
    (Lang::Jpn, None),
    (Lang::Kor, None),
];

/// Characters that mostly show a language.
const TELLING: usize = 200;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::with_allowlist(LANGUAGES.map(|(lang, _)| lang).to_vec()));

/// All whose words are stemmed.
pub(super) fn stemmed() -> impl Iterator<Item = Language> {
    LANGUAGES.iter().filter_map(|(_, language)| *language)
}

/// The language by whose rules a text's words are put in their basic form; `None` where there are no such rules, or the
/// text doesn't show its language and its script is of many.
pub(super) fn of(text: &str) -> Option<Language> {
    // The beginning tells nearly always; detecting takes longer than making the words.
    let beginning = text.char_indices().nth(TELLING).map_or(text, |(end, _)| &text[..end]);
    let info = DETECTOR.detect(beginning).filter(Info::is_reliable).or_else(|| DETECTOR.detect(text))?;
    if info.is_reliable() {
        return LANGUAGES.iter().find(|(lang, _)| *lang == info.lang()).and_then(|(_, language)| *language);
    }
    match info.script() {
        Script::Latin => Some(Language::English),
        Script::Arabic => Some(Language::Arabic),
        Script::Cyrillic => Some(Language::Russian),
        Script::Greek => Some(Language::Greek),
        _ => None,
    }
}

/// The same of a question, which is often too short to tell.
pub(super) fn surely_of(text: &str) -> Option<Option<Language>> {
    DETECTOR.detect(text).filter(whatlang::Info::is_reliable).map(|_| of(text))
}

/// By which an index knows it.
pub(super) fn name(language: Option<Language>) -> &'static str {
    language.and_then(|language| LANGUAGES.iter().find(|(_, own)| *own == Some(language))).map_or("other", |(lang, _)| lang.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tell_their_language_and_short_texts_their_script() {
        for (text, language) in [
            ("Employees receive twenty-eight days of paid leave every year.", Some(Language::English)),
            ("Die Beschäftigten erhalten jedes Jahr achtundzwanzig Tage bezahlten Urlaub.", Some(Language::German)),
            ("Les salariés ont droit à vingt-huit jours de congés payés par an.", Some(Language::French)),
            ("يحصل الموظفون على ثمانية وعشرين يوما من الإجازة المدفوعة كل عام.", Some(Language::Arabic)),
            ("कर्मचारियों को हर साल अट्ठाईस दिन का सवेतन अवकाश मिलता है।", None),
            ("员工每年享有二十八天带薪休假。", None),
            ("QX-7731", Some(Language::English)),
        ] {
            assert_eq!(of(text), language, "{text}");
        }
        assert_eq!(surely_of("QX-7731"), None);
        assert_eq!((name(Some(Language::German)), name(None)), ("deu", "other"));
    }
}
