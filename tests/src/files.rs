//! Small documents made on the spot.

use std::{fs, io::Write, path::Path};

/// Writes a file, with its folders.
pub fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, content).expect("a file");
}

/// A PDF with one line of text a page, uncompressed.
#[must_use]
pub fn pdf(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 4 + 2 * i)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{}]>>", pages.len(), kids.join(" ")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (i, text) in pages.iter().enumerate() {
        objects
            .push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>", 5 + 2 * i));
        let escaped = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let content = format!("BT /F1 12 Tf 72 720 Td ({escaped}) Tj ET");
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes());
    bytes
}

/// A PDF of two pages, of which the end of the first cuts a sentence in two; its whole text, and the question that it answers.
#[must_use]
pub fn cut_in_two() -> (Vec<u8>, &'static str, &'static str) {
    let pages =
        ["The security desk refuses a journey where its destination is", "listed as dangerous by the foreign ministry. Visas are paid."];
    let whole = "The security desk refuses a journey where its destination is listed as dangerous by the foreign ministry.";
    (pdf(&pages), whole, "Who lists a place as dangerous?")
}

/// A sheet of stock with so many rows; in one of them stands what [`LONG_SHEET_QUESTION`] asks for.
#[must_use]
pub fn long_sheet(rows: usize) -> String {
    let mut sheet = "Item,Store,Shelf,Counted by,Remark\n".to_owned();
    for row in 1..=rows {
        let shelf = row % 97;
        sheet += &if row == rows * 3 / 4 {
            format!("Bridge crane,Hall 7,{shelf},Dr Quastenberg,inspected on 4 May\n")
        } else {
            format!("Spare part {row},Hall {},{shelf},team {},nothing to remark about it\n", row % 9, row % 5)
        };
    }
    sheet
}

pub const LONG_SHEET_QUESTION: &str = "Who counted the bridge crane?";

/// A ZIP of these parts, as Office packs its documents.
///
/// # Panics
/// It can't be written.
#[must_use]
pub fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    archive(&parts.iter().map(|(name, content)| (*name, content.as_bytes())).collect::<Vec<_>>())
}

/// A ZIP of these files.
///
/// # Panics
/// It can't be written.
#[must_use]
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
        archive.write_all(content).expect("a file");
    }
    archive.finish().expect("an archive").into_inner()
}
