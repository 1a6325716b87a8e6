//! Words tied as in the source: "the controller assists the processor" has every word of "the processor assists the controller". The words of a
//! claim stand in its source's order, but for a phrase that may open or end a sentence, a verb that is turned round, and "the period of notice".

use std::{collections::BTreeSet, ops::Range};

use super::{
    actor::is_anybody,
    align,
    clause::BEING,
    framed,
    joints::{self, Text},
};
use crate::words::{
    Word,
    numbers::{small, tens},
    weight,
};

/// With these begins what a claim may tell first and its source last, or the other way round.
const OPENINGS: [&str; 28] = [
    "in", "for", "at", "on", "under", "after", "before", "if", "when", "where", "while", "during", "within", "since", "to", "with", "by",
    "as", "once", "from", "outside", "unless", "until", "upon", "without", "of", "because", "up",
];
/// Participles that don't look like one.
const IRREGULAR: [&str; 8] = ["paid", "kept", "made", "held", "sent", "told", "sold", "met"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What a claim ties otherwise than its source; a word of it.
pub fn exchanged(
    (claim, claim_words): (&str, &[Word]),
    (source, source_words): (&str, &[Word]),
    said: &BTreeSet<String>,
) -> Option<String> {
    // Numbers in words are looked at as numbers.
    let is_number = |word: &Word| small(&word.lower).or_else(|| tens(&word.lower)).is_some();
    let own: Vec<usize> = (0..claim_words.len()).filter(|at| claim_words[*at].content && !is_number(&claim_words[*at])).collect();
    let region = likest(&own, claim_words, source, source_words);
    let told: Vec<usize> = region.clone().filter(|at| source_words[*at].content).collect();
    let align = |own: &[usize]| align::pairs((own, claim_words), (&told, source_words));
    let mut pairs = align(&own);
    // Turned round: who does it stands behind "by" then.
    let turned_round = turned_round(claim_words, &source_words[region.clone()]);
    if turned_round == Some(false) {
        return claim_words.iter().find(|word| word.content).map(|word| word.lower.clone());
    }
    if let Some(word) = moved(&own, &pairs, claim_words, &told, source_words) {
        if turned_round == Some(true) {
            return None;
        }
        // "With approval, employees may travel" for "employees may travel with approval".
        let turned = (1..own.len()).find_map(|at| {
            let order = [&own[at..], &own[..at]].concat();
            let pairs = align(&order);
            let opens = |block: &[usize]| is_at_an_end(&pairs, block, &told) && opening(&pairs, block, claim_words, source_words);
            (moved(&order, &pairs, claim_words, &told, source_words).is_none() && (opens(&own[..at]) || opens(&own[at..]))).then_some(pairs)
        });
        match turned {
            Some(turned) => pairs = turned,
            None if is_of_a_compound(&own, &pairs, claim_words, &told, source_words) => {}
            None => return Some(word.lower.clone()),
        }
    }
    let of_a_sentence = || {
        let told: Vec<usize> = pairs.iter().map(|(_, told)| told - region.start).collect::<BTreeSet<_>>().into_iter().collect();
        let words = &source_words[region.clone()];
        framed::untold(claim_words, (source, words), &told, said).or_else(|| framed::but(claim_words, words, &told))
    };
    if joints::none_for_not_all(claim_words, source_words) {
        return Some("no".to_owned());
    }
    joints::changed(&pairs, Text { text: claim, words: claim_words }, Text { text: source, words: source_words }, said)
        .or_else(|| only((claim_words, source_words), &pairs))
        .or_else(of_a_sentence)
}

/// Words of the sentence of the source that has most of the claim's; all of them where it takes several.
fn likest(own: &[usize], claim_words: &[Word], source: &str, source_words: &[Word]) -> Range<usize> {
    let shared = |range: &Range<usize>| {
        let has = |at: &&usize| source_words[range.clone()].iter().any(|word| word.stem == claim_words[**at].stem);
        own.iter().filter(has).map(|at| weight(&claim_words[*at].stem)).sum::<f32>()
    };
    let whole = 0..source_words.len();
    let at = |byte: usize| source_words.partition_point(|word| word.range.start < byte);
    let sentences = text::sentences(source).into_iter().map(|range| at(range.start)..at(range.end));
    let best = sentences.max_by(|a, b| shared(a).total_cmp(&shared(b))).unwrap_or_else(|| whole.clone());
    if shared(&best) >= shared(&whole) { best } else { whole }
}

/// A word of the claim that the source has elsewhere.
fn moved<'w>(own: &[usize], pairs: &[(usize, usize)], claim_words: &'w [Word], told: &[usize], source_words: &[Word]) -> Option<&'w Word> {
    let is_moved = |at: &usize| {
        let word = &claim_words[*at];
        let of_it = |word: &Word, stem: &str| word.stem == stem;
        let there = told.iter().filter(|at| of_it(&source_words[**at], &word.stem)).count();
        let here = pairs.iter().filter(|(at, _)| of_it(&claim_words[*at], &word.stem)).count();
        // "Globally" may stand anywhere, and "March 31" is "31 March".
        let is_number = word.lower.starts_with(|c: char| c.is_ascii_digit()) && word.lower.len() <= 2;
        let is_bound = matches!(word.lower.as_str(), "most" | "least" | "maximum" | "minimum" | "only");
        let is_free = is_anybody(word) || is_bound || word.lower.ends_with("ly") || (is_number && is_of_a_date(claim_words, *at));
        !is_free && there > here && !pairs.iter().any(|(own, _)| own == at)
    };
    own.iter().find(|at| is_moved(at)).map(|at| &claim_words[*at])
}

