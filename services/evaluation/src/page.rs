//! A result as one HTML page that needs nothing else: no script, no network.

mod chart;

use askama::Template;
use search::Mode;

use crate::{
    Result,
    compare::{Change, Comparison, Moved},
    page::chart::{Bars, Curve, Stack},
    report::{Asked, Kinds, Report, Retrieval},
    retrieval::{MODES, Target},
};

/// Questions shown of each list; the JSON holds all.
const MAX_SHOWN: usize = 200;

/// Renders a result, beside an earlier one if there is one.
///
/// # Errors
/// The template failed.
pub fn render(report: &Report, comparison: Option<&Comparison>) -> Result<String> {
    Ok(Page::new(report, comparison).render()?)
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'r> {
    report: &'r Report,
    made_at: String,
    targets: Vec<Found>,
    search_times: Curve,
    outcomes: Vec<Stack>,
    answer_times: Option<Curve>,
    shares: Vec<(&'static str, Option<f64>)>,
    comparison: Option<&'r Comparison>,
    moved: [(&'static str, Shown<'r, Moved>); 2],
    failed: Shown<'r, Asked>,
}

/// How well one kind of thing is found.
struct Found {
    name: &'static str,
    questions: usize,
    measures: Vec<&'static str>,
    /// Each way of searching with its figures.
    rows: Vec<(&'static str, Vec<String>)>,
    bars: Bars,
}

/// The first of a list.
struct Shown<'r, T> {
    all: usize,
    first: Vec<&'r T>,
}

impl<'r, T> Shown<'r, T> {
    fn of(items: impl Iterator<Item = &'r T>) -> Self {
        let items: Vec<&T> = items.collect();
        Self { all: items.len(), first: items.into_iter().take(MAX_SHOWN).collect() }
    }
}

impl<'r> Page<'r> {
    fn new(report: &'r Report, comparison: Option<&'r Comparison>) -> Self {
        let target = |target: Target| {
            let rows: Vec<&Retrieval> = report.retrieval.iter().filter(|row| row.target == target).collect();
            let first = rows.first()?;
            let shown = shown(&rows);
            let figures = |row: &&Retrieval| shown.iter().map(|at| format!("{:.3}", row.ranking.measures()[*at].1)).collect();
            Some(Found {
                name: target.name(),
                questions: first.ranking.questions,
                measures: shown.iter().map(|at| first.ranking.measures()[*at].0).collect(),
                bars: Bars::new(&rows, &shown),
                rows: rows.iter().map(|row| (row.mode.as_str(), figures(row))).collect(),
            })
        };
        let times = |mode: Mode| report.questions.iter().filter_map(move |asked| asked.found.iter().find(|f| f.mode == mode)).map(|f| f.ms);
        let answers = report.answers.as_ref();
        let kinds = |name: &'static str, kinds: Kinds| (kinds.all() > 0).then(|| Stack::new(name, kinds));
        let outcomes = |a: &crate::report::Answers| [kinds("with an answer", a.answerable), kinds("without one", a.unanswerable)];
        let answer_times = || report.questions.iter().filter_map(|asked| asked.answer.as_ref()).map(|answer| answer.total_ms).collect();
        let shares = |a: &crate::report::Answers| {
            vec![
                ("Missed: answerable, and nothing was said", a.missed),
                ("False answers: unanswerable, and something was said", a.false_answers),
                ("Answers with all required words", a.contains),
                ("F1 of the answer's words with a right answer's", a.f1),
                ("Right answer carried by the quotes", a.carried),
                ("Answers that cite the right place", a.cites_gold),
                ("Answers whose footnotes hold", a.sound),
            ]
        };
        Self {
            report,
            made_at: report.made_at.format("%-d %B %Y, %H:%M UTC").to_string(),
            targets: Target::ALL.into_iter().filter_map(target).collect(),
            search_times: Curve::new(&MODES.map(|mode| (mode.as_str(), times(mode).collect()))),
            outcomes: answers.map(outcomes).into_iter().flatten().flatten().collect(),
            answer_times: answers.map(|_| Curve::new(&[("whole answer", answer_times())])),
            shares: answers.map(shares).unwrap_or_default(),
            comparison,
            moved: [
                ("Worse", Shown::of(comparison.iter().flat_map(|c| &c.worse))),
                ("Better", Shown::of(comparison.iter().flat_map(|c| &c.better))),
            ],
            failed: Shown::of(report.questions.iter().filter(|asked| !problems(asked).is_empty())),
        }
    }
}

/// The measures that differ. With one thing to find, Hit, R and All are the same, and Hit says it.
fn shown(rows: &[&Retrieval]) -> Vec<usize> {
    let value = |row: &Retrieval, at: usize| row.ranking.measures()[at].1;
    let differ = |a: usize, b: usize| rows.iter().any(|row| value(row, a).to_bits() != value(row, b).to_bits());
    let count = rows.first().map_or(0, |row| row.ranking.measures().len());
    (0..count).filter(|at| !(3..9).contains(at) || differ(*at, at % 3)).collect()
}

/// What is wrong with what came of a question, in plain words.
fn problems(asked: &Asked) -> Vec<String> {
    let mut problems = Vec::new();
    for target in Target::PLACES {
        match asked.found(Mode::Hybrid, target).map(|found| found.ranks.first()) {
            Some(None) => problems.push(format!("{} not found", target.name())),
            Some(Some(rank)) if *rank > 5 => problems.push(format!("{} at rank {rank}", target.name())),
            _ => {}
        }
    }
    if let Some(answer) = &asked.answer {
        match (asked.answerable, answer.says_something()) {
            (true, false) => problems.push("missed: nothing was said".into()),
            (false, true) => problems.push(format!("false answer ({})", answer.status.as_str())),
            (true, true) if answer.contains == Some(false) => problems.push("required words are missing".into()),
            (true, true) if answer.cites_gold == Some(false) => problems.push("the right place is not cited".into()),
            _ => {}
        }
        problems.extend(answer.faults.iter().flatten().cloned());
    }
    problems
}

fn percent(share: &f64) -> String {
    format!("{:.1}\u{202f}%", share * 100.0)
}

/// With its sign; a figure that is not different has none.
fn difference(change: &Change) -> String {
    let points = (change.now - change.before) * 100.0;
    if points.abs() < 0.05 { "0.0".into() } else { format!("{points:+.1}").replace('-', "\u{2212}") }
}

fn direction(change: &Change) -> &'static str {
    match change.now - change.before {
        change if change > 0.000_5 => "up",
        change if change < -0.000_5 => "down",
        _ => "same",
    }
}
