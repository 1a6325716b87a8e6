//! Follow-up questions: "And for part-time staff?" is looked up as a question that stands alone.
//!
//! Only English is understood. What is taken over is always the words of the earlier question, never of an answer, and the asker
//! is told how the question was understood.

use crate::words::{Word, words};

/// Openings that only make sense after another question.
const OPENINGS: [&str; 21] = [
    "and",
    "but",
    "or",
    "also",
    "so",
    "then",
    "what about",
    "how about",
    "what if",
    "why not",
    "same for",
    "the same for",
    "even if",
    "only for",
    "just for",
    "except for",
    "not for",
    "okay and",
    "ok and",
    "is that also",
    "does that also",
];
/// Openings that are left out: what follows them is what is asked now.
const EMPTY: [&str; 14] =
    ["okay", "ok", "and", "but", "or", "also", "so", "then", "what about", "how about", "same for", "the same for", "thanks", "thank you"];
/// Words that point at something said before.
const POINTERS: [&str; 17] = [
    "it",
    "its",
    "they",
    "them",
    "their",
    "theirs",
    "that",
    "this",
    "those",
    "these",
    "he",
    "she",
    "him",
    "her",
    "his",
    "such",
    "otherwise",
];
/// "it" of "is it allowed to smoke", "this year": not something said before.
const NOT_POINTING: [(&str, &[&str]); 5] = [
    ("it", &["allowed", "permitted", "possible", "necessary", "required", "mandatory", "true", "ok", "okay", "department"]),
    ("this", &["year", "month", "week", "quarter", "company", "handbook", "policy", "document"]),
    ("that", &["i", "you", "we", "they", "employees", "the", "a", "an", "are", "is", "have", "has", "must", "can"]),
    ("these", &["days"]),
    ("such", &["as"]),
];
/// A question of so few content words, none of them a verb, is part of another one.
const FRAGMENT_WORDS: usize = 3;
/// Verbs and question words that make a short question whole.
const WHOLE: [&str; 36] = [
    "is", "are", "was", "were", "do", "does", "did", "can", "could", "may", "might", "must", "shall", "should", "will", "would", "have",
    "has", "had", "who", "whom", "whose", "which", "what", "when", "where", "why", "how", "need", "get", "gets", "define", "explain",
    "list", "show", "tell",
];
/// Words before a noun that belong to it, besides adjectives and nouns.
const PREPOSITIONS: [&str; 12] = ["for", "in", "at", "with", "during", "on", "to", "of", "from", "after", "before", "without"];

/// A question that can be looked up, and whether it leans on the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standalone {
    pub text: String,
    pub follows: bool,
}

/// Reads a question after an earlier one of the same conversation, which stands alone itself. A question that is whole, or is
/// of something else, stays as it is.
#[must_use]
pub fn standalone(typed: &str, earlier: Option<&str>) -> Standalone {
    let whole = || Standalone { text: typed.to_owned(), follows: false };
    let Some(earlier) = earlier else { return whole() };
    let asked = words(typed);
    let fragment = is_fragment(&asked);
    if !fragment && !points_back(&asked) && !opens_as_one(&asked) {
        return whole();
    }
    let rest = without_empty_opening(typed);
    // "And who approves it?" has a verb of its own: it is asked beside the earlier one. "And in Spain?" goes into it.
    let own = words(rest);
    let has_verb = own.iter().any(|word| WHOLE.contains(&word.lower.as_str()));
    let text = if has_verb || own.is_empty() { beside(rest, earlier) } else { within(rest, &own, earlier) };
    Standalone { text, follows: true }
}

fn is_fragment(asked: &[Word]) -> bool {
    let content = asked.iter().filter(|word| word.content).count();
    content <= FRAGMENT_WORDS && !asked.iter().any(|word| WHOLE.contains(&word.lower.as_str()))
}

fn opens_as_one(asked: &[Word]) -> bool {
    OPENINGS.iter().any(|opening| starts_with(asked, opening)) || asked.len() == 1
}

/// A pointer before which nothing is named that it could mean.
fn points_back(asked: &[Word]) -> bool {
    asked.iter().enumerate().any(|(at, word)| {
        let lower = word.lower.as_str();
        let next = asked.get(at + 1).map_or("", |next| next.lower.as_str());
        let harmless = NOT_POINTING.iter().any(|(pointer, after)| *pointer == lower && after.contains(&next));
        let named = (0..at).any(|before| names_something(asked, before));
        // "this rule", "those days": named here, and said before all the same. "A request that comes late" is not.
        let after_a_noun = at > 0 && asked[at - 1].content;
        let determiner =
            matches!(lower, "this" | "that" | "those" | "these" | "such") && asked.get(at + 1).is_some_and(|next| next.content);
        let determiner = determiner && !after_a_noun;
        POINTERS.contains(&lower) && !harmless && (!named || determiner)
    })
}

