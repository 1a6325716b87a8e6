//! What templates show of citations and texts.

mod block;
mod sheet;
mod source;

pub(crate) use block::{Block, Shape, blocks};
pub(crate) use sheet::Sheet;
pub(crate) use source::Source;
