//! The original bytes of documents, kept by their hash.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::Error;

/// A folder of files named by the BLAKE3 of their content.
#[derive(Clone, Debug)]
pub struct Originals {
    folder: PathBuf,
}

impl Originals {
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the bytes with this hash are, if they are kept.
    #[must_use]
    pub fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("xx")).join(hash)
    }

    /// Keeps the bytes: they are on the disk, whole, when this returns.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn keep(&self, hash: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(hash);
        if path.metadata().is_ok_and(|m| m.len() == bytes.len() as u64) {
            return Ok(());
        }
        write_whole(&path, bytes).map_err(|e| Error::Originals { path: self.folder.clone(), reason: e.to_string() })
    }

    /// Removes the bytes with this hash.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn remove(&self, hash: &str) -> Result<(), Error> {
        match fs::remove_file(self.path(hash)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::Originals { path: self.folder.clone(), reason: e.to_string() }),
            _ => Ok(()),
        }
    }
}

/// A crash leaves the temporary file, never half a file under its final name.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let temporary = path.with_extension("part");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_a_damaged_copy_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let originals = Originals::new(dir.path().join("originals"));
        let hash = blake3::hash(b"policy").to_hex().to_string();
        originals.keep(&hash, b"policy").unwrap();
        fs::write(originals.path(&hash), b"pol").unwrap();
        originals.keep(&hash, b"policy").unwrap();
        assert_eq!(fs::read(originals.path(&hash)).unwrap(), b"policy");
        originals.remove(&hash).unwrap();
        originals.remove(&hash).unwrap();
        assert!(!originals.path(&hash).exists());
    }
}
