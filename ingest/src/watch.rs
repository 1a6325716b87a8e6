//! Folders on the server that are looked at from time to time: what is new or changed in them is read, what is gone from them is deleted.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use catalog::{DocumentId, KnownSource};

use crate::{
    Error, Event, Ingest, Outcome, Status, Summary, on_a_thread,
    pipeline::{is_below, is_of},
    source,
};

/// A folder whose documents go into a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedFolder {
    /// Absolute.
    pub path: PathBuf,
    /// Name of the collection; made if there is none.
    pub collection: String,
}

/// Files of one run: between two runs, what people published has its turn.
const RUN: usize = 64;

/// What is known of a file without reading it.
type Look = (Option<SystemTime>, u64);

/// A folder, and what it held when it was last looked at.
pub(crate) struct Watched {
    pub(crate) folder: WatchedFolder,
    seen: HashMap<String, Look>,
    /// Documents whose files are missing, by how many looks in a row.
    missing: HashMap<DocumentId, u32>,
    /// Documents that stayed at the last look though their files are missing.
    pub(crate) held: usize,
    due: Instant,
}

/// Looks in a row at which a file is missing before its document is deleted: what is being replaced or renamed is missing for a moment.
const LOOKS: u32 = 2;

/// A document whose file is missing.
pub(crate) enum Gone {
    /// For so long that it is deleted.
    For(DocumentId),
    /// Its whole folder is empty or gone, as a share looks that is not mounted: nothing is to be lost by it.
    Perhaps,
}

/// What a look found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) indexed: usize,
    pub(crate) deleted: usize,
    /// Documents that stay though their files are missing.
    pub(crate) held: usize,
    /// Files that could not be read, with the reason.
    pub(crate) failed: Vec<Outcome>,
}

impl Found {
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self { held: self.held, ..Self::default() }
    }

    fn add(&mut self, summary: &Summary, outcomes: Vec<Outcome>) {
        self.indexed += summary.indexed;
        self.failed.extend(outcomes.into_iter().filter(|outcome| outcome.status == Status::Failed));
    }
}

/// What is to be done at a look.
pub(crate) struct Plan {
    /// New and changed files, in parts that are run one after another.
    pub(crate) parts: Vec<Vec<PathBuf>>,
    now: HashMap<String, Look>,
    /// What could not be looked at: it says nothing about its files.
    unseen: Vec<String>,
}

impl Watched {
    pub(crate) fn new(folder: WatchedFolder) -> Self {
        Self { folder, seen: HashMap::new(), missing: HashMap::new(), held: 0, due: Instant::now() }
    }

    pub(crate) fn is_due(&self) -> bool {
        self.due <= Instant::now()
    }

    pub(crate) fn next_in(&mut self, time: Duration) {
        self.due = Instant::now() + time;
    }

    /// # Errors
    /// The folder can't be looked at, or is empty where it was not: a share that is not mounted looks like that, and nothing is to be lost by it.
    pub(crate) async fn plan(&self, knows_any: bool) -> Result<Result<Plan, String>, Error> {
        let path = self.folder.path.clone();
        let (found, looks) = on_a_thread(move || {
            let found = source::discover(&[path]);
            let looks: Vec<Look> = found.files.iter().map(|file| look(Path::new(file))).collect();
            (found, looks)
        })
        .await?;
        if let Some((_, reason)) = found.failures.iter().find(|(path, _)| Path::new(path) == self.folder.path) {
            return Ok(Err(reason.clone()));
        }
        if found.files.is_empty() && (knows_any || !self.seen.is_empty()) {
            return Ok(Err(
                "holds no document any more, and nothing was deleted for it: it may not be mounted. If it is meant to be empty, \
                           delete its documents in the portal"
                    .to_owned(),
            ));
        }
        let now: HashMap<String, Look> = found.files.into_iter().zip(looks).collect();
        let mut changed: Vec<&String> =
            now.iter().filter(|(file, look)| self.seen.get(*file) != Some(look)).map(|(file, _)| file).collect();
        changed.sort();
        let parts = changed.chunks(RUN).map(|part| part.iter().map(PathBuf::from).collect()).collect();
        let unseen = found.failures.into_iter().map(|(path, _)| path).collect();
        Ok(Ok(Plan { parts, now, unseen }))
    }

