//! How fast a language model answers here: one asker, then several at once. Prints a line of JSON; `make bench` runs it beside
//! another program with the same file and the same number of threads.
//!
//!     pace MODEL.gguf [THREADS] [ASKERS] [SOURCES] [GUESSES] [baseline]
//!
//! Without guesses a story is told, which repeats little; with them the sources are retold.

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use generation::{Finished, Generator, GeneratorConfig, Kernels, Message, Request};
use serde_json::json;

/// What every prompt begins with, as it is with ours.
const HEAD: &str = "You answer questions about the documents of a company. Use only the numbered sources. Copy numbers, dates and \
conditions exactly. Answer in one to three short, complete sentences, and put the number of the source after each, like [1].";
/// Tokens of an answer.
const ANSWER: usize = 96;
/// Times that one asker is measured; the fastest counts, as with the program beside it.
const ROUNDS: usize = 5;
/// Times that several are measured at once; of the longest wait, the worst counts.
const ROUNDS_TOGETHER: usize = 3;

const USAGE: &str = "usage: pace MODEL.gguf [THREADS] [ASKERS] [SOURCES] [GUESSES] [baseline]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let model = arguments.first().ok_or(USAGE)?;
    let number = |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (threads, askers, sources, guesses) = (number(1, 0)?, number(2, 8)?, number(3, 6)?, number(4, 0)?);
    let task = if guesses > 0 { Task::Retell } else { Task::Story };
    let kernels = match arguments.get(5).map(String::as_str) {
        None => Kernels::fastest(),
        Some("baseline") => Kernels::Baseline,
        Some(_) => return Err(USAGE.into()),
    };
    let config = GeneratorConfig { threads, guesses, kernels, parallel: askers, ..GeneratorConfig::new(model.into()) };
    let generator = Generator::load(&config)?;
    let (mut prompt, mut written, mut alone) = (0.0_f64, 0.0_f64, 0.0_f64);
    let (mut answer, mut guessed) = (String::new(), 0);
    for round in 0..ROUNDS {
        let started = Instant::now();
        let (text, finished) = generator.generate(request(round, sources, task))?.text().await?;
        alone = alone.max(rate(finished.generated_tokens, started.elapsed()));
        prompt = prompt.max(rate(finished.prompt_tokens - finished.cached_tokens, finished.prompt));
        written = written.max(rate(finished.generated_tokens, finished.generation));
        guessed += finished.guessed_tokens;
        answer = text;
    }
    let mut together = Vec::new();
    for round in 0..ROUNDS_TOGETHER {
        let first = ROUNDS + round * askers;
        together.push(at_once(&generator, (first..first + askers).map(|n| request(n, sources, task))).await?);
    }
    let best = |figure: fn(&Together) -> f64| together.iter().map(figure).fold(0.0, f64::max);
    println!(
        "{}",
        json!({
            "instructions": kernels.min(Kernels::fastest()).name(),
            "prompt_tokens_per_s": prompt,
            "written_tokens_per_s": written,
            "one_asker_tokens_per_s": alone,
            "guessed": guessed,
            "askers": askers,
            "askers_tokens_per_s": best(|round| round.tokens_per_s),
            "slowest_to_mean": best(|round| round.slowest_to_mean),
            "answer": answer,
        })
    );
    Ok(())
}

/// Several askers.
struct Together {
    /// From the first question to the end of the last answer.
    tokens_per_s: f64,
    slowest_to_mean: f64,
}

async fn at_once(generator: &Generator, requests: impl Iterator<Item = Request>) -> Result<Together, Box<dyn Error>> {
    let started = Instant::now();
    let asked = requests.map(|request| generator.generate(request).map(|generation| timed(generation, started)));
    let answers = futures::future::try_join_all(asked.collect::<Result<Vec<_>, _>>()?).await?;
    let all = started.elapsed();
    let tokens: usize = answers.iter().map(|(finished, _)| finished.generated_tokens).sum();
    let waited: Vec<f64> = answers.iter().map(|(_, end)| end.as_secs_f64()).collect();
    Ok(Together {
        tokens_per_s: rate(tokens, all),
        slowest_to_mean: waited.iter().copied().fold(0.0, f64::max) * waited.len() as f64 / waited.iter().sum::<f64>(),
    })
}

async fn timed(generation: generation::Generation, started: Instant) -> generation::Result<(Finished, Duration)> {
    let (_, finished) = generation.text().await?;
    Ok((finished, started.elapsed()))
}

#[derive(Clone, Copy)]
enum Task {
    Story,
    Retell,
}

/// A prompt of the usual length with sources that differ, and a story that doesn't end early.
fn request(n: usize, sources: usize, task: Task) -> Request {
    let sources: Vec<String> = (1..=sources)
        .map(|i| {
            format!(
                "[{i}] Handbook {n}: Employees of group {i} have {} days of leave a year and may carry over {i} of them until March.",
                20 + n + i
            )
        })
        .collect();
    let question = match task {
        Task::Story => format!("Tell a long story about the groups of handbook {n} and their leave."),
        Task::Retell => format!("How many days of leave do the employees of each group of handbook {n} have?"),
    };
    let question = format!("Sources:\n{}\n\nQuestion: {question}", sources.join("\n"));
    Request { messages: vec![Message::system(HEAD), Message::user(question)], max_tokens: ANSWER, stop: Vec::new(), asker: None }
}

fn rate(tokens: usize, time: Duration) -> f64 {
    tokens as f64 / time.as_secs_f64().max(1e-9)
}
