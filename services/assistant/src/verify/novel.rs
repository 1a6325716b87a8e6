//! Words of a claim that its source does not have. A model that retells a source well needs few of them; in one that invents, they are what
//! ties true words together wrongly: "driven by", "played a crucial role in".

use std::collections::BTreeSet;

use super::{
    actor::ANYBODY,
    clause::CUE_WORDS,
    moment,
    quantity::{is_unit, quantities},
};
use crate::words::{Word, coverage};

/// Stems of words that frame an answer whatever it says: "An appeal refers to …", "The plan offers …".
const FRAME: [&str; 53] = [
    "refer", "mean", "call", "known", "name", "includ", "provid", "offer", "cover", "give", "given", "receiv", "contain", "consist",
    "purpos", "aim", "role", "use", "make", "made", "take", "taken", "allow", "appli", "follow", "order", "way", "thing", "exampl", "case",
    "certain", "specif", "document", "sourc", "polici", "limit", "maximum", "minimum", "number", "amount", "compani",
    // Bounds of numbers, which are looked at beside the number.
    "exceed", "most", "least", "more", "less", "fewer", "over", "under", "abov", "below", "within", "cap",
];

const BEING: [&str; 8] = ["is", "are", "was", "were", "be", "been", "being", "get"];

/// Share of a claim's words, by weight, that the source must have: of a claim that has more of the question's it tells too little.
const LEAST_TOLD: f32 = 0.9;

/// The first word of a claim that is neither said by the source, the question, nor one of those that say nothing. `told` are the stems
/// of source, title and headings, `asked` those of the question: what it asks about is named as it names it, but what became of that
/// ("was fuelled by") only the source can tell.
pub fn word(claim: &str, claim_words: &[Word], told: &BTreeSet<String>, asked: &BTreeSet<String>) -> Option<String> {
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
    let telling: Vec<(usize, &Word)> =
        claim_words.iter().enumerate().filter(|(at, word)| word.content && !counted[*at] && !says_nothing(word)).collect();
    let is_predicate = |at: usize| at > 0 && BEING.contains(&claim_words[at - 1].lower.as_str());
    let may_be_asked = coverage(telling.iter().map(|(_, word)| &word.stem), told) >= LEAST_TOLD;
    let is_known = |at: usize, word: &Word| told.contains(&word.stem) || (may_be_asked && asked.contains(&word.stem) && !is_predicate(at));
    telling.into_iter().find(|(at, word)| !is_known(*at, word)).map(|(_, word)| word.lower.clone())
}