    /// The documents whose files are missing. Those of files within a file go with it.
    pub(crate) fn gone(&mut self, plan: &Plan, known: Vec<KnownSource>) -> Vec<Gone> {
        let present: HashSet<&str> = plan.now.keys().map(String::as_str).collect();
        let folders: HashSet<&str> = present.iter().filter_map(|file| file.rsplit_once('/')).map(|(folder, _)| folder).collect();
        let unseen = |path: &str| plan.unseen.iter().any(|failed| path == failed || is_below(path, failed));
        let missing = known.into_iter().filter(|known| !is_of(&present, &known.path) && !unseen(&known.path));
        let mut counted = HashMap::new();
        let mut gone = Vec::new();
        for KnownSource { path, document_id, .. } in missing {
            // Of the folders that it may be in (a file holds others at paths below its own) one still has files.
            let holder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !folders.contains(holder) {
                gone.push(Gone::Perhaps);
                continue;
            }
            let looks = self.missing.get(&document_id).copied().unwrap_or_default() + 1;
            if looks >= LOOKS {
                gone.push(Gone::For(document_id));
            }
            counted.insert(document_id, looks);
        }
        self.missing = counted;
        gone
    }

    /// All of a plan is done.
    pub(crate) fn done(&mut self, plan: Plan) {
        self.seen = plan.now;
    }
}

fn look(file: &Path) -> Look {
    file.metadata().map_or((None, 0), |data| (data.modified().ok(), data.len()))
}

/// Runs files, or a folder, and adds what came of it.
pub(crate) async fn run(ingest: &Ingest, paths: &[PathBuf], collection: &str, found: &mut Found) -> Result<(), Error> {
    let mut outcomes = Vec::new();
    let summary = ingest
        .run(paths, collection, |event| {
            if let Event::Document(outcome) = event {
                outcomes.push(outcome);
            }
        })
        .await?;
    found.add(&summary, outcomes);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(path: &Path) -> KnownSource {
        KnownSource {
            path: path.display().to_string(),
            content_hash: String::new(),
            pipeline: String::new(),
            document_id: DocumentId::new(),
            revision_id: catalog::RevisionId::new(),
            page_count: 1,
            passage_count: 1,
        }
    }

    #[tokio::test]
    async fn only_what_changed_is_run_and_what_may_not_be_mounted_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = std::fs::canonicalize(folder.path()).unwrap();
        std::fs::create_dir(path.join("sub")).unwrap();
        for file in ["a.md", "b.md", "sub/c.md"] {
            std::fs::write(path.join(file), "text").unwrap();
        }
        let documents: Vec<KnownSource> = ["a.md", "b.md", "sub/c.md", "a.md/member"].iter().map(|file| known(&path.join(file))).collect();
        let mut watched = Watched::new(WatchedFolder { path: path.clone(), collection: "hr".into() });
        let plan = watched.plan(false).await.unwrap().unwrap();
        assert_eq!(plan.parts.concat().len(), 3);
        assert!(watched.gone(&plan, documents.clone()).is_empty());
        watched.done(plan);
        assert!(watched.plan(true).await.unwrap().unwrap().parts.is_empty(), "nothing has changed");
        std::fs::write(path.join("b.md"), "longer").unwrap();
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert_eq!(plan.parts.concat(), [path.join("b.md")]);
        watched.done(plan);

        // Missing for one look it may be in the middle of being replaced; a folder that is empty may not be mounted.
        std::fs::remove_file(path.join("b.md")).unwrap();
        std::fs::remove_file(path.join("sub/c.md")).unwrap();
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert!(matches!(watched.gone(&plan, documents.clone())[..], [Gone::Perhaps]));
        let gone = watched.gone(&plan, documents.clone());
        assert!(matches!(gone[..], [Gone::For(id), Gone::Perhaps] if id == documents[1].document_id));
        std::fs::write(path.join("b.md"), "back").unwrap();
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert!(matches!(watched.gone(&plan, documents.clone())[..], [Gone::Perhaps]), "counted anew");
        watched.done(plan);
        std::fs::remove_file(path.join("a.md")).unwrap();
        std::fs::remove_file(path.join("b.md")).unwrap();
        assert!(watched.plan(true).await.unwrap().err().unwrap().contains("may not be mounted"));
        std::fs::remove_dir_all(&path).unwrap();
        assert!(watched.plan(true).await.unwrap().is_err());
    }
}
