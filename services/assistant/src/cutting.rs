//! Excerpts of what was found, cut out of their pages as quotes, together with what the end of a passage parts from them: the beginning or the rest
//! of a sentence, the items of a list, the exception to a rule.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};

use catalog::{Page, Passage, Reader, RevisionId};
use search::Stretch;

use crate::{
    Result,
    event::Citation,
    evidence::{self, Excerpt, Source},
    lists, verify,
};

/// Passages looked at for the introduction of a list, step by step; after the last it is given up.
const LIST_PASSAGES: [i32; 3] = [4, 32, 256];

/// Sentences of what was found.
struct Part {
    stretch: Stretch,
    source: Source,
    sentences: Range<usize>,
}

impl Part {
    fn of_passage(passage: Passage, sentences: impl FnOnce(&Source) -> Range<usize>) -> Option<Self> {
        let source = Source::new(passage.text.clone(), passage.title.clone(), passage.headings.clone(), String::new());
        let sentences = sentences(&source);
        (!sentences.is_empty()).then(|| Self { stretch: passage.into(), source, sentences })
    }

    /// Bytes of the stretch's text; one that isn't empty.
    fn range(&self) -> Range<usize> {
        let sentences = &self.source.sentences;
        sentences[self.sentences.start].start..sentences[self.sentences.end - 1].end
    }
}

/// Makes citations of excerpts; drops what is not at its place on the page, which must not happen.
pub(crate) async fn cut(reader: &Reader, stretches: &[&Stretch], sources: &[Source], excerpts: &[Excerpt]) -> Result<Vec<Citation>> {
    let mut cutter = Cutter { reader, pages: HashMap::new(), citations: Vec::new() };
    for excerpt in excerpts {
        cutter.quote(stretches[excerpt.source], &sources[excerpt.source], &excerpt.sentences).await?;
    }
    Ok(without_introductions(cutter.citations))
}

struct Cutter<'a> {
    reader: &'a Reader,
    pages: HashMap<(RevisionId, i32), Option<Page>>,
    citations: Vec<Citation>,
}

impl Cutter<'_> {
    async fn quote(&mut self, stretch: &Stretch, source: &Source, sentences: &Range<usize>) -> Result<()> {
        // Not what another quote begins or ends with.
        let is_quoted = |at: &usize| self.is_quoted(stretch, &source.sentences[*at]);
        let start = sentences.start + sentences.clone().take_while(is_quoted).count();
        let end = sentences.end - sentences.clone().rev().take_while(is_quoted).count();
        if start >= end {
            return Ok(());
        }
        let mut parts: Vec<Part> = Vec::new();
        if start == 0 {
            parts.extend(beginning(self.reader, stretch).await?.filter(|part| self.is_new(part)));
        }
        parts.push(Part { stretch: stretch.clone(), source: source.clone(), sentences: start..end });
        if end == source.sentences.len() {
            // Of a single item the others are no part.
            let introduction = lists::introduction(&source.text, &source.sentences, end - 1).lines.pop();
            let is_item = lists::is_item(source.sentence(end - 1));
            let is_list = introduction.map_or(!is_item, |line| sentences.contains(&(line.end - 1)));
            // What limits this quote comes with it, though it may stand in another one.
            let belongs = |part: &Part| self.is_new(part) || evidence::limiting(&part.source, 0) > 0;
            parts.extend(rest(self.reader, stretch, is_list).await?.filter(belongs));
        }
        let mut follows = false;
        for part in &parts {
            let citation = self.citation(part).await?;
            follows = match citation {
                Some(citation) => {
                    self.citations.push(Citation { completes_previous: follows, ..citation });
                    true
                }
                None => false,
            };
        }
        Ok(())
    }

    async fn citation(&mut self, part: &Part) -> Result<Option<Citation>> {
        let first = part.stretch.first();
        let lead = lead(self.reader, first, &part.source, part.sentences.start).await?;
        let key = (first.revision_id, first.page);
        let page = match self.pages.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.reader.page(key.0, key.1).await?),
        };
        let n = u32::try_from(self.citations.len()).unwrap_or(u32::MAX).saturating_add(1);
        let citation = citation(n, &part.stretch, &part.range(), lead, page.as_ref());
        if citation.is_none() {
            tracing::error!(passage = %first.id, revision = %key.0, "a quote is not at its place on the page; it is left out");
        }
        Ok(citation)
    }

    /// Whether no sentence of a part is quoted.
    fn is_new(&self, part: &Part) -> bool {
        !part.sentences.clone().any(|at| self.is_quoted(&part.stretch, &part.source.sentences[at]))
    }

    /// Whether a range of bytes of a stretch's text stands in a quote.
    fn is_quoted(&self, stretch: &Stretch, range: &Range<usize>) -> bool {
        let first = stretch.first();
        let Some(place) = evidence::characters(&stretch.text, range, first.start) else { return false };
        let same_page = |known: &&Citation| (known.revision, known.page_number) == (first.revision_id, first.page);
        self.citations.iter().filter(same_page).any(|known| known.start <= place.start && place.end <= known.end)
    }
}

