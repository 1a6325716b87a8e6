//! Programs that read hostile data for us: started by way of this program, so that they are bound before they begin.

use std::{
    ffi::OsString,
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Limits, sandbox::Sandbox};

/// Where programs, their libraries and their data are.
const SYSTEM: &[&str] = &["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/opt"];

/// Becomes another program that can read its own files and its standard input, and nothing else. Returns only if that failed.
pub fn become_tool(limits: &Limits, program: &Path, arguments: &[OsString]) -> io::Error {
    let models = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    let readable = SYSTEM.iter().map(PathBuf::from).chain(models).filter(|path| path.exists()).collect();
    if let Err(error) = (Sandbox { memory: limits.memory, readable, tool: true }).enter() {
        return io::Error::other(error);
    }
    #[expect(clippy::disallowed_methods, reason = "isolation is where child processes are made")]
    let mut command = Command::new(program);
    command.args(arguments).exec()
}
