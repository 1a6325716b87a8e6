//! From quotes to verified sentences: the model writes, and what it writes is judged. Needs no catalog, so an exam can set it
//! before sources of its own.

use embedding::Embedder;
use futures::{Stream, StreamExt, stream};
use generation::{Message, Piece, Request};

use crate::{
    AssistantSettings, Writer,
    draft::{Draft, Judged},
    event::Citation,
    evidence, prompt,
    question::Question,
    sentences::{SentenceBuffer, Written},
    verify::{self, Case, Exhibit, Verdict},
};

/// Who writes, and what judges it.
pub struct Pen {
    pub writer: Writer,
    pub embedder: Embedder,
    pub settings: AssistantSettings,
}

/// What generated sentences are judged by.
pub(crate) struct Witness {
    question: String,
    question_vector: Vec<f32>,
    exhibits: Vec<Exhibit>,
}

/// What comes of the model's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writing {
    /// It is at work for others; so many questions come before this one.
    Waiting {
        ahead: usize,
    },
    Sentence(Written),
    /// It wrote nothing, or no more, and this sentence says why. The quotes answer.
    Silent(String),
}

impl Pen {
    /// Starts the model on the evidence and yields its sentences as they are completed. Without a model, or where it fails,
    /// it says why and ends early.
    pub(crate) fn write(
        &self,
        question: &Question,
        citations: &[Citation],
        asker: Option<String>,
    ) -> impl Stream<Item = Writing> + Send + Unpin + use<> {
        let generator = match &self.writer {
            Writer::Model(generator) => generator,
            Writer::Nobody(reason) => return stream::iter(reason.clone().map(Writing::Silent)).boxed(),
        };
        let prompt = prompt::render(&question.text, citations, self.settings.prompt_tokens, |text| generator.count_tokens(text));
        let messages = vec![Message::system(prompt.system), Message::user(prompt.user)];
        match generator.generate(Request { messages, max_tokens: self.settings.answer_tokens, stop: Vec::new(), asker }) {
            Ok(generation) => sentences(generation).boxed(),
            Err(error) => stream::iter([silent(&error)]).boxed(),
        }
    }

    /// Embeds the sentences of the quotes, which generated sentences will be compared with. None where that fails: nothing can
    /// be verified then.
    pub(crate) async fn witness(&self, question: &Question, citations: &[Citation], question_vector: &[f32]) -> Option<Witness> {
        self.writer.model()?;
        self.exhibits(question, citations, question_vector).await
    }

    /// The same, whoever wrote.
    pub(crate) async fn exhibits(&self, question: &Question, citations: &[Citation], question_vector: &[f32]) -> Option<Witness> {
        let mut exhibits: Vec<Exhibit> = citations.iter().map(exhibit).collect();
        for (exhibit, (citation, next)) in exhibits.iter_mut().zip(citations.iter().zip(citations.iter().skip(1))) {
            exhibit.following = following(citation, next);
        }
        let texts = exhibits.iter().flat_map(|e| e.sentences.iter().map(|s| e.text[s.clone()].to_owned())).collect();
        let vectors = self.embedder.embed_sentences(texts).await;
        let mut vectors =
            vectors.inspect_err(|error| tracing::warn!(%error, "sentences cannot be verified; the quotes answer")).ok()?.into_iter();
        for exhibit in &mut exhibits {
            exhibit.vectors = vectors.by_ref().take(exhibit.sentences.len()).collect();
        }
        Some(Witness { question: question.text.clone(), question_vector: question_vector.to_vec(), exhibits })
    }

    /// Whether the quotes carry a sentence, whatever was asked. Where its vector can't be had they don't.
    pub(crate) async fn carries(&self, witness: &Option<Witness>, sentence: &str) -> bool {
        let vector = self.embedder.embed_sentences(vec![sentence.to_owned()]).await.ok().and_then(|mut vectors| vectors.pop());
        let (Some(witness), Some(vector)) = (witness, &vector) else { return false };
        let case =
            Case { sentence, sentence_vector: Some(vector), question: "", question_vector: None, hints: &[], earlier: &[], last: None };
        verify::verify(&case, &witness.exhibits, &self.settings.support).is_supported()
    }

