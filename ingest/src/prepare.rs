//! A file on its way to its passages: read, compared with what is known, extracted, cut.

use std::{collections::HashMap, panic, path::Path, sync::Arc};

use catalog::{CollectionId, KnownSource, NewRevision};
use embedding::Embedder;
use extraction::Extracted;

use crate::{Outcome, Status, chunk, originals::Originals, read};

/// What preparing a file needs to know. Shared by the threads that prepare.
pub(crate) struct Preparation {
    pub(crate) collection: CollectionId,
    pub(crate) known: HashMap<String, KnownSource>,
    /// Names the way from bytes to vectors; see [`NewRevision::pipeline`].
    pub(crate) pipeline: String,
    pub(crate) embedder: Embedder,
    pub(crate) originals: Originals,
    pub(crate) max_file_bytes: u64,
    pub(crate) target_tokens: usize,
}

/// A file that has to be embedded, or one that is done with.
pub(crate) enum Prepared {
    Revision(Box<NewRevision>),
    Done(Outcome),
}

impl Preparation {
    /// Blocks for the time of reading and cutting the file.
    pub(crate) fn prepare(self: &Arc<Self>, path: String) -> Prepared {
        match self.revision(&path) {
            Ok(Some(revision)) => Prepared::Revision(Box::new(revision)),
            Ok(None) => Prepared::Done(self.unchanged(path)),
            Err(reason) => Prepared::Done(self.failed(path, reason)),
        }
    }

    fn revision(&self, path: &str) -> Result<Option<NewRevision>, String> {
        let content = read::read(path, self.max_file_bytes)?;
        if self.known.get(path).is_some_and(|k| k.content_hash == content.hash && k.pipeline == self.pipeline) {
            return Ok(None);
        }
        let extracted = extract(Path::new(path), &content.bytes)?;
        let title = title(&extracted, path);
        let settings = chunk::ChunkSettings { target_tokens: self.target_tokens, max_tokens: self.embedder.max_tokens() };
        let passages = chunk::chunk(&extracted, &title, &settings, &|text| self.embedder.count_tokens(text));
        if passages.is_empty() {
            return Err("holds no text that could be searched".into());
        }
        self.originals.keep(&content.hash, &content.bytes).map_err(|e| e.to_string())?;
        let pages = extracted.pages.into_iter().map(|p| catalog::Page { number: p.number, label: p.label, text: p.text });
        Ok(Some(NewRevision {
            collection_id: self.collection,
            path: path.to_owned(),
            title,
            format: extracted.format,
            paged: extracted.paged,
            content_hash: content.hash,
            pipeline: self.pipeline.clone(),
            byte_count: i64::try_from(content.bytes.len()).unwrap_or(i64::MAX),
            pages: pages.collect(),
            passages,
        }))
    }

    fn unchanged(&self, path: String) -> Outcome {
        let known = self.known.get(&path);
        Outcome {
            status: Status::Unchanged,
            document: known.map(|k| k.document_id),
            revision: known.map(|k| k.revision_id),
            pages: known.map(|k| k.page_count),
            passages: known.map(|k| k.passage_count),
            error: None,
            path,
        }
    }

    fn failed(&self, path: String, mut reason: String) -> Outcome {
        if self.known.contains_key(&path) {
            reason.push_str("; its earlier version stays searchable");
        }
        Outcome::failed(path, reason)
    }
}

/// The libraries that read formats may panic on damaged files: that costs the file, not the run.
fn extract(path: &Path, bytes: &[u8]) -> Result<Extracted, String> {
    match panic::catch_unwind(|| extraction::extract(path, bytes)) {
        Ok(extracted) => extracted.map_err(|e| e.to_string()),
        Err(_) => Err("could not be read: what reads this format failed on it; save it anew from the program that made it".into()),
    }
}

/// The document's own title, else its file name.
fn title(extracted: &Extracted, path: &str) -> String {
    match extracted.title.as_deref().map(str::trim) {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned()),
    }
}
