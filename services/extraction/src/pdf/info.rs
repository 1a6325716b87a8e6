//! What a PDF says about itself: its title, its date, and the names printed on its pages.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lopdf::{Dictionary, Document, Object};

use super::{
    file::{as_dict, dict, resolved, text},
    outline::tree_pairs,
};
use crate::{clean, counting, dated, xml};

/// The title of the document information, else that of the XMP metadata.
pub(super) fn title(document: &Document) -> Option<String> {
    let info = dict(document, &document.trailer, b"Info");
    let own = info.and_then(|info| text(resolved(document, info, b"Title")?)).filter(|t| clean::title(t).is_some());
    own.or_else(|| xml::text_of(&metadata(document)?, "title"))
}

/// The date of the document information, else that of the XMP metadata.
pub(super) fn dated(document: &Document) -> Option<NaiveDate> {
    let info = dict(document, &document.trailer, b"Info");
    let own = |key: &[u8]| dated::pdf(&text(resolved(document, info?, key)?)?);
    own(b"ModDate").or_else(|| own(b"CreationDate")).or_else(|| dated::xmp(&metadata(document)?))
}

/// The XMP metadata.
fn metadata(document: &Document) -> Option<String> {
    let Object::Stream(metadata) = resolved(document, document.catalog().ok()?, b"Metadata")? else { return None };
    let xml = metadata.get_plain_content_with_limit(1 << 20).ok()?;
    Some(String::from_utf8_lossy(&xml).into_owned())
}

/// For each page the name printed on it, where that isn't simply its number.
pub(super) fn labels(document: &Document, pages: usize) -> Vec<Option<String>> {
    let tree = document.catalog().ok().and_then(|catalog| dict(document, catalog, b"PageLabels"));
    let ranges: BTreeMap<usize, &Dictionary> = tree_pairs(document, tree, b"Nums")
        .into_iter()
        .filter_map(|[start, range]| Some((usize::try_from(start.as_i64().ok()?).ok()?, as_dict(document.dereference(range).ok()?.1)?)))
        .collect();
    let label = |page: usize| {
        let (start, range) = ranges.range(..=page).next_back()?;
        let first = range.get(b"St").and_then(Object::as_i64).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(1);
        let number = first.saturating_add(u32::try_from(page - start).ok()?);
        let written = match range.get(b"S").and_then(Object::as_name) {
            Ok(b"D") => number.to_string(),
            Ok(b"r") => counting::roman(number),
            Ok(b"R") => counting::roman(number).to_uppercase(),
            Ok(b"a") => counting::letters(number),
            Ok(b"A") => counting::letters(number).to_uppercase(),
            _ => String::new(),
        };
        let prefix = resolved(document, range, b"P").and_then(text).unwrap_or_default();
        let label: String = clean::line(&format!("{prefix}{written}")).chars().take(40).collect();
        (!label.is_empty() && label != (page + 1).to_string()).then_some(label)
    };
    (0..pages).map(label).collect()
}
