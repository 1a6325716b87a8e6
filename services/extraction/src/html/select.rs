//! Which part of an HTML page is its content.

use ego_tree::NodeRef;
use scraper::{ElementRef, Html, Node, node::Element};

/// Below this share of the page's text, what calls itself the main part can't be it.
const MIN_SHARE: f64 = 0.2;

pub(super) fn main_content(document: &Html) -> NodeRef<'_, Node> {
    let root = document.tree.root();
    let elements = || root.descendants().filter_map(ElementRef::wrap);
    let body = elements().find(|e| e.value().name() == "body").map_or(root, |e| *e);
    let main = elements().find(|e| e.value().name() == "main" || e.attr("role") == Some("main"));
    let article = || {
        let mut articles = elements().filter(|e| e.value().name() == "article");
        articles.next().filter(|_| articles.next().is_none())
    };
    match main.or_else(article) {
        Some(main) if letters(*main) as f64 >= MIN_SHARE * letters(body) as f64 => *main,
        _ => body,
    }
}

/// Characters of visible text outside of what is left out.
fn letters(node: NodeRef<'_, Node>) -> usize {
    let mut count = 0;
    let mut next = Some(node);
    while let Some(at) = next {
        let skipped = at.value().as_element().is_some_and(is_left_out);
        if let Some(text) = at.value().as_text() {
            count += text.chars().filter(|c| c.is_alphanumeric()).count();
        }
        let child = if skipped { None } else { at.first_child() };
        next = child.or_else(|| {
            let mut up = at;
            while up.id() != node.id() {
                if let Some(sibling) = up.next_sibling() {
                    return Some(sibling);
                }
                up = up.parent()?;
            }
            None
        });
    }
    count
}

pub(super) fn title(document: &Html) -> Option<String> {
    let mut elements = document.tree.root().descendants().filter_map(ElementRef::wrap);
    let title = elements
        .find(|e| e.value().name() == "title" && e.parent().and_then(ElementRef::wrap).is_some_and(|p| p.value().name() != "svg"))?;
    let text: String = title.text().collect();
    (!text.trim().is_empty()).then_some(text)
}

/// Never content. Struck text is what the page no longer says.
pub(super) fn is_invisible(element: &Element) -> bool {
    const INVISIBLE: &[&str] = &[
        "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "head", "canvas", "audio", "video", "map", "dialog",
        "s", "strike", "del",
    ];
    INVISIBLE.contains(&element.name())
        || element.attr("hidden").is_some()
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"))
}

/// Invisible, or around the content.
pub(super) fn is_left_out(element: &Element) -> bool {
    const AROUND: &[&str] = &["nav", "footer", "aside", "button", "select", "input", "textarea", "datalist"];
    const ROLES: &[&str] = &["navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar"];
    is_invisible(element) || AROUND.contains(&element.name()) || element.attr("role").is_some_and(|role| ROLES.contains(&role))
}

/// A page's header is decoration unless it holds the heading of the text.
pub(super) fn is_decoration(node: NodeRef<'_, Node>) -> bool {
    let is_header = node.value().as_element().is_some_and(|e| e.name() == "header");
    is_header && !node.descendants().any(|d| d.value().as_element().is_some_and(|e| matches!(e.name(), "h1" | "h2" | "h3")))
}
