//! A folder for one run of a program that works with files.

use std::{
    env, fs,
    fs::{DirEntry, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::{Builder, TempDir};

const NAME: &str = "footnote-conversion-";
/// No run takes as long: what is older belongs to a process that was killed.
const OLD: Duration = Duration::from_secs(3600);
/// Such a program makes some hundred files and folders.
const MAX_ENTRIES: usize = 10_000;

/// Only this user may enter it; gone with all that is in it when dropped.
pub(super) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    /// In the system's folder for such files (`TMPDIR`), out of which it takes what killed processes have left.
    pub(super) fn new() -> io::Result<Self> {
        let place = std::path::absolute(env::temp_dir())?;
        sweep(&place);
        let folder = Builder::new().prefix(NAME).permissions(Permissions::from_mode(0o700)).tempdir_in(place)?;
        Ok(Self { folder })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Bytes of its files together; `None` where they are more than anybody needs.
    pub(super) fn size(&self) -> Option<u64> {
        let mut folders = vec![self.path().to_owned()];
        let (mut bytes, mut entries) = (0, 0);
        while let Some(folder) = folders.pop() {
            // What goes away while it is counted doesn't count.
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(about) = entry.metadata() else { continue };
                bytes += about.len();
                entries += 1;
                if entries > MAX_ENTRIES {
                    return None;
                }
                if about.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        Some(bytes)
    }
}

fn sweep(place: &Path) {
    let mine = rustix::process::geteuid().as_raw();
    let left: Vec<PathBuf> =
        fs::read_dir(place).into_iter().flatten().flatten().filter(|entry| is_left(entry, mine)).map(|e| e.path()).collect();
    for folder in left {
        if let Err(error) = fs::remove_dir_all(&folder) {
            tracing::warn!(%error, folder = %folder.display(), "convert.left_folder");
        }
    }
}

fn is_left(entry: &DirEntry, user: u32) -> bool {
    let named = || entry.file_name().as_encoded_bytes().starts_with(NAME.as_bytes());
    let old = |about: fs::Metadata| {
        let age = about.modified().ok().and_then(|then| then.elapsed().ok());
        about.is_dir() && about.uid() == user && age.is_some_and(|age| age > OLD)
    };
    named() && entry.metadata().is_ok_and(old)
}

#[cfg(test)]
mod tests {
    use std::{fs::File, time::SystemTime};

    use super::*;

    #[test]
    fn what_killed_processes_left_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str, age: u64| {
            let path = place.path().join(name);
            fs::create_dir_all(path.join("deeper")).unwrap();
            File::open(&path).unwrap().set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
            path
        };
        let [old, in_use, anothers] = [folder("footnote-conversion-a", 7200), folder("footnote-conversion-b", 60), folder("else", 7200)];
        sweep(place.path());
        assert!(!old.exists() && in_use.exists() && anothers.exists());
    }

    #[test]
    fn its_size_is_that_of_all_files() {
        let scratch = Scratch::new().unwrap();
        let before = scratch.size().unwrap();
        fs::create_dir(scratch.path().join("deeper")).unwrap();
        fs::write(scratch.path().join("deeper/file"), vec![1; 100_000]).unwrap();
        assert!(scratch.size().unwrap() - before >= 100_000);
        (0..MAX_ENTRIES).for_each(|n| fs::write(scratch.path().join(n.to_string()), "").unwrap());
        assert_eq!(scratch.size(), None);
        let path = scratch.path().to_owned();
        drop(scratch);
        assert!(!path.exists());
    }
}
