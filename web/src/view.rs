//! What templates show of citations and texts.

mod block;
mod parts;
mod sheet;
mod source;
mod within;

pub(crate) use block::{Block, columns};
pub(crate) use parts::{Parts, Rows};
pub(crate) use sheet::Sheet;
pub(crate) use source::{Source, said_of_place};
pub(crate) use within::{Searched, Snippet};
