//! The numbers and bullets that Word draws before paragraphs: they are not in the text, but people cite by them.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::counting::{letters, roman};
use crate::xml;

const LEVELS: usize = 9;
/// A mark is a number with a word or two.
const MAX_MARK: usize = 60;

#[derive(Clone, Debug, Default)]
struct Level {
    format: String,
    /// "%1.%2)": the numbers of the levels, and what stands around them.
    text: String,
    start: u32,
}

/// Lists with their counters.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<u32, Vec<Level>>,
    /// Which list definition a number refers to; paragraphs of the same definition count on together.
    definitions: HashMap<u32, u32>,
    /// Levels at which a number begins again instead of counting on, until it has.
    restarts: HashMap<(u32, usize), u32>,
    /// Levels that a number has otherwise than its definition.
    overrides: HashMap<(u32, usize), Level>,
    counters: HashMap<u32, [u32; LEVELS]>,
}

/// What the elements of the part are about.
#[derive(Default)]
struct Place {
    definition: Option<u32>,
    instance: Option<u32>,
    level: Option<usize>,
}

impl Numbering {
    pub(super) fn parse(source: &str) -> Self {
        let mut numbering = Self::default();
        let mut reader = xml::reader(source);
        let mut place = Place::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) => numbering.element(e.local_name().into_inner(), &e, &mut place),
                Ok(Event::Eof) | Err(_) => return numbering,
                Ok(_) => {}
            }
        }
    }

    fn element(&mut self, name: &str, e: &BytesStart<'_>, place: &mut Place) {
        let number = |v: Option<String>| v.and_then(|v| v.parse::<u32>().ok());
        let level = || number(xml::attribute(e, "ilvl")).map(|l| l as usize).filter(|l| *l < LEVELS);
        match name {
            "abstractNum" => *place = Place { definition: number(xml::attribute(e, "abstractNumId")), ..Place::default() },
            "num" => *place = Place { instance: number(xml::attribute(e, "numId")), ..Place::default() },
            "abstractNumId" => self.definitions.extend(place.instance.zip(number(xml::val(e)))),
            "lvlOverride" => place.level = level(),
            "startOverride" => self.restarts.extend(place.instance.zip(place.level).zip(number(xml::val(e)))),
            "lvl" => {
                place.level = level();
                if let (Some(definition), Some(_)) = (place.definition, place.level) {
                    self.lists.entry(definition).or_insert_with(|| vec![Level::default(); LEVELS]);
                }
                self.overrides.extend(place.instance.zip(place.level).map(|at| (at, Level::default())));
            }
            "start" | "numFmt" | "lvlText" => {
                let Some(level) = self.open_level(place) else { return };
                match name {
                    "start" => level.start = number(xml::val(e)).unwrap_or(1),
                    "numFmt" => level.format = xml::val(e).unwrap_or_default(),
                    _ => level.text = xml::val(e).unwrap_or_default().chars().take(MAX_MARK).collect(),
                }
            }
            _ => {}
        }
    }

    fn open_level(&mut self, place: &Place) -> Option<&mut Level> {
        let level = place.level?;
        match place.instance {
            Some(instance) => self.overrides.get_mut(&(instance, level)),
            None => self.lists.get_mut(&place.definition?)?.get_mut(level),
        }
    }

    /// What stands before the next paragraph of that list and level, with the space after it; counts on.
    pub(super) fn mark(&mut self, list: u32, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let definition = self.definitions.get(&list)?;
        let levels = self.lists.get(definition)?;
        let at = |level: usize| self.overrides.get(&(list, level)).or_else(|| levels.get(level));
        let own = at(level)?;
        let counters = self.counters.entry(*definition).or_insert([0; LEVELS]);
        let (before, rest) = counters.split_at_mut(level);
        let (counter, deeper) = rest.split_first_mut()?;
        *counter = match self.restarts.remove(&(list, level)) {
            Some(first) => first,
            None if *counter == 0 => own.start.max(1),
            None => counter.saturating_add(1),
        };
        deeper.fill(0);
        match own.format.as_str() {
            "none" => return None,
            "bullet" => return Some(if level == 0 { "• ".into() } else { "◦ ".into() }),
            _ => {}
        }
        let mut mark = own.text.clone();
        for (number, counter) in before.iter().chain([&*counter]).enumerate() {
            let Some(definition) = at(number) else { continue };
            let value = if *counter == 0 && number < level { definition.start.max(1) } else { *counter };
            mark = mark.replace(&format!("%{}", number + 1), &written(value, &definition.format));
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
