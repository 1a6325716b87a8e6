//! Every file is read in a child process that can do nothing else.
//!
//! Files come from anywhere, and parsers have bugs: so a child of the same program reads them, after it has given up the
//! network, other processes and all writing (`sandbox`, `syscalls`), within `limits`. Parent and child speak in frames
//! over pipes (`protocol`); `worker` is the child's side, `process` and `workers` the parent's. What a file does to a child
//! (crash, loop, bomb) costs that file and gives one sentence. Children are used again, so that this costs little for each file.
//!
//! Other programs that read files for us (`ocr`, `convert`) are bound in the same way before they begin (`tool`).

mod check;
mod convert;
pub(crate) mod counted;
mod limits;
mod ocr;
mod process;
mod protocol;
mod sandbox;
mod scratch;
mod syscalls;
mod tool;
mod worker;
mod workers;

pub use check::{has_landlock, scan_languages};
pub use convert::{Conversion, NOT_STARTED};
pub use limits::Limits;
pub use ocr::TextRecognition;
pub use protocol::{Done, GrayImage, OldOffice, Task};
pub use sandbox::SandboxError;
pub use tool::become_tool;
pub use worker::{Link, ServeError, serve};
pub use workers::{Helpers, Program, Workers};
