//! A generated sentence is shown only when a quote carries it.
//!
//! The cheapest first: its form ([`form`]) and subject ([`sibling`]), the span that it rests on ([`support`]), and what similarity can't
//! see ([`hard`]): numbers ([`quantity`], [`bound`]), dates ([`moment`]), names, opposites, the force of each clause ([`clause`]), of whom
//! it holds ([`actor`], [`another`], [`mixed`], [`passive`], [`relative`], [`denial`]), words in another's place ([`exchange`]) or of its own
//! ([`novel`]), their order ([`order`]) and what joins them ([`joints`]), what is only reported or supposed ([`framed`]), the line that introduces a list
//! ([`lead`]), dropped conditions ([`condition`]) and what narrows a rule ([`narrowing`]); last what the rest of the quote denies ([`contrary`])
//! or takes back. What leans on a sentence before is judged as it reads there ([`reference`]).

/// Changes whenever a sentence may be judged otherwise than before: what a model was graded by.
pub const VERSION: u32 = 11;

mod actor;
mod align;
mod another;
mod bound;
mod clause;
mod condition;
mod contrary;
mod contrast;
mod denial;
mod exchange;
mod exhibit;
mod form;
mod framed;
mod hard;
mod joints;
mod lead;
mod mixed;
mod moment;
mod names;
mod narrowing;
mod novel;
mod order;
mod passive;
mod quantity;
mod reference;
mod relative;
pub mod score;
pub(crate) mod sibling;
mod support;
#[cfg(test)]
mod tests;

pub use exhibit::Exhibit;
pub use form::Flaw;
pub use hard::Mismatch;
pub use lead::denies;
pub use moment::{dates, times};
pub use names::names;
pub use quantity::quantities;
pub use reference::alone;
pub use support::{Span, SupportThresholds, cosine, spans};

use std::collections::BTreeSet;

use crate::{
    evidence::points_back,
    words::{content_stems, coverage, looks_english, words},
};

/// What became of a generated sentence; kept in the record.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Quote `n` carries it.
    Supported {
        n: u32,
        coverage: f32,
        similarity: f32,
        /// What limits it in the quote, word for word; it must be shown with the sentence.
        exception: Option<String>,
        /// Index of the sentence after the last of the quote that it rests on.
        until: usize,
    },
    Flawed {
        flaw: Flaw,
    },
    /// No span is like it; the figures are those of the best.
    Unsupported {
        coverage: f32,
        similarity: f32,
    },
    /// A span is like it, and differs in something that matters.
    Refused {
        n: u32,
        mismatch: Mismatch,
    },
}

impl Verdict {
    pub const fn is_supported(&self) -> bool {
        matches!(self, Self::Supported { .. })
    }
}

/// Everything that a sentence is judged by.
pub struct Case<'a> {
    pub sentence: &'a str,
    /// Of length 1; none where similarity is not to be looked at.
    pub sentence_vector: Option<&'a [f32]>,
    pub question: &'a str,
    pub question_vector: Option<&'a [f32]>,
    /// Footnote numbers that the model wrote into the sentence.
    pub hints: &'a [u32],
    /// Sentences shown already.
    pub earlier: &'a [String],
    /// The quote that carries the last of them, and the index of the sentence in it that comes next.
    pub last: Option<(u32, usize)>,
}

/// Least cosine of sentence and question where they share no content word.
const BESIDE_THE_QUESTION: f32 = 0.35;
/// Share of an exception's words that counts as having said it.
const SAID: f32 = 0.9;
/// Spans looked at closely: one more often has the same words than the same meaning.
const CLOSE_LOOKS: usize = 4;

/// Words in which two sentences differ that say the same of two things; more are the same in both.
const EXCHANGED: usize = 2;

/// Colons of a sentence before which a title is looked for: "A: Leave policy: You may …".
const LABELS: usize = 3;

