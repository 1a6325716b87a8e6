//! Whom a program acts for, and how it is told what went wrong.

use std::sync::Arc;

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::model::Problem;
use crate::{AppState, error::PageError, frame::Frame, limits};

/// Bytes of a refusal by the parts that read requests.
const MAX_REFUSAL: usize = 4096;

pub(super) async fn authorize(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let is_chat = request.uri().path().starts_with("/v1/");
    let response = match session(&state, request.headers()).await {
        Ok(session) => {
            let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
            // Programs are told everything in one language.
            request.extensions_mut().insert(Frame { session: Some(Arc::new(session)), address, ..Frame::default() });
            next.run(request).await
        }
        Err(error) => limits::of_nobody(&state, &request).err().unwrap_or(error).into_response(),
    };
    told(response, is_chat).await
}

async fn session(state: &AppState, headers: &HeaderMap) -> Result<catalog::Session, PageError> {
    let signed_out = || PageError::said("error-token", StatusCode::UNAUTHORIZED);
    let sent = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok()).and_then(|header| header.split_once(' '));
    let (_, token) = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).ok_or_else(signed_out)?;
    state.accounts().program(token.trim()).await?.ok_or_else(signed_out)
}

/// What went wrong, as the program expects it: problem details, or what the clients of chat servers read.
async fn told(mut response: Response, is_chat: bool) -> Response {
    let status = response.status();
    let allowed = response.headers().get(ALLOW).cloned();
    let mut retry_after = None;
    let sentence = match response.extensions_mut().remove::<PageError>() {
        Some(error) => {
            retry_after = error.retry_after();
            error.sentence(&Frame::default())
        }
        // A request that could not be read is refused in plain text.
        None if status.is_client_error() || status.is_server_error() => {
            let (_, body) = response.into_parts();
            let bytes = to_bytes(body, MAX_REFUSAL).await.unwrap_or_default();
            let written = String::from_utf8_lossy(&bytes).trim().to_owned();
            if written.is_empty() { status.canonical_reason().unwrap_or("It failed").to_owned() } else { written }
        }
        None => return response,
    };
    let mut told = if is_chat { (status, Json(chat_error(status, &sentence))).into_response() } else { problem(status, sentence) };
    if status == StatusCode::UNAUTHORIZED {
        told.headers_mut().insert(WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"));
    }
    if let Some(allowed) = allowed {
        told.headers_mut().insert(ALLOW, allowed);
    }
    if let Some(seconds) = retry_after {
        told.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    told
}

fn problem(status: StatusCode, detail: String) -> Response {
    let title = status.canonical_reason().unwrap_or_default().to_owned();
    let problem = Problem { title, status: status.as_u16(), detail };
    let body = serde_json::to_vec(&problem).map(Body::from).unwrap_or_default();
    (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response()
}

fn chat_error(status: StatusCode, message: &str) -> serde_json::Value {
    let kind = match status {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::FORBIDDEN => "permission_error",
        status if status.is_client_error() => "invalid_request_error",
        _ => "server_error",
    };
    let code = (status == StatusCode::NOT_FOUND).then_some("model_not_found");
    json!({ "error": { "message": message, "type": kind, "param": null, "code": code } })
}
