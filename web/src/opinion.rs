//! What somebody thinks of an answer that was given to them, and what comes of it.

use catalog::{AnswerId, AnswerRecord, ConversationId, FeedbackVerdict, Raised, Reason, Session};

use crate::{AppState, error::PageError};

/// Whether somebody may say what they think of an answer: of one's own, which was not asked for in somebody else's place.
pub(crate) fn is_asked_of(known: &AnswerRecord, session: &Session) -> bool {
    known.person == Some(session.person().id) && session.viewing_as().is_none() && known.record["viewing_as"].is_null()
}

/// Keeps it; what is not helpful goes to the editors of what the asker may read. Returns where the answer was given.
pub(crate) async fn keep(
    state: &AppState,
    session: &Session,
    answer: AnswerId,
    verdict: FeedbackVerdict,
    comment: &str,
) -> Result<Option<ConversationId>, PageError> {
    let person = session.person().id;
    let missing = || PageError::not_found("error-missing");
    let known = state.catalog.answers().get(answer).await?.filter(|known| is_asked_of(known, session)).ok_or_else(missing)?;
    let questions = state.catalog.questions();
    questions.say(answer, person, verdict, comment).await?;
    let reason = match verdict {
        FeedbackVerdict::Helpful => {
            questions.withdraw(answer).await?;
            return Ok(known.conversation);
        }
        FeedbackVerdict::Wrong => Reason::Wrong,
        FeedbackVerdict::Missing => Reason::Missing,
    };
    let Some(key) = known.record["key"].as_str() else { return Ok(known.conversation) };
    let question = known.record["answer"]["understood"].as_str().unwrap_or(&known.question).to_owned();
    let collection = serde_json::from_value(known.record["only"].clone()).unwrap_or_default();
    questions.raise(&Raised { key: key.to_owned(), question, person, answer, collection, reason }).await?;
    Ok(known.conversation)
}
