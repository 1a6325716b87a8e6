//! The steps of an answer that need the parts: catalog and models. What they decide is decided in plain functions elsewhere.

use std::collections::HashSet;

use catalog::Reader;
use search::{Retrieved, Segment, Stretch};

use crate::{
    Assistant, Result, abstain, conflict, cutting,
    event::Citation,
    evidence::{self, Source},
    question::Question,
    verify::cosine,
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
        let scored = evidence::score(&sources, &candidates, &similarities, question);
        // A cross-encoder's scores are of another kind, and so is the sum where the model has no words for the question.
        let summed = found.timings.rerank.is_none() && self.embedder().has_words_for(&question.text);
        let lead = summed.then(|| abstain::lead(&scores_of_different(&segments)));
        let strength = abstain::strength(abstain::nearness(question, &asked, &candidates, &sentences), lead);
        let answers = !scored.is_empty() && strength >= self.settings().least_strength;
        let most = if answers { self.settings().evidence } else { NEAREST };
        let mut excerpts = evidence::choose(&sources, &scored, self.settings().quoted.min(most), most);
        if answers {
            for candidate in conflict::disputing(&question.text, &excerpts, &sources) {
                evidence::add(&sources, &mut excerpts, candidate);
            }
        }
        let citations = cutting::cut(reader, &stretches, &sources, &excerpts).await?;
        Ok(Evidence { answers: answers && !citations.is_empty(), citations, strength })
    }
}

/// The scores of segments, best first; of copies of a text, which rank beside each other, that of the first.
fn scores_of_different(segments: &[Segment]) -> Vec<f32> {
    let mut known = HashSet::new();
    segments.iter().filter(|segment| known.insert(segment.text())).map(|segment| segment.score).collect()
}
