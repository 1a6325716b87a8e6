//! Equations of Office on one line, as people type them: "x = (-b ± √(b^2 - 4ac))/(2a)".

use quick_xml::events::BytesStart;
use unicode_normalization::UnicodeNormalization;

use crate::xml;

/// An equation as its elements come by.
#[derive(Debug, Default)]
pub(crate) struct Formula {
    /// From `oMath` inwards.
    open: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    name: String,
    /// What is within, by the name of its element.
    parts: Vec<(String, String)>,
    /// Signs that the properties name: the operator, what stands before, after and between.
    signs: [Option<String>; 4],
}

const SIGNS: [&str; 4] = ["chr", "begChr", "endChr", "sepChr"];

impl Formula {
    pub(crate) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Whether the element is part of an equation, and so none of the caller's.
    pub(crate) fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
        if self.open.is_empty() && name != "oMath" {
            return false;
        }
        if let Some(at) = SIGNS.iter().position(|sign| *sign == name)
            && let Some(node) = self.open.iter_mut().rev().find(|node| !node.name.ends_with("Pr"))
            && let Some(sign) = node.signs.get_mut(at)
        {
            *sign = Some(xml::val(e).unwrap_or_default());
        }
        self.open.push(Node { name: name.to_owned(), ..Node::default() });
        true
    }

    pub(crate) fn text(&mut self, text: &str) {
        if let Some(node) = self.open.last_mut().filter(|node| node.name == "t") {
            node.parts.push((String::new(), plain_letters(text)));
        }
    }

    /// The whole equation when its last element ends.
    pub(crate) fn end(&mut self) -> Option<String> {
        let node = self.open.pop()?;
        let written = node.written();
        match self.open.last_mut() {
            Some(outer) => {
                outer.parts.push((node.name, written));
                None
            }
            None => Some(written),
        }
    }
}

impl Node {
    fn part(&self, name: &str) -> &str {
        self.parts.iter().find(|(part, _)| part == name).map_or("", |(_, text)| text)
    }

    fn joined(&self, name: &str, between: &str) -> String {
        self.parts.iter().filter(|(part, _)| part == name).map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(between)
    }

    fn sign<'s>(&'s self, at: usize, usual: &'s str) -> &'s str {
        self.signs.get(at).and_then(Option::as_deref).unwrap_or(usual)
    }

    fn written(&self) -> String {
        let base = self.part("e");
        match self.name.as_str() {
            name if name.ends_with("Pr") => String::new(),
            "f" => format!("{}/{}", grouped(self.part("num")), grouped(self.part("den"))),
            "sSup" | "sSub" | "sSubSup" | "sPre" => format!("{}{}", grouped(base), self.scripts()),
            "limLow" => format!("{base}_{}", grouped(self.part("lim"))),
            "limUpp" => format!("{base}^{}", grouped(self.part("lim"))),
            "nary" => format!("{}{} {base}", self.sign(0, "∫"), self.scripts()),
            "rad" => match self.part("deg").trim() {
                "" | "2" => format!("√({base})"),
                "3" => format!("∛({base})"),
                degree => format!("√[{degree}]({base})"),
            },
            "d" => format!("{}{}{}", self.sign(1, "("), self.joined("e", self.sign(3, "|")), self.sign(2, ")")),
            "func" if base.starts_with('(') => format!("{}{base}", self.part("fName")),
            "func" => format!("{} {base}", self.part("fName")),
            "mr" => self.joined("e", ", "),
            "m" => self.joined("mr", "; "),
            "eqArr" => self.joined("e", "; "),
            "acc" if base.chars().count() == 1 => format!("{base}{}", self.sign(0, "\u{302}")),
            _ => self.parts.iter().map(|(_, text)| text.as_str()).collect(),
        }
    }

    fn scripts(&self) -> String {
        let script = |sign: &str, name: &str| match self.part(name).trim() {
            "" => String::new(),
            text => format!("{sign}{}", grouped(text)),
        };
        script("_", "sub") + &script("^", "sup")
    }
}

/// In brackets, if what follows would otherwise seem to belong to a part of it only.
fn grouped(text: &str) -> String {
    let text = text.trim();
    if text.chars().all(char::is_alphanumeric) { text.to_owned() } else { format!("({text})") }
}

/// Equations have letters in italics or bold that are characters of their own, which nobody types when searching.
fn plain_letters(text: &str) -> String {
    let is_styled = |c: &char| matches!(c, '\u{1d400}'..='\u{1d7ff}');
    text.chars().flat_map(|c| if is_styled(&c) { c.nfkc().next() } else { Some(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Reader(Formula, String);

    impl xml::Visitor for Reader {
        fn start(&mut self, name: &str, e: &BytesStart<'_>) -> bool {
            self.0.start(name, e);
            true
        }
        fn text(&mut self, text: &str) {
            self.0.text(text);
        }
        fn end(&mut self, _name: &str) {
            self.1.extend(self.0.end());
        }
    }

    fn written(inner: &str) -> String {
        let mut reader = Reader(Formula::default(), String::new());
        xml::visit(&format!("<m:oMath>{inner}</m:oMath>"), "it", &mut reader).unwrap();
        reader.1
    }

    #[test]
    fn equations_read_as_they_are_typed() {
        let run = |text: &str| format!("<m:r><w:rPr/><m:t>{text}</m:t></m:r>");
        let square = format!("<m:sSup><m:sSupPr/><m:e>{}</m:e><m:sup>{}</m:sup></m:sSup>", run("b"), run("2"));
        let fraction = format!("<m:f><m:num>{square}{}</m:num><m:den>{}</m:den></m:f>", run("-1"), run("2a"));
        assert_eq!(written(&format!("{}{fraction}", run("𝑥="))), "x=(b^2-1)/2a");
        let sum = format!(
            "<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>{}</m:sub><m:sup>{}</m:sup><m:e>{}</m:e></m:nary>",
            run("i=0"),
            run("n"),
            run("x")
        );
        assert_eq!(written(&sum), "∑_(i=0)^n x");
        let root = format!("<m:rad><m:deg/><m:e>{square}</m:e></m:rad>");
        assert_eq!(
            written(&format!("<m:d><m:dPr><m:begChr m:val=\"[\"/><m:endChr m:val=\"]\"/></m:dPr><m:e>{root}</m:e></m:d>")),
            "[√(b^2)]"
        );
    }
}
