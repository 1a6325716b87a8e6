//! Words of opposite meaning: similar enough for an embedding to take one for the other.

use std::collections::BTreeSet;

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
