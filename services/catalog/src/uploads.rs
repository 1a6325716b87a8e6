//! Files that people publish through the portal, and the work that follows: each is a job, and nothing is accepted that is not on the disk.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use crate::{CollectionId, DocumentId, Error, PersonId};

/// Kind of the job that reads a file into a collection; its payload is an [`Upload`].
pub const PUBLISH: &str = "publish";
/// Kind of the record of a look at a watched folder that found something new.
pub const WATCH: &str = "watch";
/// Kind of the job that clears away what deleted documents left in index and folders.
pub const TIDY: &str = "tidy";

/// A file that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    pub collection: CollectionId,
    /// Where it is: the document's path.
    pub path: String,
    pub person: PersonId,
    /// Whether it is read although nothing of it has changed.
    #[serde(default)]
    pub anew: bool,
    /// What it was moved from: gone once this is read.
    #[serde(default)]
    pub replaces: Option<DocumentId>,
}

impl Upload {
    #[must_use]
    pub const fn new(collection: CollectionId, path: String, person: PersonId) -> Self {
        Self { collection, path, person, anew: false, replaces: None }
    }
}

/// The folder of published files: one folder a collection, so that a file of the same name is a new version of the same document.
#[derive(Clone, Debug)]
pub struct Uploads {
    folder: PathBuf,
}

/// A file that is being received. Dropped before it is whole, it is gone.
pub struct Incoming {
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

/// Bytes of a file's name, at most: what file systems take, with room for ours.
const MAX_NAME: usize = 200;
/// How a file begins that is not whole yet.
const TEMPORARY: &str = ".part-";
/// What is younger may have its job still to come.
const SETTLED: Duration = Duration::from_secs(3600);

impl Uploads {
    /// `folder` is absolute.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Begins to receive a file. `name` is what the browser calls it, of which only the last part counts.
    ///
    /// # Errors
    /// [`Error::FileName`]; [`Error::Originals`] where the folder can't be written.
    pub fn receive(&self, collection: CollectionId, name: &str) -> Result<Incoming, Error> {
        let name = file_name(name)?;
        let folder = self.folder.join(collection.to_string());
        let begun = fs::create_dir_all(&folder).and_then(|()| tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(&folder));
        Ok(Incoming { file: begun.map_err(|e| self.failed(&e))?, target: folder.join(name) })
    }

    /// Whether a document was published through the portal: then its file is here.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        let path = Path::new(path);
        path.starts_with(&self.folder) && path.is_file()
    }

    /// Copies a file of one collection into another. Returns where it is.
    ///
    /// # Errors
    /// [`Error::NameTaken`] where the other has a file of that name; [`Error::Originals`].
    pub fn copy(&self, path: &str, into: CollectionId) -> Result<String, Error> {
        let mut incoming = self.receive(into, path)?;
        if incoming.path().exists() {
            return Err(Error::NameTaken(incoming.path().file_name().unwrap_or_default().to_string_lossy().into_owned()));
        }
        let copied = fs::File::open(path).and_then(|mut from| io::copy(&mut from, incoming.file.as_file_mut()));
        copied.map_err(|e| self.failed(&e))?;
        incoming.keep_new()
    }

    /// Removes a file of a deleted document; others stay, wherever they are.
    ///
    /// # Errors
    /// [`Error::Originals`].
    pub fn remove(&self, path: &str) -> Result<(), Error> {
        let path = Path::new(path);
        if !path.starts_with(&self.folder) {
            return Ok(());
        }
        match fs::remove_file(path) {
            Ok(()) => Ok(()),
            // A document within a file has no file of its own.
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
            Err(e) => Err(self.failed(&e)),
        }
    }

