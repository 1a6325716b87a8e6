//! A file on its way to its passages: read, compared with what is known, extracted, cut; and the files within it after it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use catalog::{Clock, CollectionId, KnownSource, NewRevision, Originals};
use embedding::Embedder;
use extraction::{ExtractError, Extracted, isolation::Workers};
use tokio::sync::mpsc;

use crate::{
    Error, Outcome, Progress, Status, chunk, dated, layout, on_a_thread,
    read::{self, Content},
};

/// A mail in a ZIP in a mail holds a ZIP: enough for what people do.
const MAX_DEPTH: usize = 4;
/// Files within one file, at all depths.
const MAX_MEMBERS: usize = 5000;
/// Their bytes, at all depths.
const MAX_MEMBER_BYTES: usize = 512 << 20;
/// Their text: it waits in memory until all of the file is read.
const MAX_MEMBER_TEXT: usize = 256 << 20;

/// Between two words on how far a file is; one that takes less needs none.
const PACE: Duration = Duration::from_secs(1);

/// What preparing a file needs to know.
pub(crate) struct Preparation {
    pub(crate) collection: CollectionId,
    pub(crate) known: HashMap<String, KnownSource>,
    /// Names the way from bytes to vectors; see [`NewRevision::pipeline`].
    pub(crate) pipeline: String,
    pub(crate) embedder: Embedder,
    pub(crate) originals: Originals,
    pub(crate) workers: Workers,
    pub(crate) max_file_bytes: u64,
    pub(crate) target_tokens: usize,
    pub(crate) clock: Clock,
    /// Whether what has not changed is read again.
    pub(crate) anew: bool,
    /// Takes what there is to tell meanwhile; what nobody fetches is left out.
    pub(crate) progress: mpsc::Sender<Progress>,
}

/// What became of a file, and of the files within it.
#[derive(Default)]
pub(crate) struct Prepared {
    /// To be embedded, in this order: files within a file before it, so that it is not known before they are.
    pub(crate) revisions: Vec<NewRevision>,
    /// Done with.
    pub(crate) outcomes: Vec<Outcome>,
    /// Files within it that hold no text to read.
    pub(crate) skipped: usize,
    /// What could not be read of files that were read.
    pub(crate) warnings: Vec<String>,
    /// Has no text of its own any more.
    pub(crate) is_gone: bool,
    /// If all of it was read: the paths of the files within it. What is known below it and not among them is gone.
    pub(crate) members: Option<HashSet<String>>,
}

/// A text that is in no file. It becomes a document like any other.
#[derive(Clone, Debug)]
pub struct Text {
    /// By which it is known, ending in ".txt".
    pub path: String,
    /// None: its path's last part.
    pub title: Option<String>,
    pub text: String,
}

/// What is to be prepared.
pub(crate) enum Source {
    File(String),
    Text(Text),
}

impl Source {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::File(path) | Self::Text(Text { path, .. }) => path,
        }
    }
}

/// A file within a file, or the outermost one.
struct Waiting {
    path: String,
    content: Content,
    /// If it is known from elsewhere.
    title: Option<String>,
    depth: usize,
}

impl Preparation {
    /// Reads a file and what it holds.
    ///
    /// # Errors
    /// The originals can't be written, or the run was stopped. What is wrong with the file is among the outcomes.
    pub(crate) async fn prepare(self: Arc<Self>, source: Source) -> Result<Prepared, Error> {
        let mut prepared = Prepared::default();
        let first = match source {
            Source::Text(Text { path, title, text }) => Waiting { path, content: Content::of(text.into_bytes()), title, depth: 0 },
            Source::File(path) => {
                let limit = self.max_file_bytes;
                let own = path.clone();
                match on_a_thread(move || read::read(&own, limit)).await? {
                    Ok(content) => Waiting { path, content, title: None, depth: 0 },
                    Err(reason) => {
                        prepared.outcomes.push(self.failed(path, reason));
                        return Ok(prepared);
                    }
                }
            }
        };
        let mut waiting = VecDeque::from([first]);
        let mut budget = Budget { members: MAX_MEMBERS, bytes: MAX_MEMBER_BYTES, text: MAX_MEMBER_TEXT };
        while let Some(next) = waiting.pop_front() {
            self.one(next, &mut waiting, &mut budget, &mut prepared).await?;
        }
        prepared.revisions.reverse();
        prepared.try_holders_again();
        Ok(prepared)
    }

