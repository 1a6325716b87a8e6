//! The ZIP container of a DOCX, within limits.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use super::xml;
use crate::extract::{ExtractError, decode};

/// All parts together may unpack to this.
const MAX_UNPACKED: u64 = 256 << 20;

pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ExtractError::damaged("its ZIP container is cut off or broken"))?;
        Ok(Self { archive, left: MAX_UNPACKED })
    }

    /// The text of a part; `None` where there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let name = name.trim_start_matches('/');
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => return Err(ExtractError::Encrypted),
            Err(_) => return Err(ExtractError::damaged(format!("its part {name} cannot be unpacked"))),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(ExtractError::TooLarge { limit_mib: (MAX_UNPACKED >> 20) as usize })?;
        read.map_err(|_| ExtractError::damaged(format!("its part {name} cannot be unpacked")))?;
        Ok(Some(decode::decode(&bytes)?.into_owned()))
    }

    /// Where the main text is; nearly always in word/document.xml.
    pub(super) fn main_part(&mut self) -> String {
        let relations = self.part("_rels/.rels").ok().flatten().unwrap_or_default();
        let named = xml::attribute_where(&relations, "Relationship", ("Type", "/officeDocument"), "Target");
        named
            .map(|n| n.trim_start_matches('/').to_owned())
            .filter(|n| self.archive.index_for_name(n).is_some())
            .unwrap_or_else(|| "word/document.xml".to_owned())
    }
}
