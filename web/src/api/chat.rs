//! What existing chat clients speak (OpenAI's chat completions), answered from the documents: each answer ends with its sources.

use std::{collections::BTreeSet, convert::Infallible, fmt::Write, pin::pin};

use assistant::{Answer, AnswerEvent, Asked, Citation, Recalled, Sentence, Status, conversation::standalone, question::understand};
use async_stream::stream;
use axum::{
    Json,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use catalog::AnswerId;
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    answers::{KEEP_ALIVE, UNBUFFERED, whole},
    model::{ApiAnswer, ApiCitation},
};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
    frame::Frame,
};

/// Answers from all that may be read; with "/" and the name of a collection from that one.
const MODEL: &str = "footnote";
/// Earlier questions of a conversation that a question may lean on.
const EARLIER: usize = 8;

#[derive(Serialize, ToSchema)]
pub(super) struct Model {
    id: String,
    object: &'static str,
    created: i64,
    owned_by: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Models {
    object: &'static str,
    data: Vec<Model>,
}

/// "footnote" for all that may be read, and one for each collection
#[utoipa::path(get, path = "/v1/models", tag = "chat", responses((status = 200, body = Models), (status = 401, description = "No such token")))]
pub(super) async fn models(asker: Asker) -> Result<Json<Models>, PageError> {
    let model = |id: String| Model { id, object: "model", created: 0, owned_by: "footnote" };
    let of_collections = asker.reader.collections().await?.into_iter().map(|name| format!("{MODEL}/{name}"));
    let data = std::iter::once(MODEL.to_owned()).chain(of_collections).map(model).collect();
    Ok(Json(Models { object: "list", data }))
}

/// What of a request is used. The rest (temperature, tools, …) is accepted and changes nothing: only what documents carry is answered.
#[derive(Deserialize, ToSchema)]
pub(super) struct Request {
    model: String,
    messages: Vec<Message>,
    #[serde(default)]
    stream: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Message {
    role: String,
    /// Text, or a list of parts of which those of type "text" count.
    #[serde(default)]
    #[schema(value_type = String)]
    content: Value,
}

impl Message {
    fn text(&self) -> String {
        match &self.content {
            Value::String(text) => text.clone(),
            Value::Array(parts) => {
                let texts = parts.iter().filter(|part| part["type"] == "text").filter_map(|part| part["text"].as_str());
                texts.collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        }
    }
}

/// Answers the last question of a conversation
///
/// As a chat completion, streamed where `stream` is true: sentences with footnotes, then the sources. The field `footnote` (of the answer, or of
/// the last chunk) holds the answer as /api/v1/answers gives it. Tokens are not counted: `usage` is 0.
#[utoipa::path(post, path = "/v1/chat/completions", tag = "chat", request_body = Request,
    responses((status = 200, description = "A chat completion", content((Value = "application/json"), (String = "text/event-stream"))),
        (status = 400, description = "No question"), (status = 401, description = "No such token"), (status = 404, description = "No such model"),
        (status = 413, description = "Too long"), (status = 415, description = "No JSON"), (status = 422, description = "No such request")))]
pub(super) async fn complete(
    State(state): State<AppState>,
    Visitor(session): Visitor,
    Json(request): Json<Request>,
) -> Result<Response, PageError> {
    let collection = match request.model.strip_prefix(MODEL) {
        Some("") => String::new(),
        Some(rest) if rest.len() > 1 && rest.starts_with('/') => rest[1..].to_owned(),
        _ => return Err(PageError::not_found("error-no-such-model").about(&request.model)),
    };
    let mut questions: Vec<String> = request.messages.iter().filter(|message| message.role == "user").map(Message::text).collect();
    let question = questions.pop().unwrap_or_default();
    understand(&question)?;
    // Each leans on what the one before came to.
    let start = questions.len().saturating_sub(EARLIER);
    let typed = questions[start..].iter().filter_map(|typed| understand(typed).ok());
    let earlier = typed.fold(None, |earlier: Option<String>, typed| Some(standalone(&typed.text, earlier.as_deref()).text));
    let person = session.person().id;
    state.limits().question(person)?;
    let asker = Asker::of(&state, session, collection).await?;
    // Chat clients ask on their own, too (for a title, for tags): nothing for an editor to answer.
    let circumstances = asker.session.circumstances();
    let asked = Asked { question, earlier, person: Some(person), circumstances, hands_on: false, ..Asked::default() };
    let events = state.assistant.answer(asker.reader, asked);
    let head = Head { id: format!("chatcmpl-{}", AnswerId::new()), created: state.catalog.now().timestamp(), model: request.model };
    let portal = state.address().to_owned();
    if request.stream != Some(true) {
        let answer = whole(events).await?;
        let content = written(&answer, &portal);
        return Ok(Json(head.whole(&content, answer, &portal)).into_response());
    }
    let chunks = stream! {
        let mut events = pin!(events);
        let mut quotes: Vec<Citation> = Vec::new();
        let mut cited = BTreeSet::new();
        yield head.chunk(&json!({ "role": "assistant", "content": "" }), None, None);
        while let Some(event) = events.next().await {
            match event {
                Ok(AnswerEvent::Quotes(found)) => quotes = found,
                Ok(AnswerEvent::Sentence(sentence)) => {
                    let between = if cited.is_empty() { "" } else { " " };
                    cited.extend(sentence.citations.iter().copied());
                    yield head.chunk(&json!({ "content": format!("{between}{}", marked(&sentence)) }), None, None);
                }
                Ok(AnswerEvent::Done(answer)) => {
                    let rest = if answer.status == Status::Answered {
                        let sources: Vec<&Citation> = quotes.iter().filter(|quote| cited.contains(&quote.n)).collect();
                        format!("\n\n{}", sources_of(&sources, &portal))
                    } else {
                        written(&answer, &portal)
                    };
                    yield head.chunk(&json!({ "content": rest }), None, None);
                    let answer = ApiAnswer::of(Recalled { answer: *answer, withheld: false }, None, &portal);
                    yield head.chunk(&json!({}), Some("stop"), Some(&answer));
                }
                Ok(AnswerEvent::Waiting { .. } | AnswerEvent::Abstained { .. }) => {}
                Err(error) => {
                    let message = PageError::from(error).sentence(&Frame::default());
                    yield json!({ "error": { "message": message, "type": "server_error", "param": null, "code": null } });
                    return;
                }
            }
        }
    };
    let end = futures::stream::once(async { Event::default().data("[DONE]") });
    let events = chunks.map(|chunk| Event::default().data(chunk.to_string())).chain(end).map(Ok::<_, Infallible>);
    Ok((UNBUFFERED, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))).into_response())
}

