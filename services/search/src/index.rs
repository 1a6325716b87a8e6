//! The two halves of the index, written together. A copy of the catalog: it can be deleted and built again.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use catalog::{CollectionId, Format, PassageId, RevisionId};
use chrono::NaiveDate;
use serde::Serialize;

use crate::{Error, Result, dense::Dense, lexical::Lexical};

const LEXICAL: &str = "lexical";
const DENSE: &str = "dense";
const PUBLICATION: &str = "publication";

/// A passage on its way into both halves.
#[derive(Clone, Debug)]
pub struct IndexedPassage {
    pub id: PassageId,
    pub revision: RevisionId,
    pub collection: CollectionId,
    pub format: Format,
    /// Of the document, as its ISO 639-1 code.
    pub language: Option<String>,
    /// The day that the document is of.
    pub dated: Option<NaiveDate>,
    /// Document title and headings: searched with less weight than the text.
    pub context: String,
    /// As [`crate::searched_text`] makes it.
    pub text: String,
    pub vector: Vec<f32>,
}

/// Both halves of the index in one folder. For one process at a time: the caller holds a lock on the folder, because
/// two that write to the dense half would damage it.
pub struct SearchIndex {
    pub(crate) lexical: Lexical,
    pub(crate) dense: Dense,
    path: PathBuf,
    state: Mutex<Completeness>,
}

/// What is known of the index against the catalog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// Live passages that one half or both lack. While there are any, nothing is searched.
    pub lacking: usize,
    /// Whether somebody is adding them.
    pub mending: bool,
}

/// A half that could not be used and was made anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// "words" or "meaning".
    pub half: &'static str,
    pub reason: String,
    /// Where its files are; those of an earlier damage are deleted.
    pub kept: PathBuf,
}

impl SearchIndex {
    /// Opens the index in a folder, or makes an empty one there.
    ///
    /// # Errors
    /// [`Error::Dimensions`] when it was made with another model; [`Error::Open`] when it can't be read.
    pub fn open(path: &Path, dimensions: usize) -> Result<Self> {
        fs::create_dir_all(path).map_err(|e| Error::Open { path: path.to_owned(), reason: e.to_string() })?;
        let (lexical, dense) = (Lexical::open(&path.join(LEXICAL))?, Dense::open(&path.join(DENSE), dimensions)?);
        Ok(Self { lexical, dense, path: path.to_owned(), state: Mutex::default() })
    }

    /// As [`Self::open`], but a half that can't be opened, or whose files are not as they were written, begins anew, empty; returns which,
    /// and why. Reads all words and vectors: for repair.
    ///
    /// # Errors
    /// [`Error::Dimensions`] when it was made with another model; [`Error::Open`] when the folder can't be read or written.
    pub fn open_mended(path: &Path, dimensions: usize) -> Result<(Self, Vec<Damage>)> {
        let mut damages = Vec::new();
        let mut mended = |half, name: &str, check: &dyn Fn(&Path) -> Result<()>| {
            let folder = path.join(name);
            match check(&folder) {
                Err(Error::Open { reason, .. }) => {
                    // Kept: what can't be read now may be readable when files or memory are not short any more.
                    let kept = set_aside(path, name)?;
                    damages.push(Damage { half, reason, kept });
                    Ok(())
                }
                checked => checked,
            }
        };
        mended("words", LEXICAL, &|folder| Lexical::check(folder))?;
        mended("meaning", DENSE, &|folder| Dense::check(folder, dimensions))?;
        Ok((Self::open(path, dimensions)?, damages))
    }

    /// Puts a copy in the place of the half that searches by meaning, of an index that is not open: for one that takes in nothing that is
    /// written, because a file of its log is lost and it counts its operations from the beginning again. Keeps all vectors.
    ///
    /// # Errors
    /// [`Error::Open`] when the folder can't be read or written.
    pub fn renew(path: &Path, dimensions: usize) -> Result<Damage> {
        let copy = Dense::copied(&path.join(DENSE), dimensions)?;
        let kept = set_aside(path, DENSE)?;
        fs::rename(copy, path.join(DENSE)).map_err(|e| Error::Open { path: path.to_owned(), reason: e.to_string() })?;
        let reason = "it took in nothing that was written, as if a file of its log were lost".into();
        Ok(Damage { half: "meaning", reason, kept })
    }

