//! Found passages that follow each other, put together again: what one says may end in the next.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use catalog::{Page, Passage, PassageId, Reader, RevisionId};

use crate::{Hit, Result, page_ends};

/// One page end, which a rule runs over. Of short pages, one after the other, all would become one.
const MOST_PAGES: usize = 2;
/// Characters of a segment of several passages, at most. A passage has some 700.
const LONGEST: i32 = 3000;

/// Found passages that follow each other: of one section on a page, and over the end of a page that cuts one short.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Page by page, of two pages at most; never empty.
    stretches: Vec<Stretch>,
    /// What the next page begins with, where the last passage was searched with it and it was not found itself.
    continuation: Option<Passage>,
    /// Of the best passage.
    pub score: f32,
}

/// What a segment holds of one page.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// In their order; never empty.
    passages: Vec<Passage>,
    /// The page's text from the first of them to the last.
    pub text: String,
}

impl Segment {
    /// What was found, page by page; at least one.
    #[must_use]
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// In their order; at least one.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.stretches.iter().flat_map(|stretch| &stretch.passages).chain(&self.continuation)
    }

    /// The first passage of each page, and the text there.
    pub fn by_page(&self) -> impl Iterator<Item = (&Passage, &str)> {
        let found = self.stretches.iter().map(|stretch| (stretch.first(), stretch.text.as_str()));
        found.chain(self.continuation.iter().map(|passage| (passage, passage.text.as_str())))
    }

    #[must_use]
    pub fn first(&self) -> &Passage {
        self.stretches[0].first()
    }

    /// Where it ends on the page where it begins; what is on the next page is read there.
    #[must_use]
    pub fn first_page_end(&self) -> i32 {
        self.stretches[0].last().end
    }

    /// All of it, each page in a line of its own.
    #[must_use]
    pub fn text(&self) -> String {
        self.by_page().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    }

    fn last(&self) -> &Stretch {
        &self.stretches[self.stretches.len() - 1]
    }

    fn length(&self) -> i32 {
        self.stretches.iter().map(|stretch| stretch.last().end - stretch.first().start).sum()
    }

    /// Whether the other is what follows, and both are short enough to be one.
    fn goes_on_with(&self, other: &Self) -> bool {
        let (end, start) = (self.last().last(), other.first());
        let on_its_page = end.page == start.page && end.headings == start.headings && end.ordinal + 1 == start.ordinal;
        let pages = self.stretches.len() + other.stretches.len() - usize::from(on_its_page);
        end.revision_id == start.revision_id
            && (on_its_page || page_ends::goes_on_with(end, start))
            && pages <= MOST_PAGES
            && self.length() + other.length() <= LONGEST
    }

    fn append(&mut self, mut other: Self) {
        self.score = self.score.max(other.score);
        let end = self.stretches.len() - 1;
        if self.last().first().page == other.first().page {
            self.stretches[end].passages.append(&mut other.stretches.remove(0).passages);
        }
        self.stretches.append(&mut other.stretches);
    }
}

impl Stretch {
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
}

impl From<Passage> for Stretch {
    fn from(passage: Passage) -> Self {
        Self { text: passage.text.clone(), passages: vec![passage] }
    }
}

impl From<Hit> for Segment {
    fn from(Hit { passage, score }: Hit) -> Self {
        Self { stretches: vec![passage.into()], continuation: None, score }
    }
}

/// The found passages, best first, with those that follow each other as one, where the better stood. What a page cuts short goes on with what
/// the next page begins with, found or not.
///
/// # Errors
/// The catalog could not be read.
pub async fn segments(reader: &Reader, hits: &[Hit]) -> Result<Vec<Segment>> {
    let found: HashSet<PassageId> = hits.iter().map(|hit| hit.passage.id).collect();
    let mut pages: HashMap<(RevisionId, i32), Option<Page>> = HashMap::new();
    let mut segments = Vec::with_capacity(hits.len());
    'segments: for mut segment in joined(hits) {
        for stretch in segment.stretches.iter_mut().filter(|stretch| stretch.passages.len() > 1) {
            let key = (stretch.first().revision_id, stretch.first().page);
            let page = match pages.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(reader.page(key.0, key.1).await?),
            };
            // Deleted since it was found.
            let Some(text) = page.as_ref().and_then(|page| stretch.cut_from(&page.text)) else { continue 'segments };
            stretch.text = text;
        }
        segments.push(segment);
    }
    let of_one_page: Vec<&Passage> = segments.iter().filter(|s| s.stretches.len() < MOST_PAGES).map(|s| s.last().last()).collect();
    let mut continuations = page_ends::continuations(reader, &of_one_page).await?;
    for segment in &mut segments {
        segment.continuation = continuations.remove(&segment.last().last().id).filter(|next| !found.contains(&next.id));
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
            let (mut before, after) = if known.goes_on_with(&new) { (known, new) } else { (new, known) };
            before.append(after);
            new = before;
        }
        segments.insert(at, new);
    }
    segments
}

#[cfg(test)]
mod tests {
    use catalog::{CollectionId, DocumentId, Format};

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
        joined(hits).iter().map(|segment| segment.passages().map(|passage| passage.ordinal).collect()).collect()
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
        let [stretch] = segments[0].stretches() else { panic!("of one page") };
        assert_eq!((stretch.passage_at(4 * 101 + 99).ordinal, stretch.passage_at(5 * 101).ordinal), (4, 5));
        assert!(joined(&[]).is_empty());
    }

    #[test]
    fn what_a_page_cuts_short_goes_on_with_the_next() {
        let leave = Section { revision: RevisionId::new(), page: 1, heading: "Leave" };
        let over = Section { page: 2, ..leave };
        let segments = joined(&[over.hit(3, 0.3), leave.hit(1, 0.2), leave.hit(2, 0.9)]);
        let [segment] = &segments[..] else { panic!("{segments:?}") };
        assert_eq!(segment.stretches().iter().map(|stretch| stretch.passages().len()).collect::<Vec<_>>(), [2, 1]);
        assert!((segment.score - 0.9).abs() < 1e-6 && segment.text().contains('\n'));
        let slide = |page: i32| Section { page, ..leave }.hit(page, 0.5);
        assert_eq!(ordinals(&[slide(1), slide(2), slide(3), slide(4)]), [vec![1, 2], vec![3, 4]], "one page end each");
        let mut full = leave.hit(2, 0.9);
        full.passage.text = "x".repeat(2000);
        assert_eq!(ordinals(&[full, over.hit(3, 0.3)]), [vec![2], vec![3]], "nothing is cut short");
    }

    #[test]
    fn sections_pages_and_documents_end_it_and_so_does_length() {
        let leave = Section { revision: RevisionId::new(), page: 1, heading: "Leave" };
        for other in [
            Section { heading: "Pay", ..leave },
            Section { page: 3, ..leave },
            Section { page: 2, heading: "Pay", ..leave },
            Section { revision: RevisionId::new(), ..leave },
        ] {
            assert_eq!(ordinals(&[leave.hit(1, 1.0), other.hit(2, 0.5)]), [vec![1], vec![2]]);
        }
        let many: Vec<Hit> = (0..40).map(|ordinal| leave.hit(ordinal, 1.0)).collect();
        let longest = joined(&many).iter().map(Segment::length).max();
        assert!(longest.is_some_and(|longest| longest <= LONGEST && longest > LONGEST - 101), "{longest:?}");
    }
}
