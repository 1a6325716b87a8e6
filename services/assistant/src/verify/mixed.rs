//! Sentences of a source mixed into one: what stands only in those about somebody or something else is not told of this one.

use std::{collections::BTreeSet, ops::Range};

use super::{
    hard::{Mismatch, Source},
    names,
    quantity::{Quantity, quantities},
};
use crate::{
    evidence::points_back,
    lists::is_row,
    words::{Word, content_stems, coverage, words},
};

/// Share of the words, by weight, with which a row of a table begins that must be said for a figure of it to be told.
const LEAST_OF_A_ROW: f32 = 0.7;

/// The first number or name of a claim that all sentences which have it say of others. `said` are the stems of claim, question and
/// headings.
pub fn check(claim: &str, claim_words: &[Word], source: &Source, said: &BTreeSet<String>) -> Result<(), Mismatch> {
    let context: BTreeSet<String> = words(source.context).into_iter().map(|w| w.lower).collect();
    let claimed: BTreeSet<String> = names::names(claim, claim_words).into_iter().filter(|name| !context.contains(name)).collect();
    let ranges = text::sentences(source.text);
    let read = |ranges: &[Range<usize>]| ranges.iter().map(|range| Stretch::new(&source.text[range.clone()])).collect::<Vec<_>>();
    let is_of_others = |sentence: &Stretch| {
        claimed.iter().any(|name| !names::has_name(name, &sentence.lowers, &sentence.initials))
            && sentence.names.iter().any(|name| !claimed.contains(name) && !context.contains(name))
    };
    let sentences = read(&ranges);
    for quantity in quantities(claim, claim_words) {
        let has = |sentence: &&Stretch| sentence.quantities.iter().any(|stated| quantity.same_amount(stated));
        if all(sentences.iter().filter(has), |sentence| is_of_others(sentence) || is_another_row(sentence.text, said)) {
            let (first, last) = (&claim_words[quantity.words.start], &claim_words[quantity.words.end - 1]);
            return Err(Mismatch::NumberOfAnother(claim[first.range.start..last.range.end].to_owned()));
        }
    }
    // "It was audited by …" is of whom the sentence before named.
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match stretches.last_mut() {
            Some(last) if points_back(&source.text[range.clone()]) => last.end = range.end,
            _ => stretches.push(range),
        }
    }
    let stretches = read(&stretches);
    let of_others = |name: &&String| {
        let has = |stretch: &&Stretch| stretch.lowers.contains(*name);
        all(stretches.iter().filter(has), is_of_others)
    };
    claimed.iter().find(of_others).map_or(Ok(()), |name| Err(Mismatch::NameOfAnother(name.clone())))
}

/// A sentence, or several of the same.
struct Stretch<'a> {
    text: &'a str,
    lowers: BTreeSet<String>,
    names: Vec<String>,
    /// See [`names::initials`].
    initials: String,
    quantities: Vec<Quantity>,
}

impl<'a> Stretch<'a> {
    fn new(text: &'a str) -> Self {
        let words = words(text);
        let (names, initials, quantities) = (names::names(text, &words), names::initials(text, &words), quantities(text, &words));
        Self { text, lowers: words.into_iter().map(|word| word.lower).collect(), names, initials, quantities }
    }
}

/// Whether there are any and it holds for each.
fn all<'a>(of: impl Iterator<Item = &'a Stretch<'a>>, holds: impl Fn(&Stretch) -> bool) -> bool {
    let mut of = of.peekable();
    of.peek().is_some() && of.all(holds)
}

fn is_another_row(sentence: &str, said: &BTreeSet<String>) -> bool {
    // "3 | Hotel in Berlin | $150": a number is no label.
    let is_word = |stem: &String| !stem.starts_with(|c: char| c.is_ascii_digit());
    let labels = || sentence.split(" | ").map(content_stems).find(|cell| cell.iter().any(is_word));
    is_row(sentence) && labels().is_some_and(|label| coverage(&label, said) < LEAST_OF_A_ROW)
}
