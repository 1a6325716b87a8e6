//! Of what a clause with "that", "who" or "which" denies something: "the portion of the cost that is not covered" says nothing of
//! whoever bears the rest of it.

use super::{
    actor::{READERS, RELATIVE, VERBS, is_anybody},
    clause::{BEING, Clause},
};
use crate::words::Word;

/// Words before a relative clause among which the thing is that it tells of ("the portion of the cost that …").
const BEFORE: usize = 5;

/// What a source denies of one thing only, in a relative clause, and a claim of another. The thing, as the source names it.
pub fn denied_of_another(
    (claim, claim_words): (&[Clause], &[Word]),
    source: &str,
    (stated, source_words): (&[Clause], &[Word]),
) -> Option<String> {
    claim.iter().filter(|clause| clause.force.is_negative()).find_map(|clause| {
        let predicate = clause.predicate.as_ref()?;
        let subject = subject(clause, claim_words);
        if subject.is_empty() || subject.iter().any(|word| is_anybody(word) || READERS.contains(&word.lower.as_str())) {
            return None;
        }
        let same = stated.iter().filter(|other| other.force.is_negative() && other.predicate.as_ref() == Some(predicate));
        let mut thing = None;
        for other in same {
            let start = other.words.start;
            if !is_relative(&source_words[start]) {
                return None;
            }
            let sentence = text::sentences(source).into_iter().find(|range| range.contains(&source_words[start].range.start))?;
            let within = |word: &&Word| sentence.contains(&word.range.start);
            let before = source_words[start.saturating_sub(BEFORE)..start].iter().filter(within);
            // "Services that are not covered, such as massages": what follows may be what is meant.
            let after = source_words[start..].iter().take_while(within);
            if before.clone().chain(after).any(|word| subject.iter().any(|own| own.stem == word.stem)) {
                return None;
            }
            thing = Some(before.map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" "));
        }
        thing
    })
}

fn is_relative(word: &Word) -> bool {
    RELATIVE.contains(&word.lower.as_str())
}

/// Content words of what a clause tells of; of ", but are not covered" what the sentence begins with.
fn subject<'a>(clause: &Clause, words: &'a [Word]) -> Vec<&'a Word> {
    let start = clause.words.start;
    let is_verb = |word: &&Word| VERBS.contains(&word.lower.as_str()) || BEING.contains(&word.lower.as_str());
    // "Partner clinics accept a share": up to the first word that only joins others, as not every verb is known.
    let told = |words: &'a [Word]| {
        let named = words.iter().skip_while(|word| !word.content && !is_verb(word));
        named.take_while(|word| word.content && !is_verb(word)).collect::<Vec<_>>()
    };
    if is_relative(&words[start]) {
        return words[start.saturating_sub(BEFORE)..start].iter().filter(|word| word.content).collect();
    }
    let own = told(&words[clause.words.clone()]);
    if own.is_empty() { told(words) } else { own }
}

#[cfg(test)]
mod tests {
    use super::{super::clause::clauses, *};
    use crate::words::words;

    fn of_another(claim: &str, source: &str) -> Option<String> {
        let (claim_words, source_words) = (words(claim), words(source));
        let (claimed, stated) = (clauses(claim, &claim_words), clauses(source, &source_words));
        denied_of_another((&claimed, &claim_words), source, (&stated, &source_words))
    }

    #[test]
    fn what_is_denied_of_one_thing_is_not_denied_of_another() {
        let clinic =
            "Partner clinics have agreed to accept a lower fee, so that you pay the share of the bill that is not covered by the fund.";
        let claim = "Partner clinics accept a share of the bill, but are not covered by the fund.";
        assert_eq!(of_another(claim, clinic).as_deref(), Some("the share of the bill"));
        let claim = "Partner clinics are not covered by the fund.";
        assert_eq!(of_another(claim, clinic).as_deref(), Some("the share of the bill"));
    }

    #[test]
    fn where_it_cannot_be_told_nothing_is_said() {
        for (claim, source) in [
            ("The share of the bill is not covered by the fund.", "You pay the share of the bill that is not covered by the fund."),
            ("Massages are not covered.", "There are treatments that are not covered, such as massages."),
            ("Massages are not covered.", "Treatments which are not covered: massages, spectacles."),
            ("You are not covered by the fund.", "Whoever is a guest, or a person who is not covered by the fund, pays in full."),
            ("Visitors are not insured.", "Those who are not insured pay in full. Visitors are not insured."),
            ("Interns who are not insured pay in full.", "Interns who are not insured pay in full."),
            ("Receipts are not needed.", "Receipts are not needed below $25."),
            ("The clinic is covered by the fund.", "The clinic bears the share that is not covered by the fund."),
        ] {
            assert_eq!(of_another(claim, source), None, "{claim}");
        }
    }
}
