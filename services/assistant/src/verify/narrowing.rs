//! What narrows a rule: "employees who travel are entitled to a car", "training relevant to the job is paid". A sentence that drops it tells the rule
//! of more than its source does. In what merely happened nothing is lost with it: "six people were hurt after an explosion" is true of fewer words, too.

use std::{collections::BTreeSet, ops::Range};

use super::{
    actor::{ARTICLES, RELATIVE, VERBS, is_anybody},
    align,
    clause::{BEING, Clause, Force},
    condition::CASES,
    moment,
};
use crate::words::{
    Word, coverage,
    numbers::{small, tens},
    weight,
};

/// Words with which something begins that narrows what stands before it.
const NARROWING: [&str; 25] = [
    "for", "of", "in", "on", "at", "with", "without", "under", "over", "above", "below", "between", "within", "from", "by", "via",
    "through", "against", "outside", "across", "among", "into", "using", "where", "as",
];
/// What says to whom or by when somebody must do something, or how, takes nothing from that he must.
const OF_DUTIES: [&str; 9] = ["to", "within", "by", "with", "using", "via", "through", "from", "as"];
/// Those with which a sentence begins that tells of one case.
const OPENING: [&str; 9] = ["for", "in", "at", "under", "on", "within", "outside", "among", "with"];
/// Stems of what points elsewhere, leads on, or says when something happens: none of that narrows.
const POINTING: &str = " section chapter appendix annex tabl page polici handbook document guid guidelin accord line basi rule procedur addit general fact \
    cours exampl instanc particular order practic principl event case total respect relat regard time both \
    monday tuesday wednesday thursday friday saturday sunday night morn afternoon even week ";
/// Stems of words that praise or count, and tell of no kind.
const PRAISE: &str =
    " comprehens wide variou generous great enorm huge valuabl full addit own new also currentli alreadi annual paid overal best qualiti ";
/// How many may tell of which kind something is.
const KINDS: usize = 2;
/// Words before "of", "in" and the like that belong to it: "worth less than", "relevant to".
const LINKS: [&str; 5] = ["to", "for", "than", "less", "more"];
/// Of a claim's verbs, those that tell what happened once.
const PAST: [&str; 4] = ["was", "were", "had", "did"];
/// Words before a form in "-ed" that make it no past: "is covered", "must be approved".
const BEFORE_PARTICIPLE: usize = 3;
/// How much of it must be said, in the sentence, the question or the headings; as of a condition.
const LEAST_SAID: f32 = 0.5;

