//! Numbers that English writes in one word.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// "zero" to "nineteen".
pub(crate) fn small(lower: &str) -> Option<u32> {
    SMALL.iter().position(|w| *w == lower).and_then(|i| u32::try_from(i).ok())
}

/// "twenty" to "ninety".
pub(crate) fn tens(lower: &str) -> Option<u32> {
    TENS.iter().position(|w| *w == lower).and_then(|i| u32::try_from((i + 2) * 10).ok())
}
