//! What a part of an Office package refers to: other parts, by an id that only the referring part knows.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::xml;

#[derive(Debug, Default)]
pub(crate) struct Relations {
    listed: Vec<Relation>,
    /// Places in the list.
    by_id: HashMap<String, usize>,
}

#[derive(Debug)]
pub(crate) struct Relation {
    /// The last word of its type, which is the same in both namespaces of the standard: "slide", "notesSlide".
    pub(crate) kind: String,
    /// The path of the part within the package.
    pub(crate) target: String,
}

impl Relations {
    /// Links to the world outside are left out.
    pub(crate) fn parse(folder: &str, source: &str) -> Self {
        let mut relations = Self::default();
        let mut reader = xml::reader(source);
        loop {
            match reader.read_event() {
                Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().into_inner() == "Relationship" => {
                    let value = |name: &str| xml::attribute(&e, name).unwrap_or_default();
                    if value("TargetMode") == "External" {
                        continue;
                    }
                    let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                    relations.by_id.insert(value("Id"), relations.listed.len());
                    relations.listed.push(Relation { kind, target: resolved(folder, &value("Target")) });
                }
                Ok(Event::Eof) | Err(_) => return relations,
                Ok(_) => {}
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Relation> {
        self.listed.get(*self.by_id.get(id)?)
    }

    /// The path of the first part of that kind.
    pub(crate) fn first(&self, kind: &str) -> Option<&str> {
        self.all().find(|relation| relation.kind == kind).map(|relation| relation.target.as_str())
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Relation> {
        self.listed.iter()
    }
}

/// A path within the package, from one that may begin at the part's folder.
fn resolved(folder: &str, target: &str) -> String {
    let from_root = target.strip_prefix('/');
    let mut path: Vec<&str> = if from_root.is_some() { Vec::new() } else { folder.split('/').collect() };
    for step in from_root.unwrap_or(target).split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths_of_the_package() {
        let source = "<Relationships><Relationship Id=\"a\" Type=\"http://x/notesSlide\" Target=\"../notes/n1.xml\"/>\
            <Relationship Id=\"b\" Type=\"http://purl/chart\" Target=\"/ppt/charts/c.xml\"/>\
            <Relationship Id=\"c\" Type=\"http://x/hyperlink\" Target=\"http://y\" TargetMode=\"External\"/></Relationships>";
        let relations = Relations::parse("ppt/slides", source);
        assert_eq!(relations.first("notesSlide"), Some("ppt/notes/n1.xml"));
        assert_eq!(relations.get("b").map(|r| r.target.as_str()), Some("ppt/charts/c.xml"));
        assert!(relations.get("c").is_none());
        assert_eq!(resolved("ppt", "../../../x.xml"), "x.xml");
    }
}