/// What the sentence that a claim retells most of says between or behind the words that both have, and that narrows these. `said` are the stems of claim,
/// question, title and headings.
pub fn lost(
    (claimed, claim_words): (&[Clause], &[Word]),
    (source, source_words): (&str, &[Word]),
    said: &BTreeSet<String>,
) -> Option<String> {
    if is_narrative(claim_words) {
        return None;
    }
    let claim: BTreeSet<&String> = claim_words.iter().filter(|word| word.content).map(|word| &word.stem).collect();
    let is_shared = |word: &Word| word.content && claim.contains(&word.stem);
    let sentence = retold(source, source_words, is_shared)?;
    let (offset, words) = (sentence.start, &source_words[sentence]);
    let shared = in_order(words, claim_words);
    let (first, last) = (*shared.first()?, *shared.last()?);
    let is_duty = claimed.iter().any(|clause| matches!(clause.force, Force::Must | Force::Should));
    let verb = (first + 1..words.len()).find(|at| is_verb(&words[*at])).unwrap_or(0);
    // "It is a programme that …" is one, whatever else it is.
    let named =
        (1..words.len()).find(|at| matches!(words[*at].lower.as_str(), "a" | "an") && BEING.contains(&words[at - 1].lower.as_str()));
    let gap = |at: usize| words.get(at).map_or("", |word| &source[words[at - 1].range.end..word.range.start]);
    let dates: Vec<Range<usize>> = moment::dates(source, source_words).into_iter().map(|date| date.words).collect();
    let is_date = |at: usize| dates.iter().any(|date| date.contains(&(offset + at)));
    let is_unsaid = |run: Range<usize>| {
        let tells = |at: &usize| {
            let word = &words[*at];
            // "$1,000 for individuals and $2,000 for families"
            let is_contrasted = *at > 0 && {
                let rest = &words[at + 1..];
                let is_number = |word: &Word| word.lower.starts_with(|c: char| c.is_ascii_digit());
                rest.iter().any(is_number) && rest.iter().any(|other| !other.content && other.lower == words[at - 1].lower)
            };
            let of_all = (is_anybody(word) && !is_contrasted) || matches!(word.lower.as_str(), "all" | "any" | "every" | "each");
            // Than how many is looked at with the number.
            let compares = words.get(at + 1).is_some_and(|next| next.lower == "than");
            word.content && !is_date(*at) && !of_all && !compares && !NARROWING.contains(&word.lower.as_str())
        };
        let telling = run.filter(tells).map(|at| &words[at].stem).collect::<Vec<_>>();
        let points = |stem: &&String| POINTING.contains(&format!(" {stem} "));
        !telling.iter().all(points) && coverage(telling, said) < LEAST_SAID
    };
    let written = |run: Range<usize>| source[words[run.start].range.start..words[run.end - 1].range.end].to_owned();
    let end = |from: usize, to: usize| (from..to).find(|at| parts(gap(*at), &words[*at])).unwrap_or(to);
    if OPENING.contains(&words[0].lower.as_str())
        && let Some(end) = (1..=first).find(|at| gap(*at).contains(','))
        && is_unsaid(0..end)
    {
        return Some(written(0..end));
    }
    // "The audit committee meets" where the claim has "the committee".
    let kind = 1..first;
    if first > kind.start
        && ARTICLES.contains(&words[0].lower.as_str())
        && is_qualifying(source, &words[kind.clone()])
        && is_unsaid(kind.clone())
    {
        return Some(written(kind));
    }
    let pairs = shared.windows(2).map(|pair| (pair[0] + 1, pair[1]));
    pairs.chain([(last + 1, words.len())]).find_map(|(from, to)| {
        // "25 days of paid annual leave" for "25 days of leave": of the phrase only what qualifies its last word is left out.
        let is_joined = from < to && !words[from].content && follows(claim_words, &words[from], words.get(to));
        let from = if is_joined { from + 1 } else { from };
        let run = from..end(from, to);
        let is_trailing = to == words.len();
        let is_behind_name = named.is_some_and(|at| at < from);
        // "The audit committee"; what must be detailed must be at least, and a name tells of one as it is.
        let is_of_a_name = words.get(to).is_some_and(|word| source[word.range.clone()].starts_with(char::is_uppercase));
        let qualifies = !is_duty
            && !is_of_a_name
            && !is_trailing
            && run.end == to
            && is_qualifying(source, &words[run.clone()])
            && (is_joined || adjoin(claim_words, &words[from - 1], &words[to]));
        let narrows = !run.is_empty() && !is_behind_name && starts(&words[run.clone()], is_trailing) && {
            let opening = words[run.start].lower.as_str();
            !(is_duty && run.start > verb && OF_DUTIES.contains(&opening))
        };
        // How much of a case must be said is looked at by itself.
        let is_of_a_case = (0..from).rev().take_while(|at| !gap(at + 1).contains(',')).any(|at| CASES.contains(&words[at].lower.as_str()));
        ((narrows || qualifies) && !is_of_a_case && is_unsaid(run.clone())).then(|| written(run))
    })
}

/// Positions of the content words of a sentence that a claim has in the same order, as many as there are.
fn in_order(words: &[Word], claim_words: &[Word]) -> Vec<usize> {
    let content = |words: &[Word]| (0..words.len()).filter(|at| words[*at].content).collect::<Vec<_>>();
    align::pairs((&content(claim_words), claim_words), (&content(words), words)).into_iter().map(|(_, told)| told).collect()
}

