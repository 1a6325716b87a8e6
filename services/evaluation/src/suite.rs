//! A suite: a TOML file that names documents and questions, and questions a line of JSON each.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use assistant::conversation;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Result, overlap};

/// Questions of a suite; more would not fit the report.
const MAX_QUESTIONS: usize = 50_000;
/// Texts of a corpus, or gold passages.
const MAX_TEXTS: usize = 5_000_000;

/// What is asked, of what.
#[derive(Clone, Debug)]
pub struct Suite {
    pub title: String,
    pub source: Documents,
    pub questions: Vec<Question>,
    /// Whether the assistant answers too; retrieval is always measured.
    pub answers: bool,
    /// By how much a measure may be worse before `--gate` fails: a share, from 0 to 1.
    pub tolerance: f64,
}

/// What the questions are asked of.
#[derive(Clone, Debug)]
pub enum Documents {
    /// Whatever the data directory holds, or one collection of it.
    Live { collection: Option<String> },
    /// Files and folders, which are read into an index of their own.
    Files(Vec<PathBuf>),
    /// A file with a text a line: `{"id","title","text"}`.
    Corpus(PathBuf),
}

/// A text of a corpus: a document by itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    #[serde(deserialize_with = "id")]
    pub id: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
}

/// A question, and how a right answer is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its number in the file where it has none.
    pub id: String,
    pub text: String,
    /// Documents that hold the answer: ids of a corpus, or ends of paths.
    pub documents: Vec<String>,
    /// Pages that do.
    pub pages: Vec<(String, i32)>,
    /// Passages that do: what the search cuts documents into are others, so they are known by their text.
    pub passages: Vec<Arc<GoldPassage>>,
    /// What a right answer contains, each of them.
    pub must_contain: Vec<String>,
    /// Right answers in other words.
    pub answers: Vec<String>,
    /// False: the documents don't say, and the right answer is to say so.
    pub answerable: bool,
}

