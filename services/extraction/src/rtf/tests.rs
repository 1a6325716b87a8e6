//! Small documents, as different writers make them.

use super::*;
use crate::BlockKind;

fn read(source: &[u8]) -> (Option<String>, Vec<(BlockKind, String)>) {
    let mut extracted = extract(source).unwrap();
    let page = extracted.pages.remove(0);
    (extracted.title, page.blocks.iter().map(|b| (b.kind, page.text[b.range.clone()].to_owned())).collect())
}

fn texts(source: &[u8]) -> Vec<String> {
    read(source).1.into_iter().map(|block| block.1).collect()
}

#[test]
fn paragraphs_headings_and_the_title() {
    let source = b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 \\'dcberschrift 1;}{\\s2 heading 2;}\
        {\\*\\cs3 Strong;}}{\\info{\\title Leave &\\'a0absence}{\\author Ann}}{\\header Page}\\pard\\s1 Leave\\par\\pard\\s2{\\b Deeper}\\par\\pard\\plain You get\r\n 25 days\\line a year.\\par Last}";
    use BlockKind::{Heading, Paragraph};
    let (title, blocks) = read(source);
    assert_eq!(title.as_deref(), Some("Leave & absence"));
    assert_eq!(
        blocks,
        [
            (Heading(1), "Leave".into()),
            (Heading(2), "Deeper".into()),
            (Paragraph, "You get 25 days\na year.".into()),
            (Paragraph, "Last".into())
        ]
    );
}

#[test]
fn every_encoding() {
    let source = b"{\\rtf1\\ansi\\ansicpg1251\\uc1{\\fonttbl{\\f0\\fcharset204 A;}{\\f1\\fcharset128 B;}{\\f2\\fcharset2 Symbol;}}\
        \\f0\\'cf\\'f0{\\f1\\'83A\\'8e\\'a1}{\\uc2\\u8364 ??}\\u-10179?\\u-8704?\\u228\\'e4{\\f2\\'b7}\\ldblquote x\\rdblquote\\~y\\_z\\-!\\{\\}}";
    assert_eq!(texts(source), ["Прア治€😀ä•“x” y-z!{}"]);
}

#[test]
fn lists_and_tables() {
    let source = b"{\\rtf1{\\listtext\\pard 1.\\tab}\\ls1 first\\par{\\*\\pn\\pnlvlblt{\\pntxtb -}}{\\pntext\\bullet\\tab}second\\par\
        \\trowd\\trhdr\\cellx1\\cellx2\\pard\\intbl Class\\cell Limit\\cell\\row\
        \\trowd\\clvmgf\\cellx1\\cellx2 A\\par more\\cell 10\\cell\\row\\trowd\\clvmrg\\cellx1\\cellx2\\cell 20\\cell\\row\
        \\trowd\\clmgf\\cellx1\\clmrg\\cellx2 All\\cell\\cell\\row\\pard After\\par}";
    use BlockKind::{ListItem, Paragraph, TableHead, TableRow};
    let (_, blocks) = read(source);
    let kinds: Vec<BlockKind> = blocks.iter().map(|b| b.0).collect();
    let texts: Vec<&str> = blocks.iter().map(|b| b.1.as_str()).collect();
    assert_eq!(texts, ["1. first", "• second", "Class | Limit", "A more | Limit: 10", "A more | Limit: 20", "All", "After"]);
    assert_eq!(kinds, [ListItem, ListItem, TableHead, TableRow, TableRow, TableRow, Paragraph]);
}

#[test]
fn only_what_is_visible_is_read() {
    let source = b"{\\rtf1 You get {\\deleted 20}25{\\v  secret}{\\strike  old} days{\\footnote\\pard A note.\\par More.} of leave\
        {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt  here}}.{\\pict\\bin5 }}}}}}{\\*\\unknown x}{\\object{\\*\\objdata 00}{\\result  Shown}}\\par\
        {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Box\\par}}{\\shprslt Box}}Text\\par}";
    assert_eq!(texts(source), ["You get 25 days of leave here. Shown", "Box", "Text", "A note.\nMore."]);
}

#[test]
fn damage_is_named() {
    assert!(matches!(extract(b"{\\rtf1 It breaks"), Err(ExtractError::Damaged { .. })));
    assert!(matches!(extract("{".repeat(100_000).as_bytes()), Err(ExtractError::TooDeep { .. })));
    assert_eq!(texts(b"{\\rtf1 a\\par}}}{{junk"), ["a"]);
}

#[test]
fn hostile_rows_are_bounded() {
    let source = format!("{{\\rtf1\\trowd{}\\intbl{}\\row}}", "\\cellx1".repeat(50_000), " x\\cell".repeat(50_000));
    assert_eq!(texts(source.as_bytes()).len(), 1);
}
