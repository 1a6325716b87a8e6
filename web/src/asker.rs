//! Who asks, and so what may be read. The one place where a request becomes a `Reader`, or is let in where a role is needed.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Query},
    http::{StatusCode, request::Parts},
};
use catalog::{Administration, AuditTrail, Reader, Session};
use serde::Deserialize;

use crate::{AppState, error::PageError, frame::Frame};

/// Somebody who is signed in.
pub(crate) struct Visitor(pub(crate) Arc<Session>);

/// The reader of a request, within the collection that its query names.
pub(crate) struct Asker {
    pub(crate) session: Arc<Session>,
    pub(crate) reader: Reader,
    /// The collection that was chosen; empty for all.
    pub(crate) collection: String,
}

/// An administrator.
pub(crate) struct Administrator {
    pub(crate) session: Arc<Session>,
    pub(crate) administration: Administration,
}

/// Whoever may look at the trail.
pub(crate) struct Auditor {
    pub(crate) session: Arc<Session>,
    pub(crate) trail: AuditTrail,
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    collection: String,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, PageError> {
        let session = parts.extensions.get::<Frame>().and_then(|frame| frame.session.clone());
        session.map(Self).ok_or_else(|| PageError::said("error-signed-out", StatusCode::UNAUTHORIZED))
    }
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let Visitor(session) = Visitor::from_request_parts(parts, state).await?;
        let Query(Chosen { collection }) = Query::from_request_parts(parts, state).await.map_err(|e| PageError::invalid(e.body_text()))?;
        Self::of(state, session, collection).await
    }
}

impl Asker {
    /// Within a collection, or in all that may be read where its name is empty.
    pub(crate) async fn of(state: &AppState, session: Arc<Session>, collection: String) -> Result<Self, PageError> {
        let chosen = Some(collection.as_str()).filter(|name| !name.is_empty());
        let reader = state.catalog.reader(&session.principal(), chosen).await?;
        Ok(Self { session, reader, collection })
    }
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let Visitor(session) = Visitor::from_request_parts(parts, state).await?;
        Ok(Self { administration: session.administration()?, session })
    }
}

impl FromRequestParts<AppState> for Auditor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let Visitor(session) = Visitor::from_request_parts(parts, state).await?;
        Ok(Self { trail: session.trail()?, session })
    }
}
