//! The title of an old Office document, from its set of properties.

use super::records::{u16_at, u32_at};
use crate::codepage;

const TITLE: u32 = 2;
const CODE_PAGE: u32 = 1;
/// Kinds of values: bytes of the code page, Unicode.
const BYTES: u32 = 0x1E;
const WIDE: u32 = 0x1F;
const MAX_PROPERTIES: usize = 200;

pub(super) fn title(stream: &[u8]) -> Option<String> {
    let section = stream.get(usize::try_from(u32_at(stream, 44)?).ok()?..)?;
    let value = |wanted: u32| {
        let count = usize::try_from(u32_at(section, 4)?).ok()?.min(MAX_PROPERTIES);
        let index = (0..count).find(|index| u32_at(section, 8 + index * 8) == Some(wanted))?;
        section.get(usize::try_from(u32_at(section, 12 + index * 8)?).ok()?..)
    };
    let page = value(CODE_PAGE).and_then(|value| u16_at(value, 4)).map_or(1252, u32::from);
    let value = value(TITLE)?;
    let count = usize::try_from(u32_at(value, 4)?).ok()?.min(2000);
    let text = match u32_at(value, 0)? {
        BYTES if page == 1200 => utf16(value.get(8..)?, count / 2),
        BYTES => {
            let bytes = value.get(8..)?;
            codepage::encoding(page).decode_without_bom_handling(bytes.get(..count.min(bytes.len()))?).0.into_owned()
        }
        WIDE => utf16(value.get(8..)?, count),
        _ => return None,
    };
    Some(text.trim_matches(['\0', ' ']).to_owned())
}

fn utf16(bytes: &[u8], count: usize) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().take(count).map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}
