//! What administrators decide: people, groups, collections and who may read them.

pub(crate) mod access;
pub(crate) mod collections;
pub(crate) mod groups;
pub(crate) mod health;
pub(crate) mod people;
pub(crate) mod usage;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::error::PageError;

/// A form that was not taken, shown again with what is wrong.
fn again(page: Html<String>) -> Result<Response, PageError> {
    Ok((StatusCode::BAD_REQUEST, page).into_response())
}
