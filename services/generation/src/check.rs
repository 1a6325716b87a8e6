//! What a model file is, whether it can be used here, and how fast it is here.

use kernels::Kernels;
use serde::Serialize;

use crate::{
    Error, Finish, Generator, GeneratorConfig, Memory, Message, Origin, Request, Result, free_memory, gguf, header::Header, layout::Layout,
    memory, template,
};

/// Tokens of the prompt that is measured, and of the answer; less where the context is shorter.
const PROMPT: usize = 256;
const ANSWER: usize = 48;

/// All that is found out about a model file.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Name of the file.
    pub file: String,
    /// As the file names the model.
    pub name: Option<String>,
    pub architecture: String,
    pub parameters: u64,
    /// As llama.cpp names it ("Q4_K_M").
    pub quantization: &'static str,
    pub file_bytes: u64,
    /// The longest context that it was trained on, in tokens.
    pub trained_context_tokens: Option<u64>,
    /// The context that it would be run with, in tokens.
    pub context_tokens: u64,
    /// What it needs of memory.
    pub memory: Memory,
    /// What is free of memory, in bytes, before it is loaded; `None` where the system doesn't say.
    pub free_bytes: Option<u64>,
    /// Whether there is enough memory. If not, the model is not loaded, and what follows from that is left out.
    pub fits: bool,
    pub prompt: Origin,
    /// If not, what a system message says is put before the first question.
    pub takes_system_messages: bool,
    /// Tokens with which it ends an answer.
    pub end_tokens: Vec<String>,
    /// Measured on this machine.
    pub speed: Option<Speed>,
}

/// Tokens a second.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Speed {
    /// Instructions of the processor that it is computed with: "AVX-512", "AVX2" or "baseline".
    pub instructions: &'static str,
    pub prompt_tokens: usize,
    pub prompt_tokens_per_second: f64,
    pub answer_tokens: usize,
    /// `None` where the model ends its answer at once.
    pub answer_tokens_per_second: Option<f64>,
}

/// What is being done, for who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Loading,
    Measuring,
}

impl Report {
    /// The reason not to use the model, if there is one.
    ///
    /// # Errors
    /// `TooLarge` when it needs more memory than is free.
    pub fn usable(&self, config: &GeneratorConfig) -> Result<()> {
        match self.free_bytes {
            Some(free) if !self.fits => Err(Error::TooLarge { path: config.model.clone(), needed: self.memory.total_bytes, free }),
            _ => Ok(()),
        }
    }
}

/// Reads the header of `config.model`, and where there is enough memory loads the model and measures it. Takes as long
/// as loading and one short answer; blocks while it loads.
///
/// # Errors
/// Those of [`Generator::load`], but for a model that is too large: that is in the report.
pub async fn check(config: &GeneratorConfig, progress: impl Fn(Step)) -> Result<Report> {
    let header = gguf::inspect(&config.model)?;
    let mut report = report(&header, config)?;
    if report.fits {
        progress(Step::Loading);
        // What guesses win depends on what is answered.
        let generator = Generator::load(&GeneratorConfig { guesses: 0, ..config.clone() })?;
        report.end_tokens = generator.end_tokens();
        progress(Step::Measuring);
        report.speed = measure(&generator).await?;
    }
    Ok(report)
}

fn report(header: &Header, config: &GeneratorConfig) -> Result<Report> {
    let layout = Layout::choose(header, &config.model);
    let template = template::ChatTemplate::new(layout.source, template::SpecialTokens::default(), config.clock)?;
    let context_tokens = memory::context_tokens(header, config);
    let memory = Memory::needed(header, config);
    let free_bytes = free_memory::bytes();
    Ok(Report {
        file: config.model.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        name: header.text("general.name").map(str::to_owned),
        architecture: header.architecture().to_owned(),
        parameters: header.tensors.parameters,
        quantization: header.quantization(),
        file_bytes: header.file_bytes,
        trained_context_tokens: header.number("context_length"),
        context_tokens,
        memory,
        free_bytes,
        fits: free_bytes.is_none_or(|free| memory.total_bytes <= free),
        prompt: layout.origin,
        takes_system_messages: template.takes_system_messages(),
        end_tokens: Vec::new(),
        speed: None,
    })
}

/// `None` where the context is too short for anything.
async fn measure(generator: &Generator) -> Result<Option<Speed>> {
    let longest = (generator.context_tokens() as usize / 2).min(PROMPT);
    let mut words = String::new();
    for number in 1.. {
        let longer = format!("{words}{number}. This is a line of a text. ");
        if generator.count_tokens(&longer) > longest {
            break;
        }
        words = longer;
    }
    // The first answer reads the weights into memory, and is not measured.
    let ask = |text: &str, max_tokens| Request { messages: vec![Message::user(text)], max_tokens, stop: Vec::new(), asker: None };
    generator.generate(ask("Hello", 1))?.text().await?;
    let (_, finished) = match generator.generate(ask(&format!("{words}\nTell a long story about a ship."), ANSWER)) {
        Err(Error::PromptTooLong { .. }) => return Ok(None),
        generation => generation?.text().await?,
    };
    let read = finished.prompt_tokens - finished.cached_tokens;
    // The first token comes with the prompt; one that ends the answer is computed, but no part of it.
    let written = finished.generated_tokens - usize::from(finished.finish != Finish::End && finished.generated_tokens > 0);
    Ok(Some(Speed {
        // A model that was loaded before may have decided otherwise than is configured.
        instructions: kernels::in_use().unwrap_or(Kernels::Baseline).name(),
        prompt_tokens: read,
        prompt_tokens_per_second: read as f64 / finished.prompt.as_secs_f64(),
        answer_tokens: finished.generated_tokens,
        answer_tokens_per_second: (written > 0).then(|| written as f64 / finished.generation.as_secs_f64()),
    }))
}
