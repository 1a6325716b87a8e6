//! What an old Office document says of itself in its set of properties (MS-OLEPS): its title and its date.

use chrono::{DateTime, NaiveDate};

use crate::codepage;

const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
/// When it was saved last, and made.
const MOMENTS: [u32; 2] = [13, 12];
/// Kinds of values: bytes of the code page, Unicode, tenths of microseconds since 1601.
const BYTES: u32 = 0x1E;
const WIDE: u32 = 0x1F;
const TIME: u32 = 0x40;
const SECONDS_TO_1970: i64 = 11_644_473_600;
const MAX_PROPERTIES: usize = 200;

/// The stream "\u{5}SummaryInformation" of a compound file.
pub(crate) struct Summary<'s> {
    section: &'s [u8],
}

impl<'s> Summary<'s> {
    pub(crate) fn new(stream: &'s [u8]) -> Self {
        let section = u32_at(stream, 44).and_then(|at| stream.get(usize::try_from(at).ok()?..));
        Self { section: section.unwrap_or_default() }
    }

    /// A property's value, which begins with its kind.
    fn value(&self, wanted: u32) -> Option<&'s [u8]> {
        let count = usize::try_from(u32_at(self.section, 4)?).ok()?.min(MAX_PROPERTIES);
        let index = (0..count).find(|index| u32_at(self.section, 8 + index * 8) == Some(wanted))?;
        self.section.get(usize::try_from(u32_at(self.section, 12 + index * 8)?).ok()?..)
    }

    pub(crate) fn title(&self) -> Option<String> {
        let page = self.value(CODE_PAGE).and_then(|value| u16_at(value, 4)).map_or(1252, u32::from);
        let value = self.value(TITLE)?;
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

    pub(crate) fn dated(&self) -> Option<NaiveDate> {
        MOMENTS.into_iter().find_map(|moment| {
            let value = self.value(moment).filter(|value| u32_at(value, 0) == Some(TIME))?;
            let ticks = i64::from(u32_at(value, 8)?) << 32 | i64::from(u32_at(value, 4)?);
            // Programs that don't know it write a nought.
            let ticks = (ticks > 0).then_some(ticks)?;
            Some(DateTime::from_timestamp((ticks / 10_000_000).checked_sub(SECONDS_TO_1970)?, 0)?.date_naive())
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

fn utf16(bytes: &[u8], count: usize) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().take(count).map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of properties with these values, each with its kind.
    fn stream(properties: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let mut section = [0u32.to_le_bytes(), u32::try_from(properties.len()).unwrap().to_le_bytes()].concat();
        let mut at = 8 + 8 * properties.len();
        for (property, value) in properties {
            section.extend([property.to_le_bytes(), u32::try_from(at).unwrap().to_le_bytes()].concat());
            at += value.len();
        }
        section.extend(properties.iter().flat_map(|(_, value)| value));
        [[0; 44].as_slice(), &48u32.to_le_bytes(), &section].concat()
    }

    fn moment(written: &str) -> Vec<u8> {
        let seconds = DateTime::parse_from_rfc3339(written).unwrap().timestamp() + SECONDS_TO_1970;
        [TIME.to_le_bytes().as_slice(), &(seconds * 10_000_000).to_le_bytes()].concat()
    }

    #[test]
    fn when_it_was_saved_counts_more_than_when_it_was_made() {
        let (made, saved) = ((12, moment("2020-01-02T03:04:05Z")), (13, moment("2024-03-12T23:59:59Z")));
        let dated = |properties: &[(u32, Vec<u8>)]| Summary::new(&stream(properties)).dated().map(|date| date.to_string());
        assert_eq!(dated(&[made.clone(), saved]).as_deref(), Some("2024-03-12"));
        assert_eq!(dated(&[(13, [TIME, 0, 0].map(u32::to_le_bytes).concat()), made.clone()]).as_deref(), Some("2020-01-02"));
        assert_eq!(dated(&[(13, WIDE.to_le_bytes().to_vec()), made]).as_deref(), Some("2020-01-02"));
        assert_eq!((dated(&[]), Summary::new(b"").dated(), Summary::new(b"").title()), (None, None, None));
    }
}
