//! What a run that was cut short leaves behind, and what the index lacks against the catalog, is put right.

use catalog::{Originals, Passage, PassageId, System};
use embedding::Embedder;
use search::{Completeness, IndexedPassage, SearchIndex};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{Error, chunk, embedded_text, on_a_thread};

/// Passages that are read, embedded and written together.
const BATCH: u32 = 512;
/// Passages whose vectors are read at each start.
const LOOKED_AT: u32 = 16;
/// Passages between two commits where their vectors are there already.
const COMMIT: usize = 20_000;

/// Takes the passages of revisions that never became live, and of those that no longer are, out of the index.
/// Order matters: the index is cleared before the catalog forgets what to clear.
pub(crate) async fn sweep(system: &System, index: &Arc<SearchIndex>) -> Result<(), Error> {
    let unpublished = system.unpublished().await?;
    let superseded = system.superseded_in_index().await?;
    if unpublished.is_empty() && superseded.is_empty() {
        return Ok(());
    }
    let gone: Vec<_> = unpublished.iter().chain(&superseded).copied().collect();
    let writer = Arc::clone(index);
    on_a_thread(move || {
        writer.remove_revisions(&gone)?;
        writer.commit()
    })
    .await??;
    system.discard(&unpublished).await?;
    system.removed_from_index(&superseded).await?;
    Ok(())
}

/// Removes the bytes of documents that are gone. Not while files are being read: theirs are kept before the catalog knows them.
pub(crate) async fn sweep_originals(system: &System, originals: &Originals) -> Result<(), Error> {
    let hashes = system.content_hashes().await?;
    let originals = originals.clone();
    Ok(on_a_thread(move || originals.retain(&hashes)).await??)
}

/// How the index differs from the catalog's live passages.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Live passages that one half or both lack.
    pub missing: Vec<PassageId>,
    /// Passages in the index that are not live.
    pub extra: Vec<PassageId>,
}

