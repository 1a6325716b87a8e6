//! Answers that editors gave: found first for the same question, as long as their source says so and may be read.

use catalog::{AnswerRecord, Filter, Passage, PersonId, Principal, Raised, Reader, Reason};
use search::Stretch;

use crate::{
    Assistant, Result, cutting,
    draft::Draft,
    event::{Citation, Sentence, VerifiedBy},
    question::{self, Question},
    steps::Evidence,
};

/// An editor's answer with its source, as this reader may see it.
pub(crate) struct Verified {
    pub(crate) by: VerifiedBy,
    text: String,
    source: Citation,
}

impl Verified {
    pub(crate) fn evidence(&self) -> Evidence {
        Evidence { citations: vec![self.source.clone()], strength: f32::NAN, answers: true }
    }

    pub(crate) fn sentence(&self) -> Sentence {
        Sentence { text: self.text.clone(), citations: vec![self.source.n] }
    }
}

impl Assistant {
    /// The latest answer of an editor to this question whose source still says it, may be read and passes the filter.
    pub(crate) async fn verified(&self, reader: &Reader, asked: &str, filter: &Filter) -> Result<Option<Verified>> {
        match question::key(asked) {
            Some(key) => self.verified_under(reader, &key, filter).await,
            None => Ok(None),
        }
    }

    async fn verified_under(&self, reader: &Reader, key: &str, filter: &Filter) -> Result<Option<Verified>> {
        for known in self.catalog().questions().verified(key).await? {
            let Some(passage) = reader.passage_saying(known.document, &known.source, filter).await? else { continue };
            let page = reader.page(passage.revision_id, passage.page).await?;
            let whole = 0..passage.text.len();
            if let Some(source) = cutting::citation(1, &Stretch::from(passage), &whole, None, page.as_ref()) {
                let by = VerifiedBy { id: known.id, author: known.author, at: known.created_at };
                return Ok(Some(Verified { by, text: known.text, source }));
            }
        }
        Ok(None)
    }

    /// Whether an editor has answered the question of a record since, so that whoever asks again gets that.
    ///
    /// # Errors
    /// The database failed.
    pub async fn was_answered_since(&self, reader: &Reader, known: &AnswerRecord) -> Result<bool> {
        let Some(key) = known.record["key"].as_str() else { return Ok(false) };
        let answered = self.verified_under(reader, key, &Filter::default()).await?;
        Ok(answered.is_some_and(|verified| verified.by.at > known.created_at))
    }

    /// The sentences of an editor's answer that a passage does not carry, as far as that can be told: for them to look at again. Whether they
    /// speak to the question is for the editor to know.
    ///
    /// # Errors
    /// The page of the passage can't be read.
    pub async fn not_carried(&self, text: &str, source: &Passage) -> Result<Vec<String>> {
        let page = self.catalog().reader(&Principal::LocalOperator, None).await?.page(source.revision_id, source.page).await?;
        let whole = 0..source.text.len();
        let Some(citation) = cutting::citation(1, &Stretch::from(source.clone()), &whole, None, page.as_ref()) else {
            return Ok(vec![text.trim().to_owned()]);
        };
        let witness = self.pen().exhibits(&Question::of(source.title.clone()), &[citation], &[]).await;
        let mut doubtful = Vec::new();
        for sentence in text::sentences(text).into_iter().map(|range| text[range].trim().to_owned()).filter(|s| !s.is_empty()) {
            if !self.pen().carries(&witness, &sentence).await {
                doubtful.push(sentence);
            }
        }
        Ok(doubtful)
    }

    /// Hands a question on to the editors of what its asker may read.
    pub(crate) async fn hand_on(&self, reader: &Reader, draft: &Draft, person: PersonId) -> Result<()> {
        let Some(key) = question::key(&draft.looked_up) else { return Ok(()) };
        let question = draft.understood.clone().unwrap_or_else(|| draft.question.clone());
        let raised = Raised { key, question, person, answer: draft.id, collection: reader.only(), reason: Reason::Refused };
        self.catalog().questions().raise(&raised).await?;
        Ok(())
    }
}
