//! Questions put to the search.

use std::{
    collections::{BTreeMap, HashMap, HashSet, hash_map::Entry},
    sync::Arc,
};

use catalog::{Document, DocumentFilter, Filter, Passage, Reader, RevisionId};
use search::{Mode, Query, Retriever};
use serde::{Deserialize, Serialize};

use crate::{
    Result, overlap,
    ranking::Found,
    suite::{GoldPassage, Question},
};

/// Passages taken of each list: several of them may be of one page.
const PASSAGES: usize = 50;
/// All ways of searching, the one that users get first.
pub const MODES: [Mode; 3] = [Mode::Hybrid, Mode::Lexical, Mode::Dense];

/// What is looked for in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The documents with the answer; a document counts where its first passage stands.
    Document,
    /// The pages with the answer, likewise.
    Page,
    /// The passages with the answer, known by their text.
    Passage,
    /// One passage that contains all that a right answer must.
    Words,
    /// The same, of the questions for which one page of the right documents has all of it.
    Findable,
    /// Each thing that a right answer must contain, in whatever passage.
    Each,
}

impl Target {
    /// In the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Document, Self::Page, Self::Passage, Self::Words, Self::Findable, Self::Each];
    /// Those of which the first one found tells how a question came out. Words by themselves are found here and there.
    pub const PLACES: [Self; 4] = [Self::Document, Self::Page, Self::Passage, Self::Words];

    /// In plain words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "right document",
            Self::Page => "right page",
            Self::Passage => "right passage",
            Self::Words => "passage with the required words",
            Self::Findable => "required words, where one page has them",
            Self::Each => "required words, one by one",
        }
    }
}

/// What a search found of what a question asks for.
#[derive(Clone, Debug)]
pub struct Searched {
    pub found: BTreeMap<Target, Found>,
    /// Of the whole search, in milliseconds.
    pub ms: f64,
}

/// The pages of documents, read when a question first names them.
pub struct Pages<'r> {
    reader: &'r Reader,
    documents: Vec<Document>,
    read: HashMap<RevisionId, Vec<String>>,
}

impl<'r> Pages<'r> {
    /// # Errors
    /// The catalog could not be read; so for all functions here.
    pub async fn new(reader: &'r Reader) -> Result<Self> {
        let documents = reader.documents(&DocumentFilter { limit: u32::MAX, ..DocumentFilter::default() }).await?;
        Ok(Self { reader, documents, read: HashMap::new() })
    }

