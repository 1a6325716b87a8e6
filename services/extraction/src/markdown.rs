//! Markdown, with the front matter and template tags of static site generators.

use catalog::Format;
use chrono::NaiveDate;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{
    BlockKind, ExtractError, Extracted, dated, html,
    page::PageBuilder,
    table::{Cell, Table},
    unpaged,
};

pub(crate) fn extract(text: &str, mdx: bool) -> Result<Extracted, ExtractError> {
    let source = without_template_tags(text, mdx);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    let mut reader = Reader::default();
    for event in Parser::new_ext(&source, options) {
        reader.event(event)?;
        if reader.page.len() + reader.inline.len() > super::page::MAX_TEXT_BYTES {
            return Err(ExtractError::TooLarge { limit_mib: super::page::MAX_TEXT_BYTES >> 20 });
        }
    }
    reader.flush();
    // An index page may be nothing but its front matter, which its site shows as heading and introduction.
    if reader.page.len() == 0 {
        reader.page.push(BlockKind::Heading(1), reader.title.as_deref().unwrap_or_default());
        reader.page.push(BlockKind::Paragraph, reader.description.as_deref().unwrap_or_default());
    }
    let title = reader.title.take().or_else(|| reader.page.first_heading().map(str::to_owned));
    Ok(Extracted { dated: reader.dated, ..unpaged(Format::Markdown, title, reader.page)? })
}

/// Under which names the generators' front matter has a date, the last change first.
const DATES: [&str; 5] = ["lastmod", "last_modified_at", "last_update", "updated", "date"];

#[derive(Default)]
struct Reader {
    page: PageBuilder,
    inline: String,
    kind: Option<BlockKind>,
    /// Open lists; the number of the next item where it is numbered.
    lists: Vec<Option<u64>>,
    /// What stands before the next list item's text.
    marker: String,
    table: Option<(Table, Vec<Cell>)>,
    /// Inside front matter, an image's description or a code block.
    metadata: bool,
    image_depth: usize,
    /// Struck text is no longer said.
    struck_depth: usize,
    html: Option<String>,
    title: Option<String>,
    description: Option<String>,
    dated: Option<NaiveDate>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) -> Result<(), ExtractError> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag)?,
            Event::Html(html) => self.html.get_or_insert_default().push_str(&html),
            Event::Text(text) if self.metadata => {
                self.title = self.title.take().or_else(|| front_matter(&text, "title"));
                self.dated = self.dated.or_else(|| DATES.iter().find_map(|name| dated::written(&front_matter(&text, name)?)));
                self.description = self.description.take().or_else(|| front_matter(&text, "description"));
            }
            _ if self.metadata || self.image_depth > 0 => {}
            Event::InlineHtml(tag) if is_strike(&tag, "<") => self.struck_depth += 1,
            Event::InlineHtml(tag) if is_strike(&tag, "</") => self.struck_depth = self.struck_depth.saturating_sub(1),
            Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) if self.struck_depth > 0 => {}
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.inline.push_str(&text),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => self.inline.push('\n'),
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::Rule => {}
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.inline.push('\n'),
            Event::TaskListMarker(done) => self.inline.push_str(if done { "☑ " } else { "☐ " }),
        }
        Ok(())
    }

    /// A line break in the source is a space, but between Chinese or Japanese characters nothing.
    fn soft_break(&mut self) {
        if !self.inline.chars().next_back().is_some_and(is_wide) {
            self.inline.push(' ');
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {}
            Tag::Heading { level, .. } => {
                self.flush();
                self.kind = Some(BlockKind::Heading(level as u8));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                // Front matter in the middle of nowhere and diagrams are code as well: nobody quotes them, but they are text.
                let _: CodeBlockKind<'_> = kind;
                self.kind = Some(BlockKind::Code);
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.page.apart();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                self.marker = self.next_marker();
                self.kind = Some(BlockKind::ListItem);
            }
            Tag::Table(_) => {
                self.flush();
                let mut table = Table::default();
                table.set_headed(true);
                self.table = Some((table, Vec::new()));
            }
            Tag::TableCell => self.inline.clear(),
            Tag::MetadataBlock(_) => self.metadata = true,
            Tag::Image { .. } => self.image_depth += 1,
            Tag::Strikethrough => self.struck_depth += 1,
            Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionListTitle => self.flush(),
            _ => {}
        }
    }

    fn next_marker(&mut self) -> String {
        let nested = self.lists.len() > 1;
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ if nested => "◦ ".into(),
            _ => "• ".into(),
        }
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), ExtractError> {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::BlockQuote(_)
            | TagEnd::FootnoteDefinition => self.flush(),
            TagEnd::HtmlBlock => {
                if let Some(source) = self.html.take() {
                    html::fragment(&source, &mut self.page)?;
                }
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.page.apart();
                }
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.inline);
                if let Some((_, cells)) = &mut self.table {
                    cells.push(Cell { text, columns: 1, rows: 1 });
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some((table, cells)) = &mut self.table {
                    table.push_row(std::mem::take(cells));
                }
            }
            TagEnd::Table => {
                if let Some((table, _)) = self.table.take() {
                    self.page.push_table(&table);
                }
            }
            // "Term: definition" reads by itself.
            TagEnd::DefinitionListTitle => self.inline.push_str(": "),
            TagEnd::DefinitionListDefinition => {
                self.kind = Some(BlockKind::ListItem);
                self.flush();
            }
            TagEnd::Strikethrough => self.struck_depth = self.struck_depth.saturating_sub(1),
            TagEnd::MetadataBlock(_) => self.metadata = false,
            TagEnd::Image => self.image_depth = self.image_depth.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    fn flush(&mut self) {
        // An HTML tag that nobody closed strikes no more than its paragraph.
        self.struck_depth = 0;
        let kind = self.kind.take().unwrap_or(BlockKind::Paragraph);
        let text = std::mem::take(&mut self.inline);
        if text.trim().is_empty() {
            // An item that begins with a list or code of its own gives its mark to nothing.
            return;
        }
        if kind == BlockKind::ListItem {
            let marker = std::mem::take(&mut self.marker);
            self.page.push(kind, &format!("{marker}{}", text.trim_start()));
        } else {
            self.page.push(kind, &text);
        }
    }
}

