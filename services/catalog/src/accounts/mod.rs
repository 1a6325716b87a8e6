//! Who may sign in, and what each may do. [`Accounts`] is for whoever is not signed in yet; a [`Session`] shows who somebody is and hands out
//! the doors that their role opens: [`Administration`], the trail, a reader, the publishing of documents.

mod administration;
mod api_tokens;
mod attempts;
mod groups;
mod links;
mod password;
mod person;
mod session;
mod sign_in;
mod token;

pub use administration::Administration;
pub use api_tokens::{ApiToken, Program};
pub use groups::{Grant, GrantAccess, Group};
pub use links::{Link, LinkKind, OpenLink};
pub use password::{Weakness, check_password};
pub use person::{NewPerson, Person, Role};
pub use session::{Session, SessionInfo};
pub use sign_in::{Accounts, SessionLimits};
pub use token::Token;
