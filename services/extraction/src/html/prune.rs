//! What of a page's main part is not its content.

use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::Node;

use super::{
    hints,
    walk::heading_level,
    weigh::{Weight, Weights},
};

/// In percent. What holds more of the text than this is not what its name says: a page's `has-sidebar` is no sidebar.
const MAX_AROUND: usize = 40;
/// In percent. Larger forms hold the whole page, as those of ASP.NET do.
const MAX_FORM: usize = 10;
/// In percent. Where one element holds this much of the prose, what stands beside it has to be text as well.
const DOMINANT: usize = 75;
/// In percent. A list is one of links from this share on.
const LINK_LIST: usize = 70;

/// The elements that are left out of the content below a node.
pub(super) fn around(root: NodeRef<'_, Node>, article: bool) -> HashSet<NodeId> {
    let mut dropped = HashSet::new();
    drop_named(root, article, &mut dropped);
    let weights = Weights::below(root, &dropped);
    let content = drop_beside(root, article, &weights, &mut dropped);
    if article {
        drop_link_lists(content, &weights, &mut dropped);
    }
    dropped
}

/// Goes through the elements below a node, not into those that are dropped.
fn each_below<'t>(root: NodeRef<'t, Node>, dropped: &mut HashSet<NodeId>, mut is_dropped: impl FnMut(NodeRef<'t, Node>) -> bool) {
    let mut skipped = None;
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) if skipped.is_none() && node.value().is_element() && node.id() != root.id() => {
                if dropped.contains(&node.id()) {
                    skipped = Some(node.id());
                } else if is_dropped(node) {
                    dropped.insert(node.id());
                    skipped = Some(node.id());
                }
            }
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            Edge::Open(_) | Edge::Close(_) => {}
        }
    }
}

/// What its name or its kind says is around the content.
fn drop_named(root: NodeRef<'_, Node>, article: bool, dropped: &mut HashSet<NodeId>) {
    let weights = Weights::below(root, dropped);
    let all = weights.of(root);
    let is_small =
        |weight: Weight, percent: usize| weight.prose * 100 <= all.prose * percent && weight.letters * 100 <= all.letters * percent;
    let void = void_words(root, article, &weights);
    each_below(root, dropped, |node| {
        let Some(element) = node.value().as_element() else { return false };
        let weight = weights.of(node);
        match element.name() {
            _ if !is_small(weight, MAX_AROUND) => false,
            _ if hints::is_unseen(element) => true,
            "figcaption" if article => true,
            // A page's header is decoration unless it holds the heading of the text.
            "header" if !weight.headed => true,
            "form" if is_small(weight, MAX_FORM) => true,
            _ => !weight.quotes && hints::around(node, article).any(|word| !void.contains(word)),
        }
    });
}

/// Words in the names of so much of the text that they can't mean what they say: there are sites on which every
/// paragraph is a `widget`.
fn void_words(root: NodeRef<'_, Node>, article: bool, weights: &Weights) -> HashSet<&'static str> {
    let mut prose: HashMap<&str, usize> = HashMap::new();
    each_below(root, &mut HashSet::new(), |node| {
        let mut named = false;
        for word in hints::around(node, article) {
            *prose.entry(word).or_default() += weights.of(node).prose;
            named = true;
        }
        named
    });
    let most = weights.of(root).prose * MAX_AROUND;
    prose.into_iter().filter(|(_, prose)| prose * 100 > most).map(|(word, _)| word).collect()
}

fn is_container(name: &str) -> bool {
    matches!(
        name,
        "html" | "body" | "div" | "section" | "article" | "main" | "form" | "table" | "tbody" | "tr" | "td" | "center" | "span" | "font"
    ) || name.contains('-')
}

/// Follows the elements that hold most of the prose down to where it is spread, and drops what stands beside them
/// without being text.
fn drop_beside<'t>(root: NodeRef<'t, Node>, article: bool, weights: &Weights, dropped: &mut HashSet<NodeId>) -> NodeRef<'t, Node> {
    let mut at = root;
    loop {
        let best = at.children().filter(|c| !dropped.contains(&c.id())).max_by_key(|c| weights.of(*c).prose);
        let Some(best) = best.filter(|b| b.value().as_element().is_some_and(|e| is_container(e.name()))) else { return at };
        let prose = weights.of(best).prose;
        if prose == 0 || prose * 100 < weights.of(at).prose * DOMINANT {
            return at;
        }
        if !article && at.children().any(|c| c.id() != best.id() && is_flow(c, weights)) {
            return at;
        }
        for sibling in at.children().filter(|c| c.id() != best.id() && c.value().is_element()) {
            let weight = weights.of(sibling);
            // Rules and definitions are full of links: of a handbook only what is nothing else goes.
            let kept = if article {
                weight.prose * 2 >= weight.letters && !weight.links_over(20)
            } else {
                weight.prose * 4 > weight.letters || !weight.links_over(50)
            };
            if !kept && !is_alike(best, sibling) {
                dropped.insert(sibling.id());
            }
        }
        at = best;
    }
}

