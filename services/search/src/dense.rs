//! The half that searches by meaning: qdrant-edge in process, nearest vectors by cosine.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use catalog::{CollectionId, PassageId, RevisionId, Scope};
use qdrant_edge::{
    AnyVariants, Condition, CountRequest, CreateIndex, DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeOptimizersConfig, EdgeShard,
    EdgeVectorParams, FieldCondition, FieldIndexOperations, Filter, HnswIndexConfig, JsonPath, Match, NamedQuery, PayloadFieldSchema,
    PayloadSchemaType, PointId, PointInsertOperations, PointOperations, PointStruct, QueryEnum, ScrollRequest, SearchParams, SearchRequest,
    UpdateOperation, VectorInternal, WithPayloadInterface, WithVector,
};
use serde_json::json;
use uuid::Uuid;

use crate::{Error, IndexedPassage, Result};

const COLLECTION: &str = "collection";
const REVISION: &str = "revision";
/// Below this size of the vectors that pass a filter, all of them are compared: exact, and faster than the graph,
/// which loses most of its recall under filters that let few points pass (measured: recall 0.10 at 10%).
const EXACT_BELOW_KB: usize = 200_000;

pub(crate) struct Dense {
    shard: EdgeShard,
    /// Writes and flushes one after another: the shard's own flush panics when it meets a writer.
    writing: Mutex<()>,
}

impl Dense {
    pub(crate) fn open(path: &Path, dimensions: usize) -> Result<Self> {
        let failed = |reason: String| Error::Open { path: path.to_owned(), reason };
        fs::create_dir_all(path).map_err(|e| failed(e.to_string()))?;
        let exists = path.join("edge_config.json").exists();
        let opened = if exists { EdgeShard::load(path, None) } else { EdgeShard::new(path, config(dimensions)) };
        let shard = opened.map_err(|e| failed(e.to_string()))?;
        let found = shard.config().vectors.get(DEFAULT_VECTOR_NAME).map_or(0, |v| v.size);
        if found != dimensions {
            return Err(Error::Dimensions { path: path.to_owned(), found, expected: dimensions });
        }
        let dense = Self { shard, writing: Mutex::new(()) };
        if !exists {
            dense.index_payload(COLLECTION)?;
            dense.index_payload(REVISION)?;
        }
        Ok(dense)
    }

    pub(crate) fn add(&self, passages: &[IndexedPassage]) -> Result<()> {
        let points = passages.iter().map(|p| {
            let payload = json!({ COLLECTION: p.collection, REVISION: p.revision });
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
    pub(crate) fn search(&self, vector: &[f32], scope: &Scope, limit: usize) -> Result<Vec<(PassageId, f32)>> {
        let filter = match scope {
            Scope::Everything => None,
            Scope::Collections(collections) => Some(collection_filter(collections)?),
        };
        let request = SearchRequest {
            query: QueryEnum::Nearest(NamedQuery::default_dense(vector.to_vec())),
            filter,
            params: Some(SearchParams { hnsw_ef: Some(128), ..SearchParams::default() }),
            limit,
            offset: 0,
            with_payload: Some(WithPayloadInterface::Bool(false)),
            with_vector: Some(WithVector::Bool(false)),
            score_threshold: None,
        };
        let found = self.shard.search(request).map_err(|e| Error::Query(e.to_string()))?;
        found.into_iter().map(|p| Ok((passage(p.id)?, p.score))).collect()
    }

    /// Cosines of single passages to a vector of length 1; those that are not in the index are left out.
    pub(crate) fn cosines(&self, vector: &[f32], passages: &[PassageId]) -> Result<Vec<(PassageId, f32)>> {
        let stored = self.vectors(passages)?.into_iter();
        Ok(stored.map(|(passage, stored)| (passage, stored.iter().zip(vector).map(|(a, b)| a * b).sum())).collect())
    }

    /// What is stored of these passages.
    pub(crate) fn vectors(&self, passages: &[PassageId]) -> Result<Vec<(PassageId, Vec<f32>)>> {
        let ids: Vec<PointId> = passages.iter().map(|&p| point(p)).collect();
        let records = self
            .shard
            .retrieve(&ids, Some(WithPayloadInterface::Bool(false)), Some(WithVector::Bool(true)))
            .map_err(|e| Error::Query(e.to_string()))?;
        let mut vectors = Vec::with_capacity(records.len());
        for record in records {
            let stored = record.vector.as_ref().and_then(|v| v.get(DEFAULT_VECTOR_NAME));
            if let Some(VectorInternal::Dense(stored)) = stored.map(|v| v.to_owned()) {
                vectors.push((passage(record.id)?, stored));
            }
        }
        Ok(vectors)
    }

    pub(crate) fn count(&self) -> Result<usize> {
        self.shard.count(CountRequest { filter: None, exact: true }).map_err(|e| Error::Query(e.to_string()))
    }

    pub(crate) fn ids(&self) -> Result<Vec<PassageId>> {
        let (mut ids, mut offset) = (Vec::new(), None);
        loop {
            let request = ScrollRequest {
                offset,
                limit: Some(10_000),
                filter: None,
                with_payload: Some(WithPayloadInterface::Bool(false)),
                with_vector: WithVector::Bool(false),
                order_by: None,
            };
            let (records, next) = self.shard.scroll(request).map_err(|e| Error::Query(e.to_string()))?;
            for record in records {
                ids.push(passage(record.id)?);
            }
            match next {
                Some(next) => offset = Some(next),
                None => return Ok(ids),
            }
        }
    }

    fn index_payload(&self, field: &str) -> Result<()> {
        let create =
            CreateIndex { field_name: path(field)?, field_schema: Some(PayloadFieldSchema::FieldType(PayloadSchemaType::Keyword)) };
        self.update(UpdateOperation::FieldIndexOperation(FieldIndexOperations::CreateIndex(create)))
    }

    fn update(&self, operation: UpdateOperation) -> Result<()> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.shard.update(operation).map_err(|e| Error::Write(e.to_string()))
    }
}

trait IntoOperation {
    fn into_operation(self) -> UpdateOperation;
}

impl IntoOperation for PointOperations {
    fn into_operation(self) -> UpdateOperation {
        UpdateOperation::PointOperation(self)
    }
}

fn config(dimensions: usize) -> EdgeConfig {
    let vectors = EdgeVectorParams {
        size: dimensions,
        distance: Distance::Cosine,
        on_disk: Some(true),
        multivector_config: None,
        datatype: None,
        quantization_config: None,
        hnsw_config: None,
    };
    EdgeConfig {
        vectors: [(DEFAULT_VECTOR_NAME.to_owned(), vectors)].into(),
        hnsw_config: HnswIndexConfig { m: 16, ef_construct: 128, full_scan_threshold: EXACT_BELOW_KB, ..HnswIndexConfig::default() },
        optimizers: EdgeOptimizersConfig { indexing_threshold: Some(EXACT_BELOW_KB), ..EdgeOptimizersConfig::default() },
        ..EdgeConfig::default()
    }
}

fn collection_filter(collections: &[CollectionId]) -> Result<Filter> {
    matches_any(COLLECTION, collections.iter().map(ToString::to_string))
}

fn matches_any(field: &str, values: impl Iterator<Item = String>) -> Result<Filter> {
    let any = Match::new_any(AnyVariants::Strings(values.collect()));
    Ok(Filter::new_must(Condition::Field(FieldCondition::new_match(path(field)?, any))))
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
