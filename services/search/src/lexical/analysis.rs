//! Text to the words that are indexed, and to pairs of them.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, Stemmer, StopWordFilter, TextAnalyzer, TextAnalyzerBuilder, Token,
    TokenFilter, TokenStream, Tokenizer,
};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Words that say nothing of what a text is about, those of questions among them: which passages have them is chance.
const STOP_WORDS: &str = "a about all an and any are as at be been being but by can could did do does for from had has have how if in \
    into is it its may might must no not of on or shall should such than that the their them then there these they this those to under \
    until up upon was were what when where which while who whom whose why will with within would you your";

/// Longer ones are no words.
const MAX_BYTES: usize = 64;

/// The words of a text: small letters, stems, without [`STOP_WORDS`].
pub(super) fn words() -> TextAnalyzer {
    base().build()
}

/// Each two of them that follow each other, with a space between.
pub(super) fn pairs() -> TextAnalyzer {
    base().filter(Pairs).build()
}

fn base() -> TextAnalyzerBuilder<impl Tokenizer> {
    TextAnalyzer::builder(Words)
        .filter(RemoveLongFilter::limit(MAX_BYTES))
        .filter(LowerCaser)
        .filter(StopWordFilter::remove(STOP_WORDS.split_whitespace().map(ToOwned::to_owned)))
        .filter(Stemmer::new(Language::English))
        .filter(AsciiFoldingFilter)
}

/// What an analyzer makes of a text, each once.
pub(super) fn distinct(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
    words.sort_unstable();
    words.dedup();
    words
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

#[derive(Clone)]
struct Pairs;

impl TokenFilter for Pairs {
    type Tokenizer<T: Tokenizer> = PairTokenizer<T>;

    fn transform<T: Tokenizer>(self, words: T) -> PairTokenizer<T> {
        PairTokenizer(words)
    }
}

#[derive(Clone)]
struct PairTokenizer<T>(T);

impl<T: Tokenizer> Tokenizer for PairTokenizer<T> {
    type TokenStream<'a> = PairStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        PairStream { words: self.0.token_stream(text), before: None, pair: Token::default() }
    }
}

struct PairStream<S> {
    words: S,
    before: Option<String>,
    pair: Token,
}

impl<S: TokenStream> TokenStream for PairStream<S> {
    fn advance(&mut self) -> bool {
        while self.words.advance() {
            let word = self.words.token();
            let before = self.before.replace(word.text.clone());
            if let Some(before) = before {
                self.pair = Token { text: format!("{before} {}", word.text), ..word.clone() };
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.pair
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stems_and_pairs_reach_over_stop_words() {
        let question = "What are the duties of a Director?";
        assert_eq!(distinct(words(), question), ["director", "duti"]);
        assert_eq!(distinct(pairs(), question), ["duti director"]);
        assert_eq!(
            distinct(words(), "The employee\u{2019}s form 4.3.2(b), l'article, 年假"),
            ["4.3.2", "articl", "b", "employe", "form", "l", "假", "年"]
        );
        assert_eq!(distinct(pairs(), "年假天"), ["假 天", "年 假"]);
        assert!(distinct(pairs(), "leave").is_empty() && distinct(words(), "what is it?").is_empty());
    }
}
