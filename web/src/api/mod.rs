//! The same for programs: documents, search, answers and publishing under /api/v1, and an OpenAI-compatible /v1 for chat clients. Whoever sends
//! a token acts with the rights of the person who made it. [`authorize`] finds out who that is; the routes describe themselves for OpenAPI.

mod answers;
mod authorize;
mod chat;
mod conversations;
mod documents;
mod model;
mod publish;
mod search;
mod trail;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    middleware::{self, map_response},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::timeout::TimeoutLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        response::ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, error::PageError, limits::not_too_often, router::PATIENCE};

/// Bytes of a request, but for one with files: a whole conversation of a chat client.
const MAX_REQUEST: usize = 1 << 20;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Footnote",
        description = "Questions, search and documents, with the rights of whoever made the token. Make one in the portal under your name. \
                       Errors are problem details (RFC 9457)."
    ),
    servers((url = "/")),
    security(("token" = [])),
    modifiers(&Token)
)]
struct Description;

/// How a program says for whom it acts.
struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token, made in the portal")).build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The routes of programs. They take a token, and no cookie: no page of another site can send one.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let timed = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(documents::me))
        .routes(routes!(documents::collections))
        .routes(routes!(documents::list))
        .routes(routes!(documents::show, publish::delete))
        .routes(routes!(documents::page))
        .routes(routes!(documents::image))
        .routes(routes!(documents::original))
        .routes(routes!(publish::job))
        .routes(routes!(search::search))
        .routes(routes!(answers::list))
        .routes(routes!(answers::show))
        .routes(routes!(answers::feedback))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::show, conversations::delete))
        .routes(routes!(conversations::share))
        .routes(routes!(trail::export))
        .routes(routes!(chat::models))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE));
    let open_ended = OpenApiRouter::new().routes(routes!(answers::ask)).routes(routes!(chat::complete));
    let files = OpenApiRouter::new().routes(routes!(publish::publish)).layer(DefaultBodyLimit::disable());
    let (routes, description) = timed.merge(open_ended).merge(files).split_for_parts();
    // Made once: it does not change.
    let description = with_limits(description).to_json().unwrap_or_default();
    let routes = routes
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .layer(middleware::from_fn_with_state(state.clone(), not_too_often))
        .layer(middleware::from_fn_with_state(state.clone(), authorize::authorize));
    let described = get(move || {
        let description = description.clone();
        async move { ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], description).into_response() }
    });
    // What is nowhere is told in the same way.
    let nowhere = || axum::routing::any(async || PageError::not_found("error-no-page"));
    let rest = Router::new()
        .route("/api/{*rest}", nowhere())
        .route("/v1/{*rest}", nowhere())
        .layer(middleware::from_fn_with_state(state.clone(), authorize::authorize));
    routes.route("/api/v1/openapi.json", described).merge(rest).layer(map_response(no_page))
}

/// A browser that is led to an address of programs keeps what it gets, and shows it as no page (ASVS 14.4.2).
async fn no_page(mut response: Response) -> Response {
    let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.contains("json")));
    if is_json {
        let kept = HeaderValue::from_static("attachment; filename=\"api.json\"");
        response.headers_mut().entry(CONTENT_DISPOSITION).or_insert(kept);
    }
    response
}

/// Any request may come too soon after others, or meet a server that is busy.
fn with_limits(mut description: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    // None was chosen: an empty name would be no description of it.
    description.info.license = None;
    let said = |description: &str| ResponseBuilder::new().description(description).build();
    for item in description.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses.insert("429".to_owned(), said("Too many requests; Retry-After says when to try again").into());
            responses.insert("503".to_owned(), said("Busy: try again in a moment").into());
        }
    }
    description
}
