//! The steps of an answer that need the parts: catalog and models. What they decide is decided in plain functions elsewhere.

use std::{
    collections::{HashMap, hash_map::Entry},
    ops::Range,
};

use catalog::{Page, Passage, Reader, RevisionId};
use futures::{Stream, StreamExt, stream};
use generation::{Message, Request, Role};
use search::{Retrieved, Segment, Stretch};

use crate::{
    Assistant, Result, abstain,
    draft::{Draft, Judged},
    event::Citation,
    evidence::{self, Excerpt, Source},
    lists, prompt,
    question::Question,
    sentences::{SentenceBuffer, Written},
    verify::{self, Case, Exhibit, Verdict, cosine},
};

/// The quotes for a question, and whether they answer it.
pub(crate) struct Evidence {
    /// Best first, numbered from 1. Where they don't answer: what comes nearest.
    pub citations: Vec<Citation>,
    pub strength: f32,
    pub answers: bool,
}

/// What generated sentences are judged by.
pub(crate) struct Witness {
    question: String,
    question_vector: Vec<f32>,
    exhibits: Vec<Exhibit>,
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
            Source::new(stretch.text.clone(), first.title.clone(), first.headings.clone())
        };
        let sources: Vec<Source> = stretches.iter().map(source).collect();
        let candidates = evidence::candidates(&sources, &question.stems, self.settings().candidates);
        let texts = candidates.iter().map(|c| evidence::text_to_embed(&sources[c.source], c.sentence)).collect();
        let vectors = self.embedder().embed_sentences(texts).await?;
        let similarities: Vec<f32> = vectors.iter().map(|v| cosine(v, &found.query_vector)).collect();
        let scored = evidence::score(&sources, &candidates, &similarities, &question.stems);
        let strength = abstain::strength(&scored);
        let answers = !scored.is_empty() && strength >= self.settings().least_strength;
        let most = if answers { self.settings().evidence } else { NEAREST };
        let excerpts = evidence::choose(&sources, &scored, most);
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

    /// Starts the model on the evidence and yields its sentences as they are completed. Without a model, or where it fails, it
    /// ends early and says why in the log.
    pub(crate) fn write(&self, question: &Question, evidence: &Evidence) -> impl Stream<Item = Written> + Send + Unpin + use<> {
        let generation = self.generator().and_then(|generator| {
            let prompt =
                prompt::render(&question.text, &evidence.citations, self.settings().prompt_tokens, |text| generator.count_tokens(text));
            let messages = vec![Message { role: Role::System, content: prompt.system }, Message { role: Role::User, content: prompt.user }];
            let request = Request { messages, max_tokens: self.settings().answer_tokens, stop: Vec::new() };
            generator
                .generate(request)
                .inspect_err(|error| tracing::warn!(%error, "the language model does not answer; the quotes do"))
                .ok()
        });
        let pieces = stream::iter(generation).flatten();
        let end = stream::once(async { None });
        let pieces = pieces
            .filter_map(|piece| async { piece.inspect_err(|error| tracing::warn!(%error, "the language model broke off")).ok().map(Some) })
            .chain(end);
        let sentences = pieces.scan(SentenceBuffer::default(), |buffer, piece| {
            let done = match piece {
                Some(piece) => buffer.push(&piece),
                None => std::mem::take(buffer).finish(),
            };
            futures::future::ready(Some(stream::iter(done)))
        });
        sentences.flatten().boxed()
    }

    /// Embeds the sentences of the quotes, which generated sentences will be compared with. None where that fails: nothing can
    /// be verified then.
    pub(crate) async fn witness(&self, question: &Question, evidence: &Evidence, question_vector: &[f32]) -> Option<Witness> {
        self.generator()?;
        let mut exhibits: Vec<Exhibit> = evidence.citations.iter().map(exhibit).collect();
        for (exhibit, next) in exhibits.iter_mut().zip(evidence.citations.iter().skip(1)) {
            exhibit.following = next.completes_previous.then(|| next.quote.clone());
        }
        let texts = exhibits.iter().flat_map(|e| e.sentences.iter().map(|s| e.text[s.clone()].to_owned())).collect();
        let vectors = self.embedder().embed_sentences(texts).await;
        let mut vectors =
            vectors.inspect_err(|error| tracing::warn!(%error, "sentences cannot be verified; the quotes answer")).ok()?.into_iter();
        for exhibit in &mut exhibits {
            exhibit.vectors = vectors.by_ref().take(exhibit.sentences.len()).collect();
        }
        Some(Witness { question: question.text.clone(), question_vector: question_vector.to_vec(), exhibits })
    }

    /// Verifies a sentence. Where its vector can't be had it counts as unsupported.
    pub(crate) async fn judge(&self, witness: &Option<Witness>, written: Written, draft: &Draft) -> Judged {
        let Written { text, marks } = written;
        let vector = self.embedder().embed_sentences(vec![text.clone()]).await.ok().and_then(|mut vectors| vectors.pop());
        let verdict = match (witness, &vector) {
            (Some(witness), Some(vector)) => {
                let case = Case {
                    sentence: &text,
                    sentence_vector: Some(vector),
                    question: &witness.question,
                    question_vector: Some(&witness.question_vector),
                    hints: &marks,
                    earlier: &draft.earlier(),
                    last: draft.last(),
                };
                verify::verify(&case, &witness.exhibits, &self.settings().support)
            }
            _ => Verdict::Unsupported { coverage: 0.0, similarity: 0.0 },
        };
        Judged { text, marks, verdict }
    }
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

fn citation(n: u32, stretch: &Stretch, range: &Range<usize>, lead: Option<String>, page: Option<&Page>) -> Option<Citation> {
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

fn exhibit(citation: &Citation) -> Exhibit {
    let context = std::iter::once(&citation.title).chain(&citation.headings).map(String::as_str).collect::<Vec<_>>().join("\n");
    Exhibit::new(citation.n, citation.quote.clone(), context, citation.lead.as_deref())
}