/// Without the lines that introduce what another quote has: they stand above it.
fn without_introductions(mut citations: Vec<Citation>) -> Vec<Citation> {
    let introduces = |citation: &Citation| {
        let mut others = citations.iter().filter(|other| other.revision == citation.revision);
        lists::ends_in_colon(&citation.quote) && others.any(|other| other.lead.as_ref().is_some_and(|lead| lead.contains(&citation.quote)))
    };
    let opens = |at: usize| citations.get(at + 1).is_some_and(|next| next.completes_previous);
    let kept: Vec<bool> = citations.iter().enumerate().map(|(at, citation)| opens(at) || !introduces(citation)).collect();
    let mut kept = kept.into_iter();
    citations.retain(|_| kept.next().unwrap_or(true));
    for (n, citation) in (1..).zip(&mut citations) {
        citation.n = n;
    }
    citations
}

/// The end of the passage before, where a sentence begins that this one's start ends.
async fn beginning(reader: &Reader, stretch: &Stretch) -> Result<Option<Part>> {
    let passage = stretch.first();
    if passage.ordinal == 0 {
        return Ok(None);
    }
    let around = reader.passages_around(passage, 1, 0).await?;
    let before = around.into_iter().find(|before| before.ordinal + 1 == passage.ordinal).filter(|before| runs_over(before, passage));
    Ok(before.and_then(|before| Part::of_passage(before, |source| source.sentences.len().saturating_sub(1)..source.sentences.len())))
}

/// The start of the next passage where it limits what this one says, goes on with its list, or is the rest of a sentence that the page's end
/// cut in two. `is_list`: the quote has the list that it ends with from its introduction on, or ends with none.
async fn rest(reader: &Reader, stretch: &Stretch, is_list: bool) -> Result<Option<Part>> {
    let passage = stretch.last();
    let Some(next) = reader.passages_after(&[passage]).await?.pop() else { return Ok(None) };
    let runs_over = runs_over(passage, &next);
    let is_near = next.headings == passage.headings && next.page <= passage.page + 1;
    Ok(Part::of_passage(next, |source| {
        let listed = if is_near && is_list { evidence::listed(last_line(&passage.text), source) } else { 0 };
        let sentences = listed.max(evidence::limiting(source, 0)).max(usize::from(runs_over));
        let start = source.sentences.first().map_or(0, |first| first.start);
        let fits = |(at, range): &(usize, &Range<usize>)| *at == 0 || range.end - start <= evidence::LONGEST;
        0..source.sentences.iter().take(sentences).enumerate().take_while(fits).count()
    }))
}

/// Whether a sentence runs from the end of a passage to the next one.
fn runs_over(passage: &Passage, next: &Passage) -> bool {
    let is_near = next.page == passage.page || (next.page == passage.page + 1 && passage.format.runs_over_pages());
    let last = text::sentences(&passage.text).pop().map_or("", |last| &passage.text[last]);
    is_near && next.headings == passage.headings && evidence::goes_on(last, &next.text)
}

