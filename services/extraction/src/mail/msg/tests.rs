//! Items built in memory.

use std::io::{Cursor, Write};

use cfb::CompoundFile;

use super::*;
use crate::BlockKind;

/// Streams by path; those of strings and bytes are named by number and type.
fn item(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((storage, _)) = path.rsplit_once('/') {
            file.create_storage_all(format!("/{storage}")).unwrap();
        }
        file.create_stream(format!("/{path}")).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A list of values below a header.
fn list(header: usize, values: &[(u16, u16, u64)]) -> Vec<u8> {
    let entry = |(number, kind, value): &(u16, u16, u64)| {
        [&kind.to_le_bytes() as &[u8], &number.to_le_bytes(), &[6, 0, 0, 0], &value.to_le_bytes()].concat()
    };
    [vec![0; header], values.iter().flat_map(entry).collect()].concat()
}

/// 12 March 2024, 08:30.
const TIME: u64 = 133_547_058_000_000_000;

fn read(streams: &[(&str, Vec<u8>)]) -> Extracted {
    extract(&item(streams)).unwrap()
}

fn texts(extracted: &Extracted) -> Vec<&str> {
    let page = &extracted.pages[0];
    page.blocks.iter().map(|block| &page.text[block.range.clone()]).collect()
}

#[test]
fn header_and_plain_body() {
    let extracted = read(&[
        ("__properties_version1.0", list(32, &[(0x0039, 0x40, TIME)])),
        ("__substg1.0_0037001F", wide("Leave policy")),
        ("__substg1.0_0C1A001F", wide("Jane Doe")),
        ("__substg1.0_0C1F001F", wide("/O=ACME/CN=JANE")),
        ("__substg1.0_5D01001F", wide("jane@x.de")),
        ("__substg1.0_1000001F", wide("You get 25 days.\r\n\r\nJane\r\n")),
        ("__recip_version1.0_#00000000/__properties_version1.0", list(8, &[(0x0c15, 3, 1)])),
        ("__recip_version1.0_#00000000/__substg1.0_3001001F", wide("Bob")),
        ("__recip_version1.0_#00000000/__substg1.0_39FE001F", wide("bob@x.de")),
        ("__recip_version1.0_#00000001/__properties_version1.0", list(8, &[(0x0c15, 3, 2)])),
        ("__recip_version1.0_#00000001/__substg1.0_3001001F", wide("Ann")),
    ]);
    assert_eq!(extracted.title.as_deref(), Some("Leave policy"));
    assert_eq!(extracted.dated.map(|date| date.to_string()).as_deref(), Some("2024-03-12"));
    let header = "From: Jane Doe <jane@x.de>\nTo: Bob <bob@x.de>\nCc: Ann\nDate: 12 March 2024, 08:30 +0000\nSubject: Leave policy";
    assert_eq!(texts(&extracted), [header, "You get 25 days.", "Jane"]);
}

#[test]
fn strings_and_html_in_their_code_pages() {
    let (subject, _, _) = encoding_rs::WINDOWS_1251.encode("Отпуск");
    let html = "<html><body><table><tr><th>Leave<th>Days<tr><td>Größe<td>25</table></body></html>";
    let extracted = read(&[
        ("__properties_version1.0", list(32, &[(0x3ffd, 3, 1251), (0x3fde, 3, 1252)])),
        ("__substg1.0_0037001E", subject.into_owned()),
        ("__substg1.0_10130102", encoding_rs::WINDOWS_1252.encode(html).0.into_owned()),
        ("__substg1.0_1000001F", wide("Leave\r\nDays\r\nGröße\r\n25")),
    ]);
    assert_eq!(texts(&extracted), ["Subject: Отпуск", "Leave | Days", "Größe | Days: 25"]);
}

#[test]
fn html_within_rtf() {
    let rtf = r"{\rtf1\ansi\fromhtml1{\*\htmltag64 <ul><li>}one{\*\htmltag64 <li>}\htmlrtf\par\htmlrtf0 two}";
    let extracted = read(&[("__substg1.0_0037001F", wide("List")), ("__substg1.0_10090102", lzfu::tests::packed(rtf))]);
    assert_eq!(texts(&extracted), ["Subject: List", "• one", "• two"]);
    assert_eq!(extracted.pages[0].blocks[1].kind, BlockKind::ListItem);
}

#[test]
fn items_within_items_are_documents() {
    let inner = "__attach_version1.0_#00000000/__substg1.0_3701000D";
    let (list_path, subject) = (format!("{inner}/__properties_version1.0"), format!("{inner}/__substg1.0_0037001F"));
    let extracted = read(&[
        ("__attach_version1.0_#00000000/__properties_version1.0", list(8, &[(0x3705, 3, 5)])),
        ("__attach_version1.0_#00000000/__substg1.0_3001001F", wide("Re: a/b")),
        (&list_path, list(24, &[(0x0039, 0x40, TIME)])),
        (&subject, wide("Inner")),
        ("__attach_version1.0_#00000001/__properties_version1.0", list(8, &[(0x3705, 3, 1)])),
        ("__attach_version1.0_#00000001/__substg1.0_3707001F", wide("plan.docx")),
        ("__attach_version1.0_#00000001/__substg1.0_37010102", b"PK".to_vec()),
        ("__attach_version1.0_#00000002/__substg1.0_3707001F", wide("image001.png")),
        ("__attach_version1.0_#00000002/__substg1.0_3712001F", wide("image001@x")),
        ("__attach_version1.0_#00000002/__substg1.0_37010102", b"x".to_vec()),
    ]);
    let names: Vec<&str> = extracted.attachments.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["Re: a_b.msg", "plan.docx"]);
    assert_eq!(texts(&extract(&extracted.attachments[0].bytes).unwrap()), ["Date: 12 March 2024, 08:30 +0000\nSubject: Inner"]);
}

