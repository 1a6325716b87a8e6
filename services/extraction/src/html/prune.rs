//! What of a page's main part is not its content.

use std::collections::HashSet;

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::Node;

use super::{hints, walk::heading_level, weigh::Weights};

/// In percent. What holds more of the text than this is not what its name says: a page's `has-sidebar` is no sidebar.
const MAX_AROUND: usize = 40;
/// In percent. Where one element holds this much of the prose, what stands beside it has to be like it.
const DOMINANT: usize = 75;

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

fn drop_named(root: NodeRef<'_, Node>, article: bool, dropped: &mut HashSet<NodeId>) {
    let weights = Weights::below(root, dropped);
    let all = weights.of(root);
    each_below(root, dropped, |node| {
        let Some(element) = node.value().as_element() else { return false };
        if hints::is_unseen(element) {
            return true;
        }
        if !is_nameable(element.name()) {
            return false;
        }
        let weight = weights.of(node);
        let small = weight.prose * 100 <= all.prose * MAX_AROUND && weight.letters * 100 <= all.letters * MAX_AROUND;
        small && !weight.quotes && hints::is_around(node, article)
            || article && element.name() == "figcaption"
            || element.name() == "form" && weight.prose * 100 <= all.prose * 10 && weight.letters * 100 <= all.letters * 10
    });
}

/// Names of inline elements colour code, and those of cells say what is in a column.
fn is_nameable(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "aside"
            | "header"
            | "ul"
            | "ol"
            | "dl"
            | "li"
            | "p"
            | "form"
            | "figure"
            | "figcaption"
            | "span"
            | "table"
            | "a"
    ) || name.contains('-')
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

/// Lists of links between the paragraphs of an article lead to others.
fn drop_link_lists(content: NodeRef<'_, Node>, weights: &Weights, dropped: &mut HashSet<NodeId>) {
    each_below(content, dropped, |node| {
        let weight = weights.of(node);
        match node.value().as_element().map_or("", |e| e.name()) {
            "div" | "ul" | "ol" | "section" | "table" => weight.links_over(70),
            "p" => weight.links_over(90),
            name => heading_level(name).is_some() && leads_to_links(node, weights),
        }
    });
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
    node.next_siblings().find(|n| n.value().is_element()).is_none_or(|next| weights.of(next).links_over(70))
}

/// Where sections follow headings and paragraphs, all of it is the content.
fn is_flow(node: NodeRef<'_, Node>, weights: &Weights) -> bool {
    let is_text = node.value().as_element().is_some_and(|e| e.name() == "p" || heading_level(e.name()).is_some());
    is_text && weights.of(node).letters > 0 && !weights.of(node).links_over(50)
}
