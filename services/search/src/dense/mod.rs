//! The half that searches by meaning: qdrant-edge in process, nearest vectors by cosine.

mod layout;
mod resident;

use std::{
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, TryLockError},
};

use catalog::{PassageId, RevisionId, Scope};
use qdrant_edge::{
    AcornSearchParams, AnyVariants, Condition, CountRequest, DEFAULT_VECTOR_NAME, EdgeShard, FieldCondition, Filter, JsonPath, Match,
    NamedQuery, PointId, PointInsertOperations, PointOperations, PointStruct, QuantizationSearchParams, QueryEnum, Range, ScrollRequest,
    SearchParams, SearchRequest, UpdateOperation, VectorInternal, WithPayloadInterface, WithVector, external::ordered_float::OrderedFloat,
};
use serde_json::json;
use uuid::Uuid;

use crate::{Error, IndexedPassage, Result};

const COLLECTION: &str = "collection";
const REVISION: &str = "revision";
const FORMAT: &str = "format";
const LANGUAGE: &str = "language";
/// Days since 1970.
const DATED: &str = "dated";
/// How many passages are kept in view while the graph is searched. Of a million, 128 found 95.3% of the ten nearest, 256 97.7%, 320 98.4%
/// and 400 99.0%, all of them in under 3 ms.
const BEAM: usize = 320;
/// The same where a filter makes each step dearer: with half of a million passing, 100 found 97.5%, 160 99.4%.
const FILTERED_BEAM: usize = 160;
/// Up to so many passages half of the beam does: of 100,000, 99.9% were found with it and with filters that half or a third of them pass.
const FEW: usize = 200_000;
/// Where at most this share passes a filter, the graph is walked over what doesn't pass, too (ACORN-1, Patel et al. 2024). Without it, half
/// of a million passing, 94% were found; with it, 99%.
const WALK_OVER: f64 = 0.9;

pub(crate) struct Dense {
    shard: EdgeShard,
    /// Writes and flushes one after another: the shard's own flush panics when it meets a writer.
    writing: Mutex<()>,
    /// Held by whoever reads, so that pages are unmapped while nobody does.
    reading: RwLock<()>,
    searches: resident::Searches,
    folder: PathBuf,
}

impl Dense {
    pub(crate) fn open(path: &Path, dimensions: usize) -> Result<Self> {
        let (shard, writing, reading) = (layout::open(path, dimensions)?, Mutex::default(), RwLock::default());
        Ok(Self { shard, writing, reading, searches: resident::Searches::default(), folder: path.to_owned() })
    }

    /// Whether it can be opened, and all vectors can be read.
    pub(crate) fn check(path: &Path, dimensions: usize) -> Result<()> {
        let dense = Self::open(path, dimensions)?;
        let read = layout::guarded(path, AssertUnwindSafe(|| dense.ids().map(drop)));
        read?.map_err(|e| Error::Open { path: path.to_owned(), reason: e.to_string() })
    }

    /// A copy of it beside its folder, which takes in what is written; returns where it is.
    pub(crate) fn copied(path: &Path, dimensions: usize) -> Result<PathBuf> {
        layout::copied(path, dimensions)
    }

    pub(crate) fn add(&self, passages: &[IndexedPassage]) -> Result<()> {
        let points = passages.iter().map(|p| {
            let payload = json!({
                COLLECTION: p.collection, REVISION: p.revision, FORMAT: p.format, LANGUAGE: p.language, DATED: p.dated.map(|day| day.to_epoch_days()),
            });
            PointStruct::new(point(p.id), p.vector.clone(), payload).into()
        });
        self.update(PointOperations::UpsertPoints(PointInsertOperations::PointsList(points.collect())).into_operation())
    }

    pub(crate) fn remove_revisions(&self, revisions: &[RevisionId]) -> Result<()> {
        let filter = matches_any(REVISION, revisions.iter().map(ToString::to_string))?;
        self.update(PointOperations::DeletePointsByFilter(filter).into_operation())
    }

    pub(crate) fn remove_passages(&self, passages: &[PassageId]) -> Result<()> {
        let ids = passages.iter().map(|&p| point(p)).collect();
        self.update(PointOperations::DeletePoints { ids }.into_operation())
    }

