//! The processes that read files: how this program starts them, and what it does when it is one.

use std::{ffi::OsString, process::ExitCode, thread};

use anyhow::{Context, Result};
use extraction::{
    PdfLibrary,
    isolation::{self, Conversion, Helpers, Limits, NOT_STARTED, Program, TextRecognition, Workers},
};

use crate::{
    cli::{ReadFilesArgs, RunToolArgs},
    config::Config,
    output,
};

/// How the processes are started.
pub fn program(config: &Config) -> Result<Program> {
    let memory = OsString::from(Limits::default().memory.to_string());
    let library = std::path::absolute(config.lib_dir.join("libpdfium.so"))?;
    Ok(Program {
        path: std::env::current_exe().context("the path of this program cannot be found")?,
        worker: vec!["read-files".into(), library.into(), memory.clone()],
        tool: vec!["run-tool".into(), memory],
    })
}

/// None of them is started before it is needed.
pub fn workers(config: &Config) -> Result<Workers> {
    let program = program(config)?;
    let processors = || thread::available_parallelism().map_or(1, usize::from);
    let count = if config.ingest.processes == 0 { processors() } else { config.ingest.processes };
    let helpers = Helpers {
        recognition: TextRecognition::new(program.clone(), config.ingest.scan_languages.clone(), count),
        conversion: Conversion::new(program.clone(), Limits::default(), count),
    };
    Ok(Workers::new(program, Limits::default(), helpers, count))
}

/// Reads what its parent sends, until that closes the pipe.
pub fn read_files(args: &ReadFilesArgs) -> ExitCode {
    // Loading it is the last thing that needs a file outside.
    let library = PdfLibrary::load(&args.library);
    let limits = Limits { memory: args.memory, ..Limits::default() };
    match isolation::serve(&limits, &|task, link| extraction::perform(task, link, &library)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::failed(&error.into()),
    }
}

pub fn run_tool(args: &RunToolArgs) -> ExitCode {
    let limits = Limits { memory: args.memory, ..Limits::default() };
    let error = isolation::become_tool(&limits, args.folder.as_deref(), &args.program, &args.arguments);
    output::failed(&anyhow::Error::new(error).context(format!("{} could not be started", args.program.display())));
    NOT_STARTED.into()
}
