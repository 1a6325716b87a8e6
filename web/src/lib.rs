//! The portal: pages rendered on the server, usable without JavaScript.
//!
//! A request passes [`guard`] (host, headers, own forms), [`visit`] finds who sent it and makes the [`frame`] of the page, [`asker`] lets it in
//! and hands out a `Reader`; it finds its page in `pages`, and what goes wrong becomes a page in [`error`]. [`stream`] renders the events of an
//! answer, for a page and for server-sent events. [`language`] holds what is said.

mod api;
mod asker;
mod assets;
mod error;
mod frame;
mod guard;
mod language;
mod limits;
mod opinion;
mod pages;
mod router;
mod serve;
mod state;
mod stream;
mod view;
mod visit;
mod vitals;

pub use router::router;
pub use serve::{Tls, serve};
pub use state::{AppState, PortalParts, PortalSettings};
pub use vitals::{Grade, Vital, VitalKind, VitalState, Vitals, Writing};