/// A text of a document that holds an answer.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize)]
pub struct GoldPassage {
    /// None: of any document that the question names.
    #[serde(default, alias = "file", alias = "doc")]
    pub document: Option<String>,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File_ {
    title: Option<String>,
    #[serde(default)]
    documents: Vec<PathBuf>,
    corpus: Option<PathBuf>,
    collection: Option<String>,
    passages: Option<PathBuf>,
    questions: OneOrMore,
    #[serde(default)]
    r#where: BTreeMap<String, Value>,
    #[serde(default = "yes")]
    answers: bool,
    #[serde(default = "tolerance")]
    tolerance: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

/// Fields beyond these are left alone: sets of questions carry much else.
#[derive(Deserialize)]
struct Line {
    #[serde(default, deserialize_with = "optional_id")]
    id: Option<String>,
    question: String,
    /// What was asked before in the same conversation, the oldest first.
    #[serde(default)]
    earlier: Vec<String>,
    #[serde(default)]
    document: Option<String>,
    #[serde(default)]
    page: Option<i32>,
    #[serde(default, deserialize_with = "ids")]
    gold_ids: Vec<String>,
    #[serde(default)]
    gold_pages: Vec<GoldPage>,
    #[serde(default, alias = "gold_passage_ids")]
    gold_passages: Vec<NamedOrGiven>,
    #[serde(default, alias = "tokens_present")]
    must_contain: Vec<String>,
    #[serde(default)]
    answers: Vec<String>,
    answerable: Option<bool>,
}

#[derive(Deserialize)]
struct GoldPage {
    #[serde(alias = "doc")]
    document: String,
    /// None: somewhere in it.
    #[serde(alias = "page1")]
    page: Option<i32>,
}

/// A gold passage by its id, or as it is.
#[derive(Deserialize)]
#[serde(untagged)]
enum NamedOrGiven {
    Given(GoldPassage),
    Named(Value),
}

/// A line of the file of gold passages.
#[derive(Deserialize)]
struct PassageLine {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(flatten)]
    passage: GoldPassage,
}

type Passages = HashMap<String, Arc<GoldPassage>>;

fn yes() -> bool {
    true
}

fn tolerance() -> f64 {
    0.01
}

impl Suite {
    /// Reads a suite and its questions. Paths in it start from its own folder. Blocks.
    ///
    /// # Errors
    /// A file that is missing or not of the documented form, with the line.
    pub fn load(path: &Path) -> Result<Self> {
        let wrong = |reason: String| Error::Suite { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|e| Error::Read { path: path.to_owned(), reason: e.to_string() })?;
        let file: File_ = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let source = match (file.documents.as_slice(), file.corpus, file.collection) {
            ([], None, collection) => Documents::Live { collection },
            ([], Some(corpus), None) => Documents::Corpus(folder.join(corpus)),
            (paths, None, None) => Documents::Files(paths.iter().map(|path| folder.join(path)).collect()),
            _ => return Err(wrong("name either documents, or a corpus, or a collection that is there already".into())),
        };
        if !(0.0..=1.0).contains(&file.tolerance) {
            return Err(wrong(format!("tolerance is a share from 0 to 1, not {}", file.tolerance)));
        }
        let files = match file.questions {
            OneOrMore::One(file) => vec![file],
            OneOrMore::More(files) => files,
        };
        let passages = file.passages.map(|passages| read_passages(&folder.join(passages))).transpose()?.unwrap_or_default();
        let mut questions = Vec::new();
        for (number, file_name) in files.iter().enumerate() {
            // Lines of several files have the same numbers.
            let prefix = if number == 0 { String::new() } else { format!("{}:", file_name.display()) };
            read_questions(&folder.join(file_name), &prefix, &file.r#where, &passages, &mut questions)?;
        }
        if questions.is_empty() {
            return Err(wrong("asks no question: check questions and where".into()));
        }
        let mut ids = HashSet::new();
        if let Some(twice) = questions.iter().find(|question| !ids.insert(question.id.as_str())) {
            return Err(wrong(format!("has two questions with the id {}", twice.id)));
        }
        let title = file.title.or_else(|| Some(path.file_stem()?.to_string_lossy().into_owned())).unwrap_or_default();
        Ok(Self { title, source, questions, answers: file.answers, tolerance: file.tolerance })
    }
}

/// The texts of a corpus that hold any. Blocks.
///
/// # Errors
/// The file is missing or not of the documented form, with the line.
pub fn corpus(path: &Path) -> Result<Vec<Text>> {
    let mut texts: Vec<Text> = Vec::new();
    let mut ids = HashSet::new();
    each_line(path, |_, value: Text| {
        if !ids.insert(value.id.clone()) {
            return Err(format!("another text has the id {}", value.id));
        }
        if !value.text.trim().is_empty() {
            texts.push(value);
        }
        if texts.len() > MAX_TEXTS { Err(format!("holds more than {MAX_TEXTS} texts")) } else { Ok(()) }
    })?;
    Ok(texts)
}

fn read_passages(path: &Path) -> Result<Passages> {
    let mut passages = Passages::new();
    each_line(path, |_, line: PassageLine| {
        has_words(&line.passage)?;
        if passages.len() >= MAX_TEXTS {
            return Err(format!("holds more than {MAX_TEXTS} passages"));
        }
        match passages.insert(line.id.clone(), Arc::new(line.passage)) {
            Some(_) => Err(format!("another passage has the id {}", line.id)),
            None => Ok(()),
        }
    })?;
    Ok(passages)
}

/// One without would be in each text, or in none.
fn has_words(passage: &GoldPassage) -> Result<(), String> {
    if overlap::has_words(&passage.text) { Ok(()) } else { Err("a gold passage has no words".into()) }
}

fn read_questions(
    path: &Path,
    prefix: &str,
    only: &BTreeMap<String, Value>,
    named_passages: &Passages,
    questions: &mut Vec<Question>,
) -> Result<()> {
    each_line(path, |number, value: Value| {
        if only.iter().any(|(field, wanted)| value.get(field) != Some(wanted)) {
            return Ok(());
        }
        let line: Line = serde_json::from_value(value).map_err(|e| e.to_string())?;
        if line.question.trim().is_empty() {
            return Err("the question is empty".into());
        }
        if questions.len() >= MAX_QUESTIONS {
            return Err(format!("the suite asks more than {MAX_QUESTIONS} questions: split it"));
        }
        let mut passages = Vec::new();
        for gold in line.gold_passages {
            match gold {
                NamedOrGiven::Named(id) => {
                    let id = named(&id);
                    passages.push(named_passages.get(&id).cloned().ok_or_else(|| format!("no gold passage has the id {id}"))?);
                }
                NamedOrGiven::Given(passage) => {
                    has_words(&passage)?;
                    passages.push(Arc::new(passage));
                }
            }
        }
        let mut documents = Vec::new();
        for id in line.gold_ids {
            match named_passages.get(&id) {
                Some(passage) => passages.push(passage.clone()),
                None => documents.push(id),
            }
        }
        documents.extend(passages.iter().filter_map(|passage| passage.document.clone()));
        for gold in &line.gold_pages {
            if !documents.contains(&gold.document) {
                documents.push(gold.document.clone());
            }
        }
        let mut pages: Vec<(String, i32)> = line.gold_pages.into_iter().filter_map(|gold| Some((gold.document, gold.page?))).collect();
        if let Some(document) = line.document.filter(|_| documents.is_empty()) {
            pages.extend(line.page.map(|page| (document.clone(), page)));
            documents.push(document);
        }
        distinct(&mut documents);
        distinct(&mut pages);
        distinct(&mut passages);
        if line.must_contain.iter().any(|wanted| wanted.trim().is_empty()) {
            return Err("must_contain holds an empty string".into());
        }
        // Some sets have no gold for a question with an answer: such a one says so itself.
        let says_what = !(documents.is_empty() && passages.is_empty() && line.answers.is_empty() && line.must_contain.is_empty());
        let answerable = line.answerable.unwrap_or(says_what);
        questions.push(Question {
            id: line.id.unwrap_or_else(|| format!("{prefix}{number}")),
            text: standalone(&line.earlier, line.question),
            documents,
            pages,
            passages,
            must_contain: line.must_contain,
            answers: line.answers,
            answerable,
        });
        Ok(())
    })
}

fn distinct<T: Clone + Eq + std::hash::Hash>(items: &mut Vec<T>) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
}

fn each_line<T: DeserializeOwned>(path: &Path, mut take: impl FnMut(usize, T) -> Result<(), String>) -> Result<()> {
    let unreadable = |e: std::io::Error| Error::Read { path: path.to_owned(), reason: e.to_string() };
    let lines = BufReader::new(File::open(path).map_err(unreadable)?).lines();
    for (line, text) in (1..).zip(lines) {
        let text = text.map_err(unreadable)?;
        if text.trim().is_empty() {
            continue;
        }
        let value = serde_json::from_str(&text).map_err(|e| e.to_string());
        value.and_then(|value| take(line, value)).map_err(|reason| Error::Line { path: path.to_owned(), line, reason })?;
    }
    Ok(())
}

/// Ids are names or numbers.
fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(named(&Value::deserialize(deserializer)?))
}

