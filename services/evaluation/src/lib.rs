//! How good retrieval and answers are, measured with questions whose answers are known.
//!
//! A [`suite`] names documents, questions and what counts as right; [`retrieval`] and [`answers`] ask; [`ranking`] and
//! [`overlap`] are the measures, [`soundness`] looks whether footnotes hold; [`report`] holds what came out, [`compare`] says what got better and worse since an earlier
//! run, and [`page`] shows it.

pub mod answers;
pub mod compare;
mod error;
pub mod overlap;
pub mod page;
pub mod ranking;
pub mod report;
pub mod retrieval;
pub mod soundness;
pub mod suite;

pub use error::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;
