//! Whether a generated sentence is a sentence that says something to the question, before anybody asks whether it is true.

use std::collections::BTreeSet;

use super::{clause::BEING, lead::is_label, quantity::is_frequency};
use crate::{
    evidence::points_back,
    words::{Word, content_stems, coverage, words},
};

/// Why a sentence is not shown, whatever its source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Cut off, or too little of a sentence.
    Fragment,
    /// Says what the question says and no more.
    RepeatsTheQuestion,
    /// Says of something that it is that, or counts up the same thing twice.
    RepeatsItself,
    /// Says what an earlier sentence said.
    Duplicate,
    /// About itself, its sources or the asker's luck, not about the question.
    AboutItself,
    /// "It", "this", "they", and what stands before it in its source was not shown right before it.
    Dangling,
    /// "Yes" before a "must not", or "No" before a "may".
    YesOrNo,
    /// Has no word of the question and does not resemble it.
    BesideTheQuestion,
}

const ABOUT_ITSELF: [&str; 16] = [
    "the answer is",
    "as an ai",
    "language model",
    "i cannot",
    "i can't",
    "i am",
    "i'm",
    "i do not",
    "i don't",
    "i hope",
    "let me",
    "the question",
    "numbered",
    "excerpt",
    "provided context",
    "provided text",
];

/// Share of a sentence's words, by weight, that the question has said from which it says nothing else.
const REPEATED: f32 = 0.95;

/// Looks at the form of a sentence. `earlier` are the sentences shown already.
///
/// # Errors
/// What is wrong with it.
pub fn check(sentence: &str, question: &str, earlier: &[String]) -> Result<(), Flaw> {
    let lower = sentence.to_lowercase().replace('\u{2019}', "'");
    let sentence_words = words(sentence);
    let stems: BTreeSet<String> = sentence_words.iter().filter(|w| w.content).map(|w| w.stem.clone()).collect();
    let ends = sentence.trim_end_matches(['"', '\u{201d}', ')', ' ']).ends_with(['.', '!', '。', '！']);
    if !ends || stems.len() < 2 || sentence_words.len() < 4 {
        return Err(Flaw::Fragment);
    }
    // "The White Paper: 2013." is the line of a list.
    if sentence.split_once(": ").is_some_and(|(_, rest)| rest.split_whitespace().count() <= 2) && is_label(&sentence_words) {
        return Err(Flaw::Fragment);
    }
    let starts_with_word = |phrase: &str| lower.starts_with(phrase) || lower.contains(&format!(" {phrase}"));
    // "Source: …", "Answer: …": the prompt's own labels.
    let labelled =
        ["source", "the source", "answer", "question", "sources", "[", "the document states", "the document says", "according to source"];
    if labelled.iter().any(|label| lower.trim_start().starts_with(label)) {
        return Err(Flaw::AboutItself);
    }
    if tells_what_it_is_about(&sentence_words) {
        return Err(Flaw::AboutItself);
    }
    if ABOUT_ITSELF.iter().any(|phrase| starts_with_word(phrase)) {
        return Err(Flaw::AboutItself);
    }
    if earlier.is_empty() && points_back(sentence) {
        return Err(Flaw::Dangling);
    }
    if coverage(&stems, &content_stems(question)) >= REPEATED {
        return Err(Flaw::RepeatsTheQuestion);
    }
    if repeats_itself(sentence, &sentence_words) {
        return Err(Flaw::RepeatsItself);
    }
    let says_again = |shown: &String| coverage(&stems, &content_stems(shown)) >= 0.9;
    if earlier.iter().any(says_again) { Err(Flaw::Duplicate) } else { Ok(()) }
}

/// "The causes of maternal mortality are maternal mortality", "first aid, fire safety and first aid".
fn repeats_itself(text: &str, sentence: &[Word]) -> bool {
    let being = sentence.iter().position(|word| BEING.contains(&word.lower.as_str()));
    let stems = |words: &[Word]| words.iter().filter(|word| word.content).map(|word| word.stem.clone()).collect::<Vec<_>>();
    let is_itself = being.is_some_and(|being| {
        let (subject, predicate) = (stems(&sentence[..being]), stems(&sentence[being..]));
        predicate.get(..2).is_some_and(|first| subject.windows(2).any(|pair| pair == first))
    });
    // "Blood tests and transfusions, including blood tests and transfusions".
    let own = |item: &str| {
        let words = words(item);
        let opens = usize::from(words.first().is_some_and(|word| matches!(word.lower.as_str(), "including" | "includes" | "include")));
        stems(&words[opens..])
    };
    let items: Vec<Vec<String>> = text.split([',', ';']).map(own).filter(|item| item.len() > 1).collect();
    is_itself || items.iter().enumerate().any(|(at, item)| items[..at].iter().any(|earlier| earlier.ends_with(item)))
}

/// "The document discusses the risks" tells none of them. "The document must describe the risks" is a rule.
fn tells_what_it_is_about(sentence: &[Word]) -> bool {
    const TEXTS: [&str; 7] = ["document", "documents", "passage", "passages", "text", "article", "section"];
    const TELLING: [&str; 14] = [
        "discusses",
        "discuss",
        "describes",
        "describe",
        "mentions",
        "mention",
        "outlines",
        "outline",
        "explains",
        "explain",
        "highlights",
        "highlight",
        "emphasizes",
        "summarizes",
    ];
    let lower = |at: usize| sentence.get(at).map_or("", |word| word.lower.as_str());
    let text = usize::from(matches!(lower(0), "the" | "this" | "these"));
    let verb = text + 1 + usize::from(lower(text + 1) == "also");
    TEXTS.contains(&lower(text)) && TELLING.contains(&lower(verb)) && lower(verb + 1) != "that"
}