/// Judges a sentence against the quotes.
pub fn verify(case: &Case, exhibits: &[Exhibit], least: &SupportThresholds) -> Verdict {
    if let Err(flaw) = form::check(case.sentence, case.question, case.earlier).and_then(|()| to_the_question(case)) {
        return Verdict::Flawed { flaw };
    }
    if opens_with_a_title(case.sentence, exhibits) {
        return Verdict::Flawed { flaw: Flaw::AboutItself };
    }
    if of_another(case, exhibits) || of_what_was_not_asked(case) {
        return Verdict::Flawed { flaw: Flaw::BesideTheQuestion };
    }
    let claim = without_lead_in(case.sentence);
    let spans = spans(claim, case.sentence_vector, exhibits, case.hints);
    let exhibit = |n: u32| exhibits.iter().find(|e| e.n == n);
    let mut refused = None;
    let siblings = siblings(case.question, exhibits);
    let is_of_a_sibling = |span: &&Span| {
        let names_it = |e: &Exhibit| sibling::is_named(e.plain(&span.sentences), case.question);
        siblings.contains(&span.n) && !exhibit(span.n).is_some_and(names_it)
    };
    let carrying = || spans.iter().filter(|span| span.carries(least));
    if carrying().next().is_some() && carrying().all(|span| is_of_a_sibling(&span)) {
        return Verdict::Flawed { flaw: Flaw::BesideTheQuestion };
    }
    for span in carrying().filter(|span| !is_of_a_sibling(span)).take(CLOSE_LOOKS) {
        let Some(exhibit) = exhibit(span.n) else { continue };
        let verdict = look_closely(case, claim, exhibit, span);
        if verdict.is_supported() {
            return verdict;
        }
        refused = refused.or(Some(verdict));
    }
    let best = spans.first();
    let unsupported =
        || Verdict::Unsupported { coverage: best.map_or(0.0, |s| s.coverage), similarity: best.map_or(0.0, |s| s.similarity) };
    refused.unwrap_or_else(unsupported)
}

/// "Leave policy: You may …" is how the prompt puts its sources, and a model repeats it, whole or in part; "The content: The source: mail: …".
fn opens_with_a_title(sentence: &str, exhibits: &[Exhibit]) -> bool {
    let titles: Vec<BTreeSet<String>> = exhibits.iter().map(|e| content_stems(e.context.lines().next().unwrap_or_default())).collect();
    let ends: Vec<usize> = sentence.match_indices(": ").take(LABELS).map(|(at, _)| at).collect();
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 2));
    let labels = ends.iter().zip(starts).flat_map(|(end, start)| [&sentence[..*end], &sentence[start..*end]]);
    // "Hotels: up to $150 a night" is a sentence.
    let is_title = |label: &BTreeSet<String>| titles.iter().any(|title| label == title || (label.len() > 1 && label.is_subset(title)));
    let is_the_prompts = |label: &str| {
        let lower = label.trim().to_lowercase();
        matches!(
            lower.strip_prefix("the ").unwrap_or(&lower),
            "source" | "sources" | "content" | "text" | "document" | "answer" | "question"
        )
    };
    labels.map(|label| (label, content_stems(label))).any(|(label, stems)| is_the_prompts(label) || (!stems.is_empty() && is_title(&stems)))
}

/// Asked about Zurich, a sentence about Vienna is no answer, true as it may be: it names something, and nothing of what the
/// question names and a quote speaks of.
fn of_another(case: &Case, exhibits: &[Exhibit]) -> bool {
    let names_of = |text: &str| names(text, &words(text));
    let asked: Vec<String> = names_of(case.question);
    let stems = |text: &str| words(text).into_iter().map(|w| w.lower).collect::<BTreeSet<_>>();
    let said = stems(case.sentence);
    let known = |name: &String| exhibits.iter().any(|e| stems(&e.text).contains(name));
    let wanted: Vec<&String> = asked.iter().filter(|name| known(name)).collect();
    // A quote whose title or headings name it need not say it again.
    let named = |name: &&String| said.contains(name.as_str()) || exhibits.iter().all(|e| stems(&e.context).contains(name.as_str()));
    let of_other_names =
        !wanted.is_empty() && !wanted.iter().any(named) && names_of(case.sentence).iter().any(|name| !asked.contains(name));
    of_other_names || sibling::is_of_one(case.sentence, case.question)
}

/// Asked about laptops, and told of them, "a lost badge must be reported within 24 hours" in the same words is no answer: it has something else
/// in the place of what the question names.
fn of_what_was_not_asked(case: &Case) -> bool {
    let (asked, said) = (content_stems(case.question), content_stems(case.sentence));
    let is_number = |stem: &String| stem.starts_with(|c: char| c.is_ascii_digit());
    case.earlier.iter().map(|shown| content_stems(shown)).any(|shown| {
        let other: Vec<&String> = said.difference(&shown).filter(|stem| !is_number(stem)).collect();
        let own: Vec<&String> = shown.difference(&said).filter(|stem| !is_number(stem)).collect();
        let exchanged = (1..=EXCHANGED).contains(&other.len()) && (1..=EXCHANGED).contains(&own.len());
        exchanged
            && said.intersection(&shown).count() > EXCHANGED
            && own.iter().all(|stem| asked.contains(*stem))
            && !other.iter().any(|stem| asked.contains(*stem))
    })
}

