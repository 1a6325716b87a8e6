//! Which part of an HTML page is its content.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node, node::Element};

use super::{hints, prune, weigh::Weights};

/// In percent. Below this share of the page's text, what calls itself the main part can't be it.
const MIN_SHARE: usize = 20;

/// The element that holds the content, and what below it is none.
pub(super) struct Selection<'t> {
    pub(super) root: NodeRef<'t, Node>,
    pub(super) dropped: HashSet<NodeId>,
    /// What says that it is an article is cut more closely: what isn't prose rarely belongs to it.
    pub(super) is_article: bool,
}

impl Selection<'_> {
    fn holds(&self, node: NodeRef<'_, Node>) -> bool {
        let left_out = |n: &NodeRef<'_, Node>| self.dropped.contains(&n.id()) || n.value().as_element().is_some_and(is_left_out);
        let path = std::iter::once(node).chain(node.ancestors());
        path.take_while(|n| !left_out(n)).any(|n| n.id() == self.root.id())
    }
}

/// What calls itself the main part, without what surrounds the text in it.
pub(super) fn main_content(document: &Html) -> Selection<'_> {
    let root = document.tree.root();
    let elements = || root.descendants().filter_map(ElementRef::wrap);
    let body = elements().find(|e| e.value().name() == "body").map_or(root, |e| *e);
    let main = elements().find(|e| e.value().name() == "main" || e.attr("role") == Some("main"));
    let only_article = || {
        let mut articles = elements().filter(|e| e.value().name() == "article");
        articles.next().filter(|_| articles.next().is_none())
    };
    let weights = Weights::below(body, &HashSet::new());
    let is_article = is_article(document);
    let root = match main.or_else(only_article) {
        Some(main) if weights.of(*main).letters * 100 >= MIN_SHARE * weights.of(body).letters => *main,
        _ => body,
    };
    Selection { root, dropped: prune::around(root, is_article), is_article }
}

/// Whether the page says that it is an article of a newspaper or a blog. That its `og:type` is article doesn't say so:
/// the chapters of rulebooks are called that as well.
fn is_article(document: &Html) -> bool {
    const TYPES: &[&str] = &["NewsArticle\"", "\"BlogPosting\""];
    const PROPERTIES: &[&str] = &["article:published_time", "article:author", "article:section", "article:tag"];
    document.tree.root().descendants().filter_map(ElementRef::wrap).any(|element| match element.value().name() {
        "meta" => element.attr("property").is_some_and(|property| PROPERTIES.contains(&property)),
        "script" => {
            element.attr("type") == Some("application/ld+json") && element.text().any(|text| TYPES.iter().any(|kind| text.contains(kind)))
        }
        _ => {
            element.attr("itemprop") == Some("articleBody")
                || element.attr("itemtype").is_some_and(|kind| kind.ends_with("NewsArticle") || kind.ends_with("BlogPosting"))
        }
    })
}

/// The heading of the page where the content itself has none: it often stands in a banner above.
pub(super) fn heading_above(document: &Html, content: &Selection<'_>) -> Option<String> {
    /// Their ancestors are gone through.
    const MAX_HEADINGS: usize = 20;
    let title = letters_of(&title(document)?);
    let mut found = None;
    let elements = document.tree.root().descendants().filter_map(ElementRef::wrap);
    for heading in elements.filter(|e| e.value().name() == "h1").take(MAX_HEADINGS) {
        if content.holds(*heading) {
            return None;
        }
        let text: String = heading.text().collect();
        let letters = letters_of(&text);
        // The name of the site may be the first one.
        if !letters.is_empty() && title.contains(&letters) {
            found = Some(text);
        }
    }
    found
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
        "script", "style", "noscript", "template", "title", "svg", "iframe", "object", "embed", "head", "canvas", "audio", "video", "map",
        "dialog", "s", "strike", "del",
    ];
    INVISIBLE.contains(&element.name())
        || element.attr("hidden").is_some_and(|value| value != "until-found")
        || element.attr("aria-hidden") == Some("true")
        || element.attr("style").is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"))
}

/// Invisible, or around the content.
pub(super) fn is_left_out(element: &Element) -> bool {
    const AROUND: &[&str] = &["nav", "footer", "button", "select", "input", "textarea", "datalist"];
    const ROLES: &[&str] = &["navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "toolbar"];
    let aside = element.name() == "aside" && !hints::is_note(element);
    is_invisible(element) || aside || AROUND.contains(&element.name()) || element.attr("role").is_some_and(|role| ROLES.contains(&role))
}
