//! What a model needs of memory, from its header alone: a model that is too large would otherwise end the process, or
//! slow the whole machine down, while it is loaded.

use std::path::Path;

use serde::Serialize;

use crate::{Error, GeneratorConfig, Result, free_memory, header::Header};

/// llama.cpp's cache holds half-precision numbers, in multiples of this many tokens.
const CACHE_STEP: u64 = 256;
const HALF: u64 = 2;
const SINGLE: u64 = 4;
/// Tokens that are computed at once (see [`crate::engine`]).
const CHUNK: u64 = 64;
/// A token of the vocabulary, with the tables to find it by. Measured: 49,000 tokens take 12 MB.
const TOKEN: u64 = 256;

/// Bytes of memory that a model takes. The weights are known; the rest is an estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    pub weights_bytes: u64,
    /// What has been read, with the configured room for it.
    pub cache_bytes: u64,
    /// Intermediate results and the vocabulary.
    pub work_bytes: u64,
    pub total_bytes: u64,
}

impl Memory {
    /// With this configuration.
    pub(crate) fn needed(header: &Header, config: &GeneratorConfig) -> Self {
        let cells = context_tokens(header, config).max(config.cache_tokens.into());
        let mut memory = Self::of(header, cells, config.parallel.max(1) as u64, config.guesses as u64);
        let adapter = config.adapter.as_ref().and_then(|(path, _)| path.metadata().ok()).map_or(0, |file| file.len());
        memory.weights_bytes = memory.weights_bytes.saturating_add(adapter);
        memory.total_bytes = memory.total_bytes.saturating_add(adapter);
        memory
    }

    /// For a cache of so many tokens, of so many requests at once and so many guesses beside them.
    fn of(header: &Header, cells: u64, requests: u64, guesses: u64) -> Self {
        let weights_bytes = header.tensors.bytes;
        let cells = cells.checked_next_multiple_of(CACHE_STEP).unwrap_or(cells);
        let cache_bytes = cells.saturating_mul(attention(header)).saturating_add(requests.saturating_mul(state(header)));
        let work_bytes = work(header, cells, CHUNK.saturating_add(requests).saturating_add(guesses));
        let total_bytes = weights_bytes.saturating_add(cache_bytes).saturating_add(work_bytes);
        Self { weights_bytes, cache_bytes, work_bytes, total_bytes }
    }
}

/// The context that a model would be run with: never more than it was trained on.
pub(crate) fn context_tokens(header: &Header, config: &GeneratorConfig) -> u64 {
    let wanted = u64::from(config.context_tokens);
    header.number("context_length").map_or(wanted, |trained| wanted.min(trained)).max(1)
}

/// # Errors
/// `TooLarge` when the model needs more memory than is free. Where the system doesn't say what is free, nothing is
/// refused.
pub(crate) fn require(header: &Header, config: &GeneratorConfig) -> Result<()> {
    refuse(&config.model, Memory::needed(header, config).total_bytes, free_memory::bytes())
}

fn refuse(path: &Path, needed: u64, free: Option<u64>) -> Result<()> {
    match free {
        Some(free) if free < needed => Err(Error::TooLarge { path: path.into(), needed, free }),
        _ => Ok(()),
    }
}

/// Bytes that a token takes in the caches of all layers.
fn attention(header: &Header) -> u64 {
    let heads = header.number("attention.head_count").unwrap_or(0);
    let size = header.number("embedding_length").unwrap_or(0).checked_div(heads).unwrap_or(0);
    let key = header.number("attention.key_length").unwrap_or(size);
    let value = header.number("attention.value_length").unwrap_or(size);
    let all = header.over_layers("attention.head_count_kv").or_else(|| header.over_layers("attention.head_count"));
    all.unwrap_or(0).saturating_mul(key.saturating_add(value)).saturating_mul(HALF)
}

/// Recurrent models (RWKV, Mamba) keep a state of fixed size for each request, in place of a cache or besides one.
fn state(header: &Header) -> u64 {
    let number = |key| header.number(key).unwrap_or(0);
    let layers = number("block_count");
    let rwkv = number("wkv.head_size");
    let rwkv = if rwkv == 0 { 0 } else { number("embedding_length").saturating_mul(rwkv.saturating_add(2)) };
    let mamba = number("ssm.inner_size").saturating_mul(number("ssm.state_size").saturating_add(number("ssm.conv_kernel")));
    layers.saturating_mul(rwkv.saturating_add(mamba)).saturating_mul(SINGLE)
}

