//! What the names that authors give to elements say of them.

use std::{collections::HashSet, sync::LazyLock};

use ego_tree::NodeRef;
use scraper::{Node, node::Element};

use super::walk::heading_level;

type Words = LazyLock<HashSet<&'static str>>;

/// Words in the class or id of what surrounds the content.
static AROUND: Words = LazyLock::new(|| {
    "ad ads adsense adslot advert advertisement advertising adverts breadcrumb breadcrumbs comment commentlist \
    comments consent cookie cookies disqus footer gdpr login masthead modal nav navbar navigation newsletter newsletters noprint \
    outbrain pager pagination paywall popular popup promo promos promoted promotion recirc recirculation recommendation \
    recommendations recommended related respond share sharebar sharedaddy sharing sidebar signup skip social socials sponsor \
    sponsored subscribe subscription taboola tagcloud taglist toolbar trending widget widgets"
        .split(' ')
        .collect()
});

/// The same on a page that calls itself an article. In a handbook, dates, authors and captions are worth keeping.
static AROUND_ARTICLE: Words = LazyLock::new(|| {
    "author authors bio bottom button byline caption category contributors copyright credit credits date \
    dateline eyebrow follow gallery kicker meta metadata more published pubdate pullquote readmore slideshow tag tags teaser teasers \
    timestamp topics video"
        .split(' ')
        .collect()
});

/// What only screen readers are told, and what a print leaves out.
const UNSEEN: &[&str] = &["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "d-print-none", "no-print", "hidden-print"];

/// A box within the content that is part of it.
const NOTE: &[&str] = &["admonition", "alert", "callout", "caution", "danger", "important", "info", "note", "notice", "tip", "warning"];

/// So many nodes of a heading are read.
const MAX_HEADING_NODES: usize = 50;
/// A longer id was made from a heading.
const MAX_ID_WORDS: usize = 4;

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
    let known = move |word: String| AROUND.get(word.as_str()).or_else(|| AROUND_ARTICLE.get(word.as_str()).filter(|_| article)).copied();
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

/// The heading may follow an anchor.
fn names_its_heading(node: NodeRef<'_, Node>, id: &str) -> bool {
    let heading = node
        .children()
        .filter(|c| c.value().is_element())
        .take(2)
        .find(|c| c.value().as_element().is_some_and(|e| heading_level(e.name()).is_some()));
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

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn found(source: &str, article: bool) -> Vec<&'static str> {
        let page = Html::parse_fragment(source);
        let last = page.tree.root().descendants().filter(|n| n.value().is_element()).nth(1).unwrap();
        around(last, article).collect()
    }

    #[test]
    fn names_are_read_word_by_word() {
        assert_eq!(words("post-shareBar_2").collect::<Vec<_>>(), ["post", "share", "bar", "2"]);
        assert_eq!(words("--").count(), 0);
        assert_eq!(found("<div class='x td-related-posts' id=siteComments>", false), ["related", "comments"]);
        assert_eq!(found("<div class='header downloads breadth'>", true), [""; 0]);
    }

    #[test]
    fn states_headings_and_code_are_no_hints() {
        for source in [
            "<div class='no-sidebar has-comments'>",
            "<section id=social-media><h2>Social media</h2>",
            "<section id=sharing><a name=x></a><h2>Sharing</h2>",
            "<div id=how-we-keep-in-touch-by-newsletter>",
            "<code class=comment>",
            "<div class=byline>",
        ] {
            assert_eq!(found(source, false), [""; 0], "{source}");
        }
        assert_eq!(found("<div class=byline>", true), ["byline"]);
        assert_eq!(found("<article class='tag-x category-y'>", true), [""; 0]);
    }
}
