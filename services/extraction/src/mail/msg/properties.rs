//! MAPI properties: what Outlook keeps of a message, a recipient or an attachment, each under a number.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;

use crate::mail::charset;

pub(super) type File<'b> = cfb::CompoundFile<Cursor<&'b [u8]>>;

/// Storages of a file may share their bytes, so what it holds can be larger than itself.
pub(super) const MAX_READ: u64 = 256 << 20;

/// The file, and how much more may be read of it.
pub(super) struct Container<'b> {
    pub(super) file: File<'b>,
    left: u64,
}

impl<'b> Container<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Option<Self> {
        Some(Self { file: cfb::CompoundFile::open(Cursor::new(bytes)).ok()?, left: MAX_READ })
    }

    /// `None` where there is no such stream, or it cannot be read.
    pub(super) fn stream(&mut self, path: &Path) -> Option<Vec<u8>> {
        if !self.file.is_stream(path) {
            return None;
        }
        let stream = self.file.open_stream(path).ok()?;
        let mut bytes = Vec::new();
        // What can be read of a damaged one is better than nothing.
        let _ = stream.take(self.left).read_to_end(&mut bytes);
        self.left -= bytes.len() as u64;
        Some(bytes)
    }

    /// The storages right below a path whose names begin so, in order.
    pub(super) fn storages(&self, path: &Path, start: &str) -> Vec<PathBuf> {
        let Ok(entries) = self.file.read_storage(path) else {
            return Vec::new();
        };
        entries.filter(|entry| entry.is_storage() && entry.name().starts_with(start)).map(|entry| entry.path().to_owned()).collect()
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.left == 0
    }
}

/// The properties in one storage.
pub(super) struct Properties {
    path: PathBuf,
    /// Values that fit into eight bytes, by number and type.
    fixed: HashMap<(u16, u16), [u8; 8]>,
    /// Of strings that are not Unicode.
    encoding: Option<&'static Encoding>,
}

const INTEGER: u16 = 0x0003;
const FLOAT: u16 = 0x0005;
const BOOLEAN: u16 = 0x000b;
const STRING_8: u16 = 0x001e;
const STRING: u16 = 0x001f;
const TIME: u16 = 0x0040;
const BINARY: u16 = 0x0102;

const MESSAGE_CODE_PAGE: u16 = 0x3ffd;
const LANGUAGE: u16 = 0x3ff1;
const INTERNET_CODE_PAGE: u16 = 0x3fde;

/// Before the first value stand 32 bytes in a message's list, 24 in that of one within it, 8 in all others.
pub(super) const TOP_HEADER: usize = 32;
pub(super) const EMBEDDED_HEADER: usize = 24;
pub(super) const OTHER_HEADER: usize = 8;
pub(super) const LIST: &str = "__properties_version1.0";

impl Properties {
    pub(super) fn read(container: &mut Container<'_>, path: &Path, header: usize, encoding: Option<&'static Encoding>) -> Self {
        let list = container.stream(&path.join(LIST)).unwrap_or_default();
        let mut fixed = HashMap::new();
        for entry in list.get(header..).unwrap_or_default().as_chunks::<16>().0 {
            let [t0, t1, n0, n1, _, _, _, _, value @ ..] = *entry;
            fixed.insert((u16::from_le_bytes([n0, n1]), u16::from_le_bytes([t0, t1])), value);
        }
        let mut properties = Self { path: path.to_owned(), fixed, encoding };
        let declared = |number| properties.integer(number).and_then(charset::code_page);
        let local = || charset::code_page(charset::of_language(properties.integer(LANGUAGE)?));
        properties.encoding = declared(MESSAGE_CODE_PAGE).or_else(local).or_else(|| declared(INTERNET_CODE_PAGE)).or(encoding);
        properties
    }

    pub(super) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding
    }

    /// Of what came from the Internet, such as HTML.
    pub(super) fn internet_encoding(&self) -> Option<&'static Encoding> {
        self.integer(INTERNET_CODE_PAGE).and_then(charset::code_page)
    }

    fn stream(&self, container: &mut Container<'_>, number: u16, kind: u16) -> Option<Vec<u8>> {
        container.stream(&self.path.join(format!("__substg1.0_{number:04X}{kind:04X}")))
    }

    pub(super) fn storage(&self, number: u16) -> PathBuf {
        self.path.join(format!("__substg1.0_{number:04X}000D"))
    }

    /// `None` for an empty one as well.
    pub(super) fn string(&self, container: &mut Container<'_>, number: u16) -> Option<String> {
        let text = match self.stream(container, number, STRING) {
            Some(bytes) => encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned(),
            None => charset::decode_as(&self.stream(container, number, STRING_8)?, self.encoding)?,
        };
        let text = text.trim_end_matches('\0');
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    pub(super) fn binary(&self, container: &mut Container<'_>, number: u16) -> Option<Vec<u8>> {
        self.stream(container, number, BINARY).filter(|bytes| !bytes.is_empty())
    }

    fn value(&self, number: u16, kind: u16) -> Option<[u8; 8]> {
        self.fixed.get(&(number, kind)).copied()
    }

    pub(super) fn integer(&self, number: u16) -> Option<i32> {
        let [a, b, c, d, ..] = self.value(number, INTEGER)?;
        Some(i32::from_le_bytes([a, b, c, d]))
    }

    pub(super) fn float(&self, number: u16) -> Option<f64> {
        self.value(number, FLOAT).map(f64::from_le_bytes).filter(|value| value.is_finite())
    }

    pub(super) fn flag(&self, number: u16) -> bool {
        self.value(number, BOOLEAN).is_some_and(|[low, ..]| low != 0)
    }

    /// In tenths of a microsecond since 1601; Outlook writes the end of its calendar for "none".
    pub(super) fn time(&self, number: u16) -> Option<DateTime<Utc>> {
        const SECONDS_TO_1970: i64 = 11_644_473_600;
        const END: i64 = 71_000_000_000;
        let ticks = i64::from_le_bytes(self.value(number, TIME)?);
        let seconds = ticks / 10_000_000;
        (seconds > 0 && seconds - SECONDS_TO_1970 < END).then(|| DateTime::from_timestamp(seconds - SECONDS_TO_1970, 0)).flatten()
    }
}
