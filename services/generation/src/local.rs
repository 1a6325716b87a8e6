//! A model in this process: loads it, starts its thread, takes requests.

use std::{
    fs::File,
    io,
    path::Path,
    sync::{Arc, OnceLock, mpsc},
    thread,
    time::Instant,
};

use kernels::Kernels;
use llama_cpp_2::{
    llama_backend::LlamaBackend,
    model::{LlamaLoraAdapter, LlamaModel, params::LlamaModelParams},
};
use tokio::sync::mpsc::unbounded_channel;

use crate::{
    Error, Generation, GeneratorConfig, Message, ModelIdentity, Request, Result,
    engine::{Engine, Size},
    gguf,
    layout::Layout,
    logs, memory,
    prompt::Prompter,
    queue::{Job, Queue},
    worker::{self, Farewell, Ready},
};

/// A model in this process. Cheap to clone; its thread ends with the last handle, after what is under way.
#[derive(Clone)]
pub(crate) struct Local {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Closing,
    prompter: Prompter,
    identity: ModelIdentity,
    context_tokens: u32,
}

impl Local {
    /// Checks and loads the model and starts its thread. Blocks for the time of reading the file once.
    ///
    /// # Errors
    /// A file that is missing, damaged, incomplete or of another kind; a model whose chat template can't be used or of
    /// an architecture that llama.cpp doesn't know; a model or a context that is too large for the memory.
    pub(crate) fn load(config: &GeneratorConfig) -> Result<Self> {
        check_processor()?;
        let path = config.model.as_path();
        let header = gguf::inspect(path)?;
        memory::require(&header, config)?;
        let layout = Layout::choose(&header, path);
        let queue = Closing(Arc::new(Queue::new(config.queue, config.parallel.max(1))));
        let ready = start(config, Arc::clone(&queue.0))?;
        // Meanwhile, the thread loads.
        let identity = identify(path, &layout.source)?;
        let Ready { model, context_tokens } = ready.recv().unwrap_or(Err(Error::Stopped))?;
        let prompter = Prompter::new(model, layout, config)?;
        Ok(Self { shared: Arc::new(Shared { queue, prompter, identity, context_tokens }) })
    }

    /// Puts a request into the queue. Doesn't block; the prompt is rendered and measured before.
    ///
    /// # Errors
    /// `PromptTooLong` when prompt and `max_tokens` together exceed the context: nothing is ever cut off.
    /// `Busy` when the queue is full, `Template` when the model's template refuses the messages, `Stopped`.
    pub(crate) fn generate(&self, request: Request) -> Result<Generation> {
        let tokens = self.shared.prompter.tokens(&request.messages)?;
        if tokens.is_empty() {
            return Err(Error::Template { reason: "it makes nothing of these messages".into() });
        }
        let limit = (self.shared.context_tokens as usize).saturating_sub(request.max_tokens);
        if tokens.len() > limit {
            return Err(Error::PromptTooLong { tokens: tokens.len(), limit });
        }
        let (events, receiver) = unbounded_channel();
        self.shared.queue.0.push(Job {
            tokens,
            max_tokens: request.max_tokens,
            stop: self.shared.prompter.stops(request.stop),
            asker: request.asker,
            turn: 0,
            events,
            queued: Instant::now(),
            span: tracing::Span::current(),
        })?;
        Ok(Generation::new(receiver))
    }

    /// The prompt as the model would read it, for tests and records.
    ///
    /// # Errors
    /// `Template` when the model's template refuses the messages.
    pub(crate) fn prompt(&self, messages: &[Message]) -> Result<String> {
        self.shared.prompter.render(messages)
    }

    pub(crate) fn end_tokens(&self) -> Vec<String> {
        self.shared.prompter.end_tokens()
    }

    pub(crate) fn identity(&self) -> &ModelIdentity {
        &self.shared.identity
    }

    /// Tokens of a text by itself, without special tokens. Cheap, and not in the queue.
    pub(crate) fn count_tokens(&self, text: &str) -> usize {
        self.shared.prompter.count(text)
    }

    /// Tokens of prompt and answer together.
    pub(crate) fn context_tokens(&self) -> u32 {
        self.shared.context_tokens
    }
}