/// The quotes of documents about a thing of a like name, where another quote is of the one that is asked about: the Standard plan's own
/// document may leave out which plan it tells of.
fn siblings(question: &str, exhibits: &[Exhibit]) -> Vec<u32> {
    if !exhibits.iter().any(|e| sibling::is_named(&e.context, question)) {
        return Vec::new();
    }
    exhibits.iter().filter(|e| sibling::is_of_one(&e.context, question)).map(|e| e.n).collect()
}

fn to_the_question(case: &Case) -> Result<(), Flaw> {
    let sentence = words(case.sentence);
    let force = clause::clauses(case.sentence, &sentence);
    let negative = force.iter().any(|c| c.force.is_negative());
    form::yes_or_no(case.sentence, negative)?;
    // Those after the first may explain it.
    if case.earlier.is_empty() && !negative && quantities(case.sentence, &sentence).is_empty() {
        form::counted(&sentence, case.question)?;
    }
    let shared = content_stems(case.sentence).intersection(&content_stems(case.question)).count();
    let alike = match (case.sentence_vector, case.question_vector) {
        (Some(a), Some(b)) => cosine(a, b),
        _ => 1.0,
    };
    let least = if shared == 0 { BESIDE_THE_QUESTION } else { BESIDE_THE_QUESTION / 2.0 };
    if alike < least { Err(Flaw::BesideTheQuestion) } else { Ok(()) }
}

/// Holds a claim against the span that resembles it.
fn look_closely(case: &Case, claim: &str, exhibit: &Exhibit, span: &Span) -> Verdict {
    let n = span.n;
    let refused = |mismatch| Verdict::Refused { n, mismatch };
    let follows_the_last = span.sentences.len() == 1 && case.last == Some((n, span.sentences.start));
    if points_back(claim) && !follows_the_last {
        return Verdict::Flawed { flaw: Flaw::Dangling };
    }
    let (text, leads) = (exhibit.governed(&span.sentences), exhibit.leads(&span.sentences).collect::<Vec<_>>());
    let before = span.sentences.start.checked_sub(1).map_or("", |at| exhibit.plain(&(at..at + 1)));
    let source = hard::Source { plain: exhibit.plain(&span.sentences), before, text: &text, leads: &leads, context: &exhibit.context };
    // The checks of modality and negation know English only: elsewhere nothing but a verbatim sentence passes.
    // A few words can't tell the language; with those of their source they can.
    if !looks_english(claim) && !looks_english(&format!("{claim} {}", exhibit.text)) && !source.says_just(claim) {
        return refused(Mismatch::Modality("not English, and not a sentence of the source".to_owned()));
    }
    if let Err(mismatch) = hard::check(claim, &source, case.question) {
        return refused(mismatch);
    }
    if let Some(denial) = contrary::denial(claim, exhibit, &span.sentences) {
        return refused(Mismatch::Contradicted(denial));
    }
    match exception(case, exhibit, span) {
        Ok(exception) => {
            Verdict::Supported { n, coverage: span.coverage, similarity: span.similarity, exception, until: span.sentences.end }
        }
        Err(mismatch) => refused(mismatch),
    }
}

/// What the quote takes back of the span and nobody has said yet.
///
/// # Errors
/// It opens a list or a section, or stands in another quote, and can't be shown in a sentence.
fn exception(case: &Case, exhibit: &Exhibit, span: &Span) -> Result<Option<String>, Mismatch> {
    let shown = case.earlier.iter().map(String::as_str).chain([case.sentence]).map(content_stems).collect::<Vec<_>>();
    let unsaid = |exception: &&str| {
        let stems = content_stems(exception);
        stems.is_empty() || !shown.iter().any(|s| coverage(&stems, s) >= SAID)
    };
    let exceptions: Vec<&str> = exhibit.exceptions(&span.sentences).filter(unsaid).collect();
    let is_whole = |exception: &str| exception.trim_end_matches(['"', '\u{201d}', ')', '*']).ends_with(['.', '!', ';', '。']);
    let elsewhere = exhibit.following.as_deref().filter(unsaid);
    match exceptions.iter().copied().find(|e| !is_whole(e)).or(elsewhere) {
        Some(exception) => Err(Mismatch::Condition(exception.to_owned())),
        None => Ok((!exceptions.is_empty()).then(|| exceptions.join(" "))),
    }
}

/// "Yes, …" and "According to the policy, …" are not the claim itself.
fn without_lead_in(sentence: &str) -> &str {
    for lead in ["Yes, ", "No, "] {
        if let Some(rest) = sentence.strip_prefix(lead) {
            return rest;
        }
    }
    sentence
}
