//! One file a page: its address, what it needs, its template.

pub(crate) mod answer;
mod ask_form;
pub(crate) mod document;
pub(crate) mod documents;
pub(crate) mod home;
pub(crate) mod image;
