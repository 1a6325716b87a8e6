//! What is kept of an answer, so that it can be told later who was told what, from which text and by which model.

use catalog::{AnswerRecord, Clock, Filter, Reader, Scope};
use serde_json::json;

use crate::{Assistant, Result, draft::Draft, event::Answer, prompt, steps::Evidence};

impl Assistant {
    pub(crate) async fn record(&self, reader: &Reader, filter: &Filter, answer: &Answer, draft: &Draft, evidence: &Evidence) -> Result<()> {
        let model = self.generator().map(|generator| generator.identity().clone());
        let scope = match reader.scope() {
            Scope::Everything => json!("everything"),
            Scope::Collections(collections) => json!(collections),
        };
        let record = json!({
            "answer": answer,
            "scope": scope,
            "filter": filter,
            "evidence": draft.citations,
            "strength": evidence.strength,
            "sentences": draft.judged,
            "model": model.as_ref().map(|m| json!({"name": m.name, "file_hash": m.file_hash, "template_hash": m.template_hash})),
            "embedding": self.embedder().fingerprint(),
            "prompt_hash": prompt::hash(),
            "settings_hash": self.settings().hash(),
            "settings": self.settings(),
        });
        let row = AnswerRecord {
            id: answer.id,
            question: answer.question.clone(),
            collection: None,
            status: answer.status.as_str().to_owned(),
            model: model.map(|m| m.name),
            record,
            created_at: Clock::system().now(),
        };
        Ok(self.catalog().answers().record(&row).await?)
    }
}
