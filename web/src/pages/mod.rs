//! One file a page: its address, what it needs, its template.

pub(crate) mod account;
pub(crate) mod admin;
pub(crate) mod ask;
mod ask_form;
pub(crate) mod audit;
pub(crate) mod conversation;
pub(crate) mod conversations;
pub(crate) mod desk;
pub(crate) mod disclosures;
pub(crate) mod document;
pub(crate) mod documents;
pub(crate) mod door;
pub(crate) mod home;
pub(crate) mod image;
pub(crate) mod original;
pub(crate) mod publish;
pub(crate) mod search;