/// Lets the thread end when the last handle, or a half-made one, has gone.
struct Closing(Arc<Queue>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn start(config: &GeneratorConfig, queue: Arc<Queue>) -> Result<mpsc::Receiver<Result<Ready>>> {
    let (ready, receiver) = mpsc::sync_channel(1);
    let config = config.clone();
    let run = move || {
        let farewell = Farewell(queue);
        let loaded = logs::errors_of(|| load_model(&config));
        let (Loaded { backend, model, adapter }, _) = match loaded {
            (Ok(loaded), reasons) => (loaded, reasons),
            (Err(error), reasons) => {
                let _ = ready.send(Err(with_reason(error, &reasons)));
                return;
            }
        };
        tracing::info!(instructions = kernels::in_use().map(Kernels::name), "generation.loaded");
        let context_tokens = config.context_tokens.min(model.n_ctx_train()).max(1);
        let slots = config.parallel.max(1);
        let size = Size { cells: config.cache_tokens.max(context_tokens), slots, threads: config.threads(), guesses: config.guesses };
        let (engine, _) = logs::errors_of(|| Engine::new(&model, backend, size, adapter));
        match engine {
            Ok(engine) => {
                let _ = ready.send(Ok(Ready { model: Arc::clone(&model), context_tokens }));
                worker::serve(engine, &farewell.0, &size);
            }
            Err(error) => {
                let _ = ready.send(Err(error));
            }
        }
    };
    let spawned = thread::Builder::new().name("generation".into()).spawn(run);
    spawned.map_err(|error| Error::Inference(format!("its thread could not be started: {error}")))?;
    Ok(receiver)
}

struct Loaded {
    backend: &'static LlamaBackend,
    model: Arc<LlamaModel>,
    adapter: Option<(LlamaLoraAdapter, f32)>,
}

fn load_model(config: &GeneratorConfig) -> Result<Loaded> {
    // Once a process, and never given back: other models may still be in use.
    static BACKEND: OnceLock<Option<LlamaBackend>> = OnceLock::new();
    let backend = BACKEND.get_or_init(|| initialize(config.kernels)).as_ref();
    let backend = backend.ok_or_else(|| Error::Inference("llama.cpp was initialized elsewhere".into()))?;
    let params = LlamaModelParams::default().with_use_mmap(true);
    let unsupported =
        |error: llama_cpp_2::LlamaModelLoadError| Error::Unsupported { path: config.model.clone(), reason: error.to_string() };
    let mut model = LlamaModel::load_from_file(backend, &config.model, &params).map_err(unsupported)?;
    let adapter = match &config.adapter {
        Some((path, scale)) => Some((load_adapter(&mut model, path)?, *scale)),
        None => None,
    };
    Ok(Loaded { backend, model: Arc::new(model), adapter })
}

#[expect(unsafe_code, reason = "kernels are chosen before anything is computed, which only the caller can know")]
fn initialize(kernels: Kernels) -> Option<LlamaBackend> {
    let backend = LlamaBackend::init().ok()?;
    // SAFETY: it was not initialized before, so nothing is loaded yet, and whoever loads a model waits for this.
    unsafe { kernels::install(kernels) };
    Some(backend)
}

fn load_adapter(model: &mut LlamaModel, path: &Path) -> Result<LlamaLoraAdapter> {
    // An adapter is a GGUF file of its own, and llama.cpp as unforgiving about it.
    gguf::inspect(path)?;
    model.lora_adapter_init(path).map_err(|error| Error::Adapter { path: path.into(), reason: error.to_string() })
}

/// llama.cpp returns nothing but logs its reason, the first line being the cause and the rest what followed from it.
fn with_reason(error: Error, reasons: &[String]) -> Error {
    match (error, reasons.first()) {
        (Error::Unsupported { path, .. }, Some(reason)) => {
            let reason = reason.rsplit_once("error loading model: ").map_or(reason.as_str(), |(_, reason)| reason);
            Error::Unsupported { path, reason: reason.to_owned() }
        }
        (Error::Adapter { path, .. }, Some(reason)) => Error::Adapter { path, reason: reason.clone() },
        (error, _) => error,
    }
}

fn identify(path: &Path, template: &str) -> Result<ModelIdentity> {
    let unreadable = |error: io::Error| Error::Unreadable { path: path.into(), reason: error.to_string() };
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path).map_err(unreadable)?).map_err(unreadable)?;
    Ok(ModelIdentity {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        file_hash: Some(hasher.finalize().to_hex().to_string()),
        template_hash: Some(blake3::hash(template.as_bytes()).to_hex().to_string()),
        server: None,
    })
}

/// llama.cpp is built for AVX2 and would end the process on an older processor.
fn check_processor() -> Result<()> {
    #[cfg(target_arch = "x86_64")]
    if !(is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
        && is_x86_feature_detected!("bmi2"))
    {
        return Err(Error::Processor);
    }
    Ok(())
}