    async fn one(
        self: &Arc<Self>,
        Waiting { path, content, title, depth }: Waiting,
        waiting: &mut VecDeque<Waiting>,
        budget: &mut Budget,
        prepared: &mut Prepared,
    ) -> Result<(), Error> {
        if let Some(known) = self.known.get(&path).filter(|k| !self.anew && k.content_hash == content.hash && k.pipeline == self.pipeline) {
            prepared.outcomes.push(unchanged(path.clone(), known));
            // What is within it has not changed either.
            self.keep_members(&path, prepared);
            return Ok(());
        }
        let mut extracted = match self.extract(&path, content.bytes.clone()).await {
            Ok(extracted) => extracted,
            Err(reason) => {
                self.keep_members(&path, prepared);
                prepared.outcomes.push(Outcome { cause: Some(reason.clone()), ..self.failed(path, reason.to_string()) });
                return Ok(());
            }
        };
        extracted.title = title.or(extracted.title);
        extracted.dated = dated::day(extracted.dated, content.changed, self.clock);
        prepared.members.get_or_insert_default();
        prepared.warnings.extend(extracted.warnings.iter().map(|warning| format!("{path}: {warning}")));
        let mut holds_documents = false;
        for attachment in std::mem::take(&mut extracted.attachments) {
            if !extraction::is_supported(Path::new(&attachment.name)) {
                prepared.skipped += 1;
                continue;
            }
            holds_documents = true;
            let member = prepared.new_member(&format!("{path}/{}", attachment.name));
            let size = attachment.bytes.len();
            if depth + 1 >= MAX_DEPTH || !budget.takes(size) || size as u64 > self.max_file_bytes {
                self.keep_members(&member, prepared);
                prepared.outcomes.push(self.failed(member, TOO_MUCH.to_owned()));
                continue;
            }
            // What says no date of its own is as old as what it is in.
            let content = Content { changed: extracted.dated, ..Content::of(attachment.bytes) };
            waiting.push_back(Waiting { path: member, content, title: None, depth: depth + 1 });
        }
        let text: usize = extracted.pages.iter().map(|page| page.text.len()).sum();
        if text == 0 {
            if !holds_documents {
                let reason = "holds no text to read, and no documents: check that it is the right file".to_owned();
                prepared.outcomes.push(Outcome { cause: Some(ExtractError::NoText), ..self.failed(path, reason) });
            } else if depth == 0 {
                prepared.is_gone = true;
            } else if let Some(members) = &mut prepared.members {
                members.remove(&path);
            }
            return Ok(());
        }
        if depth > 0 && !budget.takes_text(text) {
            prepared.outcomes.push(self.failed(path, TOO_MUCH.to_owned()));
            return Ok(());
        }
        let this = Arc::clone(self);
        let own = path.clone();
        match on_a_thread(move || this.revision(own, &extracted, &content)).await?? {
            Some(revision) => prepared.revisions.push(revision),
            None => prepared.outcomes.push(self.failed(path, "holds no text that could be searched".to_owned())),
        }
        Ok(())
    }

    /// Reads it, and tells each second how far it is.
    async fn extract(&self, path: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError> {
        let last = Mutex::new(Instant::now());
        let progress = |page, pages| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= PACE {
                *last = Instant::now();
                // Full where embedding takes its time: nothing is read meanwhile either.
                let _ = self.progress.try_send(Progress { path: path.to_owned(), page, pages });
            }
        };
        self.workers.extract_telling(path, bytes, &progress).await
    }

    /// What is known of the files within a file stays.
    fn keep_members(&self, path: &str, prepared: &mut Prepared) {
        let below = format!("{path}/");
        let members = self.known.keys().filter(|known| known.starts_with(&below)).cloned();
        prepared.members.get_or_insert_default().extend(members);
    }

