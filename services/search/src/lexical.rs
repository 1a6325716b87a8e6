//! The half that searches by words: tantivy, BM25 over text and context.

use std::{
    fs,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use catalog::{PassageId, RevisionId, Scope};
use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term,
    collector::TopDocs,
    directory::MmapDirectory,
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery},
    schema::{Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer},
};
use uuid::Uuid;

use crate::{Error, IndexedPassage, Result};

/// Memory that the writer fills before it writes a segment.
const WRITER_MEMORY: usize = 64 << 20;
const ANALYZER: &str = "words";
/// A word of the title or a heading counts this much of a word of the text.
const CONTEXT_WEIGHT: f32 = 0.4;

#[derive(Clone, Copy)]
struct Fields {
    passage: Field,
    revision: Field,
    collection: Field,
    context: Field,
    text: Field,
}

pub(crate) struct Lexical {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// Made at the first write: searching alone needs no writer memory.
    writer: Mutex<Option<IndexWriter>>,
}

impl Lexical {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let failed = |reason: String| Error::Open { path: path.to_owned(), reason };
        fs::create_dir_all(path).map_err(|e| failed(e.to_string()))?;
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(path).map_err(|e| failed(e.to_string()))?;
        let index = Index::open_or_create(directory, schema).map_err(|e| failed(e.to_string()))?;
        index.tokenizers().register(ANALYZER, analyzer());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, fields, writer: Mutex::new(None) })
    }

    pub(crate) fn add(&self, passages: &[IndexedPassage]) -> Result<()> {
        self.with_writer(|writer| {
            for passage in passages {
                let mut document = TantivyDocument::default();
                document.add_text(self.fields.passage, passage.id.to_string());
                document.add_text(self.fields.revision, passage.revision.to_string());
                document.add_text(self.fields.collection, passage.collection.to_string());
                document.add_text(self.fields.context, &passage.context);
                document.add_text(self.fields.text, &passage.text);
                writer.add_document(document)?;
            }
            Ok(())
        })
    }

    pub(crate) fn remove_revisions(&self, revisions: &[RevisionId]) -> Result<()> {
        self.delete(self.fields.revision, revisions.iter().map(ToString::to_string))
    }

    pub(crate) fn remove_passages(&self, passages: &[PassageId]) -> Result<()> {
        self.delete(self.fields.passage, passages.iter().map(ToString::to_string))
    }

    fn delete(&self, field: Field, values: impl Iterator<Item = String>) -> Result<()> {
        self.with_writer(|writer| {
            values.for_each(|value| _ = writer.delete_term(Term::from_field_text(field, &value)));
            Ok(())
        })
    }

    pub(crate) fn commit(&self) -> Result<()> {
        if let Some(writer) = self.writer().as_mut() {
            writer.commit().map_err(|e| Error::Write(e.to_string()))?;
        }
        self.reader.reload().map_err(|e| Error::Write(e.to_string()))
    }

    /// The best passages with their BM25 scores, best first.
    pub(crate) fn search(&self, query: &str, scope: &Scope, limit: usize) -> Result<Vec<(PassageId, f32)>> {
        let Some(query) = self.query(query, scope) else { return Ok(Vec::new()) };
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        let ids = Ids::of(&searcher)?;
        found.into_iter().map(|(score, address)| Ok((ids.at(address)?, score))).collect()
    }

    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    pub(crate) fn ids(&self) -> Result<Vec<PassageId>> {
        let searcher = self.reader.searcher();
        let columns = Ids::of(&searcher)?;
        let mut ids = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            for doc in reader.doc_ids_alive() {
                ids.push(columns.at(DocAddress::new(segment, doc))?);
            }
        }
        Ok(ids)
    }

    /// None where the question holds no word that could be found.
    fn query(&self, question: &str, scope: &Scope) -> Option<BooleanQuery> {
        let mut words = Vec::new();
        analyzer().token_stream(question).process(&mut |token| words.push(token.text.clone()));
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return None;
        }
        let word_in = |field, word: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
        };
        let clauses = words.iter().flat_map(|word| {
            let context = BoostQuery::new(word_in(self.fields.context, word), CONTEXT_WEIGHT);
            [(Occur::Should, word_in(self.fields.text, word)), (Occur::Should, Box::new(context) as Box<dyn Query>)]
        });
        let words: Box<dyn Query> = Box::new(BooleanQuery::new(clauses.collect()));
        let mut all = vec![(Occur::Must, words)];
        if let Scope::Collections(collections) = scope {
            let terms = collections.iter().map(|c| Term::from_field_text(self.fields.collection, &c.to_string()));
            // The filter decides what is found, not how well: it adds nothing to the score.
            let filter = ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0);
            all.push((Occur::Must, Box::new(filter)));
        }
        Some(BooleanQuery::new(all))
    }

    fn with_writer(&self, work: impl FnOnce(&IndexWriter) -> tantivy::Result<()>) -> Result<()> {
        let mut slot = self.writer();
        let writer = match slot.take() {
            Some(writer) => writer,
            None => self.index.writer_with_num_threads(1, WRITER_MEMORY).map_err(|e| Error::Write(e.to_string()))?,
        };
        let done = work(&writer).map_err(|e| Error::Write(e.to_string()));
        *slot = Some(writer);
        done
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads passage ids from the column of each segment, without opening stored documents.
struct Ids(Vec<tantivy::columnar::StrColumn>);

impl Ids {
    fn of(searcher: &Searcher) -> Result<Self> {
        let column = |r: &tantivy::SegmentReader| {
            r.fast_fields().str("passage")?.ok_or_else(|| tantivy::TantivyError::SchemaError("no passage ids".into()))
        };
        Ok(Self(searcher.segment_readers().iter().map(column).collect::<tantivy::Result<_>>()?))
    }

    fn at(&self, address: DocAddress) -> Result<PassageId> {
        let column = &self.0[address.segment_ord as usize];
        let mut text = String::new();
        if let Some(ord) = column.term_ords(address.doc_id).next() {
            column.ord_to_str(ord, &mut text).map_err(|e| Error::Query(e.to_string()))?;
        }
        Uuid::parse_str(&text).map(PassageId::from_uuid).map_err(|e| Error::Query(format!("a damaged passage id: {e}")))
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(ANALYZER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let words = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        passage: builder.add_text_field("passage", STRING.set_fast("raw")),
        revision: builder.add_text_field("revision", STRING),
        collection: builder.add_text_field("collection", STRING),
        context: builder.add_text_field("context", words.clone()),
        text: builder.add_text_field("text", words),
    };
    (builder.build(), fields)
}

fn analyzer() -> TextAnalyzer {
    let words = TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(64)).filter(LowerCaser);
    match StopWordFilter::new(Language::English) {
        Some(stop_words) => words.filter(stop_words).filter(Stemmer::new(Language::English)).filter(AsciiFoldingFilter).build(),
        None => words.filter(Stemmer::new(Language::English)).filter(AsciiFoldingFilter).build(),
    }
}
