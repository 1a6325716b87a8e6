//! Who a request comes from: the session of its cookie, and what is done where there is none.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        Method, StatusCode,
        header::{ACCEPT_LANGUAGE, LOCATION},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use catalog::Token;

use crate::{AppState, error::PageError, frame::Frame, language::Language, limits};

/// Addresses that are open to whoever is not signed in.
const OPEN: [&str; 4] = ["/sign-in", "/start/", "/join/", "/healthz"];

/// Finds the session, and draws what went wrong for whoever it went wrong for.
pub(crate) async fn visit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
    let mut frame = Frame { session: None, language: Language::accepted(accepted), address };
    let cookies = CookieJar::from_headers(request.headers());
    match session(&state, &cookies).await {
        Ok(session) => frame.session = session.map(Arc::new),
        Err(error) => return error.draw(&frame),
    }
    if let Some(language) = frame.person().and_then(|person| Language::of(person.language.as_deref()?)) {
        frame.language = language;
    }
    let is_open = OPEN.iter().any(|open| request.uri().path().starts_with(open));
    if frame.session.is_none() && !is_open {
        if let Err(error) = limits::of_nobody(&state, &request) {
            return error.draw(&frame);
        }
        let is_page = request.method() == Method::GET && !request.uri().path().ends_with("/events");
        return turned_away(&state, is_page, &frame).await;
    }
    request.extensions_mut().insert(frame.clone());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<PageError>() {
        Some(error) => error.draw(&frame),
        None => response,
    }
}

async fn session(state: &AppState, cookies: &CookieJar) -> Result<Option<catalog::Session>, PageError> {
    match cookies.get(state.cookie()) {
        Some(cookie) => Ok(state.accounts().session(cookie.value()).await?),
        None => Ok(None),
    }
}

/// To the page that signs in, and from there back. Programs are told so in a word.
async fn turned_away(state: &AppState, is_page: bool, frame: &Frame) -> Response {
    if !is_page {
        return PageError::said("error-signed-out", StatusCode::UNAUTHORIZED).draw(frame);
    }
    match state.accounts().has_administrator().await {
        Ok(false) => return PageError::said("error-not-started", StatusCode::SERVICE_UNAVAILABLE).draw(frame),
        Ok(true) => {}
        Err(error) => return PageError::from(error).draw(frame),
    }
    let back = if frame.address == "/" { String::new() } else { format!("?next={}", escaped(&frame.address)) };
    (StatusCode::SEE_OTHER, [(LOCATION, format!("/sign-in{back}"))]).into_response()
}

/// For a value within a query.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// An address to go on to: of this portal only.
pub(crate) fn own_address(next: &str) -> &str {
    let is_own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    if is_own { next } else { "/" }
}

/// The cookie that holds a session; without a token the one that ends it.
pub(crate) fn cookie(state: &AppState, token: Option<&Token>) -> Cookie<'static> {
    let value = token.map(|token| token.reveal().to_owned()).unwrap_or_default();
    let mut cookie =
        Cookie::build((state.cookie(), value)).path("/").http_only(true).same_site(SameSite::Lax).secure(state.is_secure()).build();
    if token.is_none() {
        cookie.make_removal();
    }
    cookie
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_gone_on_to() {
        for own in ["/", "/documents?find=a%20b", "/conversations/1"] {
            assert_eq!(own_address(own), own);
        }
        for other in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nSet-Cookie: x",
            "/\t/evil.example",
        ] {
            assert_eq!(own_address(other), "/", "{other}");
        }
    }

    #[test]
    fn addresses_are_escaped_within_a_query() {
        assert_eq!(escaped("/documents?find=a b&x=ü"), "/documents%3Ffind%3Da%20b%26x%3D%C3%BC");
    }
}
