//! How a sentence reads below those shown before it: "It must be returned" below "The laptop is lent" says that of the laptop. So read, any quote may
//! carry it; without that only the sentence that follows the last one in its source.

use super::actor::{RELATIVE, VERBS, is_pronoun};
use crate::words::words;

/// What only goes on from the sentence before. "Therefore" and "for example" say more.
const GOING_ON: [&str; 6] = ["additionally, ", "also, ", "in addition, ", "furthermore, ", "moreover, ", "however, "];
/// Words of a subject; a longer one is a sentence with a verb that isn't known.
const MOST_WORDS: usize = 8;
/// With these begins what stands before a subject: "After a year, employees …".
const OPENINGS: [&str; 22] = [
    "in", "for", "at", "on", "under", "after", "before", "if", "when", "where", "while", "during", "within", "since", "to", "with", "by",
    "as", "once", "from", "outside", "yes",
];

/// A sentence with the subject of those shown before it in place of its pronoun, and without the word that goes on from them. None where it needs neither,
/// or where the subject can't be told.
pub fn alone(sentence: &str, earlier: &[String]) -> Option<String> {
    let last = earlier.last()?;
    let plain = without_going_on(sentence);
    let (pronoun, rest) = plain.split_once(' ')?;
    if !is_pronoun(&pronoun.to_lowercase()) || pronoun == "IT" {
        return (plain.len() < sentence.len()).then(|| capital(plain));
    }
    let mut shown = earlier.iter().rev().flat_map(|text| text::sentences(text).into_iter().rev().map(|range| &text[range]));
    let same = |text: &&str| without_going_on(text).split_once(' ').is_some_and(|(first, _)| first.eq_ignore_ascii_case(pronoun));
    let named = shown.find(|text| !same(text)).unwrap_or(last);
    let subject = subject(without_going_on(named))?;
    Some(format!("{} {rest}", capital(&subject)))
}

fn without_going_on(sentence: &str) -> &str {
    let going_on = GOING_ON.iter().find(|words| sentence.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words)));
    going_on.map_or(sentence, |words| &sentence[words.len()..])
}

/// What a sentence begins with before its verb, if that names something.
pub(super) fn subject(sentence: &str) -> Option<String> {
    let all = words(sentence);
    let verb = all.iter().position(|word| VERBS.contains(&word.lower.as_str()))?;
    let before = sentence.get(..all[verb].range.start)?.trim();
    let own = match before.split_once(", ") {
        None => before,
        Some((_, own)) if OPENINGS.contains(&all[0].lower.as_str()) && !own.contains(',') => own,
        Some(_) => return None,
    };
    let subject = words(own);
    let names = subject.iter().any(|word| word.content);
    let is_simple = !subject.iter().any(|word| RELATIVE.contains(&word.lower.as_str()));
    (names && is_simple && subject.len() <= MOST_WORDS).then(|| own.to_owned())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_pronoun_is_the_subject_of_what_was_shown() {
        for (earlier, sentence, alone) in [
            (&["The laptop is lent."][..], "It must be returned.", Some("The laptop must be returned.")),
            (&["After a year, employees receive a bonus."], "They may ask for it.", Some("Employees may ask for it.")),
            (&["The laptop is lent.", "It must be locked."], "It must be returned.", Some("The laptop must be returned.")),
            (&["The laptop is lent."], "However, it must be returned.", Some("The laptop must be returned.")),
            (&["The laptop is lent. The badge is yours."], "It must be returned.", Some("The badge must be returned.")),
            (&["The laptop is lent."], "In addition, visitors must sign.", Some("Visitors must sign.")),
            (&["The laptop is lent."], "Visitors must sign.", None),
            (&["The laptop is lent."], "Therefore, visitors must sign.", None),
            (&["Trainees, visitors and guests must sign."], "They may leave.", None),
            (&["Employees who have a car are paid."], "They may leave.", None),
            (&["There are two plans."], "They may differ.", None),
            (&["You may leave."], "It may differ.", None),
            (&[], "It must be returned.", None),
        ] {
            let earlier: Vec<String> = earlier.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(super::alone(sentence, &earlier).as_deref(), alone, "{earlier:?} {sentence}");
        }
    }
}
