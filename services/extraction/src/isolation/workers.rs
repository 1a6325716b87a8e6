//! The children that read files, and whose turn it is.

use std::{
    ffi::OsString,
    os::unix::process::CommandExt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use serde_bytes::ByteBuf;
use tokio::{process::Command, sync::Semaphore};

use super::{
    Conversion, Limits, TextRecognition,
    process::{Broken, Process},
    protocol::{self, Done, Request, Task},
};
use crate::{ExtractError, Extracted, Progress};

/// The program that plays the child: this one, called in another way.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    /// Makes it call [`super::serve`].
    pub worker: Vec<OsString>,
    /// Makes it call [`super::become_tool`] with the arguments that follow.
    pub tool: Vec<OsString>,
}

impl Program {
    /// With nothing of this process's environment but what says where programs and their data are.
    pub(super) fn command(&self, arguments: &[OsString]) -> Command {
        #[expect(clippy::disallowed_methods, reason = "isolation is where child processes are made")]
        let mut command = std::process::Command::new(&self.path);
        // A group of its own: Ctrl-C is for this process, which ends its children; else each would look like one that crashed.
        command.args(arguments).env_clear().process_group(0);
        for kept in ["PATH", "TESSDATA_PREFIX"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        // One heap is enough, and each further one would take address space; one thread for each page that is recognized.
        command.env("MALLOC_ARENA_MAX", "1").env("OMP_THREAD_LIMIT", "1").env("LANG", "C.UTF-8");
        command.into()
    }
}

/// Other programs, which a child can't start itself.
#[derive(Clone, Debug)]
pub struct Helpers {
    pub recognition: TextRecognition,
    pub conversion: Conversion,
}

/// Reads files in children. Cheap to clone: all clones share the children.
#[derive(Clone)]
pub struct Workers {
    shared: Arc<Shared>,
}

struct Shared {
    program: Program,
    limits: Limits,
    helpers: Helpers,
    turns: Semaphore,
    idle: Mutex<Vec<Process>>,
}

impl Workers {
    /// At most `count` children at a time. None is started before it is needed.
    #[must_use]
    pub fn new(program: Program, limits: Limits, helpers: Helpers, count: usize) -> Self {
        let turns = Semaphore::new(count.max(1));
        Self { shared: Arc::new(Shared { program, limits, helpers, turns, idle: Mutex::new(Vec::new()) }) }
    }

    /// Reads a document. A dropped call ends the child that reads for it.
    ///
    /// # Errors
    /// One plain sentence that continues "FILE …", also where the child crashed or went over a limit.
    pub async fn extract(&self, name: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError> {
        self.extract_telling(name, bytes, &|_, _| {}).await
    }

    /// As [`Self::extract`], and says meanwhile how far it is where a file takes long. What it says is not more to be
    /// trusted than the file.
    ///
    /// # Errors
    /// As [`Self::extract`].
    pub async fn extract_telling(&self, name: &str, bytes: Vec<u8>, progress: Progress<'_>) -> Result<Extracted, ExtractError> {
        match self.perform(Task::Extract { name: name.to_owned(), bytes }, progress).await? {
            Done::Extracted(extracted) => match *extracted {
                Ok(extracted) if extracted.is_sound() => Ok(extracted),
                // What a child says is shown to people.
                Err(error) if error.is_sound() => Err(error),
                _ => Err(ExtractError::Stopped),
            },
            Done::Drawn(_) => Err(ExtractError::Stopped),
        }
    }

    /// Draws a page of a PDF, from 1, as a PNG of that width in pixels.
    ///
    /// # Errors
    /// As [`Self::extract`].
    pub async fn draw(&self, bytes: Vec<u8>, page: i32, width: u16) -> Result<Vec<u8>, ExtractError> {
        match self.perform(Task::Draw { bytes, page, width }, &|_, _| {}).await? {
            Done::Drawn(image) => {
                image.map(ByteBuf::into_vec).map_err(|error| if error.is_sound() { error } else { ExtractError::Stopped })
            }
            Done::Extracted(_) => Err(ExtractError::Stopped),
        }
    }

    async fn perform(&self, task: Task, progress: Progress<'_>) -> Result<Done, ExtractError> {
        let shared = &self.shared;
        let no_reader = |reason: String| ExtractError::NoReader { reason };
        let _turn = shared.turns.acquire().await.map_err(|e| no_reader(e.to_string()))?;
        let frame = protocol::frame(&Request::Task(task)).map_err(|e| no_reader(e.to_string()))?;
        loop {
            let mut process = self.process().map_err(|e| no_reader(e.to_string()))?;
            match process.perform(&frame, &shared.limits, &shared.helpers, progress).await {
                Ok(done) => {
                    if !process.is_worn() {
                        shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
                    }
                    return Ok(done);
                }
                // Not its fault alone, perhaps: a file is judged by a child that has read no other.
                Err(Broken::Stopped(_)) if process.files > 1 => {}
                Err(Broken::Stopped(error) | Broken::Refused(error)) => return Err(error),
            }
        }
    }

    fn process(&self) -> std::io::Result<Process> {
        let idle = self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Process::start(self.shared.program.command(&self.shared.program.worker)), Ok)
    }
}
