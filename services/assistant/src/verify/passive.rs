//! Of what a passive sentence says something: "exceptions may be waived" is not what a source says that "may waive the deadline".

use super::{
    actor::is_anybody,
    clause::{BEING, Clause},
};
use crate::words::Word;

/// Words before a verb that is not a noun or a participle.
const BEFORE_A_VERB: [&str; 9] = ["may", "must", "can", "will", "shall", "should", "could", "might", "to"];
/// What may follow a verb without being what it is done to, or without telling what that is.
const NO_OBJECTS: [&str; 22] = [
    "in", "on", "at", "for", "to", "of", "with", "from", "by", "within", "after", "before", "under", "it", "them", "this", "that", "these",
    "those", "him", "her", "such",
];

/// The object of an active verb in the source that a claim puts something else in the place of: a thing that the sentence of the verb does
/// not name at all.
pub fn exchanged((claim, claim_words): (&[Clause], &[Word]), source: &str, source_words: &[Word]) -> Option<String> {
    claim.iter().find_map(|clause| {
        let own = &claim_words[clause.words.clone()];
        let being = own.iter().position(|word| BEING.contains(&word.lower.as_str()))?;
        let verb = own[being + 1..].iter().find(|word| word.content).filter(|word| word.lower.ends_with("ed"))?;
        // "Exceptions in certain situations": of what it is said stands before the first of these.
        let head = own[..being].iter().take_while(|word| !NO_OBJECTS.contains(&word.lower.as_str()));
        let subject: Vec<&Word> = head.filter(|word| word.content && !is_anybody(word)).collect();
        let mut places = (1..source_words.len()).filter(|at| source_words[*at].stem == verb.stem).peekable();
        if subject.is_empty() || places.peek().is_none() {
            return None;
        }
        let mut objects = Vec::new();
        for at in places {
            let sentence = text::sentences(source).into_iter().find(|range| range.contains(&source_words[at].range.start))?;
            let is_within = |word: &&Word| sentence.contains(&word.range.start);
            let object: Vec<&Word> = source_words[at + 1..].iter().take_while(is_within).collect();
            let is_active = BEFORE_A_VERB.contains(&source_words[at - 1].lower.as_str())
                && object.first().is_some_and(|word| !NO_OBJECTS.contains(&word.lower.as_str()));
            let is_named = source_words.iter().filter(is_within).any(|word| subject.iter().any(|own| own.stem == word.stem));
            if !is_active || is_named {
                return None;
            }
            objects = object;
        }
        Some(objects.iter().take(6).map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::{super::clause::clauses, *};
    use crate::words::words;

    fn told_otherwise(claim: &str, source: &str) -> Option<String> {
        let claim_words = words(claim);
        exchanged((&clauses(claim, &claim_words), &claim_words), source, &words(source))
    }

    #[test]
    fn what_something_is_done_to_is_not_exchanged() {
        let waived = "Exceptions\n\nIn certain situations, the office may waive the deadline for appeals.";
        assert_eq!(told_otherwise("Exceptions in certain situations may be waived.", waived).as_deref(), Some("the deadline for appeals"));
        assert_eq!(told_otherwise("The deadline may be waived.", waived), None);
        assert_eq!(told_otherwise("The deadline for appeals may be waived by the office.", waived), None);
    }

    #[test]
    fn where_it_cannot_be_told_nothing_is_said() {
        for (claim, source) in [
            ("The fee is charged by the provider.", "Ask for the fee charged by the provider."),
            ("Receipts are needed.", "Receipts are needed when an expense is above $25."),
            ("Alcohol is not reimbursed.", "The company does not reimburse alcohol."),
            ("Prescription drugs are covered.", "The plan will cover preventive care, emergency services, and prescription drugs."),
            ("Hotel costs are reimbursed.", "Employees may claim hotel costs. The company will reimburse them within 30 days."),
            ("Full-time employees get ten days of leave.", "Full-time employees receive 10 days of leave."),
            ("Employees are allowed to work from home.", "We will allow work from home."),
            ("Hotels are reimbursed within 30 days.", "For hotels, reimbursement within 30 days is usual."),
            ("Claims are approved within ten days.", "The fund pays claims which the office will approve within ten days."),
        ] {
            assert_eq!(told_otherwise(claim, source), None, "{claim}");
        }
    }
}
