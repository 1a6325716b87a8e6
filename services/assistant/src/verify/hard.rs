//! What similarity can't see: a sentence is refused when a number, date, name, negation or condition is not its source's.

use std::collections::BTreeSet;

use super::{
    actor, another,
    clause::{Clause, Force, clauses},
    condition, contrast, denial, exchange, lead, mixed, moment, names, narrowing, novel, order, passive,
    quantity::{Kind, Quantity, quantities},
    relative,
};
use crate::{
    lists::without_mark,
    words::{Word, weight, words},
};

/// Why a sentence does not follow from a source that resembles it. The text is what the source lacks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "check", content = "what", rename_all = "snake_case")]
pub enum Mismatch {
    Number(String),
    /// The number is in the source, and belongs to something else there.
    NumberOfAnother(String),
    Date(String),
    Time(String),
    Address(String),
    Name(String),
    /// The name is in the source, and in sentences about others.
    NameOfAnother(String),
    /// Must, may, need not, must not, is, is not.
    Modality(String),
    Opposite(String),
    Condition(String),
    /// Of whom or what the source says it.
    Subject(String),
    /// A word that the source does not have.
    Word(String),
    /// The word is in the source, and in sentences about another of the same kind.
    WordOfAnother(String),
    /// The quote says the opposite elsewhere.
    Contradicted(String),
    Roles(String),
    /// Tied to other words than in the source.
    Order(String),
}

/// Where a sentence is said to come from.
pub struct Source<'a> {
    /// As it stands in the document.
    pub plain: &'a str,
    /// The sentence before it; empty at the start.
    pub before: &'a str,
    /// With each list item read on from the lines that introduce it.
    pub text: &'a str,
    /// Those lines.
    pub leads: &'a [&'a str],
    /// Document title and headings: they may name what the text leaves out.
    pub context: &'a str,
}

impl Source<'_> {
    /// Whether a claim is one of its sentences, and means the same alone. Part of a sentence needs a closer look: what
    /// was cut off may have been the "not".
    pub fn says_just(&self, claim: &str) -> bool {
        let wanted = normal(claim);
        !wanted.is_empty()
            && !self.leads.iter().any(|lead| lead::governs(lead))
            && text::sentences(self.plain).into_iter().any(|range| normal(&self.plain[range]) == wanted)
    }
}

/// A sentence without what carries no meaning: white space, case, the shape of quotation marks and dashes, list mark, full stop.
fn normal(sentence: &str) -> String {
    let text = without_mark(sentence).split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let text = text.trim_end_matches(['.', '!', ';', '。']).trim_end();
    let same = |c: char| match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2014}' => '-',
        other => other,
    };
    text.chars().filter(|c| !matches!(c, '*' | '\u{ad}')).map(same).collect()
}

/// Compares what must be the same in a sentence and in its source.
///
/// # Errors
/// The first thing that is not.
pub fn check(claim: &str, source: &Source, question: &str) -> Result<(), Mismatch> {
    if source.says_just(claim) {
        return Ok(());
    }
    let claim_words = words(claim);
    let source_words = words(source.text);
    numbers(claim, &claim_words, source.text, &source_words)?;
    moments(claim, &claim_words, source.text, &source_words)?;
    named(claim, &claim_words, source)?;
    let lowers = |words: &[Word]| words.iter().map(|w| w.lower.clone()).collect::<BTreeSet<_>>();
    if let Some(word) = contrast::contradicted(&lowers(&claim_words), &lowers(&source_words)) {
        return Err(Mismatch::Opposite(word.to_owned()));
    }
    let (claimed, stated) = (clauses(claim, &claim_words), clauses(source.text, &source_words));
    if let Some(compound) = contrast::exchanged((claim, &claimed, &claim_words), (source.text, &stated, &source_words)) {
        return Err(Mismatch::Opposite(compound));
    }
    forces(&claimed, &stated, &claim_words)?;
    roles(&claim_words, &source_words)?;
    let stems = |words: &[Word]| words.iter().map(|word| word.stem.clone()).collect::<BTreeSet<String>>();
    let (asked, headed) = (stems(&words(question)), stems(&words(source.context)));
    let said = &stems(&claim_words) | &asked;
    mixed::check(claim, &claim_words, source, &(&said | &headed))?;
    if let Some(subject) = actor::left_out((&claimed, &claim_words), (&stated, &source_words), source, &(&said | &headed)) {
        return Err(Mismatch::Subject(subject));
    }
    if let Some(word) = another::of_a_sibling(claim, &claim_words, source.text)
        .or_else(|| another::of_another_subject((claim, &claimed, &claim_words), source.text, &headed))
    {
        return Err(Mismatch::WordOfAnother(word));
    }
    if let Some(object) = passive::exchanged((&claimed, &claim_words), source.text, &source_words) {
        return Err(Mismatch::Subject(object));
    }
    if let Some(thing) = relative::denied_of_another((&claimed, &claim_words), source.text, (&stated, &source_words)) {
        return Err(Mismatch::Subject(thing));
    }
    if let Some(denied) = denial::widened((&claimed, &claim_words), source.text, &source_words, &said) {
        return Err(Mismatch::Condition(denied));
    }
    if let Some((word, instead)) = exchange::exchanged((claim, &claim_words), (source.text, &source_words), &(&asked | &headed)) {
        return Err(Mismatch::Opposite(format!("{word} for {instead}")));
    }
    if let Some(word) = novel::word(claim, &claim_words, source.text, &(&headed | &stems(&source_words)), &asked) {
        return Err(Mismatch::Word(word));
    }
    for lead in source.leads {
        lead::check(lead, claim, &said)?;
    }
    if let Some(hedge) = condition::unhedged(&source_words, &claim_words) {
        return Err(Mismatch::Condition(hedge));
    }
    let plain_words = words(source.plain);
    if let Some(case) = condition::asserted(source.plain, &plain_words, &claim_words, &(&asked | &headed)) {
        return Err(Mismatch::Condition(case));
    }
    asked_year(question, source)?;
    if let Some(lost) = condition::dropped(source.plain, &plain_words, &claim_words, &said, &headed) {
        return Err(Mismatch::Condition(lost));
    }
    if let Some(word) = order::exchanged((claim, &claim_words), (source.text, &source_words), &(&said | &headed)) {
        return Err(Mismatch::Order(word));
    }
    let lost = narrowing::lost((&claimed, &claim_words), (source.text, &source_words), &(&said | &headed));
    lost.map_or(Ok(()), |lost| Err(Mismatch::Condition(lost)))
}

