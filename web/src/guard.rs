//! What every request and response passes: who may call us by which name, and what a page may do.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{AppState, error::PageError, frame::Frame};

const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// A year, as the preload lists ask for.
const HSTS: &str = "max-age=31536000";

pub(crate) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if state.is_secure() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // What is shown depends on who asks.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Only the portal's own pages, and programs that are no browser, may change anything: no other site may send a form in the name of
/// whoever is signed in. Browsers say where a request comes from (Sec-Fetch-Site, and Origin before they did), and pages can't change
/// what they say.
pub(crate) async fn own_forms_only(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_own(request.headers()) {
        return next.run(request).await;
    }
    PageError::said("error-foreign-form", StatusCode::FORBIDDEN).into_response()
}

fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map_or("", |(_, host)| host);
            !host.is_empty() && text(header::HOST) == Some(host)
        }
        // No browser that sends cookies by itself leaves out both.
        (None, None) => true,
    }
}

/// A portal that listens on this machine alone answers to this machine's names alone: otherwise any web page could
/// have its own name point here and read along (DNS rebinding).
pub(crate) async fn local_names_only(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    // A proxy on this machine passes on the name that people open.
    let configured = state.address().split_once("://").map(|(_, host)| host);
    if host.is_some_and(is_local) || (host.is_some() && host == configured) {
        return next.run(request).await;
    }
    PageError::said("error-misdirected", StatusCode::MISDIRECTED_REQUEST).draw(&Frame::default())
}

fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_send_no_forms() {
        let own = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_own(&headers)
        };
        assert!(own(&[("sec-fetch-site", "same-origin")]) && own(&[("sec-fetch-site", "none")]) && own(&[]));
        assert!(own(&[("host", "a.example:8080"), ("origin", "http://a.example:8080")]));
        for foreign in ["cross-site", "same-site", ""] {
            assert!(!own(&[("sec-fetch-site", foreign), ("host", "a.example"), ("origin", "http://a.example")]), "{foreign}");
        }
        for origin in ["http://evil.example", "null", "", "http://a.example.evil.example"] {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("a.example"));
            headers.insert("origin", HeaderValue::from_str(origin).unwrap());
            assert!(!is_own(&headers), "{origin}");
        }
    }

    #[test]
    fn only_names_of_this_machine_pass() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "[::1]", "LOCALHOST"] {
            assert!(is_local(host), "{host}");
        }
        for host in ["example.com", "localhost.example.com", "10.0.0.1:8080", "127.0.0.1.example.com:80", "", ":8080"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
