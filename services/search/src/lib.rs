//! Hybrid retrieval: which passages may answer a question, asked by somebody who may read only some of them.
//!
//! Passages go into [`index`] (both halves together: [`lexical`] by words, [`dense`] by meaning); a question goes
//! through [`retrieve`], which asks both halves within the reader's scope and what the asker wants of it ([`filter`]),
//! merges them ([`fusion`]) and fetches the passages from the catalog, which alone decides what is live and readable.
//! Passages that follow each other are put together before they are shown or prompted ([`mod@segments`]), and what a page cuts short goes on
//! ([`page_ends`]).

mod dense;
mod error;
mod filter;
mod fusion;
mod index;
mod lexical;
mod page_ends;
mod retrieve;
mod segments;

pub use error::Error;
pub use filter::{FilterError, WrittenFilter, known_formats, known_languages};
pub use index::{Completeness, Damage, IndexedPassage, SearchIndex};
pub use lexical::{
    spelling::Correction,
    synonyms::{SynonymError, Synonyms},
};
pub use page_ends::searched_text;
pub use retrieve::{Hit, Mode, Query, Retrieved, Retriever, Timings};
pub use segments::{Segment, Stretch, segments};
pub use text::language::name as language_name;

pub type Result<T, E = Error> = std::result::Result<T, E>;
