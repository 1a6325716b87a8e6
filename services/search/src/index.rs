//! The two halves of the index, written together. A copy of the catalog: it can be deleted and built again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use catalog::{CollectionId, PassageId, RevisionId};

use crate::{Error, Result, dense::Dense, lexical::Lexical};

/// A passage on its way into both halves.
#[derive(Clone, Debug)]
pub struct IndexedPassage {
    pub id: PassageId,
    pub revision: RevisionId,
    pub collection: CollectionId,
    /// Document title and headings: searched with less weight than the text.
    pub context: String,
    pub text: String,
    pub vector: Vec<f32>,
}

/// Both halves of the index in one folder. For one process at a time: the caller holds a lock on the folder, because
/// two that write to the dense half would damage it.
pub struct SearchIndex {
    pub(crate) lexical: Lexical,
    pub(crate) dense: Dense,
    path: PathBuf,
}

impl SearchIndex {
    /// Opens the index in a folder, or makes an empty one there.
    ///
    /// # Errors
    /// [`Error::Dimensions`] when it was made with another model; [`Error::Open`] when it can't be read.
    pub fn open(path: &Path, dimensions: usize) -> Result<Self> {
        fs::create_dir_all(path).map_err(|e| Error::Open { path: path.to_owned(), reason: e.to_string() })?;
        Ok(Self {
            lexical: Lexical::open(&path.join("lexical"))?,
            dense: Dense::open(&path.join("dense"), dimensions)?,
            path: path.to_owned(),
        })
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
        self.lexical.add(passages)?;
        self.dense.add(passages)
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