fn numbers(claim: &str, claim_words: &[Word], source: &str, source_words: &[Word]) -> Result<(), Mismatch> {
    let stated = quantities(source, source_words);
    let claimed = quantities(claim, claim_words);
    let dates = moment::dates(source, source_words);
    let years: Vec<f64> = dates.iter().filter_map(|date| date.year).map(f64::from).collect();
    let claimed_years: BTreeSet<u32> = moment::dates(claim, claim_words).into_iter().filter_map(|date| date.year).collect();
    for quantity in &claimed {
        let written = || written(claim, claim_words, &quantity.words);
        if quantity.kind == Kind::Plain && quantity.unit.is_none() && years.contains(&quantity.value) {
            continue;
        }
        let (same, others): (Vec<_>, Vec<_>) = stated.iter().partition(|s| quantity.same_meaning(s));
        if same.is_empty() {
            return Err(Mismatch::Number(written()));
        }
        let rivals: Vec<_> = others.into_iter().filter(|o| comparable(quantity, o)).collect();
        let nearness = |s: &Quantity| nearness((claim, claim_words, quantity), (source, source_words, s));
        let best = |of: &[&Quantity]| of.iter().map(|s| nearness(s)).fold(0.0, f32::max);
        if !rivals.is_empty() && best(&rivals) > best(&same) {
            return Err(Mismatch::NumberOfAnother(written()));
        }
        if of_another_year(&same, (source, source_words), &dates, &claimed_years) {
            return Err(Mismatch::NumberOfAnother(written()));
        }
        let sum = same.iter().find_map(|own| added(own, &stated, source, source_words));
        if let Some(lost) = sum.filter(|lost| !claimed.iter().any(|other| other.same_amount(lost))) {
            return Err(Mismatch::Condition(format!("and {}", self::written(source, source_words, &lost.words))));
        }
    }
    Ok(())
}

/// Whether a source with several years in a sentence tells a figure of another year than a claim does, wherever it stands: "$3.69 for 2021, improved
/// from $2.75 in 2020".
fn of_another_year(same: &[&Quantity], (source, words): (&str, &[Word]), dates: &[moment::Date], claimed: &BTreeSet<u32>) -> bool {
    let start = |at: usize| words[at].range.start;
    let sentences = text::sentences(source);
    let fits = |stated: &&Quantity| {
        let Some(sentence) = sentences.iter().find(|range| range.contains(&start(stated.words.start))) else { return true };
        let within = || dates.iter().filter(|date| sentence.contains(&start(date.words.start))).filter_map(|date| Some((date.year?, date)));
        let nearest = within().min_by(|(_, a), (_, b)| {
            let far = |date: &moment::Date| distance(source, words, date.words.start, stated);
            far(a).total_cmp(&far(b))
        });
        nearest.is_none_or(|(year, _)| claimed.contains(&year)) || within().all(|(year, _)| !claimed.contains(&year))
    };
    !claimed.is_empty() && !same.iter().any(fits)
}

