//! What an evaluation found, as it is written and compared.

use std::{collections::BTreeMap, path::Path};

use assistant::Status;
use catalog::Clock;
use chrono::{DateTime, Utc};
use search::Mode;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    answers::Answered,
    ranking::{Found, Ranking},
    retrieval::{MODES, Searched, Target},
    suite::Question,
};

/// Changes whenever an earlier result could not be compared any more.
const VERSION: u32 = 2;

/// The result of an evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub version: u32,
    pub suite: String,
    pub made_at: DateTime<Utc>,
    pub setup: Setup,
    pub retrieval: Vec<Retrieval>,
    /// `None` where only retrieval was measured.
    pub answers: Option<Answers>,
    pub questions: Vec<Asked>,
}

/// What was measured: two results differ for a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Version of Footnote.
    pub footnote: String,
    pub embedding_model: String,
    /// The cross-encoder, if there is one.
    #[serde(default)]
    pub reranking_model: Option<String>,
    /// `None`: answers are quotes.
    pub language_model: Option<String>,
    pub documents: i64,
    pub passages: i64,
}

/// How well one way of searching finds one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retrieval {
    pub mode: Mode,
    pub target: Target,
    #[serde(flatten)]
    pub ranking: Ranking,
}

/// Shares are from 0 to 1, of those questions for which the suite says what would be right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    pub answerable: Kinds,
    pub unanswerable: Kinds,
    /// Of the answerable ones, those for which nothing was said.
    pub missed: Option<f64>,
    /// Of the unanswerable ones, those for which something was said.
    pub false_answers: Option<f64>,
    /// Answers with everything that a right one must contain.
    pub contains: Option<f64>,
    pub f1: Option<f64>,
    /// How much of a right answer the quotes have, where something was said.
    pub carried: Option<f64>,
    /// Answers that cite the right place, where something was said.
    pub cites_gold: Option<f64>,
    /// Answers, of those where something was said, whose sentences all have footnotes that carry their figures. Below 1 is a defect.
    #[serde(default)]
    pub sound: Option<f64>,
    pub first_sentence_ms: Percentiles,
    pub total_ms: Percentiles,
}

/// How many questions ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    pub answered: usize,
    pub quoted: usize,
    pub abstained: usize,
}

impl Kinds {
    fn of<'a>(answers: impl Iterator<Item = &'a Answered>) -> Self {
        let mut kinds = Self::default();
        for answer in answers {
            match answer.status {
                Status::Answered => kinds.answered += 1,
                Status::Quoted => kinds.quoted += 1,
                Status::Abstained => kinds.abstained += 1,
            }
        }
        kinds
    }

    #[must_use]
    pub fn all(self) -> usize {
        self.answered + self.quoted + self.abstained
    }

    fn said(self) -> usize {
        self.answered + self.quoted
    }
}

/// In milliseconds, by the nearest rank; 0 where nothing was timed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
}

impl Percentiles {
    #[must_use]
    pub fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = (share * times.len() as f64).ceil().max(1.0) as usize;
            times.get(rank - 1).copied().unwrap_or(0.0)
        };
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
    }
}

/// A question with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub id: String,
    pub question: String,
    pub answerable: bool,
    pub found: Vec<FoundBy>,
    pub answer: Option<Answered>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundBy {
    pub mode: Mode,
    /// In milliseconds.
    pub ms: f64,
    pub targets: BTreeMap<Target, Found>,
}

impl Asked {
    #[must_use]
    pub fn new(question: &Question, searched: Vec<(Mode, Searched)>, answer: Option<Answered>) -> Self {
        let found = searched.into_iter().map(|(mode, searched)| FoundBy { mode, ms: searched.ms, targets: searched.found });
        Self { id: question.id.clone(), question: question.text.clone(), answerable: question.answerable, found: found.collect(), answer }
    }

    #[must_use]
    pub fn found(&self, mode: Mode, target: Target) -> Option<&Found> {
        self.found.iter().find(|found| found.mode == mode)?.targets.get(&target)
    }
}

impl Report {
    #[must_use]
    pub fn new(suite: String, setup: Setup, questions: Vec<Asked>) -> Self {
        let mut retrieval = Vec::new();
        for target in Target::ALL {
            for mode in MODES {
                let ranking = Ranking::of(questions.iter().filter_map(|asked| asked.found(mode, target)));
                if ranking.questions > 0 {
                    retrieval.push(Retrieval { mode, target, ranking });
                }
            }
        }
        let answers = questions.iter().any(|asked| asked.answer.is_some()).then(|| answers(&questions));
        Self { version: VERSION, suite, made_at: Clock::system().now(), setup, retrieval, answers, questions }
    }

