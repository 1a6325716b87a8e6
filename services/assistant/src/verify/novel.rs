//! Words of a claim that its source does not have. A model that retells a source well needs few of them; in one that invents, they are what
//! ties true words together wrongly: "driven by", "played a crucial role in".

use std::collections::BTreeSet;

use super::{
    actor::ANYBODY,
    clause::CUE_WORDS,
    moment,
    quantity::{is_unit, quantities},
};
use crate::words::Word;

/// Stems of words that frame an answer whatever it says: "An appeal refers to …", "The plan offers …".
const FRAME: [&str; 53] = [
    "refer", "mean", "call", "known", "name", "includ", "provid", "offer", "cover", "give", "given", "receiv", "contain", "consist",
    "purpos", "aim", "role", "use", "make", "made", "take", "taken", "allow", "appli", "follow", "order", "way", "thing", "exampl", "case",
    "certain", "specif", "document", "sourc", "polici", "limit", "maximum", "minimum", "number", "amount", "compani",
    // Bounds of numbers, which are looked at beside the number.
    "exceed", "most", "least", "more", "less", "fewer", "over", "under", "abov", "below", "within", "cap",
];

/// The first word of a claim that is neither said by the source, the question, nor one of those that say nothing. `known` are the stems
/// of source, title, headings and question.
pub fn word(claim: &str, claim_words: &[Word], known: &BTreeSet<String>) -> Option<String> {
    // Numbers and dates are looked at by themselves, in whatever form.
    let mut counted = vec![false; claim_words.len()];
    let ranges = quantities(claim, claim_words).into_iter().map(|quantity| quantity.words);
    for range in ranges.chain(moment::dates(claim, claim_words).into_iter().map(|date| date.words)) {
        counted[range].fill(true);
    }
    let says_nothing = |word: &Word| {
        let stem = word.stem.as_str();
        FRAME.contains(&stem) || ANYBODY.contains(&stem) || CUE_WORDS.contains(&word.lower.as_str()) || is_unit(&word.lower)
    };
    let is_new = |(at, word): &(usize, &Word)| word.content && !counted[*at] && !known.contains(&word.stem) && !says_nothing(word);
    claim_words.iter().enumerate().find(is_new).map(|(_, word)| word.lower.clone())
}
