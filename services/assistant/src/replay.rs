//! An answer judged again: whether its quotes still stand where they stood, and whether each sentence that the model wrote gets
//! the verdict that it got. The model is not asked again; its words are in the record.

use catalog::{AnswerId, AnswerRecord, Reader};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Assistant, AssistantSettings, Error, Result, draft::Draft, event::Citation, evidence, pen::Pen, prompt, question::Question,
    record::Kept, sentences::Written,
};

/// What an answer was, and what has become of what it rests on.
#[derive(Clone, Debug, Serialize)]
pub struct Replay {
    pub id: AnswerId,
    pub question: String,
    pub quotes: Vec<Quoted>,
    pub sentences: Vec<Rejudged>,
    /// Whether the prompt, the settings and the embedding model are those of today.
    pub same_prompt: bool,
    pub same_settings: bool,
    pub same_embedding: bool,
    /// The model that wrote, as it was recorded.
    pub model: Value,
    /// Whether every quote stands at its place and every verdict is the same.
    pub holds: bool,
}

/// A quote of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Quoted {
    pub n: u32,
    pub title: String,
    pub place: Option<String>,
    /// BLAKE3 of the document's bytes when the answer was given, as hex.
    pub revision_hash: Option<String>,
    /// Whether it stands at its place in that revision. None where the document was deleted, or may not be read.
    pub stands: Option<bool>,
}

/// A sentence that the model wrote.
#[derive(Clone, Debug, Serialize)]
pub struct Rejudged {
    pub text: String,
    pub then: Value,
    pub now: Value,
    pub same: bool,
}

impl Assistant {
    /// Judges a given answer again. None where there is no such answer.
    ///
    /// # Errors
    /// The record can't be read; catalog or embedding model fail.
    pub async fn replay(&self, reader: &Reader, id: AnswerId) -> Result<Option<Replay>> {
        let Some(known) = self.catalog().answers().get(id).await? else { return Ok(None) };
        let AnswerRecord { question, record, .. } = known;
        let unreadable = |error: serde_json::Error| Error::Record { id, reason: error.to_string() };
        let kept: Vec<Kept> = serde_json::from_value(record["evidence"].clone()).map_err(unreadable)?;
        let settings: AssistantSettings = serde_json::from_value(record["settings"].clone()).unwrap_or_default();
        let mut quotes = Vec::new();
        for kept in &kept {
            quotes.push(quoted(reader, kept).await?);
        }
        let asked = record["answer"]["understood"].as_str().unwrap_or(&question).to_owned();
        let citations = kept.into_iter().map(Kept::into_citation).collect();
        let judged = record["sentences"].as_array().cloned().unwrap_or_default();
        let sentences = self.rejudge(&asked, citations, judged, settings.clone()).await?;
        Ok(Some(Replay {
            holds: quotes.iter().all(|quote| quote.stands == Some(true)) && sentences.iter().all(|sentence| sentence.same),
            same_prompt: record["prompt_hash"] == prompt::hash(),
            same_settings: settings == *self.settings(),
            same_embedding: record["embedding"] == self.embedder().fingerprint(),
            model: record["model"].clone(),
            id,
            question,
            quotes,
            sentences,
        }))
    }

    async fn rejudge(
        &self,
        question: &str,
        citations: Vec<Citation>,
        judged: Vec<Value>,
        settings: AssistantSettings,
    ) -> Result<Vec<Rejudged>> {
        let pen = Pen { writer: self.pen().writer.clone(), embedder: self.embedder().clone(), settings };
        let question = Question::of(question.to_owned());
        let vector = pen.embedder.embed_query(&question.text).await?;
        let witness = pen.exhibits(&question, &citations, &vector).await;
        let mut draft = Draft::new(question.text.clone(), Vec::new(), citations);
        let mut sentences = Vec::new();
        for then in judged {
            let text = then["text"].as_str().unwrap_or_default().to_owned();
            let marks = then["marks"].as_array().into_iter().flatten().filter_map(|n| n.as_u64()?.try_into().ok()).collect();
            let judged = pen.judge(&witness, Written { text: text.clone(), marks }, &draft).await;
            let now = serde_json::to_value(&judged).unwrap_or_default();
            draft.take(judged);
            sentences.push(Rejudged { same: same_verdict(&then, &now), text, then, now });
        }
        Ok(sentences)
    }
}

/// The same word and the same quote; the figures beside it may differ in their last places.
fn same_verdict(then: &Value, now: &Value) -> bool {
    ["verdict", "n", "flaw", "mismatch", "exception"].iter().all(|key| then[key] == now[key])
}

async fn quoted(reader: &Reader, kept: &Kept) -> Result<Quoted> {
    let Kept { citation, page_number, revision_hash, .. } = kept;
    let page = reader.page(citation.revision, *page_number).await?;
    let stands = page.map(|page| evidence::is_at_its_place(&page.text, &(citation.start..citation.end), &citation.quote));
    Ok(Quoted { n: citation.n, title: citation.title.clone(), place: citation.place.clone(), revision_hash: revision_hash.clone(), stands })
}

impl Kept {
    fn into_citation(self) -> Citation {
        Citation { page_number: self.page_number, ..self.citation }
    }
}