    /// Blocks for the time of cutting the document and keeping its bytes. `None` for one without passages.
    fn revision(&self, path: String, extracted: &Extracted, content: &Content) -> Result<Option<NewRevision>, Error> {
        let title = title(extracted, &path);
        let settings = chunk::ChunkSettings { target_tokens: self.target_tokens, max_tokens: self.embedder.max_tokens() };
        let passages = chunk::chunk(extracted, &title, &settings, &|text| self.embedder.count_tokens(text));
        if passages.is_empty() {
            return Ok(None);
        }
        self.originals.keep(&content.hash, &content.bytes)?;
        let page =
            |page: &extraction::ExtractedPage| catalog::Page { number: page.number, label: page.label.clone(), text: page.text.clone() };
        Ok(Some(NewRevision {
            collection_id: self.collection,
            path,
            title,
            format: extracted.format,
            paged: extracted.paged,
            language: text::language::of_document(extracted.pages.iter().map(|page| page.text.as_str())).map(str::to_owned),
            dated: extracted.dated,
            content_hash: content.hash.clone(),
            pipeline: self.pipeline.clone(),
            byte_count: i64::try_from(content.bytes.len()).unwrap_or(i64::MAX),
            pages: extracted.pages.iter().map(page).collect(),
            layouts: extracted.pages.iter().map(layout::page_layout).collect(),
            passages,
        }))
    }

    fn failed(&self, path: String, mut reason: String) -> Outcome {
        let kept = self.known.contains_key(&path);
        if kept {
            reason.push_str("; its earlier version stays searchable");
        }
        Outcome { kept, ..Outcome::failed(path, reason) }
    }
}

fn unchanged(path: String, known: &KnownSource) -> Outcome {
    Outcome {
        document: Some(known.document_id),
        revision: Some(known.revision_id),
        pages: Some(known.page_count),
        passages: Some(known.passage_count),
        ..Outcome::new(path, Status::Unchanged)
    }
}

const TOO_MUCH: &str = "was not read: the file that it is in holds too much, or too deeply; unpack that and ingest the folder";

impl Prepared {
    /// Notes a file within the file; one whose name is taken gets another.
    fn new_member(&mut self, path: &str) -> String {
        let members = self.members.get_or_insert_default();
        let names = std::iter::once(path.to_owned()).chain((2..).map(|n| format!("{path} ({n})")));
        let name = names.into_iter().find(|name| !members.contains(name)).unwrap_or_default();
        members.insert(name.clone());
        name
    }

    /// A file with something in it that failed is read again by the next run: what was missing may be there then.
    fn try_holders_again(&mut self) {
        let failed: Vec<&str> = self.outcomes.iter().filter(|o| o.status == Status::Failed).map(|o| o.path.as_str()).collect();
        for revision in &mut self.revisions {
            let below = format!("{}/", revision.path);
            if failed.iter().any(|path| path.starts_with(&below)) {
                revision.pipeline.push('!');
            }
        }
    }
}

/// What the files within a file may come to.
struct Budget {
    members: usize,
    bytes: usize,
    text: usize,
}

impl Budget {
    fn takes(&mut self, bytes: usize) -> bool {
        match (self.members.checked_sub(1), self.bytes.checked_sub(bytes)) {
            (Some(members), Some(bytes)) => {
                *self = Self { members, bytes, ..*self };
                true
            }
            _ => false,
        }
    }

    fn takes_text(&mut self, bytes: usize) -> bool {
        let left = self.text.checked_sub(bytes);
        self.text = left.unwrap_or(self.text);
        left.is_some()
    }
}

/// The document's own title, else its file name.
fn title(extracted: &Extracted, path: &str) -> String {
    match extracted.title.as_deref().map(str::trim) {
        Some(title) if !title.is_empty() => title.to_owned(),
        _ => Path::new(path).file_stem().map_or_else(|| path.to_owned(), |stem| stem.to_string_lossy().into_owned()),
    }
}
