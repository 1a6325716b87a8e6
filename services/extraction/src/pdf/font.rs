//! Fonts: which characters the codes of a text stand for, and how wide they are.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::{
    cmap::CMap,
    document::{as_dict, dict, resolved},
    matrix::number,
    widths,
};

/// No font of a real file needs a larger table of characters.
const MAX_CMAP_BYTES: usize = 4 << 20;

/// Fonts that were met already, by their object.
#[derive(Default)]
pub(super) struct Fonts {
    known: HashMap<ObjectId, Rc<Font>>,
}

impl Fonts {
    pub(super) fn get(&mut self, document: &Document, font: &Object) -> Option<Rc<Font>> {
        let id = font.as_reference().ok();
        if let Some(known) = id.and_then(|id| self.known.get(&id)) {
            return Some(known.clone());
        }
        let dictionary = as_dict(document.dereference(font).ok()?.1)?;
        let read = Rc::new(Font::read(document, dictionary));
        if let Some(id) = id {
            self.known.insert(id, read.clone());
        }
        Some(read)
    }
}

/// A character of a text: its code's text, its width in thousandths, and whether word spacing applies.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) width: f64,
    pub(super) is_space_code: bool,
}

pub(super) struct Font {
    pub(super) bold: bool,
    codes: Codes,
    widths: BTreeMap<u32, f64>,
    default_width: Option<f64>,
    /// Glyph units to thousandths: not 1 only where a font brings its own matrix (Type 3).
    scale: f64,
    name: String,
}

enum Codes {
    /// One byte a code.
    Simple(Box<[String; 256]>),
    /// By the file's own table.
    Mapped(CMap),
    /// The codes are text of that encoding.
    Encoded(&'static encoding_rs::Encoding),
    Unknown,
}

impl Font {
    fn read(document: &Document, font: &Dictionary) -> Self {
        let name = font.get(b"BaseFont").and_then(Object::as_name).map(|n| String::from_utf8_lossy(n).into_owned()).unwrap_or_default();
        let subtype = font.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        let to_unicode = to_unicode(document, font);
        let below = resolved(document, font, b"DescendantFonts").and_then(|o| o.as_array().ok()?.first());
        let below = below.and_then(|o| as_dict(document.dereference(o).ok()?.1));
        let descriptor = dict(document, below.unwrap_or(font), b"FontDescriptor");
        let bold = is_bold(&name, descriptor);
        if subtype == b"Type0" {
            let codes = match to_unicode {
                Some(map) => Codes::Mapped(map),
                None => predefined(font).map_or(Codes::Unknown, Codes::Encoded),
            };
            let widths = below.map(|below| wide_widths(document, below)).unwrap_or_default();
            let default_width = below.and_then(|b| number(resolved(document, b, b"DW")?)).or(Some(1000.0));
            return Self { bold, codes, widths, default_width, scale: 1.0, name };
        }
        let codes = Codes::Simple(Box::new(simple_codes(document, font, to_unicode.as_ref(), subtype)));
        let first = font.get(b"FirstChar").and_then(Object::as_i64).unwrap_or(0);
        let widths = resolved(document, font, b"Widths").and_then(|o| o.as_array().ok()).map(|array| {
            let width = |object: &Object| document.dereference(object).ok().and_then(|(_, o)| number(o));
            (first..).zip(array).take(256).filter_map(|(code, o)| Some((u32::try_from(code).ok()?, width(o)?))).collect()
        });
        let scale = match resolved(document, font, b"FontMatrix").and_then(|o| o.as_array().ok()?.first()).and_then(number) {
            Some(x) if subtype == b"Type3" => x.abs() * 1000.0,
            _ => 1.0,
        };
        let default_width = descriptor.and_then(|d| number(resolved(document, d, b"MissingWidth")?)).filter(|w| *w > 0.0);
        Self { bold, codes, widths: widths.unwrap_or_default(), default_width, scale, name }
    }

    /// The characters that a string of the page shows.
    pub(super) fn shown(&self, bytes: &[u8]) -> Vec<Shown> {
        match &self.codes {
            Codes::Simple(table) => bytes
                .iter()
                .map(|code| {
                    let text = table[usize::from(*code)].clone();
                    Shown { width: self.width(u32::from(*code), &text), text, is_space_code: *code == b' ' }
                })
                .collect(),
            Codes::Mapped(map) => bytes
                .chunks(map.code_length())
                .map(|code| {
                    let number = code.iter().fold(0, |n, b| n << 8 | u32::from(*b));
                    let text = map.get(number).unwrap_or_default();
                    Shown { width: self.width(number, &text), text, is_space_code: false }
                })
                .collect(),
            Codes::Encoded(encoding) => {
                let text = encoding.decode_without_bom_handling(bytes).0;
                text.chars()
                    .map(|c| Shown { text: c.into(), width: if c.is_ascii() { 500.0 } else { 1000.0 }, is_space_code: false })
                    .collect()
            }
            Codes::Unknown => bytes
                .chunks(2)
                .map(|code| Shown {
                    text: String::new(),
                    width: self.width(code.iter().fold(0, |n, b| n << 8 | u32::from(*b)), ""),
                    is_space_code: false,
                })
                .collect(),
        }
    }