fn optional_id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Value>::deserialize(deserializer)?.as_ref().map(named))
}

fn ids<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Vec::<Value>::deserialize(deserializer)?.iter().map(named).collect())
}

fn named(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// A question as it is looked up after those before it.
fn standalone(earlier: &[String], question: String) -> String {
    let before = earlier.iter().fold(None, |before: Option<String>, asked| Some(conversation::standalone(asked, before.as_deref()).text));
    conversation::standalone(&question, before.as_deref()).text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn load(suite: &str, questions: &str) -> Result<Suite> {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("q.jsonl"), questions).unwrap();
        fs::write(dir.path().join("suite.toml"), suite).unwrap();
        Suite::load(&dir.path().join("suite.toml"))
    }

    #[test]
    fn questions_of_several_forms_are_read() {
        let questions = r#"
            {"question": "How long?", "document": "leave.pdf", "page": 3, "must_contain": ["25"], "kind": "tok"}
            {"id": 7, "question": "Who?", "gold_ids": [12], "gold_pages": [{"doc": "a.pdf", "page1": 2}], "kind": "tok", "other": {}}
            {"id": "n", "question": "Pets?", "answerable": false, "kind": "tok"}
            {"id": "x", "question": "Left out?", "kind": "mc"}
        "#;
        let suite = load("questions = \"q.jsonl\"\ncorpus = \"c.jsonl\"\nwhere = { kind = \"tok\" }", questions).unwrap();
        assert_eq!(suite.title, "suite");
        let [first, second, third] = suite.questions.as_slice() else { panic!("{:?}", suite.questions) };
        assert_eq!((first.id.as_str(), first.pages.as_slice()), ("2", [("leave.pdf".to_owned(), 3)].as_slice()));
        assert_eq!((second.id.as_str(), second.documents.as_slice()), ("7", ["12".to_owned(), "a.pdf".to_owned()].as_slice()));
        assert!(second.answerable && !third.answerable);
    }

    #[test]
    fn gold_passages_are_named_or_given() {
        let questions = r#"
            {"question": "a", "gold_ids": ["p1", "other.pdf"], "gold_passages": [{"document": "b.pdf", "text": "Given here."}]}
            {"question": "b", "gold_passage_ids": [2, 2]}
        "#;
        let passages = r#"{"id": "p1", "file": "leave.pdf", "text": "Staff receive leave."}
            {"id": 2, "text": "Of any document.", "title": "x"}"#;
        let dir = tempfile::tempdir().unwrap();
        let suite = dir.path().join("suite.toml");
        fs::write(&suite, "questions = \"q.jsonl\"\npassages = \"p.jsonl\"").unwrap();
        fs::write(dir.path().join("q.jsonl"), questions).unwrap();
        fs::write(dir.path().join("p.jsonl"), passages).unwrap();
        let loaded = Suite::load(&suite).unwrap();
        let texts = |question: &Question| question.passages.iter().map(|passage| passage.text.clone()).collect::<Vec<_>>();
        assert_eq!(loaded.questions[0].documents, ["other.pdf", "b.pdf", "leave.pdf"]);
        assert_eq!(texts(&loaded.questions[0]), ["Given here.", "Staff receive leave."]);
        assert_eq!((texts(&loaded.questions[1]), loaded.questions[1].answerable), (vec!["Of any document.".to_owned()], true));

        for (passages, wrong) in
            [("{\"id\": 2, \"text\": \"—\"}", "p.jsonl line 1"), ("{\"id\": 2, \"text\": \"x\"}\n{\"id\": 2, \"text\": \"y\"}", "another")]
        {
            fs::write(dir.path().join("p.jsonl"), passages).unwrap();
            assert!(Suite::load(&suite).unwrap_err().to_string().contains(wrong));
        }
        fs::write(dir.path().join("p.jsonl"), "").unwrap();
        assert!(Suite::load(&suite).unwrap_err().to_string().contains("no gold passage has the id 2"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let message = |suite: &str, questions: &str| load(suite, questions).unwrap_err().to_string();
        assert!(message("questions = \"q.jsonl\"", "{\"question\": 5}").contains("q.jsonl line 1"));
        assert!(message("questions = \"q.jsonl\"", "").contains("no question"));
        assert!(message("questions = \"absent.jsonl\"", "").contains("absent.jsonl cannot be read"));
        assert!(message("question = \"q.jsonl\"", "").contains("suite.toml"));
        assert!(message("questions = \"q.jsonl\"\ndocuments = [\"a\"]\ncorpus = \"b\"", "{\"question\": \"a\"}").contains("either"));
        let twice = "{\"id\": 1, \"question\": \"a\"}\n{\"id\": 1, \"question\": \"b\"}";
        assert!(message("questions = \"q.jsonl\"", twice).contains("two questions"));
    }
}
