//! Both halves of the index on the disk, with made-up vectors.

use catalog::{CollectionId, Format, PassageId, RevisionId};
use search::{Error, IndexedPassage, SearchIndex};

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

/// As versions left it that told it neither format nor language nor date.
#[test]
fn an_index_of_an_earlier_version_keeps_its_vectors_and_says_that_it_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let one = passage(CollectionId::new(), RevisionId::new(), "rule", 3);
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    assert!(!index.is_outdated());
    index.add(std::slice::from_ref(&one)).unwrap();
    index.commit().unwrap();
    drop(index);
    std::fs::remove_file(folder.path().join("dense/index.json")).unwrap();
    let index = SearchIndex::open(folder.path(), DIMENSIONS).unwrap();
    assert!(index.is_outdated());
    assert_eq!(index.vectors(&[one.id]).unwrap(), [(one.id, one.vector)]);
    index.mark_current().unwrap();
    drop(index);
    assert!(!SearchIndex::open(folder.path(), DIMENSIONS).unwrap().is_outdated());
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
