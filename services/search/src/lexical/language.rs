//! By whose rules the words of a text are made: its language, as far as there are rules for it.

use tantivy::tokenizer::Language;
use text::language::{Info, Lang, Script, detect};

/// Those with a stemmer. Others are told apart as well, so that they aren't taken for one of these.
const STEMMED: [(Lang, Language); 18] = [
    (Lang::Eng, Language::English),
    (Lang::Deu, Language::German),
    (Lang::Fra, Language::French),
    (Lang::Spa, Language::Spanish),
    (Lang::Ita, Language::Italian),
    (Lang::Por, Language::Portuguese),
    (Lang::Nld, Language::Dutch),
    (Lang::Dan, Language::Danish),
    (Lang::Swe, Language::Swedish),
    (Lang::Nob, Language::Norwegian),
    (Lang::Fin, Language::Finnish),
    (Lang::Hun, Language::Hungarian),
    (Lang::Ron, Language::Romanian),
    (Lang::Tur, Language::Turkish),
    (Lang::Rus, Language::Russian),
    (Lang::Ell, Language::Greek),
    (Lang::Ara, Language::Arabic),
    (Lang::Tam, Language::Tamil),
];

/// Characters that mostly show a language.
const TELLING: usize = 200;

/// All whose words are stemmed.
pub(super) fn stemmed() -> impl Iterator<Item = Language> {
    STEMMED.iter().map(|(_, language)| *language)
}

/// The language by whose rules a text's words are put in their basic form; `None` where there are no such rules, or the
/// text doesn't show its language and its script is of many.
pub(super) fn of(text: &str) -> Option<Language> {
    // The beginning tells nearly always; telling it of the whole takes longer than making its words.
    let beginning = text.char_indices().nth(TELLING).map_or(text, |(end, _)| &text[..end]);
    let info = detect(beginning).filter(Info::is_reliable).or_else(|| detect(text))?;
    if info.is_reliable() {
        return STEMMED.iter().find(|(lang, _)| *lang == info.lang()).map(|(_, language)| *language);
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
    detect(text).filter(Info::is_reliable).map(|_| of(text))
}

/// By which an index knows it.
pub(super) fn name(language: Option<Language>) -> &'static str {
    language.and_then(|language| STEMMED.iter().find(|(_, own)| *own == language)).map_or("other", |(lang, _)| lang.code())
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
