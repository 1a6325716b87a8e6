//! The ZIP container of DOCX, PPTX and OpenDocument, within limits.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use crate::{ExtractError, decode, relations::Relations, xml};

/// All parts together may unpack to this.
const MAX_UNPACKED: u64 = 256 << 20;

pub(crate) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Package<'b> {
    pub(crate) fn open(bytes: &'b [u8]) -> Result<Self, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ExtractError::damaged("its ZIP container is cut off or broken"))?;
        Ok(Self { archive, left: MAX_UNPACKED })
    }

    /// The bytes of a part; `None` where there is no such part.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ExtractError> {
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
        Ok(Some(bytes))
    }

    /// The text of a part; `None` where there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let bytes = self.bytes(name)?;
        bytes.map(|bytes| decode::decode(&bytes).map(std::borrow::Cow::into_owned)).transpose()
    }

    /// What a part refers to.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Relations, ExtractError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let listed = self.part(&format!("{folder}/_rels/{name}.rels"))?.unwrap_or_default();
        Ok(Relations::parse(folder, &listed))
    }

    /// Where the main part of an Office document is; `usual` where the package doesn't say.
    pub(crate) fn main_part(&mut self, usual: &str) -> String {
        let relations = self.part("_rels/.rels").ok().flatten().unwrap_or_default();
        let named = xml::attribute_where(&relations, "Relationship", ("Type", "/officeDocument"), "Target");
        named
            .map(|n| n.trim_start_matches('/').to_owned())
            .filter(|n| self.archive.index_for_name(n).is_some())
            .unwrap_or_else(|| usual.to_owned())
    }
}

/// A package of these parts.
#[cfg(test)]
pub(crate) fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
