//! The numbers and bullets that Word draws before paragraphs: they are not in the text, but people cite by them.

use std::collections::{HashMap, HashSet};

use quick_xml::events::Event;

use crate::counting::{letters, roman};
use crate::xml;

const LEVELS: usize = 9;

#[derive(Clone, Debug, Default)]
struct Level {
    format: String,
    /// "%1.%2)": the numbers of the levels, and what stands around them.
    text: String,
    start: u32,
}

/// Lists with their counters.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<u32, Vec<Level>>,
    /// Which list definition a number refers to; paragraphs of the same definition count on together.
    definitions: HashMap<u32, u32>,
    /// Numbers that begin again instead of counting on.
    restarted: HashSet<u32>,
    counters: HashMap<(u32, Option<u32>), [u32; LEVELS]>,
}

impl Numbering {
    pub(super) fn parse(source: &str) -> Self {
        let mut numbering = Self::default();
        let mut reader = xml::reader(source);
        let number = |v: Option<String>| v.and_then(|v| v.parse::<u32>().ok());
        let (mut definition, mut level, mut instance) = (None, None, None);
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) => match e.local_name().into_inner() {
                    "abstractNum" => (definition, instance) = (number(xml::attribute(&e, "abstractNumId")), None),
                    "num" => (definition, instance) = (None, number(xml::attribute(&e, "numId"))),
                    "abstractNumId" => {
                        if let (Some(instance), Some(definition)) = (instance, number(xml::val(&e))) {
                            numbering.definitions.insert(instance, definition);
                        }
                    }
                    "startOverride" => numbering.restarted.extend(instance),
                    "lvl" => {
                        level = number(xml::attribute(&e, "ilvl")).map(|l| l as usize).filter(|l| *l < LEVELS);
                        if let (Some(definition), Some(_)) = (definition, level) {
                            numbering.lists.entry(definition).or_insert_with(|| vec![Level::default(); LEVELS]);
                        }
                    }
                    name @ ("start" | "numFmt" | "lvlText") => {
                        let found =
                            definition.and_then(|d| numbering.lists.get_mut(&d)).zip(level).and_then(|(levels, at)| levels.get_mut(at));
                        if let Some(found) = found {
                            match name {
                                "start" => found.start = number(xml::val(&e)).unwrap_or(1),
                                "numFmt" => found.format = xml::val(&e).unwrap_or_default(),
                                _ => found.text = xml::val(&e).unwrap_or_default(),
                            }
                        }
                    }
                    _ => {}
                },
                Ok(Event::Eof) | Err(_) => return numbering,
                Ok(_) => {}
            }
        }
    }

    /// What stands before the next paragraph of that list and level, with the space after it; counts on.
    pub(super) fn mark(&mut self, list: u32, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let definition = self.definitions.get(&list)?;
        let levels = self.lists.get(definition)?;
        let counters = self.counters.entry((*definition, self.restarted.get(&list).copied())).or_insert([0; LEVELS]);
        let own = levels.get(level)?;
        counters[level] = if counters[level] == 0 { own.start.max(1) } else { counters[level].saturating_add(1) };
        counters[level + 1..].fill(0);
        match own.format.as_str() {
            "none" => return None,
            "bullet" => return Some(if level == 0 { "• ".into() } else { "◦ ".into() }),
            _ => {}
        }
        let mut mark = own.text.clone();
        for (at, definition) in levels.iter().enumerate().take(level + 1) {
            let value = if counters[at] == 0 { definition.start.max(1) } else { counters[at] };
            mark = mark.replace(&format!("%{}", at + 1), &written(value, &definition.format));
        }
        let mark = mark.trim().to_owned();
        (!mark.is_empty()).then(|| mark + " ")
    }
}

fn written(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number),
        "upperLetter" => letters(number).to_uppercase(),
        "lowerRoman" => roman(number),
        "upperRoman" => roman(number).to_uppercase(),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}
