//! The quotes that answer a question: the best sentences of the retrieved passages ([`candidates`]), with the
//! neighbours that they must be read with ([`choose`]), cut out of their pages ([`quote`]).

mod apparatus;
mod candidates;
mod choose;
mod quote;

pub use candidates::{Candidate, Source, candidates, text_to_embed};
pub use choose::{Excerpt, LONGEST, Scored, add, choose, goes_on, is_exception, limiting, listed, points_back, score};
pub use quote::{characters, is_at_its_place};
