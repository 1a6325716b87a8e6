//! The grounded-answer exam: what a language model makes of sources that are given to it, after verification. Tells whether
//! it may write answers or only quotes are shown.
//!
//! Its items are `exam/items.toml`. They are ours and known, so a grade says whether a model is fit for this, not how it
//! compares with one that was trained on them.

use embedding::Embedder;
use futures::StreamExt;
use generation::Generator;
use serde::{Deserialize, Serialize};

use crate::{
    AssistantSettings, Error, Result, Writer,
    draft::Draft,
    event::Citation,
    pen::{Pen, Writing},
    question::understand,
};

const ITEMS: &str = include_str!("../exam/items.toml");

/// Share of right answers, of the questions that have one, from which a model may write. Half of the answers would otherwise
/// be quotes after a wait. Chosen, not measured.
pub const LEAST_RIGHT: f32 = 0.5;
/// Share of questions with a wrong sentence shown from which it may not.
pub const MOST_WRONG: f32 = 0.05;

#[derive(Debug, Deserialize)]
struct Items {
    item: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    kind: String,
    question: String,
    sources: Vec<Source>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Source {
    title: String,
    text: String,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// What had to be said was shown, or nothing where the sources say nothing.
    Right,
    /// Nothing could be shown, so a user would get the quotes.
    Silent,
    /// Something was shown, though not all that had to be said; nothing of it is wrong.
    Partial,
    /// Something was shown that is wrong, or where nothing may be shown.
    Wrong,
}

/// A question and what was made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Marked {
    pub kind: String,
    pub question: String,
    pub mark: Mark,
    /// As the model wrote it.
    pub written: Vec<String>,
    pub shown: Vec<String>,
}

/// The grade of a model.
#[derive(Clone, Debug, Serialize)]
pub struct Grade {
    pub model: String,
    /// Of the questions that the sources answer.
    pub right: f32,
    pub partial: f32,
    pub silent: f32,
    /// Of all questions.
    pub wrong: f32,
    /// Share of the written sentences that could be shown.
    pub kept: f32,
    /// Whether it may write answers.
    pub passed: bool,
    pub items: Vec<Marked>,
}

/// How many questions there are.
///
/// # Errors
/// `Exam`: the items can't be read, which a test rules out.
pub fn questions() -> Result<usize> {
    Ok(items()?.len())
}

/// Names the items, the prompt and the verification: a grade is worth something for these only.
#[must_use]
pub fn version() -> String {
    format!("{} {} {}", &blake3::hash(ITEMS.as_bytes()).to_hex()[..16], crate::prompt::hash(), crate::verify::VERSION)
}

/// Sets the exam before a model; `done` is called after each question.
///
/// # Errors
/// The model or the embedding model fails.
pub async fn sit(generator: &Generator, embedder: &Embedder, settings: &AssistantSettings, done: impl Fn()) -> Result<Grade> {
    let pen = Pen { writer: Writer::Model(generator.clone()), embedder: embedder.clone(), settings: settings.clone() };
    let mut marked = Vec::new();
    for item in items()? {
        marked.push(answer(&pen, item).await?);
        done();
    }
    Ok(grade(generator.identity().name.clone(), marked))
}

async fn answer(pen: &Pen, item: Item) -> Result<Marked> {
    let question = understand(&item.question)?;
    let citations: Vec<Citation> = (1..).zip(&item.sources).map(|(n, source)| Citation::of_text(n, &source.title, &source.text)).collect();
    let vector = pen.embedder.embed_query(&question.text).await?;
    let witness = pen.witness(&question, &citations, &vector).await;
    let mut draft = Draft::new(question.text.clone(), Vec::new(), citations);
    let mut written = pen.write(&question, &draft.citations.clone(), None);
    while let Some(step) = written.next().await {
        match step {
            Writing::Waiting { .. } => {}
            Writing::Silent(reason) => return Err(Error::Exam(reason)),
            Writing::Sentence(sentence) => {
                let judged = pen.judge(&witness, sentence, &draft).await;
                draft.take(judged);
                if draft.shown.len() >= pen.settings.sentences {
                    break;
                }
            }
        }
    }
    let shown: Vec<String> = draft.shown.iter().map(|sentence| sentence.text.clone()).collect();
    Ok(Marked {
        mark: mark(&item, &shown.join(" ")),
        kind: item.kind,
        question: item.question,
        written: draft.judged.into_iter().map(|judged| judged.text).collect(),
        shown,
    })
}

fn mark(item: &Item, shown: &str) -> Mark {
    let shown = shown.to_lowercase();
    let has = |text: &String| text.split('|').any(|form| shown.contains(&form.to_lowercase()));
    match (item.must.is_empty(), shown.is_empty()) {
        (true, true) => Mark::Right,
        (true, false) => Mark::Wrong,
        (false, true) => Mark::Silent,
        (false, false) if item.never.iter().any(has) => Mark::Wrong,
        (false, false) if item.must.iter().all(has) => Mark::Right,
        (false, false) => Mark::Partial,
    }
}

fn grade(model: String, items: Vec<Marked>) -> Grade {
    let open: Vec<&Marked> = items.iter().filter(|item| item.kind != NOT_ANSWERED).collect();
    let share = |mark: Mark| open.iter().filter(|item| item.mark == mark).count() as f32 / open.len().max(1) as f32;
    let wrong = items.iter().filter(|item| item.mark == Mark::Wrong).count() as f32 / items.len().max(1) as f32;
    let written: usize = items.iter().map(|item| item.written.len()).sum();
    let shown: usize = items.iter().map(|item| item.shown.len()).sum();
    let right = share(Mark::Right);
    Grade {
        model,
        right,
        partial: share(Mark::Partial),
        silent: share(Mark::Silent),
        wrong,
        kept: shown as f32 / written.max(1) as f32,
        passed: right >= LEAST_RIGHT && wrong <= MOST_WRONG,
        items,
    }
}

/// The kind of those that their sources don't answer.
const NOT_ANSWERED: &str = "not in the sources";

fn items() -> Result<Vec<Item>> {
    let items: Items = toml::from_str(ITEMS).map_err(|error| Error::Exam(error.to_string()))?;
    Ok(items.item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_items_are_sound() {
        let items = items().unwrap();
        assert!(items.len() >= 30);
        for item in &items {
            let sources = item.sources.iter().map(|source| source.text.to_lowercase()).collect::<Vec<_>>().join(" ");
            assert_eq!(item.must.is_empty(), item.kind == NOT_ANSWERED, "{}", item.question);
            assert!(item.must.iter().all(|must| must.split('|').any(|form| sources.contains(&form.to_lowercase()))), "{}", item.question);
        }
    }

    #[test]
    fn answers_are_marked() {
        let item = |must: &[&str], never: &[&str]| Item {
            kind: String::new(),
            question: String::new(),
            sources: vec![],
            must: must.iter().map(ToString::to_string).collect(),
            never: never.iter().map(ToString::to_string).collect(),
        };
        let five = item(&["5 days|five days"], &["50 days"]);
        for (shown, expected) in [
            ("You have Five days.", Mark::Right),
            ("You have leave.", Mark::Partial),
            ("", Mark::Silent),
            ("You have five days or 50 days.", Mark::Wrong),
        ] {
            assert_eq!(mark(&five, shown), expected, "{shown}");
        }
        assert_eq!(mark(&item(&[], &[]), ""), Mark::Right);
        assert_eq!(mark(&item(&[], &[]), "Yes."), Mark::Wrong);
    }
}
