//! A child process as the parent sees it.

use std::{
    io,
    os::unix::process::ExitStatusExt,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Resource, Rlimit, Signal, prlimit};
use serde_bytes::ByteBuf;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    time::{Instant, timeout_at},
};

use super::{
    Limits,
    ocr::IMAGES,
    protocol::{self, Done, Reply, Request},
    workers::Helpers,
};
use crate::{ExtractError, Progress};

/// What is kept of what a child says on its standard error: enough for the message of an abort.
const ERROR_BYTES: usize = 2048;
/// A child that has read so many makes room for a new one: what its libraries have lost of its memory is free again.
const FILES: u32 = 1000;
/// Scanned pages of a file.
const MAX_RECOGNIZED: usize = 5000;
/// Processor time of a child's whole life, which it can't extend; before that it is retired. In seconds.
const LIFE: u64 = 3600;

pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: Arc<Mutex<Vec<u8>>>,
    /// Files that it has been given.
    pub(super) files: u32,
}

/// Why a process is of no more use.
pub(super) enum Broken {
    /// It stopped by itself: what it did before may have a part in that.
    Stopped(ExtractError),
    /// It went over a limit, or what it says makes no sense.
    Refused(ExtractError),
}

impl Process {
    /// Starts a child, which ends when it is dropped.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let pipe = || io::Error::other("a pipe is missing");
        let input = child.stdin.take().ok_or_else(pipe)?;
        let output = child.stdout.take().ok_or_else(pipe)?;
        let errors = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(keep_errors(child.stderr.take().ok_or_else(pipe)?, Arc::clone(&errors)));
        Ok(Self { child, input, output, errors, files: 0 })
    }

    /// Gives it a task and waits for what becomes of it, answering what it asks meanwhile.
    pub(super) async fn perform(
        &mut self,
        task: &[u8],
        limits: &Limits,
        helpers: &Helpers,
        progress: Progress<'_>,
    ) -> Result<Done, Broken> {
        self.files += 1;
        self.limit_processor_time(limits.processor);
        let mut deadline = Instant::now() + limits.wall;
        let mut pages = MAX_RECOGNIZED;
        let mut conversions = 1;
        self.send(task, deadline, limits).await?;
        loop {
            let answer = match self.receive(deadline, limits).await? {
                Reply::Done(done) => return Ok(done),
                // No reason to wait longer: it says so itself.
                Reply::Progress { page, pages } => {
                    progress(page, pages);
                    continue;
                }
                Reply::Recognize(images) => {
                    // A file may be as long as it has pages to look at, but not for ever.
                    pages = match pages.checked_sub(images.len().max(1)) {
                        Some(left) if images.len() <= IMAGES => left,
                        _ => return Err(Broken::Refused(ExtractError::TooManyFiles { limit: MAX_RECOGNIZED })),
                    };
                    Request::Recognized(helpers.recognition.recognize(images).await)
                }
                Reply::Convert { from, bytes } => {
                    conversions = match conversions {
                        0 => return Err(Broken::Refused(ExtractError::Stopped)),
                        left => left - 1,
                    };
                    Request::Converted(helpers.conversion.convert(from, bytes).await.map(ByteBuf::from))
                }
            };
            self.limit_processor_time(limits.processor);
            deadline = Instant::now() + limits.wall;
            let answer = protocol::frame(&answer).map_err(|_| Broken::Refused(ExtractError::Stopped))?;
            self.send(&answer, deadline, limits).await?;
        }
    }

    async fn send(&mut self, frame: &[u8], deadline: Instant, limits: &Limits) -> Result<(), Broken> {
        match timeout_at(deadline, self.input.write_all(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.stopped(limits).await),
            Err(_) => Err(Broken::Refused(ExtractError::too_slow(limits.wall, "time"))),
        }
    }

    async fn receive(&mut self, deadline: Instant, limits: &Limits) -> Result<Reply, Broken> {
        let mut length = [0; 4];
        let mut body = Vec::new();
        let read = async {
            self.output.read_exact(&mut length).await?;
            let length = u64::from(u32::from_le_bytes(length));
            if length > limits.output as u64 {
                return Ok(false);
            }
            // Memory is taken for what comes, not for what is announced.
            Ok::<bool, io::Error>((&mut self.output).take(length).read_to_end(&mut body).await? as u64 == length)
        };
        match timeout_at(deadline, read).await {
            Ok(Ok(true)) => protocol::message(&body).map_err(|_| Broken::Refused(ExtractError::Stopped)),
            Ok(Ok(false)) if body.is_empty() => Err(Broken::Refused(ExtractError::TooLarge { limit_mib: limits.output >> 20 })),
            Ok(_) => Err(self.stopped(limits).await),
            Err(_) => Err(Broken::Refused(ExtractError::too_slow(limits.wall, "time"))),
        }
    }

    /// Whether its best days are over.
    pub(super) fn is_worn(&self) -> bool {
        self.files >= FILES || self.child.id().and_then(processor_seconds).is_none_or(|used| used > LIFE / 2)
    }

    /// The limit counts from the start of the process, so it is moved on with each file.
    fn limit_processor_time(&self, limit: Duration) {
        let Some(pid) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) else { return };
        let used = self.child.id().and_then(processor_seconds).unwrap_or(0);
        let most = Rlimit { current: Some((used + limit.as_secs().max(1)).min(LIFE)), maximum: Some(LIFE) };
        if let Err(error) = prlimit(Some(pid), Resource::Cpu, most) {
            tracing::warn!(%error, "extract.processor_limit");
        }
    }

    async fn stopped(&mut self, limits: &Limits) -> Broken {
        // The pipes are closed, or broken by what should not be: it must end now.
        let status = match tokio::time::timeout(Duration::from_secs(2), self.child.wait()).await {
            Ok(Ok(status)) => status,
            _ => return Broken::Refused(ExtractError::Stopped),
        };
        let errors = String::from_utf8_lossy(&self.errors.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        tracing::debug!(%status, errors, "extract.stopped");
        verdict(status, &errors, limits)
    }
}

fn verdict(status: ExitStatus, errors: &str, limits: &Limits) -> Broken {
    let signal = status.signal();
    let is = |wanted: Signal| signal == Some(wanted.as_raw());
    if is(Signal::XCPU) {
        return Broken::Refused(ExtractError::too_slow(limits.processor, "processor time"));
    }
    let out_of_memory = errors.contains("memory allocation of") || errors.contains("bad_alloc") || errors.contains("Out of memory");
    if out_of_memory || is(Signal::KILL) {
        return Broken::Stopped(ExtractError::TooMuchMemory { limit_mib: limits.memory >> 20 });
    }
    if signal.is_none() {
        return Broken::Stopped(ExtractError::NoReader { reason: last_line(errors) });
    }
    Broken::Stopped(ExtractError::Stopped)
}

/// The last that a child said, as part of a sentence.
pub(super) fn last_line(errors: &str) -> String {
    let last = errors.lines().last().unwrap_or("it ended without a word");
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Processor time that a process has used, from the table of processes.
fn processor_seconds(id: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name comes second, in brackets, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) / rustix::param::clock_ticks_per_second().max(1))
}

/// Reads all that a child says on its standard error and keeps the end of it.
pub(super) async fn keep_errors(mut from: ChildStderr, kept: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&buffer[..read]);
        let over = kept.len().saturating_sub(ERROR_BYTES);
        kept.drain(..over);
    }
}
