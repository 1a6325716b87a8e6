//! What templates show of citations and texts.

mod block;
mod marked;
mod parts;
mod quote;
mod setback;
mod sheet;
mod source;
mod within;

pub(crate) use block::{Block, columns};
pub(crate) use marked::{MarkedLine, marked_lines};
pub(crate) use parts::{Parts, Rows};
pub(crate) use quote::Quote;
pub(crate) use setback::said_of_setback;
pub(crate) use sheet::Sheet;
pub(crate) use source::{Source, lines, passage_address, place_line};
pub(crate) use within::{Searched, Snippet};
