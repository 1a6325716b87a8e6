//! Found passages that follow each other, put together again: what one says may end in the next.

use std::collections::{HashMap, hash_map::Entry};

use catalog::{Page, Passage, Reader, RevisionId};

use crate::{Hit, Result};

/// Characters of a segment of several passages, at most. A passage has some 700.
const LONGEST: i32 = 3000;

/// Passages of one section that follow each other on a page.
#[derive(Clone, Debug)]
pub struct Segment {
    /// In their order; never empty.
    passages: Vec<Passage>,
    /// The page's text from the first of them to the last.
    pub text: String,
    /// Of the best of them.
    pub score: f32,
}

impl Segment {
    /// In their order; at least one.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    #[must_use]
    pub fn first(&self) -> &Passage {
        &self.passages[0]
    }

    #[must_use]
    pub fn last(&self) -> &Passage {
        &self.passages[self.passages.len() - 1]
    }

    /// The passage that holds a character of the page.
    #[must_use]
    pub fn passage_at(&self, character: i32) -> &Passage {
        self.passages.iter().rev().find(|passage| passage.start <= character).unwrap_or_else(|| self.first())
    }

    fn cut_from(&self, page: &str) -> Option<String> {
        let (start, end) = (usize::try_from(self.first().start).ok()?, usize::try_from(self.last().end).ok()?);
        text::byte_range(page, start..end).map(|bytes| page[bytes].to_owned())
    }

    /// Whether the other is what follows, in the same section and on the same page, and both are short enough to be one.
    fn goes_on_with(&self, other: &Self) -> bool {
        let (end, start) = (self.last(), other.first());
        end.revision_id == start.revision_id
            && end.page == start.page
            && end.ordinal + 1 == start.ordinal
            && end.headings == start.headings
            && other.last().end - self.first().start <= LONGEST
    }
}

impl From<Hit> for Segment {
    fn from(Hit { passage, score }: Hit) -> Self {
        Self { text: passage.text.clone(), passages: vec![passage], score }
    }
}

/// The found passages, best first, with those that follow each other as one, where the better stood.
///
/// # Errors
/// The catalog could not be read.
pub async fn segments(reader: &Reader, hits: &[Hit]) -> Result<Vec<Segment>> {
    let mut pages: HashMap<(RevisionId, i32), Option<Page>> = HashMap::new();
    let mut segments = Vec::with_capacity(hits.len());
    for mut segment in joined(hits) {
        if segment.passages.len() > 1 {
            let key = (segment.first().revision_id, segment.first().page);
            let page = match pages.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(reader.page(key.0, key.1).await?),
            };
            // Deleted since it was found.
            let Some(text) = page.as_ref().and_then(|page| segment.cut_from(&page.text)) else { continue };
            segment.text = text;
        }
        segments.push(segment);
    }
    Ok(segments)
}

fn joined(hits: &[Hit]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::with_capacity(hits.len());
    for hit in hits {
        let mut new = Segment::from(hit.clone());
        // It may close the gap between two: the better takes both in.
        let mut at = segments.len();
        while let Some(near) = segments.iter().position(|known| known.goes_on_with(&new) || new.goes_on_with(known)) {
            let known = segments.remove(near);
            at = at.min(near);
            let score = known.score.max(new.score);
            let (mut before, after) = if known.goes_on_with(&new) { (known, new) } else { (new, known) };
            before.passages.extend(after.passages);
            new = Segment { score, ..before };
        }
        segments.insert(at, new);
    }
    segments
}

#[cfg(test)]
mod tests {
    use catalog::{CollectionId, DocumentId, Format, PassageId};

    use super::*;

    struct Section {
        revision: RevisionId,
        page: i32,
        heading: &'static str,
    }

    impl Section {
        /// Passages of 100 characters.
        fn hit(&self, ordinal: i32, score: f32) -> Hit {
            let passage = Passage {
                id: PassageId::new(),
                collection_id: CollectionId::new(),
                document_id: DocumentId::new(),
                revision_id: self.revision,
                title: "Handbook".into(),
                path: "/handbook.pdf".into(),
                format: Format::Pdf,
                paged: true,
                language: None,
                dated: None,
                ordinal,
                page: self.page,
                page_label: None,
                start: ordinal * 101,
                end: ordinal * 101 + 100,
                headings: vec![self.heading.into()],
                text: "x".repeat(100),
                confidence: None,
            };
            Hit { passage, score }
        }
    }

    fn ordinals(hits: &[Hit]) -> Vec<Vec<i32>> {
        joined(hits).iter().map(|segment| segment.passages().iter().map(|passage| passage.ordinal).collect()).collect()
    }

    #[test]
    fn what_follows_each_other_is_one_where_the_best_stood() {
        let leave = Section { revision: RevisionId::new(), page: 1, heading: "Leave" };
        let hit = |ordinal| leave.hit(ordinal, 1.0 / (ordinal + 1) as f32);
        assert_eq!(ordinals(&[hit(4), hit(9), hit(5), hit(1)]), [vec![4, 5], vec![9], vec![1]]);
        assert_eq!(ordinals(&[hit(9), hit(4), hit(6), hit(7), hit(5)]), [vec![9], vec![4, 5, 6, 7]], "the gap is closed");
        assert_eq!(ordinals(&[hit(6), hit(9), hit(4), hit(5)]), [vec![4, 5, 6], vec![9]]);
        let segments = joined(&[hit(5), hit(4)]);
        assert!((segments[0].score - 0.2).abs() < 1e-6, "that of the best");
        assert_eq!((segments[0].passage_at(4 * 101 + 99).ordinal, segments[0].passage_at(5 * 101).ordinal), (4, 5));
        assert!(joined(&[]).is_empty());
    }

    #[test]
    fn sections_pages_and_documents_end_it_and_so_does_length() {
        let leave = Section { revision: RevisionId::new(), page: 1, heading: "Leave" };
        for other in [Section { heading: "Pay", ..leave }, Section { page: 2, ..leave }, Section { revision: RevisionId::new(), ..leave }] {
            assert_eq!(ordinals(&[leave.hit(1, 1.0), other.hit(2, 0.5)]), [vec![1], vec![2]]);
        }
        let many: Vec<Hit> = (0..40).map(|ordinal| leave.hit(ordinal, 1.0)).collect();
        let longest = joined(&many).into_iter().map(|s| s.last().end - s.first().start).max();
        assert!(longest.is_some_and(|longest| longest <= LONGEST && longest > LONGEST - 101), "{longest:?}");
    }
}
