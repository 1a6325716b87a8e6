//! How vectors are kept, and the folder that they are kept in.

use std::{
    fs, io,
    panic::{self, UnwindSafe},
    path::{Path, PathBuf},
};

use qdrant_edge::{
    CountRequest, CreateIndex, DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeOptimizersConfig, EdgeShard, EdgeVectorParams,
    FieldIndexOperations, HnswIndexConfig, IntegerIndexParams, KeywordIndexParams, PayloadFieldSchema, PayloadSchemaParams,
    PointInsertOperations, PointOperations, PointStruct, ScalarQuantizationConfig, ScalarType, ScrollRequest, UpdateOperation,
    VectorInternal, VectorStorageDatatype, WalOptions, WithPayloadInterface, WithVector,
};

use super::{COLLECTION, DATED, FORMAT, LANGUAGE, REVISION, path as payload_path};
use crate::{Error, Result};

/// So many passages outside of the graph are compared one by one: some 3 ms. More are put into it.
pub(super) const OUTSIDE_GRAPH: usize = 20_000;
/// Where fewer passages of a graph pass a filter, all of them are compared: exact, and faster than the graph, which loses most of its recall under
/// filters that let few points pass (with 10% of 100,000 passing and a threshold of 10 MB, recall was 0.10).
const EXACT_BELOW: usize = 30_000;
/// Graphs side by side. Fewer are faster to search, more are sooner built when passages are added.
const GRAPHS: usize = 4;
/// Bytes of a file of the log.
const LOG_FILE: usize = 4 << 20;
/// Points copied at a time.
const BATCH: usize = 5_000;
/// Bytes of a number that is kept: half precision, which changes cosines by less than 0.001 and takes half the memory.
const NUMBER: usize = 2;

