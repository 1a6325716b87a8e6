//! Of whom or what a clause holds: "Charities can register" is nothing that anybody may do, and "full-time staff have 30 days"
//! says nothing of the others.

use std::collections::BTreeSet;

use super::{clause::Clause, hard::Source};
use crate::words::{Word, coverage, words};

/// Verbs before which a clause has its subject. Without one of them where the subject ends can't be told by words alone.
pub(super) const VERBS: [&str; 44] = [
    "is", "are", "was", "were", "has", "have", "had", "can", "cannot", "may", "must", "shall", "should", "will", "would", "could", "might",
    "do", "does", "did", "don't", "doesn't", "didn't", "can't", "won't", "isn't", "receive", "receives", "get", "gets", "earn", "earns",
    "needs", "become", "becomes", "includes", "covers", "provide", "provides", "offers", "requires", "applies", "submit", "remain",
];

/// Words with which a subject begins, whatever its verb.
pub(super) const ARTICLES: [&str; 6] = ["the", "a", "an", "our", "your", "each"];

/// Stems of whoever is meant where a document speaks of its readers: a sentence may put "you" in their place, or be turned round.
const ANYBODY: [&str; 6] = ["employe", "worker", "person", "peopl", "individu", "follow"];
/// Words for all of a subject are no part of what it is.
const WHOLE: [&str; 5] = ["all", "every", "each", "any", "both"];
/// The one that a document is of; "companies" are others.
const OWN: [&str; 3] = ["company", "organisation", "organization"];

/// Whether a word names nobody in particular.
pub(super) fn is_anybody(word: &Word) -> bool {
    ANYBODY.contains(&word.stem.as_str()) || OWN.contains(&word.lower.as_str())
}

fn tells(word: &Word) -> bool {
    word.content && !is_anybody(word) && !WHOLE.contains(&word.lower.as_str())
}

/// Share of a subject's words, by weight, that must be said.
const LEAST_SAID: f32 = 0.7;
/// Of its first words each must be: they tell "full-time employees" from others.
const FIRST: usize = 2;

/// Words that go on about a subject before its verb comes.
pub(super) const RELATIVE: [&str; 4] = ["that", "who", "which", "whose"];

/// Subjects that stand for the one before.
const PRONOUNS: [&str; 4] = ["it", "they", "he", "she"];

pub(super) fn is_pronoun(lower: &str) -> bool {
    PRONOUNS.contains(&lower)
}

/// What goes on from the sentence before, and tells nothing of the subject.
const LEADING_ON: [&[&str]; 5] =
    [&["in", "addition"], &["in", "general"], &["in", "particular"], &["for", "example"], &["for", "instance"]];
/// Whom a document addresses, and whose it is.
pub(super) const READERS: [&str; 2] = ["you", "we"];
/// What follows "it is" where that stands for nothing.
const OF_NOBODY: [&str; 18] = [
    "important",
    "usual",
    "possible",
    "necessary",
    "required",
    "advisable",
    "recommended",
    "essential",
    "prohibited",
    "forbidden",
    "mandatory",
    "allowed",
    "permitted",
    "common",
    "good",
    "best",
    "expected",
    "estimated",
];

