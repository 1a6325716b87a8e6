//! The child: reads tasks from its standard input and writes what became of them to its standard output.

use std::{
    io::{self, Read, Stdin, Stdout, Write},
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_bytes::ByteBuf;

use super::{
    Limits, SandboxError,
    protocol::{self, Done, GrayImage, OldOffice, Reply, Request, Task},
    sandbox::{Role, Sandbox},
};
use crate::ExtractError;

/// Where PDFium looks for the fonts that a file names but doesn't hold.
const FONTS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts"];

/// The child's end of the pipes.
pub struct Link {
    pipes: Mutex<(Stdin, Stdout)>,
}

/// Binds this process and does what the parent asks, until it closes the pipe. Call it before anything starts a thread.
///
/// # Errors
/// The process could not be bound, or the parent is gone.
pub fn serve(limits: &Limits, perform: &dyn Fn(Task, &Link) -> Done) -> Result<(), ServeError> {
    let readable = FONTS.iter().map(PathBuf::from).filter(|folder| folder.is_dir()).collect();
    Sandbox { limits: *limits, readable, role: Role::Reader }.enter()?;
    let link = Link { pipes: Mutex::new((io::stdin(), io::stdout())) };
    while let Some(request) = link.read()? {
        let Request::Task(task) = request else { return Err(ServeError::OutOfTurn) };
        link.write(&Reply::Done(perform(task, &link)))?;
    }
    Ok(())
}

/// Why a child stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0}")]
    Sandbox(#[from] SandboxError),
    #[error("the pipe to the parent broke ({0})")]
    Pipe(#[from] io::Error),
    #[error("a message could not be read or written ({0})")]
    Message(#[from] postcard::Error),
    #[error("an answer came without a question")]
    OutOfTurn,
}

impl Link {
    /// Has the parent find the words in images: for each the table that Tesseract writes (TSV), or why there is none.
    ///
    /// # Errors
    /// The parent is gone or out of step.
    pub fn recognize(&self, images: Vec<GrayImage>) -> Result<Vec<Result<String, ExtractError>>, ServeError> {
        self.write(&Reply::Recognize(images))?;
        match self.read()? {
            Some(Request::Recognized(words)) => Ok(words),
            _ => Err(ServeError::OutOfTurn),
        }
    }

    /// Has the parent convert a file: the child may not start the program that does so.
    ///
    /// # Errors
    /// The parent is gone or out of step.
    pub fn convert(&self, from: OldOffice, bytes: Vec<u8>) -> Result<Result<Vec<u8>, ExtractError>, ServeError> {
        self.write(&Reply::Convert { from, bytes })?;
        match self.read()? {
            Some(Request::Converted(converted)) => Ok(converted.map(ByteBuf::into_vec)),
            _ => Err(ServeError::OutOfTurn),
        }
    }

    /// Tells the parent which page is read now, from 1, and how many there are.
    ///
    /// # Errors
    /// The parent is gone.
    pub fn progress(&self, page: u32, pages: u32) -> Result<(), ServeError> {
        self.write(&Reply::Progress { page, pages })
    }

    fn pipes(&self) -> MutexGuard<'_, (Stdin, Stdout)> {
        self.pipes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` where the parent has closed the pipe.
    fn read(&self) -> Result<Option<Request>, ServeError> {
        let mut length = [0; 4];
        let input = &mut self.pipes().0;
        match input.read_exact(&mut length) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let mut body = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut body)?;
        Ok(Some(protocol::message(&body)?))
    }

    fn write(&self, reply: &Reply) -> Result<(), ServeError> {
        let output = &mut self.pipes().1;
        output.write_all(&protocol::frame(reply)?)?;
        output.flush()?;
        Ok(())
    }
}
