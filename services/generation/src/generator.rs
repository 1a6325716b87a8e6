//! One interface to a language model, wherever it runs.

use serde::Serialize;

use crate::{
    Error, Generation, GeneratorConfig, Message, Request, Result,
    local::Local,
    remote::{Health, Remote, RemoteConfig},
};

/// A language model. Cheap to clone.
#[derive(Clone)]
pub struct Generator {
    place: Place,
}

#[derive(Clone)]
enum Place {
    Here(Local),
    Server(Remote),
}

/// Which model wrote an answer, for its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelIdentity {
    /// Name of the file, or what the server calls it.
    pub name: String,
    /// BLAKE3 of the whole file, in hexadecimal; none of a server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_hash: Option<String>,
    /// BLAKE3 of the source of the chat template that is used, in hexadecimal; none of a server's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_hash: Option<String>,
    /// Address of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

impl Generator {
    /// Checks and loads a model file into this process and starts its thread. Blocks for the time of reading the file once.
    ///
    /// # Errors
    /// A file that is missing, damaged, incomplete or of another kind; a model whose chat template can't be used or of
    /// an architecture that llama.cpp doesn't know; a model or a context that is too large for the memory.
    pub fn load(config: &GeneratorConfig) -> Result<Self> {
        Ok(Self { place: Place::Here(Local::load(config)?) })
    }

    /// A model on an OpenAI-compatible server of the network, which is not asked yet: it may come up later than this process.
    ///
    /// # Errors
    /// The address, the key or the certificate can't be used.
    pub fn on_server(config: RemoteConfig) -> Result<Self> {
        Ok(Self { place: Place::Server(Remote::new(config)?) })
    }

    /// Puts a request into the queue. Doesn't block. Needs a Tokio runtime where the model is on a server.
    ///
    /// # Errors
    /// `PromptTooLong` when prompt and `max_tokens` together exceed the context: nothing is ever cut off.
    /// `Busy` when the queue is full, `Template` when the model's template refuses the messages, `Stopped`.
    pub fn generate(&self, request: Request) -> Result<Generation> {
        match &self.place {
            Place::Here(local) => local.generate(request),
            Place::Server(remote) => remote.generate(request),
        }
    }

    /// The prompt as the model would read it, for tests and records.
    ///
    /// # Errors
    /// `Template` when the model's template refuses the messages, or where the server alone knows it.
    pub fn prompt(&self, messages: &[Message]) -> Result<String> {
        match &self.place {
            Place::Here(local) => local.prompt(messages),
            Place::Server(_) => Err(Error::Template { reason: "the server renders it".to_owned() }),
        }
    }

    /// Texts of the tokens with which the model ends an answer; of a server's model they are not known.
    #[must_use]
    pub fn end_tokens(&self) -> Vec<String> {
        match &self.place {
            Place::Here(local) => local.end_tokens(),
            Place::Server(_) => Vec::new(),
        }
    }

    #[must_use]
    pub fn identity(&self) -> &ModelIdentity {
        match &self.place {
            Place::Here(local) => local.identity(),
            Place::Server(remote) => remote.identity(),
        }
    }

    /// Tokens of a text by itself, without special tokens; of a server's model an estimate that is rather too high. Cheap,
    /// and not in the queue.
    #[must_use]
    pub fn count_tokens(&self, text: &str) -> usize {
        match &self.place {
            Place::Here(local) => local.count_tokens(text),
            Place::Server(remote) => remote.count_tokens(text),
        }
    }

    /// Tokens of prompt and answer together.
    #[must_use]
    pub fn context_tokens(&self) -> u32 {
        match &self.place {
            Place::Here(local) => local.context_tokens(),
            Place::Server(remote) => remote.context_tokens(),
        }
    }

    /// How the last request went; a model in this process is well as long as it is there.
    #[must_use]
    pub fn health(&self) -> Health {
        match &self.place {
            Place::Here(_) => Health::Well,
            Place::Server(remote) => remote.health(),
        }
    }
}
