use super::Workbook;
use crate::ExtractError;
pub(super) fn read(_bytes: &[u8]) -> Result<Workbook, ExtractError> {
    Err(ExtractError::Unsupported { found: "ods".into() })
}
pub(crate) fn is_spreadsheet_ml(_bytes: &[u8]) -> bool {
    false
}
