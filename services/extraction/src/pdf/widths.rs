//! Widths of the characters of fonts that files may use without saying how wide they are.

/// Helvetica, from the space to the tilde, in thousandths of the type size.
const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
    278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
    667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
    556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A fair guess at the width of a character in the font of that name.
pub(super) fn guess(font: &str, c: char) -> f64 {
    if font.contains("Courier") || font.contains("Mono") {
        return 600.0;
    }
    let index = (c as usize).wrapping_sub(' ' as usize);
    let helvetica = f64::from(HELVETICA.get(index).copied().unwrap_or(556));
    let narrower = if font.contains("Times") || font.contains("Serif") { 0.9 } else { 1.0 };
    let bolder = if font.contains("Bold") { 1.06 } else { 1.0 };
    helvetica * narrower * bolder
}
