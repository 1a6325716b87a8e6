//! Words of opposite meaning: similar enough for an embedding to take one for the other.

use std::collections::BTreeSet;

use super::clause::Clause;
use crate::words::Word;

const OPPOSITES: [(&str, &str); 40] = [
    ("all", "some"),
    ("all", "most"),
    ("all", "many"),
    ("every", "some"),
    ("every", "most"),
    ("each", "some"),
    ("before", "after"),
    ("more", "less"),
    ("more", "fewer"),
    ("above", "below"),
    ("over", "under"),
    ("maximum", "minimum"),
    ("most", "least"),
    ("increase", "decrease"),
    ("include", "exclude"),
    ("included", "excluded"),
    ("including", "excluding"),
    ("paid", "unpaid"),
    ("with", "without"),
    ("employer", "employee"),
    ("internal", "external"),
    ("approve", "reject"),
    ("accept", "refuse"),
    ("allow", "prohibit"),
    ("first", "last"),
    ("earlier", "later"),
    ("start", "end"),
    ("begin", "end"),
    ("buy", "sell"),
    ("give", "receive"),
    ("lessor", "lessee"),
    ("landlord", "tenant"),
    ("full-time", "part-time"),
    ("full", "part"),
    ("domestic", "international"),
    ("always", "never"),
    ("all", "none"),
    ("permanent", "temporary"),
    ("voluntary", "mandatory"),
    ("public", "private"),
];

/// The word of a claim whose opposite stands in the source, while the word itself does not.
pub fn contradicted(claim: &BTreeSet<String>, source: &BTreeSet<String>) -> Option<&'static str> {
    let stated = |word: &str| source.contains(word);
    OPPOSITES
        .iter()
        .flat_map(|(a, b)| [(*a, *b), (*b, *a)])
        .find_map(|(word, opposite)| (claim.contains(word) && !stated(word) && stated(opposite)).then_some(word))
}
/// A compound of a claim where its source has another of the same end: "out-of-network" for "in-network", "part-time" for "full-time".
pub fn exchanged(
    (claim, claimed, claim_words): (&str, &[Clause], &[Word]),
    (source, stated, source_words): (&str, &[Clause], &[Word]),
) -> Option<String> {
    let compounds = |text: &str, words: &[Word], clause: &Clause| {
        let own = &words[clause.words.clone()];
        let text = text[own[0].range.start..own[own.len() - 1].range.end].to_lowercase();
        let pieces = text.split_whitespace().map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
        pieces.filter_map(|piece| piece.rsplit_once('-').map(|(_, end)| end.to_owned()).map(|end| (piece, end))).collect::<Vec<_>>()
    };
    claimed.iter().find_map(|clause| {
        let likest = stated.iter().max_by(|a, b| clause.likeness(a).total_cmp(&clause.likeness(b)))?;
        let there = compounds(source, source_words, likest);
        let is_other =
            |(piece, end): &(String, String)| there.iter().any(|(_, other)| other == end) && !there.iter().any(|(other, _)| other == piece);
        compounds(claim, claim_words, clause).into_iter().find(is_other).map(|(piece, _)| piece)
    })
}