fn is_of_a_date(words: &[Word], at: usize) -> bool {
    let beside = words[at.saturating_sub(2)..words.len().min(at + 3)].iter();
    beside.clone().any(|word| MONTHS.contains(&word.stem.get(..3).unwrap_or("")))
}

/// Whether some of the claim's words are the first or the last of the source.
fn is_at_an_end(pairs: &[(usize, usize)], block: &[usize], told: &[usize]) -> bool {
    let mut there = pairs.iter().filter(|(own, _)| block.contains(own)).map(|(_, told)| *told);
    there.any(|at| Some(&at) == told.first() || Some(&at) == told.last())
}

/// Whether what is told elsewhere is a phrase that may stand there: the same word opens it in both.
fn opening(pairs: &[(usize, usize)], block: &[usize], claim_words: &[Word], source_words: &[Word]) -> bool {
    let Some((own, told)) = pairs.iter().copied().find(|(own, _)| block.contains(own)) else { return false };
    let openings = |words: &[Word], at: usize| -> Vec<String> {
        // "After" tells something itself.
        let before = words[..=at]
            .iter()
            .rev()
            .skip(usize::from(!OPENINGS.contains(&words[at].lower.as_str())))
            .take_while(|word| !word.content || OPENINGS.contains(&word.lower.as_str()));
        before.map(|word| word.lower.clone()).filter(|lower| OPENINGS.contains(&lower.as_str())).collect()
    };
    let there = openings(source_words, told);
    openings(claim_words, own).iter().any(|lower| there.contains(lower))
}

/// "The notice period" for "the period of notice".
fn is_of_a_compound(own: &[usize], pairs: &[(usize, usize)], claim_words: &[Word], told: &[usize], source_words: &[Word]) -> bool {
    let of_between = |words: &[Word], a: usize, b: usize| {
        let (a, b) = (a.min(b), a.max(b));
        let between = words.get(a + 1..b).unwrap_or_default();
        between.iter().any(|word| word.lower == "of") && between.iter().all(|word| !word.content)
    };
    let is_one = |at: &usize| {
        let place = own.iter().position(|own| own == at).unwrap_or(0);
        let beside = [place.checked_sub(1).and_then(|at| own.get(at)), own.get(place + 1)];
        let there: Vec<usize> = told.iter().copied().filter(|told| source_words[*told].stem == claim_words[*at].stem).collect();
        beside.into_iter().flatten().any(|other| {
            let other_there = pairs.iter().find(|(own, _)| own == other).map(|(_, told)| *told);
            let turned = |a: usize, b: usize| {
                (of_between(source_words, a, b) && at.abs_diff(*other) <= 2) || (of_between(claim_words, *at, *other) && a.abs_diff(b) <= 2)
            };
            other_there.is_some_and(|b| there.iter().any(|a| turned(*a, b)))
        })
    };
    let is_moved = |at: &&usize| moved(&[**at], pairs, claim_words, told, source_words).is_some();
    own.iter().filter(is_moved).all(is_one)
}

