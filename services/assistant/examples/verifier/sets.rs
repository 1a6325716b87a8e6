//! Claims with their sources, and which of their sentences these carry.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

use assistant::{sentences::SentenceBuffer, verify::score::Evidence};
use serde_json::Value;

pub struct Set {
    pub name: &'static str,
    /// Whether the score is measured with it.
    pub is_scored: bool,
    /// Whether the score is told by names and numbers alone, as the set's claims are edited in a word or two.
    pub is_edited: bool,
    pub claims: Vec<Claim>,
}

/// A claim with its sources, and whether they support it.
pub struct Claim {
    pub group: String,
    pub question: String,
    pub sentences: Vec<Sentence>,
    pub sources: Vec<String>,
    pub supported: bool,
}

pub struct Sentence {
    pub text: String,
    /// Whether the sources carry it; none where that can't be told.
    pub carried: Option<bool>,
}

pub fn read(data: &Path) -> Result<Vec<Set>, Box<dyn Error>> {
    let rows = |file: &str| -> Result<Vec<Value>, Box<dyn Error>> {
        Ok(fs::read_to_string(data.join(file))?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    };
    let all = |rows: &[Value], read: fn(&Value) -> Claim| rows.iter().map(read).collect();
    let set = |name, is_scored, claims| Set { name, is_scored, is_edited: false, claims };
    Ok(vec![
        set("attributionbench", true, all(&rows("attributionbench/dev.jsonl")?, attribution)),
        set("wice", true, all(&rows("wice/claim.dev.jsonl")?, wice)),
        Set { is_edited: true, ..set("summedits", true, summedits(&rows("summedits/samples.dev.jsonl")?)) },
        set("faithbench", false, all(&rows("faithbench/samples.dev.jsonl")?, faithbench)),
    ])
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn texts(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn whole(text: &str, group: String, question: String, sources: Vec<String>, supported: bool) -> Claim {
    let text = written(text).join(" ");
    Claim { group, question, sentences: vec![Sentence { text, carried: Some(supported) }], sources, supported }
}

fn attribution(row: &Value) -> Claim {
    whole(&text(row, "claim"), text(row, "src"), text(row, "question"), texts(row, "references"), row["label"] == "attributable")
}

fn wice(row: &Value) -> Claim {
    // The page that is cited, a sentence a line.
    let sources = vec![texts(row, "evidence").join("\n")];
    whole(&text(row, "claim"), String::new(), String::new(), sources, row["label"] == "supported")
}

/// A sentence of a summary with an edit is carried where a right summary of the same document has it, too.
fn summedits(rows: &[Value]) -> Vec<Claim> {
    let is_right = |row: &&Value| row["label"] == 1;
    let mut right: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in rows.iter().filter(is_right) {
        right.entry(row["doc"].as_str().unwrap_or_default()).or_default().extend(Evidence::sentences(&text(row, "summary")));
    }
    let claim = |row: &Value| {
        let known = row["doc"].as_str().and_then(|doc| right.get(doc));
        let carried = |sentence: &String| is_right(&row) || known.is_some_and(|known| known.contains(sentence));
        let sentences = Evidence::sentences(&text(row, "summary")).into_iter();
        Claim {
            group: text(row, "domain"),
            question: String::new(),
            sentences: sentences.map(|text| Sentence { carried: Some(carried(&text)), text }).collect(),
            sources: vec![text(row, "doc")],
            supported: is_right(&row),
        }
    };
    rows.iter().map(claim).collect()
}

/// Spans of summaries were marked by people: what touches an unwanted one is not carried, what touches another mark can't be told.
fn faithbench(row: &Value) -> Claim {
    let summary = text(row, "summary");
    let at = |mark: &Value, key: &str| mark[key].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
    let marks: Vec<(std::ops::Range<usize>, bool)> = row["annotations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|mark| (at(mark, "summary_start")..at(mark, "summary_end"), texts(mark, "label").iter().any(|label| label == "Unwanted")))
        .collect();
    let sentence = |range: std::ops::Range<usize>| {
        let chars = |at: usize| summary[..at].chars().count();
        let (start, end) = (chars(range.start), chars(range.end));
        let touched = || marks.iter().filter(|(mark, _)| mark.start < end && start < mark.end);
        let carried = if touched().any(|(_, unwanted)| *unwanted) { Some(false) } else { touched().next().is_none().then_some(true) };
        written(&summary[range]).into_iter().map(move |text| Sentence { text, carried })
    };
    let sentences: Vec<Sentence> = text::sentences(&summary).into_iter().flat_map(sentence).collect();
    let supported = sentences.iter().all(|sentence| sentence.carried != Some(false));
    Claim { group: String::new(), question: String::new(), sentences, sources: vec![text(row, "source")], supported }
}

/// As sentences are read from a model: without footnote marks, list marks and markdown.
fn written(text: &str) -> Vec<String> {
    let mut buffer = SentenceBuffer::default();
    let mut written = buffer.push(text);
    written.extend(buffer.finish());
    written.into_iter().map(|written| written.text).collect()
}