/// Of an item of several sentences all.
fn last_line(text: &str) -> &str {
    text.trim_end().lines().next_back().unwrap_or_default()
}

/// The lines that introduce the list or table in whose middle sentence `at` stands; they may be in an earlier passage.
async fn lead(reader: &Reader, passage: &Passage, source: &Source, at: usize) -> Result<Option<String>> {
    let mut introduction = lists::introduction(&source.text, &source.sentences, at);
    let mut text = source.text.clone();
    let mut sentences = source.sentences.clone();
    for back in LIST_PASSAGES.into_iter().take_while(|_| passage.ordinal > 0) {
        if !introduction.above {
            break;
        }
        let around = reader.passages_around(passage, back, 0).await?;
        let before = around.iter().rev().filter(|p| p.ordinal < passage.ordinal).take_while(|p| p.headings == passage.headings);
        let mut before: Vec<&str> = before.map(|p| p.text.as_str()).collect();
        before.reverse();
        text = before.iter().flat_map(|text| [*text, "\n"]).collect();
        let start = text.len() + source.sentences[at].start;
        text.push_str(&source.text);
        sentences = text::sentences(&text);
        let at = sentences.iter().position(|s| s.end > start).unwrap_or_default();
        introduction = lists::introduction(&text, &sentences, at);
        if before.len() < usize::try_from(back).unwrap_or(usize::MAX) {
            break;
        }
    }
    let line = |line: Range<usize>| lists::without_mark(&text[sentences[line.start].start..sentences[line.end - 1].end]).to_owned();
    let is_heading = |line: &String| passage.headings.contains(line) && !verify::denies(line);
    let lines: Vec<String> = introduction.lines.into_iter().map(line).filter(|line| !is_heading(line)).collect();
    let heading = passage.headings.last().filter(|heading| lists::is_item(source.sentence(at)) && verify::denies(heading));
    Ok((!lines.is_empty()).then(|| lines.join(" [\u{2026}] ")).or_else(|| heading.cloned()))
}

pub(crate) fn citation(n: u32, stretch: &Stretch, range: &Range<usize>, lead: Option<String>, page: Option<&Page>) -> Option<Citation> {
    let characters = evidence::characters(&stretch.text, range, stretch.first().start)?;
    let quote = &stretch.text[range.clone()];
    let passage = stretch.passage_at(characters.start);
    let covered = stretch.passages().iter().filter(|passage| passage.start < characters.end && characters.start < passage.end);
    if !evidence::is_at_its_place(&page?.text, &characters, quote) {
        return None;
    }
    Some(Citation {
        n,
        document: passage.document_id,
        title: passage.title.clone(),
        path: passage.path.clone(),
        revision: passage.revision_id,
        page: passage.paged.then_some(passage.page),
        place: passage.page_name(),
        // What is read worst of it.
        confidence: covered.filter_map(|passage| passage.confidence).min(),
        page_number: passage.page,
        start: characters.start,
        end: characters.end,
        quote: quote.to_owned(),
        lead,
        completes_previous: false,
        headings: passage.headings.clone(),
        passage: passage.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests::citation;

    #[test]
    fn a_line_that_stands_above_another_quote_is_none_of_its_own() {
        let introduction = citation(1, "Rules", "You may claim:");
        let item = Citation { n: 2, quote: "- trains".to_owned(), lead: Some("You may claim:".to_owned()), ..introduction.clone() };
        let left = without_introductions(vec![introduction.clone(), item.clone()]);
        assert_eq!(left.iter().map(|c| (c.n, c.quote.as_str())).collect::<Vec<_>>(), [(1, "- trains")]);
        let elsewhere = Citation { revision: RevisionId::new(), ..item.clone() };
        assert_eq!(without_introductions(vec![introduction.clone(), elsewhere]).len(), 2, "another document's");
        let whole = Citation { completes_previous: true, ..item };
        assert_eq!(without_introductions(vec![introduction, whole]).len(), 2, "they are one list");
    }
}
