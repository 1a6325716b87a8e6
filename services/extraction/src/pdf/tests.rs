//! PDFs made here, read back.

use lopdf::{Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};

use super::{extract as extract_with, *};

fn library() -> &'static PdfLibrary {
    let folder = std::env::var_os("FOOTNOTE_LIB_DIR").unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../lib").into());
    PdfLibrary::load(&std::path::Path::new(&folder).join("libpdfium.so")).unwrap()
}

fn extract(bytes: &[u8]) -> Result<Extracted, ExtractError> {
    extract_with(bytes, library(), &Tools::default())
}

/// One page for each content stream, with Helvetica as F1 and its bold as F2.
fn pdf(contents: &[&str]) -> Document {
    let mut document = Document::with_version("1.5");
    let pages_id = document.new_object_id();
    let regular = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding" });
    let bold = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica-Bold", "Encoding" => "WinAnsiEncoding" },
    );
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => regular, "F2" => bold } });
    let kids: Vec<Object> = contents
        .iter()
        .map(|content| {
            let content = document.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
            document
                .add_object(dictionary! { "Type" => "Page", "Parent" => pages_id, "Contents" => content, "Resources" => resources })
                .into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    document.objects.insert(pages_id, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages_id });
    document.trailer.set("Root", catalog);
    document
}

fn bytes(document: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn texts(page: &ExtractedPage) -> Vec<(BlockKind, &str)> {
    page.blocks.iter().map(|b| (b.kind, &page.text[b.range.clone()])).collect()
}

const PAGE: &str = "BT /F2 18 Tf 72 700 Td (Annual leave) Tj /F1 11 Tf 0 -30 Td (Everyone who works here gets twenty-five days of leave in) Tj \
    0 -13 Td [(each year, of w) 20 (hich) -300 (five)] TJ ( may be carried over into the next.) Tj 0 -26 Td (\\225) Tj 18 0 Td (Ask early.) Tj ET";

#[test]
fn the_date_is_that_of_the_last_change() {
    let dated = |entries: &[(&str, &str)]| {
        let mut document = pdf(&[PAGE]);
        let entries = entries.iter().map(|(key, date)| (key.as_bytes().to_vec(), Object::string_literal(*date)));
        let info = document.add_object(Dictionary::from_iter(entries));
        document.trailer.set("Info", info);
        extract(&bytes(&mut document)).unwrap().dated.map(|date| date.to_string())
    };
    let created = ("CreationDate", "D:20200101000000Z");
    assert_eq!(dated(&[created, ("ModDate", "D:20240312003000+01'00'")]).as_deref(), Some("2024-03-11"));
    assert_eq!(dated(&[created, ("ModDate", "soon")]).as_deref(), Some("2020-01-01"));
    assert_eq!(dated(&[]), None);
}

#[test]
fn pages_paragraphs_headings_and_items() {
    let read = extract(&bytes(&mut pdf(&[PAGE, ""]))).unwrap();
    assert!(read.paged);
    assert_eq!(read.pages.iter().map(|p| p.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        texts(&read.pages[0]),
        [
            (BlockKind::Heading(1), "Annual leave"),
            (
                BlockKind::Paragraph,
                "Everyone who works here gets twenty-five days of leave in each year, of which five may be carried over into the next."
            ),
            (BlockKind::ListItem, "• Ask early."),
        ]
    );
    assert_eq!(read.pages[1].text, "");
}

#[test]
fn running_headers_and_titles_and_labels() {
    let header = "/Artifact <</Type /Pagination>> BDC BT /F1 9 Tf 72 800 Td (Page 1 of 2) Tj ET EMC";
    let mut document = pdf(&[&format!("{header} {PAGE}"), PAGE]);
    let info = document.add_object(dictionary! { "Title" => Object::string_literal("Leave policy") });
    document.trailer.set("Info", info);
    let labels = dictionary! { "Nums" => vec![0.into(), dictionary! { "S" => "r", "St" => 4 }.into(), 1.into(), dictionary! { "P" => Object::string_literal("A-"), "S" => "D" }.into()] };
    document.catalog_mut().unwrap().set("PageLabels", labels);
    let read = extract(&bytes(&mut document)).unwrap();
    assert!(!read.pages[0].text.contains("Page 1"));
    assert_eq!(read.title.as_deref(), Some("Leave policy"));
    assert_eq!(read.pages.iter().map(|p| p.label.as_deref()).collect::<Vec<_>>(), [Some("iv"), Some("A-1")]);
}

#[test]
fn the_outline_names_the_headings() {
    let plain = "BT /F1 11 Tf 72 700 Td (1.2 Carry-over) Tj 0 -30 Td (Five days may be carried over.) Tj ET";
    let mut document = pdf(&[plain]);
    let page = document.page_iter().next().unwrap();
    let item =
        document.add_object(dictionary! { "Title" => Object::string_literal("Carry-over"), "Dest" => vec![page.into(), "Fit".into()] });
    let parent = document.add_object(dictionary! { "Title" => Object::string_literal("Leave"), "First" => item, "Next" => item });
    let outlines = document.add_object(dictionary! { "First" => parent });
    document.catalog_mut().unwrap().set("Outlines", outlines);
    let read = extract(&bytes(&mut document)).unwrap();
    assert_eq!(texts(&read.pages[0])[0], (BlockKind::Heading(2), "1.2 Carry-over"));
}

fn encrypted(user: &str) -> Vec<u8> {
    let mut document = pdf(&[PAGE]);
    document.trailer.set("ID", vec![Object::string_literal("0123456789abcdef"), Object::string_literal("0123456789abcdef")]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: user,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    bytes(&mut document)
}

#[test]
fn locked_files_say_so_and_open_ones_are_read() {
    assert_eq!(extract(&encrypted("secret")).unwrap_err(), ExtractError::Encrypted);
    assert!(extract(&encrypted("")).unwrap().pages[0].text.contains("twenty-five days"));
}

#[test]
fn damage_and_missing_text_are_told_apart() {
    let whole = bytes(&mut pdf(&[PAGE]));
    let cut = extract(&whole[..whole.len() / 3]);
    assert!(matches!(cut, Err(ExtractError::Damaged { .. })), "{cut:?}");
    // The first pages of a long file would still be found.
    let long = bytes(&mut pdf(&[PAGE; 40]));
    for percent in [30, 60, 90] {
        let cut = extract(&long[..long.len() * percent / 100]);
        assert!(matches!(cut, Err(ExtractError::Damaged { .. })), "{percent}%: {cut:?}");
    }
    let error = crate::extract(
        std::path::Path::new("scan.pdf"),
        &bytes(&mut pdf(&["", "q Q"])),
        &Tools { pdf: Some(library()), ..Tools::default() },
    )
    .unwrap_err();
    assert_eq!(error, ExtractError::NoTextLayer);
}
