use crate::{ExtractError, Extracted};

pub(crate) fn extract(_text: &str) -> Result<Extracted, ExtractError> {
    Err(ExtractError::Unsupported { found: "csv".into() })
}
