//! A question's whole path, top to bottom.

use async_stream::try_stream;
use catalog::{AnswerId, Circumstances, ConversationId, Filter, PersonId, Reader};
use futures::{Stream, StreamExt};
use search::{Mode, Query};

use crate::{
    Assistant, Result, conversation,
    draft::{Draft, Stopwatch},
    event::{AnswerEvent, Status},
    pen::Writing,
    question::{Question, understand},
    record::Recorded,
};

/// What somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub question: String,
    /// Which documents to look in.
    pub filter: Filter,
    /// The answer that this question follows.
    pub after: Option<AnswerId>,
    /// Where that is not known: the question before it, as it stands alone.
    pub earlier: Option<String>,
    /// Who asks; `None` on the command line.
    pub person: Option<PersonId>,
    /// Whether it is themselves who ask.
    pub circumstances: Circumstances,
    /// Where it is found again.
    pub conversation: Option<ConversationId>,
    /// Whether the editors are to answer what the documents don't.
    pub hands_on: bool,
}

impl Assistant {
    /// Answers a question from what the reader may read and the filter lets pass: understand, retrieve, pick the evidence, show it, let the model
    /// write, verify what it writes sentence by sentence, record. Dropping the stream stops the model.
    ///
    /// # Errors
    /// The stream ends with an error where the question is empty or too long, or search, embedding model or catalog fail.
    /// A language model that is missing, busy or broken is no error: then the quotes are the answer.
    pub fn answer(&self, reader: Reader, asked: Asked) -> impl Stream<Item = Result<AnswerEvent>> + Send + use<> {
        let assistant = self.clone();
        try_stream! {
            let mut watch = Stopwatch::start();
            let Asked { question, filter, after, earlier, person, circumstances, conversation, hands_on } = asked;
            let recorded = Recorded { person, filter: &filter, conversation, circumstances };
            let typed = understand(&question)?;
            let earlier = assistant.earlier(person, after).await?.or(earlier);
            let standalone = conversation::standalone(&typed.text, earlier.as_deref());
            let query = Query { text: &standalone.text, mode: Mode::Hybrid, k: assistant.settings().passages, filter: &filter };
            let found = assistant.retriever().retrieve(&reader, &query).await?;
            watch.timings.retrieve = watch.elapsed();
            let question = Question::of(found.question.clone());
            let verified = assistant.verified(&reader, &question.text, &filter).await?;
            let evidence = match &verified {
                Some(verified) => verified.evidence(),
                None => assistant.evidence(&reader, &question, &found).await?,
            };
            let mut draft = Draft::new(typed.text, found.corrections.clone(), evidence.citations.clone());
            draft.looked_up.clone_from(&question.text);
            draft.understood = standalone.follows.then_some(standalone.text);
            if let Some(verified) = &verified {
                draft.verified = Some(verified.by.clone());
                draft.shown.push(verified.sentence());
            }
            // Nothing is shown that is not written down.
            if assistant.is_recorded() {
                assistant.begin_record(&reader, &recorded, &draft, &evidence).await?;
            }
            if let Some(verified) = &verified {
                yield AnswerEvent::Quotes(evidence.citations.clone());
                yield AnswerEvent::Sentence(verified.sentence());
            } else if evidence.answers {
                yield AnswerEvent::Quotes(evidence.citations.clone());
                let mut written = assistant.pen().write(&question, &evidence.citations, person.map(|person| person.to_string()));
                let witness = assistant.pen().witness(&question, &evidence.citations, &found.query_vector).await;
                while let Some(step) = written.next().await {
                    let sentence = match step {
                        Writing::Waiting { ahead } => {
                            yield AnswerEvent::Waiting { ahead };
                            continue;
                        }
                        Writing::Silent(reason) => {
                            draft.notice = Some(reason);
                            continue;
                        }
                        Writing::Sentence(sentence) => sentence,
                    };
                    let judged = assistant.pen().judge(&witness, sentence, &draft).await;
                    if let Some(sentence) = draft.take(judged) {
                        watch.timings.first_sentence.get_or_insert(watch.elapsed());
                        if assistant.is_recorded() {
                            assistant.go_on_with_record(&reader, &recorded, &draft, &evidence).await?;
                        }
                        yield AnswerEvent::Sentence(sentence);
                    }
                    if draft.shown.len() >= assistant.settings().sentences {
                        break;
                    }
                }
            } else {
                yield AnswerEvent::Abstained { nearest: evidence.citations.clone() };
            }
            watch.timings.total = watch.elapsed();
            if evidence.answers {
                watch.timings.first_sentence.get_or_insert(watch.timings.total);
            }
            let answer = draft.finish(!evidence.answers, assistant.settings().quoted, watch.timings);
            if assistant.is_recorded() {
                assistant.finish_record(&reader, &recorded, &answer, &draft, &evidence).await?;
                if let (true, Status::Abstained, Some(person)) = (hands_on, answer.status, person) {
                    // The answer stands, whether or not somebody hears of the question.
                    if let Err(error) = assistant.hand_on(&reader, &draft, person).await {
                        tracing::error!(%error, "question.hand_on");
                    }
                }
            }
            yield AnswerEvent::Done(Box::new(answer));
        }
    }
}
