//! When it was written: `{\revtim\yr2024\mo3\dy12\hr9\min30}` among what the file says of itself, at its beginning.

use chrono::NaiveDate;

/// It stands behind the tables of fonts, colours and styles.
const HEAD: usize = 1 << 20;

pub(super) fn dated(bytes: &[u8]) -> Option<NaiveDate> {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    ["{\\revtim", "{\\creatim"].into_iter().find_map(|group| {
        let at = head.windows(group.len()).position(|window| window == group.as_bytes())?;
        let rest = head.get(at + group.len()..)?;
        let group = std::str::from_utf8(rest.split(|byte| *byte == b'}').next()?).ok()?;
        let number = |word: &str| group.split('\\').find_map(|written| written.trim().strip_prefix(word)?.parse::<u32>().ok());
        NaiveDate::from_ymd_opt(i32::try_from(number("yr")?).ok()?, number("mo")?, number("dy")?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_counts_most() {
        let day = |source: &str| dated(source.as_bytes()).map(|date| date.to_string());
        let info = r"{\rtf1{\info{\title x}{\creatim\yr2020\mo1\dy2\hr9\min30}{\revtim\yr2024\mo3\dy12}}text}";
        assert_eq!(day(info).as_deref(), Some("2024-03-12"));
        assert_eq!(day(r"{\rtf1{\info{\creatim\yr2020\mo1\dy2}{\revtim\yr0\mo0\dy0}}}").as_deref(), Some("2020-01-02"));
        assert_eq!((day(r"{\rtf1{\revtim"), day(r"{\rtf1 text}")), (None, None));
    }
}
