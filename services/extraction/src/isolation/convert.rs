//! Files of the Office of 1997 into those of today by LibreOffice, a file at a time, each in a process and a folder of its own.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::{fs::OpenOptionsExt, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::Signal;
use tokio::{
    process::Child,
    sync::Semaphore,
    time::{Instant, interval},
};

use super::{
    Limits, Program,
    process::{keep_errors, last_line},
    protocol::OldOffice,
    scratch::Scratch,
};
use crate::ExtractError;

/// The exit status of a start that has made its profile and wants to begin anew.
const AGAIN: i32 = 81;
/// The exit status where [`super::become_tool`] failed: LibreOffice didn't begin.
pub const NOT_STARTED: u8 = 125;
/// Of all files of a run together; it keeps copies of what it reads and writes.
const MAX_SCRATCH: u64 = 2 << 30;
/// How often that is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Runs no macro and follows no link, whatever a file says. It could not do much: what it is bound by is what counts.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"#;

/// Converts files that no reader of ours understands.
#[derive(Clone, Debug)]
pub struct Conversion {
    program: Program,
    limits: Limits,
    /// One for each file that is converted at a time, whoever asks.
    turns: Arc<Semaphore>,
}

impl Conversion {
    /// So many files at a time. LibreOffice is the `soffice` that the PATH leads to when a file needs it.
    #[must_use]
    pub fn new(program: Program, limits: Limits, parallel: usize) -> Self {
        Self { program, limits, turns: Arc::new(Semaphore::new(parallel.max(1))) }
    }

    /// The file in the format that takes its place.
    pub(super) async fn convert(&self, from: OldOffice, bytes: Vec<u8>) -> Result<Vec<u8>, ExtractError> {
        let program = libre_office(env::var_os("PATH").unwrap_or_default()).ok_or(ExtractError::NeedsLibreOffice { found: from.name() })?;
        let _turn = self.turns.acquire().await.map_err(|_| ExtractError::Stopped)?;
        let failed = |error: io::Error| ExtractError::NoReader { reason: error.to_string() };
        let scratch = Scratch::new().map_err(failed)?;
        let (old, new) = from.endings();
        let source = scratch.path().join(format!("document.{old}"));
        tokio::fs::write(&source, bytes).await.map_err(failed)?;
        tokio::fs::create_dir_all(scratch.path().join("profile/user")).await.map_err(failed)?;
        tokio::fs::write(scratch.path().join("profile/user/registrymodifications.xcu"), SETTINGS).await.map_err(failed)?;

        let deadline = Instant::now() + self.limits.wall;
        let mut status = self.run(&program, &scratch, &source, new, deadline).await?;
        if status.code() == Some(AGAIN) {
            status = self.run(&program, &scratch, &source, new, deadline).await?;
        }
        tracing::debug!(%status, "convert.done");
        if status.signal() == Some(Signal::KILL.as_raw()) {
            return Err(ExtractError::TooSlowToConvert { seconds: self.limits.processor.as_secs() });
        }
        // Whether it could read the file shows only in what is there.
        self.converted(&scratch.path().join(format!("document.{new}")))
    }

    async fn run(&self, program: &Path, scratch: &Scratch, source: &Path, to: &str, deadline: Instant) -> Result<ExitStatus, ExtractError> {
        let folder = scratch.path();
        let profile = format!("-env:UserInstallation=file://{}", encoded(&folder.join("profile")));
        let plain = [
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nolockcheck",
            &profile,
            // Beside the file: a path of its own may be too long for a socket.
            "-env:OSL_SOCKET_PATH=.",
            "--convert-to",
            to,
            "--outdir",
        ];
        let mut arguments = self.program.tool.clone();
        arguments.extend([OsString::from("--folder"), folder.into(), program.into()]);
        arguments.extend(plain.map(OsString::from));
        arguments.extend([folder.into(), source.into()]);
        let mut command = self.program.command(&arguments);
        command.current_dir(folder).env("HOME", folder).env("TMPDIR", folder).env("SAL_USE_VCLPLUGIN", "svp");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let not_started = |reason: String| ExtractError::NoReader { reason };
        let mut child = command.spawn().map_err(|e| not_started(e.to_string()))?;
        let errors = Arc::new(Mutex::new(Vec::new()));
        let kept = child.stderr.take().map(|stderr| tokio::spawn(keep_errors(stderr, Arc::clone(&errors))));
        let status = self.ended(&mut child, scratch, deadline).await?;
        if status.code() == Some(i32::from(NOT_STARTED)) {
            if let Some(kept) = kept {
                let _ = kept.await;
            }
            let errors = errors.lock().unwrap_or_else(PoisonError::into_inner);
            return Err(not_started(last_line(&String::from_utf8_lossy(&errors))));
        }
        Ok(status)
    }