    pub(crate) fn commit(&self) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.shard.flush();
        Ok(())
    }

    /// The nearest passages with their cosines, nearest first.
    pub(crate) fn search(&self, vector: &[f32], scope: &Scope, wanted: &catalog::Filter, limit: usize) -> Result<Vec<(PassageId, f32)>> {
        let mut conditions = conditions(wanted)?;
        let mut hidden = None;
        if let Scope::Within { collections, except } = scope {
            conditions.push(any_of(COLLECTION, collections.iter().map(ToString::to_string))?);
            hidden =
                (!except.is_empty()).then(|| any_of(REVISION, except.iter().map(ToString::to_string))).transpose()?.map(|any| vec![any]);
        }
        let filter = (!conditions.is_empty()).then(|| Filter { must: Some(conditions), must_not: hidden, ..Filter::new() });
        let widest = if filter.is_some() { FILTERED_BEAM } else { BEAM };
        let beam = if self.shard.info().points_count <= FEW { widest / 2 } else { widest };
        let request = SearchRequest {
            query: QueryEnum::Nearest(NamedQuery::default_dense(vector.to_vec())),
            filter,
            params: Some(SearchParams {
                hnsw_ef: Some(beam.max(limit)),
                quantization: Some(QuantizationSearchParams { ignore: false, rescore: Some(true), oversampling: None }),
                acorn: Some(AcornSearchParams { enable: true, max_selectivity: Some(OrderedFloat(WALK_OVER)) }),
                ..SearchParams::default()
            }),
            limit,
            offset: 0,
            with_payload: Some(WithPayloadInterface::Bool(false)),
            with_vector: Some(WithVector::Bool(false)),
            score_threshold: None,
        };
        let reading = self.reading();
        let found = self.shard.search(request).map_err(|e| Error::Query(e.to_string()))?;
        drop(reading);
        if self.searches.count() {
            self.unmap();
        }
        found.into_iter().map(|p| Ok((passage(p.id)?, p.score))).collect()
    }

    /// Cosines of single passages to a vector of length 1; those that are not in the index are left out.
    pub(crate) fn cosines(&self, vector: &[f32], passages: &[PassageId]) -> Result<Vec<(PassageId, f32)>> {
        let stored = self.vectors(passages)?.into_iter();
        Ok(stored.map(|(passage, stored)| (passage, stored.iter().zip(vector).map(|(a, b)| a * b).sum())).collect())
    }

    /// What is stored of these passages, and whole.
    pub(crate) fn vectors(&self, passages: &[PassageId]) -> Result<Vec<(PassageId, Vec<f32>)>> {
        let ids: Vec<PointId> = passages.iter().map(|&p| point(p)).collect();
        let _reading = self.reading();
        let records = self
            .shard
            .retrieve(&ids, Some(WithPayloadInterface::Bool(false)), Some(WithVector::Bool(true)))
            .map_err(|e| Error::Query(e.to_string()))?;
        let mut vectors = Vec::with_capacity(records.len());
        for record in records {
            let stored = record.vector.as_ref().and_then(|v| v.get(DEFAULT_VECTOR_NAME));
            if let Some(VectorInternal::Dense(stored)) = stored.map(|v| v.to_owned())
                && is_whole(&stored)
            {
                vectors.push((passage(record.id)?, stored));
            }
        }
        Ok(vectors)
    }

    /// Whether many more are outside of the graph than [`Self::optimize`] leaves there.
    pub(crate) fn is_due(&self) -> bool {
        let info = self.shard.info();
        info.points_count.saturating_sub(info.indexed_vectors_count) > 3 * layout::OUTSIDE_GRAPH
    }

    /// Puts passages into the graph where enough are outside, and takes deleted ones out of it.
    pub(crate) fn optimize(&self) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.shard.optimize().map_err(|e| Error::Write(e.to_string()))?;
        self.shard.flush();
        Ok(())
    }

    pub(crate) fn count(&self) -> Result<usize> {
        let _reading = self.reading();
        self.shard.count(CountRequest { filter: None, exact: true }).map_err(|e| Error::Query(e.to_string()))
    }

    /// Those that are there with a whole vector.
    pub(crate) fn ids(&self) -> Result<Vec<PassageId>> {
        let (mut ids, mut offset) = (Vec::new(), None);
        loop {
            let request = ScrollRequest {
                offset,
                limit: Some(10_000),
                filter: None,
                with_payload: Some(WithPayloadInterface::Bool(false)),
                with_vector: WithVector::Bool(true),
                order_by: None,
            };
            let _reading = self.reading();
            let (records, next) = self.shard.scroll(request).map_err(|e| Error::Query(e.to_string()))?;
            for record in records {
                let stored = record.vector.as_ref().and_then(|v| v.get(DEFAULT_VECTOR_NAME));
                if let Some(VectorInternal::Dense(stored)) = stored.map(|v| v.to_owned())
                    && is_whole(&stored)
                {
                    ids.push(passage(record.id)?);
                }
            }
            match next {
                Some(next) => offset = Some(next),
                None => return Ok(ids),
            }
        }
    }

    fn reading(&self) -> RwLockReadGuard<'_, ()> {
        self.reading.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the pages of the vectors that searches read back to the system; not while the index is written to, which can take minutes. Costs
    /// memory alone when it fails, so this is said to the log alone.
    fn unmap(&self) {
        let _not_writing = match self.writing.try_lock() {
            Ok(held) => held,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // The next search tries again.
            Err(TryLockError::WouldBlock) => return,
        };
        self.searches.reset();
        let _not_reading = self.reading.write().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = resident::unmap(&self.folder) {
            tracing::warn!(%error, "pages of the vectors stay in memory");
        }
    }

    fn update(&self, operation: UpdateOperation) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.shard.update(operation).map_err(|e| Error::Write(e.to_string()))
    }
}