    /// The words of a text that a query looks for, in their order, in bytes.
    #[must_use]
    pub fn marks(&self, query: &str, text: &str) -> Vec<Range<usize>> {
        self.lexical.marks(query, text)
    }

    #[must_use]
    pub fn completeness(&self) -> Completeness {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what is known now. Searches go by it.
    pub fn set_completeness(&self, state: Completeness) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The state of the catalog that this index was last equal to; `None` where that is not known.
    #[must_use]
    pub fn publication(&self) -> Option<String> {
        fs::read_to_string(self.path.join(PUBLICATION)).ok()
    }

    /// Notes which state of the catalog this index is equal to.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn set_publication(&self, publication: &str) -> Result<()> {
        fs::write(self.path.join(PUBLICATION), publication).map_err(|e| Error::Write(e.to_string()))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds passages; they are found after [`Self::commit`]. Blocks.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn add(&self, passages: &[IndexedPassage]) -> Result<()> {
        if passages.is_empty() {
            return Ok(());
        }
        thread::scope(|scope| {
            let dense = scope.spawn(|| self.dense.add(passages));
            self.lexical.add(passages)?;
            dense.join().map_err(|_| Error::Write("vectors could not be added".into()))?
        })
    }

    /// Takes out all passages of these revisions; done for good after [`Self::commit`]. Blocks.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn remove_revisions(&self, revisions: &[RevisionId]) -> Result<()> {
        if revisions.is_empty() {
            return Ok(());
        }
        self.lexical.remove_revisions(revisions)?;
        self.dense.remove_revisions(revisions)
    }

    /// Takes out single passages. Blocks.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn remove_passages(&self, passages: &[PassageId]) -> Result<()> {
        if passages.is_empty() {
            return Ok(());
        }
        self.lexical.remove_passages(passages)?;
        self.dense.remove_passages(passages)
    }

    /// Writes everything to the disk and shows it to searches. Blocks.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn commit(&self) -> Result<()> {
        self.lexical.commit()?;
        self.dense.commit()
    }

    /// Whether so many passages were added since [`Self::optimize`] that searching takes noticeably longer.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.dense.is_due()
    }

    /// Brings what was added and deleted into the form that is fast to search; cheap where there is little of it. Blocks, for minutes where
    /// a hundred thousand passages are new; searches go on meanwhile, additions wait.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn optimize(&self) -> Result<()> {
        self.lexical.optimize()?;
        self.dense.optimize()
    }

    /// The vectors of those of these passages that the index holds. Blocks.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn vectors(&self, passages: &[PassageId]) -> Result<Vec<(PassageId, Vec<f32>)>> {
        self.dense.vectors(passages)
    }

    /// Passages in each half: (by words, by meaning). Equal to the catalog's live passages when all is well.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn counts(&self) -> Result<(usize, usize)> {
        Ok((self.lexical.count(), self.dense.count()?))
    }

    /// Ids in each half, sorted: (by words, by meaning). Costs memory and time in the size of the index: for repair.
    ///
    /// # Errors
    /// The index can't be read.
    pub fn passage_ids(&self) -> Result<(Vec<PassageId>, Vec<PassageId>)> {
        let (mut lexical, mut dense) = (self.lexical.ids()?, self.dense.ids()?);
        lexical.sort_unstable();
        dense.sort_unstable();
        Ok((lexical, dense))
    }
}

/// Moves a half out of the way; what an earlier damage left there is deleted.
fn set_aside(path: &Path, name: &str) -> Result<PathBuf> {
    let (folder, kept) = (path.join(name), path.join(format!("{name}.damaged")));
    let free = if kept.exists() { fs::remove_dir_all(&kept) } else { Ok(()) };
    free.and_then(|()| fs::rename(&folder, &kept)).map_err(|e| Error::Open { path: folder, reason: e.to_string() })?;
    Ok(kept)
}
