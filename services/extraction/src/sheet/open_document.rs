use super::Workbook;
use crate::ExtractError;
pub(super) fn read(_bytes: &[u8]) -> Result<Workbook, ExtractError> {
    Err(ExtractError::Unsupported { found: "ods".into() })
}
