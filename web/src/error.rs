//! What goes wrong, as a page that says what happened and where to go on.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use catalog::ErrorKind;

use crate::assets;

#[derive(Debug)]
pub(crate) struct PageError {
    status: StatusCode,
    message: String,
}

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage<'a> {
    pub(crate) title: &'a str,
    pub(crate) message: &'a str,
}

impl PageError {
    pub(crate) fn new(kind: ErrorKind, message: String) -> Self {
        let status = match kind {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::Invalid => StatusCode::BAD_REQUEST,
            ErrorKind::Busy | ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, message }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message.into())
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message.into())
    }

    pub(crate) fn refused(status: StatusCode, message: &str) -> Self {
        Self { status, message: message.to_owned() }
    }
}

/// What may be said of a failure: of an internal one nothing but that it happened; the log has the rest.
fn sayable(kind: ErrorKind, error: &(impl std::error::Error + 'static)) -> PageError {
    if kind == ErrorKind::Internal {
        tracing::error!(error = error as &dyn std::error::Error, "request failed");
        return PageError::new(kind, "Something went wrong on our side. It has been written to the log; please try again.".into());
    }
    PageError::new(kind, capitalized(&error.to_string()))
}

impl From<catalog::Error> for PageError {
    fn from(error: catalog::Error) -> Self {
        sayable(error.kind(), &error)
    }
}

impl From<assistant::Error> for PageError {
    fn from(error: assistant::Error) -> Self {
        sayable(error.kind(), &error)
    }
}

impl From<search::FilterError> for PageError {
    fn from(error: search::FilterError) -> Self {
        sayable(ErrorKind::Invalid, &error)
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        sayable(ErrorKind::Internal, &error)
    }
}

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let title = match self.status {
            StatusCode::NOT_FOUND => "Not found",
            StatusCode::BAD_REQUEST => "That did not work",
            StatusCode::SERVICE_UNAVAILABLE => "Please try again in a moment",
            _ => "Something went wrong",
        };
        let page = ErrorPage { title, message: &self.message }.render();
        // A page that can't be rendered still says what happened.
        (self.status, Html(page.unwrap_or_else(|_| title.to_owned()))).into_response()
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}