    /// Waits for its end, or makes it: it has no children that could outlive it.
    async fn ended(&self, child: &mut Child, scratch: &Scratch, deadline: Instant) -> Result<ExitStatus, ExtractError> {
        let mut looks = interval(LOOK);
        let error = loop {
            tokio::select! {
                status = child.wait() => return status.map_err(|_| ExtractError::Stopped),
                () = tokio::time::sleep_until(deadline) => break ExtractError::TooSlowToConvert { seconds: self.limits.wall.as_secs() },
                _ = looks.tick() => if scratch.size().is_none_or(|size| size > MAX_SCRATCH) {
                    break ExtractError::TooLarge { limit_mib: (MAX_SCRATCH >> 20) as usize };
                }
            }
        };
        // Its folder can be removed when it is gone, not before.
        child.kill().await.map_err(|_| ExtractError::Stopped)?;
        Err(error)
    }

    /// Reads what it made: a file, not a link or a pipe that a taken-over converter has put in its place.
    fn converted(&self, path: &Path) -> Result<Vec<u8>, ExtractError> {
        let open = || -> io::Result<Option<File>> {
            let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)?;
            Ok(file.metadata()?.is_file().then_some(file))
        };
        let mut bytes = Vec::new();
        let limit = self.limits.output as u64;
        match open() {
            Ok(Some(file)) => file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| ExtractError::NotConverted)?,
            Ok(None) | Err(_) => return Err(ExtractError::NotConverted),
        };
        if bytes.len() as u64 > limit {
            return Err(ExtractError::TooLarge { limit_mib: self.limits.output >> 20 });
        }
        Ok(bytes)
    }
}

/// The program itself, which lies beside the script that the PATH leads to: that would start it by way of others.
fn libre_office(path: OsString) -> Option<PathBuf> {
    env::split_paths(&path).find_map(|folder| {
        let script = fs::canonicalize(folder.join("soffice")).ok()?;
        let program = script.with_file_name("soffice.bin");
        program.is_file().then_some(program)
    })
}

/// As part of an address.
fn encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_read_is_a_file_of_the_converter() {
        let folder = tempfile::tempdir().unwrap();
        let program = Program { path: PathBuf::new(), worker: Vec::new(), tool: Vec::new() };
        let conversion = Conversion::new(program, Limits { output: 10, ..Limits::default() }, 1);
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "ten bytes.").unwrap();
        fs::write(path("large"), "eleven byte").unwrap();
        symlink(path("file"), path("link")).unwrap();
        assert_eq!(conversion.converted(&path("file")), Ok(b"ten bytes.".to_vec()));
        assert_eq!(conversion.converted(&path("large")), Err(ExtractError::TooLarge { limit_mib: 0 }));
        for other in ["link", "absent", ""] {
            assert_eq!(conversion.converted(&path(other)), Err(ExtractError::NotConverted), "{other}");
        }
    }

    #[test]
    fn libre_office_is_what_the_path_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("office/program");
        let bin = folder.path().join("bin");
        fs::create_dir_all(&program).unwrap();
        fs::create_dir(&bin).unwrap();
        let found = || libre_office(env::join_paths([folder.path(), &bin]).unwrap());
        fs::write(program.join("soffice"), "").unwrap();
        symlink(program.join("soffice"), bin.join("soffice")).unwrap();
        assert_eq!(found(), None);
        fs::write(program.join("soffice.bin"), "").unwrap();
        assert_eq!(found(), Some(fs::canonicalize(program).unwrap().join("soffice.bin")));
    }

    #[test]
    fn addresses_hold_any_path() {
        assert_eq!(encoded(Path::new("/tmp/a b#%/ä")), "/tmp/a%20b%23%25/%C3%A4");
    }
}
