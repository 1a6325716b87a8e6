//! XLSX and XLSM: the parts of the package and how they belong together.

mod beside;
mod cells;
mod strings;
mod styles;

use quick_xml::events::Event;

use super::{Workbook, binary, grid::Sheet};
use crate::{ExtractError, dated, package::Package, xml};
use cells::Context;

/// Excel itself stops at the memory; a hostile file must not make us write a million pages.
const MAX_SHEETS: usize = 2000;

/// What a part of this many sheets can refer to.
const MAX_RELATIONS: usize = 10_000;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, ExtractError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part("xl/workbook.xml");
    if main.ends_with(".bin") {
        return binary::read(bytes, package);
    }
    let source = package.part(&main)?.ok_or_else(|| ExtractError::damaged("its list of sheets is missing"))?;
    let listed = Listed::parse(&source)?;
    let relations = Relations::of(&mut package, &main)?;
    let styles = part_of_kind(&mut package, &relations, "/styles")?;
    let strings = part_of_kind(&mut package, &relations, "/sharedStrings")?;
    let styles = styles::Styles::parse(&styles);
    let strings = strings::parse(&strings)?;
    let context = Context { styles: &styles, strings: &strings, from_1904: listed.from_1904 };
    let persons = beside::persons(&part_of_kind(&mut package, &relations, "/person")?);

    let mut workbook = Workbook::default();
    for (name, id) in listed.sheets {
        let mut sheet = Sheet::new(name);
        if let Some(relation) = relations.by_id(&id) {
            let source = package.part(&relation.target)?;
            let source = source.ok_or_else(|| ExtractError::damaged(format!("its sheet {} is missing", sheet.name)))?;
            cells::read(&source, &context, &mut sheet, &mut workbook.budget)?;
            drop(source);
            beside::read(&mut package, &relation.target, &persons, &mut sheet)?;
        }
        workbook.push(sheet)?;
    }
    let core = package.part("docProps/core.xml")?.unwrap_or_default();
    (workbook.title, workbook.dated) = (xml::text_of(&core, "title"), dated::office(&core));
    Ok(workbook)
}

fn part_of_kind(package: &mut Package<'_>, relations: &Relations, kind: &str) -> Result<String, ExtractError> {
    match relations.of_kind(kind).next() {
        Some(target) => Ok(package.part(target)?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// The sheets that can be seen, and the calendar.
#[derive(Debug, Default)]
struct Listed {
    /// Name, and the relation that leads to the part.
    sheets: Vec<(String, String)>,
    from_1904: bool,
}

impl Listed {
    fn parse(source: &str) -> Result<Self, ExtractError> {
        let mut listed = Self::default();
        let mut reader = xml::reader(source);
        loop {
            match reader.read_event().map_err(|e| ExtractError::damaged(format!("its list of sheets breaks off: {e}")))? {
                Event::Start(e) | Event::Empty(e) => match e.local_name().into_inner() {
                    "workbookPr" => listed.from_1904 = matches!(xml::attribute(&e, "date1904").as_deref(), Some("1" | "true")),
                    "sheet" if matches!(xml::attribute(&e, "state").as_deref(), Some("hidden" | "veryHidden")) => {}
                    "sheet" if listed.sheets.len() < MAX_SHEETS => {
                        let value = |name| xml::attribute(&e, name).unwrap_or_default();
                        listed.sheets.push((value("name"), value("id")));
                    }
                    _ => {}
                },
                Event::Eof => return Ok(listed),
                _ => {}
            }
        }
    }
}

/// What a part refers to.
#[derive(Debug, Default)]
struct Relations(Vec<Relation>);

#[derive(Debug)]
struct Relation {
    id: String,
    kind: String,
    /// The part's name within the package.
    target: String,
}

impl Relations {
    fn of(package: &mut Package<'_>, part: &str) -> Result<Self, ExtractError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let source = package.part(&format!("{folder}/_rels/{name}.rels"))?.unwrap_or_default();
        let mut relations = Self::default();
        let mut reader = xml::reader(&source);
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(e) | Event::Empty(e) if e.local_name().into_inner() == "Relationship" && relations.0.len() < MAX_RELATIONS => {
                    let value = |name| xml::attribute(&e, name).unwrap_or_default();
                    relations.0.push(Relation { id: value("Id"), kind: value("Type"), target: resolved(folder, &value("Target")) });
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(relations)
    }

    fn by_id(&self, id: &str) -> Option<&Relation> {
        self.0.iter().find(|relation| relation.id == id)
    }

    fn of_kind(&self, ending: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |relation| relation.kind.ends_with(ending)).map(|relation| relation.target.as_str())
    }
}

/// "../comments1.xml" beside "xl/worksheets" is "xl/comments1.xml".
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut names: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.retain(|name| !name.is_empty());
    names.join("/")
}

#[cfg(test)]
mod tests;
