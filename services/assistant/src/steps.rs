//! The steps of an answer that need the parts: catalog and models. What they decide is decided in plain functions elsewhere.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    ops::Range,
};

use catalog::{Page, Passage, Reader, RevisionId};
use search::{Retrieved, Segment, Stretch};

use crate::{
    Assistant, Result, abstain, conflict,
    event::Citation,
    evidence::{self, Excerpt, Source},
    lists,
    question::Question,
    verify::{self, cosine},
};

/// The quotes for a question, and whether they answer it.
pub(crate) struct Evidence {
    /// Best first, numbered from 1. Where they don't answer: what comes nearest.
    pub citations: Vec<Citation>,
    pub strength: f32,
    pub answers: bool,
}

/// Passages shown where nothing answers.
const NEAREST: usize = 3;
/// Passages looked at for the introduction of a list, step by step; after the last it is given up.
const LIST_PASSAGES: [i32; 3] = [4, 32, 256];

impl Assistant {
    /// Picks the sentences that answer the question, with the neighbours that belong to them, cut out of their pages.
    pub(crate) async fn evidence(&self, reader: &Reader, question: &Question, found: &Retrieved) -> Result<Evidence> {
        // A quote is of one page.
        let segments = search::segments(reader, &found.hits).await?;
        let stretches: Vec<&Stretch> = segments.iter().flat_map(Segment::stretches).collect();
        let source = |stretch: &&Stretch| {
            let first = stretch.first();
            let place = if first.paged { first.page.to_string() } else { first.headings.join("\n") };
            Source::new(stretch.text.clone(), first.title.clone(), first.headings.clone(), format!("{} {place}", first.revision_id))
        };
        let sources: Vec<Source> = stretches.iter().map(source).collect();
        let candidates = evidence::candidates(&sources, &question.stems, self.settings().candidates);
        let texts = candidates.iter().map(|c| evidence::text_to_embed(&sources[c.source], c.sentence)).collect();
        let asked = self.embedder().embed_query_in_detail(&question.text).await?;
        let sentences = self.embedder().embed_sentences_in_detail(texts).await?;
        let similarities: Vec<f32> = sentences.iter().map(|sentence| cosine(&sentence.vector, &asked.vector)).collect();
        let scored = evidence::score(&sources, &candidates, &similarities, &question.stems);
        // A cross-encoder's scores are of another kind, and so is the sum where the model has no words for the question.
        let summed = found.timings.rerank.is_none() && self.embedder().has_words_for(&question.text);
        let lead = summed.then(|| abstain::lead(&scores_of_different(&segments)));
        let strength = abstain::strength(abstain::nearness(question, &asked, &candidates, &sentences), lead);
        let answers = !scored.is_empty() && strength >= self.settings().least_strength;
        let most = if answers { self.settings().evidence } else { NEAREST };
        let mut excerpts = evidence::choose(&sources, &scored, most);
        if answers {
            for candidate in conflict::disputing(&question.text, &excerpts, &sources) {
                evidence::add(&sources, &mut excerpts, candidate);
            }
        }
        let citations = self.cut(reader, &stretches, &sources, &excerpts).await?;
        Ok(Evidence { answers: answers && !citations.is_empty(), citations, strength })
    }

    /// Makes citations of excerpts; drops what is not at its place on the page, which must not happen.
    async fn cut(&self, reader: &Reader, stretches: &[&Stretch], sources: &[Source], excerpts: &[Excerpt]) -> Result<Vec<Citation>> {
        let mut pages: HashMap<(RevisionId, i32), Option<Page>> = HashMap::new();
        let mut citations: Vec<Citation> = Vec::new();
        for excerpt in excerpts {
            let stretch = stretches[excerpt.source];
            let lead = lead(reader, stretch.first(), &sources[excerpt.source], excerpt.sentences.start).await?;
            let mut quotes = vec![(stretch.clone(), excerpt.range(sources))];
            if excerpt.sentences.end == sources[excerpt.source].sentences.len() {
                quotes.extend(completion(reader, stretch).await?);
            }
            for (i, (stretch, range)) in quotes.into_iter().enumerate() {
                let lead = lead.clone().filter(|_| i == 0);
                let key = (stretch.first().revision_id, stretch.first().page);
                let page = match pages.entry(key) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(reader.page(key.0, key.1).await?),
                };
                let n = u32::try_from(citations.len()).unwrap_or(u32::MAX).saturating_add(1);
                match citation(n, &stretch, &range, lead, page.as_ref()) {
                    Some(citation) if citations.iter().any(|c| same_place(c, &citation)) => {}
                    Some(citation) => citations.push(Citation { completes_previous: i > 0, ..citation }),
                    None => {
                        tracing::error!(passage = %stretch.first().id, revision = %key.0, "a quote is not at its place on the page; it is left out")
                    }
                }
            }
        }
        Ok(citations)
    }
}

/// The scores of segments, best first; of copies of a text, which rank beside each other, that of the first.
fn scores_of_different(segments: &[Segment]) -> Vec<f32> {
    let mut known = HashSet::new();
    segments.iter().filter(|segment| known.insert(segment.text())).map(|segment| segment.score).collect()
}

/// The start of the next passage where it limits what this one says, or is the rest of a sentence that the page's end cut in two.
async fn completion(reader: &Reader, stretch: &Stretch) -> Result<Option<(Stretch, Range<usize>)>> {
    let passage = stretch.last();
    let Some(next) = reader.passages_after(&[passage]).await?.pop() else { return Ok(None) };
    let Some(first) = text::sentences(&next.text).into_iter().next() else { return Ok(None) };
    let goes_on = passage.format.runs_over_pages()
        && next.page == passage.page + 1
        && next.headings == passage.headings
        && !stretch.text.trim_end().ends_with(['.', '!', '?', ':', ';'])
        && next.text.starts_with(char::is_lowercase);
    Ok((goes_on || evidence::is_exception(&next.text[first.clone()])).then(|| (next.into(), first)))
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

fn same_place(a: &Citation, b: &Citation) -> bool {
    a.revision == b.revision && a.page_number == b.page_number && a.start <= b.start && b.end <= a.end
}
