//! Documents within Office documents: a workbook on a slide, a PDF in a letter.

use std::{
    collections::HashSet,
    io::{Cursor, Read},
    path::Path,
};

use catalog::Format;

use crate::{Attachment, ExtractError, kind, package::Package, relations::Relations};

/// The documents found so far; each part once, however often it is shown.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    seen: HashSet<String>,
    found: Vec<Attachment>,
}

impl Embedded {
    /// Takes what the relations of a part embed. What cannot be unpacked or is no document is left out: the document
    /// around it is worth reading without.
    pub(crate) fn take(&mut self, package: &mut Package<'_>, relations: &Relations) -> Result<(), ExtractError> {
        for relation in relations.all().filter(|r| matches!(r.kind.as_str(), "package" | "oleObject")) {
            if !self.seen.insert(relation.target.clone()) {
                continue;
            }
            let bytes = match package.bytes(&relation.target) {
                Err(ExtractError::Damaged { .. }) | Ok(None) => continue,
                Err(error) => return Err(error),
                Ok(Some(bytes)) => bytes,
            };
            let name = relation.target.rsplit('/').next().unwrap_or_default();
            self.found.extend(document(name, bytes));
        }
        Ok(())
    }

    pub(crate) fn into_attachments(self) -> Vec<Attachment> {
        self.found
    }
}

fn document(name: &str, bytes: Vec<u8>) -> Option<Attachment> {
    if !bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return named(name, bytes);
    }
    let mut object = cfb::CompoundFile::open(Cursor::new(&bytes)).ok()?;
    let mut stream = |path: &str| {
        let mut content = Vec::new();
        object.open_stream(path).ok()?.read_to_end(&mut content).ok()?;
        Some(content)
    };
    if let Some(content) = stream("/Package").or_else(|| stream("/CONTENTS")) {
        return named(name, content);
    }
    if let Some(native) = stream("/\u{1}Ole10Native") {
        let (name, content) = packaged(&native)?;
        return named(&name, content);
    }
    named(name, bytes)
}

/// A document of a format that is told by its bytes; under its own name where that says so as well.
fn named(name: &str, bytes: Vec<u8>) -> Option<Attachment> {
    let path = Path::new(name);
    if kind::is_supported(path) {
        return Some(Attachment { name: name.to_owned(), bytes });
    }
    let format = kind::format(path, &bytes).ok()?;
    // Without a name that says so, any bytes could be text.
    let told = !matches!(format, Format::Text | Format::Markdown | Format::Csv | Format::Html | Format::Zip);
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_else(|| "object".into());
    told.then(|| Attachment { name: format!("{stem}.{}", kind::ending(format)), bytes })
}

/// What Windows packs a file in that no program claims: its name, its paths, its bytes.
fn packaged(native: &[u8]) -> Option<(String, Vec<u8>)> {
    fn string<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
        let end = rest.iter().position(|b| *b == 0)?;
        let text = rest.get(..end)?;
        *rest = rest.get(end + 1..)?;
        Some(text)
    }
    fn number(rest: &mut &[u8]) -> Option<usize> {
        let (digits, after) = rest.split_first_chunk::<4>()?;
        *rest = after;
        usize::try_from(u32::from_le_bytes(*digits)).ok()
    }
    // The size of all, and two bytes of flags.
    let mut rest = native.get(6..)?;
    let label = encoding_rs::WINDOWS_1252.decode(string(&mut rest)?).0.into_owned();
    string(&mut rest)?;
    rest = rest.get(4..)?;
    let path = number(&mut rest)?;
    rest = rest.get(path..)?;
    let size = number(&mut rest)?;
    let name = label.rsplit(['/', '\\']).next().filter(|name| !name.is_empty())?.to_owned();
    Some((name, rest.get(..size)?.to_vec()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn object(stream: &str, content: &[u8]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap().write_all(content).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn name(found: Option<Attachment>) -> Option<String> {
        found.map(|attachment| attachment.name)
    }

    #[test]
    fn documents_are_found_in_their_wrapping() {
        assert_eq!(name(document("Book1.xlsx", b"PK".to_vec())).as_deref(), Some("Book1.xlsx"));
        assert_eq!(name(document("oleObject1.bin", object("/CONTENTS", b"%PDF-1.4"))).as_deref(), Some("oleObject1.pdf"));
        assert_eq!(name(document("oleObject2.bin", object("/WordDocument", b"x"))).as_deref(), Some("oleObject2.doc"));
        assert_eq!(name(document("oleObject3.bin", object("/Equation Native", b"x"))), None);
        assert_eq!(name(document("image.emf", vec![1, 0, 0, 0])), None);
    }

    #[test]
    fn packed_files_keep_their_name() {
        let mut native = vec![0; 6];
        native.extend(b"notes.txt\0C:\\notes.txt\0\0\0\x03\0\x05\0\0\0path\0\x02\0\0\0Hi");
        let found = document("oleObject1.bin", object("/\u{1}Ole10Native", &native)).unwrap();
        assert_eq!((found.name.as_str(), found.bytes.as_slice()), ("notes.txt", b"Hi".as_slice()));
        assert_eq!(packaged(&native[..native.len() - 1]), None);
    }
}
