//! Both halves of the index on the disk, with made-up vectors.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use catalog::{CollectionId, Format, PassageId, RevisionId};
use qdrant_edge::{
    DEFAULT_VECTOR_NAME, Distance, EdgeConfig, EdgeShard, EdgeVectorParamsBuilder, PointId, PointInsertOperations, PointOperations,
    PointStruct, UpdateOperation,
};
use search::{Error, IndexedPassage, SearchIndex};
use serde_json::json;

const DIMENSIONS: usize = 8;

fn passage(collection: CollectionId, revision: RevisionId, text: &str, axis: usize) -> IndexedPassage {
    let mut vector = vec![0.0; DIMENSIONS];
    vector[axis] = 1.0;
    IndexedPassage {
        id: PassageId::new(),
        revision,
        collection,
        format: Format::Pdf,
        language: None,
        dated: None,
        context: "Handbook".into(),
        text: text.into(),
        vector,
    }
}

#[test]
fn what_is_committed_is_there_after_opening_again_and_what_is_removed_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (collection, kept, dropped) = (CollectionId::new(), RevisionId::new(), RevisionId::new());
    let passages = [
        passage(collection, kept, "annual leave", 0),
        passage(collection, kept, "sick leave", 1),
        passage(collection, dropped, "old leave", 2),
    ];
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    index.add(&passages).unwrap();
    index.commit().unwrap();
    assert_eq!(index.counts().unwrap(), (3, 3));
    index.remove_revisions(&[dropped]).unwrap();
    index.commit().unwrap();
    assert_eq!(index.counts().unwrap(), (2, 2));
    index.remove_passages(&[passages[1].id]).unwrap();
    index.commit().unwrap();
    drop(index);
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    assert_eq!(index.passage_ids().unwrap(), (vec![passages[0].id], vec![passages[0].id]));
}

#[test]
fn adding_a_passage_again_does_not_double_its_vector() {
    let folder = tempfile::tempdir().unwrap();
    let one = passage(CollectionId::new(), RevisionId::new(), "rule", 3);
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    index.add(std::slice::from_ref(&one)).unwrap();
    index.remove_passages(&[one.id]).unwrap();
    index.add(std::slice::from_ref(&one)).unwrap();
    index.commit().unwrap();
    assert_eq!(index.counts().unwrap(), (1, 1));
}

/// As versions left it that kept vectors in full precision and knew neither format nor language nor date.
#[test]
fn the_vectors_of_an_earlier_version_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let dense = folder.path().join("dense");
    fs::create_dir_all(&dense).unwrap();
    let vectors = EdgeVectorParamsBuilder::new(DIMENSIONS, Distance::Cosine).on_disk(true).build();
    let shard = EdgeShard::new(&dense, EdgeConfig { vectors: [(DEFAULT_VECTOR_NAME.to_owned(), vectors)].into(), ..EdgeConfig::default() });
    let passages: Vec<_> = (0..3).map(|axis| passage(CollectionId::new(), RevisionId::new(), "rule", axis)).collect();
    let points = passages.iter().map(|p| PointStruct::new(PointId::Uuid(p.id.as_uuid()), p.vector.clone(), json!({})).into()).collect();
    let insert = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points));
    shard.unwrap().update(UpdateOperation::PointOperation(insert)).unwrap();
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    assert_eq!(index.counts().unwrap(), (0, 3), "words are made anew from the catalog, vectors are not");
    assert_eq!(index.vectors(&[passages[1].id]).unwrap(), [(passages[1].id, passages[1].vector.clone())]);
    drop(index);
    assert_eq!(SearchIndex::open(folder.path(), DIMENSIONS).unwrap().counts().unwrap(), (0, 3));
}

/// Every file of an index in turn: gone, or cut to half.
#[test]
fn what_is_damaged_is_named_and_begins_anew_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let index = SearchIndex::open(&whole, DIMENSIONS).unwrap();
    let passages: Vec<_> = (0..DIMENSIONS).map(|axis| passage(CollectionId::new(), RevisionId::new(), "annual leave", axis)).collect();
    index.add(&passages).unwrap();
    index.commit().unwrap();
    drop(index);
    let mut told = 0;
    for (number, file) in files(&whole).into_iter().enumerate() {
        let copy = folder.path().join(number.to_string());
        copy_all(&whole, &copy);
        let damaged = copy.join(&file);
        if number % 2 == 0 {
            fs::remove_file(&damaged).unwrap();
        } else {
            let length = fs::metadata(&damaged).unwrap().len() / 2;
            fs::File::options().write(true).open(&damaged).unwrap().set_len(length).unwrap();
        }
        let (index, damages) = SearchIndex::open_mended(&copy, DIMENSIONS).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let (by_words, by_meaning) = index.passage_ids().unwrap();
        let lacks = [("words", by_words.len()), ("meaning", by_meaning.len())].map(|(half, found)| (half, found < DIMENSIONS));
        for (half, lacks) in lacks {
            let own = file.starts_with(if half == "words" { "lexical" } else { "dense" });
            assert!(own || !lacks, "{half} lost passages by the loss of {}", file.display());
            assert!(!damages.iter().any(|damage| damage.half == half) || lacks, "{half} was made anew and kept its passages");
        }
        told += damages.len();
        // What is left of it takes what it lacks.
        index.remove_passages(&passages.iter().map(|p| p.id).collect::<Vec<_>>()).unwrap();
        index.add(&passages).unwrap();
        index.commit().unwrap();
        assert_eq!(index.passage_ids().map(|(a, b)| (a.len(), b.len())).unwrap(), (DIMENSIONS, DIMENSIONS), "{}", file.display());
        drop(index);
        fs::remove_dir_all(copy).unwrap();
    }
    assert!(told > 5, "{told} damages were told");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found
}

fn copy_all(from: &Path, to: &Path) {
    for file in files(from) {
        fs::create_dir_all(to.join(&file).parent().unwrap()).unwrap();
        fs::copy(from.join(&file), to.join(&file)).unwrap();
    }
}

#[test]
fn an_index_of_another_model_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    drop(index);
    match SearchIndex::open(folder.path(), DIMENSIONS + 1) {
        Err(Error::Dimensions { found, expected, .. }) => assert_eq!((found, expected), (DIMENSIONS, DIMENSIONS + 1)),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("an index of another model was opened"),
    }
}
