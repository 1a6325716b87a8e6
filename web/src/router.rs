use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use tower_http::timeout::TimeoutLayer;

use crate::{
    AppState, api, assets,
    error::PageError,
    guard, limits,
    pages::{
        account, admin, ask, audit, conversation, conversations, desk, disclosures, document, documents, door, home, image, original,
        publish, search,
    },
    visit,
};

/// A page that takes longer has a problem that waiting does not solve. Answers stream and are not bound by it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// No form is longer.
const MAX_FORM: usize = 64 << 10;

/// All routes. Nothing changes by a GET, but that a question that waits is answered.
pub fn router(state: AppState) -> Router {
    let administration = Router::new()
        .route("/people", get(admin::people::list).post(admin::people::invite))
        .route("/people/{person}", get(admin::people::show).post(admin::people::change))
        .route("/people/{person}/link", post(admin::people::link))
        .route("/people/{person}/sessions", post(admin::people::end_sessions))
        .route("/people/{person}/enabled", post(admin::people::set_enabled))
        .route("/usage", get(admin::usage::show))
        .route("/jobs", get(admin::health::jobs))
        .route("/jobs/{job}/retry", post(admin::health::retry))
        .route("/health", get(admin::health::show))
        .route("/view-as", post(admin::people::view_as))
        .route("/groups", get(admin::groups::list).post(admin::groups::create))
        .route("/groups/{group}/delete", post(admin::groups::delete))
        .route("/collections", get(admin::collections::list).post(admin::collections::create))
        .route("/collections/{collection}/grants", post(admin::collections::set_grants));
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/ask", get(home::show).post(ask::ask))
        .route("/answers/{answer}/feedback", post(conversation::feedback))
        .route("/questions", get(desk::list))
        .route("/questions/{question}", get(desk::show))
        .route("/questions/{question}/answer", post(desk::answer))
        .route("/questions/{question}/dismiss", post(desk::dismiss))
        .route("/questions/verified/{answer}/retire", post(desk::retire))
        .route("/account/tokens", post(account::create_token))
        .route("/account/tokens/{token}/revoke", post(account::revoke_token))
        .route("/conversations", get(conversations::list))
        .route("/conversations/{conversation}/share", post(conversation::share))
        .route("/conversations/{conversation}/delete", post(conversation::delete))
        .route("/documents", get(documents::list))
        .route("/documents/{document}", get(document::show))
        .route("/documents/{document}/original", get(original::download))
        .route("/documents/{document}/delete", post(publish::delete))
        .route("/documents/{document}/again", post(publish::again))
        .route("/documents/{document}/move", post(publish::move_to))
        .route("/publish/jobs", get(publish::list))
        .route("/documents/{document}/access", get(admin::access::show).post(admin::access::set))
        .route("/documents/{document}/pages/{page}/image", get(image::show))
        .route("/search", get(search::show))
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/language", post(account::set_language))
        .route("/account/sessions", post(account::end_sessions))
        .route("/audit", get(audit::list))
        .route("/audit/disclosures", get(disclosures::list).post(disclosures::request))
        .route("/audit/disclosures/{disclosure}/approve", post(disclosures::approve))
        .route("/audit/{format}", get(audit::export))
        .route("/audit/answers/{answer}", get(audit::answer))
        .route("/sign-in", get(door::sign_in_page).post(door::sign_in))
        .route("/sign-out", post(door::sign_out))
        .route("/start/{token}", get(door::start_page).post(door::start))
        .route("/join/{token}", get(door::join_page).post(door::join))
        .nest("/admin", administration)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE));
    let visited = Router::new()
        .route("/conversations/{conversation}", get(conversation::show))
        .route("/conversations/{conversation}/events", get(conversation::events))
        .route("/publish", get(publish::show).post(publish::publish).layer(DefaultBodyLimit::disable()))
        .merge(pages)
        .fallback(async || PageError::not_found("error-no-page"))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn(guard::own_forms_only))
        .layer(middleware::from_fn_with_state(state.clone(), limits::not_too_often))
        .layer(middleware::from_fn_with_state(state.clone(), visit::visit));
    Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(async || "ok\n"))
        .merge(visited)
        .merge(api::router(&state))
        .layer(middleware::from_fn_with_state(state.clone(), guard::headers))
        .with_state(state)
}
