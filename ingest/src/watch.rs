//! Folders on the server that are looked at from time to time: what is new or changed in them is read, what is gone from them is deleted.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use crate::{Error, Event, Ingest, Outcome, Status, Summary, on_a_thread, source};

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
    /// Whether all of it was looked at since the start: only then what is gone from it is known.
    whole: bool,
    due: Instant,
}

/// What a look found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) indexed: usize,
    pub(crate) deleted: usize,
    /// Files that could not be read, with the reason.
    pub(crate) failed: Vec<(String, String)>,
}

impl Found {
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, summary: &Summary, outcomes: Vec<Outcome>) {
        self.indexed += summary.indexed;
        self.deleted += summary.deleted;
        let failed = outcomes.into_iter().filter(|outcome| outcome.status == Status::Failed);
        self.failed.extend(failed.map(|outcome| (outcome.path, outcome.error.unwrap_or_default())));
    }
}

/// What is to be done at a look.
pub(crate) struct Plan {
    /// New and changed files, in parts that are run one after another.
    pub(crate) parts: Vec<Vec<PathBuf>>,
    /// Whether the whole folder is run at last, for what is gone from it.
    pub(crate) whole: bool,
    now: HashMap<String, Look>,
}

impl Watched {
    pub(crate) fn new(folder: WatchedFolder) -> Self {
        Self { folder, seen: HashMap::new(), whole: false, due: Instant::now() }
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
        let whole = !self.whole || self.seen.keys().any(|file| !now.contains_key(file));
        Ok(Ok(Plan { parts, whole, now }))
    }

    /// All of a plan is done.
    pub(crate) fn done(&mut self, plan: Plan) {
        self.seen = plan.now;
        self.whole = true;
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

    #[tokio::test]
    async fn only_what_changed_is_run_and_an_empty_folder_deletes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = std::fs::canonicalize(folder.path()).unwrap();
        std::fs::write(path.join("a.md"), "A").unwrap();
        std::fs::write(path.join("b.md"), "B").unwrap();
        let mut watched = Watched::new(WatchedFolder { path: path.clone(), collection: "hr".into() });
        let plan = watched.plan(false).await.unwrap().unwrap();
        assert_eq!((plan.parts.concat().len(), plan.whole), (2, true));
        watched.done(plan);
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert_eq!((plan.parts.len(), plan.whole), (0, false), "nothing has changed");
        std::fs::write(path.join("b.md"), "longer").unwrap();
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert_eq!((plan.parts.concat(), plan.whole), (vec![path.join("b.md")], false));
        watched.done(plan);
        std::fs::remove_file(path.join("a.md")).unwrap();
        let plan = watched.plan(true).await.unwrap().unwrap();
        assert_eq!((plan.parts.len(), plan.whole), (0, true), "what is gone is told by the whole");
        std::fs::remove_file(path.join("b.md")).unwrap();
        assert!(watched.plan(true).await.unwrap().err().unwrap().contains("may not be mounted"));
        std::fs::remove_dir(&path).unwrap();
        assert!(watched.plan(true).await.unwrap().is_err());
    }
}
