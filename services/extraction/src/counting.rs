//! Numbers as letters and Roman numerals: list marks and page labels.

/// i, ii, iii, iv …; plain digits where numerals would be absurdly long.
pub(crate) fn roman(number: u32) -> String {
    const VALUES: &[(u32, &str)] = &[
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number == 0 || number > 4999 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, letters) in VALUES {
        while left >= *value {
            left -= value;
            text.push_str(letters);
        }
    }
    text
}

/// a … z, aa, bb …, as Word and PDF count.
pub(crate) fn letters(number: u32) -> String {
    let index = number.saturating_sub(1);
    let letter = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    letter.to_string().repeat((index / 26 + 1).min(8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_letters() {
        assert_eq!([1, 4, 9, 14, 1999, 0].map(roman), ["i", "iv", "ix", "xiv", "mcmxcix", "0"]);
        assert_eq!([1, 26, 27, 0].map(letters), ["a", "z", "aa", "a"]);
    }
}
