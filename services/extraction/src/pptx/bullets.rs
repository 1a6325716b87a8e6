//! The marks before paragraphs: PowerPoint draws them, and takes them from the shape, its layout or its master.

use quick_xml::events::BytesStart;

use crate::counting::{letters, roman};
use crate::xml;

pub(super) const LEVELS: usize = 9;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    None,
    Sign,
    Number { scheme: String, first: u32 },
}

impl Bullet {
    /// From one of the elements that say so.
    pub(super) fn read(name: &str, e: &BytesStart<'_>) -> Option<Self> {
        match name {
            "buNone" => Some(Self::None),
            "buChar" | "buBlip" => Some(Self::Sign),
            "buAutoNum" => {
                let first = xml::attribute(e, "startAt").and_then(|v| v.parse().ok()).unwrap_or(1);
                Some(Self::Number { scheme: xml::attribute(e, "type").unwrap_or_default(), first })
            }
            _ => None,
        }
    }
}

/// The bullets that a list style gives to each level.
pub(super) type Levels = [Option<Bullet>; LEVELS];

/// "lvl3pPr" is the third, 2.
pub(super) fn level_of(name: &str) -> Option<usize> {
    let level: usize = name.strip_prefix("lvl")?.strip_suffix("pPr")?.parse().ok()?;
    (1..=LEVELS).contains(&level).then(|| level - 1)
}

/// Counts the numbered paragraphs of a shape.
#[derive(Debug, Default)]
pub(super) struct Counters([Option<(Bullet, u32)>; LEVELS]);

impl Counters {
    /// What stands before the next paragraph, with the space after it.
    pub(super) fn mark(&mut self, level: usize, bullet: &Bullet) -> Option<String> {
        let level = level.min(LEVELS - 1);
        // Numbers of deeper levels begin again.
        self.0.iter_mut().skip(level + 1).for_each(|deeper| *deeper = None);
        let slot = self.0.get_mut(level)?;
        let Bullet::Number { scheme, first } = bullet else {
            *slot = None;
            return (*bullet == Bullet::Sign).then(|| if level == 0 { "• ".to_owned() } else { "◦ ".to_owned() });
        };
        let number = match slot {
            Some((same, number)) if same == bullet => number.saturating_add(1),
            _ => *first,
        };
        *slot = Some((bullet.clone(), number));
        Some(written(number, scheme))
    }
}

/// "alphaLcParenR" and so on: what the number is written in, and what stands around it.
fn written(number: u32, scheme: &str) -> String {
    let digits = match scheme {
        s if s.starts_with("alphaLc") => letters(number),
        s if s.starts_with("alphaUc") => letters(number).to_uppercase(),
        s if s.starts_with("romanLc") => roman(number),
        s if s.starts_with("romanUc") => roman(number).to_uppercase(),
        _ => number.to_string(),
    };
    match scheme {
        s if s.ends_with("ParenBoth") => format!("({digits}) "),
        s if s.ends_with("ParenR") => format!("{digits}) "),
        s if s.ends_with("Minus") => format!("- {digits} "),
        s if s.ends_with("Plain") => format!("{digits} "),
        _ => format!("{digits}. "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_again_after_other_paragraphs() {
        let number = |scheme: &str| Bullet::Number { scheme: scheme.into(), first: 1 };
        let mut counters = Counters::default();
        let mut mark = |level, bullet: &Bullet| counters.mark(level, bullet).unwrap_or_default();
        assert_eq!(mark(0, &number("arabicPeriod")), "1. ");
        assert_eq!(mark(1, &number("alphaLcParenBoth")), "(a) ");
        assert_eq!(mark(1, &number("alphaLcParenBoth")), "(b) ");
        assert_eq!(mark(0, &number("arabicPeriod")), "2. ");
        assert_eq!(mark(1, &number("alphaLcParenBoth")), "(a) ");
        assert_eq!(mark(0, &Bullet::None), "");
        assert_eq!(mark(0, &number("arabicPeriod")), "1. ");
        assert_eq!(mark(1, &Bullet::Sign), "◦ ");
    }
}
