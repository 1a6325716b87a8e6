//! Mail: headers, body, and attachments as documents of their own.

pub(crate) mod eml;
pub(crate) mod msg;