/// Words between two numbers that make the second one of something else: "20 days for staff and 25 days for managers".
const SETTING_APART: [&str; 20] = [
    "for", "in", "to", "at", "on", "by", "of", "if", "when", "during", "per", "or", "is", "are", "has", "have", "get", "gets", "receive",
    "receives",
];

/// The number that a source adds to another: "a fee of £5 and £1.20 a page" is no fee of £5.
fn added<'a>(own: &Quantity, stated: &'a [Quantity], source: &str, source_words: &[Word]) -> Option<&'a Quantity> {
    let next = stated.iter().find(|other| other.words.start >= own.words.end)?;
    let between = &source_words[own.words.end..next.words.start];
    let gap = &source[source_words[own.words.end - 1].range.end..source_words[next.words.start].range.start];
    let joined = between.iter().any(|word| matches!(word.lower.as_str(), "and" | "plus"));
    // "$150, and suites cost $300" is of something else.
    let names_another = between.iter().rev().take_while(|word| !matches!(word.lower.as_str(), "and" | "plus")).any(|word| word.content);
    let apart =
        names_another || gap.contains(['.', ';', '\n', '|']) || between.iter().any(|word| SETTING_APART.contains(&word.lower.as_str()));
    let same_kind = own.kind == next.kind && (matches!(own.kind, Kind::Money(_)) || (own.unit.is_some() && own.unit == next.unit));
    (joined && !apart && same_kind).then_some(next)
}

/// Asked about 2019, a source that names other years, and not that one, does not tell.
fn asked_year(question: &str, source: &Source) -> Result<(), Mismatch> {
    let years = |text: &str| moment::dates(text, &words(text)).into_iter().filter_map(|date| date.year).collect::<BTreeSet<u32>>();
    let (asked, stated, context) = (years(question), years(source.text), years(source.context));
    let told = asked.iter().any(|year| stated.contains(year) || context.contains(year));
    match asked.first().filter(|_| !told && !stated.is_empty()) {
        Some(year) => Err(Mismatch::Date(year.to_string())),
        None => Ok(()),
    }
}

/// Numbers that a careless reader could take for each other.
fn comparable(a: &Quantity, b: &Quantity) -> bool {
    a.value.total_cmp(&b.value).is_ne() && a.unit == b.unit && std::mem::discriminant(&a.kind) == std::mem::discriminant(&b.kind)
}

type Placed<'a> = (&'a str, &'a [Word], &'a Quantity);

/// How close the words around a claim's number stand to a number of the source.
fn nearness((claim, claim_words, number): Placed, (source, source_words, stated): Placed) -> f32 {
    let around = |i: usize, q: &Quantity| !q.words.contains(&i);
    let mut sum = 0.0;
    for (i, word) in claim_words.iter().enumerate().filter(|(i, w)| w.content && around(*i, number)) {
        let far = distance(claim, claim_words, i, number);
        let occurrences = source_words.iter().enumerate().filter(|(j, w)| w.stem == word.stem && around(*j, stated));
        let nearest = occurrences.map(|(j, _)| distance(source, source_words, j, stated)).fold(f32::INFINITY, f32::min);
        sum += weight(&word.stem) / far / (1.0 + nearest);
    }
    sum
}

/// Words between, and four more for each border of a clause or item.
fn distance(text: &str, words: &[Word], at: usize, number: &Quantity) -> f32 {
    let (from, to) = if at < number.words.start { (at, number.words.start) } else { (number.words.end - 1, at) };
    let border = |i: &usize| {
        text[words[i - 1].range.end..words[*i].range.start].contains([',', ';', ':', '.', '\n', '|', '('])
            || matches!(words[*i].lower.as_str(), "and" | "or" | "but")
    };
    let borders = (from + 1..=to).filter(border).count();
    (to - from + 4 * borders) as f32
}

fn moments(claim: &str, claim_words: &[Word], source: &str, source_words: &[Word]) -> Result<(), Mismatch> {
    let dates = moment::dates(source, source_words);
    let numbers = quantities(source, source_words);
    for date in moment::dates(claim, claim_words) {
        let as_number = date.month.is_none() && numbers.iter().any(|n| Some(n.value) == date.year.map(f64::from));
        let own: Vec<_> = dates.iter().filter(|stated| date.is_in(stated)).collect();
        let of_another = !own.is_empty() && !own.iter().any(|stated| of_the_same(source, source_words, stated, claim_words, &date.words));
        if of_another || (own.is_empty() && !as_number) {
            return Err(Mismatch::Date(written(claim, claim_words, &date.words)));
        }
    }
    let times = moment::times(source, source_words);
    match moment::times(claim, claim_words).into_iter().find(|time| !times.iter().any(|stated| time.is_in(stated))) {
        Some(time) => Err(Mismatch::Time(written(claim, claim_words, &time.words))),
        None => Ok(()),
    }
}