/// "Yes" and "No" must fit the sentence that follows them: only "yes" with a statement and "no" with a negation can be told to fit.
pub fn yes_or_no(sentence: &str, negative: bool) -> Result<(), Flaw> {
    match words(sentence).first().map(|w| w.lower.as_str()) {
        Some("yes") if negative => Err(Flaw::YesOrNo),
        Some("no") if sentence.get(2..3) == Some(",") && !negative => Err(Flaw::YesOrNo),
        _ => Ok(()),
    }
}

/// Words that say how many without a number.
const COUNTS: [&str; 20] = [
    "all",
    "any",
    "every",
    "each",
    "both",
    "none",
    "no",
    "one",
    "several",
    "many",
    "few",
    "unlimited",
    "majority",
    "half",
    "once",
    "twice",
    "single",
    "couple",
    "pair",
    "dozen",
];

/// Asked how many, a sentence without a number must say so in a word.
pub fn counted(sentence: &[Word], question: &str) -> Result<(), Flaw> {
    // "A week's notice", "yearly"; the days that are asked for are no number of them.
    let tells = |lower: &str| COUNTS.contains(&lower) || (is_frequency(lower) && !lower.ends_with('s'));
    let asked = words(question);
    let how_many = asked.windows(2).any(|pair| pair[0].lower == "how" && pair[1].lower == "many");
    if how_many && !sentence.iter().any(|word| tells(&word.lower)) { Err(Flaw::BesideTheQuestion) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &str = "How many days of annual leave can I carry over?";

    #[test]
    fn sentences_that_say_nothing_are_refused() {
        for (sentence, flaw) in [
            ("You may carry over up to five", Flaw::Fragment),
            ("Five days.", Flaw::Fragment),
            ("The report on leave of employees: 2013.", Flaw::Fragment),
            ("You can carry over annual leave days.", Flaw::RepeatsTheQuestion),
            ("I hope this answers your question about leave.", Flaw::AboutItself),
            ("Source: Leave policy: You may carry over five days.", Flaw::AboutItself),
            ("Answer: You may carry over five days.", Flaw::AboutItself),
            ("The document discusses how leave is carried over to the next year.", Flaw::AboutItself),
            ("The section also describes what managers may do with leave.", Flaw::AboutItself),
            ("It must be used by the end of March.", Flaw::Dangling),
        ] {
            assert_eq!(check(sentence, QUESTION, &[]), Err(flaw), "{sentence}");
        }
    }

    #[test]
    fn what_only_repeats_itself_is_refused() {
        for sentence in [
            "The main causes of maternal mortality are maternal mortality and poor care.",
            "The causes are late treatment, poor care of mothers, late treatment, and poor roads.",
            "The seat of the Court of Appeal is the Court of Appeal of Luxembourg.",
            "The plan covers blood tests and scans, including blood tests and scans, and pays the laboratory.",
        ] {
            assert_eq!(check(sentence, "What is known?", &[]), Err(Flaw::RepeatsItself), "{sentence}");
        }
        for sentence in [
            "The seat of the Court of Appeal is in Luxembourg.",
            "Annual leave is leave that is paid by the company.",
            "You may claim train tickets, hotel nights, and meals.",
            "The plan covers blood tests, including tests at home, and scans.",
        ] {
            assert_eq!(check(sentence, "What is known?", &[]), Ok(()), "{sentence}");
        }
    }

    #[test]
    fn rules_about_documents_are_rules() {
        for rule in [
            "The document must describe the risks of the trip.",
            "Section 5 provides that employees may appeal.",
            "The documents provided by the applicant must be originals.",
            "The text message provides the code for the door.",
        ] {
            assert_eq!(check(rule, "What is the rule?", &[]), Ok(()), "{rule}");
        }
    }

    #[test]
    fn the_same_said_twice_is_refused() {
        let shown = ["You may carry over up to five days of annual leave.".to_owned()];
        assert_eq!(check("Up to five days of annual leave may be carried over.", QUESTION, &shown), Err(Flaw::Duplicate));
        assert_eq!(check("It must be used by the end of March.", QUESTION, &shown), Ok(()));
    }

    #[test]
    fn how_many_is_told_by_a_number() {
        let counted = |sentence: &str| counted(&words(sentence), QUESTION);
        assert_eq!(counted("The number of days of leave was 1990s."), Err(Flaw::BesideTheQuestion));
        for told in ["You may carry over all of your leave.", "The council meets twice a year.", "A week's notice is enough."] {
            assert_eq!(counted(told), Ok(()), "{told}");
        }
    }

    #[test]
    fn yes_and_no_must_fit() {
        assert_eq!(yes_or_no("Yes, employees must not share passwords.", true), Err(Flaw::YesOrNo));
        assert_eq!(yes_or_no("No, you may carry over five days.", false), Err(Flaw::YesOrNo));
        assert_eq!(yes_or_no("No, employees must not share passwords.", true), Ok(()));
    }
}