/// Places of the verbs in the passive.
fn passives(words: &[Word]) -> Vec<usize> {
    let is_participle = |word: &Word| {
        word.content && (word.lower.ends_with("ed") || word.lower.ends_with("en") || IRREGULAR.contains(&word.lower.as_str()))
    };
    let is_being = |at: usize| words[at.saturating_sub(2)..at].iter().any(|word| BEING.contains(&word.lower.as_str()));
    let is_by = |at: usize| words.get(at + 1).is_some_and(|next| next.lower == "by");
    (1..words.len()).filter(|at| is_participle(&words[*at]) && (is_being(*at) || is_by(*at))).collect()
}

/// Whether a verb of one is in the passive in the other, and whether who does it there does it here. None where there is no such verb.
fn turned_round(claim_words: &[Word], source_words: &[Word]) -> Option<bool> {
    let turned = |passive: &[Word], active: &[Word]| {
        let others = passives(active);
        let does = |at: usize| {
            let verb = (0..active.len()).find(|other| active[*other].stem == passive[at].stem && !others.contains(other))?;
            let by = (at + 1..passive.len().min(at + 4)).find(|at| passive[*at].lower == "by");
            let agent = by.and_then(|by| passive[by + 1..].iter().find(|word| word.content));
            Some(agent.is_none_or(|agent| !active[verb..].iter().any(|word| word.stem == agent.stem)))
        };
        passives(passive).into_iter().filter_map(does).collect::<Vec<bool>>()
    };
    let verbs = [turned(claim_words, source_words), turned(source_words, claim_words)].concat();
    (!verbs.is_empty()).then(|| verbs.iter().all(|does| *does))
}

/// "Only" is of what follows it.
fn only((claim_words, source_words): (&[Word], &[Word]), pairs: &[(usize, usize)]) -> Option<String> {
    let next = |words: &[Word], at: usize| (at + 1..words.len()).find(|at| words[*at].content && words[*at].lower != "only");
    let places = |words: &[Word]| (0..words.len()).filter(|at| words[*at].lower == "only").collect::<Vec<_>>();
    let there: Vec<usize> = places(source_words).into_iter().filter_map(|at| next(source_words, at)).collect();
    let is_told = |own: &usize| pairs.iter().any(|(at, told)| at == own && there.contains(told));
    let moved = places(claim_words).into_iter().filter_map(|at| next(claim_words, at)).any(|own| !is_told(&own));
    // "May only travel if …" is "may travel only if …".
    let of_a_case = places(source_words)
        .into_iter()
        .filter_map(|at| source_words.get(at + 1))
        .any(|next| OPENINGS.contains(&next.lower.as_str()) && claim_words.iter().any(|word| word.lower == next.lower));
    (moved && !there.is_empty() && !of_a_case).then(|| "only".to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::words::words;

    #[test]
    fn whatever_is_written_gets_an_answer() {
        let vocabulary = ["plan", "plan", "of", "leave", "by", "paid", "is", "and", "only", ", but", ". If"];
        let sources = [
            "Plan the plan of leave. Plan leave plan.",
            "Leave is paid by the plan and the plan is of leave, but not by staff.",
            "If leave plan, only plan of plan.",
            "",
        ];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| vocabulary.iter().map(move |word| format!("{text} {word}"))).collect();
        }
        let mut exchanged = 0;
        for text in &texts {
            for source in sources {
                exchanged += usize::from(super::exchanged((text, &words(text)), (source, &words(source)), &BTreeSet::new()).is_some());
            }
        }
        assert!(exchanged > 0);
    }
}