/// Words of the sentence with most of the shared ones, by weight.
fn retold(source: &str, words: &[Word], is_shared: impl Fn(&Word) -> bool) -> Option<Range<usize>> {
    let of = |range: Range<usize>| {
        let start = words.partition_point(|word| word.range.start < range.start);
        start..words.partition_point(|word| word.range.start < range.end)
    };
    let shared =
        |range: &Range<usize>| words[range.clone()].iter().filter(|word| is_shared(word)).map(|word| weight(&word.stem)).sum::<f32>();
    text::sentences(source).into_iter().map(of).filter(|range| !range.is_empty()).max_by(|a, b| shared(a).total_cmp(&shared(b)))
}

fn is_verb(word: &Word) -> bool {
    let lower = word.lower.as_str();
    VERBS.contains(&lower) || BEING.contains(&lower)
}

/// Whether a claim tells what happened, and no rule.
pub(super) fn is_narrative(words: &[Word]) -> bool {
    let is_participle = |at: usize| words[at.saturating_sub(BEFORE_PARTICIPLE)..at].iter().any(is_verb);
    let is_past = |at: usize| words[at].lower.len() > 4 && words[at].lower.ends_with("ed") && !is_participle(at);
    let Some(at) = words.iter().position(is_verb) else { return (1..words.len()).any(is_past) };
    let verb = words[at].lower.as_str();
    // "Has raised"; "has to" and "have 25 days" are rules.
    let is_done = |word: &Word| word.lower == "been" || word.lower.ends_with("ed") || word.lower.ends_with("en");
    PAST.contains(&verb) || (matches!(verb, "has" | "have") && words[at + 1..].iter().take(2).any(is_done))
}

/// Whether a claim has one word right before another.
fn follows(claim: &[Word], before: &Word, word: Option<&Word>) -> bool {
    word.is_some_and(|word| claim.windows(2).any(|pair| pair[0].lower == before.lower && pair[1].stem == word.stem))
}

/// Whether a claim has no content word between two.
fn adjoin(claim: &[Word], before: &Word, word: &Word) -> bool {
    let content: Vec<&Word> = claim.iter().filter(|word| word.content).collect();
    content.windows(2).any(|pair| pair[0].stem == before.stem && pair[1].stem == word.stem)
}

/// Whether words only tell of which kind the one behind them is.
fn is_qualifying(source: &str, kinds: &[Word]) -> bool {
    let is_name = |word: &Word| source[word.range.clone()].starts_with(char::is_uppercase);
    let is_kind =
        |word: &Word| word.content && !is_name(word) && !word.lower.ends_with("ly") && !PRAISE.contains(&format!(" {} ", word.stem));
    (1..=KINDS).contains(&kinds.len()) && kinds.iter().all(is_kind)
}

/// Whether something else begins with a word.
fn parts(gap: &str, word: &Word) -> bool {
    gap.contains([',', ';', ':', '.', '(', ')', '\n', '|', '\u{2014}'])
        || matches!(
            word.lower.as_str(),
            "and" | "or" | "but" | "nor" | "so" | "because" | "since" | "while" | "whereas" | "such" | "including" | "even"
        )
}

fn starts(run: &[Word], is_trailing: bool) -> bool {
    let first = &run[0];
    let lower = first.lower.as_str();
    let is_number = lower.starts_with(|c: char| c.is_ascii_digit()) || small(lower).or_else(|| tens(lower)).is_some();
    let next = run.get(1).map(|word| word.lower.as_str());
    // "to the laboratory", but not "to ensure".
    let to_a_place =
        lower == "to" && next.is_some_and(|next| matches!(next, "the" | "a" | "an" | "our" | "their" | "your" | "any" | "all"));
    let is_participle = first.content && lower.len() > 4 && (lower.ends_with("ed") || lower.ends_with("ing")) && run.len() > 1;
    let is_linked = first.content && next.is_some_and(|next| LINKS.contains(&next));
    // "As well as emergency services" adds to it.
    let adds = lower == "as" && next == Some("well");
    RELATIVE.contains(&lower)
        || (NARROWING.contains(&lower) && !adds)
        || (to_a_place && !is_trailing)
        || is_participle
        || is_linked
        || (is_number && is_trailing)
}

