//! The outline ("bookmarks"): titles with their level and page.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::file::{as_dict, dict, resolved, text};

const MAX_ENTRIES: usize = 20_000;
const MAX_LEVEL: u8 = 9;

pub(super) struct Entry {
    pub(super) title: String,
    /// From 1.
    pub(super) level: u8,
    /// Index into the pages, from 0.
    pub(super) page: usize,
}

pub(super) fn read(document: &Document, pages: &[ObjectId]) -> Vec<Entry> {
    let Ok(catalog) = document.catalog() else { return Vec::new() };
    let indexes: HashMap<ObjectId, usize> = pages.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let named = named_destinations(document, catalog);
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    let first = |node: &Dictionary, key: &[u8]| node.get(key).and_then(Object::as_reference).ok();
    // Depth first, siblings waiting on the stack.
    let mut waiting: Vec<(ObjectId, u8)> =
        dict(document, catalog, b"Outlines").and_then(|o| first(o, b"First")).map(|id| (id, 1)).into_iter().collect();
    while let Some((id, level)) = waiting.pop() {
        let Ok(node) = document.get_dictionary(id) else { continue };
        if !seen.insert(id) || seen.len() > MAX_ENTRIES {
            continue;
        }
        let title = resolved(document, node, b"Title").and_then(text);
        let page = destination(document, node).and_then(|d| page_of(document, d, &named, &indexes));
        if let (Some(title), Some(page)) = (title, page) {
            entries.push(Entry { title, level: level.min(MAX_LEVEL), page });
        }
        waiting.extend(first(node, b"Next").map(|next| (next, level)));
        waiting.extend(first(node, b"First").map(|child| (child, level.saturating_add(1))));
    }
    entries
}

fn destination<'d>(document: &'d Document, node: &'d Dictionary) -> Option<&'d Object> {
    resolved(document, node, b"Dest").or_else(|| resolved(document, dict(document, node, b"A")?, b"D"))
}

fn page_of(
    document: &Document,
    destination: &Object,
    named: &HashMap<Vec<u8>, &Object>,
    indexes: &HashMap<ObjectId, usize>,
) -> Option<usize> {
    let mut object = destination;
    for _ in 0..4 {
        object = match object {
            Object::Array(array) => {
                return match array.first()? {
                    Object::Reference(id) => indexes.get(id).copied(),
                    Object::Integer(at) => usize::try_from(*at).ok().filter(|at| *at < indexes.len()),
                    _ => None,
                };
            }
            Object::String(name, _) | Object::Name(name) => named.get(name)?,
            Object::Dictionary(holder) => resolved(document, holder, b"D")?,
            Object::Reference(_) => document.dereference(object).ok()?.1,
            _ => return None,
        };
    }
    None
}

fn named_destinations<'d>(document: &'d Document, catalog: &'d Dictionary) -> HashMap<Vec<u8>, &'d Object> {
    let mut named = HashMap::new();
    if let Some(old) = dict(document, catalog, b"Dests") {
        named.extend(old.iter().take(MAX_ENTRIES).map(|(name, object)| (name.clone(), object)));
    }
    let tree = dict(document, catalog, b"Names").and_then(|names| dict(document, names, b"Dests"));
    for [name, object] in tree_pairs(document, tree, b"Names") {
        if let Ok(name) = name.as_str() {
            named.insert(name.to_vec(), object);
        }
    }
    named
}

/// The pairs at the leaves of a name or number tree.
pub(super) fn tree_pairs<'d>(document: &'d Document, root: Option<&'d Dictionary>, leaves: &[u8]) -> Vec<[&'d Object; 2]> {
    let mut pairs = Vec::new();
    let mut waiting: Vec<&Dictionary> = root.into_iter().collect();
    let mut visited = 0;
    while let Some(node) = waiting.pop() {
        visited += 1;
        if visited > MAX_ENTRIES || pairs.len() > MAX_ENTRIES {
            break;
        }
        let array = |key: &[u8]| resolved(document, node, key).and_then(|o| o.as_array().ok());
        pairs.extend(array(leaves).into_iter().flat_map(|a| a.as_chunks::<2>().0).map(|[key, value]| [key, value]));
        let kids = array(b"Kids").into_iter().flatten().take(MAX_ENTRIES);
        waiting.extend(kids.filter_map(|kid| as_dict(document.dereference(kid).ok()?.1)));
    }
    pairs
}