/// Whether the sentence of a date says that of it which the claim says: the word next to the date in the claim.
fn of_the_same(
    source: &str,
    source_words: &[Word],
    stated: &moment::Date,
    claim_words: &[Word],
    in_claim: &std::ops::Range<usize>,
) -> bool {
    let start = source_words[stated.words.start].range.start;
    let Some(sentence) = text::sentences(source).into_iter().find(|range| range.contains(&start)) else { return true };
    let content = |at: &usize| claim_words[*at].content;
    let next = (0..in_claim.start).rev().find(content).or_else(|| (in_claim.end..claim_words.len()).find(content));
    let Some(next) = next else { return true };
    source_words.iter().any(|word| sentence.contains(&word.range.start) && word.stem == claim_words[next].stem)
}

fn written(text: &str, words: &[Word], range: &std::ops::Range<usize>) -> String {
    text[words[range.start].range.start..words[range.end - 1].range.end].to_owned()
}

fn named(claim: &str, claim_words: &[Word], source: &Source) -> Result<(), Mismatch> {
    let known = names::addresses(source.text);
    if let Some(address) = names::addresses(claim).into_iter().find(|a| !known.contains(a)) {
        return Err(Mismatch::Address(address));
    }
    let all = format!("{}\n{}", source.context, source.text);
    let all_words = words(&all);
    let initials = names::initials(&all, &all_words);
    let present: BTreeSet<String> = all_words.into_iter().map(|w| w.lower).collect();
    match names::names(claim, claim_words).into_iter().find(|name| !names::has_name(name, &present, &initials)) {
        Some(name) => Err(Mismatch::Name(name)),
        None => Ok(()),
    }
}

/// Each clause of the claim must have the force of the source's clause that speaks of the same.
fn forces(claim: &[Clause], source: &[Clause], claim_words: &[Word]) -> Result<(), Mismatch> {
    // "The limit is five days" states as a fact what "may carry over up to five days" permits.
    let measured = |c: &Clause| {
        claim_words[c.words.clone()]
            .iter()
            .any(|w| matches!(w.lower.as_str(), "limit" | "maximum" | "minimum" | "number" | "amount" | "period" | "deadline"))
    };
    for clause in claim {
        let best = source.iter().map(|s| clause.likeness(s)).fold(0.0, f32::max);
        let mut rivals = source.iter().filter(|s| best > 0.0 && clause.likeness(s) >= 0.95 * best).peekable();
        if rivals.peek().is_none() {
            if clause.force.is_negative() {
                return Err(Mismatch::Modality(format!("{:?} without a source", clause.force)));
            }
            continue;
        }
        let imperative =
            |s: &Clause| clause.force == Force::Must && s.force == Force::Is && s.opening.is_some() && s.opening == clause.predicate;
        let agrees = |s: &Clause| {
            clause.force.agrees_with(s.force) || imperative(s) || (clause.force == Force::Is && s.force == Force::May && measured(clause))
        };
        if !rivals.clone().any(agrees) {
            let stated = rivals.next().map_or(Force::Is, |s| s.force);
            return Err(Mismatch::Modality(format!("{:?} where the source says {stated:?}", clause.force)));
        }
    }
    Ok(())
}

const PARTIES: [&str; 17] = [
    "employe",
    "manag",
    "compani",
    "contractor",
    "director",
    "supervisor",
    "supplier",
    "custom",
    "tenant",
    "landlord",
    "buyer",
    "seller",
    "lessor",
    "lesse",
    "hr",
    "client",
    "board",
];

/// Who does what to whom: two parties keep their order, unless "by" turns the sentence round on one side only.
fn roles(claim: &[Word], source: &[Word]) -> Result<(), Mismatch> {
    let first = |words: &[Word], party: &str| words.iter().position(|w| w.stem == party);
    let is_party = |w: &Word| PARTIES.contains(&w.stem.as_str());
    // "by the manager", "by your line manager"; not "by email", "by Friday".
    let by_party = |words: &[Word]| (0..words.len()).any(|i| words[i].lower == "by" && words[i + 1..].iter().take(3).any(is_party));
    let shared: Vec<(usize, usize)> = PARTIES.iter().filter_map(|p| Some((first(claim, p)?, first(source, p)?))).collect();
    let turned = by_party(claim) != by_party(source);
    let swapped = shared.iter().enumerate().any(|(i, a)| shared[i + 1..].iter().any(|b| (a.0 < b.0) != (a.1 < b.1)));
    if swapped && !turned { Err(Mismatch::Roles("two parties have changed places".to_owned())) } else { Ok(()) }
}
