//! A diagram (SmartArt) as the list that it was typed as.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use crate::{
    BlockKind, ExtractError,
    slide::Piece,
    xml::{self, Visitor},
};

/// Programs offer no deeper levels.
const MAX_LEVEL: usize = 50;

pub(super) fn read(source: &str) -> Result<Vec<Piece>, ExtractError> {
    let mut reader = Reader::default();
    xml::visit(source, "a diagram", &mut reader)?;
    let mut pieces = Vec::new();
    let roots: Vec<String> = reader.points.iter().filter(|p| p.kind == "doc").map(|p| p.id.clone()).collect();
    let outline = Outline::new(reader);
    let mut seen = HashSet::new();
    roots.iter().for_each(|root| outline.below(root, 0, &mut seen, &mut pieces));
    if !pieces.is_empty() {
        pieces.insert(0, Piece::Apart);
        pieces.push(Piece::Apart);
    }
    Ok(pieces)
}

#[derive(Default)]
struct Reader {
    points: Vec<Point>,
    /// From, place among those from there, to.
    links: Vec<(String, u32, String)>,
    in_point: bool,
    in_text: bool,
}

#[derive(Default)]
struct Point {
    id: String,
    kind: String,
    text: String,
    is_prompt: bool,
}

impl Visitor for Reader {
    fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        let value = |name: &str| xml::attribute(e, name).unwrap_or_default();
        match name {
            "pt" => {
                self.in_point = true;
                self.points.push(Point { id: value("modelId"), kind: value("type"), ..Point::default() });
            }
            "cxn" if matches!(value("type").as_str(), "" | "parOf") => {
                self.links.push((value("srcId"), value("srcOrd").parse().unwrap_or(0), value("destId")));
            }
            // A prompt is not the author's text.
            "prSet" => {
                let is_prompt = matches!(value("phldr").as_str(), "1" | "true");
                self.points.iter_mut().last().into_iter().for_each(|point| point.is_prompt = is_prompt);
            }
            "t" => self.in_text = self.in_point,
            "br" => self.text(" "),
            _ => {}
        }
        true
    }

    fn text(&mut self, text: &str) {
        if self.in_text
            && let Some(point) = self.points.last_mut()
        {
            point.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            // Both the text of a point and a run of it are called so; a run holds characters.
            "p" => {
                self.in_text = self.in_point;
                self.text(" ");
                self.in_text = false;
            }
            "t" => self.in_text = false,
            "pt" => self.in_point = false,
            _ => {}
        }
    }
}

/// The points by what they stand under.
struct Outline {
    texts: HashMap<String, String>,
    below: HashMap<String, Vec<String>>,
}

impl Outline {
    fn new(mut reader: Reader) -> Self {
        reader.links.sort_by_key(|(_, order, _)| *order);
        let mut below: HashMap<String, Vec<String>> = HashMap::new();
        for (from, _, to) in reader.links {
            below.entry(from).or_default().push(to);
        }
        Self { texts: reader.points.into_iter().filter(|point| !point.is_prompt).map(|point| (point.id, point.text)).collect(), below }
    }

    /// The levels are limited, and no point comes twice, so that links in a circle end.
    fn below(&self, from: &str, level: usize, seen: &mut HashSet<String>, pieces: &mut Vec<Piece>) {
        for id in self.below.get(from).into_iter().flatten() {
            if level > MAX_LEVEL || !seen.insert(id.clone()) {
                continue;
            }
            let text = self.texts.get(id).map_or("", |text| text.trim());
            if !text.is_empty() {
                let mark = if level == 0 { "•" } else { "◦" };
                pieces.push(Piece::Text(BlockKind::ListItem, format!("{mark} {text}")));
            }
            self.below(id, level + 1, seen, pieces);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_in_their_order() {
        let point =
            |id: &str, text: &str| format!("<dgm:pt modelId=\"{id}\"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>");
        let link = |from: &str, order: u8, to: &str| format!("<dgm:cxn srcId=\"{from}\" srcOrd=\"{order}\" destId=\"{to}\"/>");
        let source = format!(
            "<dgm:dataModel><dgm:ptLst><dgm:pt modelId=\"0\" type=\"doc\"/>{}{}{}</dgm:ptLst><dgm:cxnLst>{}{}{}{}</dgm:cxnLst></dgm:dataModel>",
            point("a", "Approve"),
            point("b", "Ask"),
            point("c", "in writing"),
            link("0", 1, "a"),
            link("0", 0, "b"),
            link("b", 0, "c"),
            link("c", 0, "b"),
        );
        let texts: Vec<String> = read(&source)
            .unwrap()
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Text(_, text) => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["• Ask", "◦ in writing", "• Approve"]);
    }
}
