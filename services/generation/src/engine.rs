//! Evaluation: the context with its cache of what it has read.
//!
//! Prompts are read in chunks that begin at fixed positions, and only whole chunks are taken over from an earlier
//! prompt. So a prompt is computed in the same steps whatever was asked before, and the same prompt gives the same
//! answer, with the cache or without.

use std::num::NonZeroU32;

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::LlamaModel,
    token::LlamaToken,
    vocab::LlamaVocab,
};

use crate::{Error, Result};

/// Tokens read at once. Larger is hardly faster on a CPU; smaller notices sooner that the asker has left and keeps
/// more of the prompt's head.
const CHUNK: usize = 64;
const SEQUENCE: i32 = 0;

pub(crate) struct Engine<'model> {
    context: LlamaContext<'model>,
    vocab: LlamaVocab<'model>,
    batch: LlamaBatch<'static>,
    /// Whole chunks of the last prompt, which the cache still holds.
    read: Vec<LlamaToken>,
    /// Tokens in the cache: the prompt and what was written after it.
    position: usize,
}

impl<'model> Engine<'model> {
    /// # Errors
    /// `Memory` when the context can't be allocated.
    pub(crate) fn new(model: &'model LlamaModel, backend: &LlamaBackend, tokens: u32, threads: i32) -> Result<Self> {
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(tokens))
            .with_n_batch(CHUNK as u32)
            .with_n_ubatch(CHUNK as u32)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_no_perf(true);
        let context = model.new_context(backend, params).map_err(|_| Error::Memory { tokens })?;
        let batch = LlamaBatch::new(CHUNK, 1);
        Ok(Self { context, vocab: model.vocab(), batch, read: Vec::new(), position: 0 })
    }

    /// Reads a prompt; afterwards [`Self::best`] is the first token of the answer. Returns how many of its tokens
    /// were known already, or `None` when `cancelled` said to stop.
    ///
    /// # Errors
    /// `Inference` when llama.cpp fails.
    pub(crate) fn read(&mut self, prompt: &[LlamaToken], cancelled: impl Fn() -> bool) -> Result<Option<usize>> {
        let known = self.rewind(known_chunks(&self.read, prompt));
        for chunk in prompt[known..].chunks(CHUNK) {
            if cancelled() {
                return Ok(None);
            }
            self.evaluate(chunk)?;
            if chunk.len() == CHUNK {
                self.read.extend_from_slice(chunk);
            }
        }
        Ok(Some(known))
    }

    /// Appends a token of the answer.
    ///
    /// # Errors
    /// `Inference` when llama.cpp fails.
    pub(crate) fn write(&mut self, token: LlamaToken) -> Result<()> {
        self.evaluate(&[token])
    }

    /// The likeliest next token; of equals the first.
    pub(crate) fn best(&self) -> LlamaToken {
        let logits = self.context.get_logits_ith(self.batch.n_tokens() - 1);
        let suppressed = self.vocab.suppress_tokens();
        let mut best = (LlamaToken(0), f32::NEG_INFINITY);
        for (token, &logit) in (0..).map(LlamaToken).zip(logits) {
            if logit > best.1 && !suppressed.contains(&token) {
                best = (token, logit);
            }
        }
        best.0
    }

    /// Whether a token ends the answer: any of the model's end tokens, or the beginning of another message.
    pub(crate) fn ends(&self, token: LlamaToken) -> bool {
        self.vocab.is_eog(token) || token == self.vocab.bos()
    }

    /// What a token adds to the text; nothing for control tokens.
    pub(crate) fn bytes(&self, token: LlamaToken) -> Vec<u8> {
        self.vocab.token_to_piece(token, false, None)
    }

    fn evaluate(&mut self, tokens: &[LlamaToken]) -> Result<()> {
        self.batch.clear();
        for (index, &token) in tokens.iter().enumerate() {
            let position = i32::try_from(self.position + index).map_err(|e| Error::Inference(e.to_string()))?;
            let last = index + 1 == tokens.len();
            self.batch.add(token, position, &[SEQUENCE], last).map_err(|e| Error::Inference(e.to_string()))?;
        }
        if let Err(error) = self.context.decode(&mut self.batch) {
            // What the cache holds now is unknown.
            self.forget();
            return Err(Error::Inference(error.to_string()));
        }
        self.position += tokens.len();
        Ok(())
    }

    /// Drops what comes after the first `keep` tokens; returns how many are left.
    fn rewind(&mut self, keep: usize) -> usize {
        let from = u32::try_from(keep).ok();
        if self.context.kv_cache_seq_rm(SEQUENCE, from, None).is_err() {
            // Recurrent models (RWKV, Mamba) can't go back: they start again.
            self.forget();
        } else {
            self.read.truncate(keep);
            self.position = keep;
        }
        self.position
    }

    fn forget(&mut self) {
        self.context.clear_kv_cache();
        self.read.clear();
        self.position = 0;
    }
}

/// Tokens of whole chunks that both begin with. At least one token of the prompt is left to be read: its logits
/// start the answer.
fn known_chunks<T: PartialEq>(read: &[T], prompt: &[T]) -> usize {
    let common = read.iter().zip(prompt).take_while(|(a, b)| a == b).count();
    common.min(prompt.len().saturating_sub(1)) / CHUNK * CHUNK
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, known_chunks};

    #[test]
    fn only_whole_chunks_are_taken_over_and_the_last_token_is_always_read() {
        let prompt: Vec<usize> = (0..3 * CHUNK).collect();
        assert_eq!(known_chunks(&[], &prompt), 0);
        assert_eq!(known_chunks(&prompt[..CHUNK - 1], &prompt), 0);
        assert_eq!(known_chunks(&prompt[..CHUNK + 5], &prompt), CHUNK);
        assert_eq!(known_chunks(&prompt, &prompt), 2 * CHUNK);
        assert_eq!(known_chunks(&prompt, &prompt[..2 * CHUNK + 1]), 2 * CHUNK);
        assert_eq!(known_chunks(&prompt, &[]), 0);
    }
}
