//! A language model on another machine of the network, behind the interface that llama-server, vLLM and Ollama share:
//! `POST /v1/chat/completions`, streamed.

mod client;
mod line;
mod reply;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::{Error, Generation, ModelIdentity, Request, Result, stream::Event};
use client::Client;
use line::{Line, Place};

/// Where the server is and how long it may take.
#[derive(Clone, Debug)]
pub struct RemoteConfig {
    /// Up to and with the version, for instance `http://gpu-1:8000/v1`.
    pub url: String,
    /// As the server calls it.
    pub model: String,
    /// Sent as a bearer token.
    pub api_key: Option<String>,
    /// Certificate authority (PEM) to trust beside those of the system.
    pub certificate: Option<PathBuf>,
    /// Tokens of a prompt and its answer together that the server takes.
    pub context_tokens: u32,
    /// Requests sent at the same time.
    pub parallel: usize,
    /// Requests that may wait for those.
    pub queue: usize,
    /// Until the first token, each time it is tried.
    pub first_token: Duration,
    /// Between two tokens.
    pub between_tokens: Duration,
}

/// Whether the server answered the last request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    Unknown,
    Well,
    /// With the sentence that says why.
    Down(String),
}

/// A model on a server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Remote {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    client: Client,
    config: RemoteConfig,
    identity: ModelIdentity,
    line: Arc<Line>,
    health: Mutex<(Health, Instant)>,
}

/// Attempts at a request, as long as nothing of its answer has come.
const ATTEMPTS: u32 = 3;
/// Before the second attempt; twice as long before the third.
const BACK_OFF: Duration = Duration::from_millis(250);
/// For so long after a failure a request is tried once only: who asks must not wait for what is known to be down.
const WARY: Duration = Duration::from_secs(15);
/// Bytes of text for a token, about: no server is known for its tokens here.
const BYTES_A_TOKEN: usize = 3;

impl Remote {
    /// # Errors
    /// The address or the certificate can't be used.
    pub(crate) fn new(config: RemoteConfig) -> Result<Self> {
        let client = Client::new(&config)?;
        let identity = ModelIdentity { name: config.model.clone(), file_hash: None, template_hash: None, server: Some(config.url.clone()) };
        let shared = Shared {
            client,
            identity,
            line: Arc::new(Line::new(config.parallel, config.queue)),
            health: Mutex::new((Health::Unknown, Instant::now())),
            config,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// # Errors
    /// `PromptTooLong` by an estimate of its tokens, `Busy` when too many wait.
    pub(crate) fn generate(&self, request: Request) -> Result<Generation> {
        let tokens = request.messages.iter().map(|message| self.count_tokens(&message.content) + 8).sum();
        let limit = (self.shared.config.context_tokens as usize).saturating_sub(request.max_tokens);
        if tokens > limit {
            return Err(Error::PromptTooLong { tokens, limit });
        }
        let mut place = self.shared.line.enter(request.asker.clone())?;
        let (events, receiver) = unbounded_channel();
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let leave = events.clone();
            tokio::select! {
                () = leave.closed() => tracing::debug!("generation.cancelled"),
                outcome = shared.answer(&request, &mut place, &events) => {
                    let _ = events.send(outcome.map_or_else(Event::Failed, Event::Finished));
                }
            }
        });
        Ok(Generation::new(receiver))
    }

    pub(crate) fn identity(&self) -> &ModelIdentity {
        &self.shared.identity
    }

    /// An estimate, rather too high than too low.
    pub(crate) fn count_tokens(&self, text: &str) -> usize {
        text.len().div_ceil(BYTES_A_TOKEN)
    }

    pub(crate) fn context_tokens(&self) -> u32 {
        self.shared.config.context_tokens
    }

    pub(crate) fn health(&self) -> Health {
        self.shared.health().0.clone()
    }
}

impl Shared {
    fn health(&self) -> std::sync::MutexGuard<'_, (Health, Instant)> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: &Request, place: &mut Place, events: &UnboundedSender<Event>) -> Result<crate::Finished> {
        let queued = Instant::now();
        place.turn(events).await;
        let started = Instant::now();
        let wary = { matches!(&*self.health(), (Health::Down(_), since) if since.elapsed() < WARY) };
        let attempts = if wary { 1 } else { ATTEMPTS };
        let mut attempt = 0;
        let outcome = loop {
            attempt += 1;
            match self.client.answer(&self.config, request, events).await {
                Err(failure) if failure.passes && attempt < attempts => {
                    tracing::debug!(error = %failure.error, attempt, "the language model server is asked again");
                    tokio::time::sleep(BACK_OFF * (1 << (attempt - 1))).await;
                }
                outcome => break outcome.map_err(|failure| failure.error),
            }
        };
        *self.health() = (outcome.as_ref().map_or_else(|error| Health::Down(error.to_string()), |_| Health::Well), Instant::now());
        outcome.map(|finished| crate::Finished { queued: started - queued, ..finished })
    }
}
