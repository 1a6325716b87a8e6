//! What the names that authors give to elements say of them.

use ego_tree::NodeRef;
use scraper::{Node, node::Element};

/// Words in the class or id of what surrounds the content.
const AROUND: &[&str] = &[
    "ad",
    "ads",
    "adsense",
    "adslot",
    "advert",
    "advertisement",
    "advertising",
    "adverts",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "commentlist",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "disqus",
    "footer",
    "gdpr",
    "login",
    "masthead",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "newsletters",
    "noprint",
    "outbrain",
    "pager",
    "pagination",
    "paywall",
    "popular",
    "popup",
    "promo",
    "promos",
    "promoted",
    "promotion",
    "recirc",
    "recirculation",
    "recommendation",
    "recommendations",
    "recommended",
    "related",
    "respond",
    "share",
    "sharebar",
    "sharedaddy",
    "sharing",
    "sidebar",
    "signup",
    "skip",
    "social",
    "socials",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "taboola",
    "tagcloud",
    "taglist",
    "toolbar",
    "trending",
    "widget",
    "widgets",
];

/// The same within a page that calls itself an article.
const AROUND_ARTICLE: &[&str] = &[
    "author",
    "authors",
    "bio",
    "bottom",
    "button",
    "byline",
    "caption",
    "category",
    "contributors",
    "copyright",
    "credit",
    "credits",
    "date",
    "dateline",
    "eyebrow",
    "follow",
    "gallery",
    "kicker",
    "meta",
    "metadata",
    "more",
    "published",
    "pubdate",
    "pullquote",
    "readmore",
    "slideshow",
    "tag",
    "tags",
    "teaser",
    "teasers",
    "timestamp",
    "topics",
    "video",
];

/// So many nodes of a heading are read.
const MAX_HEADING_NODES: usize = 50;
/// A longer id was made from a heading.
const MAX_ID_WORDS: usize = 4;

/// Words that only screen readers are told, and what a print leaves out.
const UNSEEN: &[&str] = &["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "d-print-none", "no-print", "hidden-print"];

/// A box within the content that is part of it.
const NOTE: &[&str] = &["admonition", "alert", "callout", "caution", "danger", "important", "info", "note", "notice", "tip", "warning"];

pub(super) fn is_unseen(element: &Element) -> bool {
    element.classes().any(|class| UNSEEN.contains(&class))
}

pub(super) fn is_note(element: &Element) -> bool {
    element.classes().any(|class| words(class).any(|word| NOTE.contains(&word.as_str())))
}

/// The words in an element's names that say that it surrounds the content.
pub(super) fn around<'t>(node: NodeRef<'t, Node>, article: bool) -> impl Iterator<Item = &'static str> + 't {
    let element = node.value().as_element().filter(|e| is_nameable(e.name()));
    // The classes of an article are often its tags.
    let article = article && element.is_some_and(|e| e.name() != "article");
    let known = move |word: String| {
        let known = |words: &'static [&'static str]| words.iter().find(|known| **known == word).copied();
        known(AROUND).or_else(|| known(AROUND_ARTICLE).filter(|_| article))
    };
    // Many generators make the id of a section from its heading: "social-media", "comments-on-this-draft".
    let id = element.and_then(Element::id).filter(move |id| words(id).count() <= MAX_ID_WORDS && !names_its_heading(node, id));
    let classes = element.into_iter().flat_map(Element::classes).filter(|class| !is_state(class));
    classes.chain(id).flat_map(words).filter_map(known)
}

/// Names of inline elements colour code, and those of cells say what is in a column.
fn is_nameable(name: &str) -> bool {
    const NAMEABLE: &[&str] =
        &["div", "section", "article", "aside", "header", "ul", "ol", "dl", "li", "p", "form", "figure", "span", "table", "a"];
    NAMEABLE.contains(&name) || name.contains('-')
}

/// "no-sidebar", "has-comments": what an element is without, or with.
fn is_state(class: &str) -> bool {
    words(class).next().is_some_and(|word| matches!(word.as_str(), "no" | "has" | "with" | "without" | "not" | "hide"))
}

fn names_its_heading(node: NodeRef<'_, Node>, id: &str) -> bool {
    let heading = node
        .children()
        .filter(|c| c.value().is_element())
        .take(2)
        .find(|c| c.value().as_element().is_some_and(|e| super::walk::heading_level(e.name()).is_some()));
    let Some(heading) = heading else { return false };
    let text: String =
        heading.descendants().take(MAX_HEADING_NODES).filter_map(|d| d.value().as_text()).map(|t| t.to_lowercase()).collect();
    words(id).all(|word| text.contains(&word))
}

/// The words of a name, in lower case: "post-shareBar_2" is post, share, bar.
fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(humps)
}

/// Cut before a capital that follows a small letter.
fn humps(name: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = name;
    std::iter::from_fn(move || {
        let mut before = ' ';
        let end = rest.char_indices().find_map(|(at, c)| {
            let cut = before.is_lowercase() && c.is_uppercase();
            before = c;
            cut.then_some(at)
        });
        let (word, left) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = left;
        (!word.is_empty()).then(|| word.to_lowercase())
    })
}
