//! The bytes of a file, within a limit, with a sentence for everything that can go wrong.

use std::{
    fs::File,
    io::{self, Read},
};

use chrono::NaiveDate;

use crate::dated;

/// The content of a file, its BLAKE3 hash as hex, and the day of its last change, if the system knows it.
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: String,
    pub(crate) changed: Option<NaiveDate>,
}

/// Reads at most `limit` bytes: a file that grows while it is read can't fill the memory.
pub(crate) fn read(path: &str, limit: u64) -> Result<Content, String> {
    let file = File::open(path).map_err(|e| cannot_read(&e))?;
    let about = file.metadata().map_err(|e| cannot_read(&e))?;
    let size = about.len();
    if size > limit {
        return Err(too_large(size, limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| cannot_read(&e))?;
    let read = bytes.len() as u64;
    if read > limit {
        return Err(too_large(read, limit));
    }
    if read < size {
        return Err("became shorter while it was read: ingest it again when nobody writes to it".into());
    }
    Ok(Content { changed: about.modified().ok().map(dated::of_file), ..Content::of(bytes) })
}

impl Content {
    /// What is in no file of its own.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let hash = blake3::hash(&bytes).to_hex().to_string();
        Self { bytes, hash, changed: None }
    }
}

fn too_large(size: u64, limit: u64) -> String {
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    format!("is {} MiB, over the limit of {} MiB: split it, or raise ingest.max_file_mib", mib(size), mib(limit))
}

fn cannot_read(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "was deleted before it could be read".into(),
        io::ErrorKind::PermissionDenied => "may not be read: give the user that runs footnote the right to read it".into(),
        _ => format!("cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_holds_and_the_message_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        std::fs::write(&path, vec![b'x'; 2048]).unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(read(path, 2048).unwrap().bytes.len(), 2048);
        assert!(read(path, 2047).err().unwrap().contains("ingest.max_file_mib"));
        assert!(read("/nonexistent/file", 1).err().unwrap().contains("deleted"));
    }
}
