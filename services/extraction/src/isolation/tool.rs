//! Programs that read hostile data for us: started by way of this program, so that they are bound before they begin.

use std::{
    ffi::OsString,
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::process::{Signal, set_parent_process_death_signal};

use super::{
    Limits,
    sandbox::{Role, Sandbox},
};

/// Where programs, their libraries and their data are.
const SYSTEM: &[&str] = &["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/opt"];
/// What LibreOffice reads elsewhere: how it is set up, its extensions, and where fonts are.
const SETTINGS: &[&str] = &["/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice", "/etc/fonts", "/var/cache/fontconfig"];

/// Becomes another program that can read its own files and its standard input, and nothing else; with a folder, it can
/// make files in there. Returns only if that failed.
pub fn become_tool(limits: &Limits, folder: Option<&Path>, program: &Path, arguments: &[OsString]) -> io::Error {
    // One that reads no pipe would not notice that nobody waits for it any more.
    if let Err(error) = set_parent_process_death_signal(Some(Signal::KILL)) {
        return error.into();
    }
    let models = std::env::var_os("TESSDATA_PREFIX").map(PathBuf::from);
    let settings = folder.map(|_| SETTINGS).unwrap_or_default();
    let readable = SYSTEM.iter().chain(settings).map(PathBuf::from).chain(models).filter(|path| path.exists()).collect();
    let role = folder.map_or(Role::Tool, Role::Converter);
    if let Err(error) = (Sandbox { limits: *limits, readable, role }).enter() {
        return io::Error::other(error);
    }
    #[expect(clippy::disallowed_methods, reason = "isolation is where child processes are made")]
    let mut command = Command::new(program);
    command.args(arguments).exec()
}
