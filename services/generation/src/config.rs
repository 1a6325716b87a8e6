//! How a model is run.

use std::{path::PathBuf, thread};

use chrono::{DateTime, Utc};
use kernels::Kernels;

#[derive(Clone, Debug)]
pub struct GeneratorConfig {
    /// A GGUF file.
    pub model: PathBuf,
    /// Tokens of a prompt and its answer together; never more than the model was trained on.
    pub context_tokens: u32,
    /// Requests that are answered at the same time; more make each slower and all together faster.
    pub parallel: usize,
    /// Tokens that the memory holds of all requests together. Each costs memory (SmolLM2-135M: 23 KB). Those that don't fit wait.
    pub cache_tokens: u32,
    /// A LoRA adapter (GGUF) and how strongly it is applied, 1 being as it was trained.
    pub adapter: Option<(PathBuf, f32)>,
    /// Threads that compute; 0 stands for one a processor.
    pub threads: usize,
    /// What it is computed with, where the processor can; the first model that is loaded in a process decides for all.
    pub kernels: Kernels,
    /// Tokens evaluated beside those that are written, guessed from the prompt; the more answers are written at a time, the
    /// fewer for each, and never more than 8. They change the pace, and an answer by rounding only; 0 stands for none.
    pub guesses: usize,
    /// Requests that may wait while others are answered.
    pub queue: usize,
    /// Some chat templates put today's date into the prompt.
    pub clock: fn() -> DateTime<Utc>,
}

impl GeneratorConfig {
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the default; tests set another clock")]
    pub fn new(model: PathBuf) -> Self {
        Self {
            model,
            context_tokens: 2048,
            parallel: 8,
            cache_tokens: 6144,
            adapter: None,
            threads: 0,
            kernels: Kernels::fastest(),
            guesses: 8,
            queue: 16,
            clock: Utc::now,
        }
    }

    pub(crate) fn threads(&self) -> i32 {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        let threads = if self.threads == 0 { processors() } else { self.threads };
        i32::try_from(threads).unwrap_or(i32::MAX)
    }
}