/// A noun, as far as the word before it tells: "the policy", "may managers", but not "who approves" or "do I report".
fn names_something(asked: &[Word], at: usize) -> bool {
    const BEFORE: [&str; 31] = [
        "the", "a", "an", "my", "our", "your", "each", "every", "any", "all", "no", "which", "do", "does", "did", "is", "are", "was",
        "were", "can", "may", "must", "shall", "should", "will", "would", "of", "for", "in", "on", "at",
    ];
    let before = at.checked_sub(1).map(|before| asked[before].lower.as_str());
    asked[at].content && before.is_none_or(|before| BEFORE.contains(&before))
}

fn starts_with(asked: &[Word], opening: &str) -> bool {
    opening.split(' ').enumerate().all(|(at, part)| asked.get(at).is_some_and(|word| word.lower == part))
}

/// The text after its empty openings, as it was typed.
fn without_empty_opening(typed: &str) -> &str {
    let mut rest = typed.trim();
    loop {
        let asked = words(rest);
        let longest = EMPTY.iter().filter(|opening| starts_with(&asked, opening)).map(|opening| opening.split(' ').count()).max();
        let Some(last) = longest.and_then(|count| asked.get(count - 1)) else { return rest };
        rest = rest[last.range.end..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';' | '.' | '!'));
        if rest.is_empty() {
            return typed.trim();
        }
    }
}

/// The new question, with those that it leans on behind it: the last one, and the one that stood alone. More of them would read
/// badly, and what was asked between is mostly done with.
fn beside(rest: &str, earlier: &str) -> String {
    let Earlier { asked, topic, .. } = Earlier::read(earlier);
    let topic = topic.map_or_else(String::new, |topic| format!(" ({topic})"));
    format!("{} ({}{topic})", capitalized(&ended(rest)), ended(asked))
}

/// An earlier question as [`beside`] writes it: "Why? (Who approves it? (How many days of leave are there?))".
struct Earlier<'a> {
    asked: &'a str,
    /// The one that it leans on, where that is not the topic.
    between: Option<&'a str>,
    /// The one that stood alone.
    topic: Option<&'a str>,
}

impl<'a> Earlier<'a> {
    fn read(earlier: &'a str) -> Self {
        let Some((asked, inside)) = parted(earlier.trim()) else { return Self { asked: earlier.trim(), between: None, topic: None } };
        match parted(inside) {
            Some((between, topic)) => Self { asked, between: Some(between), topic: Some(topic) },
            None => Self { asked, between: None, topic: Some(inside) },
        }
    }

    fn written(asked: &str, between: Option<&str>, topic: &str) -> String {
        match between {
            Some(between) => format!("{asked} ({between} ({topic}))"),
            None => format!("{asked} ({topic})"),
        }
    }
}

const ENDS: [char; 3] = ['?', '.', '!'];

/// A question and what stands behind it in parentheses. Whoever types some within a question goes on after them, or has not ended it.
fn parted(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_suffix(')').filter(|rest| rest.ends_with(|c| ENDS.contains(&c) || c == ')'))?;
    let mut depth = 1;
    let opening = inside.char_indices().rev().find(|(_, c)| {
        depth += match c {
            ')' => 1,
            '(' => -1,
            _ => 0,
        };
        depth == 0
    });
    let (at, _) = opening?;
    let asked = inside[..at].strip_suffix(' ').filter(|asked| asked.ends_with(ENDS))?;
    Some((asked, &inside[at + 1..]))
}

fn ended(question: &str) -> String {
    let question = question.trim();
    format!("{question}{}", if question.ends_with(ENDS) { "" } else { "?" })
}

/// The earlier question, with what it leans on, and the new words in the one of them that has what they replace.
fn within(rest: &str, own: &[Word], earlier: &str) -> String {
    let Earlier { asked, between, topic } = Earlier::read(earlier);
    let Some(topic) = topic else { return replaced(rest, own, asked) };
    let head = own.iter().rev().find(|word| word.content);
    let preposition = own.first().filter(|word| PREPOSITIONS.contains(&word.lower.as_str()));
    let has = |question: &str| {
        let names = |word: &Word| head.is_some_and(|head| word.content && word.stem == head.stem);
        words(question).iter().any(|word| names(word) || preposition.is_some_and(|own| own.lower == word.lower))
    };
    if has(topic) && !has(asked) {
        Earlier::written(asked, between, &replaced(rest, own, topic))
    } else {
        Earlier::written(&replaced(rest, own, asked), between, topic)
    }
}

/// One question with the new words in place of those that they replace, or at its end.
fn replaced(rest: &str, own: &[Word], earlier: &str) -> String {
    let phrase = rest.trim_end_matches(['?', '.', '!', ' ']);
    let there = words(earlier);
    let head = own.iter().rev().find(|word| word.content);
    let found = head.and_then(|head| there.iter().rposition(|word| word.content && word.stem == head.stem));
    let earlier = earlier.trim_end().trim_end_matches(['?', '.', '!', ' ']);
    if let (Some(at), Some(first)) = (found, own.iter().position(|word| word.content)) {
        // "part-time staff" takes the place of "full-time staff".
        let mut start = at;
        while start > 0 && there[start - 1].content && is_modifier(earlier, &there, start - 1) {
            start -= 1;
        }
        let noun = phrase.get(own[first].range.start..).unwrap_or(phrase);
        return format!("{}{}{}?", &earlier[..there[start].range.start], noun, &earlier[there[at].range.end..]);
    }
    let begins = own.first().is_some_and(|word| PREPOSITIONS.contains(&word.lower.as_str()));
    // Another place or group in place of the last one: "in Spain" for "in Austria".
    let last = there.iter().rposition(|word| begins && own.first().is_some_and(|own| own.lower == word.lower));
    match last {
        Some(at) => format!("{}{phrase}?", &earlier[..there[at].range.start]),
        None if begins => format!("{earlier} {phrase}?"),
        None => format!("{earlier} for {phrase}?"),
    }
}

