//! What goes wrong, as a page that says what happened and where to go on.

use askama::Template;
use axum::{
    http::{StatusCode, header::RETRY_AFTER},
    response::{Html, IntoResponse, Response},
};
use catalog::{ErrorKind, Weakness};
use fluent_bundle::FluentArgs;

use crate::{assets, frame::Frame};

/// Said in the language of whoever asked, when it is drawn.
#[derive(Clone, Debug)]
pub(crate) struct PageError {
    status: StatusCode,
    message: Message,
}

#[derive(Clone, Debug)]
enum Message {
    /// A key, with a number and two texts that its sentence may need.
    Said { key: &'static str, n: i64, s: String, t: String },
    /// A sentence, from a part that speaks English.
    Written(String),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: &'a Frame,
    title: String,
    message: String,
}

impl PageError {
    pub(crate) const fn said(key: &'static str, status: StatusCode) -> Self {
        Self { status, message: Message::Said { key, n: 0, s: String::new(), t: String::new() } }
    }

    /// With a number, `$n`, and a text, `$s`.
    pub(crate) fn with(self, number: i64, text: &str) -> Self {
        match self.message {
            Message::Said { key, t, .. } => Self { message: Message::Said { key, n: number, s: text.to_owned(), t }, ..self },
            Message::Written(_) => self,
        }
    }

    /// With a second text, `$t`.
    fn and(self, text: &str) -> Self {
        match self.message {
            Message::Said { key, n, s, .. } => Self { message: Message::Said { key, n, s, t: text.to_owned() }, ..self },
            Message::Written(_) => self,
        }
    }

    /// With a text, `$s`.
    pub(crate) fn about(self, text: &str) -> Self {
        self.with(0, text)
    }

    pub(crate) fn new(kind: ErrorKind, message: String) -> Self {
        let status = match kind {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::Invalid => StatusCode::BAD_REQUEST,
            ErrorKind::Busy | ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, message: Message::Written(message) }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message.into())
    }

    pub(crate) fn not_found(key: &'static str) -> Self {
        Self::said(key, StatusCode::NOT_FOUND)
    }

    /// Seconds after which to try again, where that was too soon.
    pub(crate) fn retry_after(&self) -> Option<i64> {
        match &self.message {
            Message::Said { n, .. } if self.status == StatusCode::TOO_MANY_REQUESTS => Some(*n),
            _ => None,
        }
    }

    /// Whether a form is shown again with the sentence, in place of a page of its own.
    pub(crate) const fn is_of_form(&self) -> bool {
        matches!(self.status, StatusCode::BAD_REQUEST)
    }

    pub(crate) fn sentence(&self, frame: &Frame) -> String {
        match &self.message {
            Message::Written(message) => message.clone(),
            Message::Said { key, n, s, t } => {
                let mut args = FluentArgs::new();
                args.set("n", *n);
                args.set("s", s.clone());
                args.set("t", t.clone());
                frame.language.say(key, &args)
            }
        }
    }

