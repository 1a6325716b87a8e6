//! The portal: pages rendered on the server, usable without JavaScript.
//!
//! A request passes [`guard`] (host, headers), finds its page in `pages`, gets a `Reader` from [`asker`], and what goes
//! wrong becomes a page in [`error`]. [`stream`] renders the events of an answer, for a page and for server-sent events.

mod asker;
mod assets;
mod error;
mod guard;
mod pages;
mod router;
mod serve;
mod state;
mod stream;
mod view;

pub use router::router;
pub use serve::serve;
pub use state::AppState;
