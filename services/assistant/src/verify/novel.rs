//! Words of a claim that its source does not have. A model that retells a source well needs few of them; in one that invents, they are what
//! ties true words together wrongly: "driven by", "played a crucial role in".

use std::collections::BTreeSet;

use super::{
    actor::is_anybody,
    bound,
    clause::{BEING, CUE_WORDS},
    lead, moment, names,
    quantity::{is_frequency, quantities},
};
use crate::words::{Word, coverage};

/// Stems of words that frame an answer whatever it says: "An appeal refers to …".
pub(super) const FRAME: [&str; 31] = [
    "refer", "mean", "call", "known", "name", "give", "given", "describ", "receiv", "contain", "consist", "purpos", "aim", "role", "use",
    "make", "made", "take", "taken", "appli", "follow", "order", "way", "thing", "exampl", "case", "certain", "specif", "document",
    "sourc", "polici",
];
/// Those that say the opposite of a source that excludes or forbids.
const GRANTING: [&str; 5] = ["includ", "provid", "offer", "cover", "allow"];
/// Stems of forms that don't look like their verb.
const IRREGULAR: [(&str, &str); 5] = [("paid", "pay"), ("sent", "send"), ("held", "hold"), ("written", "write"), ("kept", "keep")];
/// Words between a number and its rate.
const RATE_WORDS: usize = 4;

/// Share of a claim's words, by weight, that the source must have: of a claim that has more of the question's it tells too little.
const LEAST_TOLD: f32 = 0.9;

/// The first word of a claim that is neither said by the source, the question, nor one of those that say nothing. `told` are the stems
/// of source, title and headings, `asked` those of the question: what it asks about is named as it names it, but what became of that
/// ("was fuelled by") only the source can tell.
pub fn word(claim: &str, claim_words: &[Word], source: &str, told: &BTreeSet<String>, asked: &BTreeSet<String>) -> Option<String> {
    // Numbers, dates, times and names are looked at by themselves, in whatever form.
    let numbers = quantities(claim, claim_words);
    let mut elsewhere = vec![false; claim_words.len()];
    for number in &numbers {
        for at in bound::words_of(claim_words, &number.words) {
            elsewhere[at] = true;
        }
        // "a day" or "each year", right before or behind it.
        let around = number.words.start.saturating_sub(RATE_WORDS)..claim_words.len().min(number.words.end + RATE_WORDS);
        for at in around.filter(|_| number.rate.is_some()) {
            let lower = claim_words[at].lower.as_str();
            elsewhere[at] |= lower == "per" || is_frequency(lower);
        }
    }
    let dates = moment::dates(claim, claim_words).into_iter().map(|date| date.words);
    let times = moment::times(claim, claim_words).into_iter().map(|time| time.words);
    for range in numbers.into_iter().map(|quantity| quantity.words).chain(dates).chain(times) {
        elsewhere[range].fill(true);
    }
    // "Each year" is "per year".
    for (at, pair) in claim_words.windows(2).enumerate() {
        elsewhere[at] |= matches!(pair[0].lower.as_str(), "each" | "every") && is_frequency(&pair[1].lower);
    }
    let named = names::names(claim, claim_words);
    let denied = lead::denies(source);
    let says_nothing = |word: &Word| {
        let (stem, lower) = (word.stem.as_str(), word.lower.as_str());
        FRAME.contains(&stem)
            || (GRANTING.contains(&stem) && !denied)
            || is_anybody(word)
            // "not any": what is denied of none is denied of each.
            || lower == "any"
            || (CUE_WORDS.contains(&lower) && lower != "free")
            || named.contains(&word.lower)
    };
    let is_told = |stem: &String| {
        let other = |(a, b): &(&str, &str)| (*a == stem && told.contains(*b)) || (*b == stem && told.contains(*a));
        told.contains(stem) || IRREGULAR.iter().any(other)
    };
    let telling: Vec<(usize, &Word)> =
        claim_words.iter().enumerate().filter(|(at, word)| word.content && !elsewhere[*at] && !says_nothing(word)).collect();
    let is_being = |lower: &str| BEING.contains(&lower) || lower == "get";
    let is_predicate = |at: usize| at > 0 && is_being(&claim_words[at - 1].lower);
    let may_be_asked = coverage(telling.iter().map(|(_, word)| &word.stem), told) >= LEAST_TOLD;
    let is_known = |at: usize, word: &Word| is_told(&word.stem) || (may_be_asked && asked.contains(&word.stem) && !is_predicate(at));
    telling.into_iter().find(|(at, word)| !is_known(*at, word)).map(|(_, word)| word.lower.clone())
}