    /// Removes what no document and no job has, and what was never received whole. `now` is the time; what is younger than an hour stays.
    ///
    /// # Errors
    /// [`Error::Originals`].
    pub fn retain(&self, is_known: impl Fn(&str) -> bool, now: SystemTime) -> Result<(), Error> {
        let folders = match fs::read_dir(&self.folder) {
            Ok(folders) => folders,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(self.failed(&e)),
        };
        for folder in folders {
            let folder = folder.map_err(|e| self.failed(&e))?.path();
            if !folder.is_dir() {
                continue;
            }
            for file in fs::read_dir(&folder).map_err(|e| self.failed(&e))? {
                let file = file.map_err(|e| self.failed(&e))?;
                let modified = match file.metadata().and_then(|found| found.modified()) {
                    Ok(modified) => modified,
                    // Received whole in between, under its own name.
                    Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                    Err(e) => return Err(self.failed(&e)),
                };
                let is_settled = now.duration_since(modified).is_ok_and(|age| age > SETTLED);
                let path = file.path();
                if is_settled && !path.to_str().is_some_and(&is_known) {
                    fs::remove_file(&path).map_err(|e| self.failed(&e))?;
                }
            }
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::Originals { path: self.folder.clone(), reason: error.to_string() }
    }
}

impl Incoming {
    /// # Errors
    /// [`Error::Originals`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|e| failed(&self.target, &e))
    }

    /// The file as it will be: for what its name says of it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Keeps the file: it is on the disk, whole, when this returns. One of the same name is replaced.
    ///
    /// # Errors
    /// [`Error::Originals`].
    pub fn keep(self) -> Result<String, Error> {
        self.kept(|file, target| file.persist(target).map_err(|e| e.error))
    }

    /// The same, where there is none of that name.
    fn keep_new(self) -> Result<String, Error> {
        self.kept(|file, target| file.persist_noclobber(target).map_err(|e| e.error))
    }

    fn kept(self, persist: impl FnOnce(tempfile::NamedTempFile, &Path) -> io::Result<fs::File>) -> Result<String, Error> {
        let Self { file, target } = self;
        file.as_file().sync_all().map_err(|e| failed(&target, &e))?;
        persist(file, &target).map_err(|e| failed(&target, &e))?;
        // The name is as lasting as the content only when its folder is on the disk, too.
        if let Some(folder) = target.parent() {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| failed(&target, &e))?;
        }
        target.into_os_string().into_string().map_err(|path| Error::FileName(path.to_string_lossy().into_owned()))
    }
}

fn failed(target: &Path, error: &io::Error) -> Error {
    Error::Originals { path: target.to_owned(), reason: error.to_string() }
}

/// The last part of a name, where it is one that a file can have.
fn file_name(written: &str) -> Result<String, Error> {
    let name = written.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let is_hidden = name.starts_with('.') || name.starts_with("~$");
    if name.is_empty() || is_hidden || name.len() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::FileName(written.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let (uploads, collection) = (Uploads::new(dir.path().to_owned()), CollectionId::new());
        let mut incoming = uploads.receive(collection, "C:\\Users\\me\\Leave policy.pdf").unwrap();
        incoming.write(b"first ").unwrap();
        incoming.write(b"half").unwrap();
        assert!(!incoming.path().exists());
        drop(incoming);
        assert_eq!(fs::read_dir(dir.path().join(collection.to_string())).unwrap().count(), 0);
        let mut incoming = uploads.receive(collection, "../../Leave policy.pdf").unwrap();
        incoming.write(b"whole").unwrap();
        let path = incoming.keep().unwrap();
        assert!(Path::new(&path).starts_with(dir.path().join(collection.to_string())), "{path}");
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        uploads.remove("/etc/hostname").unwrap();
        assert!(Path::new("/etc/hostname").exists());
        let later = SystemTime::now() + 2 * SETTLED;
        uploads.retain(|known| known == path, later).unwrap();
        uploads.retain(|_| false, SystemTime::now()).unwrap();
        assert!(Path::new(&path).exists());
        uploads.retain(|_| false, later).unwrap();
        assert!(!Path::new(&path).exists());
        uploads.remove(&path).unwrap();
    }

    #[test]
    fn names_that_no_file_can_have_are_refused() {
        for name in ["", ".", "..", "a/..", ".hidden", "~$open.docx", "a\0b.pdf", "tab\t.txt", &"x".repeat(201)] {
            assert!(matches!(file_name(name), Err(Error::FileName(_))), "{name:?}");
        }
        assert_eq!(file_name("/tmp/Größen.xlsx").unwrap(), "Größen.xlsx");
    }
}
