use std::time::Duration;

use axum::{Router, http::StatusCode, middleware, routing::get};
use tower_http::timeout::TimeoutLayer;

use crate::{AppState, assets, error::PageError, guard, pages};

/// A page that takes longer has a problem that waiting does not solve. Answers stream and are not bound by it.
const PATIENCE: Duration = Duration::from_secs(20);

/// All routes. Every request is a GET; nothing changes by one.
pub fn router(state: AppState) -> Router {
    let pages = Router::new()
        .route("/", get(pages::home::show))
        .route("/documents", get(pages::documents::list))
        .route("/documents/{document}", get(pages::document::show))
        .route("/documents/{document}/pages/{page}/image", get(pages::image::show))
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(async || "ok\n"))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE));
    Router::new()
        .route("/ask", get(pages::answer::page))
        .route("/ask/events", get(pages::answer::events))
        .merge(pages)
        .fallback(async || PageError::not_found("There is no page at this address."))
        .layer(middleware::from_fn(guard::headers))
        .with_state(state)
}