    pub(crate) fn draw(&self, frame: &Frame) -> Response {
        let title = frame.say(match self.status {
            StatusCode::NOT_FOUND => "error-title-not-found",
            StatusCode::BAD_REQUEST => "error-title-invalid",
            StatusCode::FORBIDDEN => "error-title-forbidden",
            StatusCode::UNAUTHORIZED => "error-title-signed-out",
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "error-title-busy",
            _ => "error-title-internal",
        });
        let page = ErrorPage { frame, title: title.clone(), message: self.sentence(frame) }.render();
        // A page that can't be rendered still says what happened.
        let mut response = (self.status, Html(page.unwrap_or(title))).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// What may be said of a failure: of an internal one nothing but that it happened; the log has the rest.
fn sayable(kind: ErrorKind, error: &(impl std::error::Error + 'static)) -> PageError {
    if kind == ErrorKind::Internal {
        tracing::error!(error = error as &dyn std::error::Error, "request failed");
        return PageError::said("error-internal", StatusCode::INTERNAL_SERVER_ERROR);
    }
    PageError::new(kind, capitalized(&error.to_string()))
}

impl From<catalog::Error> for PageError {
    fn from(error: catalog::Error) -> Self {
        use catalog::Error;
        let invalid = |key| Self::said(key, StatusCode::BAD_REQUEST);
        match &error {
            Error::NoSuchCollection { name, .. } => Self::not_found("error-no-collection").about(name),
            Error::Email(written) => invalid("error-email").about(written),
            Error::EmailTaken(address) => invalid("error-email-taken").about(address),
            Error::Name { most } => invalid("error-name").with(i64::try_from(*most).unwrap_or(i64::MAX), ""),
            Error::FileName(name) => invalid("error-file-name").about(name),
            Error::NameTaken(name) => invalid("error-name-taken").about(name),
            Error::WeakPassword { reason: Weakness::Short } => invalid("error-password-short"),
            Error::WeakPassword { reason: Weakness::Long } => invalid("error-password-long"),
            Error::WeakPassword { reason: Weakness::Guessable } => invalid("error-password-guessable"),
            Error::Credentials => invalid("error-credentials"),
            Error::Locked { minutes } => invalid("error-locked").with(*minutes, ""),
            Error::TooManyTokens { most } => invalid("error-too-many-tokens").with(*most, ""),
            Error::AnswerLength { most } => invalid("error-answer-length").with(i64::try_from(*most).unwrap_or(i64::MAX), ""),
            Error::NoSource => invalid("error-no-source"),
            Error::SecondAdministrator => invalid("error-second-administrator"),
            Error::LastAdministrator => invalid("error-last-administrator"),
            Error::Link => Self::not_found("error-link"),
            Error::Missing => Self::not_found("error-missing"),
            Error::Forbidden => Self::said("error-forbidden", StatusCode::FORBIDDEN),
            Error::Busy => Self::said("error-busy", StatusCode::SERVICE_UNAVAILABLE),
            _ => sayable(error.kind(), &error),
        }
    }
}

impl From<assistant::Error> for PageError {
    fn from(error: assistant::Error) -> Self {
        use assistant::Error;
        let invalid = |key| Self::said(key, StatusCode::BAD_REQUEST);
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match error {
            Error::EmptyQuestion => invalid("error-question-empty"),
            Error::QuestionTooLong { characters, limit } => invalid("error-question-long").with(count(characters), &limit.to_string()),
            Error::Search(search::Error::Incomplete { lacking, mending }) => {
                let key = if mending { "error-index-mending" } else { "error-index-lacking" };
                Self::said(key, StatusCode::SERVICE_UNAVAILABLE).with(count(lacking), "")
            }
            Error::Catalog(error) | Error::Search(search::Error::Catalog(error)) => error.into(),
            error if error.kind() == ErrorKind::Busy => Self::said("error-busy", StatusCode::SERVICE_UNAVAILABLE),
            error => sayable(error.kind(), &error),
        }
    }
}

impl From<search::Error> for PageError {
    fn from(error: search::Error) -> Self {
        assistant::Error::from(error).into()
    }
}

impl From<search::FilterError> for PageError {
    fn from(error: search::FilterError) -> Self {
        use search::FilterError;
        let invalid = |key| Self::said(key, StatusCode::BAD_REQUEST);
        match error {
            FilterError::Format(written) => invalid("error-filter-type").about(&written).and(&search::known_formats()),
            FilterError::Language(written) => invalid("error-filter-language").about(&written).and(&search::known_languages()),
            FilterError::Date(written) => invalid("error-filter-date").about(&written),
            FilterError::Order { since, until } => invalid("error-filter-order").about(&since.to_string()).and(&until.to_string()),
            error @ FilterError::Empty(_) => sayable(ErrorKind::Invalid, &error),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        sayable(ErrorKind::Internal, &error)
    }
}

impl IntoResponse for PageError {
    /// Drawn by [`crate::visit`], which knows for whom.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).chain(['.']).collect())
}
