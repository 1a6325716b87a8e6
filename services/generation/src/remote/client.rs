//! One request to the server and the stream of its answer.

use std::{error::Error as _, fs, sync::Once, time::Instant};

use reqwest::{
    Certificate, Response, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde_json::json;
use tokio::{
    sync::mpsc::UnboundedSender,
    time::{Duration, timeout},
};

use super::{
    RemoteConfig,
    reply::{self, Chunk, Lines, Said, Usage},
};
use crate::{Error, Finish, Finished, Request, Result, stream::Event, text::Text};

/// Until a connection stands. The server is on the same network.
const CONNECT: Duration = Duration::from_secs(3);
/// Bytes of an error's body that are read.
const ERROR_BYTES: usize = 16 << 10;
/// Bytes of text for each token asked for; a server that sends more does not know when to stop.
const MOST_BYTES_A_TOKEN: usize = 64;

pub(super) struct Client {
    http: reqwest::Client,
    url: String,
}

/// Why there is no answer.
pub(super) struct Failure {
    pub(super) error: Error,
    /// It may be well the next time, and nothing of the answer has come yet.
    pub(super) passes: bool,
}

impl Client {
    pub(super) fn new(config: &RemoteConfig) -> Result<Self> {
        static PROVIDER: Once = Once::new();
        // An error means that there is one already.
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let address = |reason: String| Error::ServerAddress { url: config.url.clone(), reason };
        let url = format!("{}/chat/completions", config.url.trim_end_matches('/'));
        let parsed = reqwest::Url::parse(&url).map_err(|error| address(error.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(address("it does not begin with http:// or https://".to_owned()));
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = &config.api_key {
            let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Error::ServerKey)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // Nothing in between: what is asked must not leave the network by way of somebody's proxy.
        let mut http = reqwest::Client::builder().no_proxy().default_headers(headers).connect_timeout(CONNECT);
        http = http.redirect(reqwest::redirect::Policy::none());
        if let Some(path) = &config.certificate {
            let bad = |reason: String| Error::Certificate { path: path.clone(), reason };
            let pem = fs::read(path).map_err(|error| bad(error.to_string()))?;
            for certificate in Certificate::from_pem_bundle(&pem).map_err(|error| bad(told(&error)))? {
                http = http.add_root_certificate(certificate);
            }
        }
        let http = http.build().map_err(|error| address(told(&error)))?;
        Ok(Self { http, url })
    }

    /// Sends the request and passes on what comes.
    pub(super) async fn answer(
        &self,
        config: &RemoteConfig,
        request: &Request,
        events: &UnboundedSender<Event>,
    ) -> Result<Finished, Failure> {
        let started = Instant::now();
        let body = json!({
            "model": config.model,
            "messages": request.messages,
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        let sent = timeout(config.first_token, self.http.post(&self.url).json(&body).send()).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(Failure { error: self.unreachable(told(&error)), passes: true }),
            Err(_) => return Err(Failure { error: self.slow(config.first_token), passes: false }),
        };
        if !response.status().is_success() {
            return Err(self.refused(response).await);
        }
        self.pass_on(config, request, events, response, started).await
    }

    async fn pass_on(
        &self,
        config: &RemoteConfig,
        request: &Request,
        events: &UnboundedSender<Event>,
        mut response: Response,
        started: Instant,
    ) -> Result<Finished, Failure> {
        let (mut lines, mut text) = (Lines::default(), Text::new(&request.stop));
        let (mut bytes, mut pieces, mut usage, mut finish) = (0, 0, Usage::default(), None);
        let mut first = None;
        let most = request.max_tokens.saturating_mul(MOST_BYTES_A_TOKEN);
        'stream: while finish.is_none() {
            let patience = if first.is_none() { config.first_token.saturating_sub(started.elapsed()) } else { config.between_tokens };
            let come = match timeout(patience, response.chunk()).await {
                Ok(Ok(Some(come))) => come,
                Ok(Ok(None)) => break,
                Ok(Err(error)) => return Err(Failure { error: self.unreachable(told(&error)), passes: first.is_none() }),
                Err(_) => return Err(Failure { error: self.slow(patience), passes: false }),
            };
            for said in lines.push(&come) {
                let Chunk { choices, usage: counted, error } = match said {
                    Said::Chunk(chunk) => *chunk,
                    Said::Done => break 'stream,
                    Said::Nonsense(beginning) => return Err(Failure { error: self.nonsense(beginning), passes: false }),
                };
                if let Some(error) = error {
                    let words = reply::words_of(&error).map_or_else(|| error.to_string(), reply::beginning);
                    return Err(Failure { error: self.said(words), passes: first.is_none() });
                }
                usage = counted.unwrap_or(usage);
                for choice in choices.into_iter().take(1) {
                    let content = choice.delta.content.unwrap_or_default();
                    if !content.is_empty() {
                        first.get_or_insert_with(Instant::now);
                        (bytes, pieces) = (bytes + content.len(), pieces + 1);
                        let out = text.push(content.as_bytes());
                        if !out.is_empty() {
                            let _ = events.send(Event::Text(out));
                        }
                    }
                    if choice.finish_reason.as_deref() == Some("length") || bytes > most {
                        finish = Some(Finish::Length);
                    }
                    if text.stopped() {
                        finish = Some(Finish::Stop);
                    }
                }
            }
        }
        let Some(first) = first else {
            return Err(Failure { error: self.nonsense("an empty answer".to_owned()), passes: true });
        };
        let rest = text.finish();
        if !rest.is_empty() {
            let _ = events.send(Event::Text(rest));
        }
        Ok(Finished {
            finish: finish.unwrap_or(Finish::End),
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: 0,
            generated_tokens: if usage.completion_tokens > 0 { usage.completion_tokens } else { pieces },
            guessed_tokens: 0,
            queued: Duration::ZERO,
            prompt: first - started,
            generation: first.elapsed(),
        })
    }

    async fn refused(&self, mut response: Response) -> Failure {
        let status = response.status();
        let mut body = Vec::new();
        while let Ok(Ok(Some(come))) = timeout(CONNECT, response.chunk()).await {
            body.extend_from_slice(&come);
            if body.len() > ERROR_BYTES {
                break;
            }
        }
        let words = reply::message(&String::from_utf8_lossy(&body));
        let passes = status == StatusCode::TOO_MANY_REQUESTS || matches!(status.as_u16(), 502..=504);
        let error = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::ServerKey,
            _ => self.said(format!("{}: {words}", status.as_u16())),
        };
        Failure { error, passes }
    }

    fn unreachable(&self, reason: String) -> Error {
        Error::Unreachable { url: self.url.clone(), reason }
    }

    fn slow(&self, patience: Duration) -> Error {
        Error::Slow { url: self.url.clone(), seconds: patience.as_secs() }
    }

    fn said(&self, reason: String) -> Error {
        Error::Refused { url: self.url.clone(), reason }
    }

    fn nonsense(&self, beginning: String) -> Error {
        Error::Nonsense { url: self.url.clone(), beginning }
    }
}

/// The innermost reason, which alone says something: "connection refused".
fn told(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let told = innermost.to_string();
    if error.source().is_none() { told.split(" for url").next().unwrap_or_default().to_owned() } else { told }
}
