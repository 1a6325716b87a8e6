//! Text to the words that are indexed, and to pairs of them.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, Stemmer, StopWordFilter, TextAnalyzer, Token, TokenStream, Tokenizer,
};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::language;

/// Words that say nothing of what a text is about, those of questions among them: which passages have them is chance.
const ENGLISH_STOP_WORDS: &str = "a about all an and any are as at be been being but by can could did do does for from had has have how \
    if in into is it its may might must no not of on or shall should such than that the their them then there these they this those to \
    under until up upon was were what when where which while who whom whose why will with within would you your";

/// Longer ones are no words.
const MAX_BYTES: usize = 64;

/// What makes words of texts, for each language: small letters, stems, without stop words.
pub(super) struct Analyzers(HashMap<Option<Language>, TextAnalyzer>);

impl Analyzers {
    pub(super) fn new() -> Self {
        Self(language::stemmed().map(Some).chain([None]).map(|language| (language, analyzer(language))).collect())
    }

    /// The words of a text, in their order.
    pub(super) fn words(&self, text: &str, language: Option<Language>) -> Vec<Token> {
        let Some(mut analyzer) = self.0.get(&language).cloned() else { return Vec::new() };
        let mut words = Vec::new();
        analyzer.token_stream(text).process(&mut |token| words.push(token.clone()));
        words
    }

    /// The words of a question by the rules of each language, but for what one of them leaves out: a stop word of Spanish is rare where
    /// passages are in Spanish, and would lead to those that were taken for English.
    pub(super) fn common(&self, question: &str, languages: &[Option<Language>]) -> Vec<Vec<Token>> {
        let all: Vec<Vec<Token>> = languages.iter().map(|language| self.words(question, *language)).collect();
        let kept = |words: &Vec<Token>| words.iter().map(|word| word.offset_from).collect::<BTreeSet<usize>>();
        let Some(common) = all.iter().map(kept).reduce(|a, b| &a & &b).filter(|common| !common.is_empty()) else { return all };
        all.into_iter().map(|words| words.into_iter().filter(|word| common.contains(&word.offset_from)).collect()).collect()
    }
}

/// Each two words that follow each other, with a space between.
pub(super) fn pairs(words: &[Token]) -> Vec<Token> {
    let pair =
        |pair: &[Token]| Token { offset_to: pair[1].offset_to, text: format!("{} {}", pair[0].text, pair[1].text), ..pair[0].clone() };
    words.windows(2).map(pair).collect()
}

fn analyzer(language: Option<Language>) -> TextAnalyzer {
    let words = TextAnalyzer::builder(Words).filter(RemoveLongFilter::limit(MAX_BYTES)).filter(LowerCaser);
    let Some(language) = language else { return words.filter(AsciiFoldingFilter).build() };
    let stop_words = match language {
        Language::English => Some(StopWordFilter::remove(ENGLISH_STOP_WORDS.split_whitespace().map(ToOwned::to_owned))),
        language => StopWordFilter::new(language),
    };
    match stop_words {
        Some(stop_words) => words.filter(stop_words).filter(Stemmer::new(language)).filter(AsciiFoldingFilter).build(),
        None => words.filter(Stemmer::new(language)).filter(AsciiFoldingFilter).build(),
    }
}

/// A word as it is written, not put into its basic form.
pub(super) struct Written {
    /// In small letters.
    pub(super) small: String,
    pub(super) letters: usize,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
}

/// The words of a text that are of letters alone.
pub(super) fn written(text: &str) -> impl Iterator<Item = Written> {
    text.unicode_word_indices().flat_map(|(at, word)| parts(at, word)).filter_map(|(at, word)| {
        let letters = word.chars().count();
        // Signs of Indian vowels are no letters, and within words.
        let is_word = word.starts_with(char::is_alphabetic) && !word.contains(|c: char| c.is_numeric() || c.is_ascii_punctuation());
        (is_word && word.len() <= MAX_BYTES).then(|| Written {
            small: word.nfkc().collect::<String>().to_lowercase(),
            letters,
            range: at..at + word.len(),
        })
    })
}

/// Words as Unicode has them (UAX 29): "4.3.2" is one, each Chinese sign is one, and marks of vowels are within theirs.
#[derive(Clone)]
struct Words;

struct WordStream {
    words: std::vec::IntoIter<Token>,
    current: Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream;

    fn token_stream(&mut self, text: &str) -> WordStream {
        let parts = text.unicode_word_indices().flat_map(|(at, word)| parts(at, word));
        let token = |(position, (at, word)): (usize, (usize, &str))| Token {
            offset_from: at,
            offset_to: at + word.len(),
            position,
            text: if word.is_ascii() { word.to_owned() } else { word.nfkc().collect() },
            position_length: 1,
        };
        let words: Vec<Token> = parts.enumerate().map(token).collect();
        WordStream { words: words.into_iter(), current: Token::default() }
    }
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        let next = self.words.next();
        let is_there = next.is_some();
        self.current = next.unwrap_or_default();
        is_there
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

/// "l'article" is two words, "employee's" is one.
fn parts(at: usize, word: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_clitic = |part: &str| CLITICS.iter().any(|clitic| part.eq_ignore_ascii_case(clitic));
    let mut start = 0;
    word.split(['\'', '\u{2019}']).filter_map(move |part| {
        let first = start == 0;
        let from = word[start..].find(part).map_or(start, |found| start + found);
        start = from + part.len();
        (!part.is_empty() && (first || !is_clitic(part))).then_some((at + from, part))
    })
}

/// What English writes behind an apostrophe.
const CLITICS: [&str; 7] = ["s", "t", "d", "m", "re", "ve", "ll"];

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[Token]) -> Vec<&str> {
        words.iter().map(|word| word.text.as_str()).collect()
    }

    #[test]
    fn words_are_stems_of_their_language_and_pairs_reach_over_stop_words() {
        let analyzers = Analyzers::new();
        let english = |text: &str| analyzers.words(text, Some(Language::English));
        let words = english("What are the duties of a Director?");
        assert_eq!((texts(&words), texts(&pairs(&words))), (vec!["duti", "director"], vec!["duti director"]));
        assert_eq!(texts(&english("The employee\u{2019}s form 4.3.2(b), l'article")), ["employe", "form", "4.3.2", "b", "l", "articl"]);
        let german = analyzers.words("die Kündigungen der Verträge", Some(Language::German));
        assert_eq!(texts(&german), ["kundig", "vertrag"]);
        assert_eq!(texts(&pairs(&analyzers.words("年假天", None))), ["年 假", "假 天"]);
        let both = analyzers.common("la duración de las licencias", &[Some(Language::English), Some(Language::Spanish)]);
        assert_eq!(both.iter().map(|words| texts(words)).collect::<Vec<_>>(), [["duracion", "licencia"], ["duracion", "licenci"]]);
        assert!(pairs(&english("leave")).is_empty() && english("what is it?").is_empty());
    }
}
