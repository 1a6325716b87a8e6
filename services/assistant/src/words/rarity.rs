//! How telling a word is: the rarer in English policy and reference text, the more.

use std::{collections::HashMap, sync::LazyLock};

/// Stem and in how many of a thousand passages it occurs, most frequent first.
/// Counted by `cargo run --release -p assistant --example rarity` over public corpora of policies,
/// regulations and encyclopedia articles, each corpus weighing the same.
const COUNTS: &str = include_str!("common.txt");

static PER_THOUSAND: LazyLock<HashMap<&'static str, f32>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let (stem, count) = line.split_once(' ')?;
        Some((stem, count.parse().ok()?))
    };
    COUNTS.lines().filter_map(line).collect()
});

/// From 0.15 (in every second passage) to 1.0 (in less than one of 250): the logarithm of the rarity.
pub fn weight(stem: &str) -> f32 {
    let Some(per_thousand) = PER_THOUSAND.get(stem) else { return 1.0 };
    ((1000.0 / per_thousand).ln() / 250.0_f32.ln()).clamp(0.15, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(PER_THOUSAND.len(), COUNTS.lines().count());
    }

    #[test]
    fn rare_words_weigh_more() {
        assert!(weight("inform") < weight("sabbat"));
        assert!((weight("neverseenbefore") - 1.0).abs() < f32::EPSILON);
    }
}