#[cfg(test)]
mod tests {
    use super::{super::clause::clauses, *};
    use crate::words::{content_stems, words};

    fn of(claim: &str, source: &str) -> Option<String> {
        let (claim_words, source_words) = (words(claim), words(source));
        lost((&clauses(claim, &claim_words), &claim_words), (source, &source_words), &content_stems(claim))
    }

    #[test]
    fn what_narrows_a_rule_is_seen() {
        for (claim, source, narrows) in [
            (
                "Employees are entitled to a company car.",
                "Employees who travel more than 100 days a year are entitled to a company car.",
                "who travel more than 100 days a year are",
            ),
            ("Employees receive a bonus.", "Employees hired after 2020 receive a bonus.", "hired after 2020"),
            ("Employees keep their benefits.", "Employees on parental leave keep their benefits.", "on parental leave"),
            ("The plan covers therapy.", "The plan covers therapy that is prescribed by a doctor.", "that is prescribed by a doctor"),
            ("Staff may accept gifts.", "Staff may accept gifts worth less than $50.", "worth less than $50"),
            ("The company pays for training.", "The company pays for training relevant to the job.", "relevant to the job"),
            ("You can cancel the contract.", "You can cancel the contract by giving notice.", "by giving notice"),
            ("Prescription drugs are covered.", "Prescription drugs are covered in part.", "in part"),
            ("Employees may work remotely.", "Employees may work remotely two days a week.", "two days a week"),
            ("The plan covers dental care.", "The plan covers preventive dental care.", "preventive"),
            ("The company pays for training.", "The company pays for external training.", "external"),
            ("The committee meets monthly.", "The audit committee meets monthly.", "audit"),
            ("The deductible is $1,000.", "The deductible is $1,000 for individuals and $2,000 for families.", "for individuals"),
            ("Claims must be filed.", "For visits abroad, claims must be filed.", "For visits abroad"),
        ] {
            assert_eq!(of(claim, source).as_deref(), Some(narrows), "{claim}");
            assert_eq!(of(source, source), None, "{source}");
        }
    }

    #[test]
    fn what_may_be_left_out_is_not_asked_for() {
        for (claim, source) in [
            ("Incidents must be reported to the security team.", "Incidents must be reported to the security team within 24 hours."),
            ("You must submit expense reports.", "You must submit detailed expense reports."),
            ("Employees receive 25 days of leave.", "Employees receive 25 days of paid annual leave."),
            ("The plan covers emergency services.", "The plan covers emergency services, urgent care and hospital stays."),
            ("It is a wellness program.", "It is a wellness program that helps employees to stay fit."),
            ("The plan covers stays.", "The plan covers stays as well as emergency services."),
            ("Coverage starts on the first day.", "Coverage starts on the first day for all employees."),
            (
                "Meals are reimbursed up to $50 per day.",
                "Meals are reimbursed up to $50 per day and hotels up to $150 per night for managers.",
            ),
            ("Data is stored for ten years.", "Data is stored for ten years in accordance with the policy."),
            ("Six people were hurt after an explosion.", "Six people were hurt after an explosion at a plant in the province."),
            ("The council has raised the fee.", "The council has raised the fee for permits."),
            ("The winner will be announced in London.", "The winner will be announced in London on Tuesday night."),
        ] {
            assert_eq!(of(claim, source), None, "{claim}");
        }
    }
}
