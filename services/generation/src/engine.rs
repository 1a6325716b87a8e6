//! Evaluation: the context, and what its cache holds of each sequence.
//!
//! Sequences share one pool of cells. What two prompts begin with in common is kept once: a sequence takes it over from
//! another without computing it again. Prompts are read in chunks that begin at fixed positions, and only whole chunks are
//! taken over, so a prompt is computed in the same steps whatever was asked before.

use std::num::NonZeroU32;

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaLoraAdapter, LlamaModel},
    token::LlamaToken,
    vocab::LlamaVocab,
};

use crate::{Error, Result};

/// Tokens of prompts read at once. Larger is hardly faster on a CPU; smaller lets the answers under way go on sooner, notices
/// sooner that an asker has left, and keeps more of a prompt's head.
pub(crate) const CHUNK: usize = 64;

/// What a context is made for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Tokens of all sequences together.
    pub(crate) cells: u32,
    /// Sequences.
    pub(crate) slots: usize,
    pub(crate) threads: i32,
    /// Tokens of a step beside a chunk and one of each sequence.
    pub(crate) guesses: usize,
}

pub(crate) struct Engine<'model> {
    context: LlamaContext<'model>,
    vocab: LlamaVocab<'model>,
    batch: LlamaBatch<'static>,
    /// Recurrent models (RWKV, Mamba) keep a state instead of tokens: it can't be cut back or taken over in part.
    rewinds: bool,
}

impl<'model> Engine<'model> {
    /// # Errors
    /// `Memory` when the context can't be allocated, `Inference` when the adapter can't be used.
    pub(crate) fn new(
        model: &'model LlamaModel,
        backend: &LlamaBackend,
        size: Size,
        adapter: Option<(LlamaLoraAdapter, f32)>,
    ) -> Result<Self> {
        let batch = CHUNK + size.slots + size.guesses;
        let slots = u32::try_from(size.slots).unwrap_or(1);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(size.cells))
            .with_n_seq_max(slots)
            .with_kv_unified(true)
            .with_n_batch(batch as u32)
            .with_n_ubatch(batch as u32)
            .with_n_threads(size.threads)
            .with_n_threads_batch(size.threads)
            .with_no_perf(true);
        let mut context = model.new_context(backend, params).map_err(|_| Error::Memory { tokens: size.cells })?;
        if let Some((mut adapter, scale)) = adapter {
            context.lora_adapter_set(&mut adapter, scale).map_err(|error| Error::Inference(error.to_string()))?;
        }
        let rewinds = !model.is_recurrent() && !model.is_hybrid();
        Ok(Self { context, vocab: model.vocab(), batch: LlamaBatch::new(batch, 1), rewinds })
    }

    /// Puts a token of a sequence into the next step; where `wanted`, its place in the step, for [`Self::best`].
    ///
    /// # Errors
    /// `Inference` when the step is full.
    pub(crate) fn push(&mut self, slot: usize, token: LlamaToken, position: usize, wanted: bool) -> Result<i32> {
        let at = self.batch.n_tokens();
        let position = i32::try_from(position).map_err(|error| Error::Inference(error.to_string()))?;
        self.batch.add(token, position, &[sequence(slot)], wanted).map_err(|error| Error::Inference(error.to_string()))?;
        Ok(at)
    }

    /// Evaluates what was pushed.
    ///
    /// # Errors
    /// `Inference` when llama.cpp fails: what the cache holds then is unknown, and all of it is forgotten.
    pub(crate) fn step(&mut self) -> Result<()> {
        let done = self.context.decode(&mut self.batch);
        self.batch.clear();
        done.map_err(|error| {
            self.context.clear_kv_cache();
            Error::Inference(error.to_string())
        })
    }

    /// The likeliest token after the one at this place of the last step; of equals the first.
    pub(crate) fn best(&self, place: i32) -> LlamaToken {
        let logits = self.context.get_logits_ith(place);
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

    /// Whether a sequence can be cut back and taken over in part.
    pub(crate) fn rewinds(&self) -> bool {
        self.rewinds
    }

    /// Drops what a sequence holds after its first `keep` tokens.
    pub(crate) fn truncate(&mut self, slot: usize, keep: usize) {
        let from = u32::try_from(keep).ok();
        if self.context.kv_cache_seq_rm(sequence(slot), from, None).is_err() {
            // Only the whole of a sequence can always be dropped.
            tracing::error!(slot, keep, "a sequence could not be cut back");
        }
    }

    /// Lets a sequence begin with the first `count` tokens of another, or of itself, and nothing else. Costs nothing: the cells are
    /// shared. Returns how many it has: none where a sliding window has given away the cells of the first ones.
    ///
    /// # Errors
    /// `Inference` for a count that no sequence can have.
    pub(crate) fn take_over(&mut self, from: usize, to: usize, count: usize) -> Result<usize> {
        if from == to {
            self.truncate(to, count);
        } else {
            self.truncate(to, 0);
            let end = u32::try_from(count).ok();
            let copied = self.context.kv_cache_seq_cp(sequence(from), sequence(to), Some(0), end);
            copied.map_err(|error| Error::Inference(error.to_string()))?;
        }
        if count > 0 && self.context.kv_cache_seq_pos_min(sequence(to)) != 0 {
            self.truncate(to, 0);
            return Ok(0);
        }
        Ok(count)
    }
}

fn sequence(slot: usize) -> i32 {
    i32::try_from(slot).unwrap_or(i32::MAX)
}