fn is_strike(tag: &str, opening: &str) -> bool {
    let name = tag.strip_prefix(opening).map(|rest| rest.trim_end_matches('>').split_whitespace().next().unwrap_or_default());
    name.is_some_and(|name| ["s", "del", "strike"].iter().any(|s| name.eq_ignore_ascii_case(s)))
}

pub(crate) fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// A line's value: `title: …` of YAML, `title = "…"` of TOML.
fn front_matter(text: &str, wanted: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once([':', '='])?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (key.trim().eq_ignore_ascii_case(wanted) && !value.is_empty() && !value.starts_with(['|', '>', '{'])).then(|| value.to_owned())
    })
}

/// Takes out `{% … %}` and `{{< … >}}` outside of code, and the imports of MDX: a reader never sees them.
fn without_template_tags(text: &str, mdx: bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|m| trimmed.starts_with(m));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        if fence.is_some() || mark.is_some() {
            kept.push_str(line);
        } else if !(mdx && (line.starts_with("import ") || line.starts_with("export "))) {
            push_without_tags(line, &mut kept);
        }
    }
    kept
}

fn push_without_tags(line: &str, kept: &mut String) {
    let mut rest = line;
    let before = kept.len();
    while let Some(at) = rest.find("{%").into_iter().chain(rest.find("{{<")).min() {
        let close = if rest[at..].starts_with("{%") { "%}" } else { ">}}" };
        let Some(length) = rest[at..].find(close) else { break };
        // "{{% … %}}" has a brace more on both sides.
        let start = if rest[..at].ends_with('{') { at - 1 } else { at };
        kept.push_str(&rest[..start]);
        rest = &rest[at + length + close.len()..];
        if start < at {
            rest = rest.strip_prefix('}').unwrap_or(rest);
        }
    }
    kept.push_str(rest);
    // A line that was nothing but tags must not become the empty line that ends a paragraph or list item.
    if rest.len() < line.len() && kept[before..].trim().is_empty() && !line.trim().is_empty() {
        kept.truncate(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(BlockKind, String)> {
        let page = extract(text, false).unwrap().pages.remove(0);
        page.blocks.iter().map(|b| (b.kind, page.text[b.range.clone()].to_owned())).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|b| b.1).collect()
    }

    #[test]
    fn structure_is_kept_and_marks_go() {
        let text = "---\ntitle: \"Leave\"\n---\n# Annual *leave* {#al}\n\nYou get **25** [days](x.md)\na year.  \nAll do.[^1]\n\n* one\n  * two `x`\n\n    more\n* [ ] three\n\n3. c\n4. d\n\n[^1]: A note.\n";
        use BlockKind::{Heading, ListItem, Paragraph};
        assert_eq!(
            blocks(text),
            [
                (Heading(1), "Annual leave".into()),
                (Paragraph, "You get 25 days a year.\nAll do.".into()),
                (ListItem, "• one".into()),
                (ListItem, "◦ two x".into()),
                (Paragraph, "more".into()),
                (ListItem, "• ☐ three".into()),
                (ListItem, "3. c".into()),
                (ListItem, "4. d".into()),
                (Paragraph, "A note.".into()),
            ]
        );
        assert_eq!(extract(text, false).unwrap().title.as_deref(), Some("Leave"));
        assert_eq!(extract("# A title\n\ntext", false).unwrap().title.as_deref(), Some("A title"));
    }

    #[test]
    fn a_page_of_front_matter_is_its_title_and_description() {
        assert_eq!(texts("---\ntitle: Pay and benefits\ndescription: What you get.\n---\n"), ["Pay and benefits", "What you get."]);
    }

    #[test]
    fn tables_and_html() {
        let text = "| Leave | Days |\n|---|---|\n| Annual<br>leave | 25 |\n\n<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>\n\nx <b>y</b> <!-- no -->z\n";
        assert_eq!(texts(text), ["Leave | Days", "Annual leave | Days: 25", "A | B", "1 | B: 2", "x y z"]);
    }

    #[test]
    fn template_tags_go_but_not_from_code() {
        let text = "{% include \"x.html\" %}\n\n[Guide]({% page \"/a/\" %}) and {{< ref >}}end {{% note %}}here{{% /note %}} {{ name }}\n\n```\n{% raw %}\n```\n";
        assert_eq!(texts(text), ["Guide and end here {{ name }}", "{% raw %}"]);
    }

    #[test]
    fn struck_text_is_not_said() {
        assert_eq!(texts("~~20~~ 25 days, <del>not</del> paid <s>twice.\n\nNext."), ["25 days, paid", "Next."]);
    }

    #[test]
    fn definitions_and_code() {
        assert_eq!(texts("Date\n:   1972-01-15\n\n```sh\nls -l\n\n  x\n```\n"), ["Date: 1972-01-15", "ls -l\n\n  x"]);
    }

    #[test]
    fn wrapped_japanese_gets_no_spaces() {
        assert_eq!(texts("休暇は\n二十五日です。"), ["休暇は二十五日です。"]);
    }
}
