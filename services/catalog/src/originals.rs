//! The original bytes of documents, kept by their hash.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::Error;

/// How the name of a file begins that is not whole yet.
const TEMPORARY: &str = ".part-";

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
        write_whole(&path, bytes).map_err(|e| self.failed(&e))
    }

    /// Removes everything but the bytes with these hashes: of deleted documents, and of files that never became one.
    ///
    /// # Errors
    /// The folder can't be read or written.
    pub fn retain(&self, hashes: &HashSet<String>) -> Result<(), Error> {
        remove_others(&self.folder, hashes).map_err(|e| self.failed(&e))
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::Originals { path: self.folder.clone(), reason: error.to_string() }
    }
}

/// A crash leaves the temporary file, never half a file under its final name.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // A name of its own: two files of the same content may be on their way at once.
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}

/// Touches nothing that was not written by [`Originals::keep`]: a folder may hold more than ours.
fn remove_others(folder: &Path, hashes: &HashSet<String>) -> io::Result<()> {
    let entries = |folder: &Path| match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<Vec<_>, _>>(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(e),
    };
    for folder in entries(folder)? {
        if !is_hex(&folder.file_name(), 2) || !folder.file_type()?.is_dir() {
            continue;
        }
        for file in entries(&folder.path())? {
            let name = file.file_name();
            let unfinished = name.as_encoded_bytes().starts_with(TEMPORARY.as_bytes());
            let unknown = is_hex(&name, 64) && !name.to_str().is_some_and(|name| hashes.contains(name));
            if (unfinished || unknown) && file.file_type()?.is_file() {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}

fn is_hex(name: &OsStr, length: usize) -> bool {
    let bytes = name.as_encoded_bytes();
    bytes.len() == length && bytes.iter().all(u8::is_ascii_hexdigit)
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
    }

    #[test]
    fn what_no_document_has_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let originals = Originals::new(dir.path().join("originals"));
        originals.retain(&HashSet::new()).unwrap();
        let hashes = [&b"kept"[..], b"gone"].map(|bytes| {
            let hash = blake3::hash(bytes).to_hex().to_string();
            originals.keep(&hash, bytes).unwrap();
            hash
        });
        let unfinished = originals.path(&hashes[0]).with_file_name(".part-XYZ");
        fs::write(&unfinished, "half").unwrap();
        let foreign = originals.path(&hashes[0]).with_file_name(".snapshot");
        fs::create_dir(&foreign).unwrap();
        fs::create_dir_all(dir.path().join("originals/lost+found/x")).unwrap();
        originals.retain(&HashSet::from([hashes[0].clone()])).unwrap();
        assert!(foreign.is_dir(), "what is not ours stays");
        assert!(originals.path(&hashes[0]).exists());
        assert!(!originals.path(&hashes[1]).exists() && !unfinished.exists());
    }

    #[test]
    fn the_same_content_may_be_kept_by_several_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let originals = Originals::new(dir.path().join("originals"));
        let bytes = vec![b'x'; 100_000];
        let hash = blake3::hash(&bytes).to_hex().to_string();
        std::thread::scope(|scope| {
            let keepers: Vec<_> = (0..8).map(|_| scope.spawn(|| originals.keep(&hash, &bytes))).collect();
            for keeper in keepers {
                keeper.join().unwrap().unwrap();
            }
        });
        assert_eq!(fs::read(originals.path(&hash)).unwrap(), bytes);
    }
}
