//! The trail, for what collects such records.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::model::Problem;
use crate::{
    asker::Auditor,
    error::PageError,
    pages::audit::{self, Wanted},
};

/// The trail, oldest first, for auditors and administrators
#[utoipa::path(get, path = "/api/v1/audit/{format}", tag = "audit",
    params(("format" = String, Path, description = "\"export.jsonl\" or \"export.csv\""),
        ("person" = Option<String>, Query, description = "As the trail writes it: person:ID"), ("action" = Option<String>, Query),
        ("object" = Option<String>, Query), ("since" = Option<String>, Query, description = "A day: 2024-01-31"),
        ("until" = Option<String>, Query, description = "A day"), ("after" = Option<i64>, Query, description = "Only records after this one")),
    responses((status = 200, description = "A record a line", content((String = "application/jsonl"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn export(auditor: Auditor, format: Path<String>, wanted: Query<Wanted>) -> Result<Response, PageError> {
    audit::export(auditor, format, wanted).await
}
