//! The trail: who did what, and what was shown to whom.

use std::{collections::HashMap, convert::Infallible};

use askama::Template;
use assistant::{AnswerEvent, shown_quotes, told_answer};
use async_stream::stream;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
};
use catalog::{Action, AnswerId, AuditFilter, AuditRecord, Object};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AppState, asker::Auditor, assets, error::PageError, frame::Frame, stream::Renderer, visit::escaped};

const PER_PAGE: u32 = 100;
/// Records of one look of an export.
const EXPORTED: u32 = 1000;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    person: String,
    action: String,
    object: String,
    since: String,
    until: String,
    before: Option<i64>,
    /// Of an export: only what came after this record.
    after: i64,
}

impl Wanted {
    fn read(&self) -> Result<AuditFilter, PageError> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let day = |written: &str| -> Result<Option<DateTime<Utc>>, PageError> {
            if written.is_empty() {
                return Ok(None);
            }
            let day: NaiveDate =
                written.parse().map_err(|_| PageError::said("error-date", axum::http::StatusCode::BAD_REQUEST).about(written))?;
            Ok(Some(day.and_time(NaiveTime::MIN).and_utc()))
        };
        let action = match self.action.as_str() {
            "" => None,
            written => {
                Some(*Action::ALL.iter().find(|action| action.as_str() == written).ok_or_else(|| PageError::not_found("error-missing"))?)
            }
        };
        let next_day = |day: DateTime<Utc>| day.checked_add_days(chrono::Days::new(1)).unwrap_or(day);
        Ok(AuditFilter {
            actor: text(&self.person),
            action,
            object: text(&self.object),
            since: day(&self.since)?,
            until: day(&self.until)?.map(next_day),
        })
    }

    /// As a query, but for the page of the list.
    fn query(&self) -> String {
        [("person", &self.person), ("action", &self.action), ("object", &self.object), ("since", &self.since), ("until", &self.until)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit<'a> {
    frame: &'a Frame,
    wanted: &'a Wanted,
    people: Vec<(String, String)>,
    actions: Vec<&'static str>,
    rows: Vec<Row>,
    total: i64,
    query: String,
    older: Option<i64>,
    pseudonymous: bool,
}

struct Row {
    seq: i64,
    at: String,
    who: String,
    action: String,
    object: String,
    href: Option<String>,
    /// What there is to read in the details: names and values.
    details: Vec<(String, String)>,
    /// All of them, as they were hashed; empty where there is no more.
    written: String,
}

pub(crate) async fn list(auditor: Auditor, frame: Frame, Query(wanted): Query<Wanted>) -> Result<Html<String>, PageError> {
    let filter = wanted.read()?;
    let people = auditor.trail.names().await?;
    let records = auditor.trail.before(&filter, wanted.before, PER_PAGE).await?;
    let things = auditor.trail.things().await?;
    let known: HashMap<&str, &str> = people.iter().chain(&things).map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let page = Audit {
        frame: &frame,
        wanted: &wanted,
        total: auditor.trail.count(&filter).await?,
        pseudonymous: auditor.trail.is_pseudonymous().await?,
        older: records.last().map(|last| last.seq).filter(|_| records.len() == PER_PAGE as usize),
        rows: records.into_iter().map(|record| row(&frame, &known, record)).collect(),
        actions: Action::ALL.iter().map(|action| action.as_str()).collect(),
        query: wanted.query(),
        people,
    };
    let page = page.render()?;
    auditor.trail.note(Action::TrailRead).await?;
    Ok(Html(page))
}

/// A name, or what the trail has in its place: "pseudonym 5f3a…".
fn named_in(frame: &Frame, names: &HashMap<&str, &str>, written: &str) -> String {
    match (names.get(written), written.strip_prefix("pseudonym:")) {
        (Some(name), _) => (*name).to_owned(),
        (None, Some(pseudonym)) => format!("{} {pseudonym}", frame.say("pseudonym")),
        (None, None) => written.replace(':', " "),
    }
}

fn row(frame: &Frame, names: &HashMap<&str, &str>, record: AuditRecord) -> Row {
    let named = |written: &str| match written {
        "operator" | "nobody" => frame.say_of("actor--", written),
        other => named_in(frame, names, other),
    };
    let (kind, id) = record.object.split_once(':').unwrap_or_default();
    let href = match kind {
        "answer" if id.parse::<AnswerId>().is_ok() => Some(format!("/audit/answers/{id}")),
        "document" => Some(format!("/documents/{id}")),
        "" => None,
        _ => Some(format!("/audit?object={}", escaped(&record.object))),
    };
    let object = match kind {
        "" => String::new(),
        "person" | "pseudonym" => named(&record.object),
        "group" | "collection" if names.contains_key(record.object.as_str()) => {
            format!("{} {}", frame.say_of("object--", kind), named(&record.object))
        }
        kind => format!(
            "{} {}",
            frame.say_of("object--", kind),
            id.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect::<String>()
        ),
    };
    let details = told(frame, names, &record.details);
    Row {
        seq: record.seq,
        at: record.at.get(..19).unwrap_or(&record.at).replace('T', " "),
        who: named(&record.actor),
        action: record.action.replace('.', "-"),
        object,
        href,
        details,
        written: if record.details == "{}" { String::new() } else { record.details },
    }
}

/// Details that have a name of their own.
const NAMED: [&str; 26] = [
    "query",
    "passages",
    "page",
    "image",
    "find",
    "path",
    "name",
    "reason",
    "role",
    "access",
    "status",
    "verdict",
    "comment",
    "question",
    "text",
    "groups",
    "viewing_as",
    "publishes",
    "records",
    "pseudonymous",
    "pseudonym",
    "group",
    "by",
    "before",
    "expires_at",
    "agent",
];

/// What people wrote, whatever it looks like.
const WRITTEN: [&str; 10] = ["query", "find", "path", "name", "reason", "comment", "question", "text", "agent", "by"];

/// What of the details says something to people: not hashes and ids, but for those that have a name.
fn told(frame: &Frame, names: &HashMap<&str, &str>, details: &str) -> Vec<(String, String)> {
    let details: serde_json::Map<String, Value> = serde_json::from_str(details).unwrap_or_default();
    let known = |text: &str| ["person", "group", "collection"].iter().find_map(|kind| names.get(format!("{kind}:{text}").as_str()));
    let value = |key: &str, value: &Value| match (key, value) {
        ("role", Value::String(text)) => Some(frame.say_of("role--", text)),
        ("status", Value::String(text)) => Some(frame.say_of("status--", text)),
        ("access", Value::String(text)) => Some(frame.say_of("access--", text)),
        ("verdict", Value::String(text)) => Some(frame.say_of("verdict--", text)),
        ("access", Value::Null) => Some(frame.say_of("access--", "none")),
        (_, Value::String(text)) if text.starts_with("pseudonym:") => Some(named_in(frame, names, text)),
        (key, Value::String(text)) if WRITTEN.contains(&key) => Some(text.clone()).filter(|text| !text.is_empty()),
        (_, Value::String(text)) => match (known(text), text.parse::<DateTime<Utc>>()) {
            (Some(name), _) => Some((*name).to_owned()),
            (None, Ok(moment)) => Some(frame.moment(moment)),
            (None, Err(_)) => Some(text.clone()).filter(|text| !text.is_empty() && !is_id(text)),
        },
        (_, Value::Number(number)) => Some(number.to_string()),
        (_, Value::Bool(yes)) => Some(frame.say(if *yes { "yes" } else { "no" })),
        (_, Value::Array(list)) => Some(list.len().to_string()),
        (_, Value::Null | Value::Object(_)) => None,
    };
    let name = |key: &str| if NAMED.contains(&key) { frame.say_of("detail--", key) } else { key.to_owned() };
    let mut told: Vec<_> = details.iter().filter_map(|(key, known)| Some((name(key), value(key, known)?))).collect();
    told.sort();
    told
}

/// A UUID, a hash, or a part of one.
fn is_id(text: &str) -> bool {
    text.len() >= 16 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

#[derive(Serialize)]
struct Exported<'a> {
    #[serde(flatten)]
    record: &'a AuditRecord,
    name: &'a str,
}

/// All records that are asked for, oldest first, written as they are read.
pub(crate) async fn export(auditor: Auditor, Path(format): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, PageError> {
    let is_csv = match format.as_str() {
        "export.csv" => true,
        "export.jsonl" => false,
        _ => return Err(PageError::not_found("error-no-page")),
    };
    let filter = wanted.read()?;
    let people = auditor.trail.names().await?;
    auditor.trail.note(Action::TrailExported).await?;
    let trail = auditor.trail;
    let body = stream! {
        let names: HashMap<String, String> = people.into_iter().collect();
        if is_csv {
            yield Ok::<_, Infallible>("seq,at,actor,name,action,object,details,hash\r\n".to_owned());
        }
        let mut last = wanted.after;
        loop {
            let records = match trail.after(&filter, last, EXPORTED).await {
                Ok(records) => records,
                Err(error) => {
                    // Half an export must not pass for a whole one.
                    tracing::error!(%error, "audit.export");
                    yield Ok(format!("ERROR: the export is not complete: {error}\r\n"));
                    return;
                }
            };
            let Some(newest) = records.last() else { return };
            last = newest.seq;
            let mut lines = String::new();
            for record in &records {
                let name = names.get(&record.actor).map_or("", String::as_str);
                lines.push_str(&if is_csv { csv(record, name) } else { format!("{}\n", json!(Exported { record, name })) });
            }
            yield Ok(lines);
        }
    };
    let media = if is_csv { "text/csv; charset=utf-8" } else { "application/jsonl; charset=utf-8" };
    let name = format!("attachment; filename=\"footnote-audit-{}\"", format.trim_start_matches("export."));
    let name = name.replace("audit-csv", "audit.csv").replace("audit-jsonl", "audit.jsonl");
    Ok(([(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, name)], Body::from_stream(body)).into_response())
}

/// RFC 4180; a spreadsheet must not take a name for a formula.
fn csv(record: &AuditRecord, name: &str) -> String {
    let seq = record.seq.to_string();
    let fields = [&seq, &record.at, &record.actor, name, &record.action, &record.object, &record.details, &record.hash];
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\r\n", fields.join(","))
}

fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[derive(Template)]
#[template(path = "audit_answer.html")]
struct GivenAnswer<'a> {
    frame: &'a Frame,
    id: String,
    question: String,
    who: String,
    when: String,
    status: String,
    /// As it was given; empty where it was never finished.
    answer: Vec<String>,
    /// How many quotes were shown while it was being given, which are more than it cites; and they.
    quotes: Option<(i64, String)>,
    record: String,
}

/// The record of an answer, whole: what was shown, and from which text.
pub(crate) async fn answer(
    State(state): State<AppState>,
    auditor: Auditor,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Html<String>, PageError> {
    let missing = || PageError::not_found("error-missing");
    let id = id.parse().map_err(|_| missing())?;
    let known = state.catalog.answers().get(id).await?.ok_or_else(missing)?;
    let people = auditor.trail.names().await?;
    let known_as: HashMap<&str, &str> = people.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    // As the trail has it, under a pseudonym or not.
    let who = match auditor.trail.asker(id).await? {
        Some(actor) if known.person.is_some() => named_in(&frame, &known_as, &actor),
        Some(_) => frame.say_of("actor--", "operator"),
        // The trail was cut since.
        None => frame.say("audit-forgotten"),
    };
    auditor.session.note(Action::RecordRead, Object::Answer(id), &json!(null)).await?;
    // What another version wrote is looked at as it was written.
    let told = told_answer(&known).unwrap_or_else(|error| {
        tracing::warn!(%error, "audit.answer");
        None
    });
    let answer = match told {
        Some(answer) => Renderer::new(frame.clone(), 0, None, None).whole(&answer)?,
        None => Vec::new(),
    };
    let shown = shown_quotes(&known);
    let quotes = match i64::try_from(shown.len()).unwrap_or(i64::MAX) {
        0 => None,
        count => Some((count, Renderer::new(frame.clone(), 1, None, None).render(AnswerEvent::Quotes(shown))?.html)),
    };
    let page = GivenAnswer {
        frame: &frame,
        answer: answer.into_iter().map(|piece| piece.html).collect(),
        quotes,
        id: id.to_string(),
        question: known.question,
        who,
        when: frame.moment(known.created_at),
        status: known.status,
        record: serde_json::to_string_pretty(&known.record).unwrap_or_default(),
    };
    Ok(Html(page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_told_without_hashes() {
        let names = HashMap::from([
            ("person:01a2226d-5ff1-73f1-b7d2-5fe0ee496c3c", "Ben"),
            ("group:00000000-0000-7000-8000-000000000001", "Staff"),
        ]);
        let frame = Frame::default();
        let details = json!({
            "query": "leave", "passages": ["01a2226d-5ff1-73f1-b7d2-5fe0ee496c3d"], "record": "ab".repeat(32), "agent": "",
            "viewing_as": "01a2226d-5ff1-73f1-b7d2-5fe0ee496c3c", "role": "reader", "unheard_of": 3,
            "find": "4000123412341234", "group": "00000000-0000-7000-8000-000000000001", "access": null, "evidence": "ab".repeat(32),
        });
        let told: Vec<String> =
            told(&frame, &names, &details.to_string()).into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
        let expected = [
            "group: Staff",
            "looked for: 4000123412341234",
            "passages: 1",
            "right: may not read",
            "role: Reader",
            "unheard_of: 3",
            "viewed as: Ben",
            "words: leave",
        ];
        assert_eq!(told, expected);
        assert!(super::told(&frame, &names, "no JSON").is_empty());
    }

    #[test]
    fn fields_stay_fields() {
        assert_eq!(quoted("say \"x\", y"), "\"say \"\"x\"\", y\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
