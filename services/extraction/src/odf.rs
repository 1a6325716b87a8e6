use catalog::Format;

use crate::{ExtractError, Extracted};

pub(crate) fn extract(_bytes: &[u8], _format: Format) -> Result<Extracted, ExtractError> {
    Err(ExtractError::Unsupported { found: "odf".into() })
}