/// Lists of links between the paragraphs of an article lead to others, unless they are most of it.
fn drop_link_lists(content: NodeRef<'_, Node>, weights: &Weights, dropped: &mut HashSet<NodeId>) {
    let mut lists = dropped.clone();
    let mut letters = 0;
    each_below(content, &mut lists, |node| {
        let weight = weights.of(node);
        let leads_away = match node.value().as_element().map_or("", |e| e.name()) {
            "div" | "ul" | "ol" | "section" | "table" => weight.links_over(LINK_LIST),
            "p" => weight.links_over(90),
            name => heading_level(name).is_some() && leads_to_links(node, weights),
        };
        letters += if leads_away { weight.letters } else { 0 };
        leads_away
    });
    // More than two thirds: a page that collects links.
    if letters * 3 <= weights.of(content).letters * 2 {
        *dropped = lists;
    }
}

/// The chapters of a book may be of very different lengths.
fn is_alike(one: NodeRef<'_, Node>, other: NodeRef<'_, Node>) -> bool {
    match (one.value().as_element(), other.value().as_element()) {
        (Some(one), Some(other)) => one.name() == other.name() && one.attr("class").is_some() && one.attr("class") == other.attr("class"),
        _ => false,
    }
}

/// "More from this author", "Related": a heading or a line above a list of links.
fn leads_to_links(node: NodeRef<'_, Node>, weights: &Weights) -> bool {
    node.next_siblings().find(|n| n.value().is_element()).is_none_or(|next| weights.of(next).links_over(LINK_LIST))
}

/// Where sections follow headings and paragraphs, all of it is the content.
fn is_flow(node: NodeRef<'_, Node>, weights: &Weights) -> bool {
    let is_text = node.value().as_element().is_some_and(|e| e.name() == "p" || heading_level(e.name()).is_some());
    is_text && weights.of(node).letters > 0 && !weights.of(node).links_over(50)
}

#[cfg(test)]
mod tests {
    use crate::html::{extract, tests::texts};

    const LONG: &str = "Everybody who works for us gets twenty-five days of leave a year, and three more days after ten years with us.";
    const PUBLISHED: &str = "<meta property='article:published_time' content='2024-05-01'>";

    #[test]
    fn what_names_itself_is_dropped() {
        let source = format!(
            "<div class=cookie-notice>We use cookies.</div><p>{LONG}<div id=siteBreadcrumb>Home › HR</div><h2>Leave</h2><p>{LONG}\
             <div class='share-buttons'>Tell others</div><form><input> Search</form><p class=sr-only>Skip<ul><li>one<li>two</ul>"
        );
        assert_eq!(texts(&source), [LONG, "Leave", LONG, "• one", "• two"]);
    }

    #[test]
    fn a_name_that_most_of_the_text_has_says_nothing() {
        let paragraph = format!("<div class='site-widget text'><p>{LONG}</div>");
        assert_eq!(texts(&paragraph.repeat(4)), [LONG; 4]);
        assert_eq!(texts(&format!("<div class=sidebar><p>{LONG}</div>")), [LONG]);
    }

    #[test]
    fn links_beside_the_text_are_dropped_and_those_in_it_stay() {
        let links = "<ul><li><a href=/a>Annual leave</a><li><a href=/b>Sick leave</a></ul>";
        let source = format!(
            "<div>{links}</div><div><h2>Leave</h2><p>{LONG}<p>See also:{links}<p>{LONG}</div><div><a href=/c>Legal notice</a></div>"
        );
        assert_eq!(texts(&source), ["Leave", LONG, "See also:", "• Annual leave", "• Sick leave", LONG]);
    }

    #[test]
    fn chapters_of_different_length_stay() {
        let links = "<a href=/x>Definition of a working day</a>".repeat(9);
        let source = format!("<div class=chapter>{}</div><div class=chapter><h2>Terms</h2>{links}</div>", format!("<p>{LONG}").repeat(9));
        assert_eq!(texts(&source).len(), 11);
        let source = format!("<h1>Leave</h1><p>For all.<section>{}</section><div>{links}</div>", format!("<p>{LONG}").repeat(9));
        assert_eq!(texts(&source).len(), 12);
    }

    #[test]
    fn an_article_is_cut_closely() {
        let page = format!(
            "<div><h1>Ten days more</h1><p class=byline>By A. Writer<div><p>{LONG}<p>{LONG}<figure><img><figcaption>A beach</figcaption></figure>\
             <blockquote class=social>No.</blockquote><h3>More</h3><ul><li><a href=/x>Another article</a></ul><p>{LONG}</div></div>"
        );
        let read = extract(&format!("<title>Ten days more | News</title>{PUBLISHED}{page}")).unwrap();
        assert_eq!(read.title.as_deref(), Some("Ten days more"));
        assert_eq!(read.pages[0].text, [LONG, LONG, "No.", LONG].join("\n\n"));
        assert_eq!(texts(&page).len(), 9);
        let links = "<ul><li><a href=/x>Notice of the State of Washington</a></ul>".repeat(9);
        assert_eq!(texts(&format!("{PUBLISHED}<p>{LONG}{links}")).len(), 10);
    }
}