/// Directly before the next word, with a space or a hyphen between; a verb is none.
fn is_modifier(text: &str, there: &[Word], at: usize) -> bool {
    const VERBS: [&str; 8] = ["give", "take", "use", "work", "pay", "cover", "apply", "offer"];
    let gap = text.get(there[at].range.end..there[at + 1].range.start);
    matches!(gap, Some(" " | "-")) && !VERBS.contains(&there[at].lower.as_str())
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAVE: &str = "How many days of annual leave do full-time staff get?";

    fn follows(typed: &str, earlier: &str) -> String {
        let standalone = standalone(typed, Some(earlier));
        assert!(standalone.follows, "{typed}");
        standalone.text
    }

    #[test]
    fn another_of_the_same_kind_takes_its_place() {
        let expected = "How many days of annual leave do part-time staff get?";
        for typed in ["And for part-time staff?", "What about part-time staff?", "part-time staff?", "Okay, and part-time staff"] {
            assert_eq!(follows(typed, LEAVE), expected, "{typed}");
        }
        assert_eq!(follows("And in Spain?", "What is the hotel limit in Vienna?"), "What is the hotel limit in Spain?");
    }

    #[test]
    fn something_more_is_added() {
        assert_eq!(follows("And in Germany?", LEAVE), "How many days of annual leave do full-time staff get in Germany?");
        assert_eq!(follows("What about trainees?", LEAVE), "How many days of annual leave do full-time staff get for trainees?");
        assert_eq!(follows("during probation?", LEAVE), "How many days of annual leave do full-time staff get during probation?");
    }

    #[test]
    fn pointers_are_asked_beside_what_they_point_at() {
        assert_eq!(follows("Who approves it?", LEAVE), format!("Who approves it? ({LEAVE})"));
        assert_eq!(follows("and when must they be taken?", LEAVE), format!("When must they be taken? ({LEAVE})"));
        assert_eq!(follows("Does this rule apply to managers?", LEAVE), format!("Does this rule apply to managers? ({LEAVE})"));
        assert_eq!(follows("Why?", LEAVE), format!("Why? ({LEAVE})"));
    }

    #[test]
    fn several_in_a_row_keep_the_last_and_the_one_that_stood_alone() {
        let approves = format!("Who approves it? ({LEAVE})");
        let longer = follows("Does that take long?", &approves);
        assert_eq!(longer, format!("Does that take long? (Who approves it? ({LEAVE}))"));
        assert_eq!(follows("And why is it so?", &longer), format!("Why is it so? (Does that take long? ({LEAVE}))"));
        assert_eq!(follows("And in Germany?", &approves), format!("Who approves it in Germany? ({LEAVE})"));
        let part_time = "How many days of annual leave do part-time staff get?";
        assert_eq!(follows("And for part-time staff?", &approves), format!("Who approves it? ({part_time})"));
        assert_eq!(follows("part-time staff?", &longer), format!("Does that take long? (Who approves it? ({part_time}))"));
        let vienna = "Who approves it? (What is the hotel limit in Vienna?)";
        assert_eq!(follows("And in Spain?", vienna), "Who approves it? (What is the hotel limit in Spain?)");
    }

    #[test]
    fn however_many_follow_and_however_they_are_typed_the_text_stays_short() {
        for (first, follow) in [
            (LEAVE, "And when must it be taken?"),
            ("How many days of paid time off (PTO) do I get?", "who approves it"),
            ("Who approves leave (of more than a week)", "why"),
            ("Tell me about parental leave.", "Why?"),
            ("Do I get leave? How many days?", "Who approves it?"),
        ] {
            let mut earlier = first.to_owned();
            for _ in 0..20 {
                earlier = follows(follow, &earlier);
            }
            let follow = capitalized(&ended(without_empty_opening(follow)));
            assert_eq!(earlier, format!("{follow} ({follow} ({}))", ended(first)));
        }
    }

    #[test]
    fn another_topic_stands_alone() {
        for typed in [
            "Who is the data protection officer?",
            "How do I report a lost laptop?",
            "Is it allowed to smoke in the yard?",
            "What are the travel rules this year?",
            "Which forms must contractors sign before they start?",
            "May managers approve their own expenses?",
            "Parental leave: who approves a request that comes late?",
        ] {
            assert_eq!(standalone(typed, Some(LEAVE)), Standalone { text: typed.to_owned(), follows: false });
        }
        assert_eq!(standalone("And for trainees?", None), Standalone { text: "And for trainees?".to_owned(), follows: false });
    }
}