/// The logits of what is computed at once, its activations at their widest, and its attention to everything in the cache.
fn work(header: &Header, cells: u64, at_once: u64) -> u64 {
    let number = |key| header.number(key).unwrap_or(0);
    let activations = number("embedding_length").saturating_mul(8).saturating_add(number("feed_forward_length").saturating_mul(3));
    let heads = number("attention.head_count").saturating_mul(cells);
    let of_token = header.tokens().saturating_add(activations).saturating_add(heads).saturating_mul(SINGLE);
    of_token.saturating_mul(at_once).saturating_add(header.tokens().saturating_mul(TOKEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::{Tensors, Value, tests::header};

    /// Llama 3.1 8B in four bits, at its published dimensions.
    fn eight_billion() -> Header {
        let numbers = [
            ("block_count", 32),
            ("embedding_length", 4096),
            ("feed_forward_length", 14336),
            ("attention.head_count", 32),
            ("attention.head_count_kv", 8),
            ("context_length", 131_072),
        ];
        let values: Vec<(String, Value)> = numbers.iter().map(|(key, n)| (format!("test.{key}"), Value::Number(*n))).collect();
        let mut header = header(&values.iter().map(|(key, value)| (key.as_str(), value.clone())).collect::<Vec<_>>());
        let vocabulary = Value::Vocabulary { tokens: 128_256, marks: vec![] };
        header.values.insert("tokenizer.ggml.tokens".into(), vocabulary);
        header.tensors = Tensors { parameters: 8_030_000_000, bytes: 4_900_000_000 };
        header
    }

    #[test]
    fn the_cache_grows_with_the_context() {
        let memory = Memory::of(&eight_billion(), 8192, 1, 0);
        // 8 heads of 128 dimensions, keys and values, two bytes each, 32 layers: 128 KiB a token.
        assert_eq!(memory.cache_bytes, 1 << 30);
        assert_eq!(Memory::of(&eight_billion(), 4000, 8, 0).cache_bytes, 1 << 29);
        assert_eq!(memory.total_bytes, 4_900_000_000 + memory.cache_bytes + memory.work_bytes);
        assert!((50_000_000..300_000_000).contains(&memory.work_bytes), "{memory:?}");
    }

    #[test]
    fn a_recurrent_model_takes_the_same_at_any_length() {
        let header = header(&[
            ("test.block_count", Value::Number(24)),
            ("test.embedding_length", Value::Number(2048)),
            ("test.attention.head_count", Value::Number(0)),
            ("test.wkv.head_size", Value::Number(64)),
        ]);
        assert_eq!(Memory::of(&header, 512, 1, 0).cache_bytes, 24 * 2048 * 66 * 4);
        assert_eq!(Memory::of(&header, 512, 3, 0).cache_bytes, 3 * 24 * 2048 * 66 * 4);
        assert_eq!(Memory::of(&header, 512, 1, 0), Memory::of(&header, 65_536, 1, 0));
    }

    #[test]
    fn numbers_that_no_model_has_do_no_harm() {
        let huge = header(&[("test.block_count", Value::Number(u64::MAX)), ("test.attention.head_count", Value::Number(u64::MAX))]);
        assert!(Memory::of(&huge, u64::MAX, 1, 0).total_bytes > 0);
    }

    #[test]
    fn what_is_too_large_is_refused_in_a_sentence() {
        let path = Path::new("/models/large.gguf");
        assert_eq!(refuse(path, 10, Some(10)), Ok(()));
        assert_eq!(refuse(path, 10, None), Ok(()));
        let error = refuse(path, 6 << 30, Some(700 << 20)).unwrap_err().to_string();
        assert_eq!(
            error,
            "The language model /models/large.gguf needs about 6.0 GiB of memory and 0.7 GiB are free: choose a smaller model, or set a \
             smaller context."
        );
    }
}