    /// Verifies a sentence: as it is written, and where no quote carries that, as it reads below those shown before it.
    pub(crate) async fn judge(&self, witness: &Option<Witness>, written: Written, draft: &Draft) -> Judged {
        let Written { text, marks } = written;
        let verdict = self.verdict(witness, &text, &marks, draft).await;
        if !verdict.is_supported()
            && let Some(alone) = verify::alone(&text, &draft.earlier())
        {
            let verdict = self.verdict(witness, &alone, &marks, draft).await;
            if verdict.is_supported() {
                return Judged { text, marks, read_as: Some(alone), verdict };
            }
        }
        Judged { text, marks, read_as: None, verdict }
    }

    /// Where a sentence's vector can't be had it counts as unsupported.
    async fn verdict(&self, witness: &Option<Witness>, sentence: &str, hints: &[u32], draft: &Draft) -> Verdict {
        let vector = self.embedder.embed_sentences(vec![sentence.to_owned()]).await.ok().and_then(|mut vectors| vectors.pop());
        let (Some(witness), Some(vector)) = (witness, &vector) else {
            return Verdict::Unsupported { coverage: 0.0, similarity: 0.0 };
        };
        let case = Case {
            sentence,
            sentence_vector: Some(vector),
            question: &witness.question,
            question_vector: Some(&witness.question_vector),
            hints,
            earlier: &draft.earlier(),
            last: draft.last(),
        };
        verify::verify(&case, &witness.exhibits, &self.settings.support)
    }
}

fn sentences(pieces: impl Stream<Item = generation::Result<Piece>> + Send) -> impl Stream<Item = Writing> + Send {
    let end = stream::once(async { None });
    let steps = pieces.map(Some).chain(end).scan(SentenceBuffer::default(), |buffer, piece| {
        let written = |sentences: Vec<Written>| sentences.into_iter().map(Writing::Sentence).collect::<Vec<_>>();
        let steps = match piece {
            Some(Ok(Piece::Text(text))) => written(buffer.push(&text)),
            Some(Ok(Piece::Waiting { ahead })) => vec![Writing::Waiting { ahead }],
            Some(Err(error)) => vec![silent(&error)],
            None => written(std::mem::take(buffer).finish()),
        };
        futures::future::ready(Some(stream::iter(steps)))
    });
    steps.flatten()
}

fn silent(error: &generation::Error) -> Writing {
    tracing::warn!(%error, "the language model does not answer; the quotes do");
    Writing::Silent(error.to_string())
}

/// What limits the last sentence of a quote, or is its rest, and stands in the next quote. Further items of a list limit nothing.
fn following(citation: &Citation, next: &Citation) -> Option<String> {
    let first = text::sentences(&next.quote).into_iter().next().filter(|_| next.completes_previous)?;
    let goes_on = citation.between(next).is_some_and(|between| between != "\n");
    if goes_on { Some(next.quote[first].to_owned()) } else { evidence::is_exception(&next.quote[first]).then(|| next.quote.clone()) }
}

fn exhibit(citation: &Citation) -> Exhibit {
    let context = std::iter::once(&citation.title).chain(&citation.headings).map(String::as_str).collect::<Vec<_>>().join("\n");
    Exhibit::new(citation.n, citation.quote.clone(), context, citation.lead.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::citation;

    #[test]
    fn what_limits_a_quote_or_ends_its_sentence_is_told_from_a_list_that_goes_on() {
        let of = |quote: &str, next: &str, page: i32| {
            let first = citation(1, "Rules", quote);
            let next =
                Citation { n: 2, quote: next.to_owned(), page_number: first.page_number + page, completes_previous: true, ..first.clone() };
            following(&first, &next)
        };
        assert_eq!(
            of("Gifts may be accepted.", "However, cash may not. Unless it is a coin.", 0).as_deref(),
            Some("However, cash may not. Unless it is a coin.")
        );
        assert_eq!(of("You may claim trains if you", "ask first. Meals are paid.", 1).as_deref(), Some("ask first."));
        assert_eq!(of("You may claim:\n- trains", "- meals\n- hotels", 1), None);
        assert_eq!(of("You may claim:\n- trains", "- unless you drive", 1).as_deref(), Some("- unless you drive"));
    }
}
