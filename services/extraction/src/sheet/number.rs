//! Numbers as the sheet shows them: "25", "12.50 €", "19%", "2024-03-15".

use super::{date::Shape, decimal};

/// A number format, ready to use.
#[derive(Clone, Debug, Default)]
pub(super) struct Format {
    date: Option<Shape>,
    /// For positive numbers, negative ones and zero; none at all where it is shown as it is.
    sections: Vec<Section>,
}

#[derive(Clone, Debug, Default)]
struct Section {
    pieces: Vec<Piece>,
    /// Digits that are shown even where they are zero: before and after the point.
    zeros: (usize, usize),
    /// Places after the point.
    places: usize,
    grouped: bool,
    percents: i32,
    thousands: i32,
    scientific: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A place for a digit before the point.
    Digit,
    /// Everything after the point.
    Fraction,
}

impl Format {
    pub(super) fn new(code: &str) -> Self {
        if let Some(shape) = Shape::of(code) {
            return Self { date: Some(shape), sections: Vec::new() };
        }
        let sections = split(code).into_iter().take(3).map(|section| Section::new(&section)).collect();
        Self { date: None, sections }
    }

    /// The formats that every program knows by number.
    pub(super) fn built_in(id: u16) -> Self {
        Self::new(match id {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5 | 6 => "$#,##0;-$#,##0",
            7 | 8 => "$#,##0.00;-$#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            14..=16 | 28..=31 | 36 | 50..=54 | 58 => "yyyy-mm-dd",
            17 => "mmm-yy",
            27 | 57 => "yyyy-mm",
            18..=21 | 32..=35 | 55 | 56 => "hh:mm:ss",
            22 => "yyyy-mm-dd hh:mm",
            37 | 38 | 41 => "#,##0;-#,##0",
            39 | 40 | 43 => "#,##0.00;-#,##0.00",
            42 => "$#,##0;-$#,##0",
            44 => "$#,##0.00;-$#,##0.00",
            45 | 47 => "mm:ss",
            46 => "[h]:mm:ss",
            48 => "##0.0E+0",
            _ => "General",
        })
    }

    pub(super) fn show(&self, value: f64, from_1904: bool) -> String {
        if let Some(shape) = self.date {
            return shape.show(value, from_1904).unwrap_or_else(|| decimal::general(value));
        }
        let section = match (value, self.sections.as_slice()) {
            (v, [_, negative, ..]) if v < 0.0 => Some((negative, v.abs())),
            (v, [_, _, zero]) if v == 0.0 => Some((zero, v)),
            (v, [first, ..]) => Some((first, v)),
            _ => None,
        };
        match section {
            Some((section, value)) => section.show(value).unwrap_or_else(|| decimal::general(value)),
            None => decimal::general(value),
        }
    }
}

/// At the semicolons that are not text.
fn split(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut chars = code.chars();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        if c == ';' && !quoted {
            sections.push(String::new());
            continue;
        }
        quoted ^= c == '"';
        let Some(open) = sections.last_mut() else { continue };
        open.push(c);
        if !quoted && matches!(c, '\\' | '_' | '*') {
            open.extend(chars.next());
        }
    }
    sections
}

impl Section {
    fn new(code: &str) -> Self {
        let mut section = Self::default();
        let mut chars = code.chars().peekable();
        let mut after_point = false;
        while let Some(c) = chars.next() {
            match c {
                '"' => section.text(&chars.by_ref().take_while(|c| *c != '"').collect::<String>()),
                '\\' => section.text(&chars.next().map(String::from).unwrap_or_default()),
                // Space as wide as a character, and filling up with one.
                '_' | '*' => {
                    chars.next();
                    section.text(" ");
                }
                '[' => {
                    let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    section.text(inner.strip_prefix('$').and_then(|c| c.split('-').next()).unwrap_or_default());
                }
                '0' | '#' | '?' => section.place(c, after_point),
                '.' if section.has_digits() || matches!(chars.peek(), Some('0' | '#' | '?')) => after_point = true,
                ',' if matches!(chars.peek(), Some('0' | '#' | '?')) => section.grouped = true,
                ',' if section.has_digits() => section.thousands += 1,
                'E' | 'e' if matches!(chars.peek(), Some('+' | '-')) => {
                    section.scientific = true;
                    while chars.next_if(|c| "+-0#?".contains(*c)).is_some() {}
                }
                '%' => {
                    section.percents += 1;
                    section.text("%");
                }
                // General, the text itself, fractions: as the value is.
                'G' | 'g' | '@' | '/' => return Self::default(),
                c => section.text(&String::from(c)),
            }
        }
        section
    }

    fn has_digits(&self) -> bool {
        self.pieces.iter().any(|p| *p != Piece::Fraction && !matches!(p, Piece::Text(_)))
    }

