//! What is kept of an answer, so that it can be told later who was told what, from which text and by which model; and so that it
//! can be judged again.

use std::collections::HashMap;

use catalog::{AnswerId, AnswerRecord, Circumstances, Clock, ConversationId, Filter, Outcome, PersonId, Reader, RevisionId, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Assistant, Result,
    draft::Draft,
    event::{Answer, Citation},
    prompt, question,
    steps::Evidence,
};

/// Characters of a question that another one leans on.
const LONGEST_EARLIER: usize = 500;

/// A quote as it is kept: with what a citation does not show.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    #[serde(flatten)]
    pub(crate) citation: Citation,
    /// The page to ask the catalog for.
    pub(crate) page_number: i32,
    /// BLAKE3 of the document's bytes, as hex.
    #[serde(default)]
    pub(crate) revision_hash: Option<String>,
}

/// What of a question is kept beside its draft.
pub(crate) struct Recorded<'a> {
    pub(crate) person: Option<PersonId>,
    pub(crate) filter: &'a Filter,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) circumstances: Circumstances,
}

impl Assistant {
    /// Keeps what is about to be shown.
    pub(crate) async fn begin_record(&self, reader: &Reader, asked: &Recorded<'_>, draft: &Draft, evidence: &Evidence) -> Result<()> {
        let row = self.row(reader, asked, AnswerRecord::OPEN, None, draft, evidence).await?;
        Ok(self.catalog().answers().begin(&row, asked.circumstances).await?)
    }

    /// Keeps the sentences so far, of which the last is about to be shown.
    pub(crate) async fn go_on_with_record(&self, reader: &Reader, asked: &Recorded<'_>, draft: &Draft, evidence: &Evidence) -> Result<()> {
        let row = self.row(reader, asked, AnswerRecord::OPEN, None, draft, evidence).await?;
        Ok(self.catalog().answers().go_on(&row).await?)
    }

    /// Keeps the whole answer in its place.
    pub(crate) async fn finish_record(
        &self,
        reader: &Reader,
        asked: &Recorded<'_>,
        answer: &Answer,
        draft: &Draft,
        evidence: &Evidence,
    ) -> Result<()> {
        let row = self.row(reader, asked, answer.status.as_str(), Some(answer), draft, evidence).await?;
        let cited = answer.citations.iter().map(|citation| citation.document).collect();
        // Truncated to whole milliseconds, of which no answer has more than fit.
        let outcome = Outcome { total_ms: answer.timings_ms.total as i32, cited };
        Ok(self.catalog().answers().finish(&row, &outcome, asked.circumstances).await?)
    }

    async fn row(
        &self,
        reader: &Reader,
        asked: &Recorded<'_>,
        status: &str,
        answer: Option<&Answer>,
        draft: &Draft,
        evidence: &Evidence,
    ) -> Result<AnswerRecord> {
        let model = self.generator().map(|generator| generator.identity().clone());
        let revisions: Vec<RevisionId> = draft.citations.iter().map(|citation| citation.revision).collect();
        let hashes = reader.revision_hashes(&revisions).await?;
        let record = json!({
            "answer": answer,
            "key": question::key(&draft.looked_up),
            "only": reader.only(),
            "viewing_as": asked.circumstances.viewing_as,
            "scope": scope(reader),
            "filter": asked.filter,
            "evidence": draft.citations.iter().map(|citation| kept(citation, &hashes)).collect::<Vec<_>>(),
            "strength": evidence.strength,
            "sentences": draft.judged,
            "model": model,
            "embedding": self.embedder().fingerprint(),
            "prompt_hash": prompt::hash(),
            "settings_hash": self.settings().hash(),
            "settings": self.settings(),
        });
        Ok(AnswerRecord {
            id: draft.id,
            person: asked.person,
            conversation: asked.conversation,
            question: draft.question.clone(),
            collection: None,
            status: status.to_owned(),
            model: model.map(|m| m.name),
            record,
            created_at: Clock::system().now(),
        })
    }

    /// The question that an answer was given to, as it stands alone. None where there is no such answer, or somebody else asked it.
    pub(crate) async fn earlier(&self, person: Option<PersonId>, after: Option<AnswerId>) -> Result<Option<String>> {
        let Some(id) = after else { return Ok(None) };
        let Some(known) = self.catalog().answers().get(id).await? else { return Ok(None) };
        // "And in Spain?", "and in winter?" each add to the one before: at some length it begins again with what was typed.
        let understood = known.record["answer"]["understood"].as_str().filter(|text| text.chars().count() <= LONGEST_EARLIER);
        let understood = understood.map(str::to_owned);
        Ok((known.person == person).then(|| understood.unwrap_or(known.question)))
    }
}

fn scope(reader: &Reader) -> Value {
    match reader.scope() {
        Scope::Everything => json!("everything"),
        Scope::Within { collections, except } => json!({ "collections": collections, "except": except }),
    }
}

fn kept(citation: &Citation, hashes: &HashMap<RevisionId, String>) -> Kept {
    Kept { page_number: citation.page_number, revision_hash: hashes.get(&citation.revision).cloned(), citation: citation.clone() }
}
