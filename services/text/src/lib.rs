//! What every crate that handles prose needs: where sentences begin and end, which language it is, offsets in bytes and characters.
//!
//! [`sentences`] cuts text into sentences; [`language`] tells languages apart; [`offsets`] converts between byte and
//! character ranges; `abbreviations` holds the words whose full stop ends nothing.

mod abbreviations;
pub mod language;
mod offsets;
mod sentences;

pub use offsets::{byte_range, char_range};
pub use sentences::sentences;
