//! From messages to the tokens that the model reads.

use std::sync::Arc;

use llama_cpp_2::{model::LlamaModel, token::LlamaToken, vocab::LlamaVocab};

use crate::{
    GeneratorConfig, Message, Result,
    layout::Layout,
    stops,
    template::{ChatTemplate, SpecialTokens},
};

/// Shared by all handles: tokenizing needs no turn in the queue.
pub(crate) struct Prompter {
    model: Arc<LlamaModel>,
    template: ChatTemplate,
    /// Texts that stand for control tokens, such as `<|im_end|>`, or mark turns without being tokens, such as `[INST]`.
    controls: Vec<String>,
    /// Texts that end an answer.
    stops: Vec<String>,
}

impl Prompter {
    /// # Errors
    /// `Template` when the template can't be used.
    pub(crate) fn new(model: Arc<LlamaModel>, layout: Layout, config: &GeneratorConfig) -> Result<Self> {
        let vocab = model.vocab();
        let special = SpecialTokens { bos: name(&vocab, vocab.bos()), eos: name(&vocab, vocab.eos()) };
        let controls = vocab.tokens().filter(|&token| vocab.is_control(token) || vocab.is_eog(token));
        let controls = controls.map(|token| name(&vocab, token)).filter(|text| text.len() >= 3);
        let controls = controls.chain(stops::written_by(&layout.source).map(str::to_owned)).collect();
        let template = ChatTemplate::new(layout.source, special, config.clock)?;
        Ok(Self { model, template, controls, stops: layout.stops })
    }

    /// What ends an answer: what the request names, and what ends a turn of this model.
    pub(crate) fn stops(&self, of_request: Vec<String>) -> Vec<String> {
        of_request.into_iter().chain(self.stops.iter().cloned()).collect()
    }

    /// Texts of the tokens that end an answer.
    pub(crate) fn end_tokens(&self) -> Vec<String> {
        let vocab = self.model.vocab();
        vocab.tokens().filter(|&token| vocab.is_eog(token)).map(|token| name(&vocab, token)).collect()
    }

    pub(crate) fn render(&self, messages: &[Message]) -> Result<String> {
        let harmless = |message: &Message| Message { role: message.role, content: self.harmless(&message.content) };
        self.template.render(&messages.iter().map(harmless).collect::<Vec<_>>())
    }

    pub(crate) fn tokens(&self, messages: &[Message]) -> Result<Vec<LlamaToken>> {
        let text = self.render(messages)?;
        let vocab = self.model.vocab();
        let mut tokens = vocab.tokenize(text.as_bytes(), false, true);
        // Some templates write the first token themselves, others leave it to the tokenizer: once, either way.
        if vocab.should_add_bos() && tokens.first() != Some(&vocab.bos()) {
            tokens.insert(0, vocab.bos());
        }
        Ok(tokens)
    }

    pub(crate) fn count(&self, text: &str) -> usize {
        self.model.vocab().tokenize(text.as_bytes(), false, false).len()
    }

    /// Text in documents is data: it must not be able to end its message and begin another one.
    fn harmless(&self, content: &str) -> String {
        let mut content = content.to_owned();
        for control in &self.controls {
            while content.contains(control.as_str()) {
                content = content.replace(control.as_str(), " ");
            }
        }
        content
    }
}

fn name(vocab: &LlamaVocab<'_>, token: LlamaToken) -> String {
    if token.0 < 0 {
        return String::new();
    }
    String::from_utf8_lossy(&vocab.token_to_piece(token, true, None)).into_owned()
}
