//! Denials of some things only: "not all injections are covered", "injections that are not necessary are not covered". A sentence that denies it of
//! all says more than its source.

use std::collections::BTreeSet;

use super::{actor::RELATIVE, clause::Clause};
use crate::words::Word;

const DENYING: [&str; 2] = ["not", "cannot"];
/// Of what is denied in part; a claim with one of them is taken to say so.
const ALL: [&str; 9] = ["all", "every", "everything", "everyone", "always", "necessarily", "entirely", "fully", "each"];
const SOME: [&str; 6] = ["some", "certain", "may", "might", "few", "most"];
/// Words between the two: "not cover all", "does not always".
const BETWEEN: usize = 2;

/// What a source denies in part, or of things of one kind, and a claim of all. `said`: stems of the claim and of what was asked.
pub fn widened((claim, claim_words): (&[Clause], &[Word]), source: &str, source_words: &[Word], said: &BTreeSet<String>) -> Option<String> {
    if !claim.iter().any(|clause| clause.force.is_negative()) {
        return None;
    }
    let in_part = |word: &Word| ALL.contains(&word.lower.as_str()) || SOME.contains(&word.lower.as_str());
    if !claim_words.iter().any(in_part)
        && let Some(all) = denied_in_part(source, source_words)
    {
        return Some(all);
    }
    narrowed(source, source_words, claim_words, said)
}

fn denied_in_part(source: &str, words: &[Word]) -> Option<String> {
    let denies = |word: &Word| DENYING.contains(&word.lower.as_str()) || word.lower.ends_with("n't") || word.lower.ends_with("n\u{2019}t");
    (0..words.len()).filter(|at| denies(&words[*at])).find_map(|at| {
        let near = (at + 1..words.len()).take(BETWEEN + 1).find(|near| ALL.contains(&words[*near].lower.as_str()))?;
        let between = &source[words[at].range.start..words[near].range.end];
        (!between.contains(['.', ';', '\n'])).then(|| between.to_owned())
    })
}

/// A thing that the claim names, which the source tells apart by a relative clause of which nothing is said.
fn narrowed(source: &str, words: &[Word], claim: &[Word], said: &BTreeSet<String>) -> Option<String> {
    (1..words.len()).filter(|at| RELATIVE.contains(&words[*at].lower.as_str())).find_map(|at| {
        let thing = &words[at - 1];
        let is_restrictive = thing.content && &source[thing.range.end..words[at].range.start] == " ";
        if !is_restrictive || !claim.iter().any(|word| word.stem == thing.stem) {
            return None;
        }
        let rest = &source[words[at].range.start..];
        let end = words[at].range.start + rest.find(['.', ',', ';', '\n']).unwrap_or(rest.len());
        let clause: Vec<&Word> = words[at..].iter().take_while(|word| word.range.start < end).filter(|word| word.content).collect();
        let is_lost = !clause.is_empty() && !clause.iter().any(|word| said.contains(&word.stem));
        is_lost.then(|| source[thing.range.start..end].to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{super::clause::clauses, *};
    use crate::words::words;

    fn of(claim: &str, source: &str) -> Option<String> {
        let (claim_words, source_words) = (words(claim), words(source));
        let said = claim_words.iter().map(|word| word.stem.clone()).collect();
        widened((&clauses(claim, &claim_words), &claim_words), source, &source_words, &said)
    }

    #[test]
    fn what_is_denied_of_some_is_not_denied_of_all() {
        let source = "Not all therapeutic injections are covered under the plan.";
        assert_eq!(of("The plan does not cover therapeutic injections.", source).as_deref(), Some("Not all"));
        assert_eq!(of("The plan does not cover all therapeutic injections.", source), None);
        assert_eq!(of("Some therapeutic injections are not covered.", source), None);
        assert_eq!(of("Therapeutic injections are covered.", source), None, "other checks tell this");
        assert_eq!(of("The plan does not cover massages.", "The plan does not cover all massages.").as_deref(), Some("not cover all"));
        assert_eq!(of("Massages are not covered.", "Massages are not covered. All injections are."), None);
    }

    #[test]
    fn what_is_denied_of_one_kind_is_not_denied_of_all() {
        let source = "The plan does not cover treatments, including injections that are not medically necessary.";
        assert_eq!(of("The plan does not cover injections.", source).as_deref(), Some("injections that are not medically necessary"));
        assert_eq!(of("The plan does not cover injections that are not medically necessary.", source), None);
        assert_eq!(
            of("Unnecessary injections are not covered.", "Injections that nobody needs, whatever they cost, are not covered."),
            Some("Injections that nobody needs".to_owned())
        );
        assert_eq!(of("The plan does not cover massages.", "Members who travel know that the plan does not cover massages."), None);
    }
}