/// Vectors in half precision and the graph stay on the disk; those in 8 bits, which the graph is searched with, are mapped from it.
fn config(dimensions: usize) -> EdgeConfig {
    let kilobytes = |passages: usize| passages * dimensions * NUMBER / 1024;
    let vectors = EdgeVectorParams {
        size: dimensions,
        distance: Distance::Cosine,
        on_disk: Some(true),
        multivector_config: None,
        datatype: Some(VectorStorageDatatype::Float16),
        quantization_config: None,
        hnsw_config: None,
    };
    EdgeConfig {
        vectors: [(DEFAULT_VECTOR_NAME.to_owned(), vectors)].into(),
        hnsw_config: HnswIndexConfig {
            m: 16,
            ef_construct: 128,
            full_scan_threshold: kilobytes(EXACT_BELOW),
            on_disk: Some(true),
            ..HnswIndexConfig::default()
        },
        quantization_config: Some(ScalarQuantizationConfig { r#type: ScalarType::Int8, quantile: None, always_ram: Some(false) }.into()),
        optimizers: EdgeOptimizersConfig {
            default_segment_number: Some(GRAPHS),
            max_segment_size: Some(usize::MAX / 1024),
            indexing_threshold: Some(kilobytes(OUTSIDE_GRAPH)),
            ..EdgeOptimizersConfig::default()
        },
        // Each is made full of zeros, and another beside it.
        wal_options: Some(WalOptions { segment_capacity: LOG_FILE, ..WalOptions::default() }),
        ..EdgeConfig::default()
    }
}

/// Opens the shard of a folder, or makes an empty one there.
pub(super) fn open(folder: &Path, dimensions: usize) -> Result<EdgeShard> {
    let failed = |reason: String| Error::Open { path: folder.to_owned(), reason };
    recover(folder).and_then(|()| fs::create_dir_all(folder)).map_err(|e| failed(e.to_string()))?;
    match EdgeConfig::load(folder) {
        None => new(folder, dimensions),
        Some(Err(error)) => Err(failed(error.to_string())),
        Some(Ok(found)) => {
            let size = found.vectors.get(DEFAULT_VECTOR_NAME).map_or(0, |v| v.size);
            if size != dimensions {
                return Err(Error::Dimensions { path: folder.to_owned(), found: size, expected: dimensions });
            }
            trim_log(&folder.join("wal")).map_err(|e| failed(e.to_string()))?;
            if found.plain_segment_config().check_compatible(&config(dimensions).plain_segment_config()).is_err() {
                upgrade(folder, dimensions)?;
            }
            load(folder, Some(config(dimensions)))
        }
    }
}

fn new(folder: &Path, dimensions: usize) -> Result<EdgeShard> {
    let failed = |reason: String| Error::Open { path: folder.to_owned(), reason };
    let shard = EdgeShard::new(folder, config(dimensions)).map_err(|e| failed(e.to_string()))?;
    for field in [COLLECTION, REVISION, FORMAT, LANGUAGE, DATED] {
        // What a reader may see is asked for in nearly each search: those of a collection are linked among themselves as well.
        let enable_hnsw = Some(field == COLLECTION);
        let schema = match field {
            DATED => PayloadSchemaParams::Integer(IntegerIndexParams { on_disk: Some(true), enable_hnsw, ..IntegerIndexParams::default() }),
            // Others are asked for now and then, and revisions by deletions alone.
            field => {
                let on_disk = Some(field != COLLECTION);
                PayloadSchemaParams::Keyword(KeywordIndexParams { on_disk, enable_hnsw, ..KeywordIndexParams::default() })
            }
        };
        let schema = PayloadFieldSchema::FieldParams(schema);
        let create = CreateIndex { field_name: payload_path(field)?, field_schema: Some(schema) };
        let operation = UpdateOperation::FieldIndexOperation(FieldIndexOperations::CreateIndex(create));
        shard.update(operation).map_err(|e| failed(e.to_string()))?;
    }
    Ok(shard)
}

fn load(folder: &Path, config: Option<EdgeConfig>) -> Result<EdgeShard> {
    let loaded = guarded(folder, || EdgeShard::load(folder, config))?;
    loaded.map_err(|e| Error::Open { path: folder.to_owned(), reason: e.to_string() })
}

/// Some damaged files make it panic: a damage as any other.
pub(super) fn guarded<T>(folder: &Path, work: impl FnOnce() -> T + UnwindSafe) -> Result<T> {
    panic::catch_unwind(work).map_err(|_| Error::Open { path: folder.to_owned(), reason: "its files are damaged".into() })
}

/// Copies what an earlier version laid out otherwise: making vectors anew takes hours where copying takes seconds.
fn upgrade(folder: &Path, dimensions: usize) -> Result<()> {
    tracing::warn!(path = %folder.display(), "the vectors are laid out as an earlier version did and are copied");
    let beside = copied(folder, dimensions)?;
    // Interrupted between the two, the old folder is found again by its other name.
    let swapped = fs::rename(folder, replaced(folder)).and_then(|()| fs::rename(&beside, folder));
    let done = swapped.and_then(|()| fs::remove_dir_all(replaced(folder)));
    done.map_err(|e| Error::Open { path: folder.to_owned(), reason: e.to_string() })
}

/// A copy beside the folder, with a log of its own; returns where it is.
pub(super) fn copied(folder: &Path, dimensions: usize) -> Result<PathBuf> {
    let failed = |reason: String| Error::Open { path: folder.to_owned(), reason };
    let beside = folder.with_extension("new");
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(|e| failed(e.to_string()))?;
    }
    fs::create_dir_all(&beside).map_err(|e| failed(e.to_string()))?;
    let (old, fresh) = (load(folder, None)?, new(&beside, dimensions)?);
    let mut offset = None;
    loop {
        let request = ScrollRequest {
            offset,
            limit: Some(BATCH),
            filter: None,
            with_payload: Some(WithPayloadInterface::Bool(true)),
            with_vector: WithVector::Bool(true),
            order_by: None,
        };
        let (records, next) = old.scroll(request).map_err(|e| failed(e.to_string()))?;
        let points = records.into_iter().filter_map(|record| {
            let vector = record.vector.as_ref().and_then(|v| v.get(DEFAULT_VECTOR_NAME)).map(|v| v.to_owned());
            let Some(VectorInternal::Dense(vector)) = vector else { return None };
            let payload = serde_json::to_value(record.payload.unwrap_or_default()).unwrap_or_default();
            Some(PointStruct::new(record.id, vector, payload).into())
        });
        let insert = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points.collect()));
        fresh.update(UpdateOperation::PointOperation(insert)).map_err(|e| failed(e.to_string()))?;
        match next {
            Some(next) => offset = Some(next),
            None => break,
        }
    }
    let counted = |shard: &EdgeShard| shard.count(CountRequest { filter: None, exact: true }).map_err(|e| failed(e.to_string()));
    let (had, has) = (counted(&old)?, counted(&fresh)?);
    if had != has {
        return Err(failed(format!("of {had} vectors {has} could be copied")));
    }
    Ok(beside)
}

/// What a folder is called while the one that replaces it takes its place.
fn replaced(folder: &Path) -> PathBuf {
    folder.with_extension("old")
}

/// Puts back what an interrupted [`upgrade`] left, or takes it away.
fn recover(folder: &Path) -> io::Result<()> {
    let old = replaced(folder);
    if !old.exists() {
        return Ok(());
    }
    if folder.exists() { fs::remove_dir_all(old) } else { fs::rename(old, folder) }
}

/// The shard keeps a log of all that was written, and never reads it: what was flushed is in its segments. All but the last of its closed
/// files are taken away; that one tells how far it has counted.
fn trim_log(log: &Path) -> io::Result<()> {
    let mut closed = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir(log)? {
        let path = entry?.path();
        files += 1;
        let first = path.file_name().and_then(|name| name.to_str()?.strip_prefix("closed-")?.parse::<u64>().ok());
        closed.extend(first.map(|first| (first, path)));
    }
    if files == 0 {
        return Err(io::Error::other("its log is gone, and what is written without it would be taken for old"));
    }
    closed.sort();
    closed.pop();
    closed.into_iter().try_for_each(|(_, path)| fs::remove_file(path))
}
