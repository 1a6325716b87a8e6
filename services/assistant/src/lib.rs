//! Question to verified, cited answer.
//!
//! [`Assistant::answer`] is the path of a question: [`question`] cleans it, [`conversation`] makes it stand alone, search finds passages, [`evidence`] picks the
//! quotes, [`abstain`] decides whether they answer, [`pen`] gives them to the model, [`sentences`] cuts what it writes,
//! [`verify`] lets through what a quote carries, `draft` numbers it, `record` keeps it. Events: [`event`].

mod answer;
mod assistant;
mod conflict;
mod cutting;

mod draft;
mod error;
mod event;
mod lists;
mod pen;
mod prompt;
mod recall;
mod record;
mod replay;
mod settings;
mod steps;
mod verified;

pub mod abstain;
pub mod conversation;
pub mod evidence;
pub mod exam;
pub mod question;
pub mod sentences;
pub mod verify;
pub mod words;

pub use answer::Asked;
pub use assistant::{Assistant, AssistantParts, Writer};
pub use conflict::Conflict;
pub use draft::NOT_FOUND;
pub use error::Error;
pub use event::{Answer, AnswerEvent, Citation, Sentence, Status, TimingsMs, VerifiedBy};
pub use recall::{Recalled, recall, shown_quotes, told_answer};
pub use replay::{Quoted, Rejudged, Replay};
pub use settings::AssistantSettings;

pub type Result<T, E = Error> = std::result::Result<T, E>;
