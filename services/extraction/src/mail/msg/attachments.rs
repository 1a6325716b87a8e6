//! Files attached to an item, and items within it.

use std::{
    io::{Cursor, Write},
    path::Path,
};

use cfb::CompoundFile;

use super::properties::{Container, EMBEDDED_HEADER, LIST, OTHER_HEADER, Properties, TOP_HEADER};
use crate::{Attachment, ExtractError, attachment::Names};

const MAX_FILES: usize = 5_000;
/// An item within an item is copied, entry by entry.
const MAX_ENTRIES: usize = 50_000;
/// How an item within an item is attached.
const EMBEDDED: i32 = 5;

pub(super) fn read(container: &mut Container<'_>, root: &Properties) -> Result<Vec<Attachment>, ExtractError> {
    let storages = container.storages(Path::new("/"), "__attach_version1.0_");
    if storages.len() > MAX_FILES {
        return Err(ExtractError::TooManyFiles { limit: MAX_FILES });
    }
    let mut names = Names::default();
    let mut files = Vec::new();
    for path in storages {
        let properties = Properties::read(container, &path, OTHER_HEADER, root.encoding());
        let name = [0x3707, 0x3704, 0x3001].into_iter().find_map(|number| properties.string(container, number)).unwrap_or_default();
        if properties.integer(0x3705) == Some(EMBEDDED) {
            let name = if name.to_ascii_lowercase().ends_with(".msg") { name } else { format!("{name}.msg") };
            let bytes = item(container, &properties.storage(0x3701));
            files.extend(bytes.map(|bytes| Attachment { name: names.file(&name, "Message.msg"), bytes }));
        } else if !is_decoration(container, &properties, &name)
            && let Some(bytes) = properties.binary(container, 0x3701)
        {
            files.push(Attachment { name: names.file(&name, "Attachment"), bytes });
        }
    }
    Ok(files)
}

/// Pictures that the text shows.
fn is_decoration(container: &mut Container<'_>, properties: &Properties, name: &str) -> bool {
    const PICTURES: &[&str] = &[".png", ".jpg", ".jpeg", ".gif", ".bmp", ".wmf", ".emf", ".svg", ".webp", ".tif", ".tiff"];
    let media = properties.string(container, 0x370e).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let picture = media.starts_with("image/") || PICTURES.iter().any(|ending| name.ends_with(ending));
    picture && (properties.flag(0x7ffe) || properties.string(container, 0x3712).is_some())
}

/// An item within the item as a file of its own, as Outlook would save it.
fn item(container: &mut Container<'_>, storage: &Path) -> Option<Vec<u8>> {
    let mut copy = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    copy_entries(container, storage, Path::new("/"), &mut copy)?;
    // The names that programs gave to properties are listed once, for all items in the file.
    let names = Path::new("/__nameid_version1.0");
    if container.file.is_storage(names) && !copy.exists(names) {
        copy.create_storage(names).ok()?;
        copy_entries(container, names, names, &mut copy)?;
    }
    copy.flush().ok()?;
    Some(copy.into_inner().into_inner())
}

fn copy_entries(container: &mut Container<'_>, from: &Path, to: &Path, copy: &mut CompoundFile<Cursor<Vec<u8>>>) -> Option<()> {
    let entries: Vec<(std::path::PathBuf, bool)> = container
        .file
        .walk_storage(from)
        .ok()?
        .skip(1)
        .take(MAX_ENTRIES)
        .map(|entry| (entry.path().to_owned(), entry.is_stream()))
        .collect();
    for (path, is_stream) in entries {
        let inner = path.strip_prefix(from).ok()?;
        let target = to.join(inner);
        if !is_stream {
            copy.create_storage(&target).ok()?;
            continue;
        }
        let mut bytes = container.stream(&path)?;
        if inner == Path::new(LIST) && to == Path::new("/") && bytes.len() >= EMBEDDED_HEADER {
            // Of an item by itself, the list begins with a longer header.
            let longer = [0; TOP_HEADER - EMBEDDED_HEADER];
            bytes.splice(EMBEDDED_HEADER..EMBEDDED_HEADER, longer);
        }
        copy.create_stream(&target).ok()?.write_all(&bytes).ok()?;
    }
    Some(())
}
