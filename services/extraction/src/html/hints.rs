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

/// Whether its names say that an element surrounds the content.
pub(super) fn is_around(node: NodeRef<'_, Node>, article: bool) -> bool {
    let Some(element) = node.value().as_element() else { return false };
    let known = |word: String| AROUND.contains(&word.as_str()) || (article && AROUND_ARTICLE.contains(&word.as_str()));
    if element.classes().any(|class| !is_state(class) && words(class).any(known)) {
        return true;
    }
    // Many generators make the id of a section from its heading: "social-media", "comments-on-this-draft".
    element.id().is_some_and(|id| words(id).count() <= MAX_ID_WORDS && words(id).any(known) && !names_its_heading(node, id))
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
    let text: String = heading.descendants().filter_map(|d| d.value().as_text()).map(|t| t.to_lowercase()).collect();
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