    fn width(&self, code: u32, text: &str) -> f64 {
        match self.widths.get(&code).copied().or(self.default_width) {
            Some(width) => width * self.scale,
            None => text.chars().map(|c| widths::guess(&self.name, c)).sum(),
        }
    }
}

fn is_bold(name: &str, descriptor: Option<&Dictionary>) -> bool {
    let named = ["Bold", "bold", "Black", "Heavy", "Semibold", "SemiBold", "-Bd", "BoldMT"].iter().any(|b| name.contains(b));
    named || descriptor.and_then(|d| number(d.get(b"FontWeight").ok()?)).is_some_and(|w| w >= 600.0)
}

fn to_unicode(document: &Document, font: &Dictionary) -> Option<CMap> {
    let Object::Stream(stream) = resolved(document, font, b"ToUnicode")? else { return None };
    let content = stream.get_plain_content_with_limit(MAX_CMAP_BYTES).ok()?;
    Some(CMap::parse(&content)).filter(|map| !map.is_empty())
}

/// The tables that PDF knows by name and that are plain encodings.
fn predefined(font: &Dictionary) -> Option<&'static encoding_rs::Encoding> {
    let name = font.get(b"Encoding").and_then(Object::as_name).ok()?;
    let name = String::from_utf8_lossy(name);
    let known: &[(&str, &'static encoding_rs::Encoding)] = &[
        ("UCS2", encoding_rs::UTF_16BE),
        ("UTF16", encoding_rs::UTF_16BE),
        ("RKSJ", encoding_rs::SHIFT_JIS),
        ("EUC-H", encoding_rs::EUC_JP),
        ("GBK", encoding_rs::GBK),
        ("GB-", encoding_rs::GBK),
        ("B5", encoding_rs::BIG5),
        ("KSC", encoding_rs::EUC_KR),
    ];
    known.iter().find(|(part, _)| name.contains(part)).map(|(_, encoding)| *encoding)
}

fn simple_codes(document: &Document, font: &Dictionary, to_unicode: Option<&CMap>, subtype: &[u8]) -> [String; 256] {
    let encoding = resolved(document, font, b"Encoding");
    let own = encoding.and_then(as_dict);
    let base = encoding.and_then(|e| e.as_name().ok()).or_else(|| own.and_then(|d| d.get(b"BaseEncoding").and_then(Object::as_name).ok()));
    let base = base.unwrap_or(if subtype == b"TrueType" && own.is_none() { b"WinAnsiEncoding" } else { b"StandardEncoding" });
    let mut probe = Dictionary::new();
    probe.set("Type", "Font");
    probe.set("Encoding", Object::Name(base.to_vec()));
    let base = probe.get_font_encoding(document).ok();
    let mut table: [String; 256] = std::array::from_fn(|code| {
        let code = [u8::try_from(code).unwrap_or(0)];
        base.as_ref().and_then(|b| b.bytes_to_string(&code).ok()).unwrap_or_default()
    });
    let mut code = 0usize;
    for entry in own.and_then(|d| resolved(document, d, b"Differences")?.as_array().ok()).into_iter().flatten().take(1024) {
        match document.dereference(entry).map(|(_, o)| o) {
            Ok(Object::Integer(next)) => code = usize::try_from(*next).unwrap_or(256),
            Ok(Object::Name(name)) => {
                if let (Some(slot), Some(text)) = (table.get_mut(code), glyph(document, name)) {
                    *slot = text;
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    for (slot, code) in table.iter_mut().zip(0u8..=255) {
        if let Some(text) = to_unicode.and_then(|map| map.get(u32::from(code))) {
            *slot = text;
        }
    }
    table
}

/// The character of a glyph's name. lopdf has the list of names, but only behind a font's encoding.
fn glyph(document: &Document, name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    let hex = text.strip_prefix("uni").or_else(|| text.strip_prefix('u')).filter(|h| (4..=6).contains(&h.len()));
    if let Some(c) = hex.and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32) {
        return Some(c.into());
    }
    let mut encoding = Dictionary::new();
    encoding.set("Differences", vec![Object::Integer(0), Object::Name(name.to_vec())]);
    let mut font = Dictionary::new();
    font.set("Type", "Font");
    font.set("Encoding", encoding);
    // Unknown names make lopdf fall back to an encoding that has nothing at 0.
    let found = font.get_font_encoding(document).ok()?.bytes_to_string(&[0]).ok().filter(|t| !t.is_empty());
    found.or_else(|| match text {
        "f_i" | "fi" => Some("fi".into()),
        "f_l" | "fl" => Some("fl".into()),
        "f_f" | "ff" => Some("ff".into()),
        "f_f_i" | "ffi" => Some("ffi".into()),
        "f_f_l" | "ffl" => Some("ffl".into()),
        "t_t" => Some("tt".into()),
        "t_i" => Some("ti".into()),
        _ => text.split_once('.').filter(|(stem, _)| !stem.is_empty()).and_then(|(stem, _)| glyph(document, stem.as_bytes())),
    })
}

/// `[ code [w w w] first last w … ]`
fn wide_widths(document: &Document, font: &Dictionary) -> BTreeMap<u32, f64> {
    let mut widths = BTreeMap::new();
    let Some(array) = resolved(document, font, b"W").and_then(|o| o.as_array().ok()) else { return widths };
    let code = |object: &Object| number(object).filter(|n| (0.0..=65535.0).contains(n)).map(|n| n as u32);
    let mut rest = array.iter().map(|o| document.dereference(o).map_or(o, |(_, o)| o));
    while let (Some(first), Some(second)) = (rest.next(), rest.next()) {
        let Some(first) = code(first) else { break };
        if let Ok(list) = second.as_array() {
            let list = list.iter().map(|o| document.dereference(o).map_or(o, |(_, o)| o));
            widths.extend((first..=65535).zip(list.filter_map(number)));
        } else if let (Some(last), Some(width)) = (code(second), rest.next().and_then(number)) {
            widths.extend((first..=last).map(|code| (code, width)));
        } else {
            break;
        }
    }
    widths
}