#[test]
fn appointments_by_the_numbers_that_the_file_gives() {
    let set = |first: [u8; 4]| [&first as &[u8], &[0; 12]].concat();
    let entry = |number: u32, set: u16, index: u16| {
        [&number.to_le_bytes() as &[u8], &((set + 3) << 1).to_le_bytes(), &index.to_le_bytes()].concat()
    };
    let extracted = read(&[
        ("__nameid_version1.0/__substg1.0_00020102", set(names::APPOINTMENT)),
        ("__nameid_version1.0/__substg1.0_00030102", [entry(0x8208, 0, 0), entry(0x820d, 0, 1)].concat()),
        ("__properties_version1.0", list(32, &[(0x8001, 0x40, TIME)])),
        ("__substg1.0_001A001F", wide("IPM.Appointment")),
        ("__substg1.0_0037001F", wide("Review")),
        ("__substg1.0_8000001F", wide("Room 5")),
    ]);
    assert_eq!(texts(&extracted), ["Subject: Review\nStart: 12 March 2024, 08:30 +0000\nLocation: Room 5"]);
}

#[test]
fn sealed_items() {
    let sealed = |class: &str, bytes: &[u8]| {
        extract(&item(&[
            ("__substg1.0_001A001F", wide(class)),
            ("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("smime.p7m")),
            ("__attach_version1.0_#00000000/__substg1.0_37010102", bytes.to_vec()),
        ]))
    };
    assert_eq!(sealed("IPM.Note.SMIME", b"\x30\x80abc"), Err(ExtractError::Encrypted));
    let signed = b"Content-Type: multipart/signed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSigned.\r\n--x--\r\n";
    assert_eq!(texts(&sealed("IPM.Note.SMIME.MultipartSigned", signed).unwrap()), ["Signed."]);
}

#[test]
fn damage_is_named() {
    assert!(matches!(extract(b"\xd0\xcf\x11\xe0...."), Err(ExtractError::Damaged { .. })));
}
