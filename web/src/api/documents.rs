//! Who the token is of, and what may be read.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use catalog::{Action, DocumentFilter, Object};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::model::{ApiDocument, Problem};
use crate::{
    AppState,
    asker::{Asker, Visitor},
    error::PageError,
    pages::{document, image, original},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    name: String,
    email: String,
    /// "reader", "editor", "auditor" or "administrator"
    role: String,
    /// Whether this token may publish and delete.
    publishes: bool,
}

/// Whom the token acts for
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(super) async fn me(Visitor(session): Visitor) -> Json<Me> {
    let person = session.person();
    let publishes = session.program().is_some_and(|program| program.publishes);
    Json(Me { name: person.name.clone(), email: person.email.clone(), role: person.role.as_str().to_owned(), publishes })
}

#[derive(Serialize, ToSchema)]
pub(super) struct Collections {
    /// Names, in their order.
    readable: Vec<String>,
    /// Those that may be published in.
    editable: Vec<String>,
}

/// The collections that may be read, and published in
#[utoipa::path(get, path = "/api/v1/collections", tag = "documents", responses((status = 200, body = Collections), (status = 401, body = Problem)))]
pub(super) async fn collections(asker: Asker) -> Result<Json<Collections>, PageError> {
    let readable = asker.reader.collections().await?;
    let may = asker.session.program().is_some_and(|program| program.publishes);
    let editable = if may { asker.session.editable().await? } else { Vec::new() };
    Ok(Json(Collections { readable, editable: editable.into_iter().map(|known| known.1).collect() }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listed {
    /// Only in this collection.
    #[param(inline)]
    #[expect(dead_code, reason = "read by the extractor of the asker")]
    collection: Option<String>,
    /// Part of the title or of the file's name, in any case.
    find: Option<String>,
    #[serde(default = "hundred")]
    #[param(default = 100, minimum = 1, maximum = 1000)]
    limit: u32,
    #[serde(default)]
    #[param(maximum = 1_000_000_000)]
    offset: u32,
}

const fn hundred() -> u32 {
    100
}

#[derive(Serialize, ToSchema)]
pub(super) struct Documents {
    documents: Vec<ApiDocument>,
    /// How many there are in all.
    total: i64,
}

/// Documents by title
#[utoipa::path(get, path = "/api/v1/documents", tag = "documents", params(Listed),
    responses((status = 200, body = Documents), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn list(asker: Asker, Query(listed): Query<Listed>) -> Result<Json<Documents>, PageError> {
    let find = listed.find.map(|find| find.trim().to_owned()).filter(|find| !find.is_empty());
    let filter = DocumentFilter {
        title_contains: find,
        limit: listed.limit.clamp(1, 1000),
        offset: listed.offset.min(1_000_000_000),
        ..DocumentFilter::default()
    };
    let total = asker.reader.document_count(&filter).await?;
    let documents = asker.reader.documents(&filter).await?.into_iter().map(ApiDocument::from).collect();
    Ok(Json(Documents { documents, total }))
}

/// A document
#[utoipa::path(get, path = "/api/v1/documents/{document}", tag = "documents", params(("document" = String, Path, description = "Its id")),
    responses((status = 200, body = ApiDocument), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn show(asker: Asker, Path(id): Path<String>) -> Result<Json<ApiDocument>, PageError> {
    Ok(Json(document::find(&asker.reader, &id, None).await?.0.into()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// An earlier revision, as a citation names it; the live one where it is left out.
    revision: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ApiPage {
    document: String,
    revision: String,
    number: i32,
    /// As it is printed on the page ("iv").
    label: Option<String>,
    text: String,
    pages: i32,
}

/// The text of a page; of a document without pages, page 1 is all of it
#[utoipa::path(get, path = "/api/v1/documents/{document}/pages/{page}", tag = "documents",
    params(("document" = String, Path, description = "Its id"), ("page" = i32, Path, minimum = 1), Which),
    responses((status = 200, body = ApiPage), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn page(
    asker: Asker,
    Path((id, number)): Path<(String, i32)>,
    Query(which): Query<Which>,
) -> Result<Json<ApiPage>, PageError> {
    let (known, revision) = document::find(&asker.reader, &id, which.revision.as_deref()).await?;
    let pages = asker.reader.page_count(revision).await?;
    let page = asker.reader.page(revision, number).await?;
    let page = page.ok_or_else(|| PageError::not_found("error-no-such-page").with(i64::from(pages), &number.to_string()))?;
    // Nothing is shown that is not written down.
    asker.session.note(Action::DocumentSeen, Object::Document(known.id), &json!({ "revision": revision, "page": number })).await?;
    Ok(Json(ApiPage { document: known.id.to_string(), revision: revision.to_string(), number, label: page.label, text: page.text, pages }))
}

/// The image of a page of a PDF
#[utoipa::path(get, path = "/api/v1/documents/{document}/pages/{page}/image", tag = "documents",
    params(("document" = String, Path, description = "Its id"), ("page" = i32, Path, minimum = 1), Which),
    responses((status = 200, description = "The page as PNG", content_type = "image/png", body = Vec<u8>), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn image(
    state: State<AppState>,
    path: Path<(String, i32)>,
    Query(which): Query<Which>,
    headers: HeaderMap,
    asker: Asker,
) -> Result<Response, PageError> {
    image::show(state, path, Query(image::Which { revision: which.revision }), headers, asker).await
}

/// The file that the document was read from
#[utoipa::path(get, path = "/api/v1/documents/{document}/original", tag = "documents",
    params(("document" = String, Path, description = "Its id"), Which),
    responses((status = 200, description = "The bytes of the file", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn original(
    state: State<AppState>,
    path: Path<String>,
    Query(which): Query<Which>,
    asker: Asker,
) -> Result<Response, PageError> {
    original::download(state, path, Query(original::Which { revision: which.revision }), asker).await
}
