//! Vectors in half precision are read from a mapped file, a few hundred of them a search. With each the system maps the pages around it
//! that its cache holds, so that in the end the whole file counts as memory of this process (730 MB of a million passages) and is
//! the last that a machine short of memory lets go. Here they are unmapped from time to time: they stay in the system's cache, and
//! reading one again costs about a microsecond. The caller sees to it that nobody reads or writes meanwhile.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

/// The file's name in each segment.
const VECTORS: &str = "matrix.dat";
/// With some 128 vectors a search, and 64 KiB of pages with each, there are 256 MiB until they are unmapped.
const SEARCHES: usize = 32;

/// Counts searches, and says when it is time.
#[derive(Default)]
pub(super) struct Searches(AtomicUsize);

impl Searches {
    /// Whether it is time to unmap pages after this one.
    pub(super) fn count(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= SEARCHES - 1
    }

    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Unmaps all pages of the vectors in a folder. While it runs, no mapping of them may begin or end, by whomever in this process.
#[cfg(target_os = "linux")]
pub(super) fn unmap(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder = folder.canonicalize()?;
    for mapping in procfs::process::Process::myself()?.maps()? {
        if is_vectors(&mapping, &folder) {
            let (start, end) = mapping.address;
            release(usize::try_from(start)?, usize::try_from(end - start)?)?;
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn unmap(_folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

/// Only a mapping that is shared and can't be written is taken: what is read of it later is what the file holds, as before.
#[cfg(target_os = "linux")]
fn is_vectors(mapping: &procfs::process::MemoryMap, folder: &Path) -> bool {
    use procfs::process::{MMPermissions, MMapPath};
    let MMapPath::Path(file) = &mapping.pathname else { return false };
    mapping.perms == MMPermissions::READ | MMPermissions::SHARED
        && file.starts_with(folder)
        && file.file_name().is_some_and(|name| name == VECTORS)
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "memory that a dependency mapped can be advised on in no other way")]
fn release(start: usize, length: usize) -> std::io::Result<()> {
    let start = std::ptr::with_exposed_provenance_mut(start);
    // SAFETY: of a shared mapping nothing is lost, its pages are read from the file again; and it is still there, because nobody opens or
    // closes a segment meanwhile.
    unsafe { rustix::mm::madvise(start, length, rustix::mm::Advice::LinuxDontNeed) }?;
    Ok(())
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use memmap2::Mmap;
    use procfs::process::Process;

    use super::*;

    #[expect(unsafe_code, reason = "there is no other way to map a file")]
    fn mapped(path: &Path) -> Mmap {
        fs::write(path, vec![7; 1 << 20]).unwrap();
        // SAFETY: nobody writes to the file while it is mapped.
        let map = unsafe { Mmap::map(&File::open(path).unwrap()) }.unwrap();
        assert!(map.iter().all(|&byte| byte == 7));
        map
    }

    /// Bytes of it that are in memory.
    fn resident(map: &Mmap) -> u64 {
        let at = map.as_ptr() as u64;
        let maps = Process::myself().unwrap().smaps().unwrap();
        maps.iter().find(|mapping| mapping.address.0 == at).unwrap().extension.map["Rss"]
    }

    #[test]
    fn only_the_vectors_of_a_folder_are_unmapped_and_they_read_as_before() {
        let (ours, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vectors = mapped(&ours.path().join(VECTORS));
        let untouched = [mapped(&ours.path().join("links.bin")), mapped(&other.path().join(VECTORS))];
        assert_eq!(resident(&vectors), 1 << 20);
        unmap(ours.path()).unwrap();
        assert_eq!(resident(&vectors), 0);
        assert_eq!(untouched.each_ref().map(resident), [1 << 20; 2]);
        assert!(vectors.iter().all(|&byte| byte == 7));
    }
}
