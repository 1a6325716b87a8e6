//! One process at a time works with a data directory: the index is written and read in process.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// Held until dropped, or until the process ends in whatever way.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the data directory, waiting a while for a short command to end.
    pub async fn take(data_dir: &Path, command: &str, wait: Duration) -> Result<Self> {
        fs::create_dir_all(data_dir).with_context(|| format!("the data directory {} cannot be made", data_dir.display()))?;
        let path = data_dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("{} cannot be written: give this user the right to", path.display()))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if started.elapsed() < wait => tokio::time::sleep(Duration::from_millis(50)).await,
                Err(TryLockError::WouldBlock) => {
                    let mut owner = String::new();
                    file.read_to_string(&mut owner).unwrap_or_default();
                    let owner = if owner.is_empty() { "another footnote process" } else { owner.trim() };
                    bail!("{} is in use by {owner}: wait until it is done, stop it, or ask through its portal", data_dir.display());
                }
                Err(TryLockError::Error(e)) => return Err(e).with_context(|| format!("{} cannot be locked", path.display())),
            }
        }
        // For the message above only: a failure to write it changes nothing about the lock.
        let note = format!("`footnote {command}` (process {})\n", std::process::id());
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(note.as_bytes()));
        if let Err(error) = written {
            tracing::warn!(%error, "the lock does not say who holds it");
        }
        Ok(Self { _file: file })
    }
}
