//! Small streams of records made in memory.

use super::*;

fn record(id: u16, data: &[u8]) -> Vec<u8> {
    [&id.to_le_bytes(), &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

fn begin(version: u16) -> Vec<u8> {
    record(0x0809, &[version.to_le_bytes(), [5, 0]].concat())
}

/// A workbook with one sheet: its globals but the list of sheets, and its cells.
fn workbook(version: u16, globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let name: &[u8] = if version == 0x0600 { b"\x05\0Leave" } else { b"\x05Leave" };
    let before = [begin(version), globals.concat()].concat();
    let at = u32::try_from(before.len() + 4 + 6 + name.len() + 4).unwrap();
    let listed = record(0x0085, &[&at.to_le_bytes(), &[0, 0][..], name].concat());
    [before, listed, record(0x0A, &[]), begin(version), cells.concat(), record(0x0A, &[])].concat()
}

fn at(row: u16, column: u16, style: u16, rest: &[u8]) -> Vec<u8> {
    [&row.to_le_bytes()[..], &column.to_le_bytes(), &style.to_le_bytes(), rest].concat()
}

fn text(stream: &[u8]) -> String {
    read(stream).unwrap().pages[0].text.clone()
}

#[test]
fn cells_of_excel_97() {
    let strings = record(0xFC, b"\x02\0\0\0\x02\0\0\0\x05\0\0Leave\x04\0\0Days");
    let format = record(0x041E, b"\xa4\0\x05\0\x000.0\" ");
    let styles = [record(0xE0, &[0; 20]), record(0xE0, &[0, 0, 10, 0]), record(0xE0, &[0, 0, 0xA4, 0])];
    let rk = |value: u32| value.to_le_bytes();
    let cells = [
        record(0xFD, &at(0, 0, 0, &[0, 0, 0, 0])),
        record(0xFD, &at(0, 1, 0, &[1, 0, 0, 0])),
        record(0x0204, &at(1, 0, 0, b"\x06\0\0Annual")),
        record(0x027E, &at(1, 1, 0, &rk(25 << 2 | 2))),
        record(0x0006, &at(2, 0, 0, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0])),
        record(0x0207, b"\x05\0\0Study"),
        record(0x0203, &at(2, 1, 1, &0.195f64.to_le_bytes())),
        record(0x00BD, &[&[3, 0, 1, 0, 2, 0][..], &rk(50 << 2 | 3), &[0, 0], &rk(7 << 2 | 2), &[2, 0]].concat()),
        record(0x0205, &at(4, 0, 0, &[1, 0])),
        record(0x0205, &at(4, 1, 0, &[0x2A, 1])),
    ];
    let stream = workbook(0x0600, &[&[strings, format][..], &styles].concat(), &cells);
    assert_eq!(text(&stream), "Leave\n\nLeave | Days\nAnnual | Days: 25\nStudy | Days: 19.50%\nDays: 0.5 | 7\nTRUE");
}

#[test]
fn cells_of_excel_95_have_a_code_page() {
    let stream = workbook(0x0500, &[record(0x42, &1251u16.to_le_bytes())], &[record(0x0204, &at(0, 0, 0, b"\x02\0\xcf\xf0"))]);
    assert_eq!(text(&stream), "Leave\n\nПр");
    assert_eq!(is_bare(&stream), None);
    assert_eq!(is_bare(&[0x09, 0x08, 0x10, 0, 0, 6]), Some(true));
}

#[test]
fn notes_and_text_boxes() {
    let object = |kind: u8, number: u8| record(0x5D, &[0x15, 0, 0x12, 0, kind, 0, number, 0]);
    let text_of = |text: &[u8]| {
        let length = u8::try_from(text.len()).unwrap();
        [record(0x01B6, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, length, 0]), record(0x3C, &[b"\0", text].concat())].concat()
    };
    let cells =
        [object(0x19, 1), text_of(b"Since 2020"), object(0x06, 2), text_of(b"A box"), record(0x1C, b"\x01\0\x01\0\0\0\x01\0\x03\0\0Ann\0")];
    assert_eq!(text(&workbook(0x0600, &[], &cells)), "Leave\n\nA box\n\nB2, Ann: Since 2020");
}

#[test]
fn every_refusal_says_why() {
    assert!(matches!(read(&workbook(0x0600, &[record(0x2F, &[1, 0])], &[])), Err(ExtractError::Encrypted)));
    assert!(matches!(read(&[0x09, 0x04, 0x06, 0, 0, 0, 0x10, 0]), Err(ExtractError::Unsupported { .. })));
    let whole = workbook(0x0600, &[], &[record(0x0204, &at(1, 0, 0, b"\x06\0\0Annual"))]);
    for end in 0..whole.len() {
        assert!(matches!(read(&whole[..end]), Err(ExtractError::Damaged { .. })), "{end}");
    }
}
