//! Files as LibreOffice saves them.

use std::{
    fs,
    process::{Command, Stdio},
};

/// A document in another format: from and to are file endings.
///
/// # Panics
/// LibreOffice is not installed, or can't do it.
#[must_use]
pub fn saved_as(document: &str, from: &str, to: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let [source, target] = [from, to].map(|ending| folder.path().join(format!("file.{ending}")));
    fs::write(&source, document).expect("a file");
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let mut command = Command::new("soffice");
    command.args(["--headless", "--norestore", "--nolockcheck", &profile, "--convert-to", to, "--outdir"]);
    let status = command.arg(folder.path()).arg(&source).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "LibreOffice runs: `make test` installs it");
    fs::read(target).expect("what LibreOffice saved")
}
