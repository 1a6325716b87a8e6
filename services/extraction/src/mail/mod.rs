//! Mail: headers, body, and attachments as documents of their own.

pub(crate) mod eml;
pub(crate) mod msg;

mod bodies;
mod charset;
mod entity;
mod head;
mod header;
mod letter;
mod limits;
mod mbox;
mod part;
mod quotes;
mod smime;
mod uuencode;

#[cfg(test)]
mod tests;