    fn text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    fn place(&mut self, c: char, after_point: bool) {
        if after_point {
            if self.places == 0 {
                self.pieces.push(Piece::Fraction);
            }
            self.places = (self.places + 1).min(30);
            if c == '0' {
                self.zeros.1 = self.places;
            }
        } else {
            self.pieces.push(Piece::Digit);
            // Once zeros begin they go on to the point.
            self.zeros.0 = (self.zeros.0 + usize::from(c == '0' || self.zeros.0 > 0)).min(30);
        }
    }

    fn show(&self, value: f64) -> Option<String> {
        if self.scientific {
            return Some(format!("{value:.*E}", self.places));
        }
        let scaled = value * 100f64.powi(self.percents) / 1000f64.powi(self.thousands);
        let has_places = self.pieces.iter().any(|p| !matches!(p, Piece::Text(_)));
        if !has_places {
            // A text in place of the number: "-" for zero, "closed"; with nothing in it, whatever fits.
            let text: String = self.pieces.iter().map(|p| if let Piece::Text(t) = p { t.as_str() } else { "" }).collect();
            return (!text.trim().is_empty()).then(|| text.trim().to_owned());
        }
        let (whole, fraction) = decimal::rounded(scaled.abs(), self.places)?;
        let kept = fraction.trim_end_matches('0').len().max(self.zeros.1);
        let fraction = fraction.get(..kept).unwrap_or_default();
        let whole = if whole == "0" { "" } else { &whole };
        let whole = format!("{}{whole}", "0".repeat(self.zeros.0.saturating_sub(whole.len())));
        let negative = scaled < 0.0 && (whole.bytes().chain(fraction.bytes()).any(|b| b != b'0'));
        let mut text = String::from(if negative { "-" } else { "" });
        self.fill(&mut text, &whole, fraction);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Puts the digits in their places; the first place takes those for which there is none.
    fn fill(&self, text: &mut String, whole: &str, fraction: &str) {
        let places = self.pieces.iter().filter(|p| **p == Piece::Digit).count();
        let grouped = decimal::grouped(whole);
        let mut number = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Fraction if fraction.is_empty() => {}
                Piece::Fraction => {
                    if places == 0 {
                        text.push_str(whole);
                    }
                    text.push('.');
                    text.push_str(fraction);
                }
                Piece::Digit => {
                    let end = whole.len().saturating_sub(places - 1 - number);
                    let start = if number == 0 { 0 } else { whole.len().saturating_sub(places - number) };
                    number += 1;
                    match (self.grouped, number) {
                        (true, 1) => text.push_str(&grouped),
                        (true, _) => {}
                        (false, _) => text.push_str(whole.get(start..end).unwrap_or_default()),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_shown() {
        for (value, code, expected) in [
            (25.0, "General", "25"),
            (0.1 + 0.2, "General", "0.3"),
            (1234.5, "#,##0.00", "1,234.50"),
            (1_234_567.0, "#,##0", "1,234,567"),
            (0.19, "0%", "19%"),
            (0.1254, "0.0%", "12.5%"),
            (2.675, "0.00", "2.68"),
            (12.5, "#,##0.00\\ [$€-407]", "12.50 €"),
            (12.0, "[$$-409]#,##0.00", "$12.00"),
            (-5.0, "0;(0)", "(5)"),
            (-5.0, "0.0", "-5.0"),
            (-0.001, "0.0", "0.0"),
            (0.0, "0;-0;\"none\"", "none"),
            (3.0, "0 \"days\"", "3 days"),
            (1_500_000.0, "0.0,,\"M\"", "1.5M"),
            (7.0, "000", "007"),
            (5.5, "0.##", "5.5"),
            (5.0, "0.##", "5"),
            (0.5, "#.00", ".50"),
            (0.25, "# ?/?", "0.25"),
            (123_456_789.0, "000-00-0000", "123-45-6789"),
            (12345.0, "0.00E+00", "1.23E4"),
            (1234.0, "_(\"$\"* #,##0.00_);_(\"$\"* (#,##0.00);_(\"$\"* \"-\"??_);_(@_)", "$ 1,234.00"),
            (45366.0, "[$-F800]dddd, mmmm dd, yyyy", "2024-03-15"),
            (42.0, "@", "42"),
            (42.0, ";;;", "42"),
        ] {
            assert_eq!(Format::new(code).show(value, false), expected, "{code}");
        }
    }

    #[test]
    fn odd_formats_do_no_harm() {
        let long = "0".repeat(5000) + "." + &"0".repeat(5000);
        for code in ["", ";", "\"", "\\", "[", "_", "*", "0.0.0.0", ",,,", "%%%%%%%%", &long, "E+", "0E+", "[h"] {
            for value in [0.0, -1.5, 1e300, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY] {
                Format::new(code).show(value, false);
            }
        }
    }
}
