//! Two runs of the same questions: what got better, what got worse.

use std::collections::HashMap;

use search::Mode;
use serde::Serialize;

use crate::{
    Error, Result,
    report::{Asked, Report},
    retrieval::Target,
};

/// What changed since an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    pub measures: Vec<Change>,
    /// Measures of the earlier run that this one lacks.
    pub missing: Vec<String>,
    pub better: Vec<Moved>,
    pub worse: Vec<Moved>,
}

/// A measure of both runs; higher is better.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub name: String,
    pub before: f64,
    pub now: f64,
}

/// A question that came out otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    pub id: String,
    pub question: String,
    /// In plain words, each change by itself.
    pub changes: Vec<String>,
}

impl Comparison {
    /// # Errors
    /// The runs asked different questions.
    pub fn new(before: &Report, now: &Report) -> Result<Self> {
        Self::check(before, now.questions.iter().map(|asked| (asked.id.as_str(), asked.question.as_str())))?;
        let earlier: HashMap<&str, &Asked> = before.questions.iter().map(|asked| (asked.id.as_str(), asked)).collect();
        let earlier_measures: HashMap<String, f64> = before.headlines().into_iter().collect();
        let change = |(name, now): (String, f64)| earlier_measures.get(&name).map(|before| Change { before: *before, name, now });
        let measures: Vec<Change> = now.headlines().into_iter().filter_map(change).collect();
        let is_missing = |name: &String| !measures.iter().any(|change| change.name == *name);
        let missing = before.headlines().into_iter().map(|(name, _)| name).filter(is_missing).collect();
        let (mut better, mut worse) = (Vec::new(), Vec::new());
        for asked in &now.questions {
            let Some(before) = earlier.get(asked.id.as_str()) else { continue };
            let (up, down): (Vec<_>, Vec<_>) = changes(before, asked).into_iter().partition(|(sign, _)| *sign > 0.0);
            let moved = |changes: Vec<(f64, String)>| Moved {
                id: asked.id.clone(),
                question: asked.question.clone(),
                changes: changes.into_iter().map(|(_, what)| what).collect(),
            };
            if !up.is_empty() {
                better.push(moved(up));
            }
            if !down.is_empty() {
                worse.push(moved(down));
            }
        }
        Ok(Self { measures, missing, better, worse })
    }

    /// Whether an earlier run asked the same questions, given with their ids.
    ///
    /// # Errors
    /// It asked others.
    pub fn check<'q>(before: &Report, questions: impl ExactSizeIterator<Item = (&'q str, &'q str)>) -> Result<()> {
        let earlier: HashMap<&str, &str> = before.questions.iter().map(|asked| (asked.id.as_str(), asked.question.as_str())).collect();
        let all = questions.len();
        let both = questions.filter(|(id, question)| earlier.get(id) == Some(question)).count();
        if both == all && both == before.questions.len() {
            Ok(())
        } else {
            Err(Error::OtherQuestions { earlier: before.questions.len(), both })
        }
    }

    /// The measures that are worse by more than a share.
    #[must_use]
    pub fn regressions(&self, tolerance: f64) -> Vec<&Change> {
        // What is exactly on the line, but for rounding, is no regression.
        self.measures.iter().filter(|change| change.before - change.now > tolerance + 1e-9).collect()
    }
}

/// Each with its direction.
fn changes(before: &Asked, now: &Asked) -> Vec<(f64, String)> {
    let mut changes = Vec::new();
    for target in Target::PLACES {
        if let (Some(old), Some(new)) = (before.found(Mode::Hybrid, target), now.found(Mode::Hybrid, target)) {
            let (from, to) = (old.ranks.first().copied(), new.ranks.first().copied());
            let place = |rank: Option<usize>| rank.map_or("not found".to_owned(), |rank| format!("rank {rank}"));
            let value = |rank: Option<usize>| rank.map_or(0.0, |rank| 1.0 / rank as f64);
            if from != to {
                changes.push((value(to) - value(from), format!("{}: {}, was {}", target.name(), place(to), place(from))));
            }
        }
    }
    if let (Some(old), Some(new)) = (&before.answer, &now.answer) {
        let wanted = if now.answerable { 1.0 } else { -1.0 };
        match (old.says_something(), new.says_something()) {
            (true, false) => changes.push((-wanted, format!("abstained, was {}", old.status.as_str()))),
            (false, true) => changes.push((wanted, format!("{}, was abstained", new.status.as_str()))),
            _ => {}
        }
        let mut flag = |old: Option<bool>, new: Option<bool>, right: &str, wrong: &str| match (old, new) {
            (Some(false), Some(true)) => changes.push((1.0, right.to_owned())),
            (Some(true), Some(false)) => changes.push((-1.0, wrong.to_owned())),
            _ => {}
        };
        flag(old.contains, new.contains, "has the required words now", "lacks required words now");
        flag(old.cites_gold, new.cites_gold, "cites the right place now", "cites the right place no more");
        flag(old.is_sound(), new.is_sound(), "footnotes hold now", "footnotes hold no more");
    }
    changes
}

#[cfg(test)]
mod tests {
    use assistant::Status;

    use super::*;
    use crate::report::{Setup, tests::asked};

    fn report(questions: Vec<Asked>) -> Report {
        Report::new("s".into(), Setup::default(), questions)
    }

    #[test]
    fn questions_move_both_ways_and_a_regression_is_beyond_the_tolerance() {
        let before = report(vec![
            asked("a", true, Some(1), Status::Answered),
            asked("b", true, Some(4), Status::Abstained),
            asked("c", false, None, Status::Abstained),
        ]);
        let now = report(vec![
            asked("a", true, Some(2), Status::Answered),
            asked("b", true, Some(1), Status::Answered),
            asked("c", false, None, Status::Quoted),
        ]);
        let comparison = Comparison::new(&before, &now).unwrap();
        let ids = |moved: &[Moved]| moved.iter().map(|m| m.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&comparison.better), ids(&comparison.worse)), (vec!["b".to_owned()], vec!["a".to_owned(), "c".to_owned()]));
        assert_eq!(comparison.worse[0].changes, ["right page: rank 2, was rank 1"]);
        let names: Vec<&str> = comparison.regressions(0.01).iter().map(|change| change.name.as_str()).collect();
        assert_eq!(names, ["unanswerable questions without a false answer", "answers whose footnotes hold"]);
        assert!(comparison.regressions(1.0).is_empty() && comparison.missing.is_empty());
        let without_answers = Report { answers: None, ..now.clone() };
        assert_eq!(Comparison::new(&before, &without_answers).unwrap().missing.len(), 6);
        assert!(Comparison::new(&now, &now).unwrap().regressions(0.0).is_empty());
    }

    #[test]
    fn other_questions_are_not_compared() {
        let (a, b) = (asked("a", true, None, Status::Answered), asked("b", true, None, Status::Answered));
        assert!(matches!(Comparison::new(&report(vec![a.clone()]), &report(vec![a, b])), Err(Error::OtherQuestions { both: 1, .. })));
    }
}
