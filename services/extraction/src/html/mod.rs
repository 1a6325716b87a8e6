//! HTML: the main content, without navigation, scripts and forms.

mod dated;
mod hints;
mod prune;
mod select;
mod table;
mod walk;
mod weigh;

use catalog::Format;
use scraper::Html;

use super::{BlockKind, ExtractError, Extracted, page::PageBuilder, unpaged};

/// Deeper nesting costs the parser time that grows with its square.
const MAX_DEPTH: usize = 2000;

pub(crate) fn extract(source: &str) -> Result<Extracted, ExtractError> {
    check_depth(source)?;
    let document = Html::parse_document(source);
    let mut page = PageBuilder::default();
    let content = select::main_content(&document);
    let mut title = select::title(&document);
    if let Some(heading) = select::heading_above(&document, &content) {
        if content.is_article {
            title = Some(heading);
        } else {
            page.push(BlockKind::Heading(1), &heading);
        }
    }
    walk::walk_without(content.root, &content.dropped, &mut page);
    if page.len() == 0 {
        walk::walk_all(document.tree.root(), &mut page);
    }
    let title = title.or_else(|| page.first_heading().map(str::to_owned));
    Ok(Extracted { dated: dated::dated(&document), ..unpaged(Format::Html, title, page)? })
}

/// A piece of HTML within another format: all of it is content.
pub(crate) fn fragment(source: &str, page: &mut PageBuilder) -> Result<(), ExtractError> {
    check_depth(source)?;
    walk::walk(Html::parse_fragment(source).tree.root(), page);
    Ok(())
}

/// A whole page of HTML within another format, without choosing a main part: a mail's body has none.
pub(crate) fn body(source: &str, page: &mut PageBuilder) -> Result<(), ExtractError> {
    check_depth(source)?;
    walk::walk(Html::parse_document(source).tree.root(), page);
    Ok(())
}

/// Counts open elements without parsing. Elements that HTML closes by itself don't count.
fn check_depth(source: &str) -> Result<(), ExtractError> {
    const UNCOUNTED: &[&str] = &[
        "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup", "rt", "rp", "area", "base", "br", "col",
        "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    ];
    let mut depth = 0usize;
    for tag in source.split('<').skip(1) {
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, tag),
        };
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).take(12).map(|c| c.to_ascii_lowercase()).collect();
        let closed = tag.split('>').next().is_some_and(|t| t.ends_with('/'));
        if name.is_empty() || UNCOUNTED.contains(&name.as_str()) {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + usize::from(!closed) };
        if depth > MAX_DEPTH {
            return Err(ExtractError::TooDeep { limit: MAX_DEPTH });
        }
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn blocks(source: &str) -> Vec<(BlockKind, String)> {
        let page = extract(source).unwrap().pages.remove(0);
        page.blocks.iter().map(|b| (b.kind, page.text[b.range.clone()].to_owned())).collect()
    }

    pub(super) fn texts(source: &str) -> Vec<String> {
        blocks(source).into_iter().map(|b| b.1).collect()
    }

    #[test]
    fn main_content_without_its_surroundings() {
        let source = "<title>Leave &amp; absence</title><nav>Home</nav><header>Logo</header><main><h1>Leave</h1>\
            <p>You  get <b>25</b>\n days.<br>All do.<script>x()</script></p><aside>Ad</aside></main><footer>©</footer>";
        use BlockKind::{Heading, Paragraph};
        assert_eq!(blocks(source), [(Heading(1), "Leave".into()), (Paragraph, "You get 25 days.\nAll do.".into())]);
        assert_eq!(extract(source).unwrap().title.as_deref(), Some("Leave & absence"));
    }

    #[test]
    fn lists_tables_definitions_and_code() {
        let source = "<body><ul><li>one<ul><li>two</ul><li><p>three</p><p>more</p></ul><ol start=3><li>c<li>d</ol>\
            <dl><dt>Term<dd>Meaning</dl><pre>a\n  b</pre>loose <s>struck</s>text\
            <table><thead><tr><th>Leave<th>Days</thead><tr><td>Annual<td>25</table></body>";
        assert_eq!(
            texts(source),
            [
                "• one",
                "◦ two",
                "• three",
                "more",
                "3. c",
                "4. d",
                "Term: Meaning",
                "a\n  b",
                "loose text",
                "Leave | Days",
                "Annual | Days: 25"
            ]
        );
    }

    #[test]
    fn terms_share_a_definition_or_have_none() {
        assert_eq!(texts("<dl><dt><b>A</b> x<dt>B:<dd>both<dt>C</dl>end<dl><dt>D</dl>"), ["A x, B: both", "C", "end", "D"]);
    }

    #[test]
    fn the_heading_above_the_main_part_is_kept() {
        let source = "<title>Leave | Handbook</title><div><h1>Handbook</h1><h1>Leave</h1></div><main><p>You get 25 days.</main>";
        assert_eq!(texts(source), ["Leave", "You get 25 days."]);
    }

    #[test]
    fn tables_for_layout_are_no_tables() {
        let source = "<table><tr><td><h2>Leave</h2><p>Text.</p></td><td><ul><li>x</ul></td></tr></table>";
        assert_eq!(texts(source), ["Leave", "Text.", "• x"]);
    }

    #[test]
    fn a_page_of_nothing_but_navigation_is_read_all_the_same() {
        assert_eq!(texts("<nav><p>Home</p></nav>"), ["Home"]);
    }

    #[test]
    fn what_a_search_in_the_page_finds_is_not_hidden() {
        assert_eq!(texts("<p hidden>a<p hidden=until-found>b<p style='display: none'>c"), ["b"]);
    }

    #[test]
    fn hostile_nesting_is_refused_quickly() {
        let error = extract(&"<div>".repeat(500_000)).unwrap_err();
        assert_eq!(error, ExtractError::TooDeep { limit: MAX_DEPTH });
        assert!(!texts(&format!("{}deep", "<div>".repeat(1900))).is_empty());
        assert!(!texts(&"<p>x".repeat(50_000)).is_empty());
    }
}