/// Vectors are stored at a length of 1: what has another was lost or overwritten.
fn is_whole(stored: &[f32]) -> bool {
    (stored.iter().map(|v| v * v).sum::<f32>().sqrt() - 1.0).abs() < 0.01
}

trait IntoOperation {
    fn into_operation(self) -> UpdateOperation;
}

impl IntoOperation for PointOperations {
    fn into_operation(self) -> UpdateOperation {
        UpdateOperation::PointOperation(self)
    }
}

/// What a filter asks of each point. A point that lacks a field doesn't pass.
fn conditions(wanted: &catalog::Filter) -> Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    if !wanted.formats.is_empty() {
        conditions.push(any_of(FORMAT, wanted.formats.iter().map(|format| format.as_str().to_owned()))?);
    }
    if !wanted.languages.is_empty() {
        conditions.push(any_of(LANGUAGE, wanted.languages.iter().cloned())?);
    }
    if wanted.by_date() {
        let [gte, lte] = [wanted.since, wanted.until].map(|day| day.map(|day| f64::from(day.to_epoch_days()).into()));
        let range = Range { gte, lte, gt: None, lt: None };
        conditions.push(Condition::Field(FieldCondition::new_range(path(DATED)?, range)));
    }
    Ok(conditions)
}

fn matches_any(field: &str, values: impl Iterator<Item = String>) -> Result<Filter> {
    Ok(Filter::new_must(any_of(field, values)?))
}

fn any_of(field: &str, values: impl Iterator<Item = String>) -> Result<Condition> {
    let any = Match::new_any(AnyVariants::Strings(values.collect()));
    Ok(Condition::Field(FieldCondition::new_match(path(field)?, any)))
}

fn path(field: &str) -> Result<JsonPath> {
    field.parse().map_err(|()| Error::Query(format!("{field} is no payload path")))
}

fn point(id: PassageId) -> PointId {
    PointId::Uuid(id.as_uuid())
}

fn passage(id: PointId) -> Result<PassageId> {
    match id {
        PointId::Uuid(id) => Ok(PassageId::from_uuid(Uuid::from_u128(id.as_u128()))),
        PointId::NumId(n) => Err(Error::Query(format!("point {n} is no passage"))),
    }
}
