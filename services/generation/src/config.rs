//! How a model is run.

use std::{path::PathBuf, thread};

use chrono::{DateTime, Utc};

#[derive(Clone, Debug)]
pub struct GeneratorConfig {
    /// A GGUF file.
    pub model: PathBuf,
    /// Tokens of prompt and answer together; never more than the model was trained on. Each costs memory
    /// (SmolLM2-135M: 23 KB).
    pub context_tokens: u32,
    /// Threads that compute; 0 stands for one a processor.
    pub threads: usize,
    /// Requests that may wait while another one is answered.
    pub queue: usize,
    /// Some chat templates put today's date into the prompt.
    pub clock: fn() -> DateTime<Utc>,
}

impl GeneratorConfig {
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the default; tests set another clock")]
    pub fn new(model: PathBuf) -> Self {
        Self { model, context_tokens: 2048, threads: 0, queue: 16, clock: Utc::now }
    }

    pub(crate) fn threads(&self) -> i32 {
        let processors = || thread::available_parallelism().map_or(1, usize::from);
        let threads = if self.threads == 0 { processors() } else { self.threads };
        i32::try_from(threads).unwrap_or(i32::MAX)
    }
}