    /// Reads what an earlier run wrote. Blocks.
    ///
    /// # Errors
    /// The file is missing or of another form.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(|e| Error::Read { path: path.to_owned(), reason: e.to_string() })?;
        let report: Self = serde_json::from_slice(&text).map_err(|_| Error::Result { path: path.to_owned() })?;
        if report.version == VERSION { Ok(report) } else { Err(Error::Result { path: path.to_owned() }) }
    }

    /// How long searches of this kind took.
    #[must_use]
    pub fn search_ms(&self, mode: Mode) -> Percentiles {
        let of_mode = |asked: &Asked| asked.found.iter().find(|found| found.mode == mode).map(|found| found.ms);
        Percentiles::of(self.questions.iter().filter_map(of_mode).collect())
    }

    /// What says in short how good it is; higher is better, from 0 to 1.
    #[must_use]
    pub fn headlines(&self) -> Vec<(String, f64)> {
        let mut lines = Vec::new();
        // Documents that are read better have more that can be found, and are no reason to fail.
        let counts = |retrieval: &&Retrieval| retrieval.mode == Mode::Hybrid && retrieval.target != Target::Findable;
        for Retrieval { target, ranking, .. } in self.retrieval.iter().filter(counts) {
            let chosen: &[_] = if *target == Target::Each { &["R@5", "All@5"] } else { &["Hit@1", "Hit@5", "R@10", "MRR@10", "MAP@10"] };
            let measures = ranking.measures().into_iter().filter(|(name, _)| chosen.contains(name));
            lines.extend(measures.map(|(name, value)| (format!("{name}, {}", target.name()), value)));
        }
        if let Some(answers) = &self.answers {
            let shares = [
                ("answerable questions that are not missed", answers.missed.map(|share| 1.0 - share)),
                ("unanswerable questions without a false answer", answers.false_answers.map(|share| 1.0 - share)),
                ("answers with the required words", answers.contains),
                ("F1 with right answers", answers.f1),
                ("right answer carried by the quotes", answers.carried),
                ("answers that cite the right place", answers.cites_gold),
                ("answers whose footnotes hold", answers.sound),
            ];
            lines.extend(shares.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        lines
    }
}

fn answers(questions: &[Asked]) -> Answers {
    let of =
        |answerable: bool| questions.iter().filter(move |asked| asked.answerable == answerable).filter_map(|asked| asked.answer.as_ref());
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let (answerable, unanswerable) = (Kinds::of(of(true)), Kinds::of(of(false)));
    let said = || of(true).filter(|answer| answer.says_something());
    let times = || questions.iter().filter_map(|asked| asked.answer.as_ref());
    Answers {
        answerable,
        unanswerable,
        missed: share(answerable.abstained, answerable.all()),
        false_answers: share(unanswerable.said(), unanswerable.all()),
        contains: mean(of(true).filter_map(|answer| answer.contains).map(|right| f64::from(u8::from(right)))),
        f1: mean(of(true).filter_map(|answer| answer.f1)),
        carried: mean(said().filter_map(|answer| answer.carried)),
        cites_gold: mean(said().filter_map(|answer| answer.cites_gold).map(|right| f64::from(u8::from(right)))),
        sound: mean(times().filter_map(Answered::is_sound).map(|sound| f64::from(u8::from(sound)))),
        first_sentence_ms: Percentiles::of(times().filter_map(|answer| answer.first_sentence_ms).collect()),
        total_ms: Percentiles::of(times().map(|answer| answer.total_ms).collect()),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn asked(id: &str, answerable: bool, rank: Option<usize>, status: Status) -> Asked {
        let found = Found { gold: 1, ranks: rank.into_iter().collect() };
        let targets = if answerable { BTreeMap::from([(Target::Page, found)]) } else { BTreeMap::new() };
        let says = status != Status::Abstained;
        Asked {
            id: id.into(),
            question: format!("{id}?"),
            answerable,
            found: vec![FoundBy { mode: Mode::Hybrid, ms: 5.0, targets }],
            answer: Some(Answered {
                status,
                text: "25 days.".into(),
                contains: answerable.then_some(says),
                f1: None,
                carried: answerable.then_some(f64::from(u8::from(says))),
                cites_gold: answerable.then_some(says),
                faults: Some(if says && !answerable { vec!["a footnote is missing".into()] } else { Vec::new() }),
                first_sentence_ms: None,
                total_ms: 100.0,
            }),
        }
    }

    #[test]
    fn shares_are_of_the_questions_that_can_tell() {
        let questions = vec![
            asked("a", true, Some(1), Status::Answered),
            asked("b", true, None, Status::Abstained),
            asked("c", false, None, Status::Quoted),
            asked("d", false, None, Status::Abstained),
        ];
        let report = Report::new("s".into(), Setup::default(), questions);
        let answers = report.answers.clone().unwrap();
        assert_eq!((answers.missed, answers.false_answers, answers.contains), (Some(0.5), Some(0.5), Some(0.5)));
        assert_eq!((answers.carried, answers.cites_gold, answers.sound), (Some(1.0), Some(1.0), Some(0.5)));
        assert_eq!(report.retrieval.len(), 1);
        assert_eq!((report.retrieval[0].ranking.questions, report.retrieval[0].ranking.hit_at_1), (2, 0.5));
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let times = (1..=100).map(f64::from).collect();
        assert_eq!(Percentiles::of(times), Percentiles { p50: 50.0, p90: 90.0, p99: 99.0 });
        assert_eq!(Percentiles::of(vec![7.0]), Percentiles { p50: 7.0, p90: 7.0, p99: 7.0 });
        assert_eq!(Percentiles::of(Vec::new()), Percentiles::default());
    }
}
