//! Digits of a number, rounded as a spreadsheet does it: of what it calculates fifteen digits count.

/// Digits before and after the point, halves rounded up; `None` for what is no number.
pub(super) fn rounded(value: f64, places: usize) -> Option<(String, String)> {
    if !value.is_finite() {
        return None;
    }
    let (digits, exponent) = significant(value, 15)?;
    // Before the point are the digits up to `point`; zeros stand where there are none.
    let point = exponent + 1;
    let digit = |index: i32| usize::try_from(index).ok().and_then(|i| digits.as_bytes().get(i)).copied().unwrap_or(b'0');
    let end = point + i32::try_from(places).ok()?;
    let mut kept: Vec<u8> = (point.min(0)..end).map(digit).collect();
    if digit(end) >= b'5' {
        let nines = kept.iter().rev().take_while(|d| **d == b'9').count();
        let at = kept.len() - nines;
        kept.iter_mut().skip(at).for_each(|d| *d = b'0');
        match at.checked_sub(1).and_then(|i| kept.get_mut(i)) {
            Some(d) => *d += 1,
            None => kept.insert(0, b'1'),
        }
    }
    let text: String = kept.into_iter().map(char::from).collect();
    let padded = format!("{text:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - places)?;
    let whole = whole.trim_start_matches('0');
    Some((if whole.is_empty() { "0".to_owned() } else { whole.to_owned() }, fraction.to_owned()))
}

/// The first digits, and the exponent of ten of the first of them.
fn significant(value: f64, count: usize) -> Option<(String, i32)> {
    let text = format!("{:.*e}", count - 1, value.abs());
    let (mantissa, exponent) = text.split_once('e')?;
    Some((mantissa.replace('.', ""), exponent.parse().ok()?))
}

/// As a cell without a format shows it: whole numbers whole, others with ten digits.
pub(super) fn general(value: f64) -> String {
    let magnitude = value.abs();
    if !value.is_finite() {
        return String::new();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.fract() == 0.0 && magnitude < 1e15 {
        return format!("{value:.0}");
    }
    let Some((digits, exponent)) = significant(value, 10) else { return value.to_string() };
    let sign = if value < 0.0 { "-" } else { "" };
    let digits = digits.trim_end_matches('0');
    if !(-6..15).contains(&exponent) {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}E{exponent}");
    }
    let places = usize::try_from(9 - exponent).unwrap_or(0);
    match rounded(magnitude, places) {
        Some((whole, fraction)) => {
            let fraction = fraction.trim_end_matches('0');
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{sign}{whole}{point}{fraction}")
        }
        None => String::new(),
    }
}

/// "1,234,567".
pub(super) fn grouped(whole: &str) -> String {
    let mut text = String::with_capacity(whole.len() * 4 / 3);
    for (index, c) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up_in_decimals() {
        let cases = [
            (2.675, 2, "2.68"),
            (0.125, 2, "0.13"),
            (999.996, 2, "1000.00"),
            (0.05, 1, "0.1"),
            (0.04, 1, "0.0"),
            (0.5, 0, "1."),
            (1e20, 1, "100000000000000000000.0"),
            (1e-300, 3, "0.000"),
        ];
        for (value, places, expected) in cases {
            let (whole, fraction) = rounded(value, places).unwrap();
            assert_eq!(format!("{whole}.{fraction}"), expected);
        }
    }

    #[test]
    fn without_a_format_no_noise() {
        let cases = [
            (25.0, "25"),
            (-3.0, "-3"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.3333333333"),
            (123_456_789_012.0, "123456789012"),
            (-1234.56, "-1234.56"),
            (1e20, "1E20"),
            (1.5e-9, "1.5E-9"),
        ];
        for (value, expected) in cases {
            assert_eq!(general(value), expected);
        }
    }
}