/// What all chunks of a completion share.
struct Head {
    id: String,
    created: i64,
    model: String,
}

impl Head {
    fn whole(&self, content: &str, answer: Answer, portal: &str) -> Value {
        let answer = ApiAnswer::of(Recalled { answer, withheld: false }, None, portal);
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": content }, "logprobs": null, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0 },
            "footnote": answer,
        })
    }

    fn chunk(&self, delta: &Value, finished: Option<&str>, answer: Option<&ApiAnswer>) -> Value {
        let mut chunk = json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finished }],
        });
        if let Some(answer) = answer {
            chunk["footnote"] = json!(answer);
        }
        chunk
    }
}

/// "Leave is 28 days. [1]"
fn marked(sentence: &Sentence) -> String {
    let marks: Vec<String> = sentence.citations.iter().map(|n| format!("[{n}]")).collect();
    format!("{} {}", sentence.text, marks.join(""))
}

/// An answer as text, with its sources.
fn written(answer: &Answer, portal: &str) -> String {
    match answer.status {
        Status::Answered => {
            let sentences: Vec<String> = answer.sentences.iter().map(marked).collect();
            let sources: Vec<&Citation> = answer.citations.iter().collect();
            format!("{}\n\n{}", sentences.join(" "), sources_of(&sources, portal))
        }
        Status::Quoted => {
            let quotes: Vec<String> = answer.sentences.iter().map(|quote| format!("> {}", marked(quote).replace('\n', "\n> "))).collect();
            let sources: Vec<&Citation> = answer.citations.iter().collect();
            format!("{}\n\n{}", quotes.join("\n\n"), places_of(&sources, portal))
        }
        Status::Abstained if answer.nearest.is_empty() => answer.answer.clone(),
        Status::Abstained => {
            let nearest: Vec<&Citation> = answer.nearest.iter().collect();
            format!("{}\n\nWhat comes nearest:\n\n{}", answer.answer, sources_of(&nearest, portal))
        }
    }
}

/// Each source with its quote.
fn sources_of(sources: &[&Citation], portal: &str) -> String {
    let mut text = String::new();
    for source in sources {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{}\n> {}\n", place_of(source, portal), source.quote.replace('\n', "\n> "));
    }
    text.trim_end().to_owned()
}

/// The places alone, where the quotes are the answer.
fn places_of(sources: &[&Citation], portal: &str) -> String {
    sources.iter().map(|source| place_of(source, portal)).collect::<Vec<_>>().join("\n")
}

fn place_of(source: &Citation, portal: &str) -> String {
    let place = source.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
    let title: String = source.title.chars().map(|c| if matches!(c, '[' | ']') { ' ' } else { c }).collect();
    format!("[{}] [{title}{place}]({})", source.n, ApiCitation::of(source, portal).href)
}
