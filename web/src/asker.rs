//! Who asks, and so what may be read. The one place where a request becomes a `Reader`.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use catalog::{Principal, Reader};
use serde::Deserialize;

use crate::{AppState, error::PageError};

/// The reader of a request, within the collection that its query names.
pub(crate) struct Asker {
    pub(crate) reader: Reader,
    /// The collection that was chosen; empty for all.
    pub(crate) collection: String,
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    collection: String,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PageError> {
        let Query(Chosen { collection }) = Query::from_request_parts(parts, state).await.map_err(|e| PageError::invalid(e.body_text()))?;
        // There are no accounts yet: whoever reaches the portal is who runs it.
        let chosen = Some(collection.as_str()).filter(|c| !c.is_empty());
        let reader = state.catalog.reader(&Principal::LocalOperator, chosen).await?;
        Ok(Self { reader, collection })
    }
}