/// The subject of a source's clause that a claim speaks of without it. `said` are the stems of claim, question, title and headings.
pub fn left_out(
    (claim, claim_words): (&[Clause], &[Word]),
    (stated, source_words): (&[Clause], &[Word]),
    source: &Source,
    said: &BTreeSet<String>,
) -> Option<String> {
    claim.iter().enumerate().find_map(|(at, clause)| {
        let likest = (0..stated.len()).max_by(|a, b| clause.likeness(&stated[*a]).total_cmp(&clause.likeness(&stated[*b])))?;
        let own = subject(likest, stated, source_words).filter(|_| clause.likeness(&stated[likest]) > 0.0)?;
        let is_pronoun = own.iter().all(|word| !word.content) && own.iter().any(|word| is_pronoun(&word.lower));
        let subject = if is_pronoun {
            let claimed = subject(at, claim, claim_words).unwrap_or(&claim_words[clause.words.clone()]);
            antecedent(source, &source_words[stated[likest].words.clone()], claimed)?
        } else {
            own.to_vec()
        };
        // Than how many is looked at with the number.
        let compares = |at: usize| subject.get(at + 1).is_some_and(|next| next.lower == "than");
        let telling = subject.iter().enumerate().filter(|(at, word)| tells(word) && !compares(*at));
        let wanted: Vec<String> = telling.map(|(_, word)| word.stem.clone()).collect();
        // Asked about two things, the question names the one that the claim has exchanged.
        let claimed = self::subject(at, claim, claim_words).unwrap_or_default();
        let is_another = |word: &Word| tells(word) && !stated[likest].stems.contains(&word.stem);
        // "You are responsible for more" below "providers out of the network" tells nothing of the providers.
        let readers = own.iter().all(|word| !word.content) && own.iter().any(|word| READERS.contains(&word.lower.as_str()));
        let of_something_else = |word: &&Word| is_another(word) && source_words.iter().any(|other| other.stem == word.stem);
        let named: Vec<&Word> = claimed.iter().filter(|word| tells(word)).collect();
        if readers && !named.is_empty() && named.iter().all(of_something_else) {
            return Some(written(own));
        }
        let is_missing = |stem: &String| claimed.iter().all(|word| word.stem != *stem);
        if wanted.len() >= FIRST && wanted.iter().all(is_missing) && claimed.iter().any(is_another) {
            return Some(written(&subject));
        }
        let is_said = wanted.iter().take(FIRST).all(|stem| said.contains(stem)) && coverage(&wanted, said) >= LEAST_SAID;
        (!is_said).then(|| written(&subject))
    })
}

fn written(subject: &[Word]) -> String {
    subject.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whom a clause with a pronoun may be about, if it is not what the claim begins with: the first words of what stands before it.
fn antecedent(source: &Source, clause: &[Word], claimed: &[Word]) -> Option<Vec<Word>> {
    // "It is usual to …" is about nobody.
    if clause[0].lower == "it" && clause.get(2).is_some_and(|word| OF_NOBODY.contains(&word.lower.as_str())) {
        return None;
    }
    let start = clause[0].range.start;
    let sentences = text::sentences(source.text).into_iter().filter(|range| range.start < start);
    let before = sentences.map(|range| &source.text[range.start..range.end.min(start)]);
    let before: Vec<Vec<Word>> = std::iter::once(source.before).chain(before).map(words).collect();
    let nearest = before.iter().rev().find(|sentence| sentence.iter().any(|word| word.content))?;
    // Both what does something and what it is done to may be meant, but nothing that a relative clause names in passing.
    let relative = nearest.iter().position(|word| word.lower != "that" && RELATIVE.contains(&word.lower.as_str()));
    let main: BTreeSet<&str> = nearest[..relative.unwrap_or(nearest.len())].iter().map(|word| word.stem.as_str()).collect();
    let named: Vec<&Word> = claimed.iter().filter(|word| tells(word)).take(FIRST).collect();
    if !named.is_empty() && named.iter().all(|word| main.contains(word.stem.as_str())) {
        return None;
    }
    let verb = nearest.iter().position(|word| VERBS.contains(&word.lower.as_str()));
    // Where no verb is known the first words are what there is of a subject.
    let few = nearest.iter().enumerate().filter(|(_, word)| word.content).nth(FIRST).map_or(nearest.len(), |(at, _)| at);
    Some(nearest[..verb.filter(|at| nearest[..*at].iter().any(|word| word.content)).unwrap_or(few)].to_vec())
}

/// The words of a clause before its verb; all of it where a relative clause comes between.
fn subject<'w>(at: usize, clauses: &[Clause], words: &'w [Word]) -> Option<&'w [Word]> {
    let own = &words[clauses[at].words.clone()];
    let goes_on = || clauses.get(at + 1).is_some_and(|next| RELATIVE.contains(&words[next.words.start].lower.as_str()));
    let verb = own.iter().position(|word| VERBS.contains(&word.lower.as_str())).or_else(|| goes_on().then_some(own.len()))?;
    let before = &own[..verb];
    let leads_on =
        |words: &&&[&str]| before.len() >= words.len() && before.iter().zip(words.iter()).all(|(word, other)| word.lower == *other);
    let from = LEADING_ON.iter().find(leads_on).map_or(0, |words| words.len());
    Some(&before[from..]).filter(|subject| !subject.is_empty())
}
