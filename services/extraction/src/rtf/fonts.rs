//! Fonts: what of them matters is the encoding of their text.

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::codepage;

/// How bytes become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Page(&'static Encoding),
    /// Pictures instead of letters, which Word keeps among the private characters.
    Symbols,
}

impl Coding {
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Page(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Symbols => bytes.iter().filter_map(|b| char::from_u32(0xF000 + u32::from(*b))).collect(),
        }
    }
}

#[derive(Debug)]
pub(super) struct Fonts {
    codings: HashMap<i32, Coding>,
    /// The font that is defined.
    open: i32,
    /// The document's own.
    pub(super) usual: Coding,
    /// The number of the font where none is chosen.
    pub(super) default: i32,
}

impl Default for Fonts {
    fn default() -> Self {
        Self { codings: HashMap::new(), open: 0, usual: Coding::Page(codepage::encoding(1252)), default: 0 }
    }
}

impl Fonts {
    /// A word within the table of fonts.
    pub(super) fn define(&mut self, word: &str, number: i32) {
        match word {
            "f" => self.open = number,
            "fcharset" => {
                if let Some(coding) = of_charset(number) {
                    self.codings.insert(self.open, coding);
                }
            }
            "cpg" => {
                let page = u32::try_from(number).unwrap_or(0);
                self.codings.insert(self.open, Coding::Page(codepage::encoding(page)));
            }
            _ => {}
        }
    }

    pub(super) fn coding(&self, font: i32) -> Coding {
        self.codings.get(&font).copied().unwrap_or(self.usual)
    }
}

/// By the number that Windows has for the letters of a font; `None` for whatever is usual.
fn of_charset(number: i32) -> Option<Coding> {
    const SYMBOLS: i32 = 2;
    if number == SYMBOLS {
        return Some(Coding::Symbols);
    }
    codepage::of_charset(number).map(|page| Coding::Page(codepage::encoding(page)))
}