impl Differences {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Compares index and catalog passage by passage. With `thorough` off only where they are not known to be equal.
///
/// # Errors
/// Either of them can't be read.
pub(crate) async fn compare(system: &System, index: &Arc<SearchIndex>, thorough: bool) -> Result<Differences, Error> {
    if !thorough && is_known_to_be_equal(system, index).await? {
        return Ok(Differences::default());
    }
    let reader = Arc::clone(index);
    let (lexical, dense) = on_a_thread(move || reader.passage_ids()).await??;
    let in_lexical: HashSet<PassageId> = lexical.iter().copied().collect();
    let in_dense: HashSet<PassageId> = dense.iter().copied().collect();
    let mut extra: HashSet<PassageId> = in_lexical.union(&in_dense).copied().collect();
    let mut missing = Vec::new();
    let mut after = None;
    loop {
        let batch = system.live_passages(after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        for passage in &batch {
            extra.remove(&passage.id);
            if !in_lexical.contains(&passage.id) || !in_dense.contains(&passage.id) {
                missing.push(passage.id);
            }
        }
    }
    Ok(Differences { missing, extra: extra.into_iter().collect() })
}

async fn is_known_to_be_equal(system: &System, index: &Arc<SearchIndex>) -> Result<bool, Error> {
    if index.publication() != Some(system.publication().await?) {
        return Ok(false);
    }
    let live = system.counts().await?.passages;
    let reader = Arc::clone(index);
    let counts = on_a_thread(move || reader.counts()).await??;
    let same = |n: usize| i64::try_from(n).is_ok_and(|n| n == live);
    if !same(counts.0) || !same(counts.1) {
        return Ok(false);
    }
    // A half can lose all vectors and keep its count.
    let some: Vec<PassageId> = system.live_passages(None, LOOKED_AT).await?.iter().map(|p| p.id).collect();
    let (reader, wanted) = (Arc::clone(index), some.len());
    let whole = on_a_thread(move || reader.vectors(&some)).await??;
    Ok(whole.len() == wanted)
}

/// Notes that the index is equal to the catalog as it is now, which it has been made.
///
/// # Errors
/// [`Error::NotMended`] where their numbers differ all the same.
pub(crate) async fn agree(system: &System, index: &Arc<SearchIndex>) -> Result<(), Error> {
    let live = system.counts().await?.passages;
    let reader = Arc::clone(index);
    let (lexical, dense) = on_a_thread(move || reader.counts()).await??;
    if [lexical, dense].into_iter().any(|n| i64::try_from(n).ok() != Some(live)) {
        return Err(Error::NotMended { live, lexical, dense });
    }
    index.set_publication(&system.publication().await?)?;
    index.set_completeness(Completeness::default());
    Ok(())
}

/// Makes the index equal to the catalog. Passages that lack their vector, too, are embedded again. Tells how many are done.
///
/// # Errors
/// The index can't be written or the model failed.
pub(crate) async fn mend(
    system: &System,
    index: &Arc<SearchIndex>,
    embedder: &Embedder,
    differences: Differences,
    mut done: impl FnMut(usize),
) -> Result<(), Error> {
    let Differences { missing, extra } = differences;
    let all = missing.len();
    let mut mended = 0;
    index.set_completeness(Completeness { lacking: all, mending: true });
    let writer = Arc::clone(index);
    on_a_thread(move || {
        writer.remove_passages(&extra)?;
        writer.commit()
    })
    .await??;
    let missing: HashSet<PassageId> = missing.into_iter().collect();
    let mut after = None;
    loop {
        let batch = system.live_passages(after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        let batch: Vec<Passage> = batch.into_iter().filter(|p| missing.contains(&p.id)).collect();
        if batch.is_empty() {
            continue;
        }
        let ids: Vec<PassageId> = batch.iter().map(|p| p.id).collect();
        let following = system.texts_after(&ids).await?;
        let (reader, wanted) = (Arc::clone(index), ids.clone());
        let stored = on_a_thread(move || reader.vectors(&wanted)).await??;
        let mut vectors: HashMap<PassageId, Vec<f32>> = stored.into_iter().collect();
        let lacking: Vec<&Passage> = batch.iter().filter(|p| !vectors.contains_key(&p.id)).collect();
        let is_copy = lacking.is_empty();
        let texts = lacking.iter().map(|p| embedded_text(&p.title, &p.headings, &searched_text(p, &following))).collect();
        let made = embedder.embed_passages(texts, |_| {}).await?;
        vectors.extend(lacking.iter().map(|p| p.id).zip(made));
        let with_vector = |p: Passage| vectors.remove(&p.id).map(|vector| indexed(p, vector, &following));
        let passages: Vec<IndexedPassage> = batch.into_iter().filter_map(with_vector).collect();
        mended += ids.len();
        // What had to be embedded is not to be lost; all else is quick to repeat, and a commit is not.
        let commits = !is_copy || mended % COMMIT < ids.len();
        let writer = Arc::clone(index);
        on_a_thread(move || {
            // What one half has and the other lacks is written to both again.
            writer.remove_passages(&ids)?;
            writer.add(&passages)?;
            if commits { writer.commit() } else { Ok(()) }
        })
        .await??;
        done(mended);
        index.set_completeness(Completeness { lacking: (all - mended).max(1), mending: true });
    }
    let writer = Arc::clone(index);
    on_a_thread(move || writer.commit()).await??;
    agree(system, index).await?;
    // Questions needn't wait for it.
    let writer = Arc::clone(index);
    Ok(on_a_thread(move || writer.optimize()).await??)
}

fn searched_text(passage: &Passage, following: &HashMap<PassageId, String>) -> String {
    search::searched_text(passage.format, &passage.text, following.get(&passage.id).map(String::as_str)).into_owned()
}

fn indexed(passage: Passage, vector: Vec<f32>, following: &HashMap<PassageId, String>) -> IndexedPassage {
    IndexedPassage {
        text: searched_text(&passage, following),
        id: passage.id,
        revision: passage.revision_id,
        collection: passage.collection_id,
        format: passage.format,
        language: passage.language,
        dated: passage.dated,
        context: chunk::context_header(&passage.title, &passage.headings),
        vector,
    }
}