    /// Whether a page of the documents that a question names has all that a right answer must contain. A document without pages is one.
    pub async fn have(&mut self, question: &Question) -> Result<bool> {
        if question.must_contain.is_empty() {
            return Ok(false);
        }
        for document in &self.documents {
            if !question.documents.iter().any(|name| is_named(&document.path, name)) {
                continue;
            }
            let pages = match self.read.entry(document.revision_id) {
                Entry::Occupied(read) => read.into_mut(),
                Entry::Vacant(place) => {
                    let pages = self.reader.pages(document.revision_id).await?;
                    place.insert(pages.into_iter().map(|page| page.text).collect())
                }
            };
            if pages.iter().any(|text| overlap::contains_all(text, &question.must_contain)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Searches for the answer to a question; `findable` as [`Pages::have`] says.
///
/// # Errors
/// The search failed.
pub async fn search(retriever: &Retriever, reader: &Reader, question: &Question, findable: bool, mode: Mode) -> Result<Searched> {
    let query = Query { text: &question.text, mode, k: PASSAGES, filter: &Filter::default() };
    let retrieved = retriever.retrieve(reader, &query).await?;
    let passages: Vec<Passage> = retrieved.hits.iter().map(|hit| hit.passage.clone()).collect();
    let mut found = BTreeMap::new();
    if !question.documents.is_empty() {
        let documents = distinct(&passages, |passage| passage.document_id);
        found.insert(Target::Document, ranks(&documents, &question.documents, |passage, gold| is_named(&passage.path, gold)));
    }
    if !question.pages.is_empty() {
        let pages = distinct(&passages, |passage| (passage.document_id, passage.page));
        let is_page = |passage: &Passage, gold: &(String, i32)| passage.page == gold.1 && is_named(&passage.path, &gold.0);
        found.insert(Target::Page, ranks(&pages, &question.pages, is_page));
    }
    if !question.passages.is_empty() {
        let is_gold = |passage: &Passage, gold: &Arc<GoldPassage>| is_passage(passage, gold, question);
        found.insert(Target::Passage, every(&passages, &question.passages, is_gold));
    }
    if !question.must_contain.is_empty() {
        // As a user sees them.
        let segments: Vec<String> = search::segments(reader, &retrieved.hits).await?.into_iter().map(|segment| segment.text()).collect();
        let first = segments.iter().position(|text| overlap::contains_all(text, &question.must_contain));
        let words = Found { gold: 1, ranks: first.map(|at| at + 1).into_iter().collect() };
        if findable {
            found.insert(Target::Findable, words.clone());
        }
        found.insert(Target::Words, words);
        let has = |text: &String, wanted: &String| overlap::contains_all(text, std::slice::from_ref(wanted));
        found.insert(Target::Each, every(&segments, &question.must_contain, has));
    }
    Ok(Searched { found, ms: retrieved.timings.total })
}

/// The first passage of each unit.
fn distinct<U: Eq + std::hash::Hash>(passages: &[Passage], unit: impl Fn(&Passage) -> U) -> Vec<&Passage> {
    let mut seen = HashSet::new();
    passages.iter().filter(|passage| seen.insert(unit(passage))).collect()
}

fn ranks<G>(units: &[&Passage], gold: &[G], is: impl Fn(&Passage, &G) -> bool) -> Found {
    // Each counts where it is found first.
    let mut left: Vec<&G> = gold.iter().collect();
    let mut found = |unit: &Passage| left.iter().position(|gold| is(unit, gold)).map(|at| left.swap_remove(at)).is_some();
    let ranks = (1..).zip(units).filter(|(_, unit)| found(unit)).map(|(rank, _)| rank).collect();
    Found { gold: gold.len(), ranks }
}

/// Each thing where it is found first. A passage may hold several of them, unlike a unit.
fn every<P, G>(places: &[P], gold: &[G], holds: impl Fn(&P, &G) -> bool) -> Found {
    let first = |gold: &G| (1..).zip(places).find(|(_, place)| holds(place, gold)).map(|(rank, _)| rank);
    let mut ranks: Vec<usize> = gold.iter().filter_map(first).collect();
    ranks.sort_unstable();
    Found { gold: gold.len(), ranks }
}

/// A gold passage that names no document is one of those that the question names, if it names any.
fn is_passage(passage: &Passage, gold: &GoldPassage, question: &Question) -> bool {
    let of_document = match &gold.document {
        Some(document) => is_named(&passage.path, document),
        None => question.documents.is_empty() || question.documents.iter().any(|document| is_named(&passage.path, document)),
    };
    of_document && overlap::is_passage(&passage.text, &gold.text)
}

/// Whether a path is the one that a question means: its end, with or without the ending of the file's name.
pub(crate) fn is_named(path: &str, name: &str) -> bool {
    let ends = |path: &str| path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    ends(path) || path.rsplit_once('.').is_some_and(|(stem, _)| ends(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_the_end_of_their_path() {
        assert!(is_named("/srv/docs/leave.pdf", "leave.pdf") && is_named("/srv/docs/leave.pdf", "docs/leave.pdf"));
        assert!(is_named("/12-a.txt", "12-a") && is_named("leave.pdf", "leave.pdf"));
        assert!(!is_named("/srv/sick-leave.pdf", "leave.pdf") && !is_named("/srv/leave.pdf", "leave.md"));
    }
}
